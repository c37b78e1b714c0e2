use super::*;
use crate::{Aggregate as _, Meta, household::Household};
use jiff::civil::date;

fn calendar() -> Calendar {
    Calendar {
        entry: date(2027, 4, 1),
        number: 1,
        base: date(2027, 4, 1),
        opens: date(2026, 10, 1),
        deadline: date(2026, 11, 30),
        correction_deadline: date(2026, 12, 10),
        change_deadline: date(2026, 12, 10),
        answer_deadline: date(2027, 2, 10),
        publication: Timestamp::UNIX_EPOCH,
        receipt: [(Channel::Paper, crate::application::ReceiptRule::Postmark)].into(),
        late_rule: String::new(),
        valid_months: 6,
    }
}

fn fields(list: &[(&str, &str)]) -> BTreeMap<String, Vec<String>> {
    let mut map: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in list {
        map.entry((*name).to_owned())
            .or_default()
            .push((*value).to_owned());
    }
    map
}

const PAPER: &[(&str, &str)] = &[
    ("channel", "paper"),
    ("arrived", "5081202"),
    ("postmark", "R8.11.30"),
    ("address.postcode", "123-4567"),
    ("address.text", "みどり市若葉1-2-3"),
    ("phone", "090-0000-0000"),
    ("g1.name", "水端　\u{845B}\u{E0100}子"),
    ("g1.kana", "みなも かつこ"),
    ("g1.birth", "4050101"),
    ("g1.reasons", "就労"),
    ("g1.reasons", "介護・看護"),
    ("c1.name", "水端　ひばり"),
    ("c1.kana", "ミナモ ヒバリ"),
    ("c1.birth", "令和7年6月1日"),
    ("c1.kind", "new"),
    ("c1.choices", "3 N001、ふもとのつばめ"),
    ("c1.desired_from", "5090401"),
    ("h.extension_acceptable", "いいえ"),
];

fn read_paper(change: &[(&str, &str)]) -> (Option<Entry>, Vec<FieldProblem>) {
    let calendar = calendar();
    let facilities = [
        ("N001", "こはるのすみれ", vec![0, 1, 2]),
        ("N002", "ふもとのつばめ", vec![0, 1, 2, 3, 4, 5]),
        ("N003", "なぎさのめだか", vec![0, 1, 2]),
        ("N013", "わかばのれんげ", vec![3, 4, 5]),
    ]
    .map(|(id, name, ages)| (id.to_owned(), (name.to_owned(), ages)))
    .into();
    let mut map = fields(PAPER);
    for (name, value) in change {
        map.insert((*name).to_owned(), vec![(*value).to_owned()]);
    }
    read(
        &map,
        &Context {
            round: "2027-04-1",
            calendar: &calendar,
            facilities: &facilities,
            today: date(2026, 12, 3),
            now: Timestamp::UNIX_EPOCH,
        },
    )
}

#[test]
fn a_paper_becomes_a_case() {
    let (entry, problems) = read_paper(&[]);
    assert_eq!(problems, []);
    let entry = entry.expect("nothing is wrong");
    assert!(entry.applications[0].on_time, "the postmark counts");
    assert_eq!(entry.choices["c1"], ["N003", "N001", "N002"]);
    let mut case = Household::default();
    let meta = Meta {
        at: Timestamp::UNIX_EPOCH,
        by: "r1".into(),
    };
    for event in entry.events(vec!["R9-000001".into()], None) {
        case.apply(&event, &meta);
    }
    // As received, variation selector and all.
    assert_eq!(case.people[0].name.written, "水端　\u{845B}\u{E0100}子");
    assert_eq!(case.people[0].birth, Some(date(1993, 1, 1)));
    let reasons = case.holds(
        &Subject::Guardian("g1".into()),
        "reasons",
        date(2027, 4, 1),
        true,
    );
    let reasons = reasons.expect("stated");
    assert_eq!(reasons.said.value, "就労、介護・看護");
    assert_eq!(
        reasons.state,
        crate::fact::State::Stated,
        "a paper has to prove it"
    );
    let wish = case.holds(
        &Subject::Child("c1".into()),
        "desired_from",
        date(2027, 4, 1),
        true,
    );
    let wish = wish.expect("stated");
    assert_eq!(wish.said.value, "2027-04-01");
    assert!(
        matches!(wish.state, crate::fact::State::Confirmed { .. }),
        "the form is its proof"
    );
}

#[test]
fn every_slip_is_told_at_its_field() {
    for (field, value, key) in [
        ("g1.birth", "4050132", "entry.no_such_day"),
        ("g1.birth", "昭和70年1月1日", "entry.era"),
        ("c1.birth", "平成25年6月1日", "entry.child_age"),
        ("c1.birth", "", "entry.missing"),
        ("c1.birth", "R10.6.1", "entry.child_age"),
        ("c1.kana", "水端", "entry.kana"),
        ("c1.choices", "99", "entry.facility_unknown"),
        ("c1.choices", "3 003", "entry.chosen_twice"),
        ("c1.choices", "", "entry.missing"),
        ("c1.choices", "13", "entry.no_class"),
        ("c1.kind", "none", "entry.nobody_applies"),
        ("address.postcode", "123-456", "entry.postcode"),
        ("phone", "90-000-0000", "entry.phone"),
        ("email", "a@b", "entry.email"),
        ("arrived", "2026-12-04", "entry.arrived_future"),
        ("postmark", "2026-12-03", "entry.postmark_after_arrival"),
        ("g1.reasons", "就老", "entry.not_in_list_near"),
        ("g1.birth", "5050101", "entry.guardian_age"),
        ("g1.name", "水端1子", "entry.name_digits"),
        (
            "address.building",
            "1234-5678-9018",
            "entry.individual_number",
        ),
        ("g1.work_hours", "140", "entry.unknown_field"),
        ("g1.work_hours_per_month", "百四十", "entry.number"),
    ] {
        let (_, problems) = read_paper(&[(field, value)]);
        let found = problems
            .iter()
            .any(|p| p.key == key && (p.field == field || key == "entry.nobody_applies"));
        assert!(found, "{field} = {value:?}: {problems:?}");
    }
}

#[test]
fn all_problems_are_told_at_once_and_nothing_is_stored() {
    let (entry, problems) = read_paper(&[("g1.name", ""), ("c1.birth", "x"), ("phone", "1")]);
    assert_eq!(entry, None);
    assert_eq!(problems.len(), 3, "{problems:?}");
}

#[test]
fn what_is_asked_for_elsewhere_is_stated_all_the_same() {
    for (fields, subject, attribute, value) in [
        (
            &[("c1.birth", "2027-02-10"), ("c1.unborn", "はい")][..],
            "c1",
            "unborn",
            "はい",
        ),
        (
            &[("a1.name", "水端　つばめ"), ("a1.relation", "父方祖母")],
            "a1",
            "relation",
            "父方祖母",
        ),
        // A blank box would say "no".
        (&[("h.welfare", "不明")], "h", "welfare", "不明"),
    ] {
        let (entry, problems) = read_paper(fields);
        assert_eq!(problems, [], "{attribute}");
        let entry = entry.expect("nothing is wrong");
        let said = entry
            .facts
            .iter()
            .find(|(s, _)| s.subject.to_string() == subject && s.attribute == attribute);
        let said = said.unwrap_or_else(|| panic!("{attribute} is not stated"));
        assert_eq!(said.0.value, value);
    }
    // A relation that criteria do not know stays with the person, and is no mistake.
    let (entry, problems) = read_paper(&[("a1.name", "水端　つばめ"), ("a1.relation", "大叔母")]);
    assert_eq!(problems, []);
    let entry = entry.expect("nothing is wrong");
    assert!(entry.people.iter().any(|p| p.relation == "大叔母"));
    assert!(!entry.facts.iter().any(|(s, _)| s.attribute == "relation"));
}
