//! Rounds of facts: read, scored by criteria, and compiled.

use super::{Case, scoring};
use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words};
use crate::stopwatch::StopWatch;
use crate::{inputs, say};
use enmusubi_criteria::{Criteria, model::Points};
use enmusubi_domain::facts::RoundFacts;
use enmusubi_interchange::Roster;
use enmusubi_scoring::{Program, Scores};
use enmusubi_selection::compiled::{CompiledRound, Ties};
use enmusubi_selection::digest_facts::facts_digest;
use enmusubi_selection::report::CriteriaReport;
use enmusubi_selection::staged::{StageError, stage, ties_of};
use enmusubi_selection::text_summary;
use std::path::Path;

/// A round of facts and the criteria it is judged by, as read.
#[derive(Debug)]
pub struct Given {
    /// The facts, complete.
    pub facts: RoundFacts,
    /// The criteria.
    pub criteria: Criteria,
    /// Messages about things somebody should look at.
    pub warnings: String,
}

impl Given {
    /// Reads both; problems of both are told. Phase: `read`.
    ///
    /// # Errors
    /// Exit code 2 with every problem found.
    pub fn read(
        words: &Words,
        round: &Path,
        criteria: &Path,
        watch: &StopWatch,
    ) -> Result<Self, Failure> {
        watch.lap("read");
        let criteria = inputs::read_criteria(words, criteria);
        let round = inputs::read_round(words, round);
        match (criteria, round) {
            (Ok((criteria, warnings)), Ok((facts, more))) => Ok(Self {
                facts,
                criteria,
                warnings: warnings + &more,
            }),
            (Err(one), Err(other)) => {
                // Each with its own labels and hints.
                say(&one.text(words));
                Err(other)
            }
            (Err(failure), _) | (_, Err(failure)) => Err(failure),
        }
    }

    /// Scores the round. The certificates' missing quantities are filled by the criteria's conversion
    /// first, once. Phases: `compile` (the digest), `score`, `cross-check`.
    ///
    /// # Errors
    /// Exit code 2 where something cannot be calculated; exit code 70 where the second evaluator, if asked
    /// for, says anything else.
    pub fn judge(
        self,
        words: &Words,
        cross_check: bool,
        watch: &StopWatch,
    ) -> Result<Judged, Failure> {
        let Self {
            mut facts,
            criteria,
            ..
        } = self;
        watch.lap("compile");
        // Of what was stated: what is filled in follows from it and from the criteria.
        let input_digest = facts_digest(&facts, &criteria);
        watch.lap("score");
        let program = scoring::prepare(words, &criteria, &mut facts)?;
        let scores = scoring::scores(words, &criteria, &program, &facts, cross_check, watch)?;
        Ok(Judged {
            facts,
            criteria,
            program,
            scores,
            input_digest,
        })
    }
}

/// Why criteria cannot decide a round for good, in words; empty where they can.
pub fn misfits(words: &Words, facts: &RoundFacts, criteria: &Criteria) -> Vec<String> {
    let mut found = of_another(words, criteria, facts);
    if criteria.has_holes() {
        let holes = holes(criteria);
        let count = holes.len();
        found.push(words.say("facts.holes", &[("count", &count)]));
        found.extend(holes.into_iter().map(|h| format!("  - {h}")));
    }
    found
}

/// Whose criteria these are where they are not this round's, in words: another municipality's, another year's.
pub fn of_another(words: &Words, criteria: &Criteria, facts: &RoundFacts) -> Vec<String> {
    let (head, info) = (&criteria.head, &facts.info);
    let mut found = Vec::new();
    if let (Some(theirs), Some(ours)) = (&head.municipality, &info.municipality)
        && theirs != ours
    {
        let values: [(&str, &dyn std::fmt::Display); 2] = [("criteria", theirs), ("round", ours)];
        found.push(words.say("facts.other_municipality", &values));
    }
    let entry = info.fiscal_year();
    if head.fiscal_year != entry {
        let values: [(&str, &dyn std::fmt::Display); 3] = [
            ("criteria", &head.fiscal_year),
            ("round", &entry),
            ("entry", &info.entry_date),
        ];
        found.push(words.say("facts.other_year", &values));
    }
    found
}

/// What the criteria leave open, in words: gaps, keys and rows to be filled.
fn holes(criteria: &Criteria) -> Vec<String> {
    // A gap with the id of a row or key says what is missing there: one hole, named once.
    let named = |id: &str| criteria.gaps.iter().any(|g| &*g.id == id);
    let keys = criteria
        .keys
        .iter()
        .filter(|k| k.value.is_none() && !named(&k.id));
    let rows = criteria.tables.iter().flat_map(|t| {
        let open = t.rows.iter();
        let open = open.filter(|r| r.points == Points::ToBeFilled && !named(&r.id));
        open.map(move |r| format!("{} {}（{}）", t.label, r.label, r.id))
    });
    let gaps = criteria.gaps.iter().map(|g| g.label.to_string());
    gaps.chain(keys.map(|k| format!("{}（{}）", k.label, k.id)))
        .chain(rows)
        .collect()
}

/// A round of facts with its scores.
#[derive(Debug)]
pub struct Judged {
    /// The facts, conversions filled in.
    pub facts: RoundFacts,
    /// The criteria.
    pub criteria: Criteria,
    /// The criteria, compiled.
    pub program: Program,
    /// Their scores.
    pub scores: Scores,
    /// Digest of facts and criteria.
    pub input_digest: String,
}

/// A round that can be decided, or those who keep it from that.
#[derive(Debug)]
pub enum Staging {
    /// It can.
    Ready(Box<Case>),
    /// Papers, judgements or answers are missing; all of them.
    Undecided(Vec<StageError>),
}

impl Judged {
    /// Makes the market. `asked`: what happens to equals, where somebody asked for it; `trial`: the result is only
    /// tried. Phase: `compile`.
    ///
    /// # Errors
    /// Exit code 2 with everything that is wrong with the files.
    pub fn stage(
        &self,
        words: &Words,
        asked: Option<Ties>,
        trial: bool,
        watch: &StopWatch,
    ) -> Result<Staging, Failure> {
        watch.lap("compile");
        let ties = ties_of(&self.criteria, asked).map_err(|e| wrong(words, &[e]))?;
        let staged = match stage(&self.facts, &self.criteria, &self.scores, &ties) {
            Ok(staged) => staged,
            Err(errors) if errors.iter().all(StageError::is_undecided) => {
                return Ok(Staging::Undecided(errors));
            }
            Err(errors) => return Err(wrong(words, &errors)),
        };
        let (head, info) = (&self.criteria.head, &self.facts.info);
        Ok(Staging::Ready(Box::new(Case {
            compiled: staged.compiled,
            input_digest: self.input_digest.clone(),
            common_order: false,
            criteria: Some(CriteriaReport {
                name: head.name.to_string(),
                title: head.title.to_string(),
                fiscal_year: head.fiscal_year,
                entry_date: info.entry_date.to_string(),
                round: info.number,
                base_date: info.base_date.to_string(),
                pools: {
                    let pools = self.criteria.pools.iter();
                    pools
                        .map(|p| (p.id.to_string(), p.label.to_string()))
                        .collect()
                },
                trial,
                holes: holes(&self.criteria),
                not_compared: staged.unfilled.iter().map(ToString::to_string).collect(),
            }),
        })))
    }

    /// Whom a result of this round speaks of: those who apply, row by row.
    pub fn roster(&self, compiled: &CompiledRound) -> Roster<'_> {
        let mut rows = compiled.rows.clone();
        rows.sort_unstable();
        let ids = &self.facts.children.ids;
        Roster {
            children: rows.iter().map(|&r| &*ids[r as usize]).collect(),
            nurseries: self.facts.facilities.ids.iter().map(|id| &**id).collect(),
        }
    }
}

/// Everything that keeps a round from being staged, and how to mend it.
pub fn wrong(words: &Words, errors: &[StageError]) -> Failure {
    let lang = match words.lang {
        Lang::Ja => text_summary::Lang::Japanese,
        Lang::En => text_summary::Lang::English,
    };
    let lines: Vec<String> = errors.iter().map(|e| e.text(lang)).collect();
    let mut failure = Failure::new(Exit::BadInput, lines.join("\n"));
    for error in errors {
        failure = failure.hint_once(error.mend(lang));
    }
    failure
}
