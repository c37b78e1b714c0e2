//! A draft of which somebody accepted some rules and not others, as criteria that say who accepted what.

use crate::{messages, places::changed};
use enmusubi_criteria::{
    Criteria, Diagnostics, Document,
    chosen::chosen,
    diff::{Change, place},
    document::{Record, Scalar},
    edit::{put, rows, single},
    read, schema, write_toml,
};
use enmusubi_domain::template::Section;
use enmusubi_selection::text_summary::Lang;

/// A rule as somebody signed it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Its row in the list of rules, as a spreadsheet shows it.
    pub row: u32,
    /// Its number; 0: the order that was learned from decisions alone.
    pub number: u32,
    /// The rule in words.
    pub words: String,
    /// The places of the draft that it changed; none: it is not in the draft.
    pub places: Vec<String>,
    /// Whether it was accepted.
    pub accepted: bool,
    /// By whom.
    pub by: String,
    /// The day, in words.
    pub on: String,
}

/// Why draft and signed rules do not go together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// A rule speaks of places that do not differ: list and draft, or the file given, are of different runs.
    NotInDraft {
        /// Row of the rule.
        row: u32,
        /// Its number.
        number: u32,
        /// The places.
        places: Vec<String>,
    },
    /// Two rules of the same place, of which one was accepted and one not.
    Disagree {
        /// The place.
        place: String,
        /// Row and number of the one accepted.
        accepted: (u32, u32),
        /// Row and number of the one not accepted.
        rejected: (u32, u32),
    },
    /// No rule of the list speaks of places that differ: somebody wrote into the draft.
    NoOwner {
        /// The places.
        places: Vec<String>,
    },
}

/// Criteria with what was accepted.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The file, in its canonical text.
    pub text: String,
    /// The same, checked.
    pub criteria: Criteria,
    /// How many rules were accepted …
    pub accepted: u32,
    /// … of how many.
    pub rules: u32,
    /// How many rows of the file wait for their points.
    pub waiting: u32,
}

/// Why there are no criteria with what was accepted: a file of it would not be sound.
#[derive(Debug, Clone)]
pub struct Unsound {
    /// The text it would have.
    pub text: String,
    /// What is wrong with it.
    pub diagnostics: Diagnostics,
}

/// Everything in which a draft and signed rules do not go together.
#[must_use]
pub fn problems(known: &Document, draft: &Document, signed: &[Signed]) -> Vec<Problem> {
    let mut places: Vec<String> = changed(known, draft).iter().map(Change::place).collect();
    places.dedup();
    let mut list = Vec::new();
    for rule in signed {
        let absent = rule.places.iter().filter(|p| !places.contains(p));
        let absent: Vec<String> = absent.cloned().collect();
        if !absent.is_empty() {
            list.push(Problem::NotInDraft {
                row: rule.row,
                number: rule.number,
                places: absent,
            });
        }
    }
    for place in &places {
        let of = |accepted: bool| {
            let mut owners = signed.iter().filter(|r| r.places.contains(place));
            let found = owners.find(|r| r.accepted == accepted);
            found.map(|r| (r.row, r.number))
        };
        if let (Some(accepted), Some(rejected)) = (of(true), of(false)) {
            list.push(Problem::Disagree {
                place: place.clone(),
                accepted,
                rejected,
            });
        }
    }
    let owned = |place: &String| signed.iter().any(|r| r.places.contains(place));
    places.retain(|p| !owned(p));
    if !places.is_empty() {
        list.push(Problem::NoOwner { places });
    }
    list
}

/// Criteria with the rules that were accepted, each with a remark that says by whom; everything else is as in the file given.
/// Rules and draft go together ([`problems`]). `name`: of the file to be.
///
/// # Errors
/// [`Unsound`]: rules were accepted that need others which were not.
pub fn accept(
    known: &Document,
    draft: &Document,
    signed: &[Signed],
    name: &str,
    lang: Lang,
) -> Result<Accepted, Unsound> {
    let words = messages::learn(lang);
    let rules: Vec<&Signed> = signed.iter().filter(|r| !r.places.is_empty()).collect();
    let mut accepted: Vec<&Signed> = rules.iter().copied().filter(|r| r.accepted).collect();
    accepted.sort_by_key(|r| r.number);
    let wanted = |place: &str| {
        let mut all = accepted.iter().flat_map(|r| &r.places);
        all.any(|p| p == place)
    };
    let mut document = chosen(known, draft, &wanted);
    if let Some(head) = known.rows("criteria").first()
        && let Some(all) = rows(&mut document, "criteria")
    {
        *all = vec![head.clone()];
    }
    let mut lines = Vec::new();
    for rule in &accepted {
        let said = remark(rule, words);
        let mut elsewhere = false;
        for place in &rule.places {
            elsewhere |= !noted(&mut document, place, &said);
        }
        if elsewhere {
            let values = [("remark", &*said), ("rule", &*rule.words)];
            lines.push(match rule.number {
                0 => said.clone(),
                _ => words.get("accepted-rule-in-words", &values),
            });
        }
    }
    let count = |list: &[&Signed]| list.iter().filter(|r| r.number > 0).count();
    let (accepted, all) = (count(&accepted), count(&rules));
    lines.push(words.get(
        "accepted-of",
        &[
            ("accepted", &*accepted.to_string()),
            ("rules", &*all.to_string()),
            ("signed", &*signatures(&rules, words)),
        ],
    ));
    if let Some(head) = single(&mut document, "criteria") {
        add(head, "criteria", &lines.join(" "));
    }
    let text = write_toml(&document);
    let (criteria, document, diagnostics) = read(name, text.as_bytes());
    let Some(criteria) = criteria.filter(|_| !diagnostics.has_errors()) else {
        return Err(Unsound { text, diagnostics });
    };
    let waits = |r: &&Record| r.get("fill") == Some(&Scalar::Bool(true));
    Ok(Accepted {
        text,
        criteria,
        accepted: accepted as u32,
        rules: all as u32,
        waiting: document.rows("row").iter().filter(waits).count() as u32,
    })
}

/// Who accepted a rule, and when.
fn remark(rule: &Signed, words: Section) -> String {
    let number = rule.number.to_string();
    let values = [("on", &*rule.on), ("by", &*rule.by), ("number", &*number)];
    match rule.number {
        0 => words.get("accepted-order", &values[..2]),
        _ => words.get("accepted-rule", &values),
    }
}

/// Everybody who signed, with the days, each once.
fn signatures(rules: &[&Signed], words: Section) -> String {
    let mut list: Vec<String> = Vec::new();
    for rule in rules {
        let signature = words.get("signature", &[("on", &rule.on), ("by", &rule.by)]);
        if !list.contains(&signature) {
            list.push(signature);
        }
    }
    list.join(&words.get("signature-between", &[]))
}

/// Adds a remark to the row at a place; whether there is such a row that can have one.
fn noted(document: &mut Document, at: &str, said: &str) -> bool {
    let section = at.split(':').next().unwrap_or(at);
    let has = schema::section(section).is_some_and(|s| s.fields.iter().any(|f| f.name == "note"));
    if !has {
        return false;
    }
    let all = rows(document, section).into_iter().flatten();
    let is = |row: &&mut Record| row.text("id").is_some_and(|id| place(section, id) == at);
    match all.into_iter().find(is) {
        Some(row) => {
            add(row, section, said);
            true
        }
        None => false,
    }
}

/// Adds to the remark of a row.
fn add(row: &mut Record, section: &str, said: &str) {
    let note = match row.text("note") {
        Some(before) => format!("{before} {said}"),
        None => said.to_owned(),
    };
    put(row, section, "note", Scalar::Text(note.into()));
}

impl Problem {
    /// What is wrong and how to mend it, a line each. `file`: the list of rules, as people know it; `draft`: the draft.
    #[must_use]
    pub fn words(&self, (file, draft): (&str, &str), lang: Lang) -> [String; 2] {
        let words = messages::learn(lang);
        let between = words.get("place-between", &[]);
        let (what, mend) = match self {
            Self::NotInDraft {
                row,
                number,
                places,
            } => {
                let values = [
                    ("file", file),
                    ("draft", draft),
                    ("row", &*row.to_string()),
                    ("number", &*number.to_string()),
                    ("places", &*places.join(&between)),
                ];
                (words.get("not-in-draft", &values), "not-in-draft-mend")
            }
            Self::Disagree {
                place,
                accepted,
                rejected,
            } => {
                let values = [
                    ("file", file),
                    ("place", &**place),
                    ("accepted-row", &*accepted.0.to_string()),
                    ("accepted", &*accepted.1.to_string()),
                    ("rejected-row", &*rejected.0.to_string()),
                    ("rejected", &*rejected.1.to_string()),
                ];
                (words.get("disagree", &values), "disagree-mend")
            }
            Self::NoOwner { places } => {
                let values = [
                    ("file", file),
                    ("draft", draft),
                    ("places", &*places.join(&between)),
                ];
                (words.get("no-owner", &values), "no-owner-mend")
            }
        };
        [what, words.get(mend, &[])]
    }
}

#[cfg(test)]
mod tests;
