//! Mistakes in the form of the file and in what it says about itself.

use crate::{BASE, Case, told};
use enmusubi_criteria::{Language, read, text_of};

#[test]
fn form() {
    let said = told(&[
        Case("知らない区画", "[[monotone]]", "[[‹monoton›]]", &["C004"]),
        Case("知らない項目", "points = 2", "‹point› = 2", &["C006"]),
        Case(
            "必要な項目がない",
            "[[row]]\nid = \"twins-1\"\ntable = \"extra\"\nlabel = \"多胎\"",
            "‹[[row]]›\nid = \"twins-1\"\ntable = \"extra\"",
            &["C007"],
        ),
        Case("かっこの数", "[[monotone]]", "[‹monotone›]", &["C005"]),
        Case("かっこの数が多い", "[ties]", "[[‹ties›]]", &["C005"]),
        Case(
            "文字の囲みがない",
            "name = \"藤沢市\"",
            "name = ‹藤沢市›",
            &["C003"],
        ),
        Case(
            "囲みが閉じていない",
            "name = \"藤沢市\"",
            "name = \"藤沢市‹›",
            &["C003"],
        ),
        Case(
            "同じ項目が二度",
            "points = 2",
            "points = 2\n‹points› = 3",
            &["C003"],
        ),
        Case("= がない", "points = 2", "points ‹2›", &["C003"]),
        Case("全角の =", "points = 2", "points ‹＝› 2", &["C003"]),
        Case(
            "見出しのかっこが閉じていない",
            "[conversion]",
            "[conversion‹›",
            &["C003"],
        ),
        Case(
            "行の終わりに余分",
            "points = 2",
            "points = ‹2点›",
            &["C003"],
        ),
        Case(
            "コメント",
            "points = 2",
            "points = 2 ‹# 令和8年から›",
            &["C010"],
        ),
        Case(
            "IDに使えない文字",
            "id = \"twins-1\"",
            "id = ‹\"多胎\"›",
            &["C011"],
        ),
        Case(
            "値の書き誤り",
            "over = \"guardian\"",
            "over = ‹\"guardians\"›",
            &["C011"],
        ),
    ]);
    insta::assert_snapshot!(said);
}

#[test]
fn head() {
    let said = told(&[
        Case(
            "検査数字の違い",
            "municipality = \"142051\"",
            "municipality = ‹\"142052\"›",
            &["C032"],
        ),
        Case(
            "コードの桁",
            "municipality = \"142051\"",
            "municipality = ‹\"14205\"›",
            &["C032"],
        ),
        Case(
            "コードがない",
            "kind = \"municipality\"\nmunicipality = \"142051\"",
            "kind = ‹\"municipality\"›",
            &["C031"],
        ),
        Case(
            "見本にコード",
            "kind = \"municipality\"\nmunicipality = \"142051\"",
            "kind = \"example\"\nmunicipality = ‹\"142051\"›",
            &["C030"],
        ),
        Case(
            "和暦の年度",
            "fiscal_year = 2027",
            "fiscal_year = ‹9›",
            &["C023"],
        ),
        Case(
            "年度を文字で書いた",
            "fiscal_year = 2027",
            "fiscal_year = ‹\"令和9年度\"›",
            &["C011"],
        ),
        Case(
            "出典がない",
            "kind = \"municipality\"\nmunicipality = \"142051\"\nname = \"藤沢市\"\nfiscal_year = 2027\ntitle = \"誤りの試験の土台\"\n\n[[document]]\nid = \"guide\"\ntitle = \"利用案内\"\ngrade = \"official\"",
            "kind = ‹\"municipality\"›\nmunicipality = \"142051\"\nname = \"藤沢市\"\nfiscal_year = 2027\ntitle = \"誤りの試験の土台\"",
            &["C033"],
        ),
        Case(
            "知らない出典",
            "points = 2",
            "points = 2\ndocument = ‹\"guid\"›",
            &["C025"],
        ),
        Case(
            "どの出典か分からない",
            "[[row]]\nid = \"work-140\"",
            "[[document]]\nid = \"other\"\ntitle = \"要綱\"\ngrade = \"official\"\n\n‹[[row]]›\nid = \"work-140\"",
            &["C034"; 11],
        ),
        Case(
            "確度の書き誤り",
            "grade = \"official\"",
            "grade = ‹\"oficial\"›",
            &["C011"],
        ),
        Case(
            "不明な点",
            "[criteria]\nkind = \"municipality\"\nmunicipality = \"142051\"\nname = \"藤沢市\"\nfiscal_year = 2027\ntitle = \"誤りの試験の土台\"\n",
            "‹[criteria]›\nkind = \"municipality\"\nmunicipality = \"142051\"\nname = \"藤沢市\"\nfiscal_year = 2027\ntitle = \"誤りの試験の土台\"\n\n[[gap]]\nid = \"late\"\nlabel = \"遅れた申込みの扱い\"\n",
            &["C035"],
        ),
    ]);
    insta::assert_snapshot!(said);
}

/// Files of other programs.
#[test]
fn bytes() {
    // With a byte order mark the file is the same.
    let (criteria, _, all) = read("", format!("\u{FEFF}{BASE}").as_bytes());
    assert!(criteria.is_some() && all.list.is_empty());
    let windows = BASE.replace('\n', "\r\n");
    let (criteria, _, all) = read("", windows.as_bytes());
    assert!(criteria.is_some() && all.list.is_empty());
    let mut out = String::new();
    let cp932: &[u8] = b"[criteria]\nname = \"\x93\xa1\x91\xf2\x8e\x73\"\n";
    let huge = vec![b'#'; (4 << 20) + 1];
    for bytes in [cp932, b"PK\x03\x04\x14\x00", b"", &huge] {
        let (criteria, _, all) = read("基準.toml", bytes);
        assert!(criteria.is_none() && all.has_errors());
        out.push_str(&all.render("基準.toml", &text_of(bytes), Language::Japanese));
    }
    insta::assert_snapshot!(out);
}
