//! Fewer causes that say the same, the weightiest first.

mod join;

use super::{Mended, Search, seen::Seen};
use crate::{cause::Cause, crew::map, evidence::evidence};
use join::{as_one, is_of_same_table, once, others, plainer};
use std::cmp::Reverse;

/// Causes, each with its class.
type Causes = Vec<(Cause, Vec<Cause>)>;

/// Lists that are looked at side by side.
const AT_ONCE: usize = 2;
/// Oddities that are far more than some: so many times, and so many.
const FAR_MORE: (u32, u32) = (2, 8);
/// How often it is begun again: what was joined may make others superfluous.
const AGAIN: usize = 4;

impl Search<'_, '_> {
    /// Takes out every cause that later ones made superfluous, last first, joins those that say one thing in two
    /// steps, and says plainly what can be said so; those that were given stay. What is left is mended anew in its order, so
    /// that the path is that of the causes that are named.
    pub(super) fn prune(&mut self) {
        let mut kept: Causes = (self.mended.iter())
            .map(|m| (m.cause.clone(), m.class.clone()))
            .collect();
        let mut any = false;
        for _ in 0..AGAIN {
            let Some(fewer) = self.pruned(&kept) else {
                break;
            };
            kept = fewer;
            any = true;
        }
        if any {
            self.mend_anew(kept);
        }
    }

    /// Causes that do as well as these and are fewer, or plainer.
    fn pruned(&self, causes: &[(Cause, Vec<Cause>)]) -> Option<Causes> {
        let mut kept = causes.to_vec();
        let mut any = false;
        for at in (self.given..kept.len()).rev() {
            let mut without = kept.clone();
            let (cause, class) = without.remove(at);
            if !without.is_empty() && self.does_as_well(&without) {
                kept = without;
                any = true;
                continue;
            }
            let earlier = (self.given..at).rev();
            let joined = earlier.flat_map(|e| {
                let once = once(&kept[e], (&cause, &class)).into_iter();
                let as_one = as_one(&kept[e].0, &cause).into_iter();
                let as_one = as_one.map(|cause| (cause, Vec::new()));
                once.chain(as_one).map(move |once| (e, once))
            });
            let joined = joined.map(|(e, once)| {
                let mut joined = without.clone();
                joined[e] = once;
                joined
            });
            let plainer = plainer(&cause).into_iter().map(|plainer| {
                let mut all = kept.clone();
                all[at] = (plainer, Vec::new());
                all
            });
            // Points for many, found as points for the others and what that does at a bound, in several rows.
            let alone = others(&cause).into_iter().filter_map(|other| {
                let kept = kept.iter().enumerate();
                let rest = kept.filter(|(e, (c, _))| {
                    *e < self.given || *e != at && !is_of_same_table(c, &cause)
                });
                let mut rest: Vec<_> = rest.map(|(_, c)| c.clone()).collect();
                rest.push((other, Vec::new()));
                (rest.len() <= without.len()).then_some(rest)
            });
            let all: Vec<_> = joined.chain(plainer).chain(alone).collect();
            let found = self.first_that_does_as_well(all);
            if let Some(found) = found {
                kept = found;
                any = true;
            }
        }
        any.then_some(kept)
    }

    /// Mends the causes anew in the order of the children they set right: one found late may weigh more than one found
    /// early. Given ones stay first. Where less comes right on the way (what a cause does depends on those before it), the
    /// order stays as it was.
    pub(super) fn sort_by_effect(&mut self) {
        let effect = |m: &Mended| Reverse(m.healed.len() as i64 - m.broken.len() as i64);
        let found = &self.mended[self.given..];
        if found.is_sorted_by_key(effect) {
            return;
        }
        let mut sorted: Vec<&Mended> = found.iter().collect();
        sorted.sort_by_key(|m| effect(m));
        let given = self.mended[..self.given].iter();
        let causes = given.chain(sorted);
        let causes: Vec<_> = causes.map(|m| (m.cause.clone(), m.class.clone())).collect();
        let Ok(first) = self.with_only(&[]) else {
            return;
        };
        let now = std::mem::replace(&mut self.now, Seen::of(first));
        let mended = std::mem::take(&mut self.mended);
        let rivals = std::mem::take(&mut self.rivals);
        self.mend_all(causes);
        let differing = |list: &[Mended]| list.iter().map(|m| u64::from(m.differing)).sum::<u64>();
        let all = self.mended.len() == mended.len();
        if !all || differing(&self.mended) > differing(&mended) {
            (self.now, self.mended, self.rivals) = (now, mended, rivals);
        }
    }

    /// Mends other causes instead of all so far.
    pub(super) fn mend_anew(&mut self, causes: Causes) {
        let Ok(first) = self.with_only(&[]) else {
            return;
        };
        self.mended.clear();
        self.rivals.clear();
        self.now = Seen::of(first);
        self.mend_all(causes);
    }

    /// Mends causes, one after the other. One that does not fit the market (any more) explains nothing of it.
    pub(super) fn mend_all(&mut self, causes: Causes) {
        for (cause, class) in causes {
            if let Ok(world) = self.now.world.with(&cause) {
                self.mend(Seen::of(world), cause, class);
            }
        }
    }

    /// The first of some lists of causes that does as well as all do.
    fn first_that_does_as_well(&self, lists: Vec<Causes>) -> Option<Causes> {
        let mut rest = lists.into_iter();
        loop {
            let some: Vec<Causes> = rest.by_ref().take(AT_ONCE).collect();
            if some.is_empty() {
                return None;
            }
            let as_well = map(self.crew, some.len(), |at| self.does_as_well(&some[at]));
            let first = some.into_iter().zip(as_well).find(|(_, does)| *does);
            if let Some((causes, _)) = first {
                return Some(causes);
            }
        }
    }

    /// Whether so few causes leave no more children that differ than all do.
    fn does_as_well(&self, causes: &[(Cause, Vec<Cause>)]) -> bool {
        let causes: Vec<Cause> = causes.iter().map(|c| c.0.clone()).collect();
        let Ok(world) = self.with_only(&causes) else {
            return false;
        };
        // Deciding the round again takes longest, and is for nothing where far more is odd.
        if evidence(&world).units > self.now.evidence.units * FAR_MORE.0 + FAR_MORE.1 {
            return false;
        }
        let placement = world.place();
        let (differing, _) = world.truth.differing(&world.market, &placement);
        differing.len() <= self.now.differing.len()
    }
}
