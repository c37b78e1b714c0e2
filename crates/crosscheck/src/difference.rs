//! What the two evaluators say differently about a choice.

use enmusubi_criteria::{
    Criteria,
    judgement::{ArithmeticError, Eligible, Judgement},
};
use enmusubi_domain::facts::{Exact, RoundFacts};
use enmusubi_scoring::Scores;
use std::{collections::BTreeMap, ops::Range};

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Position of the choice.
    pub choice: u32,
    /// Child id.
    pub child: Box<str>,
    /// Facility id.
    pub facility: Box<str>,
    /// About what.
    pub component: Component,
    /// What the compiled evaluator says.
    pub compiled: Verdict,
    /// What the reference evaluator says.
    pub reference: Verdict,
}

/// What a difference is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Component {
    /// The stratum.
    Stratum,
    /// A key: its id.
    Key(Box<str>),
    /// How many components the keys have.
    Length,
    /// Whether the child may be placed there.
    Eligibility,
    /// Whether the child is of the target group of a pool: its id.
    Pool(Box<str>),
    /// The pass.
    Pass,
    /// Whether the choice can be decided at all.
    Undecided,
    /// Whether everything can be calculated.
    Arithmetic,
}

/// What an evaluator says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is unknown.
    Unknown,
    /// A number, or a position.
    Number(Exact),
    /// Yes or no.
    Flag(bool),
    /// Refused by a rule: its id.
    Refused(Box<str>),
    /// A number too large, or a division by zero, in an item: its id.
    Error(Box<str>, bool),
}

impl Component {
    /// In Japanese and English.
    #[must_use]
    pub fn text(&self) -> (String, String) {
        match self {
            Self::Stratum => ("優先区分".into(), "stratum".into()),
            Self::Key(id) => (format!("優先順位 {id}"), format!("key {id}")),
            Self::Length => ("優先順位の数".into(), "number of keys".into()),
            Self::Eligibility => ("受入要件".into(), "eligibility".into()),
            Self::Pool(id) => (format!("枠 {id} の対象"), format!("target of pool {id}")),
            Self::Pass => ("選考の段階".into(), "pass".into()),
            Self::Undecided => ("判定できるか".into(), "whether it can be decided".into()),
            Self::Arithmetic => ("計算できるか".into(), "whether it can be calculated".into()),
        }
    }
}

impl Verdict {
    /// In Japanese and English.
    #[must_use]
    pub fn text(&self) -> (String, String) {
        match self {
            Self::Unknown => ("不明".into(), "unknown".into()),
            Self::Number(n) => (n.to_string(), n.to_string()),
            Self::Flag(true) => ("はい".into(), "yes".into()),
            Self::Flag(false) => ("いいえ".into(), "no".into()),
            Self::Refused(id) => (format!("対象外（{id}）"), format!("refused ({id})")),
            Self::Error(item, true) => (
                format!("0で割る計算（{item}）"),
                format!("division by zero ({item})"),
            ),
            Self::Error(item, false) => (
                format!("大きすぎる数（{item}）"),
                format!("number too large ({item})"),
            ),
        }
    }
}

impl Difference {
    /// One sentence in Japanese and English.
    #[must_use]
    pub fn text(&self) -> (String, String) {
        let Self {
            child, facility, ..
        } = self;
        let (component, compiled, reference) = (
            self.component.text(),
            self.compiled.text(),
            self.reference.text(),
        );
        (
            format!(
                "児童 {child}・施設 {facility}の{}: 計算は「{}」、検算は「{}」です",
                component.0, compiled.0, reference.0
            ),
            format!(
                "child {child} at {facility}, {}: computed {}, the second evaluator says {}",
                component.1, compiled.1, reference.1
            ),
        )
    }
}

/// Judges every choice of a round a second time and tells what differs, by choice.
#[must_use]
pub fn compare(criteria: &Criteria, facts: &RoundFacts, scores: &Scores) -> Vec<Difference> {
    compare_some(criteria, facts, scores, 0..facts.choices.len() as u32)
}

/// As [`compare`], for some of the choices, so that several threads can share a round.
#[must_use]
pub fn compare_some(
    criteria: &Criteria,
    facts: &RoundFacts,
    scores: &Scores,
    choices: Range<u32>,
) -> Vec<Difference> {
    let mut found = Vec::new();
    for choice in choices {
        let told = Told {
            criteria,
            facts,
            choice,
        };
        match enmusubi_reference::judge(criteria, facts, choice) {
            Ok(reference) => {
                let compiled = scores.judgement(choice, facts.child_of(choice));
                told.judgements(&compiled, &reference, &mut found);
                let listed = scores
                    .undecided
                    .binary_search_by_key(&choice, |u| u.choice)
                    .is_ok();
                let undecided = told.undecided(&reference);
                if listed != undecided {
                    let verdicts = (Verdict::Flag(!listed), Verdict::Flag(!undecided));
                    found.push(told.difference(Component::Undecided, verdicts));
                }
            }
            Err(error) => {
                let verdicts = (Verdict::Flag(true), Verdict::of_error(&error));
                found.push(told.difference(Component::Arithmetic, verdicts));
            }
        }
    }
    found
}

/// Where the compiled evaluator could not calculate everything: whether the reference evaluator fails at
/// the same choices.
#[must_use]
pub fn compare_errors(
    criteria: &Criteria,
    facts: &RoundFacts,
    errors: &[ArithmeticError],
) -> Vec<Difference> {
    let compiled: BTreeMap<u32, &ArithmeticError> =
        errors.iter().rev().map(|e| (e.choice, e)).collect();
    let mut found = Vec::new();
    for choice in 0..facts.choices.len() as u32 {
        let told = Told {
            criteria,
            facts,
            choice,
        };
        let reference = enmusubi_reference::judge(criteria, facts, choice).err();
        let verdict =
            |e: Option<&ArithmeticError>| e.map_or(Verdict::Flag(true), Verdict::of_error);
        let compiled = compiled.get(&choice).copied();
        if compiled.is_some() != reference.is_some() {
            let verdicts = (verdict(compiled), verdict(reference.as_ref()));
            found.push(told.difference(Component::Arithmetic, verdicts));
        }
    }
    found
}

impl Verdict {
    fn of_error(error: &ArithmeticError) -> Self {
        Self::Error(error.item.clone(), error.division)
    }

    fn of_number(number: Option<Exact>) -> Self {
        number.map_or(Self::Unknown, Self::Number)
    }
}

/// A choice that is told about.
struct Told<'a> {
    criteria: &'a Criteria,
    facts: &'a RoundFacts,
    choice: u32,
}

impl Told<'_> {
    fn difference(
        &self,
        component: Component,
        (compiled, reference): (Verdict, Verdict),
    ) -> Difference {
        let facility = self.facts.choice_facility[self.choice as usize];
        Difference {
            choice: self.choice,
            child: self.facts.children.ids[self.facts.child_of(self.choice) as usize].clone(),
            facility: self.facts.facilities.ids[facility as usize].clone(),
            component,
            compiled,
            reference,
        }
    }

    fn judgements(&self, compiled: &Judgement, reference: &Judgement, found: &mut Vec<Difference>) {
        let mut tell = |component: Component, verdicts| {
            found.push(self.difference(component, verdicts));
        };
        if compiled.key.len() != reference.key.len() {
            let count = |j: &Judgement| Verdict::Number(Exact::whole(j.key.len() as i64));
            tell(Component::Length, (count(compiled), count(reference)));
        } else {
            for (at, (c, r)) in compiled.key.iter().zip(&reference.key).enumerate() {
                if c != r {
                    tell(
                        self.component(at),
                        (Verdict::of_number(*c), Verdict::of_number(*r)),
                    );
                }
            }
        }
        if compiled.eligibility != reference.eligibility {
            let verdict = |e: Eligible| match e {
                Eligible::Yes => Verdict::Flag(true),
                Eligible::Unknown => Verdict::Unknown,
                Eligible::No(at) => Verdict::Refused(
                    self.criteria
                        .eligibility
                        .get(at as usize)
                        .map_or("?".into(), |e| e.id.clone()),
                ),
            };
            tell(
                Component::Eligibility,
                (
                    verdict(compiled.eligibility),
                    verdict(reference.eligibility),
                ),
            );
        }
        for (at, r) in reference.pools.iter().enumerate() {
            let c = compiled.pools.get(at).copied().flatten();
            if c != *r {
                let verdict = |f: Option<bool>| f.map_or(Verdict::Unknown, Verdict::Flag);
                let id = self.criteria.pools[at].id.clone();
                tell(Component::Pool(id), (verdict(c), verdict(*r)));
            }
        }
        if compiled.pass != reference.pass {
            let verdict =
                |p: Option<u32>| Verdict::of_number(p.map(|p| Exact::whole(i64::from(p))));
            tell(
                Component::Pass,
                (verdict(compiled.pass), verdict(reference.pass)),
            );
        }
    }

    /// The component of a key at a position.
    fn component(&self, at: usize) -> Component {
        component(self.criteria, at)
    }

    /// Whether an applicant cannot be decided, given what is known; not where it is known to be
    /// refused, and of the pools only those of the facility matter.
    fn undecided(&self, judgement: &Judgement) -> bool {
        let facility = self.facts.choice_facility[self.choice as usize];
        let offered = |at: usize| {
            let id = &self.criteria.pools[at].id;
            let mut classes = self.facts.classes.iter();
            classes.any(|c| c.facility == facility && c.pool.as_ref() == Some(id))
        };
        if let Eligible::No(_) = judgement.eligibility {
            return false;
        }
        let mut pools = judgement.pools.iter().enumerate();
        judgement.eligibility == Eligible::Unknown
            || judgement.key.contains(&None)
            || judgement.pass.is_none()
            || pools.any(|(at, of_target)| of_target.is_none() && offered(at))
    }
}

/// The component of a priority key at a position: the stratum, where the file has strata, then the keys
/// that are not to be filled.
pub(crate) fn component(criteria: &Criteria, at: usize) -> Component {
    let strata = usize::from(!criteria.strata.is_empty());
    if at < strata {
        return Component::Stratum;
    }
    let mut keys = criteria.keys.iter().filter(|k| k.value.is_some());
    match keys.nth(at - strata) {
        Some(key) => Component::Key(key.id.clone()),
        None => Component::Length,
    }
}
