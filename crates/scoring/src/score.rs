//! A whole round, choice by choice.

use crate::{
    program::Program,
    scores::{Scores, Undecided},
    session::{Fault, Outcome, Session},
};
use enmusubi_criteria::{
    judgement::{ArithmeticError, Eligible},
    model::Coupling,
};
use enmusubi_domain::facts::{Exact, RoundFacts};
use std::ops::Range;

/// Scores a round.
///
/// # Errors
/// As [`Program::score`].
pub(crate) fn score(program: &Program, facts: &RoundFacts) -> Result<Scores, Vec<ArithmeticError>> {
    let code = &program.code;
    let components = usize::from(!code.strata.is_empty()) + code.keys.len();
    let choices = facts.choices.len();
    let scores = Scores {
        components: components as u32,
        keys: vec![None; components * choices],
        eligibility: vec![Eligible::Yes; choices],
        pool_count: code.pools.len() as u32,
        pools: vec![None; code.pools.len() * choices],
        passes: vec![None; facts.children.len()],
        undecided: Vec::new(),
    };
    Scoring::new(program, facts, scores).of(0..facts.households.len() as u32)
}

/// Scores some households anew and leaves the others their scores, where nobody was undecided.
///
/// # Errors
/// As [`Program::score`], of these households.
pub(crate) fn rescore(
    program: &Program,
    facts: &RoundFacts,
    before: Scores,
    households: &[u32],
) -> Result<Scores, Vec<ArithmeticError>> {
    Scoring::new(program, facts, before).of(households.iter().copied())
}

struct Scoring<'a> {
    session: Session<'a>,
    scores: Scores,
    errors: Vec<ArithmeticError>,
    /// Own keys of the coupled ones, per choice of the household at hand.
    own: Vec<Outcome<Option<Exact>>>,
}

impl<'a> Scoring<'a> {
    fn new(program: &'a Program, facts: &'a RoundFacts, scores: Scores) -> Self {
        Self {
            session: Session::new(program, facts),
            scores,
            errors: Vec::new(),
            own: Vec::new(),
        }
    }

    /// The scores with those of some households.
    fn of(mut self, households: impl Iterator<Item = u32>) -> Result<Scores, Vec<ArithmeticError>> {
        let facts = self.session.facts;
        for household in households {
            self.household(facts.index.children[household as usize].clone());
        }
        let mut errors = self.errors;
        if errors.is_empty() {
            return Ok(self.scores);
        }
        let place = |e: &ArithmeticError| (e.choice, e.item.clone(), e.division);
        errors.sort_by_cached_key(place);
        errors.dedup();
        Err(errors)
    }

    fn household(&mut self, children: Range<u32>) {
        let code = &self.session.program.code;
        let coupled = code.coupling != Coupling::None && code.keys.iter().any(|k| k.coupled);
        let facts = self.session.facts;
        for child in children.clone() {
            self.session.at_child(child);
            let choices = facts.index.choices[child as usize].clone();
            match self.session.pass() {
                Ok(pass) => self.scores.passes[child as usize] = pass,
                Err(fault) => (choices.clone()).for_each(|choice| self.fault(choice, fault)),
            }
            for choice in choices {
                self.choice(choice);
                if !coupled {
                    self.finish(child, choice);
                }
            }
        }
        if coupled {
            self.couple(children.clone());
            for child in children {
                for choice in facts.index.choices[child as usize].clone() {
                    self.finish(child, choice);
                }
            }
        }
    }

    /// A choice on its own, siblings aside.
    fn choice(&mut self, choice: u32) {
        self.session.at(choice);
        let code = &self.session.program.code;
        let mut at = choice as usize * self.scores.components as usize;
        if !code.strata.is_empty() {
            match self.session.stratum() {
                Ok(position) => {
                    self.scores.keys[at] = position.map(|p| Exact::whole(p.into()));
                }
                Err(fault) => self.fault(choice, fault),
            }
            at += 1;
        }
        for key in 0..code.keys.len() as u32 {
            match self.session.key(key) {
                Ok(value) => self.scores.keys[at] = value,
                Err(fault) => self.fault(choice, fault),
            }
            at += 1;
        }
        match self.session.eligible() {
            Ok(eligible) => self.scores.eligibility[choice as usize] = eligible,
            Err(fault) => self.fault(choice, fault),
        }
        let pools = choice as usize * code.pools.len();
        for pool in 0..code.pools.len() {
            match self.session.pool(pool as u32) {
                Ok(of_target) => self.scores.pools[pools + pool] = of_target,
                Err(fault) => self.fault(choice, fault),
            }
        }
    }

    /// Coupled keys of a household: each becomes what the keys of all who chose the facility give together.
    fn couple(&mut self, children: Range<u32>) {
        let facts = self.session.facts;
        let code = &self.session.program.code;
        let index = &facts.index.choices;
        let Some(choices) = (children.clone())
            .map(|c| index[c as usize].clone())
            .filter(|r| !r.is_empty())
            .reduce(|a, b| a.start..b.end)
        else {
            return;
        };
        let first = usize::from(!code.strata.is_empty());
        for (key, of_key) in code.keys.iter().enumerate().filter(|(_, k)| k.coupled) {
            self.own.clear();
            for choice in choices.clone() {
                self.session.at(choice);
                let own = self.session.key(key as u32);
                self.own.push(own);
            }
            for choice in choices.clone() {
                let facility = facts.choice_facility[choice as usize];
                let together = (choices.clone())
                    .filter(|&c| facts.choice_facility[c as usize] == facility)
                    .map(|c| self.own[(c - choices.start) as usize]);
                let value = coupled(together, code.coupling, of_key.higher_first)
                    .map_err(|fault| fault.within(of_key.item));
                let at = choice as usize * self.scores.components as usize + first + key;
                match value {
                    Ok(value) => self.scores.keys[at] = value,
                    Err(fault) => self.fault(choice, fault),
                }
            }
        }
    }

    /// Lists the choice if it is undecided.
    fn finish(&mut self, child: u32, choice: u32) {
        let scores = &self.scores;
        let eligible = scores.eligibility[choice as usize];
        if matches!(eligible, Eligible::No(_)) {
            return;
        }
        let facility = self.session.facts.choice_facility[choice as usize];
        let pools = scores.pool_count as usize;
        let of_choice = choice as usize * pools..(choice as usize + 1) * pools;
        let undecided = eligible == Eligible::Unknown
            || scores.key(choice).contains(&None)
            || scores.passes[child as usize].is_none()
            || (scores.pools[of_choice].iter().enumerate())
                .any(|(at, of_target)| of_target.is_none() && self.session.offers(facility, at));
        // With an error anywhere there will be no scores.
        if !undecided || !self.errors.is_empty() {
            return;
        }
        if self.session.at_hand().3 != choice {
            self.session.at(choice);
        }
        let missing = self.session.missing();
        self.scores.undecided.push(Undecided { choice, missing });
    }

    fn fault(&mut self, choice: u32, fault: Fault) {
        let items = &self.session.program.code.items;
        let item = fault
            .item()
            .map_or("".into(), |i| items[i as usize].clone());
        let error = ArithmeticError {
            item,
            choice,
            division: fault.division(),
        };
        self.errors.push(error);
    }
}

/// What the keys of several give together: all are evaluated, so an error in one comes before an unknown.
fn coupled(
    values: impl Iterator<Item = Outcome<Option<Exact>>>,
    coupling: Coupling,
    higher_first: bool,
) -> Outcome<Option<Exact>> {
    let (mut best, mut sum, mut count, mut unknown) = (None, Some(Exact::ZERO), 0i64, false);
    for value in values {
        let Some(value) = value? else {
            unknown = true;
            continue;
        };
        count += 1;
        sum = sum.and_then(|s| s.plus(value));
        let better = |b: Exact| if higher_first { value > b } else { value < b };
        if best.is_none_or(better) {
            best = Some(value);
        }
    }
    if unknown {
        return Ok(None);
    }
    if coupling == Coupling::Highest {
        return Ok(best);
    }
    let sum = sum.ok_or(Fault::new(false))?;
    sum.over(Exact::whole(count))
        .map(Some)
        .ok_or(Fault::new(false))
}
