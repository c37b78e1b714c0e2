use super::*;
use crate::expression::parse;

#[test]
fn conditions_read_like_sentences() {
    for (text, expected) in [
        (
            "'employment' in guardian.reasons && guardian.work_hours_per_month >= hours_per_month(140)",
            "保護者の事由に「就労」がある かつ 保護者の月就労時間が月140時間以上",
        ),
        (
            "household.single_parent == 'single' || !household.welfare",
            "世帯のひとり親が「ひとり親」 または 世帯が「生活保護」に当てはまらない",
        ),
        (
            "(a || b) && !(a && b)",
            "（a または b） かつ （a かつ b）に当てはまらない",
        ),
        (
            "guardians.lowest(g, g.A1) + A2 * 2",
            "各保護者のA1の最も低いもの ＋ A2 × 2",
        ),
        (
            "guardians.count(g, g.presence in ['present', 'posted']) == 2",
            "次に当てはまる保護者の数〔状況が「在宅・同居」・「単身赴任」のどれか〕が2",
        ),
        (
            "child.birth_date < date('2026-04-02')",
            "児童の生年月日が2026年4月2日より前",
        ),
        ("0 < choice.rank", "希望順位が0より大きい"),
        (
            "known(household.income) ? clamp(A, 0, 10) : 0",
            "世帯所得が確認できているなら A（0以上10以下に収める）、ほかは 0",
        ),
        ("(a + b) * -c - (d - e)", "（a ＋ b） × （−c） − （d − e）"),
        (
            "!adults.exists(a, a.co_resident && a.age < years(65))",
            "次に当てはまる同居者・祖父母がいない〔「同居」に当てはまる かつ 年齢が65歳未満〕",
        ),
        (
            "declines.exists(d, d.rank == 1) || !declines.exists(d, d.rank > 1)",
            "次に当てはまる過去の辞退がある〔辞退した希望順位が1〕 または 次に当てはまる過去の辞退がない〔辞退した希望順位が1より大きい〕",
        ),
        (
            "!known(facility.min_months) || !choice.visited",
            "施設の受入月齢が確認できていない または 希望する園が「見学済み」に当てはまらない",
        ),
        (
            "child.care_days_per_week >= days_per_week(3) && facility.kind != 'small'",
            "児童の保育の週日数が週3日以上 かつ 施設の種類が「小規模保育」以外",
        ),
    ] {
        let expression = parse(text, 0).unwrap();
        assert_eq!(in_words(&expression), expected, "{text}");
    }
}
