//! The combination table (組み合わせ表).

use crate::{
    Source,
    children::Children,
    columns::{self, C_CHILD_N, C_HOUSEHOLD, C_NURSERY_N, C_RANK, COMBINATIONS, Names},
    diagnostic::{At, Diagnostics, kind},
    nurseries::{Nurseries, also_in, bad_number, whole_number},
    table::Table,
};
use enmusubi_domain::{ChildIx, Combination, NurseryIx};
use hashbrown::{HashMap, HashSet};

/// Reads the combination table and adds its rows to the round.
pub(crate) fn read(
    source: &Source<'_>,
    names: &Names,
    nurseries: Option<&Nurseries>,
    children: &mut Children,
    all: &mut Diagnostics,
) {
    let Some(mut table) = Table::open(source, all) else {
        return;
    };
    let Some(columns) = columns::find(&mut table, source, &COMBINATIONS, names, all) else {
        return;
    };
    let (Some(household_column), Some(rank_column)) =
        (columns.one(C_HOUSEHOLD), columns.one(C_RANK))
    else {
        return;
    };
    let nursery_columns: HashMap<u32, usize> = columns.many(C_NURSERY_N).iter().copied().collect();
    let mut pairs = Vec::new();
    let mut lonely: Vec<usize> = Vec::new();
    for &(n, child) in columns.many(C_CHILD_N) {
        match nursery_columns.get(&n) {
            Some(&nursery) => pairs.push((child, nursery)),
            None => lonely.push(child),
        }
    }
    lonely.extend(
        columns
            .many(C_NURSERY_N)
            .iter()
            .filter(|(_, c)| !pairs.iter().any(|p| p.1 == *c))
            .map(|p| p.1),
    );
    for column in lonely {
        let at = At {
            row: Some(columns.row),
            column: Some(columns.header(column)),
            value: None,
        };
        all.add(&kind::UNPAIRED_NUMBER, source.name, at);
    }

    let mut rows: Vec<Combination> = Vec::new();
    let mut ranks: HashMap<(u32, u32), u32> = HashMap::new();
    columns::data_rows(&mut table, source, &columns, all, &mut |row, all| {
        let number = row.number;
        let cell = |c: usize| At::cell(number, columns.header(c), row.cell(c));
        let household = row.cell(household_column);
        if household.is_empty() {
            all.add(&kind::BLANK_ID, source.name, cell(household_column));
            return;
        }
        let Some(h) = children.find_household(household) else {
            all.add(
                &kind::UNKNOWN_HOUSEHOLD,
                source.name,
                cell(household_column),
            );
            return;
        };
        let rank = whole_number(row.cell(rank_column)).filter(|r| *r > 0);
        if rank.is_none() {
            let kind = bad_number(row.cell(rank_column), &kind::BAD_RANK);
            all.add(kind, source.name, cell(rank_column));
        }
        if let Some(rank) = rank
            && let Some(first) = ranks.insert((h, rank), number)
        {
            all.add_with(&kind::REPEATED_RANK, source.name, cell(rank_column), || {
                also_in(first)
            });
        }
        let mut slots: Vec<(ChildIx, Option<NurseryIx>)> = Vec::new();
        for &(child_column, nursery_column) in &pairs {
            let (child, nursery) = (row.cell(child_column), row.cell(nursery_column));
            if child.is_empty() {
                if !nursery.is_empty() {
                    all.add(
                        &kind::NURSERY_WITHOUT_CHILD,
                        source.name,
                        cell(child_column),
                    );
                }
                continue;
            }
            let place = if nursery.is_empty() {
                None
            } else {
                nurseries.and_then(|n| n.find(nursery))
            };
            if place.is_none() && !nursery.is_empty() && nurseries.is_some() {
                all.add(&kind::UNKNOWN_NURSERY, source.name, cell(nursery_column));
            }
            let Some(c) = children.find(child) else {
                all.add(&kind::UNKNOWN_CHILD, source.name, cell(child_column));
                continue;
            };
            if children.round.children[c as usize].household != h {
                all.add(
                    &kind::CHILD_OF_OTHER_HOUSEHOLD,
                    source.name,
                    cell(child_column),
                );
                continue;
            }
            if slots.iter().any(|s| s.0 == c) {
                all.add(&kind::REPEATED_CHILD, source.name, cell(child_column));
                continue;
            }
            check_place(children, c, place, source, cell(nursery_column), all);
            slots.push((c, place));
        }
        if children.round.households[h as usize].size < 2 {
            all.add(
                &kind::COMBINATION_ONLY_CHILD,
                source.name,
                cell(household_column),
            );
            return;
        }
        rows.push(Combination {
            household: h,
            rank: rank.unwrap_or(0),
            slots,
            row: number,
        });
    });
    rows.sort_by_key(|r| (r.household, r.rank));
    keep_reachable(&mut rows, children, source, all);
    children.round.combinations = rows;
}

/// A nursery the child did not choose counts as a choice after the others, if it has points.
fn check_place(
    children: &Children,
    c: ChildIx,
    place: Option<NurseryIx>,
    source: &Source<'_>,
    at: At<'_>,
    all: &mut Diagnostics,
) {
    let child = &children.round.children[c as usize];
    let Some(nursery) = place.filter(|&n| Some(n) != child.current) else {
        return;
    };
    if children
        .round
        .choices_of(child)
        .iter()
        .any(|x| x.nursery == nursery)
    {
        return;
    }
    let kind = if child.score.is_some() {
        &kind::COMBINATION_NOT_CHOSEN
    } else {
        &kind::COMBINATION_SCORE
    };
    all.add(kind, source.name, at);
}

/// Drops what follows a row that leaves everybody as now, and repetitions.
fn keep_reachable(
    rows: &mut [Combination],
    children: &Children,
    source: &Source<'_>,
    all: &mut Diagnostics,
) {
    let mut ended = None;
    let mut seen: HashSet<(u32, Vec<(u32, u32)>)> = HashSet::new();
    for row in rows {
        if ended == Some(row.household) {
            all.add(
                &kind::UNREACHABLE_COMBINATION,
                source.name,
                At::row(row.row),
            );
            continue;
        }
        let mut moved: Vec<(u32, u32)> = row
            .slots
            .iter()
            .filter_map(|&(c, n)| {
                let n = n.filter(|&n| Some(n) != children.round.children[c as usize].current)?;
                Some((c, n))
            })
            .collect();
        moved.sort_unstable();
        if moved.is_empty() {
            ended = Some(row.household);
        } else if !seen.insert((row.household, moved)) {
            all.add(&kind::REPEATED_COMBINATION, source.name, At::row(row.row));
        }
    }
}
