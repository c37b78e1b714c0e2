//! Named items in an order in which each comes after those it looks at.

use super::{Bounds, Item, Kind, Resolved, Typed};
use std::collections::BTreeSet;

/// What a typed expression looks at.
fn collect(e: &Typed, into: &mut BTreeSet<Item>) {
    match e.kind {
        Kind::Condition(c) => _ = into.insert(Item::Condition(c)),
        Kind::Table(t, _) => _ = into.insert(Item::Table(t)),
        Kind::Value(v) => _ = into.insert(Item::Value(v)),
        _ => {}
    }
    for part in e.parts() {
        collect(part, into);
    }
}

fn needs(resolved: &Resolved, item: Item) -> BTreeSet<Item> {
    let mut found = BTreeSet::new();
    let mut add = |e: &Typed| collect(e, &mut found);
    let bounds = |b: &Bounds, add: &mut dyn FnMut(&Typed)| {
        b.at_most.iter().chain(&b.at_least).for_each(add);
    };
    match item {
        Item::Condition(c) => add(&resolved.conditions[c as usize]),
        Item::Value(v) => {
            let value = &resolved.values[v as usize];
            add(&value.value);
            for (when, by) in &value.changes {
                when.iter().for_each(&mut add);
                add(by);
            }
        }
        Item::Table(t) => {
            let table = &resolved.tables[t as usize];
            table.otherwise.iter().for_each(&mut add);
            bounds(&table.bounds, &mut add);
            for group in &table.groups {
                bounds(group, &mut add);
            }
            for band in &table.bands {
                band.when.iter().for_each(&mut add);
                add(&band.by);
                band.by2.iter().for_each(&mut add);
            }
            for row in &table.rows {
                row.when.iter().chain(&row.points).for_each(&mut add);
            }
        }
    }
    found
}

/// An order, or a cycle: each item looks at the next, the last at the first.
pub(super) fn order(resolved: &Resolved) -> Result<Vec<Item>, Vec<Item>> {
    let items = (0..resolved.conditions.len() as u32)
        .map(Item::Condition)
        .chain((0..resolved.tables.len() as u32).map(Item::Table))
        .chain((0..resolved.values.len() as u32).map(Item::Value));
    let mut done = BTreeSet::new();
    let mut order = Vec::new();
    for start in items {
        // Depth first with a stack of its own: a path is a chain of items that look at each other.
        let mut path: Vec<(Item, Vec<Item>)> = Vec::new();
        let mut next = Some(start).filter(|i| !done.contains(i));
        loop {
            if let Some(item) = next.take() {
                if let Some(at) = path.iter().position(|(i, _)| *i == item) {
                    return Err(path[at..].iter().map(|(i, _)| *i).collect());
                }
                let mut needs: Vec<Item> = needs(resolved, item).into_iter().collect();
                needs.reverse();
                path.push((item, needs));
            }
            let Some((item, rest)) = path.last_mut() else {
                break;
            };
            match rest.pop() {
                Some(need) => next = Some(need).filter(|i| !done.contains(i)),
                None => {
                    done.insert(*item);
                    order.push(*item);
                    path.pop();
                }
            }
        }
    }
    Ok(order)
}
