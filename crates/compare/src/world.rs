//! A past round under some causes: facts, criteria and market as they are with the causes mended.
//!
//! Two levels, because they cost differently: what changes facts or criteria is scored and staged again
//! ([`scored`]); everything else is done to the market that came out of that ([`edit`]), where keys are a matrix
//! of places and reordering is sorting.

mod concerned;
pub mod edit;
pub(crate) mod household;
mod pin;
pub mod scored;
pub(crate) mod splice;

use crate::{
    cause::Cause,
    keys::Keys,
    order::{by_list, listed},
    past::{Base, Past, PastTies},
    truth::Truth,
};
use enmusubi_market::{Market, Placement};
use enmusubi_matching::{Answer, Effort, Mechanism, Quick, Request, place};
use enmusubi_selection::{
    compile::compile,
    compiled::{CompiledRound, Ties},
    staged::{StageError, stage},
};
use scored::Scored;
use std::sync::Arc;

/// Why a round cannot be seen with a cause mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unworkable {
    /// The round of facts makes no market: somebody is undecided, or something is wrong.
    Stage(Vec<StageError>),
    /// The tables make no market.
    Compile(Vec<String>),
    /// The criteria with the cause mended cannot be compiled or calculated, in words.
    Score(Vec<String>),
    /// The cause does not fit this round (a row that is not there, facts in a round of tables).
    Foreign,
    /// The mechanism needs one order of families, and priority depends on the facility.
    NoCommonOrder,
}

/// A past round with some causes mended.
#[derive(Debug, Clone)]
pub struct World<'a> {
    /// What is compared.
    pub past: Past<'a>,
    /// The causes that are mended, in this order.
    pub causes: Vec<Cause>,
    /// The round as it is, where it was seen: others are made from it sooner than from nothing.
    bare: Option<Bare<'a>>,
    /// Facts, criteria and scores with the causes mended that need it; `None` for a round of tables.
    pub scored: Option<Arc<Scored<'a>>>,
    /// The market before anything was done to it, with the texts of its keys.
    pub plain: Arc<CompiledRound>,
    /// Its keys.
    pub plain_keys: Arc<Keys>,
    /// The market with everything mended.
    pub market: Market,
    /// Its keys (the tie-break included), as [`Market::choices`] have them as priorities.
    pub keys: Keys,
    /// Where the components of [`World::plain_keys`] are in [`World::keys`]; `None`: one that a cause added.
    pub components: Vec<Option<u32>>,
    /// How seats are given.
    pub mechanism: Mechanism,
    /// The decisions in this market's terms.
    pub truth: Truth,
}

/// What a world is made of before anything is done to its market.
#[derive(Debug, Clone)]
struct Bare<'a> {
    scored: Option<Arc<Scored<'a>>>,
    plain: Arc<CompiledRound>,
    keys: Arc<Keys>,
}

/// Causes that need scoring, up to which a round is made with one more after the other sooner than with all at once.
const ONE_BY_ONE: usize = 5;

impl<'a> World<'a> {
    /// The round with causes mended.
    ///
    /// # Errors
    /// Why not.
    pub fn of(past: Past<'a>, causes: &[Cause]) -> Result<Self, Unworkable> {
        let rule = match past.ties {
            PastTies::Rule(ties) => ties.clone(),
            PastTies::Decided => Ties::Stop,
        };
        let list = past.base.list();
        let mut complete = true;
        let (scored, mut compiled) = match past.base.plain() {
            Base::Facts { facts, criteria } => {
                let scored = Scored::of(facts, criteria, causes)?;
                let staged = stage(facts_of(&scored), &scored.criteria, &scored.scores, &rule);
                match (staged, list) {
                    (Ok(staged), None) => (Some(Arc::new(scored)), staged.compiled),
                    // Where the list says who comes first, nothing scored is looked at.
                    (Ok(staged), Some(_)) => (None, staged.compiled),
                    (Err(errors), Some(list)) if errors.iter().all(StageError::is_undecided) => {
                        complete = false;
                        let staged = listed(&scored, list, &rule);
                        (None, staged.map_err(Unworkable::Stage)?.compiled)
                    }
                    (Err(errors), _) => return Err(Unworkable::Stage(errors)),
                }
            }
            Base::Tables(round) => {
                let wrong =
                    |e: Vec<_>| Unworkable::Compile(e.iter().map(ToString::to_string).collect());
                (None, compile(round, &rule).map_err(wrong)?)
            }
            Base::Listed { .. } => return Err(Unworkable::Foreign),
        };
        if let Some(list) = list {
            by_list(&mut compiled, list, complete);
        }
        let keys = Arc::new(Keys::of(&compiled));
        let made = Bare {
            scored,
            plain: Arc::new(compiled),
            keys,
        };
        let bare = causes.is_empty().then(|| made.clone());
        Self::edited(past, causes.to_vec(), made, bare)
    }

    /// The round with one more cause mended.
    ///
    /// # Errors
    /// Why not.
    pub fn with(&self, cause: &Cause) -> Result<Self, Unworkable> {
        let mut causes = self.causes.clone();
        causes.push(cause.clone());
        let spliced = splice::with_fact(self, cause).or_else(|| {
            let scored = concerned::with_cause(self, cause)?;
            let market = None;
            Some(splice::Spliced { scored, market })
        });
        if let Some(splice::Spliced { scored, market }) = spliced {
            let (plain, keys) = match market {
                Some((plain, keys)) => (plain, keys),
                None => {
                    let rule = self.plain.ties.clone();
                    let staged = stage(&scored.facts, &scored.criteria, &scored.scores, &rule);
                    let plain = staged.map_err(Unworkable::Stage)?.compiled;
                    let keys = Keys::of(&plain);
                    (plain, keys)
                }
            };
            let made = Bare {
                scored: Some(Arc::new(scored)),
                plain: Arc::new(plain),
                keys: Arc::new(keys),
            };
            return Self::edited(self.past, causes, made, self.bare.clone());
        }
        if cause.needs_scoring() && self.scored.is_some() {
            let mut world = Self::of(self.past, &causes)?;
            world.bare.clone_from(&self.bare);
            return Ok(world);
        }
        Self::edited(self.past, causes, self.made(), self.bare.clone())
    }

    /// What this world is made of.
    fn made(&self) -> Bare<'a> {
        Bare {
            scored: self.scored.clone(),
            plain: Arc::clone(&self.plain),
            keys: Arc::clone(&self.plain_keys),
        }
    }

    /// The round with other causes mended instead.
    ///
    /// # Errors
    /// Why not.
    pub fn with_only(&self, causes: &[Cause]) -> Result<Self, Unworkable> {
        let scored = |list: &[Cause]| -> Vec<Cause> {
            let list = list.iter().filter(|c| c.needs_scoring());
            list.cloned().collect()
        };
        let scoring = scored(causes);
        if scoring == scored(&self.causes) {
            return Self::edited(self.past, causes.to_vec(), self.made(), self.bare.clone());
        }
        // Without scores the order of what edits the market matters, and lists are staged with all causes.
        let bare = self.bare.as_ref().filter(|bare| bare.scored.is_some());
        let Some(bare) = bare else {
            return Self::of(self.past, causes);
        };
        if scoring.len() > ONE_BY_ONE {
            let mut world = Self::of(self.past, causes)?;
            world.bare.clone_from(&self.bare);
            return Ok(world);
        }
        // In a round of facts what only edits the market does the same before and behind what is scored.
        let edits = causes.iter().filter(|c| !c.needs_scoring());
        let edits: Vec<Cause> = edits.cloned().collect();
        let mut world = Self::edited(self.past, edits, bare.clone(), self.bare.clone())?;
        for cause in &scoring {
            world = world.with(cause)?;
        }
        Ok(world)
    }

    fn edited(
        past: Past<'a>,
        causes: Vec<Cause>,
        made: Bare<'a>,
        bare: Option<Bare<'a>>,
    ) -> Result<Self, Unworkable> {
        let Bare {
            scored,
            plain,
            keys: plain_keys,
        } = made;
        let mut world = Self {
            past,
            causes: Vec::new(),
            bare,
            scored,
            market: plain.market.clone(),
            keys: (*plain_keys).clone(),
            components: (0..plain_keys.components() as u32).map(Some).collect(),
            mechanism: past.mechanism,
            truth: Truth { of: Vec::new() },
            plain,
            plain_keys,
        };
        world.truth = Truth::of(&world.market, past.decisions, None);
        edit::apply(&mut world, &causes)?;
        world.truth.settle_pools(&world.market, past.decisions);
        world.causes = causes;
        Ok(world)
    }

    /// The placement of this world. The search for a better one among several that are right is left out: it may take
    /// seconds where nothing is right to all, and another that is as right is no difference.
    #[must_use]
    pub fn place(&self) -> Placement {
        self.place_with(Effort::Witness)
    }

    /// The placement of this world, proved to be the best or not.
    #[must_use]
    pub fn place_with(&self, effort: Effort) -> Placement {
        let request = Request {
            mechanism: self.mechanism,
            effort,
            threads: 1,
            stop_at_ties: false,
        };
        match place(&self.market, request, &Quick) {
            Answer::Placed(outcome) => outcome.placement,
            // Ties do not stop what was decided long ago.
            Answer::Undecided(_) => Placement::as_now(&self.market),
        }
    }

    /// Whether the last component of the keys is a tie-break of this program's (lottery, rows).
    #[must_use]
    pub fn has_tie_break(&self) -> bool {
        matches!(
            self.past.ties,
            PastTies::Rule(Ties::Lottery(_) | Ties::RowOrder)
        )
    }
}

fn facts_of<'s>(scored: &'s Scored<'_>) -> &'s enmusubi_domain::facts::RoundFacts {
    &scored.facts
}
