//! What would change the key: one fact different, all else equal, and the household scored again.
//!
//! Candidates come from the rows that nearly applied, the neighbouring bands, the rule that refuses the
//! child, and what is unknown. They say what follows from a fact, not what anybody should do; what
//! families are told of it is the business of [`crate::tact`].

mod wanted;

use super::{Deriving, parts::Standing};
use crate::{
    Program,
    derivation::{Change, Difference},
    scores::Scores,
    tact,
};
use enmusubi_criteria::{
    judgement::{Eligible, Missing},
    model::Over,
    types::Kind,
};
use enmusubi_domain::facts::{
    AttributeIx, Entity, Exact, RoundFacts, Type, Unit, Value,
    vocabulary::{Attribute, Origin, VOCABULARY, find},
    words::{Tongue, quantity, value},
};
use wanted::Env;

/// More than this many facts nobody reads; each costs a scoring of the household.
const CANDIDATES_MAX: usize = 200;

/// A fact that could be different.
#[derive(Debug, Clone)]
struct Candidate {
    entity: Entity,
    subject: u32,
    attribute: AttributeIx,
    value: Value,
    /// What it would have to be, in words; `None`: the value itself.
    to: Option<(String, String)>,
    /// Label of the row or rule that suggests it.
    row: Box<str>,
}

/// Everything that would, ordinary matters of fact first.
pub(super) fn changes(
    program: &Program,
    deriving: &mut Deriving<'_>,
    scores: &Scores,
) -> Vec<Change> {
    let mut candidates: Vec<Candidate> = Vec::new();
    for candidate in deriving.candidates(scores) {
        let known = candidates.iter().any(|c| {
            (c.entity, c.subject, c.attribute, c.value)
                == (
                    candidate.entity,
                    candidate.subject,
                    candidate.attribute,
                    candidate.value,
                )
        });
        if !known && candidates.len() < CANDIDATES_MAX {
            candidates.push(candidate);
        }
    }
    let mut changes: Vec<Change> = candidates
        .iter()
        .filter_map(|c| deriving.change(program, scores, c))
        .collect();
    changes.sort_by_key(|c| (!c.ordinary, c.better != Some(true)));
    changes
}

impl Deriving<'_> {
    fn candidates(&mut self, scores: &Scores) -> Vec<Candidate> {
        let mut found = Vec::new();
        if let Eligible::No(at) = scores.eligibility[self.choice as usize] {
            let rule = &self.criteria.eligibility[at as usize];
            let resolved = self.resolved;
            let typed = &resolved.eligibility[at as usize];
            self.wanted(typed, true, &Env::default(), &rule.label, &mut found);
        }
        for (table, file) in self.criteria.tables.iter().enumerate() {
            let elements: Vec<Option<u32>> = match file.over {
                Over::Guardian => self.facts.index.guardians[0].clone().map(Some).collect(),
                Over::Adult => self.facts.index.adults[0].clone().map(Some).collect(),
                Over::Application => vec![None],
            };
            for element in elements {
                for row in 0..file.rows.len() {
                    if let Standing::Near(failed) = self.standing(table, row, element) {
                        let label = &file.rows[row].label;
                        self.wanted_part(&failed.part, element, label, &mut found);
                    }
                }
            }
        }
        let undecided = scores.undecided.iter().find(|u| u.choice == self.choice);
        for missing in undecided.map_or(&[][..], |u| &u.missing) {
            if let Missing::Fact(entity, subject, attribute) = *missing {
                self.settle(entity, subject, attribute, &mut found);
            }
        }
        found.retain(|c| {
            let attribute = &VOCABULARY[c.attribute as usize];
            // What is derived follows from others; the kind of application is no fact of the family.
            attribute.origin == Origin::Stated && attribute.name != "application"
        });
        found
    }

    /// What an unknown fact might turn out to be: yes or no, a value of a short list, one of the bands of
    /// a table.
    fn settle(
        &self,
        entity: Entity,
        subject: u32,
        attribute: AttributeIx,
        found: &mut Vec<Candidate>,
    ) {
        let mut add = |value: Value, to: Option<(String, String)>| {
            found.push(Candidate {
                entity,
                subject,
                attribute,
                value,
                to,
                row: "".into(),
            });
        };
        match VOCABULARY[attribute as usize].ty {
            Type::Bool => {
                add(Value::Bool(true), None);
                add(Value::Bool(false), None);
            }
            Type::Enum(e) if e.values.len() <= 6 => {
                for i in 0..e.values.len() as u8 {
                    add(Value::Enum(i), None);
                }
            }
            Type::Number | Type::Quantity(_) => {
                for (file, typed) in self.criteria.tables.iter().zip(&self.resolved.tables) {
                    for row in &file.rows {
                        let Some(part) = &row.band else { continue };
                        let band = &typed.bands[part.band as usize];
                        let is = matches!(band.by.kind, Kind::Attribute(_, at) if at == attribute);
                        if !is || band.by2.is_some() {
                            continue;
                        }
                        let range = super::parts::Range {
                            by: (&file.bands[part.band as usize].by, &band.by),
                            unit: file.bands[part.band as usize].unit,
                            from: part.from,
                            below: part.below,
                            dimension: 1,
                        };
                        let words = (range.words(Tongue::Japanese), range.words(Tongue::English));
                        let inside = part.from.or_else(|| wanted::just_below(part.below?, None));
                        if let Some(inside) = inside {
                            add(Value::Number(inside), Some(words));
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Scores the household with a fact changed; `None` where the key stays as it is.
    fn change(&self, program: &Program, scores: &Scores, c: &Candidate) -> Option<Change> {
        let attribute = &VOCABULARY[c.attribute as usize];
        let before = self.facts.get(c.subject, c.attribute);
        if before == c.value {
            return None;
        }
        let mut facts: RoundFacts = self.facts.clone();
        facts
            .table_mut(c.entity)
            .set(c.subject, c.attribute, c.value);
        forget_main_reason(&mut facts, c, before);
        facts.complete();
        let after = program.score(&facts).ok()?;
        let differences = self.differences(program, scores, &after);
        if differences.is_empty() {
            return None;
        }
        let shown = |v: Value, tongue| value(&facts.symbols, attribute, v, tongue);
        let (to, to_en) = c.to.clone().unwrap_or_else(|| {
            let shown = |tongue| shown(c.value, tongue).unwrap_or_default();
            (shown(Tongue::Japanese), shown(Tongue::English))
        });
        let apart = distance(attribute, before, c.value);
        Some(Change {
            path: attribute.path().into(),
            label: attribute.label.into(),
            who: self.who(c.entity, c.subject),
            evidence: attribute.paper.into(),
            from: shown(before, Tongue::Japanese).map(Into::into),
            from_en: shown(before, Tongue::English).map(Into::into),
            to: to.into(),
            to_en: to_en.into(),
            yes: match c.value {
                Value::Bool(yes) => Some(yes),
                _ => None,
            },
            row: c.row.clone(),
            distance: apart.as_ref().map(|(ja, _)| ja.clone()),
            distance_en: apart.map(|(_, en)| en),
            more: match (before, c.value) {
                (Value::Number(from), Value::Number(to)) => Some(to > from),
                _ => None,
            },
            ordinary: tact::is_ordinary(c.attribute)
                && !(c.entity == Entity::Guardian && self.lives_apart(c.subject)),
            better: self.better(program, scores, &after),
            differences,
        })
    }

    fn differences(&self, program: &Program, before: &Scores, after: &Scores) -> Vec<Difference> {
        let mut list = Vec::new();
        let eligible = |s: &Scores| s.eligibility[self.choice as usize];
        let verdict = |e: Eligible| -> Option<Box<str>> {
            match e {
                Eligible::Yes => Some("yes".into()),
                Eligible::No(_) => Some("no".into()),
                Eligible::Unknown => None,
            }
        };
        let (was, is) = (eligible(before), eligible(after));
        if verdict(was) != verdict(is) {
            list.push(Difference {
                id: "eligibility".into(),
                label: "".into(),
                before: verdict(was),
                after: verdict(is),
                difference: None,
            });
        }
        let components = program.components(self.criteria);
        let keys = before.key(self.choice).iter().zip(after.key(self.choice));
        for (component, (was, is)) in components.iter().zip(keys) {
            if was == is {
                continue;
            }
            let shown = |n: &Option<Exact>| -> Option<Box<str>> {
                n.map(|n| component.shown(n, Tongue::Japanese).into())
            };
            let difference = was.zip(*is).filter(|_| component.is_number());
            let difference = difference.and_then(|(was, is)| is.minus(was));
            list.push(Difference {
                id: component.id().into(),
                label: component.label().into(),
                before: shown(was),
                after: shown(is),
                difference: difference.map(|d| {
                    let sign = if d > Exact::ZERO { "+" } else { "" };
                    format!("{sign}{d}").into()
                }),
            });
        }
        list
    }

    /// Whether the child would come before where it is now.
    fn better(&self, program: &Program, before: &Scores, after: &Scores) -> Option<bool> {
        let refused = |s: &Scores| matches!(s.eligibility[self.choice as usize], Eligible::No(_));
        match (refused(before), refused(after)) {
            (true, false) => return Some(true),
            (false, true) => return Some(false),
            (true, true) => return None,
            (false, false) => {}
        }
        let components = program.components(self.criteria);
        let keys = before.key(self.choice).iter().zip(after.key(self.choice));
        for (component, (was, is)) in components.iter().zip(keys) {
            let (was, is) = ((*was)?, (*is)?);
            if was != is {
                return Some((is > was) == component.higher_first());
            }
        }
        None
    }
}

/// The main reason follows from the reasons where there is but one; with other reasons it must be found
/// anew.
fn forget_main_reason(facts: &mut RoundFacts, c: &Candidate, before: Value) {
    if (c.entity, VOCABULARY[c.attribute as usize].name) != (Entity::Guardian, "reasons") {
        return;
    }
    if let (Value::Set(bits), Some(main)) = (before, find(Entity::Guardian, "main_reason"))
        && bits.count_ones() == 1
        && facts.guardians.get(c.subject, main) == Value::Enum(bits.trailing_zeros() as u8)
    {
        facts.guardians.set(c.subject, main, Value::Unknown);
    }
}

/// How far two amounts are apart: `20時間`, `20 hours`.
fn distance(attribute: &Attribute, from: Value, to: Value) -> Option<(Box<str>, Box<str>)> {
    let (Value::Number(from), Value::Number(to), Type::Quantity(unit)) = (from, to, attribute.ty)
    else {
        return None;
    };
    let apart = to.minus(from)?;
    let apart = if apart < Exact::ZERO {
        apart.negated()?
    } else {
        apart
    };
    // Hours a month apart are hours.
    let (ja, en) = match unit {
        Unit::HoursPerDay | Unit::HoursPerWeek | Unit::HoursPerMonth => ("時間", "hours"),
        Unit::DaysPerWeek | Unit::DaysPerMonth => ("日", "days"),
        _ => {
            return Some((
                quantity(apart, unit, Tongue::Japanese).into(),
                quantity(apart, unit, Tongue::English).into(),
            ));
        }
    };
    Some((
        format!("{apart}{ja}").into(),
        format!("{apart} {en}").into(),
    ))
}
