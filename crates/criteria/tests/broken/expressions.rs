//! Mistakes in expressions.

use crate::{Case, told};

const SINGLE: &str = "when = \"household.single_parent == 'single'\"";
const WELFARE: &str = "when = \"household.welfare\"";
const BIRTH: &str = "when = \"'birth' in guardian.reasons\"";
const INDEX: &str = "value = \"guardians.sum(g, g.basis) + extra\"";
const INCOME: &str = "value = \"household.income\"";

#[test]
fn syntax() {
    let said = told(&[
        Case(
            "かっこが閉じていない",
            WELFARE,
            "when = \"‹(›household.welfare\"",
            &["C105"],
        ),
        Case(
            "閉じるかっこが余分",
            WELFARE,
            "when = \"household.welfare‹)›\"",
            &["C105"],
        ),
        Case(
            "比較を続けて書いた",
            WELFARE,
            "when = \"0 <= child.age_class ‹<› 3\"",
            &["C110"],
        ),
        Case(
            "= が一つ",
            SINGLE,
            "when = \"household.single_parent ‹=› 'single'\"",
            &["C106"],
        ),
        Case(
            "全角の記号",
            SINGLE,
            "when = \"household.single_parent ‹＝＝› 'single'\"",
            &["C101"],
        ),
        Case(
            "and と書いた",
            WELFARE,
            "when = \"household.welfare ‹and› household.arrears\"",
            &["C107"],
        ),
        Case(
            "または を日本語で書いた",
            WELFARE,
            "when = \"household.welfare ‹または› household.arrears\"",
            &["C107"],
        ),
        Case(
            "文字列が閉じていない",
            SINGLE,
            "when = \"household.single_parent == ‹'single›\"",
            &["C102"],
        ),
        Case(
            "数に単位を続けた",
            INDEX,
            "value = \"guardians.sum(g, g.basis) + ‹10点›\"",
            &["C103"],
        ),
        Case(
            "式が途中で終わる",
            WELFARE,
            "when = \"household.welfare &&‹›\"",
            &["C104"],
        ),
        Case(
            "? : の後半がない",
            INDEX,
            "value = \"single ? 5‹›\"",
            &["C104"],
        ),
        Case("日本語の名前", WELFARE, "when = \"‹生活保護›\"", &["C101"]),
        Case(
            "かぎかっこで囲んだ",
            SINGLE,
            "when = \"household.single_parent == ‹「›single」\"",
            &["C107"],
        ),
        Case("空の式", WELFARE, "when = ‹\" \"›", &["C011"]),
        Case(
            "null と比べた",
            WELFARE,
            "when = \"household.welfare == ‹null›\"",
            &["C107"],
        ),
    ]);
    insta::assert_snapshot!(said);
}

#[test]
fn names_and_types() {
    let said = told(&[
        Case(
            "属性の書き誤り",
            SINGLE,
            "when = \"household.‹singel_parent› == 'single'\"",
            &["C121"],
        ),
        Case(
            "別の対象の属性",
            WELFARE,
            "when = \"household.‹multiple_birth›\"",
            &["C121"],
        ),
        Case(
            "選択肢の書き誤り",
            SINGLE,
            "when = \"household.single_parent == ‹'singel'›\"",
            &["C123"],
        ),
        Case(
            "選択肢を日本語で書いた",
            SINGLE,
            "when = \"household.single_parent == ‹'ひとり親'›\"",
            &["C123"],
        ),
        Case(
            "関数の書き誤り",
            WELFARE,
            "when = \"‹month_between›(child.birth_date, round.base_date) > months(6)\"",
            &["C122"],
        ),
        Case(
            "Excelの関数",
            INDEX,
            "value = \"‹IF›(single, 5, 0)\"",
            &["C107"],
        ),
        Case(
            "Excelの合計",
            INDEX,
            "value = \"‹SUM›(extra, 5)\"",
            &["C122"],
        ),
        Case(
            "並びの関数の書き誤り",
            INDEX,
            "value = \"guardians.‹summ›(g, g.basis) + extra\"",
            &["C122"],
        ),
        Case(
            "名前の書き誤り",
            INDEX,
            "value = \"guardians.sum(g, g.basis) + ‹extr›\"",
            &["C120"],
        ),
        Case(
            "対象を書き忘れた",
            WELFARE,
            "when = \"‹welfare›\"",
            &["C120"],
        ),
        Case(
            "保護者が決まらない",
            WELFARE,
            "when = \"'birth' in ‹guardian›.reasons\"",
            &["C124"],
        ),
        Case(
            "一人ごとの表をそのまま使った",
            INDEX,
            "value = \"‹basis› + extra\"",
            &["C141"],
        ),
        Case(
            "保護者の表でない",
            INDEX,
            "value = \"guardians.sum(g, g.‹extra›)\"",
            &["C141"],
        ),
        Case(
            "単位がない",
            BIRTH,
            "when = \"guardian.work_hours_per_month >= ‹140›\"",
            &["C125"],
        ),
        Case(
            "週と月を比べた",
            BIRTH,
            "when = \"guardian.work_hours_per_month >= ‹hours_per_week(35)›\"",
            &["C126"],
        ),
        Case(
            "時間と日数を足した",
            INDEX,
            "value = \"guardians.sum(g, number(g.work_hours_per_month + ‹g.work_days_per_month›))\"",
            &["C126"],
        ),
        Case(
            "日付を文字で書いた",
            WELFARE,
            "when = \"child.birth_date >= ‹'2027-04-01'›\"",
            &["C127"],
        ),
        Case(
            "日付でない",
            WELFARE,
            "when = \"child.birth_date >= date(‹'令和9年4月1日'›)\"",
            &["C133"],
        ),
        Case(
            "事由を = で比べた",
            BIRTH,
            "when = \"guardian.reasons == ‹'birth'›\"",
            &["C127"],
        ),
        Case(
            "選択肢に大小",
            SINGLE,
            "when = \"‹household.single_parent >= 'single'›\"",
            &["C128"],
        ),
        Case(
            "条件に数",
            WELFARE,
            "when = \"‹child.age_class›\"",
            &["C129"],
        ),
        Case(
            "点に条件",
            INDEX,
            "value = \"extra + ‹household.welfare›\"",
            &["C130"],
        ),
        Case(
            "点に単位",
            INDEX,
            "value = \"‹extra› + household.income\"",
            &["C125"],
        ),
        Case(
            "数を文字で書いた",
            INDEX,
            "value = \"extra + ‹'5'›\"",
            &["C130"],
        ),
        Case(
            "渡す値の数",
            INDEX,
            "value = \"‹clamp›(extra, 0)\"",
            &["C131"],
        ),
        Case(
            "一人ずつの名前がない",
            INDEX,
            "value = \"guardians.‹sum›(basis)\"",
            &["C131"],
        ),
        Case(
            "空の並び",
            SINGLE,
            "when = \"household.single_parent in ‹[]›\"",
            &["C134"],
        ),
        Case(
            "並びの使い所",
            SINGLE,
            "when = \"household.single_parent == ‹['single', 'quasi']›\"",
            &["C139"],
        ),
        Case(
            "並びを人に使った",
            WELFARE,
            "when = \"'birth' in ‹guardians›\"",
            &["C139"],
        ),
        Case(
            "対象だけ書いた",
            WELFARE,
            "when = \"‹household›\"",
            &["C140"],
        ),
        Case(
            "並びでないもの",
            INDEX,
            "value = \"‹guardian›.sum(g, g.basis)\"",
            &["C143"],
        ),
        Case(
            "変数の名前がふさがっている",
            INDEX,
            "value = \"guardians.sum(‹child›, child.basis)\"",
            &["C132"],
        ),
        Case(
            "順位に文字",
            INCOME,
            "value = \"‹household.area›\"",
            &["C142"],
        ),
        Case(
            "区分の単位の違い",
            "by = \"guardian.work_hours_per_month\"\nunit = \"hours_per_month\"",
            "by = \"‹guardian.work_hours_per_month›\"\nunit = \"hours_per_week\"",
            &["C137"],
        ),
    ]);
    insta::assert_snapshot!(said);
}
