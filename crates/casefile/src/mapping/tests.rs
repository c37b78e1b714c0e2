//! Headers as other systems write them, and rows read through them.

use super::*;

fn texts(list: &[&str]) -> Vec<String> {
    list.iter().map(|t| (*t).to_owned()).collect()
}

fn extract() -> Target {
    Target::Extract {
        source: "税".into(),
    }
}

#[test]
fn usual_headers_of_applications_are_recognised() {
    for (header, field) in [
        ("受付日（必須）", "arrived"),
        ("児童氏名", "c1.name"),
        ("児童 フリガナ", "c1.kana"),
        ("児童２生年月日", "c2.birth"),
        ("保護者１_氏名", "g1.name"),
        ("母氏名", "g2.name"),
        ("保護者2月就労時間", "g2.work_hours_per_month"),
        ("第１希望", "c1.choice1"),
        ("希望施設3", "c1.choice3"),
        ("申込区分", "c1.kind"),
        ("ひとり親", "h.single_parent"),
        ("祖父生年月日", "a1.birth"),
        ("備考", ""),
        ("個人番号", ""),
    ] {
        let guess = Mapping::guess(&texts(&[header]), &[], Target::Applications);
        assert_eq!(guess.columns[0].field, field, "{header}");
        let taken = field.is_empty() || Target::Applications.takes(field);
        assert!(taken, "{header} gives a field that an entry has");
    }
}

#[test]
fn usual_headers_of_extracts_are_recognised() {
    for (header, field) in [
        ("受付番号", "key.number"),
        ("対象者氏名", "key.name"),
        ("カナ氏名", "key.kana"),
        ("生年月日", "key.birth"),
        ("市民税所得割額（円）", "household.tax_levy"),
        ("世帯生活保護", "household.welfare"),
        ("年収", "guardian.income"),
        ("児童手帳の等級", "child.certificate_grade"),
        ("在園施設", ""),
    ] {
        let guess = Mapping::guess(&texts(&[header]), &[], extract());
        assert_eq!(guess.columns[0].field, field, "{header}");
    }
}

#[test]
fn yes_and_no_are_learned_from_the_sample() {
    let headers = texts(&["氏名", "生年月日", "生活保護", "年収"]);
    let sample = [texts(&["雲雀 はるか", "5010101", "1", "1"])];
    let guess = Mapping::guess(&headers, &sample, extract());
    let welfare = &guess.columns[2];
    assert_eq!(
        (welfare.translate("1"), welfare.translate(" 0 ")),
        ("はい", "いいえ")
    );
    assert_eq!(
        guess.columns[3].translate("1"),
        "1",
        "a number stays a number"
    );
}

#[test]
fn rows_are_read_wherever_the_columns_are_now() {
    let headers = texts(&["氏名", "生年月日", "生活保護"]);
    let mut mapping = Mapping::guess(&headers, &[texts(&["", "", "有"])], extract());
    mapping.skip_rows = 1;
    let file = [
        (1, texts(&["税の抽出 令和8年11月"])),
        (2, texts(&["生活保護", "摘要", "氏 名"])),
        (5, texts(&["無", "x", "雲雀 はるか"])),
        (6, texts(&["", "x", ""])),
    ];
    let (rows, missing) = mapping.rows(&file);
    assert_eq!(missing, ["生年月日"]);
    assert_eq!(rows.len(), 1, "a row without anything of ours is none");
    assert_eq!(rows[0].row, 5);
    assert_eq!(rows[0].get("household.welfare"), "いいえ");
    assert_eq!(rows[0].headers["household.welfare"], "生活保護");
}

#[test]
fn what_cannot_be_used_is_told_at_once() {
    let columns = [("氏名", "key.name"), ("氏名 ", "guardian.shoe_size")];
    let mapping = Mapping {
        target: extract(),
        columns: columns
            .map(|(header, field)| ColumnRule {
                header: header.into(),
                field: field.into(),
                ..ColumnRule::default()
            })
            .into(),
        ..Mapping::default()
    };
    let keys: Vec<&str> = mapping.problems().iter().map(|p| p.key).collect();
    assert_eq!(
        keys,
        [
            "refusal.mapping_no_name",
            "refusal.mapping_twice",
            "refusal.mapping_no_field",
            "refusal.mapping_no_key"
        ]
    );
    assert!(Mapping::save(mapping).is_err());
}
