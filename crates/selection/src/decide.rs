//! Placing a market and having the independent checker confirm it.
//!
//! **Invariant:** a placement leaves [`decide`] only after the checker has come to the engine's
//! conclusion: feasible, the same blocking families, the same sum of positions; where the
//! mechanism can be replayed, the same children at the same classes.

use enmusubi_market::{ChildIx, FamilyIx, GroupIx, Market};
use enmusubi_matching::{Answer, Mechanism, Outcome, Request, TiedPair, Watch, place};
use enmusubi_verify::{self as verify, Verdict};

/// What was decided.
#[derive(Debug)]
pub enum Decision {
    /// A placement the checker agrees with.
    Placed(Box<Decided>),
    /// Ties are undecided; nobody is placed.
    Undecided(Vec<TiedPair>),
}

/// A placement, verified.
#[derive(Debug)]
pub struct Decided {
    /// The engine's answer.
    pub outcome: Outcome,
    /// The checker's.
    pub verdict: Verdict,
}

/// Steps of [`decide`] beside the engine's own phases, for a stop-watch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Ties of a mechanism where turns decide.
    Ties,
    /// The checker.
    Verify,
}

/// Places a market and has the checker confirm it. `declared`: the rules declare a common order of
/// families. `step` is called when a step begins.
///
/// # Errors
/// Everything engine and checker say differently, one line each: a defect of this program.
pub fn decide(
    market: &Market,
    declared: bool,
    request: Request,
    watch: &dyn Watch,
    step: &dyn Fn(Step),
) -> Result<Decision, String> {
    if request.stop_at_ties
        && let Some(mechanism) = replayable(request.mechanism)
    {
        step(Step::Ties);
        let pairs = decided_by_turn(market, mechanism, declared);
        if !pairs.is_empty() {
            return Ok(Decision::Undecided(pairs));
        }
    }
    let outcome = match place(market, request, watch) {
        Answer::Placed(outcome) => *outcome,
        Answer::Undecided(pairs) => return Ok(Decision::Undecided(pairs)),
    };
    step(Step::Verify);
    let (verdict, replayed) = judge(market, &outcome, request.mechanism);
    let disagreements = disagreements(market, &outcome, &verdict, replayed);
    if disagreements.is_empty() {
        Ok(Decision::Placed(Box::new(Decided { outcome, verdict })))
    } else {
        Err(disagreements.join("\n"))
    }
}

/// Pairs of children whom nothing but their ids would rank in a mechanism where turns decide.
/// A common order the rules declare ranks families of equal priority, one worked out does not.
fn decided_by_turn(market: &Market, mechanism: verify::Mechanism, declared: bool) -> Vec<TiedPair> {
    let order = |f: FamilyIx| market.families[f as usize].common_order;
    // Of a family's children in a group the one of lowest priority decided its turn.
    let child = |family: FamilyIx, group: GroupIx| {
        let children = market.families[family as usize].children.clone();
        let in_group = |c: ChildIx| {
            let choices = market.children[c as usize].choices.clone();
            choices
                .filter(|&x| market.group_of_choice(x) == group)
                .map(|x| market.choices[x as usize].priority)
                .max()
        };
        let first = children.start;
        children.max_by_key(|&c| in_group(c)).unwrap_or(first)
    };
    let mut pairs: Vec<TiedPair> = verify::replay(market, mechanism)
        .decided_by_order
        .into_iter()
        .filter(|t| !declared || order(t.first) == order(t.second))
        .map(|t| {
            let (a, b) = (child(t.first, t.group), child(t.second, t.group));
            TiedPair {
                group: t.group,
                a: a.min(b),
                b: a.max(b),
            }
        })
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The checker's view of an outcome, and the number of children whom a replay of the mechanism
/// places otherwise.
fn judge(market: &Market, outcome: &Outcome, mechanism: Mechanism) -> (Verdict, usize) {
    match replayable(mechanism) {
        None => (verify::check(market, &outcome.placement), 0),
        Some(m) => {
            let v = verify::check_mechanism(market, &outcome.placement, m);
            (v.verdict, v.differences.len())
        }
    }
}

/// The checker's name of a mechanism that can be replayed.
#[must_use]
pub fn replayable(mechanism: Mechanism) -> Option<verify::Mechanism> {
    match mechanism {
        Mechanism::Stable => None,
        Mechanism::IndexOrder => Some(verify::Mechanism::IndexOrder),
        Mechanism::ChoiceOrder => Some(verify::Mechanism::ChoiceOrder),
    }
}

/// Everything engine and checker say differently. A family the checker could not finish within
/// its bound proves nothing either way.
fn disagreements(
    market: &Market,
    outcome: &Outcome,
    verdict: &Verdict,
    replayed: usize,
) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(violation) = verdict.violations.first() {
        found.push(format!(
            "{} violations, first {violation:?}",
            verdict.violations.len()
        ));
    }
    let finished = |f: &FamilyIx| !verdict.unfinished.contains(f);
    let theirs: Vec<FamilyIx> = verdict
        .blocking
        .iter()
        .map(|b| b.family)
        .filter(finished)
        .collect();
    let ours: Vec<FamilyIx> = outcome.blocking.iter().copied().filter(finished).collect();
    if ours != theirs {
        let names = |list: &[FamilyIx]| {
            let names = list
                .iter()
                .take(5)
                .map(|&f| &*market.families[f as usize].id);
            format!("{} {:?}", list.len(), names.collect::<Vec<_>>())
        };
        found.push(format!(
            "blocking families: engine {}, checker {}",
            names(&ours),
            names(&theirs)
        ));
    }
    if verdict.unfinished.is_empty() && outcome.rank_sum != verdict.summary.rank_sum {
        let (a, b) = (outcome.rank_sum, verdict.summary.rank_sum);
        found.push(format!("sum of positions: engine {a}, checker {b}"));
    }
    if replayed > 0 {
        found.push(format!("replayed: {replayed} children placed otherwise"));
    }
    found
}
