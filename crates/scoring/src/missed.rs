//! What is missing, in words: the fact, whose, and the paper or act that would settle it.

use crate::messages;
use enmusubi_criteria::{Criteria, judgement::Missing};
use enmusubi_domain::facts::{
    Entity, RoundFacts,
    vocabulary::VOCABULARY,
    words::{Tongue, label},
};
use enmusubi_domain::template::Section;
use serde::Serialize;

/// One thing that is missing, in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Missed {
    /// Whose: kind of subject in Japanese (保護者, 児童 …); empty for the criteria themselves.
    pub subject: Box<str>,
    /// Id of the subject; empty where there is none.
    pub id: Box<str>,
    /// What: label of the fact, of the criteria row, or of the table.
    pub what: Box<str>,
    /// The paper, or the act, that would settle it.
    pub paper: Box<str>,
    /// Row of the subject's table as a spreadsheet shows it; 0 where there is none.
    pub row: u32,
    /// What would settle it.
    pub kind: MissedKind,
    /// `guardian.work_hours_per_month`; the item's id for other kinds than facts.
    pub path: Box<str>,
}

/// What would settle something missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum MissedKind {
    /// A paper of the family or a record of the office.
    Fact,
    /// A judgement by staff.
    Judgement,
    /// The official document: the criteria file is to be filled.
    ToBeFilled,
    /// A table has nobody to compare, or no row that applies.
    Nothing,
}

impl Missed {
    /// In words, with the paper.
    #[must_use]
    pub fn text(&self, tongue: Tongue) -> String {
        let thing = self.thing(tongue);
        section(tongue).get("missed", &[("thing", &thing), ("paper", &self.paper)])
    }

    /// In words, without the paper.
    #[must_use]
    pub fn thing(&self, tongue: Tongue) -> String {
        let section = section(tongue);
        let row = self.row.to_string();
        let english = (tongue == Tongue::English && self.kind == MissedKind::Fact)
            .then(|| self.path.split_once('.'))
            .flatten()
            .map(|(kind, name)| (kind.to_owned(), name.replace('_', " ")));
        let (subject, what) = match &english {
            Some((kind, name)) => (&**kind, &**name),
            None => (&*self.subject, &*self.what),
        };
        let values = [
            ("what", what),
            ("subject", subject),
            ("id", &*self.id),
            ("row", &*row),
        ];
        match (self.subject.is_empty(), self.row) {
            (true, _) => section.get("thing", &values[..1]),
            (false, 0) => section.get("thing-of", &values[..3]),
            (false, _) => section.get("thing-of-row", &values),
        }
    }

    /// What a missing thing is called.
    #[must_use]
    pub fn of(facts: &RoundFacts, criteria: &Criteria, missing: &Missing) -> Self {
        let of = |entity: Entity, subject: u32, what: &str, paper: &str| {
            let table = facts.table(entity);
            let id = match (entity, facts.choices.parents.get(subject as usize)) {
                // A choice is known by its child and facility.
                (Entity::Choice, Some(&child)) => format!(
                    "{}／{}",
                    facts.children.ids[child as usize],
                    facts.facilities.ids[facts.choice_facility[subject as usize] as usize]
                )
                .into(),
                _ => table.ids.get(subject as usize).cloned().unwrap_or_default(),
            };
            Self {
                subject: entity.label().into(),
                id,
                what: what.into(),
                paper: paper.into(),
                row: table.rows.get(subject as usize).copied().unwrap_or(0),
                kind: MissedKind::Fact,
                path: "".into(),
            }
        };
        let words = section(Tongue::Japanese);
        // A table gives nothing where no row applies; anything else where a list is empty.
        let of_table = |id: &str| criteria.tables.iter().any(|t| *t.id == *id);
        let nothing = match missing {
            Missing::Nothing(item) if of_table(item) => "paper-no-row",
            _ => "paper-nothing",
        };
        match missing {
            Missing::Fact(entity, subject, attribute) => {
                let a = &VOCABULARY[*attribute as usize];
                Self {
                    path: a.path().into(),
                    ..of(*entity, *subject, &label(a, Tongue::Japanese), a.paper)
                }
            }
            Missing::Judgement(entity, subject, item) => {
                let what = label_of(criteria, item);
                Self {
                    kind: MissedKind::Judgement,
                    path: item.clone(),
                    ..of(*entity, *subject, &what, &words.get("paper-judgement", &[]))
                }
            }
            Missing::ToBeFilled(item) => Self {
                subject: "".into(),
                id: "".into(),
                what: label_of(criteria, item).into(),
                paper: words.get("paper-to-be-filled", &[]).into(),
                row: 0,
                kind: MissedKind::ToBeFilled,
                path: item.clone(),
            },
            Missing::Nothing(item) => Self {
                subject: "".into(),
                id: "".into(),
                what: label_of(criteria, item).into(),
                paper: words.get(nothing, &[]).into(),
                row: 0,
                kind: MissedKind::Nothing,
                path: item.clone(),
            },
        }
    }
}

/// The label of a row, key, value, change or table, with its id.
fn label_of(criteria: &Criteria, id: &str) -> String {
    let rows = criteria.tables.iter().flat_map(|t| &t.rows);
    let label = rows
        .map(|r| (&r.id, &r.label))
        .chain(criteria.keys.iter().map(|k| (&k.id, &k.label)))
        .chain(criteria.values.iter().map(|v| (&v.id, &v.label)))
        .chain(
            criteria
                .values
                .iter()
                .flat_map(|v| v.changes.iter().map(|c| (&c.id, &c.label))),
        )
        .chain(criteria.tables.iter().map(|t| (&t.id, &t.label)))
        .find(|(i, _)| ***i == *id);
    match label {
        Some((_, label)) => format!("{label}（{id}）"),
        None => id.to_owned(),
    }
}

fn section(tongue: Tongue) -> Section {
    messages::section(match tongue {
        Tongue::Japanese => "missed_ja",
        Tongue::English => "missed_en",
    })
}
