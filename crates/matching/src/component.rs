//! One connected component of a pass: reduce, cut into parts, decide each part.

use enmusubi_market::{FamilyIx, Market, Slot};

use crate::flat::{Flat, Layout};
use crate::open::{Fixed, Opened, Part, open};
use crate::outcome::{Effort, Phase, SearchEffort, TiedPair, Watch};
use crate::part::{Best, Solved, solve};
use crate::reduce::reduce;

/// Everything the steps of one run share.
pub(crate) struct Run<'a> {
    pub market: &'a Market,
    pub layout: Layout,
    pub parallel: bool,
    pub stop_at_ties: bool,
    pub watch: &'a dyn Watch,
}

/// What became of a component.
pub(crate) enum Decided {
    Placed(Placed),
    /// Parts of it were not placed.
    Stuck(Stuck),
    /// Ties to be decided first.
    Tied(Vec<TiedPair>),
}

/// The families of the parts for which there is no stable placement, or none was found.
pub(crate) struct Stuck {
    pub spots: Vec<Vec<FamilyIx>>,
    /// It is proved that nothing is stable.
    pub proved: bool,
}

/// A placement of some families.
#[derive(Default)]
pub(crate) struct Placed {
    /// (market family, slot per child).
    pub slots: Vec<(FamilyIx, Box<[Slot]>)>,
    /// Level 2: children by which the result may still fall short of the best.
    pub with_class_slack: u64,
    /// Level 3: by how much the sum of positions may still be too large.
    pub rank_sum_slack: u64,
    pub canonical: bool,
    pub work: SearchEffort,
}

impl Run<'_> {
    /// Stable placement of the component, best by the asked effort. `exempt` families (market
    /// indices, ascending) may block.
    pub(crate) fn component(
        &self,
        families: &[FamilyIx],
        room: &[i64],
        exempt: &[FamilyIx],
        effort: Effort,
        scratch: &mut Vec<u32>,
    ) -> Decided {
        self.watch.phase(Phase::Reduce);
        let flat = Flat::new(self.market, &self.layout, families.to_vec(), room, scratch);
        self.decide(&flat, exempt, effort)
    }

    /// The same, of families laid out already.
    pub(crate) fn decide(&self, flat: &Flat<'_>, exempt: &[FamilyIx], effort: Effort) -> Decided {
        let may_block: Vec<bool> = flat
            .fam
            .iter()
            .map(|f| exempt.binary_search(f).is_ok())
            .collect();
        let reduced = reduce(flat, may_block.clone());
        if let Some(f) = reduced.contradiction {
            return self.stuck(flat, vec![around(flat, f)], true);
        }
        if self.stop_at_ties {
            let pairs = crate::ties::undecided(&reduced);
            if !pairs.is_empty() {
                return Decided::Tied(pairs);
            }
        }
        let opened = open(&reduced);
        let fixed = Fixed::new(flat, &opened.settled);
        let solve_part = |part: &Part| {
            let mut work = SearchEffort::default();
            let solved = solve(
                flat, &fixed, part, &may_block, effort, self.watch, &mut work,
            );
            (solved, work)
        };
        let solved: Vec<(Solved, SearchEffort)> = if self.parallel && opened.parts.len() > 1 {
            use rayon::prelude::*;
            opened.parts.par_iter().map(solve_part).collect()
        } else {
            opened.parts.iter().map(solve_part).collect()
        };
        let stuck: Vec<usize> = (0..solved.len())
            .filter(|&k| !matches!(solved[k].0, Solved::Placed(_)))
            .collect();
        if !stuck.is_empty() {
            let proved = solved.iter().any(|(s, _)| matches!(s, Solved::Unstable));
            let families = |k: &usize| -> Vec<FamilyIx> {
                opened.parts[*k]
                    .fam
                    .iter()
                    .map(|&f| flat.fam[f as usize])
                    .collect()
            };
            return self.stuck(flat, stuck.iter().map(families).collect(), proved);
        }
        Decided::Placed(assemble(flat, &opened, solved, effort))
    }

    /// With `--ties stop`, equals anywhere in demand must be decided before anybody is wronged.
    fn stuck(&self, flat: &Flat<'_>, spots: Vec<Vec<FamilyIx>>, proved: bool) -> Decided {
        if self.stop_at_ties {
            let pairs = crate::ties::contested(flat);
            if !pairs.is_empty() {
                return Decided::Tied(pairs);
            }
        }
        Decided::Stuck(Stuck { spots, proved })
    }

    /// Is there a stable placement of these families? `None` = not known.
    pub(crate) fn stable_exists(&self, flat: &Flat<'_>) -> Option<bool> {
        match self.decide(flat, &[], Effort::Witness) {
            Decided::Placed(_) => Some(true),
            Decided::Stuck(stuck) => stuck.proved.then_some(false),
            Decided::Tied(_) => None,
        }
    }
}

/// The family that ran out of positions and those that may come to its groups.
fn around(flat: &Flat<'_>, f: u32) -> Vec<FamilyIx> {
    let mut families = vec![flat.fam[f as usize]];
    for x in flat.children(f).flat_map(|c| flat.options(c)) {
        let places = flat.group_places(flat.opt_group[x as usize]);
        families.extend(
            places.map(|p| flat.fam[flat.opt_fam[flat.sorted[p as usize] as usize] as usize]),
        );
    }
    families.sort_unstable();
    families.dedup();
    families
}

/// Settled families and the decided parts, back in the market's terms.
fn assemble(
    flat: &Flat<'_>,
    opened: &Opened,
    solved: Vec<(Solved, SearchEffort)>,
    effort: Effort,
) -> Placed {
    let mut placed = Placed {
        canonical: effort == Effort::Proved,
        ..Placed::default()
    };
    let slots = |tuple: &[u32]| tuple.iter().map(|&x| flat.slot(x)).collect::<Box<[Slot]>>();
    placed.work.parts = opened.parts.len() as u32;
    for (f, tuple) in opened.settled.iter().enumerate() {
        if let Some(tuple) = tuple {
            placed.slots.push((flat.fam[f], slots(tuple)));
        }
    }
    for (part, (solved, work)) in opened.parts.iter().zip(solved) {
        let Solved::Placed(Best {
            at,
            without_class,
            rank_sum,
            canonical,
        }) = solved
        else {
            continue;
        };
        for (f, &p) in at.iter().enumerate() {
            let family = flat.fam[part.fam[f] as usize];
            placed.slots.push((family, slots(part.tuple(p))));
        }
        placed.with_class_slack += without_class.map_or(0, |l| l.cost - l.bound);
        placed.rank_sum_slack += rank_sum.map_or(0, |l| l.cost - l.bound);
        placed.canonical &= canonical;
        placed.work.open_families += part.families();
        placed.work.open_positions += u64::from(part.len());
        placed.work.proposals += work.proposals;
        placed.work.conflicts += work.conflicts;
        placed.work.steps += work.steps;
    }
    placed
}
