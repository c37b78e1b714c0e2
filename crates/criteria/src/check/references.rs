//! Conditions, tables and values refer to each other without circles, values only to earlier ones.

use crate::{
    build::place_of,
    diagnostic::Diagnostics,
    document::{Place, Record},
    expression::{Expression, Span},
    model::{Criteria, Points, Row, Table},
    walk::{Mention, height, mentions},
};
use std::collections::HashMap;

/// Deepest nesting of expressions, named things included: what an evaluator may have open at once. The
/// deepest municipality's file has come to a tenth of it.
const DEPTH_MAX: u32 = 400;

/// A named thing of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// Position in [`Criteria::conditions`].
    Condition(usize),
    /// Position in [`Criteria::tables`].
    Table(usize),
    /// Position in [`Criteria::values`].
    Value(usize),
}

/// Names of a file and what each looks at.
pub(crate) struct Graph<'c> {
    pub nodes: Vec<(&'c str, Named)>,
    /// Position of a name in `nodes`.
    at: HashMap<&'c str, usize>,
    /// For each node: the nodes it mentions, and where.
    pub edges: Vec<Vec<(usize, Span)>>,
}

impl<'c> Graph<'c> {
    pub fn of(criteria: &'c Criteria) -> Self {
        let mut nodes: Vec<(&str, Named)> = Vec::new();
        let c = criteria.conditions.iter().enumerate();
        nodes.extend(c.map(|(i, c)| (&*c.id, Named::Condition(i))));
        let t = criteria.tables.iter().enumerate();
        nodes.extend(t.map(|(i, t)| (&*t.id, Named::Table(i))));
        let v = criteria.values.iter().enumerate();
        nodes.extend(v.map(|(i, v)| (&*v.id, Named::Value(i))));
        let mut at = HashMap::with_capacity(nodes.len());
        for (i, (name, _)) in nodes.iter().enumerate() {
            at.entry(*name).or_insert(i);
        }
        let mut graph = Self {
            nodes,
            at,
            edges: Vec::new(),
        };
        graph.edges = graph
            .nodes
            .iter()
            .map(|(_, named)| {
                expressions(criteria, *named)
                    .into_iter()
                    .flat_map(|e| graph.named(e))
                    .collect()
            })
            .collect();
        graph
    }

    /// The named things an expression mentions, and where.
    pub fn named(&self, e: &Expression) -> Vec<(usize, Span)> {
        mentions(e)
            .into_iter()
            .filter_map(|m| {
                let (name, span) = match m {
                    Mention::Name(name, span) | Mention::Member(_, name, span) => (name, span),
                };
                Some((*self.at.get(name)?, span))
            })
            .collect()
    }
}

/// Every expression of a named thing.
pub(crate) fn expressions(criteria: &Criteria, named: Named) -> Vec<&Expression> {
    match named {
        Named::Condition(i) => vec![&criteria.conditions[i].when],
        Named::Table(i) => of_table(&criteria.tables[i]),
        Named::Value(i) => {
            let value = &criteria.values[i];
            let mut list = vec![&value.value];
            for change in &value.changes {
                list.extend(&change.when);
                list.push(&change.by);
            }
            list
        }
    }
}

fn of_table(table: &Table) -> Vec<&Expression> {
    let mut list: Vec<&Expression> = Vec::new();
    list.extend(
        table
            .otherwise
            .iter()
            .chain(&table.at_most)
            .chain(&table.at_least),
    );
    for band in &table.bands {
        list.extend(band.when.iter().chain([&band.by]).chain(&band.by2));
    }
    for group in &table.groups {
        list.extend(group.at_most.iter().chain(&group.at_least));
    }
    for row in &table.rows {
        list.extend(of_row(row));
    }
    list
}

/// The expressions of a row (those of its band are the table's).
pub(crate) fn of_row(row: &Row) -> Vec<&Expression> {
    let mut list: Vec<&Expression> = row.when.iter().collect();
    if let Points::Expression(e) = &row.points {
        list.push(e);
    }
    list
}

/// Reports circles and forward references; whether there were none.
pub(crate) fn check(criteria: &Criteria, records: &[Vec<&Record>], all: &mut Diagnostics) -> bool {
    let graph = Graph::of(criteria);
    let before = all.list.len();
    for (from, edges) in graph.edges.iter().enumerate() {
        let Named::Value(of) = graph.nodes[from].1 else {
            continue;
        };
        for (to, span) in edges {
            if let Named::Value(to_value) = graph.nodes[*to].1
                && to_value > of
            {
                let (name, later) = (graph.nodes[from].0, graph.nodes[*to].0);
                all.error(
                    "C091",
                    span.clone(),
                    (
                        format!("値「{name}」が、後に書かれた値「{later}」を使っています"),
                        format!("the value \"{name}\" uses \"{later}\", which comes after it"),
                    ),
                    (
                        format!("「{later}」を先に書いてください"),
                        format!("write \"{later}\" before it"),
                    ),
                );
            }
        }
    }
    let forward = all.list.len() > before;
    if !deep(criteria, &graph, all) {
        return false;
    }
    let mut state = vec![0u8; graph.nodes.len()];
    for start in 0..graph.nodes.len() {
        if let Some((circle, span)) = circle_from(&graph, start, &mut state) {
            // A circle of values was already reported as a forward reference.
            if forward
                && circle
                    .iter()
                    .all(|n| matches!(graph.nodes[*n].1, Named::Value(_)))
                && circle.len() > 1
            {
                continue;
            }
            let names: Vec<&str> = circle.iter().map(|n| graph.nodes[*n].0).collect();
            let way = format!("{} → {}", names.join(" → "), names[0]);
            all.error(
                "C090",
                span,
                (
                    format!("互いに依存していて、値が決まりません: {way}"),
                    format!("these depend on each other in a circle: {way}"),
                ),
                (
                    "どれかの式から、ほかへの参照を除いてください",
                    "remove one of the references",
                ),
            );
        }
    }
    exclusions(criteria, records, all);
    all.list.len() == before
}

/// Reports what is nested deeper than an evaluator (or the search for circles) may go; whether nothing is.
/// Does not recurse itself: a file may name a thing after the other a hundred thousand times.
fn deep(criteria: &Criteria, graph: &Graph<'_>, all: &mut Diagnostics) -> bool {
    let own: Vec<u32> = graph
        .nodes
        .iter()
        .map(|(_, named)| {
            let heights = expressions(criteria, *named).into_iter().map(height);
            heights.max().unwrap_or(0)
        })
        .collect();
    // Depth of each node once its edges are done; a node in a circle counts as done when it is met again.
    let mut depth: Vec<Option<u32>> = vec![None; graph.nodes.len()];
    let mut open = vec![false; graph.nodes.len()];
    for start in 0..graph.nodes.len() {
        let mut stack = vec![(start, 0)];
        while let Some((at, next)) = stack.pop() {
            if next == 0 && (open[at] || depth[at].is_some()) {
                continue;
            }
            open[at] = true;
            if let Some((to, _)) = graph.edges[at].get(next) {
                stack.push((at, next + 1));
                stack.push((*to, 0));
                continue;
            }
            let below = graph.edges[at].iter().filter_map(|(to, _)| depth[*to]);
            let total = own[at] + below.max().unwrap_or(0);
            depth[at] = Some(total);
            open[at] = false;
            if total > DEPTH_MAX {
                let name = graph.nodes[at].0;
                let span = graph.edges[at].first().map(|(_, span)| span.clone());
                all.error(
                    "C093",
                    span.map_or(Place::None, Place::from),
                    (
                        format!(
                            "「{name}」が、ほかの条件や値を何段にも重ねて使っていて、深すぎます"
                        ),
                        format!(
                            "\"{name}\" uses others that use others, too deep to be worked out"
                        ),
                    ),
                    (
                        "途中の条件や値を一つにまとめてください",
                        "put some of the conditions or values in between into one",
                    ),
                );
                return false;
            }
        }
    }
    true
}

/// The first circle reached from a node; each node is entered once. What led to a circle is settled: it
/// is told once.
fn circle_from(graph: &Graph<'_>, start: usize, state: &mut [u8]) -> Option<(Vec<usize>, Span)> {
    const OPEN: u8 = 1;
    const DONE: u8 = 2;
    if state[start] != 0 {
        return None;
    }
    state[start] = OPEN;
    // Nodes from the start on, each with the edge to follow next.
    let mut path = vec![(start, 0)];
    while let Some((at, next)) = path.last_mut() {
        let Some((to, span)) = graph.edges[*at].get(*next) else {
            state[*at] = DONE;
            path.pop();
            continue;
        };
        *next += 1;
        match state[*to] {
            0 => {
                state[*to] = OPEN;
                path.push((*to, 0));
            }
            OPEN => {
                let begin = path.iter().position(|(n, _)| n == to).unwrap_or(0);
                let circle = path[begin..].iter().map(|(n, _)| *n).collect();
                for (n, _) in path {
                    state[n] = DONE;
                }
                return Some((circle, span.clone()));
            }
            _ => {}
        }
    }
    None
}

/// Rows that exclude each other in a circle.
fn exclusions(criteria: &Criteria, records: &[Vec<&Record>], all: &mut Diagnostics) {
    for (table, records) in criteria.tables.iter().zip(records) {
        let graph = Graph {
            at: HashMap::new(),
            nodes: table
                .rows
                .iter()
                .map(|r| (&*r.id, Named::Table(0)))
                .collect(),
            edges: table
                .rows
                .iter()
                .map(|r| {
                    r.excludes
                        .iter()
                        .map(|to| (*to as usize, r.span.clone()))
                        .collect()
                })
                .collect(),
        };
        let mut state = vec![0u8; graph.nodes.len()];
        for start in 0..graph.nodes.len() {
            if let Some((circle, _)) = circle_from(&graph, start, &mut state) {
                let last = circle.last().and_then(|row| records.get(*row));
                let place = last.map_or(Place::None, |r| place_of(r, "excludes"));
                let names: Vec<&str> = circle.iter().map(|n| graph.nodes[*n].0).collect();
                let way = format!("{} → {}", names.join(" → "), names[0]);
                all.error(
                    "C092",
                    place,
                    (
                        format!("行が互いに打ち消し合っています: {way}"),
                        format!("rows exclude each other in a circle: {way}"),
                    ),
                    (
                        "どちらが優先するかを決め、片方の excludes を消してください",
                        "decide which one prevails and remove the other's excludes",
                    ),
                );
            }
        }
    }
}
