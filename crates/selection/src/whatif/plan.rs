//! From variants as asked for to what has to be computed: which criteria to score, each once, and what
//! every variant is decided by.

use super::{
    apply::{Applied, Seats, apply},
    describe::{describe, describe_against},
    error::SetError,
    report::Variant,
    run::Basis,
    set::Set,
};
use crate::{compiled::Ties, text_summary::Lang};
use enmusubi_criteria::{Criteria, Document};
use enmusubi_domain::facts::RoundFacts;
use enmusubi_matching::{Effort, Mechanism};
use enmusubi_scoring::Scores;
use std::collections::BTreeSet;

/// A criteria file that was read without errors.
#[derive(Debug, Clone)]
pub struct Source {
    /// Its name, for people.
    pub file: String,
    /// The file as rows and fields.
    pub document: Document,
    /// The file as meaning.
    pub criteria: Criteria,
}

/// A variant as asked for.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Its name.
    pub name: String,
    /// Position of its criteria file in the list of sources; 0 is the base's.
    pub source: usize,
    /// What it changes.
    pub sets: Vec<Set>,
}

/// Everything to be computed. The base comes first.
#[derive(Debug)]
pub struct Plan {
    /// Distinct criteria; the first is the base's.
    pub criteria: Vec<Criteria>,
    /// Distinct scorings; the first is the base's.
    pub scorings: Vec<Scoring>,
    /// The base, then the variants.
    pub rounds: Vec<Round>,
}

/// A round to be scored once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scoring {
    /// Position of the criteria.
    pub criteria: usize,
    /// Which facilities have which pools.
    pools: BTreeSet<(u32, Box<str>)>,
    /// Seats of a variant that has these pools; `None`: the base's.
    pub seats: Option<Seats>,
}

/// A round to be decided.
#[derive(Debug)]
pub struct Round {
    /// Position of its scoring.
    pub scoring: usize,
    /// Name of its criteria file.
    pub file: String,
    /// Other seats.
    pub seats: Option<Seats>,
    /// Another mechanism.
    pub mechanism: Option<Mechanism>,
    /// Another rule for equals.
    pub ties: Option<Ties>,
}

impl Plan {
    /// Plans a comparison. `ties`, `mechanism`: asked for on the whole, instead of what the criteria say.
    ///
    /// # Errors
    /// Every change that cannot be tried out.
    pub fn of(
        facts: &RoundFacts,
        sources: &[Source],
        asked: &[Asked],
        ties: Option<&Ties>,
        mechanism: Option<Mechanism>,
    ) -> Result<Self, Vec<SetError>> {
        let mut plan = Self {
            criteria: Vec::new(),
            scorings: Vec::new(),
            rounds: Vec::new(),
        };
        let mut errors = Vec::new();
        let base = Asked {
            name: String::new(),
            source: 0,
            sets: Vec::new(),
        };
        for variant in std::iter::once(&base).chain(asked) {
            let source = &sources[variant.source];
            match apply(facts, &source.document, &source.criteria, &variant.sets) {
                Ok(applied) => plan.add(facts, source, applied, ties, mechanism),
                Err(more) => errors.extend(more),
            }
        }
        if errors.is_empty() {
            Ok(plan)
        } else {
            Err(errors)
        }
    }

    fn add(
        &mut self,
        facts: &RoundFacts,
        source: &Source,
        applied: Applied,
        ties: Option<&Ties>,
        mechanism: Option<Mechanism>,
    ) {
        let criteria = applied.criteria.unwrap_or_else(|| source.criteria.clone());
        let criteria = place_of(&mut self.criteria, criteria);
        let classes = applied
            .seats
            .as_ref()
            .map_or(&facts.classes, |s| &s.classes);
        let pools = Seats::pools(classes);
        let known = self
            .scorings
            .iter()
            .position(|s| s.criteria == criteria && s.pools == pools);
        let scoring = known.unwrap_or_else(|| {
            self.scorings.push(Scoring {
                criteria,
                pools,
                seats: applied.seats.clone(),
            });
            self.scorings.len() - 1
        });
        self.rounds.push(Round {
            scoring,
            file: source.file.clone(),
            seats: applied.seats,
            mechanism: applied.mechanism.or(mechanism),
            ties: applied.ties.or_else(|| ties.cloned()),
        });
    }

    /// The criteria of a round.
    #[must_use]
    pub fn criteria_of(&self, round: usize) -> &Criteria {
        &self.criteria[self.scorings[self.rounds[round].scoring].criteria]
    }

    /// What a round is decided by. `scores`: one for each of [`Plan::scorings`].
    #[must_use]
    pub fn basis<'a>(
        &'a self,
        round: usize,
        facts: &'a RoundFacts,
        scores: &'a Scores,
        effort: Effort,
    ) -> Basis<'a> {
        let criteria = self.criteria_of(round);
        let round = &self.rounds[round];
        Basis {
            facts,
            seats: round.seats.as_ref(),
            criteria,
            scores,
            ties: round.ties.as_ref(),
            mechanism: round.mechanism,
            effort,
        }
    }
}

fn place_of(list: &mut Vec<Criteria>, criteria: Criteria) -> usize {
    let known = list.iter().position(|c| *c == criteria);
    known.unwrap_or_else(|| {
        list.push(criteria);
        list.len() - 1
    })
}

impl Asked {
    /// The variant's name and changes, for its report.
    #[must_use]
    pub fn head(
        &self,
        facts: &RoundFacts,
        sources: &[Source],
        lang: Lang,
    ) -> (Vec<String>, Vec<String>) {
        let source = &sources[self.source];
        let (mut sets, mut words) = (Vec::new(), Vec::new());
        if self.source != 0 {
            sets.push(format!("against {}", source.file));
            words.push(describe_against(
                &source.criteria.head.title,
                &source.file,
                lang,
            ));
        }
        for set in &self.sets {
            sets.push(set.text.to_string());
            words.push(describe(set, facts, &source.document, lang));
        }
        (sets, words)
    }

    /// The variant's report, with what came of it.
    #[must_use]
    pub fn report(
        &self,
        facts: &RoundFacts,
        sources: &[Source],
        lang: Lang,
        outcome: super::report::Outcome,
    ) -> Variant {
        let (sets, words) = self.head(facts, sources, lang);
        Variant {
            name: self.name.clone(),
            sets,
            words,
            outcome,
        }
    }
}
