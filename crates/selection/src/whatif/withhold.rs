//! Small numbers in published tables (少数の秘匿): which cells are left out, so that none of them
//! follows from the others and the total.
//!
//! A count of 1 up to the minimum less one is small. 0 is shown: it is about nobody. A cell about a
//! group of fewer than the minimum people is left out whatever it says.
//!
//! What is left out in a table with a total could be had by subtraction where it is one cell, and by
//! "each of them is at least one" where their sum is hardly more than their number. So further cells
//! are left out, smallest first, until there are two or more and each of them might, for all a reader
//! knows, be the minimum or more.

/// A cell of a table of counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// The count.
    pub value: u32,
    /// The group it is about has fewer people than the minimum.
    pub small_group: bool,
}

/// A table as it may be published; `None`: withheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The total.
    pub total: Option<u32>,
    /// The cells, in the order given.
    pub cells: Vec<Option<u32>>,
}

/// A single count that nothing else is added to: shown unless it is small.
#[must_use]
pub fn shown(value: u32, minimum: u32) -> Option<u32> {
    (value == 0 || value >= minimum).then_some(value)
}

/// Several tables of the same people, each adding up to the same total: where one of them cannot be
/// published with the total, none of them is.
#[must_use]
pub fn withhold_all(tables: &[Vec<Cell>], minimum: u32) -> Vec<Shown> {
    let all = |total_shown: bool| -> Vec<Shown> {
        let one = |t: &Vec<Cell>| withhold(t, total_shown, minimum);
        tables.iter().map(one).collect()
    };
    let first = all(true);
    if first.iter().any(|t| t.total.is_none()) {
        return all(false);
    }
    first
}

/// A table of counts that add up to a total.
///
/// `total_shown`: the total may be published as far as other tables are concerned. Where it may not,
/// or is small, nothing of the table is published, for the cells would add up to it.
#[must_use]
pub fn withhold(cells: &[Cell], total_shown: bool, minimum: u32) -> Shown {
    let total: u32 = cells.iter().map(|c| c.value).sum();
    let nothing = || Shown {
        total: None,
        cells: vec![None; cells.len()],
    };
    if !total_shown || shown(total, minimum).is_none() {
        return nothing();
    }
    let mut out: Vec<bool> = cells
        .iter()
        .map(|c| total > 0 && (c.small_group || shown(c.value, minimum).is_none()))
        .collect();
    while out.contains(&true) && !is_safe(cells, &out, minimum) {
        // A zero hides nothing while the reader knows that what is withheld is not zero.
        let next = (0..cells.len())
            .filter(|&i| !out[i] && cells[i].value > 0)
            .min_by_key(|&i| (cells[i].value, i));
        match next {
            Some(i) => out[i] = true,
            // Nothing else is left: with the zeros, nobody can tell who is in which cell.
            None if out.contains(&false) => {
                out.fill(true);
                break;
            }
            None => return nothing(),
        }
    }
    Shown {
        total: Some(total),
        cells: cells
            .iter()
            .zip(&out)
            .map(|(c, &out)| (!out).then_some(c.value))
            .collect(),
    }
}

/// Two or more are withheld, and each may be the minimum or more even if all the others are 1.
fn is_safe(cells: &[Cell], out: &[bool], minimum: u32) -> bool {
    let withheld = || cells.iter().zip(out).filter(|(_, out)| **out);
    let (count, sum) = withheld().fold((0u64, 0u64), |(n, s), (c, _)| {
        (n + 1, s + u64::from(c.value))
    });
    count >= 2 && sum >= u64::from(minimum) + count - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(values: &[u32]) -> Vec<Cell> {
        values
            .iter()
            .map(|&value| Cell {
                value,
                small_group: false,
            })
            .collect()
    }

    fn check(values: &[u32], minimum: u32, expect: &str) {
        let got = withhold(&table(values), true, minimum);
        let word = |v: &Option<u32>| v.map_or("x".to_owned(), |v| v.to_string());
        let cells: Vec<String> = got.cells.iter().map(word).collect();
        let text = format!("{} = {}", cells.join(" "), word(&got.total));
        assert_eq!(text, expect, "{values:?}");
    }

    #[test]
    fn small_cells_are_withheld_and_one_more_where_they_would_follow() {
        check(&[5, 7, 9], 3, "5 7 9 = 21");
        check(&[0, 7, 9], 3, "0 7 9 = 16");
        // One small cell alone would follow from the total: the smallest other goes too.
        check(&[1, 7, 9], 3, "x x 9 = 17");
        // Two small cells of one each: their sum says so.
        check(&[1, 1, 9], 3, "x x x = 11");
        check(&[2, 2, 9], 3, "x x 9 = 13");
        check(&[1, 1, 1, 9, 20], 3, "x x x x 20 = 32");
        // Without another cell the zeros go too.
        check(&[1, 2, 0], 3, "x x x = 3");
        check(&[1, 2], 3, "x x = x");
        check(&[1, 0, 0], 3, "x x x = x");
        check(&[0, 0], 3, "0 0 = 0");
        check(&[1, 2, 3], 1, "1 2 3 = 6");
        check(&[1, 2, 3], 0, "1 2 3 = 6");
        check(&[], 3, " = 0");
        // A group of few people: also its zero.
        let mut cells = table(&[0, 4, 8]);
        cells[0].small_group = true;
        let got = withhold(&cells, true, 3);
        assert_eq!(got.cells, [None, None, Some(8)]);
        assert_eq!(withhold(&cells, false, 3).cells, [None; 3]);
        let both = withhold_all(&[table(&[5, 4]), table(&[1, 8])], 3);
        assert_eq!((both[0].total, both[1].total), (Some(9), Some(9)));
        // The second could be published in no other way than whole.
        let both = withhold_all(&[table(&[3, 0, 0]), table(&[1, 2])], 3);
        assert!(both.iter().all(|t| t.total.is_none()));
        assert_eq!(both[0].cells, [None; 3]);
        assert_eq!(shown(2, 3), None);
        assert_eq!((shown(0, 3), shown(3, 3)), (Some(0), Some(3)));
    }

    /// Whatever the table: a reader who subtracts, and who knows that a withheld cell is not 0 unless
    /// everything or a small group is withheld, cannot find any withheld cell, nor that it is small.
    #[test]
    fn nothing_withheld_follows() {
        let mut state = 0x9E37_79B9_7F4A_7C15u64;
        let mut below = |n: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) % n
        };
        let (mut some, mut totals) = (0, 0);
        for _ in 0..200_000 {
            let minimum = 2 + below(9) as u32;
            let cells: Vec<Cell> = (0..1 + below(7))
                .map(|_| {
                    let value = match below(4) {
                        0 => 0,
                        1 => below(u64::from(minimum)) as u32,
                        _ => below(40) as u32,
                    };
                    let small_group = value < minimum && below(6) == 0;
                    Cell { value, small_group }
                })
                .collect();
            let got = withhold(&cells, true, minimum);
            for (cell, shown) in cells.iter().zip(&got.cells) {
                match shown {
                    Some(v) => {
                        assert_eq!(*v, cell.value);
                        assert!(
                            *v == 0 || *v >= minimum || got.total == Some(0),
                            "{cells:?}"
                        );
                    }
                    None => some += 1,
                }
            }
            let Some(total) = got.total else {
                totals += 1;
                assert!(got.cells.iter().all(Option::is_none), "{cells:?} {got:?}");
                continue;
            };
            let withheld: Vec<usize> = (0..cells.len())
                .filter(|&i| got.cells[i].is_none())
                .collect();
            if withheld.is_empty() {
                continue;
            }
            let rest = i64::from(total)
                - got
                    .cells
                    .iter()
                    .flatten()
                    .map(|&v| i64::from(v))
                    .sum::<i64>();
            let all = withheld.len() == cells.len() && cells.iter().any(|c| c.value == 0);
            assert!(withheld.len() > 1, "{cells:?} {got:?}");
            let lowest = |i: usize| i64::from(!all && !cells[i].small_group);
            for &i in &withheld {
                let others: i64 = withheld
                    .iter()
                    .filter(|&&j| j != i)
                    .map(|&j| lowest(j))
                    .sum();
                let highest = rest - others;
                assert!(highest > lowest(i), "{cells:?} {got:?}");
                if withheld.len() < cells.len() {
                    assert!(highest >= i64::from(minimum), "{cells:?} {got:?}");
                }
            }
        }
        assert!(some > 10_000 && totals > 1_000, "{some} {totals}");
    }
}
