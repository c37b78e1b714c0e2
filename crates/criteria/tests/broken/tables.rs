//! Mistakes in tables: bands, groups, rows, changes, references.

use crate::{Case, told};

#[test]
fn bands() {
    let said = told(&[
        Case(
            "区分の重なり",
            "from = 64\nbelow = 112",
            "from = ‹64›\nbelow = 120",
            &["C047"],
        ),
        Case(
            "区分のすき間",
            "from = 64\nbelow = 112",
            "from = 64\nbelow = ‹110›",
            &["C048"],
        ),
        Case(
            "上と下が逆",
            "from = 112\nbelow = 140",
            "from = 140\nbelow = ‹112›",
            &["C046"],
        ),
        Case(
            "知らない区分",
            "band = \"care\"",
            "band = ‹\"cara\"›",
            &["C027"],
        ),
        Case(
            "目盛りに区分がない",
            "band = \"care\"\nfrom = 16\nfrom2 = 112",
            "from = ‹16›",
            &["C043"],
        ),
        Case(
            "区分の行に目盛りがない",
            "band = \"care\"\nfrom = 16\nfrom2 = 112",
            "band = ‹\"care\"›",
            &["C045"],
        ),
        Case(
            "二つ目の量がない",
            "from = 140\npoints",
            "from = 140\nfrom2 = ‹16›\npoints",
            &["C044"],
        ),
        Case(
            "知らない単位",
            "unit = \"days_per_month\"",
            "unit = ‹\"day_per_month\"›",
            &["C041"],
        ),
        Case(
            "目盛りに単位を書いた",
            "from = 140",
            "from = ‹\"140時間\"›",
            &["C011"],
        ),
        Case(
            "小数を数で書いた",
            "points = \"7.5\"",
            "points = ‹7.5›",
            &["C011"],
        ),
    ]);
    insta::assert_snapshot!(said);
}

#[test]
fn rows() {
    let said = told(&[
        Case(
            "点がない行",
            "[[row]]\nid = \"twins-1\"\ntable = \"extra\"\nlabel = \"多胎\"\nwhen = \"child.multiple_birth\"\npoints = 1",
            "‹[[row]]›\nid = \"twins-1\"\ntable = \"extra\"\nlabel = \"多胎\"\nwhen = \"child.multiple_birth\"",
            &["C050"],
        ),
        Case(
            "点と未記入",
            "points = 2",
            "points = 2\nfill = ‹true›",
            &["C051", "C035"],
        ),
        Case(
            "裁量の範囲がない",
            "discretion = \"optional\"\nmin = 1\nmax = 10",
            "discretion = ‹\"optional\"›\nmin = 1",
            &["C052"],
        ),
        Case(
            "裁量の下限と上限が逆",
            "min = 1\nmax = 10",
            "min = 10\nmax = ‹1›",
            &["C054"],
        ),
        Case(
            "裁量でない行の上限",
            "points = 2",
            "points = 2\nmax = ‹5›",
            &["C053"],
        ),
        Case(
            "知らない表",
            "table = \"extra\"\nlabel = \"多胎\"",
            "table = ‹\"extras\"›\nlabel = \"多胎\"",
            &["C026"],
        ),
        Case(
            "知らない組",
            "group = \"support\"\nwhen = \"single\"",
            "group = ‹\"suport\"›\nwhen = \"single\"",
            &["C028"],
        ),
        Case(
            "打ち消す行がない",
            "excludes = [\"twins-1\"]",
            "excludes = ‹[\"twin-1\"]›",
            &["C029"],
        ),
        Case(
            "打ち消す行が別の表",
            "excludes = [\"twins-1\"]",
            "excludes = ‹[\"birth\"]›",
            &["C029"],
        ),
        Case(
            "互いに打ち消す",
            "when = \"child.multiple_birth\"\npoints = 1",
            "when = \"child.multiple_birth\"\npoints = 1\nexcludes = ‹[\"sibling-2\"]›",
            &["C092"],
        ),
        Case(
            "自分を打ち消す",
            "excludes = [\"twins-1\"]",
            "excludes = ‹[\"sibling-2\"]›",
            &["C092"],
        ),
        Case(
            "同じ行のID",
            "id = \"twins-1\"",
            "id = ‹\"birth\"›",
            &["C020"],
        ),
        Case(
            "同じ条件の行",
            "when = \"household.welfare\"",
            "when = ‹\"single\"›",
            &["C087"],
        ),
        Case("0点の行", "points = 1\n\n", "points = ‹0›\n\n", &["C088"]),
        Case(
            "使われない区分",
            "[[row]]\nid = \"birth\"",
            "‹[[band]]›\nid = \"study\"\ntable = \"basis\"\nlabel = \"就学\"\nby = \"guardian.study_hours_per_month\"\nunit = \"hours_per_month\"\n\n[[row]]\nid = \"birth\"",
            &["C085"],
        ),
        Case(
            "リストのはずが文字",
            "excludes = [\"twins-1\"]",
            "excludes = ‹\"twins-1\"›",
            &["C011"],
        ),
        Case(
            "文字のはずがリスト",
            "label = \"多胎\"",
            "label = ‹[\"多胎\"]›",
            &["C011"],
        ),
        Case(
            "はい／いいえのはずが文字",
            "hard = true",
            "hard = ‹\"はい\"›",
            &["C011"],
        ),
    ]);
    insta::assert_snapshot!(said);
}

#[test]
fn values() {
    let said = told(&[
        Case(
            "知らない値の修正",
            "id = \"both-working\"\nvalue = \"index\"",
            "id = \"both-working\"\nvalue = ‹\"indx\"›",
            &["C024"],
        ),
        Case(
            "修正に二つ",
            "at_most = 35",
            "at_most = ‹35›\nadd = 5",
            &["C055"],
        ),
        Case(
            "下限が上限より大きい",
            "at_most = 20",
            "at_most = 20\nat_least = ‹30›",
            &["C056"],
        ),
        Case(
            "互いを使う値",
            "value = \"guardians.sum(g, g.basis) + extra\"",
            "value = \"guardians.sum(g, g.basis) + ‹spread›\"",
            &["C091"],
        ),
        Case(
            "自分を使う値",
            "value = \"guardians.sum(g, g.basis) + extra\"",
            "value = \"‹index› + extra\"",
            &["C090"],
        ),
        Case(
            "表と値が使い合う",
            "discretion = \"optional\"\nmin = 1\nmax = 10\n\n[[value]]\nid = \"index\"\nlabel = \"指数\"\nvalue = \"guardians.sum(g, g.basis) + extra\"",
            "when = \"index > 10\"\npoints = 1\n\n[[value]]\nid = \"index\"\nlabel = \"指数\"\nvalue = \"guardians.sum(g, g.basis) + ‹extra›\"",
            &["C090", "C086"],
        ),
        Case(
            "条件が使い合う",
            "when = \"guardians.all(g, 'employment' in g.reasons)\"",
            "when = \"single && basis_ok\"\n\n[[condition]]\nid = \"basis_ok\"\nlabel = \"x\"\nwhen = \"‹working›\"",
            &["C090"],
        ),
        Case(
            "式で使えないID",
            "id = \"index\"\nlabel = \"指数\"",
            "id = ‹\"base-index\"›\nlabel = \"指数\"",
            &["C021"],
        ),
        Case(
            "決まった言葉のID",
            "id = \"working\"\nlabel",
            "id = ‹\"count\"›\nlabel",
            &["C022"],
        ),
        Case(
            "表と値が同じID",
            "id = \"spread\"\nlabel = \"申込みが早い順の数\"",
            "id = ‹\"extra\"›\nlabel = \"申込みが早い順の数\"",
            &["C020"],
        ),
        Case(
            "使い忘れた条件",
            "[[table]]\nid = \"basis\"",
            "‹[[condition]]›\nid = \"poor\"\nlabel = \"生活保護\"\nwhen = \"household.welfare\"\n\n[[table]]\nid = \"basis\"",
            &["C096"],
        ),
        Case(
            "該当なしの点がない",
            "[[table]]\nid = \"basis\"\nlabel = \"基準指数\"\nover = \"guardian\"\ntake = \"highest\"\notherwise = 0",
            "‹[[table]]›\nid = \"basis\"\nlabel = \"基準指数\"\nover = \"guardian\"\ntake = \"highest\"",
            &["C040"],
        ),
    ]);
    insta::assert_snapshot!(said);
}
