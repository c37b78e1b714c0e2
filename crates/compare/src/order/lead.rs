//! A market led by the staff's list: the index of the list in the place of our points, then its places.

use super::lines::{PerChoice, groups};
use crate::{
    index::measure::{Measure, Target},
    keys::Keys,
};
use enmusubi_domain::{facts::Exact, past::StaffIndex};
use enmusubi_selection::compiled::{CompiledRound, KeyComponent, KeyKind};
use std::{cmp::Reverse, collections::BinaryHeap};

/// Label of the index of a list.
const INDEX: &str = "指数（職員の一覧）";
/// Label of the place in a list.
const RANK: &str = "順位（職員の一覧）";
/// What is shown where the list says nothing.
const NOT_LISTED: &str = "一覧にない";

/// Makes the priorities of a compiled round those of the list: what stands before the points stays before; then the
/// index of the list, in the place of our points; then its places (順位) between equals; then what we compare behind the
/// points. Where the places of the list do not follow its own index (something comes before the index that the
/// list does not have), the places come first.
///
/// Whoever is not in the list comes last: nothing is known of it.
///
/// `complete`: what stands before the points is known. Else only the places of the list know it, and they come first.
pub fn by_list(compiled: &mut CompiledRound, list: &StaffIndex, complete: bool) {
    let ranked = list.list.iter().filter(|l| l.rank.is_some()).count();
    let places = match ranked * 2 > list.list.len() {
        false => Places::Unused,
        true if complete && follows_index(compiled, list) => Places::Behind,
        true => Places::First,
    };
    lead(compiled, list, places);
}

/// Where the places of a list are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Places {
    /// Not at all.
    Unused,
    /// Right behind the index of the list.
    Behind,
    /// Right before the index of the list.
    First,
}

/// The same, with or without places. Gives, for each component of the keys now, the position it had before; the index of
/// the list has that of the points it replaces; `None` for the places.
pub fn lead(compiled: &mut CompiledRound, list: &StaffIndex, places: Places) -> Vec<Option<u32>> {
    let per = PerChoice::of(&compiled.market, list);
    let replaced = replaced(compiled, list);
    let kinds = &compiled.key_components;
    let strata = kinds.iter().take_while(|c| c.kind == KeyKind::Stratum);
    let at = replaced.first().map_or(strata.count(), |&c| c as usize);
    let kept = |c: &u32| !replaced.contains(c);
    let width = compiled.keys.components;
    let before: Vec<u32> = (0..at as u32).filter(kept).collect();
    let behind: Vec<u32> = (at as u32..width).filter(kept).collect();

    let mut values = std::mem::take(&mut compiled.keys.values);
    // Best first, unknown last.
    let mut numbers: Vec<Exact> = per.index.iter().flatten().copied().collect();
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    numbers.dedup();
    let (ranks, place_of) = merged(compiled, list);
    let numbers_at = values.len() as u32;
    values.extend(numbers.iter().map(|n| n.to_string().into()));
    values.push(NOT_LISTED.into());
    let ranks_at = values.len() as u32;
    values.extend(ranks.iter().map(|r| r.to_string().into()));
    values.push(NOT_LISTED.into());
    let number_of = |x: usize| {
        let place = per.index[x].and_then(|n| numbers.binary_search_by(|p| n.cmp(p)).ok());
        numbers_at + place.unwrap_or(numbers.len()) as u32
    };
    let rank_of = |x: usize| ranks_at + place_of[x].unwrap_or(ranks.len() as u32);

    let component = |label: &str, kind| KeyComponent {
        label: label.to_owned(),
        kind,
    };
    let index = (component(INDEX, KeyKind::Points), replaced.first().copied());
    let rank = (component(RANK, KeyKind::Lower), None);
    let led = match places {
        Places::Unused => vec![index],
        Places::Behind => vec![index, rank],
        Places::First => vec![rank, index],
    };
    let old = |c: &u32| (compiled.key_components[*c as usize].clone(), Some(*c));
    let all: Vec<(KeyComponent, Option<u32>)> = (before.iter().map(old))
        .chain(led)
        .chain(behind.iter().map(old))
        .collect();

    let old_index = std::mem::take(&mut compiled.keys.index);
    let choices = compiled.market.choices.len();
    let mut new_index = Vec::with_capacity(choices * all.len());
    for x in 0..choices {
        let key = &old_index[x * width as usize..(x + 1) * width as usize];
        new_index.extend(before.iter().map(|&c| key[c as usize]));
        match places {
            Places::Unused => new_index.push(number_of(x)),
            Places::Behind => new_index.extend([number_of(x), rank_of(x)]),
            Places::First => new_index.extend([rank_of(x), number_of(x)]),
        }
        new_index.extend(behind.iter().map(|&c| key[c as usize]));
    }
    compiled.keys.values = values;
    compiled.keys.index = new_index;
    compiled.keys.components = all.len() as u32;
    let (components, origin): (Vec<_>, Vec<_>) = all.into_iter().unzip();
    compiled.key_components = components;
    Keys::of(compiled).write(&mut compiled.market);
    origin
}

/// One order of all choices that keeps each of the list's own orders: where places count within classes, and classes
/// share seats, whoever heads its class with the higher number comes first. Gives the places (as the list has
/// them) in this order, and for each choice which of them it has.
fn merged(compiled: &CompiledRound, list: &StaffIndex) -> (Vec<u32>, Vec<Option<u32>>) {
    let (_, groups) = groups(&compiled.market, list);
    let entry =
        |group: usize, at: usize| groups[group].get(at).map(|l| &list.list[l.line as usize]);
    let head = |group: usize, at: usize| Some((entry(group, at)?.index, Reverse(group), at));
    let mut heads: BinaryHeap<(Option<Exact>, Reverse<usize>, usize)> =
        (0..groups.len()).filter_map(|g| head(g, 0)).collect();
    let mut ranks: Vec<u32> = Vec::new();
    let mut place_of = vec![None; compiled.market.choices.len()];
    let mut last: Vec<Option<u32>> = vec![None; groups.len()];
    while let Some((_, Reverse(group), at)) = heads.pop() {
        heads.extend(head(group, at + 1));
        let Some(rank) = entry(group, at).and_then(|e| e.rank) else {
            continue;
        };
        // Whoever shares a place in the list does so here.
        let place = match last[group].filter(|&p| ranks[p as usize] == rank) {
            Some(place) => place,
            None => {
                ranks.push(rank);
                ranks.len() as u32 - 1
            }
        };
        last[group] = Some(place);
        for x in groups[group][at].choices.clone() {
            place_of[x as usize].get_or_insert(place);
        }
    }
    (ranks, place_of)
}

/// The components that are the staff's index: the points that agree best with it; else the first points.
fn replaced(compiled: &CompiledRound, list: &StaffIndex) -> Vec<u32> {
    let points: Vec<u32> = (0u32..)
        .zip(&compiled.key_components)
        .filter(|(_, c)| c.kind == KeyKind::Points)
        .map(|(at, _)| at)
        .collect();
    if points.len() < 2 {
        return points;
    }
    let width = compiled.keys.components;
    let table = &compiled.keys;
    // Every text is read once; lines ask for it again and again.
    let numbers: Vec<Option<Exact>> = table.values.iter().map(|v| Exact::parse(v)).collect();
    let value = |component: u32, choice: u32| {
        numbers[table.index[(choice * width + component) as usize] as usize]
    };
    let lines = super::lines::lines(&compiled.market, list);
    let targets: Vec<Target> = lines
        .into_iter()
        .filter_map(|l| {
            Some(Target {
                line: l.line,
                child: l.child,
                choices: l.choices,
                theirs: list.list[l.line as usize].index?,
            })
        })
        .collect();
    match Measure::choose(&points, &targets, value) {
        Some(measure) if measure.agree > 0 => measure.components,
        _ => points[..1].to_vec(),
    }
}

/// Whether the places of the list follow its index: at most a tenth of the neighbours with different numbers stand the
/// other way round.
fn follows_index(compiled: &CompiledRound, list: &StaffIndex) -> bool {
    let (_, groups) = groups(&compiled.market, list);
    let (mut right, mut wrong) = (0u32, 0u32);
    for pair in groups.iter().flat_map(|g| g.windows(2)) {
        let [a, b] = pair else { continue };
        let (a, b) = (&list.list[a.line as usize], &list.list[b.line as usize]);
        if a.rank == b.rank {
            continue;
        }
        if let (Some(a), Some(b)) = (a.index, b.index) {
            right += u32::from(a > b);
            wrong += u32::from(a < b);
        }
    }
    wrong * 10 <= right + wrong
}
