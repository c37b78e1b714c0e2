//! The sheet to sign: what a section head must find on it.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use enmusubi_criteria::{Criteria, read};
use enmusubi_page::sheet::{Sheet, html};
use enmusubi_scoring::{edges::edges, examples::run};

const DIGEST: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn criteria(file: &str, mend: impl Fn(String) -> String) -> Criteria {
    let path = format!("{}/../../criteria/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = mend(std::fs::read_to_string(path).unwrap());
    let (criteria, _, all) = read(file, text.as_bytes());
    criteria.unwrap_or_else(|| panic!("{all:?}"))
}

fn sheet(criteria: &Criteria) -> String {
    html(&Sheet {
        criteria,
        digest: DIGEST,
        examples: &run(criteria),
        edges: &edges(criteria),
    })
}

#[test]
fn municipality_file_examples_edges_and_signatures_are_on_it() {
    let criteria = criteria("131202-nerima/r8.toml", |t| t);
    let page = sheet(&criteria);
    for expected in [
        "練馬区",
        "131202",
        "0011 2233 4455 6677 8899 aabb ccdd eeff 0011",
        "印刷した日",
        "確認者",
        "承認者",
        "一致しないものはありません",
        "この基準には未記入の箇所があります",
    ] {
        assert!(page.contains(expected), "{expected}");
    }
    for example in &criteria.examples {
        assert!(page.contains(&*example.label), "{}", example.id);
    }
    // The grid of days and hours: 8 hours on 20 days.
    assert!(page.contains("<th scope=\"row\">20</th>"));
    assert!(!page.contains("<td>×"), "nothing fails");
    // One file for a printer without a network.
    assert!(!page.contains("http") && !page.contains("<script"));
}

#[test]
fn what_does_not_agree_is_marked_and_not_to_be_signed() {
    let criteria = criteria("131202-nerima/r8.toml", |t| {
        t.replacen("base = 80, total = 80", "base = 80, total = 81", 1)
    });
    let page = sheet(&criteria);
    assert!(page.contains("すべて一致するまで署名しないでください"));
    assert!(page.contains("<td>81</td><td>80</td><td>×</td>"));
}

#[test]
fn labels_are_text_and_never_markup() {
    let criteria = criteria("structure/iwakura.toml", |t| {
        t.replace("ひとり親は一人の平均", "<b>\\\"ひとり親\\\"</b>&")
    });
    let page = sheet(&criteria);
    assert!(page.contains("&lt;b&gt;&quot;ひとり親&quot;&lt;/b&gt;&amp;"));
    assert!(page.contains("実際の基準ではない"));
}

#[test]
fn strata_passes_and_yes_or_no_stand_in_words() {
    let page = sheet(&criteria("111007-saitama/r8.toml", |t| t));
    assert!(page.contains("<td>優先区分</td><td>市外の特別な支援が必要な児童</td><td>市外の特別な支援が必要な児童</td>"));
    let page = sheet(&criteria("142051-fujisawa/r9.toml", |t| t));
    // Written as a number there.
    assert!(page.contains(
        "<td>優先区分</td><td>入園から6か月以内の転園（転居ときょうだい別園を除く）</td>"
    ));
    let page = sheet(&criteria("473502-haebaru/r8.toml", |t| t));
    assert!(page.contains("<td>選考の段階</td><td>地域型保育の卒園児</td>"));
    assert!(page.contains("<td>町内在住</td><td>いいえ</td><td>いいえ</td>"));
}
