//! Sources beside each other.

use super::*;
use crate::{
    Aggregate as _, Meta,
    fact::Subject,
    household::{Decision, Event, Reading},
    person::{Name, Part, Person},
};
use jiff::{Timestamp, civil::Date, civil::date};

fn meta(second: i64) -> Meta {
    Meta {
        at: Timestamp::from_second(second).expect("a moment"),
        by: "a".into(),
    }
}

fn reading(value: &str, source: Source, from: Option<Date>) -> Reading {
    Reading {
        said: Said {
            subject: Subject::Guardian("g1".into()),
            attribute: "work_hours_per_month".into(),
            value: value.into(),
            from,
            to: None,
            source,
        },
        check: false,
    }
}

fn paper(id: &str) -> Source {
    Source::Paper {
        paper: id.into(),
        place: "標準的な様式!W25".into(),
    }
}

fn case(readings: Vec<Reading>) -> Household {
    let mut h = Household::default();
    h.apply(
        &Event::PersonAdded {
            person: Person {
                id: "g1".into(),
                part: Part::Guardian,
                name: Name::default(),
                birth: None,
                relation: String::new(),
            },
        },
        &meta(0),
    );
    for r in readings {
        for e in h.say(vec![r]).expect("it can be said") {
            h.apply(&e, &meta(1));
        }
    }
    h
}

#[test]
fn sources_stand_to_each_other_as_their_values_do() {
    let form = || Source::Application;
    for (name, list, statements, verdict, proved) in [
        (
            "alone",
            vec![("140", form(), None)],
            1,
            Verdict::Single,
            false,
        ),
        (
            "the same, written otherwise",
            vec![
                ("140", form(), None),
                ("140.0", paper("p"), Some(date(2020, 4, 1))),
            ],
            1,
            Verdict::Same,
            true,
        ),
        (
            "different",
            vec![("140", form(), None), ("120", paper("p"), None)],
            2,
            Verdict::Different,
            true,
        ),
        (
            "the paper alone",
            vec![("120", paper("p"), None)],
            1,
            Verdict::Single,
            true,
        ),
        (
            "the same paper again",
            vec![("120", paper("p"), None), ("120", paper("p"), None)],
            1,
            Verdict::Single,
            true,
        ),
        (
            "two papers",
            vec![("120", paper("p"), None), ("120", paper("q"), None)],
            1,
            Verdict::Same,
            true,
        ),
    ] {
        let list = list.into_iter().map(|(v, s, f)| reading(v, s, f)).collect();
        let h = case(list);
        let groups = agreeing(&h);
        assert_eq!(groups.len(), 1, "{name}");
        assert_eq!(groups[0].statements.len(), statements, "{name}");
        assert_eq!(
            (groups[0].verdict, groups[0].proved),
            (verdict, proved),
            "{name}"
        );
        assert_eq!(unproved(&groups).count(), usize::from(!proved), "{name}");
    }
}

#[test]
fn one_decision_confirms_both_and_history_is_no_contradiction() {
    let mut h = case(vec![
        reading("140", Source::Application, None),
        reading("140", paper("p"), Some(date(2020, 4, 1))),
        reading("160", paper("q"), Some(date(2027, 1, 1))),
    ]);
    let twice = [
        (1, None, None, Decision::Confirm),
        (1, None, None, Decision::Confirm),
    ];
    assert!(h.decide(&twice).is_err());
    assert!(h.decide(&[]).is_err());
    let both = [
        (1, Some(date(2020, 4, 1)), None, Decision::Confirm),
        (2, Some(date(2027, 1, 1)), None, Decision::Confirm),
    ];
    assert_eq!(agreeing(&h)[0].verdict, Verdict::Different);
    for e in h.decide(&both).expect("both can be confirmed") {
        h.apply(&e, &meta(2));
    }
    assert_eq!(agreeing(&h)[0].verdict, Verdict::Same);
    assert_eq!(h.unconfirmed().count(), 0);
    let subject = Subject::Guardian("g1".into());
    let on = |day| {
        let holds = h.holds(&subject, "work_hours_per_month", day, false);
        holds.map(|s| s.said.value.as_str())
    };
    assert_eq!(on(date(2026, 12, 31)), Some("140"));
    assert_eq!(on(date(2027, 1, 1)), Some("160"));
}

#[test]
fn agreement_goes_with_its_paper_and_doubt_stays_until_somebody_looked() {
    let mut doubted = reading("140", paper("p"), None);
    doubted.check = true;
    let mut h = case(vec![reading("140", Source::Application, None), doubted]);
    assert!(agreeing(&h)[0].check());
    h.apply(
        &Event::Removed {
            paper: "p".into(),
            reason: "x".into(),
        },
        &meta(3),
    );
    assert_eq!(agreeing(&h)[0].verdict, Verdict::Single);
    assert!(!agreeing(&h)[0].proved);
    let json = serde_json::to_string(&h).expect("a state is text");
    let back: Household = serde_json::from_str(&json).expect("what was written");
    assert_eq!(back, h);
}
