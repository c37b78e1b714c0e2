//! Mistakes in what decides the order, in siblings' answers, claims and examples.

use crate::{Case, told};

#[test]
fn keys() {
    let said = told(&[
        Case(
            "同じときの扱いの項目がない",
            "[ties]\nleft = \"stop\"",
            "‹[ties]›",
            &["C007"],
        ),
        Case(
            "同じときの扱いの書き誤り",
            "left = \"stop\"",
            "left = ‹\"lotery\"›",
            &["C011"],
        ),
        Case(
            "並びの書き誤り",
            "order = \"lower\"",
            "order = ‹\"low\"›",
            &["C011"],
        ),
        Case(
            "比べる値がない",
            "[[key]]\nid = \"income\"\nlabel = \"所得の低い順\"\nvalue = \"household.income\"\n",
            "‹[[key]]›\nid = \"income\"\nlabel = \"所得の低い順\"\n",
            &["C064"],
        ),
        Case(
            "値と未記入",
            "value = \"household.income\"",
            "value = \"household.income\"\nfill = ‹true›",
            &["C061", "C035"],
        ),
        Case(
            "同時入所に並び",
            "together = true",
            "together = true\norder = ‹\"lower\"›",
            &["C065"],
        ),
        Case(
            "見せ方の形",
            "value = \"household.income\"",
            "value = \"household.income\"\nshow = ‹[\"9:A\"]›",
            &["C066"],
        ),
        Case(
            "見せ方が二つ",
            "value = \"household.income\"",
            "value = \"household.income\"\nshow = ‹[\"9=A\", \"9=B\"]›",
            &["C067"],
        ),
        Case(
            "残りすべてが先にある",
            "[[stratum]]\nid = \"protected\"\nlabel = \"社会的養護\"\nwhen = \"household.social_care\"",
            "‹[[stratum]]›\nid = \"protected\"\nlabel = \"社会的養護\"",
            &["C062"],
        ),
        Case(
            "先行選考に施設の事実",
            "when = \"child.graduating\"",
            "when = \"‹facility.kind == 'small'›\"",
            &["C138"],
        ),
        Case(
            "枠に対象がない",
            "[[pool]]\nid = \"local\"\nlabel = \"地域枠\"\ntarget = \"choice.in_home_area\"\n",
            "‹[[pool]]›\nid = \"local\"\nlabel = \"地域枠\"\n",
            &["C007"],
        ),
        Case(
            "希望順位が入っている",
            "value = \"household.income\"",
            "value = \"‹choice.rank›\"",
            &["C095"],
        ),
        Case(
            "二度比べる順位",
            "value = \"household.income\"\norder = \"lower\"",
            "value = \"‹index›\"",
            &["C097"],
        ),
        Case(
            "秘匿の人数",
            "[conversion]",
            "[selection]\ndisclosure_minimum = ‹-1›\n\n[conversion]",
            &["C068"],
        ),
        Case(
            "週数が0",
            "weeks_per_month = 4",
            "weeks_per_month = ‹0›",
            &["C069"],
        ),
    ]);
    insta::assert_snapshot!(said);
}

#[test]
fn siblings() {
    let said = told(&[
        Case(
            "既定に足りない",
            "[siblings]\ntiming = \"together\"\nplace = \"same-only\"",
            "‹[siblings]›\ntiming = \"together\"",
            &["C070"],
        ),
        Case(
            "既定がない",
            "[siblings]\ntiming = \"together\"\nplace = \"same-only\"",
            "‹[siblings]›",
            &["C071"],
        ),
        Case(
            "連動する順位がない",
            "coupling = \"highest\"\ncoupled = [\"index\"]",
            "coupling = ‹\"highest\"›",
            &["C072"],
        ),
        Case(
            "知らない順位の連動",
            "coupled = [\"index\"]",
            "coupled = ‹[\"idnex\"]›",
            &["C073"],
        ),
        Case(
            "結果による順位の連動",
            "coupled = [\"index\"]",
            "coupled = ‹[\"together\"]›",
            &["C074"],
        ),
        Case(
            "回答の意味がない",
            "[[answer]]\nquestion = \"code\"\nanswer = \"ア\"\ntiming = \"together\"\nplace = \"same-only\"",
            "‹[[answer]]›\nquestion = \"code\"\nanswer = \"ア\"\ntiming = \"together\"",
            &["C078"],
        ),
        Case(
            "回答が二度",
            "answer = \"イ\"",
            "answer = ‹\"ア\"›",
            &["C076"],
        ),
        Case(
            "符号と問いの混在",
            "question = \"code\"\nanswer = \"イ\"\ntiming = \"need-not\"\nplace = \"prefer-same\"\nfirst = \"older\"",
            "question = ‹\"timing\"›\nanswer = \"イ\"\ntiming = \"need-not\"",
            &["C075"],
        ),
        Case(
            "問いと意味の食い違い",
            "question = \"code\"\nanswer = \"イ\"\ntiming = \"need-not\"\nplace = \"prefer-same\"\nfirst = \"older\"",
            "question = \"timing\"\nanswer = \"イ\"\ntiming = \"need-not\"\nplace = ‹\"prefer-same\"›",
            &["C079", "C075"],
        ),
        Case(
            "職員が判断する回答に意味",
            "first = \"older\"",
            "first = \"older\"\nstaff = ‹true›",
            &["C077"],
        ),
    ]);
    insta::assert_snapshot!(said);
}

#[test]
fn claims_and_examples() {
    let said = told(&[
        Case(
            "約束の属性の書き誤り",
            "fact = \"household.welfare\"",
            "fact = ‹\"household.welfair\"›",
            &["C082"],
        ),
        Case(
            "約束の対象がない",
            "fact = \"household.welfare\"",
            "fact = ‹\"welfare\"›",
            &["C082"],
        ),
        Case(
            "多い少ないのない約束",
            "fact = \"household.welfare\"",
            "fact = ‹\"household.area\"›",
            &["C083"],
        ),
        Case(
            "例の知らない事実",
            "child = { application = \"new\", age_class = 1 }",
            "child = { application = \"new\", ‹age› = 1 }",
            &["C089"],
        ),
        Case(
            "例の値の種類",
            "child = { application = \"new\", age_class = 1 }",
            "child = { application = \"new\", age_class = ‹true› }",
            &["C093"],
        ),
        Case(
            "例の選択肢",
            "child = { application = \"new\", age_class = 1 }",
            "child = { application = ‹\"nw\"›, age_class = 1 }",
            &["C093"],
        ),
        Case(
            "例の形",
            "child = { application = \"new\", age_class = 1 }",
            "child = ‹[1]›",
            &["C081"],
        ),
        Case(
            "例の知らない裁量",
            "discretion = { judged = 3 }",
            "discretion = { ‹judge› = 3 }",
            &["C086"],
        ),
        Case(
            "例の知らない順位",
            "index = 22, outcome",
            "‹indx› = 22, outcome",
            &["C086"],
        ),
        Case(
            "例の知らない結果",
            "outcome = \"eligible\"",
            "‹outcome› = \"ok\"",
            &["C086"],
        ),
        Case(
            "例に保護者ごとでない表の並び",
            "index = 22, outcome",
            "‹extra› = [1, 2], outcome",
            &["C086"],
        ),
        Case(
            "例が何も期待しない",
            "[[example]]\nid = \"in-order\"\nlabel = \"指数の高い世帯が先\"\norder = [{ name = \"甲\", keys = [22, 5] }, { name = \"乙\", keys = [21, 9] }]",
            "‹[[example]]›\nid = \"in-order\"\nlabel = \"指数の高い世帯が先\"",
            &["C080"],
        ),
        Case(
            "並べる例が一つ",
            "order = [{ name = \"甲\", keys = [22, 5] }, { name = \"乙\", keys = [21, 9] }]",
            "order = ‹[{ name = \"甲\", keys = [22, 5] }]›",
            &["C081"],
        ),
        Case(
            "並べる例の値が多い",
            "{ name = \"乙\", keys = [21, 9] }",
            "‹{ name = \"乙\", keys = [21, 9, 1, 2, 3, 4] }›",
            &["C084"],
        ),
        Case(
            "例の保護者より多い期待",
            "basis = [10, 9]",
            "‹basis› = [10, 9, 8]",
            &["C086"],
        ),
    ]);
    insta::assert_snapshot!(said);
}
