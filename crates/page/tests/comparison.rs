//! Pages of comparisons: what stands on them, and what must never stand on those that are published.

mod made;

use enmusubi_compare::{cause::Kind, public::published, report::Comparison};
use enmusubi_page::{
    comparison::{past, what_if, what_if_public},
    council,
};
use enmusubi_selection::{text_summary::grouped, whatif::public::public};
use made::{Dice, USUAL, Wanted, comparison};

/// Every element is closed in its turn, attributes are quoted, and nothing comes from elsewhere.
fn is_one_sound_file(page: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = page.split_once("<!DOCTYPE html>").map_or("", |p| p.1);
    assert!(!rest.is_empty(), "no doctype");
    while let Some((text, after)) = rest.split_once('<') {
        if open.last() != Some(&"style") {
            assert!(!text.contains('>'), "stray > in {text}");
        }
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "after {text}");
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap_or(tag);
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if !tag.ends_with('/') && !["meta", "br"].contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "left open: {open:?}");
    for absent in ["<script", "http:", "https:", "@import", "url("] {
        assert!(!page.contains(absent), "{absent}");
    }
    let ids: Vec<&str> = page
        .split(" id=\"")
        .skip(1)
        .filter_map(|p| p.split('"').next())
        .collect();
    for id in &ids {
        assert_eq!(ids.iter().filter(|i| i == &id).count(), 1, "{id} twice");
    }
    let charts = page.matches("<svg").count();
    assert_eq!(charts, page.matches("role=\"img\" aria-label").count());
    assert!(page.matches("<table").count() >= charts);
    assert!(!page.contains("NaN") && !page.contains("inf"), "a number");
}

/// No child, no household, nothing told of a single family, no digest by which decisions could be guessed.
fn names_nobody(page: &str, c: &Comparison) {
    let ids = |id: &str, what: &str| assert!(!page.contains(id), "{what} {id}");
    for d in &c.differences {
        ids(&d.child, "child");
        ids(&d.household, "household");
    }
    for cause in &c.causes {
        for child in cause.children.iter().chain(&cause.heals) {
            ids(child, "child");
        }
        if cause.words != cause.public_words {
            ids(&cause.words, "words");
        }
    }
    if let Some(practice) = &c.practice {
        for row in &practice.comparison.changed {
            ids(&row.child, "child");
            ids(&row.household, "household");
        }
    }
    for remark in &c.remarks {
        for example in &remark.examples {
            ids(example, "example");
        }
    }
    // In fours on the page.
    for digest in [&c.decisions_digest, &c.input_digest] {
        let head = format!("{} {}", &digest[..4], &digest[4..8]);
        ids(&head, "digest");
        ids(&digest[..8], "digest");
    }
}

#[test]
fn everything_compared_stands_on_the_staffs_page() {
    let c = comparison(USUAL);
    let page = past(&c);
    is_one_sound_file(&page);
    for d in &c.differences {
        assert!(page.contains(&format!("<th scope=\"row\">{}</th>", d.child)));
        assert!(page.contains(&format!("<td>{}</td>", d.household)));
    }
    for cause in &c.causes {
        for text in [&cause.words, &cause.mend] {
            let text = text.replace('>', "&gt;");
            assert!(page.contains(&text), "{text}");
        }
        for other in &cause.alternatives {
            assert!(page.contains(&other.words.replace('>', "&gt;")));
        }
        for child in cause.heals.iter().chain(&cause.children) {
            assert!(page.contains(child.as_str()), "{child}");
        }
        for link in cause.chains.iter().flatten() {
            assert!(page.contains(&format!("<b>{}</b>", link.child)));
        }
    }
    for step in &c.path {
        let agree = grouped(step.agreement.agree);
        assert!(page.contains(&format!(
            "<td>{agree}</td><td>{}%</td>",
            step.agreement.percent()
        )));
    }
    for depth in ["申込みの事実 → 指数", "指数 → 順番", "順番 → 決定"] {
        assert_eq!(
            page.matches(&format!("<th scope=\"row\">{depth}</th>"))
                .count(),
            1
        );
    }
    let practice = &c.practice.as_ref().unwrap().comparison;
    for group in &practice.groups {
        let t = &group.tally;
        let row = format!("<td>{}</td>", grouped(t.children));
        assert!(page.contains(&row), "{group:?}");
        for n in [t.gained(), t.lost()].into_iter().filter(|n| *n > 0) {
            assert!(page.contains(&format!("<td>{}（", grouped(n))), "{group:?}");
        }
    }
    for row in &practice.classes {
        let cut_off = |s: &Option<enmusubi_selection::whatif::report::ClassSide>| {
            s.as_ref().unwrap().cut_off.as_ref().unwrap()[0].clone()
        };
        let (a, b) = (cut_off(&row.before), cut_off(&row.after));
        let shown = if a == b {
            format!("指数 {a}")
        } else {
            format!("指数 {a} → {b}")
        };
        assert!(page.contains(&format!("<td>{shown}</td>")), "{row:?}");
    }
    for digest in [&c.input_digest, &c.decisions_digest, &c.criteria_digest] {
        let fours: Vec<String> = digest
            .as_bytes()
            .chunks(4)
            .map(|d| String::from_utf8_lossy(d).into_owned())
            .collect();
        // Where it is signed, and at the foot.
        assert_eq!(page.matches(&fours.join(" ")).count(), 2);
    }
    for remark in &c.remarks {
        assert!(page.contains(&remark.examples[0]));
    }
    // Chains give facilities by their ids; people read their names.
    let mut c = c;
    c.causes[0].chains[0][0].theirs = Some("N04".into());
    let named = c
        .differences
        .iter()
        .any(|d| d.ours.as_ref().is_some_and(|p| p.facility == "N04"));
    assert!(named && past(&c).contains("職員：おひさまこども園<"));
}

#[test]
fn a_signature_says_what_is_left() {
    let sign = |c: &Comparison| {
        let page = past(c);
        let at = page.find("<h2 id=\"sign\">").unwrap();
        page[at..].to_owned()
    };
    let mut c = comparison(USUAL);
    // Two indexes nothing explains.
    assert!(sign(&c).contains("2件の指数に説明のつかない違いが残っている"));
    c.index = None;
    assert!(sign(&c).contains("説明のつかない違いが残っていないこと"));
    let left = comparison(Wanted { left: 7, ..USUAL });
    let block = sign(&left);
    assert!(block.contains("7人の決定、2件の指数に説明のつかない違いが残っている"));
    assert!(block.contains("1,502人のうち1,273人（84.7%）"));
    assert!(past(&left).contains("7人の違いが残ります"));
    let none = comparison(Wanted {
        heals: &[],
        all_depths: false,
        ..USUAL
    });
    let page = past(&none);
    is_one_sound_file(&page);
    assert!(page.contains("1,502人すべてで") && !page.contains("id=\"causes\""));
    assert!(!page.contains("申込みの事実 → 指数") && !page.contains("指数 → 順番"));
}

#[test]
fn rounds_of_tables_and_empty_rounds_have_pages() {
    let mut c = comparison(Wanted {
        children: 0,
        heals: &[],
        all_depths: false,
        ..USUAL
    });
    (c.title, c.criteria, c.criteria_digest) = Default::default();
    (c.entry_date, c.number, c.exhausted) = (String::new(), 0, true);
    c.ties = "decided".into();
    c.path.clear();
    let page = past(&c);
    is_one_sound_file(&page);
    for text in [
        "比べられる児童がいません",
        "点数の表",
        "同順位は職員の決定のとおり",
        "上限に達した",
    ] {
        assert!(page.contains(text), "{text}");
    }
    let page = council::html(&published(&c));
    is_one_sound_file(&page);
    let mut none = made::what_if(USUAL);
    none.variants.truncate(1);
    if let enmusubi_selection::whatif::report::Outcome::Compared(c) = &mut none.variants[0].outcome
    {
        c.changed.clear();
        c.groups.clear();
        c.classes.clear();
        c.all = Default::default();
    }
    is_one_sound_file(&what_if(&none));
}

#[test]
fn names_are_text_and_never_markup() {
    let mut c = comparison(USUAL);
    let bad = "<b>\"園\"</b>&'";
    let good = "&lt;b&gt;&quot;園&quot;&lt;/b&gt;&amp;&#39;";
    c.title = bad.into();
    c.causes[0].words = bad.into();
    c.causes[0].public_words = bad.into();
    c.causes[0].chains[0][0].theirs = Some(bad.into());
    c.differences[0].child = bad.into();
    c.remarks[0].examples[0] = bad.into();
    for page in [past(&c), council::html(&published(&c))] {
        is_one_sound_file(&page);
        assert!(page.contains(good));
    }
}

#[test]
fn the_council_sees_how_far_and_why() {
    let c = comparison(USUAL);
    let page = council::html(&published(&c));
    is_one_sound_file(&page);
    names_nobody(&page, &c);
    assert!(page.contains("<i>85.2%</i><span>→</span><b>100%</b>"));
    for cause in &c.causes[..5] {
        assert!(page.contains(&cause.public_words), "{}", cause.public_words);
    }
    // A single family's causes: their kind, and no number below the minimum.
    let families = &page[page.find("個別の申込みについての原因</h3>").unwrap()..];
    assert!(families.contains("<th scope=\"row\">申込みの事実の写し違い</th><td>＊</td>"));
    assert!(page.contains("これまでの決定を変えるものではありません"));
}

/// A number of a few children is on no page, and neither is any by which it could be had.
#[test]
fn few_differences_are_withheld() {
    let c = comparison(Wanted {
        heals: &[(Kind::Fact, 2)],
        all_depths: false,
        ..USUAL
    });
    let page = council::html(&published(&c));
    is_one_sound_file(&page);
    names_nobody(&page, &c);
    for absent in ["1,500", "99.8%", ">2人<", ">1件<"] {
        assert!(!page.contains(absent), "{absent}");
    }
    assert!(page.contains("<i>＊</i><span>→</span><b>100%</b>"));
    // The numbers of the rules say nothing of how many causes of families came between.
    let c = comparison(Wanted {
        heals: &[(Kind::RowPoints, 20), (Kind::Fact, 1), (Kind::KeyOrder, 20)],
        ..USUAL
    });
    let page = council::html(&published(&c));
    assert!(page.contains(">2 比べる順<") && !page.contains(">3 比べる順<"));
}

/// Who gains and loses by the rules alone, beside all who differ: the difference is those of single families.
#[test]
fn a_few_families_do_not_follow_from_who_gains_and_loses() {
    let section = |left: u32| {
        let mut c = comparison(Wanted { left, ..USUAL });
        c.practice = comparison(USUAL).practice;
        council::html(&published(&c)).contains("id=\"practice\"")
    };
    assert_eq!([0, 1, 2, 3].map(section), [true, false, false, true]);
}

/// Whatever the comparison: nobody is on the council's page nor on that of a what-if.
#[test]
fn published_pages_name_nobody() {
    const KINDS: [Kind; 14] = [
        Kind::Fact,
        Kind::RowPoints,
        Kind::RowMissing,
        Kind::Seats,
        Kind::Tie,
        Kind::KeyOrder,
        Kind::Wish,
        Kind::Aggregation,
        Kind::Coupling,
        Kind::Transfers,
        Kind::Refill,
        Kind::ChoiceRank,
        Kind::Contradiction,
        Kind::Mechanism,
    ];
    let mut dice = Dice::new(42);
    for seed in 0..25 {
        let heals: Vec<(Kind, u32)> = (0..dice.below(9))
            .map(|_| {
                let kind = KINDS[dice.below(13) as usize];
                (kind, 1 + dice.below(3) * dice.below(6))
            })
            .collect();
        let wanted = Wanted {
            seed,
            children: 150 + dice.below(100),
            heals: heals.leak(),
            left: dice.below(4),
            minimum: 2 + dice.below(6),
            all_depths: dice.below(3) > 0,
        };
        let c = comparison(wanted);
        let page = council::html(&published(&c));
        is_one_sound_file(&page);
        names_nobody(&page, &c);
        is_one_sound_file(&past(&c));
        let w = made::what_if(wanted);
        let page = what_if_public(&public(&w));
        is_one_sound_file(&page);
        names_nobody(&page, &c);
    }
}

#[test]
fn every_variant_has_a_section_and_a_line_of_the_overview() {
    let w = made::what_if(USUAL);
    let page = what_if(&w);
    is_one_sound_file(&page);
    for (id, name) in [
        ("v1", "案1　1歳児を1人ずつ増やす"),
        ("v2", "案2　枠をなくす"),
        ("v3", "案3　1歳児を&lt;b&gt;もう&lt;/b&gt;1人ずつ増やす"),
    ] {
        assert!(page.contains(&format!("<h2 id=\"{id}\">{name}</h2>")));
        assert!(page.contains(&format!("<th scope=\"row\">{name}</th>")));
    }
    assert!(page.contains("比べられません：この変更では選考できません。"));
    assert!(page.contains("基準に、枠「area」はありません"));
    let enmusubi_selection::whatif::report::Outcome::Compared(c) = &w.variants[0].outcome else {
        panic!("compared");
    };
    for row in &c.changed {
        assert!(page.contains(&format!("<th scope=\"row\">{}</th>", row.child)));
    }
    for n in [c.all.gained(), c.all.lost(), c.all.unchanged] {
        assert!(page.contains(&format!("<b>{}<small>人</small></b>", grouped(n))));
    }
}
