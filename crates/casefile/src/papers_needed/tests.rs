//! Papers by reason, and papers that are too old.

use super::*;
use crate::{
    Aggregate as _, Meta,
    fact::{Said, Source},
    household::Event,
    person::{Name, Person},
};
use jiff::{Timestamp, civil::date};
use std::collections::BTreeMap;

fn person(id: &str, part: Part) -> Event {
    Event::PersonAdded {
        person: Person {
            id: id.into(),
            part,
            name: Name::default(),
            birth: None,
            relation: String::new(),
        },
    }
}

fn case(facts: &[(&str, &str, &str)]) -> Household {
    let meta = Meta {
        at: Timestamp::UNIX_EPOCH,
        by: "a".into(),
    };
    let mut h = Household::default();
    for event in [
        person("g1", Part::Guardian),
        person("g2", Part::Guardian),
        person("c1", Part::Child),
    ] {
        h.apply(&event, &meta);
    }
    for (id, (subject, attribute, value)) in (1..).zip(facts) {
        let said = Said {
            subject: Subject::try_from((*subject).to_owned()).expect("a subject"),
            attribute: (*attribute).into(),
            value: (*value).into(),
            from: None,
            to: None,
            source: Source::Application,
        };
        h.apply(
            &Event::Stated {
                id,
                said,
                confirmed: false,
            },
            &meta,
        );
    }
    h
}

fn calendar() -> Calendar {
    Calendar {
        entry: date(2027, 4, 1),
        number: 1,
        base: date(2027, 4, 1),
        opens: date(2026, 10, 1),
        deadline: date(2026, 11, 30),
        correction_deadline: date(2026, 12, 18),
        change_deadline: date(2026, 12, 18),
        answer_deadline: date(2027, 2, 10),
        publication: Timestamp::UNIX_EPOCH,
        receipt: BTreeMap::new(),
        late_rule: String::new(),
        valid_months: 6,
    }
}

#[test]
fn every_reason_asks_for_its_paper() {
    for (facts, want) in [
        (vec![("g1", "reasons", "就労")], vec!["g1 employment"]),
        (
            vec![("g1", "reasons", "就労、疾病"), ("g2", "reasons", "就学")],
            vec!["g1 employment", "g1 medical", "g2 study"],
        ),
        (
            vec![("g2", "presence", "不存在"), ("g2", "reasons", "就労")],
            vec![],
        ),
        (vec![("h", "single_parent", "ひとり親")], vec!["h family"]),
        (vec![("h", "single_parent", "該当なし")], vec![]),
        (
            vec![
                ("c1", "special_need", "医療的ケア"),
                ("c1", "care_paid", "はい"),
            ],
            vec!["c1 medical", "c1 attendance"],
        ),
        (vec![("g1", "reasons", "その他")], vec![]),
    ] {
        let found = needed(&case(&facts), date(2027, 4, 1));
        let found: Vec<String> = found
            .iter()
            .map(|n| format!("{} {}", n.subject, n.paper.name()))
            .collect();
        assert_eq!(found, want, "{facts:?}");
    }
}

#[test]
fn reasons_of_the_table_are_those_of_the_vocabulary() {
    use enmusubi_domain::facts::vocabulary::REASON;
    for (reason, _) in OF_REASON {
        assert!(REASON.of_label(reason).is_some(), "{reason}");
    }
}

#[test]
fn a_paper_counts_until_the_day_it_says() {
    let calendar = calendar();
    for (valid_until, lacks) in [
        (None, false),
        (Some(date(2026, 11, 30)), false),
        (Some(date(2026, 11, 29)), true),
    ] {
        let mut h = case(&[("g1", "reasons", "就労")]);
        h.papers.push(Paper {
            id: "p".into(),
            kind: PaperKind::Employment,
            subject: Subject::Guardian("g1".into()),
            name: String::new(),
            content: String::new(),
            digest: String::new(),
            size: 0,
            pages: 1,
            issued: None,
            valid_until,
            media: String::new(),
            shown: None,
            thumbnail: None,
            read: valid_until.is_some(),
            notes: Vec::new(),
            removed: None,
            by: String::new(),
            at: Timestamp::UNIX_EPOCH,
        });
        let missing = missing_papers(&h, &calendar);
        assert_eq!(!missing.is_empty(), lacks, "{valid_until:?}");
        if lacks {
            assert!(matches!(missing[0].1, Lack::Expired { .. }));
        }
        h.papers[0].subject = Subject::Guardian("g2".into());
        let missing = missing_papers(&h, &calendar);
        assert_eq!(
            missing.len(),
            1,
            "a paper of the other guardian proves nothing"
        );
        assert_eq!(missing[0].1, Lack::None);
    }
}
