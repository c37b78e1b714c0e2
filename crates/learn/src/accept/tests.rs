use super::*;
use enmusubi_compare::{
    cause::{Cause, KeyOrder},
    practice::practised,
};
use enmusubi_criteria::{diff, model::Coupling};
use enmusubi_domain::facts::Exact;
use enmusubi_selection::compiled::{KeyComponent, KeyKind};

const EXAMPLE: &[u8] = include_bytes!("../../../../criteria/example/r9.toml");

fn known() -> Document {
    read("r9.toml", EXAMPLE).1
}

/// A row with other points, a row more, another order of keys, and how siblings' points come together.
fn causes() -> [Cause; 4] {
    [
        Cause::RowPoints {
            row: "return".into(),
            theirs: Exact::whole(9),
        },
        Cause::RowMissing {
            table: "adjust".into(),
            when: "household.welfare".into(),
            points: Exact::whole(3),
        },
        Cause::KeyOrder(KeyOrder::Move { from: 5, before: 2 }),
        Cause::Coupling(Coupling::Highest),
    ]
}

/// The draft, and its rules as the list has them, all accepted.
fn learned() -> (Document, Vec<Signed>) {
    let kinds = [
        KeyKind::Stratum,
        KeyKind::Points,
        KeyKind::Higher,
        KeyKind::Higher,
        KeyKind::Higher,
        KeyKind::Lower,
        KeyKind::Lottery,
    ];
    let component = |kind| KeyComponent {
        label: String::new(),
        kind,
    };
    let components = kinds.map(component);
    let criteria = read("r9.toml", EXAMPLE).0.unwrap();
    let told = vec![String::new(); 4];
    let lang = Lang::Japanese;
    let made = practised(&known(), &criteria, &components, &causes(), &told, lang).unwrap();
    let signed = (1..).zip(made.places).map(|(number, places)| Signed {
        row: number + 5,
        number,
        words: format!("規則の文{number}"),
        places,
        accepted: true,
        by: "山田課長".to_owned(),
        on: "令和8年11月27日".to_owned(),
    });
    (made.document, signed.collect())
}

fn note(document: &Document, section: &str, id: Option<&str>) -> String {
    let rows = document.rows(section).iter();
    let mut rows = rows.filter(|r| r.text("id") == id);
    let row = rows.next().and_then(|r| r.text("note"));
    row.unwrap_or_default().to_owned()
}

fn document(accepted: &Accepted) -> Document {
    read("a.toml", accepted.text.as_bytes()).1
}

#[test]
fn what_is_accepted_is_as_in_the_draft_and_says_by_whom() {
    let (draft, signed) = learned();
    assert_eq!(problems(&known(), &draft, &signed), []);
    let made = accept(&known(), &draft, &signed, "a.toml", Lang::Japanese).unwrap();
    assert_eq!((made.accepted, made.rules), (4, 4));
    let all = document(&made);
    for change in diff(&draft, &all) {
        let noted = ["criteria", "row"].contains(&change.section);
        assert!(noted, "{change:?}");
    }
    let said = "令和8年11月27日 山田課長が認めた（過去の決定から学んだ規則1）";
    assert!(note(&all, "row", Some("return")).ends_with(said));
    let head = note(&all, "criteria", None);
    assert!(
        head.starts_with(&note(&known(), "criteria", None)),
        "{head}"
    );
    for part in ["規則3）: 規則の文3", "規則4）: 規則の文4", "4件のうち4件"] {
        assert!(head.contains(part), "{head}");
    }
    assert!(!head.contains("規則の文1"), "{head}");
    let title = |d: &Document| d.rows("criteria")[0].text("title").map(str::to_owned);
    assert_eq!(title(&all), title(&known()));
}

#[test]
fn what_is_not_accepted_is_as_it_was() {
    let (draft, mut signed) = learned();
    for rule in &mut signed {
        rule.accepted = false;
    }
    signed[3].by = "佐藤係長".to_owned();
    let made = accept(&known(), &draft, &signed, "a.toml", Lang::Japanese).unwrap();
    let places: Vec<String> = diff(&known(), &document(&made))
        .iter()
        .map(Change::place)
        .collect();
    assert_eq!(places, ["criteria"]);
    let head = note(&document(&made), "criteria", None);
    assert!(
        head.ends_with(
            "4件のうち0件を認めた（確かめた人: 山田課長 令和8年11月27日、佐藤係長 令和8年11月27日）"
        ),
        "{head}"
    );
}

#[test]
fn each_rule_alone() {
    let (draft, signed) = learned();
    for one in 0..signed.len() {
        let mut signed = signed.clone();
        for (at, rule) in signed.iter_mut().enumerate() {
            rule.accepted = at == one;
        }
        let made = accept(&known(), &draft, &signed, "a.toml", Lang::English).unwrap();
        assert_eq!((made.accepted, made.rules), (1, 4));
        let changes = diff(&known(), &document(&made));
        let mut places: Vec<String> = changes.iter().map(Change::place).collect();
        places.retain(|p| p != "criteria");
        assert_eq!(places, signed[one].places);
    }
}

#[test]
fn a_row_may_be_accepted_before_its_points_are_known() {
    let (mut draft, signed) = learned();
    let row = enmusubi_criteria::edit::record(&mut draft, "row", "return").unwrap();
    enmusubi_criteria::edit::take(row, &["points"]);
    put(row, "row", "fill", Scalar::Bool(true));
    let made = accept(&known(), &draft, &signed, "a.toml", Lang::Japanese).unwrap();
    assert_eq!(made.waiting, 1);
}

#[test]
fn list_and_draft_of_different_runs_are_told() {
    let (draft, mut signed) = learned();
    signed[0].places = vec!["row:other".to_owned()];
    let found = problems(&known(), &draft, &signed);
    let expected = [
        Problem::NotInDraft {
            row: 6,
            number: 1,
            places: vec!["row:other".to_owned()],
        },
        Problem::NoOwner {
            places: vec!["row:return".to_owned()],
        },
    ];
    assert_eq!(found, expected);
    for lang in [Lang::Japanese, Lang::English] {
        for problem in &found {
            let [what, mend] = problem.words(("learn.xlsx", "draft.toml"), lang);
            assert!(what.contains("row:") && !mend.is_empty(), "{what}");
        }
    }
}

#[test]
fn what_somebody_wrote_into_the_draft_is_of_no_rule() {
    let (mut draft, signed) = learned();
    let head = single(&mut draft, "criteria").unwrap();
    put(head, "criteria", "title", Scalar::Text("別の題名".into()));
    assert_eq!(problems(&known(), &draft, &signed), []);
    let row = enmusubi_criteria::edit::record(&mut draft, "row", "unlicensed").unwrap();
    put(row, "row", "label", Scalar::Text("別の名".into()));
    put(
        single(&mut draft, "criteria").unwrap(),
        "criteria",
        "fiscal_year",
        Scalar::Integer(2030),
    );
    let places = ["criteria", "row:unlicensed"].map(str::to_owned).to_vec();
    let expected = [Problem::NoOwner { places }];
    assert_eq!(problems(&known(), &draft, &signed), expected);
}

#[test]
fn rules_of_one_place_are_accepted_together() {
    let (draft, mut signed) = learned();
    signed[3].places.push("row:return".to_owned());
    assert_eq!(problems(&known(), &draft, &signed), []);
    signed[0].accepted = false;
    let found = problems(&known(), &draft, &signed);
    let expected = [Problem::Disagree {
        place: "row:return".to_owned(),
        accepted: (9, 4),
        rejected: (6, 1),
    }];
    assert_eq!(found, expected);
    let [what, _] = found[0].words(("learn.xlsx", "draft.toml"), Lang::Japanese);
    assert!(what.contains("9行目と6行目"), "{what}");
}

#[test]
fn a_row_without_its_table_is_no_criteria() {
    let (mut draft, mut signed) = learned();
    let mut table = Record::default();
    for (name, value) in [("id", "learned"), ("label", "学んだ表"), ("take", "sum")] {
        put(&mut table, "table", name, Scalar::Text(value.into()));
    }
    rows(&mut draft, "table").unwrap().push(table);
    let [at] = &signed[1].places[..] else {
        panic!()
    };
    let id = at.strip_prefix("row:").unwrap();
    let row = enmusubi_criteria::edit::record(&mut draft, "row", id).unwrap();
    put(row, "row", "table", Scalar::Text("learned".into()));
    let order = Signed {
        row: 5,
        number: 0,
        accepted: false,
        places: vec!["table:learned".to_owned()],
        ..signed[0].clone()
    };
    signed.insert(0, order);
    assert_eq!(problems(&known(), &draft, &signed), []);
    let refused = accept(&known(), &draft, &signed, "a.toml", Lang::Japanese).unwrap_err();
    assert!(refused.diagnostics.has_errors());
    signed[0].accepted = true;
    let made = accept(&known(), &draft, &signed, "a.toml", Lang::Japanese).unwrap();
    assert_eq!((made.accepted, made.rules), (4, 4));
    let said = note(&document(&made), "table", Some("learned"));
    assert!(said.ends_with("（決定だけから学んだ順番）"), "{said}");
}
