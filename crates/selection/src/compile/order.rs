//! The order of everything in a market: by id, so that the order of rows changes nothing.

use super::judged::Judged;
use crate::compiled::Ties;
use std::ops::Range;

/// The order of everything in the market, as positions in [`Judged`].
pub(super) struct Order {
    pub nurseries: Vec<u32>,
    /// Position of a nursery → market position.
    pub nursery_at: Vec<u32>,
    pub households: Vec<u32>,
    /// Positions of the children, in market order.
    pub children: Vec<u32>,
    /// Market range of each household, in the order of `households`.
    pub members: Vec<Range<u32>>,
}

impl Order {
    pub fn of(judged: &Judged<'_>) -> Self {
        let mut nurseries: Vec<u32> = (0..judged.nurseries.len() as u32).collect();
        nurseries.sort_unstable_by_key(|&n| judged.nurseries[n as usize].id);
        let mut nursery_at = vec![0; nurseries.len()];
        for (at, &n) in nurseries.iter().enumerate() {
            nursery_at[n as usize] = at as u32;
        }

        // Bucket the children by household, then sort each bucket: far cheaper than one sort
        // over all of them.
        let mut start = vec![0u32; judged.households.len() + 1];
        for child in &judged.children {
            start[child.household as usize + 1] += 1;
        }
        for i in 1..start.len() {
            start[i] += start[i - 1];
        }
        let mut households: Vec<u32> = (0..judged.households.len() as u32)
            .filter(|&h| start[h as usize] < start[h as usize + 1])
            .collect();
        households.sort_unstable_by_key(|&h| judged.households[h as usize].id);

        let mut next = start.clone();
        let mut by_household = vec![0u32; judged.children.len()];
        for (c, child) in judged.children.iter().enumerate() {
            let slot = &mut next[child.household as usize];
            by_household[*slot as usize] = c as u32;
            *slot += 1;
        }
        let by_row = *judged.ties == Ties::RowOrder;
        let mut children = Vec::with_capacity(judged.children.len());
        let mut members = Vec::with_capacity(households.len());
        for &h in &households {
            let bucket =
                &mut by_household[start[h as usize] as usize..start[h as usize + 1] as usize];
            bucket.sort_unstable_by(|&a, &b| {
                let (x, y) = (&judged.children[a as usize], &judged.children[b as usize]);
                y.age
                    .cmp(&x.age)
                    .then_with(|| if by_row { a.cmp(&b) } else { x.id.cmp(y.id) })
            });
            let first = children.len() as u32;
            children.extend_from_slice(bucket);
            members.push(first..children.len() as u32);
        }
        Self {
            nurseries,
            nursery_at,
            households,
            children,
            members,
        }
    }
}
