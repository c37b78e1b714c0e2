//! What holds for the HTML of every component; how it looks and behaves is tested in a browser (`e2e/`).

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::*;
use crate::words::{Lang, Words};

/// The tags of a page as name and attributes, in their order.
fn tags(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(open) = rest.find('<') {
        rest = &rest[open + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let name_end = rest.find([' ', '>']).unwrap();
        let name = rest[..name_end].to_owned();
        rest = &rest[name_end..];
        let mut attributes = Vec::new();
        while !rest.starts_with('>') {
            rest = rest.trim_start();
            let end = rest.find(['=', ' ', '>']).unwrap();
            let attribute = rest[..end].to_owned();
            rest = &rest[end..];
            let mut value = String::new();
            if let Some(after) = rest.strip_prefix("=\"") {
                let close = after.find('"').unwrap();
                value = after[..close].to_owned();
                rest = &after[close + 1..];
            }
            attributes.push((attribute, value));
        }
        found.push((name, attributes));
    }
    found
}

/// Complaints about names that are given twice, or that lead nowhere.
fn complaints(html: &str) -> Vec<String> {
    let tags = tags(html);
    let mut found = Vec::new();
    let mut ids = BTreeSet::new();
    for (tag, attributes) in &tags {
        let mut names = BTreeSet::new();
        for (name, value) in attributes {
            if !names.insert(name) {
                found.push(format!("<{tag}> has {name} twice"));
            }
            if name == "id" && !ids.insert(value.as_str()) {
                found.push(format!("id {value} is there twice"));
            }
            if name == "style" || name.starts_with("on") {
                found.push(format!(
                    "<{tag}> has {name}, which the content policy refuses"
                ));
            }
        }
    }
    for (tag, attributes) in &tags {
        for (name, value) in attributes {
            let targets: Vec<&str> = match name.as_str() {
                "for" | "aria-describedby" | "aria-labelledby" => value.split(' ').collect(),
                "href" => value.strip_prefix('#').into_iter().collect(),
                _ => Vec::new(),
            };
            for target in targets.into_iter().filter(|t| !ids.contains(t)) {
                found.push(format!(
                    "<{tag} {name}> leads to {target}, which is not there"
                ));
            }
        }
    }
    found
}

fn page(words: &Words, flash: Flash, body: Markup) -> String {
    let nav = [("a", Some(3)), ("b", None)].map(|(key, count)| NavItem {
        key,
        label: key.to_uppercase(),
        href: format!("/{key}"),
        count,
    });
    Page {
        words,
        title: "見本".into(),
        place: "b",
        nav: &nav,
        user: Some(UserBox {
            name: "見本 花子".into(),
            municipality: "見本市".into(),
            roles: "審査".into(),
        }),
        flash: Some(flash),
        back: Some(("/".into(), "戻る".into())),
        wide: false,
    }
    .render(body)
    .into_string()
}

/// The kinds of fields by name.
fn fields(form: &Form, name: &str, required: bool) -> Vec<(&'static str, Markup)> {
    let mut f = Field::new(name, "見出し").hint("手がかり");
    f.required = required;
    let options = [("one", "いち"), ("two", "に")];
    vec![
        ("text", text(form, f)),
        ("date", date(form, f)),
        ("date_parts", date_parts(form, f)),
        ("number", number(form, f, "時間")),
        ("area", area(form, f, 3)),
        ("select", select(form, f, &options)),
        ("radios", radios(form, f, &options)),
        ("checks", checks(form, f, &options)),
        ("check", check(form, f)),
        ("password", password(form, f)),
        ("file", file(form, f, ".csv", true)),
    ]
}

#[test]
fn the_scanner_finds_what_is_wrong() {
    let check = |html: &str, expect: &[&str]| assert_eq!(complaints(html), expect, "{html}");
    check(r#"<p class="a" class="b">"#, &["<p> has class twice"]);
    check(r#"<p id="a"></p><p id="a">"#, &["id a is there twice"]);
    check(
        r#"<input id="a" required aria-describedby="a b">"#,
        &["<input aria-describedby> leads to b, which is not there"],
    );
    check(
        r##"<a href="#c">"##,
        &["<a href> leads to c, which is not there"],
    );
    check(
        r#"<a onclick="x()">"#,
        &["<a> has onclick, which the content policy refuses"],
    );
}

#[test]
fn every_field_is_labelled_described_and_marked() {
    for lang in [Lang::Ja, Lang::En] {
        let words = Words::of(lang);
        for (required, wrong) in [(false, false), (true, false), (false, true), (true, true)] {
            let mut form = Form::new().speaking(words);
            if wrong {
                form.problem("a.b", "直してください。");
            }
            for (kind, field) in fields(&form, "a.b", required) {
                let body = html! { (error_summary(words, &form)) (post("/", field)) };
                let html = page(words, Flash::Note("お知らせ".into()), body);
                let what = format!("{kind} {lang:?} required {required} wrong {wrong}");
                assert_eq!(complaints(&html), Vec::<String>::new(), "{what}");
                assert!(
                    html.contains("見出し") && html.contains("手がかり"),
                    "{what}"
                );
                let mark = words.t("form.required");
                assert_eq!(html.contains(&mark), required, "{what}");
                assert_eq!(html.contains("＊直してください。"), wrong, "{what}");
                assert_eq!(html.contains("aria-invalid=\"true\""), wrong, "{what}");
                assert_eq!(html.contains("href=\"#f-a.b\""), wrong, "{what}");
                assert!(html.contains("id=\"f-a.b\""), "{what}");
                assert!(!html.contains("placeholder"), "{what}");
            }
        }
    }
}

#[test]
fn everything_typed_is_shown_again_but_passwords_and_files() {
    let odd = "\"><b>&'";
    let escaped = "&quot;&gt;&lt;b&gt;&amp;'";
    let form = Form::of(vec![
        ("n".into(), odd.into()),
        ("n-year".into(), odd.into()),
    ]);
    for (kind, field) in fields(&form, "n", false) {
        let html = field.into_string();
        assert!(!html.contains("<b>"), "{kind}");
        let shown = ["text", "date", "date_parts", "number", "area"].contains(&kind);
        assert_eq!(html.contains(escaped), shown, "{kind}: {html}");
    }
    let form = Form::of(vec![("n".into(), "two".into())]);
    for (kind, mark) in [
        ("select", "selected"),
        ("radios", "checked"),
        ("checks", "checked"),
    ] {
        let found = fields(&form, "n", false);
        let html = found
            .into_iter()
            .find(|(k, _)| *k == kind)
            .unwrap()
            .1
            .into_string();
        let on: Vec<String> = tags(&html)
            .into_iter()
            .filter(|(_, a)| a.iter().any(|(n, _)| n == mark))
            .filter_map(|(_, a)| a.into_iter().find(|(n, _)| n == "value").map(|(_, v)| v))
            .collect();
        assert_eq!(on, ["two"], "{kind}");
    }
}

#[test]
fn forms_keep_values_and_problems() {
    let pairs = [("a", "1"), ("b", "2"), ("a", "3")];
    let mut form = Form::of(pairs.map(|(n, v)| (n.to_owned(), v.to_owned())).into());
    assert_eq!((form.get("a"), form.get("c")), ("1", ""));
    assert_eq!(form.all("a").collect::<Vec<_>>(), ["1", "3"]);
    form.set("a", "4");
    form.add("a", "5");
    assert_eq!(form.all("a").collect::<Vec<_>>(), ["4", "5"]);
    assert!(!form.has_problems());
    assert_eq!(error_summary(Words::of(Lang::Ja), &form).into_string(), "");
    form.problem_of_form("ぜんたい");
    form.problem("b", "ここ");
    assert!(form.has_problems());
    let texts: Vec<_> = form
        .problems()
        .iter()
        .map(|p| (p.name.as_deref(), p.text.as_str()))
        .collect();
    assert_eq!(texts, [(None, "ぜんたい"), (Some("b"), "ここ")]);
    let summary = error_summary(Words::of(Lang::Ja), &form).into_string();
    assert!(summary.contains("（2件）") && summary.contains("<li>ぜんたい</li>"));
}

#[test]
fn parts_of_a_date_become_one_text() {
    let check = |era: &str, year: &str, month: &str, day: &str, expect: &str| {
        let mut form = Form::new();
        for (part, value) in [("era", era), ("year", year), ("month", month), ("day", day)] {
            form.set(format!("d-{part}"), value);
        }
        assert_eq!(form.date_text("d"), expect);
    };
    check("", "2027", "4", " 1 ", "2027-4-1");
    check("令和", "9", "4", "1", "令和9年4月1日");
    check("", "2027", "", "1", "2027--1");
    check("令和", "", "", "", "");
    check("", "", "", "", "");
}

#[test]
fn pages_have_landmarks_one_heading_and_what_happened() {
    for (flash, role) in [
        (Flash::Done("済".into()), "status"),
        (Flash::Note("知".into()), "status"),
        (Flash::Problem("誤".into()), "alert"),
    ] {
        let html = page(Words::of(Lang::Ja), flash, html! {});
        assert_eq!(complaints(&html), Vec::<String>::new());
        let tags = tags(&html);
        let count = |name: &str| tags.iter().filter(|(n, _)| n == name).count();
        for name in ["header", "nav", "main", "footer", "h1", "title"] {
            assert_eq!(count(name), 1, "{name}");
        }
        let with = |name: &str, value: &str| {
            let wanted = (name.to_owned(), value.to_owned());
            tags.iter().filter(|(_, a)| a.contains(&wanted)).count()
        };
        assert_eq!(with("role", role), 1);
        assert_eq!(with("aria-current", "page"), 1);
        assert_eq!(with("action", SIGN_OUT), 1);
        assert_eq!(with("href", "?lang=en"), 1);
        assert!(html.starts_with("<!DOCTYPE html><html lang=\"ja\">"));
        assert!(html.contains("<title>見本｜園むすび</title>"));
    }
}

#[test]
fn tables_have_caption_scopes_and_order() {
    let columns = [
        Column::new("番号").sorted_by("number"),
        Column::new("点").numeric().sorted_by("points"),
        Column::new("園"),
    ];
    let row = || Row {
        cells: vec![html! { "R9-1" }, html! { "40" }, html! { "ひばり" }],
        href: Some("/a?b&c".into()),
    };
    let check = |sort: Option<&str>, descending: bool, expect: &[&str]| {
        let state = ListState {
            sort: sort.map(str::to_owned),
            descending,
            page: 1,
            per_page: 20,
            total: 1,
            query: Vec::new(),
            path: "/list".into(),
        };
        let words = Words::of(Lang::Ja);
        let html = table(words, "申込", &columns, vec![row()], Some(&state)).into_string();
        assert_eq!(complaints(&html), Vec::<String>::new());
        let tags = tags(&html);
        let of = |name: &str| -> Vec<String> {
            let attributes = tags.iter().flat_map(|(_, a)| a);
            attributes
                .filter(|(n, _)| n == name)
                .map(|(_, v)| v.clone())
                .collect()
        };
        assert_eq!(of("scope"), ["col", "col", "col", "row"]);
        assert_eq!(of("aria-sort"), expect);
        assert_eq!(of("href").len(), 3, "{html}");
        assert!(html.contains("<caption>申込</caption>") && html.contains("/a?b&amp;c"));
    };
    check(None, false, &[]);
    check(Some("points"), false, &["ascending"]);
    check(Some("points"), true, &["descending"]);
    let plain = table(Words::of(Lang::Ja), "申込", &columns, vec![row()], None).into_string();
    assert!(!plain.contains("sort="));
}

#[test]
fn which_rows_are_shown_is_said() {
    let check = |page: u32, total: u64, expect: &str, links: usize| {
        let state = ListState {
            page,
            per_page: 20,
            total,
            path: "/list".into(),
            ..ListState::default()
        };
        let html = pages(Words::of(Lang::Ja), &state).into_string();
        assert!(html.contains(expect), "{html}");
        assert_eq!(html.matches("href=").count(), links, "{html}");
    };
    check(1, 0, "0件", 0);
    check(1, 20, "全20件のうち1～20件目", 0);
    check(2, 41, "全41件のうち21～40件目", 5);
    check(99, 41, "全41件のうち41～41件目", 4);
}

#[test]
fn states_have_a_shape_besides_the_colour() {
    let tones = [Tone::Plain, Tone::Good, Tone::Wait, Tone::Stop, Tone::Info];
    for part in [
        |t| badge("語", t).into_string(),
        |t| notice(t, "語", html! { "文" }).into_string(),
    ] {
        let shapes: BTreeSet<String> = tones
            .iter()
            .map(|t| {
                let html = part(*t);
                assert_eq!(complaints(&html), Vec::<String>::new());
                let (_, after) = html.split_once("aria-hidden=\"true\">").unwrap();
                after.split_once('<').unwrap().0.to_owned()
            })
            .collect();
        assert_eq!(shapes.len(), tones.len());
    }
    assert!(progress(3, 4, "確認").into_string().contains("3 / 4"));
    assert!(progress(0, 0, "確認").into_string().contains("max=\"1\""));
}
