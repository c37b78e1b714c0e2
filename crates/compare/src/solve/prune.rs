//! Fewer causes that say the same, the weightiest first.

use super::{Mended, Search, seen::Seen};
use crate::{
    cause::Cause,
    search::unwritten::{narrow, parts},
};
use enmusubi_domain::facts::Exact;
use std::cmp::Reverse;

impl Search<'_, '_> {
    /// Takes out every cause that later ones made superfluous, last first, and joins those that say one thing in two
    /// steps; those that were given stay. What is left is mended anew in its order, so that the path is that of the causes
    /// that are named.
    pub(super) fn prune(&mut self) {
        let mut kept: Vec<(Cause, Vec<Cause>)> = (self.mended.iter())
            .map(|m| (m.cause.clone(), m.class.clone()))
            .collect();
        let before = kept.len();
        for at in (self.given..kept.len()).rev() {
            if kept.len() == 1 {
                break;
            }
            let mut without = kept.clone();
            let (cause, class) = without.remove(at);
            if self.does_as_well(&without) {
                kept = without;
                continue;
            }
            let earlier = (self.given..at).rev();
            let joined = earlier
                .flat_map(|e| {
                    let once = once(&kept[e], (&cause, &class)).into_iter();
                    let narrower = narrower(&kept[e].0, &cause).into_iter();
                    let narrower = narrower.map(|cause| (cause, Vec::new()));
                    once.chain(narrower).map(move |once| (e, once))
                })
                .map(|(e, once)| {
                    let mut joined = without.clone();
                    joined[e] = once;
                    joined
                })
                .find(|joined| self.does_as_well(joined));
            if let Some(joined) = joined {
                kept = joined;
            }
        }
        if kept.len() < before {
            self.mend_anew(kept);
        }
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
        let Ok(first) = self.now.world.with_only(&[]) else {
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
    pub(super) fn mend_anew(&mut self, causes: Vec<(Cause, Vec<Cause>)>) {
        let Ok(first) = self.now.world.with_only(&[]) else {
            return;
        };
        self.mended.clear();
        self.rivals.clear();
        self.now = Seen::of(first);
        self.mend_all(causes);
    }

    /// Mends causes, one after the other.
    fn mend_all(&mut self, causes: Vec<(Cause, Vec<Cause>)>) {
        for (cause, class) in causes {
            if let Ok(world) = self.now.world.with(&cause) {
                self.mend(Seen::of(world), cause, class);
            }
        }
    }

    /// Whether so few causes leave no more children that differ than all do.
    fn does_as_well(&self, causes: &[(Cause, Vec<Cause>)]) -> bool {
        let causes: Vec<Cause> = causes.iter().map(|c| c.0.clone()).collect();
        let Ok(world) = self.now.world.with_only(&causes) else {
            return false;
        };
        let placement = world.place();
        let (differing, _) = world.truth.differing(&world.market, &placement);
        differing.len() <= self.now.differing.len()
    }
}

/// Two rows that nobody wrote down, for the same people in one table, as one row with the points of both.
fn once(
    (a, alike_a): &(Cause, Vec<Cause>),
    (b, alike_b): (&Cause, &Vec<Cause>),
) -> Option<(Cause, Vec<Cause>)> {
    let ((table, when, first), (_, _, second)) = (a.as_missing()?, b.as_missing()?);
    let of = |list: &mut dyn Iterator<Item = &Cause>, points: Exact| -> Vec<Box<str>> {
        let rows = list.filter_map(Cause::as_missing);
        let same = rows.filter(|(t, _, p)| *t == table && *p == points);
        same.map(|(_, when, _)| when.into()).collect()
    };
    let words_b = of(&mut std::iter::once(b).chain(alike_b), second);
    let words_a = of(&mut std::iter::once(a).chain(alike_a), first);
    let mut shared: Vec<Box<str>> = words_a;
    shared.retain(|w| words_b.contains(w));
    let named = shared.iter().position(|w| **w == *when).unwrap_or(0);
    if shared.is_empty() {
        return None;
    }
    shared.swap(0, named);
    let points = first.plus(second)?;
    let mut causes = shared
        .iter()
        .map(|when| Cause::missing(table, when, points));
    Some((causes.next()?, causes.collect()))
}

/// A row that nobody wrote down, and another that takes its points away from a part of its people, as one row for the
/// others: in words as short as they may be.
fn narrower(wide: &Cause, part: &Cause) -> Vec<Cause> {
    let (Some((table, wide, points)), Some((of, when, less))) =
        (wide.as_missing(), part.as_missing())
    else {
        return Vec::new();
    };
    if table != of || less.negated() != Some(points) {
        return Vec::new();
    }
    let rest = match parts(when) {
        Some((first, second, true)) if first == wide => {
            vec![second.to_owned(), narrow(first, second, false)]
        }
        Some((first, second, false)) if first == wide => vec![narrow(first, second, true)],
        Some((first, second, false)) if second == wide => vec![narrow(second, first, true)],
        _ => vec![narrow(wide, when, true)],
    };
    let rows = rest.iter().map(|when| Cause::missing(table, when, points));
    rows.collect()
}
