//! Of the groups of several years, as many as tell conditions apart: whole groups, half of the entries where decisions do not fit.

use super::Entry;

/// Entries above which some groups stand for all: more than any one round has.
const MOST: usize = 20_000;
/// Entries that stand for all.
const SOME: usize = 10_000;

/// Leaves out groups of very many entries. `odd`: per group, whether somebody stands on the wrong side there.
pub(super) fn some(entries: &mut Vec<Entry>, odd: &[bool]) {
    if entries.len() <= MOST {
        return;
    }
    let mut sizes = vec![0; odd.len()];
    for e in entries.iter() {
        sizes[e.group as usize] += 1;
    }
    let all = |kind: bool| -> usize {
        let of_kind = sizes.iter().zip(odd).filter(|(_, o)| **o == kind);
        of_kind.map(|(size, _)| size).sum()
    };
    // What one kind does not need is the other's.
    let (of_odd, of_fine) = (all(true), all(false));
    let most_fine = SOME.saturating_sub(of_odd).max(SOME / 2);
    let most_odd = SOME.saturating_sub(of_fine).max(SOME / 2);
    let mut left = [most_fine, most_odd];
    let mut order: Vec<u32> = (0..odd.len() as u32).collect();
    // Classes of one facility are one after the other: any order that has nothing to do with that.
    order.sort_by_key(|g| g.wrapping_add(1).wrapping_mul(0x9E37_79B9).rotate_left(13));
    let mut kept = vec![false; odd.len()];
    for g in order {
        let (size, left) = (sizes[g as usize], &mut left[usize::from(odd[g as usize])]);
        if size <= *left {
            *left -= size;
            kept[g as usize] = true;
        }
    }
    entries.retain(|e| kept[e.group as usize]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(groups: u32, size: usize) -> Vec<Entry> {
        let entry = |group| Entry {
            choice: 0,
            origin: 0,
            child: 0,
            group,
            placed: false,
            out: false,
        };
        (0..groups)
            .flat_map(|g| std::iter::repeat_n(entry(g), size))
            .collect()
    }

    #[test]
    fn few_are_left_as_they_are_and_of_many_whole_groups_stay() {
        let mut few = made(100, 200);
        some(&mut few, &[true; 100]);
        assert_eq!(few.len(), 20_000);
        let mut many = made(500, 100);
        let odd: Vec<bool> = (0..500).map(|g| g % 100 == 0).collect();
        some(&mut many, &odd);
        assert_eq!(many.len(), 10_000);
        let groups: std::collections::BTreeSet<u32> = many.iter().map(|e| e.group).collect();
        assert_eq!(groups.len(), 100);
        assert!([0, 100, 200, 300, 400].iter().all(|g| groups.contains(g)));
    }
}
