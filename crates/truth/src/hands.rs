//! What somebody decides a round by, and the decisions that follow.

use enmusubi_criteria::Criteria;
use enmusubi_domain::{
    facts::{Entity, RoundFacts, Value, certificate::fill_conversions, vocabulary::find},
    past::{Decision, Decisions, Outcome},
};
use enmusubi_market::{ChoiceIx, Market, Placement};
use enmusubi_matching::{Answer, Effort, Mechanism, Quick, Request, place};
use enmusubi_scoring::Program;
use enmusubi_selection::{
    compiled::{CompiledRound, Ties},
    decide,
    staged::stage,
};
use std::collections::BTreeMap;

/// Facts, criteria and practice.
#[derive(Debug, Clone)]
pub struct Hands {
    /// Facts, as stated; conversions of certificates are not filled in.
    pub facts: RoundFacts,
    /// Criteria.
    pub criteria: Criteria,
    /// What happens to equals.
    pub ties: Ties,
    /// How seats are given.
    pub mechanism: Mechanism,
    /// Whoever judges points does not look at whether somebody moves from another facility.
    pub transfers_as_new: bool,
    /// Something compared before everything the criteria say.
    pub before_all: Option<BeforeAll>,
    /// Pairs of children (ids) whose places in the lottery are exchanged, in this order.
    pub exchanged: Vec<(Box<str>, Box<str>)>,
    /// Children (ids) who are treated against the rules at a facility (id), in this order.
    pub favours: Vec<(Box<str>, Box<str>, Favour)>,
}

/// What may be compared before everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeforeAll {
    /// The choice rank, lower first.
    Rank,
    /// Transfer applicants before the others.
    TransfersFirst,
    /// Transfer applicants behind the others.
    TransfersLast,
}

/// How a child is treated against the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Favour {
    /// Before everybody.
    First,
    /// Behind everybody.
    Last,
}

/// A round, decided.
#[derive(Debug, Clone)]
pub struct Decided {
    /// Market and keys; priorities as they were decided by.
    pub compiled: CompiledRound,
    /// Who got what.
    pub placement: Placement,
}

impl Hands {
    /// Facts and criteria without any practice of their own.
    #[must_use]
    pub fn new(facts: RoundFacts, criteria: Criteria, ties: Ties, mechanism: Mechanism) -> Self {
        Self {
            facts,
            criteria,
            ties,
            mechanism,
            transfers_as_new: false,
            before_all: None,
            exchanged: Vec::new(),
            favours: Vec::new(),
        }
    }

    /// The market that follows.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub fn market(&self) -> Result<CompiledRound, String> {
        let mut facts = self.facts.clone();
        fill_conversions(&mut facts, &self.criteria.conversion);
        let program = Program::compile(&self.criteria).map_err(|e| e.join("\n"))?;
        let scores = match self.transfers_as_new {
            true => program.score(&as_new(&facts)),
            false => program.score(&facts),
        };
        let scores = scores.map_err(|e| format!("{e:?}"))?;
        let staged = stage(&facts, &self.criteria, &scores, &self.ties);
        let mut compiled = staged
            .map_err(|errors| {
                let shown = errors.iter().take(3).map(|e| format!("{e:?}"));
                format!(
                    "{} errors: {}",
                    errors.len(),
                    shown.collect::<Vec<_>>().join("; ")
                )
            })?
            .compiled;
        self.practise(&mut compiled);
        Ok(compiled)
    }

    /// The decisions that follow.
    ///
    /// # Errors
    /// As [`Hands::market`].
    pub fn decide(&self) -> Result<Decided, String> {
        let compiled = self.market()?;
        let answer = place(&compiled.market, self.request(), &Quick);
        let Answer::Placed(outcome) = answer else {
            return Err("ties are undecided".to_owned());
        };
        Ok(Decided {
            placement: outcome.placement,
            compiled,
        })
    }

    /// The decisions that follow, confirmed by the independent checker.
    ///
    /// # Errors
    /// As [`Hands::market`], and what engine and checker say differently.
    pub fn decide_checked(&self) -> Result<Decided, String> {
        let compiled = self.market()?;
        let decision = decide::decide(&compiled.market, false, self.request(), &Quick, &|_| {})?;
        let decide::Decision::Placed(decided) = decision else {
            return Err("ties are undecided".to_owned());
        };
        Ok(Decided {
            placement: decided.outcome.placement,
            compiled,
        })
    }

    fn request(&self) -> Request {
        Request {
            mechanism: self.mechanism,
            // As a comparison decides it: several placements can be stable, and one of them is the best.
            effort: Effort::Witness,
            threads: 1,
            stop_at_ties: false,
        }
    }

    /// What is practised beside the criteria, done to the priorities of a market.
    fn practise(&self, compiled: &mut CompiledRound) {
        if self.before_all.is_some() || !self.exchanged.is_empty() {
            let mut keys = rows(compiled);
            for (a, b) in &self.exchanged {
                exchange(compiled, &mut keys, a, b);
            }
            if let Some(leading) = self.before_all {
                lead(compiled, &mut keys, leading);
            }
            number(&mut compiled.market, &keys);
        }
        for (child, facility, favour) in &self.favours {
            treat(&mut compiled.market, child, facility, *favour);
        }
    }
}

/// Everybody applies anew.
fn as_new(facts: &RoundFacts) -> RoundFacts {
    let mut facts = facts.clone();
    let Some(at) = find(Entity::Child, "application") else {
        return facts;
    };
    let enrolled: Vec<u32> = (0..facts.children.len() as u32)
        .filter(|&c| facts.children.get(c, at) == Value::Enum(2))
        .collect();
    for child in enrolled {
        facts.children.set(child, at, Value::Enum(1));
    }
    facts
}

/// The keys of all choices: places, best first, most important component first. (The market of facts has the
/// values of each component best first.)
fn rows(compiled: &CompiledRound) -> Vec<Vec<u32>> {
    let width = (compiled.keys.components as usize).max(1);
    compiled
        .keys
        .index
        .chunks(width)
        .map(<[u32]>::to_vec)
        .collect()
}

/// Exchanges two children's places in the last component, the lottery.
fn exchange(compiled: &CompiledRound, keys: &mut [Vec<u32>], a: &str, b: &str) {
    let choices = |id: &str| {
        let mut children = compiled.market.children.iter();
        children.find(|c| *c.id == *id).map(|c| c.choices.clone())
    };
    let (Some(a), Some(b)) = (choices(a), choices(b)) else {
        return;
    };
    let last = |of: &std::ops::Range<u32>| keys.get(of.start as usize)?.last().copied();
    let (Some(of_a), Some(of_b)) = (last(&a), last(&b)) else {
        return;
    };
    for (range, place) in [(a, of_b), (b, of_a)] {
        for x in range {
            if let Some(slot) = keys[x as usize].last_mut() {
                *slot = place;
            }
        }
    }
}

/// Puts a component before all.
fn lead(compiled: &CompiledRound, keys: &mut [Vec<u32>], leading: BeforeAll) {
    for child in &compiled.market.children {
        for x in child.choices.clone() {
            let transfer = child.current.is_some();
            let place = match leading {
                BeforeAll::Rank => compiled.market.choices[x as usize].rank,
                BeforeAll::TransfersFirst => u32::from(!transfer),
                BeforeAll::TransfersLast => u32::from(transfer),
            };
            keys[x as usize].insert(0, place);
        }
    }
}

/// Numbers keys as priorities.
fn number(market: &mut Market, keys: &[Vec<u32>]) {
    let mut places: BTreeMap<&[u32], u32> = keys.iter().map(|k| (&**k, 0)).collect();
    for (place, of) in places.values_mut().enumerate() {
        *of = place as u32 + 1;
    }
    for (x, key) in keys.iter().enumerate() {
        market.choices[x].priority = places[&**key];
    }
}

/// Treats a child at a facility before or behind everybody.
fn treat(market: &mut Market, child: &str, facility: &str, favour: Favour) {
    let Some(child) = market.children.iter().find(|c| *c.id == *child) else {
        return;
    };
    let range = child.choices.clone();
    let there: Vec<ChoiceIx> = range
        .filter(|&x| {
            let class = &market.classes[market.choices[x as usize].class as usize];
            *market.nurseries[class.nursery as usize].id == *facility
        })
        .collect();
    let last = market.choices.iter().map(|x| x.priority).max().unwrap_or(0) + 1;
    for choice in &mut market.choices {
        choice.priority += 1;
    }
    for x in there {
        market.choices[x as usize].priority = match favour {
            Favour::First => 1,
            Favour::Last => last + 1,
        };
    }
}

impl Decided {
    /// The facility a child of the market is placed at, with the pool.
    #[must_use]
    pub fn place_of(&self, child: u32) -> Option<(&str, Option<&str>)> {
        let market = &self.compiled.market;
        let class = &market.classes[self.placement.of(child)? as usize];
        let facility = &*market.nurseries[class.nursery as usize].id;
        Some((facility, class.pool.as_deref()))
    }

    /// As a list that a nursery section keeps: who was placed where; on hold is who is not newly placed. Pools
    /// are not named, as lists seldom do.
    #[must_use]
    pub fn decisions(&self) -> Decisions {
        let market = &self.compiled.market;
        let list = market.children.iter().enumerate().map(|(c, child)| {
            let moved = self.placement.of(c as u32) != child.current;
            let place = self.place_of(c as u32).filter(|_| moved);
            Decision {
                child: child.id.clone(),
                outcome: match place {
                    Some((facility, _)) => Outcome::Placed {
                        facility: facility.into(),
                        pool: None,
                    },
                    None => Outcome::Held,
                },
                row: c as u32 + 2,
            }
        });
        Decisions {
            list: list.collect(),
        }
    }

    /// Ids of the children for whom another's decision is another facility, sorted.
    #[must_use]
    pub fn differing(&self, other: &Self) -> Vec<Box<str>> {
        let of = |d: &Self| -> BTreeMap<Box<str>, Option<Box<str>>> {
            let children = d.compiled.market.children.iter().enumerate();
            let facility = |c: usize| d.place_of(c as u32).map(|p| p.0.into());
            children
                .map(|(c, child)| (child.id.clone(), facility(c)))
                .collect()
        };
        let (ours, theirs) = (of(self), of(other));
        let known = ours
            .iter()
            .filter(|(id, place)| theirs.get(*id) != Some(*place));
        let mut list: Vec<Box<str>> = known.map(|(id, _)| id.clone()).collect();
        list.extend(theirs.keys().filter(|id| !ours.contains_key(*id)).cloned());
        list.sort_unstable();
        list
    }
}
