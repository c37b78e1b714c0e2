//! "How many more points would have changed it?" Two answers, kept apart because they differ:
//! with everybody else's result as it is, and by deciding the whole round again.
//!
//! The second is not monotone with siblings (one more point can cost a place), so every
//! threshold is tried from below; there is no bisection.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use enmusubi_market::{ChildIx, ChoiceIx, FamilyIx, Market, Placement, Slot, Wish};
use enmusubi_matching::{Mechanism, Outcome};

use crate::compiled::{CompiledRound, KeyKind};
use crate::explain_number::{Step, Whole};
use crate::explain_wish::{accepts, compare};
use crate::report::class_key;
use crate::standing::{NoRoom, Standings};

/// Combinations of siblings looked at with the others fixed.
const COMBINATIONS_MAX: u32 = 200_000;

/// What more points would have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counterfactual {
    /// Label of the component that was raised (指数).
    pub label: String,
    /// With everybody else's result as it is.
    pub others_fixed: Gain,
    /// By deciding the whole round again for each threshold; `None` where not asked for.
    pub rerun: Option<Rerun>,
}

/// The smallest gain that would have helped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gain {
    /// The child has its first choice.
    HasFirst,
    /// This many points more, for a place in this class (class key).
    Points {
        /// Points, a whole number.
        gain: String,
        /// Class key.
        class: String,
    },
    /// No number of points would have done it.
    Never,
    /// The family blocks: by its priority it has a claim already.
    Exception,
    /// Not defined: no component of points, values that are no whole numbers, a mechanism
    /// whose order of families does not come from the key (`index-order`), or too many
    /// combinations of siblings.
    Undefined,
}

/// The answer of deciding again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rerun {
    /// The smallest gain at which the child gets something better.
    pub gain: Gain,
    /// Thresholds there are: gains at which the child passes somebody.
    pub thresholds: u32,
    /// Thresholds tried, from the lowest.
    pub tried: u32,
}

/// Decides a market again; given to [`counterfactual`] by the caller, who owns the engine's
/// settings.
pub type Decide<'a> = &'a mut dyn FnMut(&Market) -> Placement;

/// The smallest gain of points that would have got a child a choice above the one it obtained.
///
/// `decide` runs the engine for one changed market; without it only the first answer is given.
/// At most `runs_max` thresholds are tried.
#[must_use]
pub fn counterfactual(
    round: &CompiledRound,
    outcome: &Outcome,
    mechanism: Mechanism,
    child: ChildIx,
    decide: Option<Decide<'_>>,
    runs_max: u32,
) -> Counterfactual {
    let market = &round.market;
    let standings = Standings::new(market, &outcome.placement);
    let points = round
        .key_components
        .iter()
        .position(|c| c.kind == KeyKind::Points);
    let label = points
        .map(|i| round.key_components[i].label.clone())
        .unwrap_or_default();
    let undefined = |label| Counterfactual {
        label,
        others_fixed: Gain::Undefined,
        rerun: None,
    };
    let Some(points) = points else {
        return undefined(label);
    };
    let family = market.children[child as usize].family;
    let choices = market.children[child as usize].choices.clone();
    let end = standings.obtained(child).unwrap_or(choices.end);
    if choices.start == end {
        return Counterfactual {
            label,
            others_fixed: Gain::HasFirst,
            rerun: None,
        };
    }
    if mechanism == Mechanism::IndexOrder {
        return undefined(label);
    }
    let ask = Ask {
        round,
        market,
        standings: &standings,
        points,
        step: Step::of(points_texts(round, points)),
        child,
        family,
        end,
    };
    let others_fixed = if mechanism != Mechanism::Stable {
        Gain::Undefined
    } else if outcome.blocking.contains(&family) {
        Gain::Exception
    } else {
        ask.others_fixed()
    };
    let rerun = decide.map(|decide| ask.rerun(decide, runs_max));
    Counterfactual {
        label,
        others_fixed,
        rerun,
    }
}

/// Texts of the points of all choices.
fn points_texts(round: &CompiledRound, points: usize) -> impl Iterator<Item = &str> {
    let keys = &round.keys;
    let at = keys.index.iter().skip(points);
    at.step_by(keys.components.max(1) as usize)
        .map(|&v| &*keys.values[v as usize])
}

struct Ask<'a> {
    round: &'a CompiledRound,
    market: &'a Market,
    standings: &'a Standings<'a>,
    points: usize,
    /// What points are counted in.
    step: Step,
    child: ChildIx,
    family: FamilyIx,
    /// Choices before this one are above the one obtained.
    end: ChoiceIx,
}

impl Ask<'_> {
    fn key(&self, choice: ChoiceIx) -> &[u32] {
        let n = self.round.keys.components as usize;
        &self.round.keys.index[choice as usize * n..(choice as usize + 1) * n]
    }

    fn value(&self, choice: ChoiceIx, component: usize) -> &str {
        &self.round.keys.values[self.key(choice)[component] as usize]
    }

    fn points_of(&self, choice: ChoiceIx) -> Option<Whole> {
        self.step.count(self.value(choice, self.points))
    }

    /// Smallest gain at which the child, at its choice `own`, stands strictly above `other`.
    /// `None` where what comes before the points already ranks it below.
    fn gain(&self, own: ChoiceIx, other: ChoiceIx) -> Option<Whole> {
        let (a, b) = (self.key(own), self.key(other));
        if a[..self.points] != b[..self.points] {
            return None;
        }
        let gap = self.points_of(other)?.minus(&self.points_of(own)?);
        match self.after_points(own, other) {
            Ordering::Less => Some(gap),
            _ => Some(gap.plus(&Whole::one())),
        }
    }

    /// Order of two keys by what comes after the points; `Less` = better.
    fn after_points(&self, own: ChoiceIx, other: ChoiceIx) -> Ordering {
        let (a, b) = (self.key(own), self.key(other));
        let differs = (self.points + 1..a.len()).find(|&i| a[i] != b[i]);
        let Some(i) = differs else {
            return Ordering::Equal;
        };
        let (x, y) = (self.value(own, i), self.value(other, i));
        match self.round.key_components[i].kind {
            KeyKind::Lottery => x.cmp(y),
            KeyKind::Row => Whole::parse(x).cmp(&Whole::parse(y)),
            // Values of a component are interned best first, and each once: "F" before "D", a day as
            // a day, whatever their texts look like.
            KeyKind::Stratum | KeyKind::Points | KeyKind::Higher | KeyKind::Lower => {
                a[i].cmp(&b[i])
            }
        }
    }

    fn others_fixed(&self) -> Gain {
        let market = self.market;
        let family = &market.families[self.family as usize];
        let now: Vec<Slot> = family
            .children
            .clone()
            .map(|c| self.standings.obtained(c).map_or(Slot::AsNow, Slot::Choice))
            .collect();
        let mut best: Option<(Whole, Vec<Slot>)> = None;
        let mut consider = |tuple: &[Slot]| {
            if compare(market, self.family, tuple, &now).is_lt()
                && let Some(gain) = self.gain_of(tuple)
            {
                let better = best.as_ref().is_none_or(|(g, t)| {
                    gain.cmp(g)
                        .then_with(|| compare(market, self.family, tuple, t))
                        .is_lt()
                });
                if better {
                    best = Some((gain, tuple.to_vec()));
                }
            }
        };
        let me = (self.child - family.children.start) as usize;
        let above = |s: &Slot| matches!(s, Slot::Choice(x) if *x < self.end);
        match &family.wish {
            Wish::Listed(list) => list
                .iter()
                .filter(|t| above(&t[me]))
                .for_each(|t| consider(t)),
            Wish::Fields(_) => {
                let mut tuple = vec![Slot::AsNow; now.len()];
                let mut left = COMBINATIONS_MAX;
                let first = market.children[self.child as usize].choices.start;
                for x in first..self.end {
                    tuple[me] = Slot::Choice(x);
                    self.walk(0, me, &mut tuple, &mut left, &mut consider);
                }
                if left == 0 {
                    return Gain::Undefined;
                }
            }
        }
        let Some((gain, tuple)) = best else {
            return Gain::Never;
        };
        let Slot::Choice(x) = tuple[me] else {
            return Gain::Never;
        };
        let class = class_key(market, market.choices[x as usize].class);
        Gain::Points {
            gain: self.step.points(&gain),
            class,
        }
    }

    /// All acceptable tuples with the child's choice given.
    fn walk(
        &self,
        i: usize,
        me: usize,
        tuple: &mut [Slot],
        left: &mut u32,
        consider: &mut impl FnMut(&[Slot]),
    ) {
        if *left == 0 {
            return;
        }
        if i == tuple.len() {
            *left -= 1;
            if accepts(self.market, self.family, tuple) {
                consider(tuple);
            }
            return;
        }
        if i == me {
            return self.walk(i + 1, me, tuple, left, consider);
        }
        let child = self.market.families[self.family as usize].children.start + i as u32;
        let choices = self.market.children[child as usize].choices.clone();
        for slot in choices.map(Slot::Choice).chain([Slot::AsNow]) {
            tuple[i] = slot;
            self.walk(i + 1, me, tuple, left, consider);
        }
    }

    /// Gain of the child's points that makes room for a tuple; `None` where none does.
    fn gain_of(&self, tuple: &[Slot]) -> Option<Whole> {
        let market = self.market;
        let start = market.families[self.family as usize].children.start;
        let group_of = |i: usize| {
            let class = market.class_of(start + i as u32, tuple[i]);
            class.map(|k| market.classes[k as usize].group)
        };
        let mut needed = Whole::default();
        for i in 0..tuple.len() {
            let Some(group) = group_of(i) else { continue };
            if (0..i).any(|j| group_of(j) == Some(group)) {
                continue;
            }
            let here = || (i..tuple.len()).filter(|&j| group_of(j) == Some(group));
            let mut weight = 0;
            let mut sent: Vec<(ChildIx, ChoiceIx)> = Vec::new();
            for j in here() {
                let c = start + j as u32;
                weight += market
                    .class_of(c, tuple[j])
                    .map_or(0, |k| market.weight(c, k));
                if let Slot::Choice(x) = tuple[j] {
                    sent.push((c, x));
                }
            }
            let priority = |x: ChoiceIx| market.choices[x as usize].priority;
            let Some(lowest) = sent.iter().map(|&(_, x)| priority(x)).max() else {
                continue;
            };
            match self.standings.room(group, self.family, lowest, weight) {
                Ok(()) => {}
                Err(NoRoom::Critical(held)) => {
                    let limit = held.choice()?;
                    for &(c, x) in &sent {
                        if c == self.child {
                            let gain = self.gain(x, limit)?;
                            needed = needed.max(gain);
                        } else if priority(x) >= priority(limit) {
                            return None;
                        }
                    }
                }
                Err(_) => return None,
            }
        }
        Some(needed)
    }

    fn rerun(&self, decide: Decide<'_>, runs_max: u32) -> Rerun {
        let market = self.market;
        let mut thresholds: BTreeSet<Whole> = BTreeSet::new();
        let own = market.children[self.child as usize].choices.clone();
        // Choices of the child by group, so that the market is walked once.
        let mut mine: Vec<(u32, ChoiceIx)> = own
            .clone()
            .map(|x| (market.group_of_choice(x), x))
            .collect();
        mine.sort_unstable();
        for child in market.children.iter().filter(|c| c.family != self.family) {
            for y in child.choices.clone() {
                let group = market.group_of_choice(y);
                let from = mine.partition_point(|m| m.0 < group);
                for &(_, x) in mine[from..].iter().take_while(|m| m.0 == group) {
                    let priority = |x: ChoiceIx| market.choices[x as usize].priority;
                    if priority(y) <= priority(x)
                        && let Some(gain) = self.gain(x, y)
                        && gain > Whole::default()
                    {
                        thresholds.insert(gain);
                    }
                }
            }
        }
        let ladder = Ladder::new(self);
        let count = thresholds.len() as u32;
        let mut tried = 0;
        for gain in thresholds {
            if tried == runs_max {
                return Rerun {
                    gain: Gain::Undefined,
                    thresholds: count,
                    tried,
                };
            }
            tried += 1;
            let raised = ladder.raised(self, &gain);
            let placement = decide(&raised);
            let class = placement.of(self.child);
            let better =
                (own.start..self.end).find(|&x| class == Some(market.choices[x as usize].class));
            if let Some(x) = better {
                let class = class_key(market, market.choices[x as usize].class);
                let gain = Gain::Points {
                    gain: self.step.points(&gain),
                    class,
                };
                return Rerun {
                    gain,
                    thresholds: count,
                    tried,
                };
            }
        }
        Rerun {
            gain: Gain::Never,
            thresholds: count,
            tried,
        }
    }
}

/// Every priority of the market with one choice that has it, best first.
struct Ladder {
    steps: Vec<(u32, ChoiceIx)>,
}

impl Ladder {
    fn new(ask: &Ask<'_>) -> Self {
        let choices = ask.market.choices.iter().enumerate();
        let mut steps: Vec<(u32, ChoiceIx)> =
            choices.map(|(x, c)| (c.priority, x as ChoiceIx)).collect();
        steps.sort_unstable();
        steps.dedup_by_key(|s| s.0);
        Self { steps }
    }

    /// The market with the child's points raised everywhere. All other priorities are doubled,
    /// which leaves an odd number free between any two of them.
    fn raised(&self, ask: &Ask<'_>, gain: &Whole) -> Market {
        let mut market = ask.market.clone();
        for choice in &mut market.choices {
            choice.priority *= 2;
        }
        let prefix = |x: ChoiceIx| &ask.key(x)[..ask.points];
        for x in ask.market.children[ask.child as usize].choices.clone() {
            let Some(points) = ask.points_of(x) else {
                continue;
            };
            let points = points.plus(gain);
            let mut priority = 1;
            for &(step, other) in &self.steps {
                let order = if prefix(other) == prefix(x) {
                    let Some(theirs) = ask.points_of(other) else {
                        continue;
                    };
                    theirs.cmp(&points).then_with(|| ask.after_points(x, other))
                } else {
                    // What comes before the points has not changed.
                    ask.market.choices[x as usize].priority.cmp(&step)
                };
                match order {
                    Ordering::Greater => priority = 2 * step + 1,
                    Ordering::Equal => priority = 2 * step,
                    Ordering::Less => break,
                }
            }
            market.choices[x as usize].priority = priority;
        }
        market
    }
}
