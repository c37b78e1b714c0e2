//! The mechanism `stable`, pass by pass.

use enmusubi_market::{FamilyIx, Market, POSITION_CAP, Placement, Slot, TieReading, Wish, tuples};

use crate::component::{Decided, Placed, Run};
use crate::diagnose;
use crate::flat::{Flat, Layout};
use crate::open::Sets;
use crate::outcome::{
    Answer, Effort, Instability, Outcome, Phase, Proof, Proofs, Request, SearchEffort, TiedPair,
    Watch,
};
use crate::unstable::{self, Wronged};
use crate::witness;

/// What the components of all passes add up to.
#[derive(Default)]
struct Total {
    blocking: Vec<FamilyIx>,
    blocking_bound: u32,
    only_children_bound: u32,
    with_class_slack: u64,
    rank_sum_slack: u64,
    canonical: bool,
    instability: Option<Instability>,
    work: SearchEffort,
}

/// A component, decided one way or the other.
enum Component {
    Stable(Placed),
    Wronged(Box<Wronged>, Instability),
    Tied(Vec<TiedPair>),
}

/// Choices up to which equal priority is decided as it stands, with all its freedom.
const EQUAL_CHOICES_MAX: usize = 30_000;

pub(crate) fn place(market: &Market, request: Request, watch: &dyn Watch) -> Answer {
    let large = market.choices.len() > EQUAL_CHOICES_MAX || request.effort == Effort::Witness;
    if market.ties == TieReading::Equal && large {
        // What is stable when equals are put in any order is stable when an equal child holds
        // its seat: fewer refusals need a reason. So one order (by SHA-256 of the child's id)
        // gives a stable placement, without the freedom that would make a large search endless.
        let ordered = in_one_order(market);
        if let Answer::Placed(mut outcome) = place(&ordered, request, watch) {
            if !outcome.blocking.is_empty() {
                // Some of those the order wrongs are not wronged where equals hold their seats;
                // whether another order would wrong nobody is left open.
                outcome.blocking = blocking(market, &outcome.placement);
                outcome.instability = None;
                let proof = if outcome.blocking.is_empty() {
                    Proof::Proved
                } else {
                    Proof::Bound(0)
                };
                outcome.proofs.blocking_families = proof;
                outcome.proofs.blocking_only_children = proof;
            }
            if request.effort == Effort::Proved {
                let seats: u64 = market.groups.iter().map(|g| g.seats / g.unit.max(1)).sum();
                let movers = market
                    .children
                    .iter()
                    .filter(|c| c.current.is_some())
                    .count() as u64;
                let most = (seats + movers).min(market.children.len() as u64) as i64;
                outcome.proofs.with_class = Proof::Bound(most);
                outcome.proofs.rank_sum = Proof::Bound(market.families.len() as i64);
                outcome.proofs.canonical = false;
            }
            return Answer::Placed(outcome);
        }
    }
    let parallel = request.threads > 1;
    let run = Run {
        market,
        layout: Layout::new(market),
        parallel,
        stop_at_ties: request.stop_at_ties,
        watch,
    };
    let decide = || decide(&run, request.effort);
    if parallel {
        // A pool that cannot be had (no more threads) is no reason to fail: one thread decides
        // the same.
        match rayon::ThreadPoolBuilder::new()
            .num_threads(request.threads as usize)
            .build()
        {
            Ok(pool) => pool.install(decide),
            Err(_) => decide(),
        }
    } else {
        decide()
    }
}

fn decide(run: &Run<'_>, effort: Effort) -> Answer {
    let market = run.market;
    run.watch.phase(Phase::Reduce);
    let mut placement = Placement::as_now(market);
    let mut slots: Vec<Option<Box<[Slot]>>> = vec![None; market.families.len()];
    let mut total = Total {
        canonical: effort == Effort::Proved,
        ..Total::default()
    };
    for pass in passes(market) {
        let room = room(market, &placement, pass);
        let components = components(market, pass);
        let solve = |scratch: &mut Vec<u32>, families: &Vec<FamilyIx>| {
            one_component(run, families, &room, effort, scratch)
        };
        let decided: Vec<Component> = if run.parallel && components.len() > 1 {
            use rayon::prelude::*;
            components.par_iter().map_init(Vec::new, solve).collect()
        } else {
            let mut scratch = Vec::new();
            components
                .iter()
                .map(|families| solve(&mut scratch, families))
                .collect()
        };
        let mut tied: Vec<TiedPair> = Vec::new();
        for component in decided {
            let placed = match component {
                Component::Tied(pairs) => {
                    tied.extend(pairs);
                    continue;
                }
                Component::Stable(placed) => placed,
                Component::Wronged(wronged, why) => {
                    total.blocking.extend(&wronged.blocking);
                    total.blocking_bound += wronged.bound;
                    total.only_children_bound += wronged.only_children_bound;
                    let all = total.instability.get_or_insert_with(|| Instability {
                        repairs_complete: true,
                        ..Instability::default()
                    });
                    all.irreducible.extend(why.irreducible);
                    all.repairs.extend(why.repairs);
                    all.repairs_complete &= why.repairs_complete;
                    wronged.placed
                }
            };
            total.with_class_slack += placed.with_class_slack;
            total.rank_sum_slack += placed.rank_sum_slack;
            total.canonical &= placed.canonical;
            add(&mut total.work, placed.work);
            for (family, tuple) in placed.slots {
                let children = market.families[family as usize].children.clone();
                for (c, &s) in children.zip(&*tuple) {
                    placement.class[c as usize] = market.class_of(c, s);
                }
                slots[family as usize] = Some(tuple);
            }
        }
        if !tied.is_empty() {
            tied.sort_unstable();
            tied.dedup();
            return Answer::Undecided(tied);
        }
    }
    Answer::Placed(Box::new(outcome(run, effort, placement, &slots, total)))
}

/// A watch that keeps the caller's time limit and says nothing of phases.
struct Hushed<'w>(&'w dyn Watch);

impl Watch for Hushed<'_> {
    fn stop(&self) -> bool {
        self.0.stop()
    }

    fn exact(&self) -> bool {
        self.0.exact()
    }
}

fn one_component(
    run: &Run<'_>,
    families: &[FamilyIx],
    room: &[i64],
    effort: Effort,
    scratch: &mut Vec<u32>,
) -> Component {
    let stuck = match run.component(families, room, &[], effort, scratch) {
        Decided::Placed(placed) => return Component::Stable(placed),
        Decided::Tied(pairs) => return Component::Tied(pairs),
        Decided::Stuck(stuck) => stuck,
    };
    // The many runs of what follows are one phase to the caller's stop-watch.
    run.watch.phase(Phase::Diagnose);
    let hushed = Hushed(run.watch);
    let quiet = Run {
        market: run.market,
        layout: Layout {
            unit: run.layout.unit.clone(),
        },
        parallel: false,
        stop_at_ties: false,
        watch: &hushed,
    };
    let wronged = unstable::place(&quiet, families, room, &stuck, effort, scratch);
    let explain = effort == Effort::Proved && run.watch.explain_instability();
    let why = if stuck.proved && explain {
        diagnose::diagnose(&quiet, families, room, &stuck, scratch)
    } else {
        Instability::default()
    };
    Component::Wronged(Box::new(wronged), why)
}

fn outcome(
    run: &Run<'_>,
    effort: Effort,
    placement: Placement,
    slots: &[Option<Box<[Slot]>>],
    mut total: Total,
) -> Outcome {
    let market = run.market;
    total.blocking.sort_unstable();
    let rank_sum = rank_sum(market, slots);
    let only = |f: &&FamilyIx| market.families[**f as usize].children.len() == 1;
    let blocking = total.blocking.len() as u32;
    let only_children = total.blocking.iter().filter(only).count() as u32;
    let lower = |value: u32, bound: u32| {
        if value == bound {
            Proof::Proved
        } else {
            Proof::Bound(i64::from(bound))
        }
    };
    let asked = |proof: Proof| {
        if effort == Effort::Proved {
            proof
        } else {
            Proof::NotAsked
        }
    };
    let with_class = match total.with_class_slack {
        0 => Proof::Proved,
        slack => Proof::Bound(i64::from(placement.with_class()) + slack as i64),
    };
    let positions = match total.rank_sum_slack {
        0 => Proof::Proved,
        slack => Proof::Bound((rank_sum - slack) as i64),
    };
    let first = lower(blocking, total.blocking_bound);
    // "Fewest only children" is said among the placements with fewest blocking families.
    let second = match first {
        Proof::Proved => lower(only_children, total.only_children_bound),
        _ if only_children == 0 => Proof::Bound(0),
        _ => Proof::Bound(i64::from(total.only_children_bound)),
    };
    let reached = first == Proof::Proved && second == Proof::Proved;
    Outcome {
        proofs: Proofs {
            blocking_families: first,
            blocking_only_children: second,
            with_class: asked(with_class),
            rank_sum: asked(if with_class == Proof::Proved {
                positions
            } else {
                Proof::Bound(rank_sum as i64 - total.rank_sum_slack as i64)
            }),
            canonical: total.canonical && reached,
        },
        placement,
        blocking: total.blocking,
        instability: total.instability,
        rank_sum,
        reproducible: !run.watch.stop(),
        effort: total.work,
    }
}

/// Σ over families of min(position, 99).
fn rank_sum(market: &Market, slots: &[Option<Box<[Slot]>>]) -> u64 {
    let position = |(f, tuple): (usize, &Option<Box<[Slot]>>)| {
        let tuple = tuple.as_deref()?;
        Some(u64::from(position(market, f as FamilyIx, tuple)))
    };
    slots.iter().enumerate().filter_map(position).sum()
}

/// Capped 1-based position of what a family obtained.
pub(crate) fn position(market: &Market, family: FamilyIx, obtained: &[Slot]) -> u32 {
    let fam = &market.families[family as usize];
    if obtained.len() == 1 && matches!(fam.wish, enmusubi_market::Wish::Fields(_)) {
        let rank = match obtained[0] {
            Slot::Choice(x) => market.choices[x as usize].rank,
            Slot::AsNow => {
                market
                    .choices_of(fam.children.start)
                    .last()
                    .map_or(0, |x| x.rank)
                    + 1
            }
        };
        return rank.min(POSITION_CAP);
    }
    tuples::position(market, family, obtained, POSITION_CAP)
}

/// Passes in use, first one first.
pub(crate) fn passes(market: &Market) -> Vec<u8> {
    let mut passes: Vec<u8> = market.families.iter().map(|f| f.pass).collect();
    passes.sort_unstable();
    passes.dedup();
    passes
}

/// Capacity of each group for a pass: declared seats, and the seats of transfer applicants of
/// this pass and those before, less what those before have taken. Later applicants' seats are
/// held for them.
pub(crate) fn room(market: &Market, placement: &Placement, pass: u8) -> Vec<i64> {
    let mut room: Vec<i64> = market
        .groups
        .iter()
        .map(|g| i64::try_from(g.seats).unwrap_or(i64::MAX / 4))
        .collect();
    for (c, child) in market.children.iter().enumerate() {
        let of = market.families[child.family as usize].pass;
        if of > pass {
            continue;
        }
        if let Some(class) = child.current {
            let group = market.classes[class as usize].group as usize;
            room[group] += market.weight(c as u32, class) as i64;
        }
        if of < pass
            && let Some(class) = placement.class[c]
        {
            let group = market.classes[class as usize].group as usize;
            room[group] -= market.weight(c as u32, class) as i64;
        }
    }
    room
}

/// Families that block a placement, pass by pass.
fn blocking(market: &Market, placement: &Placement) -> Vec<FamilyIx> {
    let layout = Layout::new(market);
    let slots: Vec<Vec<Slot>> = (0..market.families.len() as FamilyIx)
        .map(|f| tuple_of(market, placement, f))
        .collect();
    let mut blocking = Vec::new();
    for pass in passes(market) {
        let families: Vec<FamilyIx> = (0..market.families.len() as u32)
            .filter(|&f| market.families[f as usize].pass == pass)
            .collect();
        let room = room(market, placement, pass);
        let at = families.iter().map(|&f| (f, &*slots[f as usize])).collect();
        let flat = Flat::new(market, &layout, families, &room, &mut Vec::new());
        blocking.extend(witness::blocking(&flat, &at));
    }
    blocking.sort_unstable();
    blocking
}

/// A family's tuple in a placement.
fn tuple_of(market: &Market, placement: &Placement, family: FamilyIx) -> Vec<Slot> {
    let children = market.families[family as usize].children.clone();
    // A list may give one class with two priorities; then the list says which.
    if let Wish::Listed(list) = &market.families[family as usize].wish {
        let gives = |tuple: &[Slot]| {
            let mut slots = children.clone().zip(tuple);
            slots.all(|(c, &s)| market.class_of(c, s) == placement.of(c))
        };
        if let Some(tuple) = list.iter().find(|t| gives(t)) {
            return tuple.to_vec();
        }
    }
    children.map(|c| slot(market, c, placement.of(c))).collect()
}

/// What a child's class is in its family's tuple.
fn slot(market: &Market, child: u32, class: Option<u32>) -> Slot {
    let choices = market.children[child as usize].choices.clone();
    let chosen = |&x: &u32| Some(market.choices[x as usize].class) == class;
    choices
        .into_iter()
        .find(chosen)
        .map_or(Slot::AsNow, Slot::Choice)
}

/// The market with equals put in the order of SHA-256 of their ids (siblings included).
fn in_one_order(market: &Market) -> Market {
    use sha2::{Digest, Sha256};
    let mut order: Vec<u32> = (0..market.children.len() as u32).collect();
    order.sort_by_cached_key(|&c| -> [u8; 32] {
        Sha256::digest(market.children[c as usize].id.as_bytes()).into()
    });
    let mut turn = vec![0u64; order.len()];
    for (k, &c) in order.iter().enumerate() {
        turn[c as usize] = k as u64;
    }
    let mut ordered = market.clone();
    ordered.ties = TieReading::Strict;
    let mut keys: Vec<(u64, usize)> = Vec::with_capacity(market.choices.len());
    for (c, child) in market.children.iter().enumerate() {
        for x in child.choices.clone() {
            let priority = u64::from(market.choices[x as usize].priority);
            keys.push((priority << 32 | turn[c], x as usize));
        }
    }
    keys.sort_unstable();
    let mut last = None;
    let mut dense = 0;
    for (key, x) in keys {
        if last != Some(key) {
            dense += 1;
            last = Some(key);
        }
        ordered.choices[x].priority = dense;
    }
    ordered
}

/// Families of a pass, cut where no seat group joins them. Each ascending, in order of their
/// first family.
fn components(market: &Market, pass: u8) -> Vec<Vec<FamilyIx>> {
    let mut sets = Sets::new(market.families.len());
    let mut first = vec![u32::MAX; market.groups.len()];
    for (f, family) in market.families.iter().enumerate() {
        if family.pass != pass {
            continue;
        }
        let f = f as u32;
        for c in family.children.clone() {
            let classes = market.choices_of(c).iter().map(|x| x.class);
            for class in classes.chain(market.children[c as usize].current) {
                let lead = &mut first[market.classes[class as usize].group as usize];
                if *lead == u32::MAX {
                    *lead = f;
                } else {
                    sets.join(*lead, f);
                }
            }
        }
    }
    let mut of_lead = vec![u32::MAX; market.families.len()];
    let mut components: Vec<Vec<FamilyIx>> = Vec::new();
    for (f, family) in market.families.iter().enumerate() {
        if family.pass == pass {
            let lead = sets.find(f as u32) as usize;
            if of_lead[lead] == u32::MAX {
                of_lead[lead] = components.len() as u32;
                components.push(Vec::new());
            }
            components[of_lead[lead] as usize].push(f as u32);
        }
    }
    components
}

fn add(total: &mut SearchEffort, more: SearchEffort) {
    total.parts += more.parts;
    total.open_families += more.open_families;
    total.open_positions += more.open_positions;
    total.proposals += more.proposals;
    total.conflicts += more.conflicts;
    total.steps += more.steps;
}
