//! Who keeps a round from being decided, and the paper that would settle each: as a list grouped by
//! paper, and as a table to work through.

use crate::commands::lang;
use crate::language::{Words, grouped};
use enmusubi_domain::facts::{Entity, RoundFacts};
use enmusubi_interchange::csv_bytes;
use enmusubi_selection::report::UndecidedPair;
use enmusubi_selection::staged::StageError;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const HEADERS: [&str; 9] = [
    "書類または判断",
    "足りないもの",
    "だれの",
    "番号",
    "表の行",
    "申請者番号",
    "世帯番号",
    "施設ID",
    "案内",
];

/// One thing that is missing, for one child or household.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Item {
    /// What would settle it.
    paper: String,
    what: String,
    subject: String,
    id: String,
    row: u32,
    /// The child it keeps undecided; empty where it is the household.
    child: String,
    household: String,
    /// Its choices concerned; empty where it is all of them.
    facilities: String,
    /// What to do.
    mend: String,
}

/// Subject, its id, its row, what is missing → whom it keeps undecided.
type Gaps<'a> = BTreeMap<(&'a str, &'a str, u32, &'a str), BTreeSet<&'a str>>;

/// Everything missing.
#[derive(Debug)]
pub struct Undecided {
    items: Vec<Item>,
}

impl Undecided {
    /// From what staging found.
    pub fn of(words: &Words, facts: &RoundFacts, errors: &[StageError]) -> Self {
        let household_of: BTreeMap<&str, &str> = (0..facts.children.len() as u32)
            .map(|c| {
                let household = facts.household_of(c) as usize;
                (
                    &*facts.children.ids[c as usize],
                    &*facts.households.ids[household],
                )
            })
            .collect();
        let numbered = [Entity::Guardian.label(), Entity::Adult.label()];
        let mut items = Vec::new();
        for error in errors {
            let mend = error.mend(lang(words));
            match error {
                StageError::Undecided {
                    child,
                    facilities,
                    missing,
                } => {
                    let household = household_of.get(&**child).copied().unwrap_or_default();
                    items.extend(missing.iter().map(|m| Item {
                        paper: m.paper.to_string(),
                        what: m.what.to_string(),
                        subject: m.subject.to_string(),
                        // Guardians and adults are numbered within their household.
                        id: match numbered.contains(&&*m.subject) {
                            true => format!("{household}-{}", m.id),
                            false => m.id.to_string(),
                        },
                        row: m.row,
                        child: child.to_string(),
                        household: household.to_owned(),
                        facilities: facilities.join(" "),
                        mend: mend.clone(),
                    }));
                }
                StageError::StaffAnswer { household, row, .. } => {
                    items.push(wish(words, error, household, *row));
                }
                StageError::NoAnswer { household } => items.push(wish(words, error, household, 0)),
                // Others are mistakes in files, and end the run otherwise.
                _ => {}
            }
        }
        items.sort();
        items.dedup();
        Self { items }
    }

    /// From pairs of equals.
    pub fn pairs(words: &Words, pairs: &[UndecidedPair]) -> Self {
        let items = pairs.iter().map(|p| Item {
            paper: words.say("selected.paper_tie", &[]),
            what: p.key.join(" / "),
            subject: String::new(),
            id: format!("{} = {}", p.a, p.b),
            row: 0,
            child: p.a.clone(),
            household: String::new(),
            facilities: p.classes.join(" "),
            mend: words.say("selected.mend_tie", &[]),
        });
        Self {
            items: items.collect(),
        }
    }

    /// The list for the screen, grouped by paper.
    pub fn text(&self, words: &Words) -> String {
        let children: BTreeSet<&str> = self.items.iter().map(|i| &*i.child).collect();
        let households: BTreeSet<&str> = self.items.iter().map(|i| &*i.household).collect();
        let children = children.iter().filter(|c| !c.is_empty()).count();
        let mut out = words.say(
            "selected.undecided_title",
            &[
                ("children", &grouped(children as u64)),
                ("households", &grouped(households.len() as u64)),
            ],
        );
        out.push('\n');
        // One paper of one subject may settle several children.
        let mut by_paper: BTreeMap<&str, Gaps<'_>> = BTreeMap::new();
        for i in &self.items {
            by_paper
                .entry(&i.paper)
                .or_default()
                .entry((&i.subject, &i.id, i.row, &i.what))
                .or_default()
                .insert(if i.child.is_empty() {
                    &i.household
                } else {
                    &i.child
                });
        }
        let comma = words.say("selected.comma", &[]);
        for (paper, subjects) in by_paper {
            let count = subjects.len();
            let _ = write!(
                out,
                "\n{}\n",
                words.say("selected.paper", &[("paper", &paper), ("count", &count)])
            );
            for ((subject, id, row, what), whom) in subjects {
                let whom = whom.into_iter().collect::<Vec<_>>().join(&comma);
                let key = match (id.is_empty(), row) {
                    (true, _) => "selected.item",
                    (false, 0) => "selected.item_of",
                    (false, _) => "selected.item_of_row",
                };
                let values: [(&str, &dyn std::fmt::Display); 5] = [
                    ("subject", &subject),
                    ("id", &id),
                    ("row", &row),
                    ("what", &what),
                    ("whom", &whom),
                ];
                let _ = writeln!(out, "  {}", words.say(key, &values));
            }
        }
        let mends: BTreeSet<&str> = self.items.iter().map(|i| &*i.mend).collect();
        out.push('\n');
        for mend in mends {
            let _ = writeln!(out, "{}", words.say("selected.mend", &[("mend", &mend)]));
        }
        out
    }

    /// `undecided.csv`.
    pub fn csv(&self) -> Vec<u8> {
        let head = HEADERS.iter().map(ToString::to_string).collect::<Vec<_>>();
        let body = self.items.iter().map(|i| {
            let row = match i.row {
                0 => String::new(),
                n => n.to_string(),
            };
            vec![
                i.paper.clone(),
                i.what.clone(),
                i.subject.clone(),
                i.id.clone(),
                row,
                i.child.clone(),
                i.household.clone(),
                i.facilities.clone(),
                i.mend.clone(),
            ]
        });
        csv_bytes(std::iter::once(head).chain(body))
    }
}

/// A sibling wish to be asked or read.
fn wish(words: &Words, error: &StageError, household: &str, row: u32) -> Item {
    Item {
        paper: words.say("selected.paper_wish", &[]),
        what: error.text(lang(words)),
        subject: words.say("selected.household", &[]),
        id: household.to_owned(),
        row,
        child: String::new(),
        household: household.to_owned(),
        facilities: String::new(),
        mend: error.mend(lang(words)),
    }
}
