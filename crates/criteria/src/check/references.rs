//! Conditions, tables and values refer to each other without circles, values only to earlier ones.

use crate::{
    build::place_of,
    diagnostic::Diagnostics,
    document::{Place, Record},
    expression::{Expression, Span},
    model::{Criteria, Points, Row, Table},
    walk::{Mention, mentions},
};

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
        let mut graph = Self {
            nodes,
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
                let at = self.nodes.iter().position(|(n, _)| *n == name)?;
                Some((at, span))
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

/// The first circle reached from a node.
fn circle_from(graph: &Graph<'_>, start: usize, state: &mut [u8]) -> Option<(Vec<usize>, Span)> {
    let mut path = Vec::new();
    let found = circle(graph, start, state, &mut path);
    // What led to a circle is settled: it is told once.
    for n in path {
        state[n] = 2;
    }
    found
}

/// Follows the edges; each node is entered once.
fn circle(
    graph: &Graph<'_>,
    at: usize,
    state: &mut [u8],
    path: &mut Vec<usize>,
) -> Option<(Vec<usize>, Span)> {
    if state[at] != 0 {
        return None;
    }
    state[at] = 1;
    path.push(at);
    for (to, span) in &graph.edges[at] {
        if state[*to] == 1 {
            let begin = path.iter().position(|n| n == to).unwrap_or(0);
            return Some((path[begin..].to_vec(), span.clone()));
        }
        if let Some(found) = circle(graph, *to, state, path) {
            return Some(found);
        }
    }
    path.pop();
    state[at] = 2;
    None
}

/// Rows that exclude each other in a circle.
fn exclusions(criteria: &Criteria, records: &[Vec<&Record>], all: &mut Diagnostics) {
    for (table, records) in criteria.tables.iter().zip(records) {
        let graph = Graph {
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
