//! Conditions, tables and values that nothing in the order looks at.

use super::references::{Graph, Named};
use crate::{diagnostic::Diagnostics, expression::Expression, model::Criteria};

/// Reports them: most often a table that was forgotten in the formula of the index.
pub(crate) fn check(criteria: &Criteria, all: &mut Diagnostics) {
    let graph = Graph::of(criteria);
    let mut used = vec![false; graph.nodes.len()];
    let mut open: Vec<usize> = roots(criteria)
        .into_iter()
        .flat_map(|e| graph.named(e))
        .map(|(to, _)| to)
        .collect();
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut used[at], true) {
            open.extend(graph.edges[at].iter().map(|(to, _)| *to));
        }
    }
    for ((id, named), _) in graph.nodes.iter().zip(&used).filter(|(_, used)| !**used) {
        // Written down, and known to wait for something that has not been read.
        if criteria.gaps.iter().any(|gap| &*gap.id == *id) {
            continue;
        }
        let (thing, label, span) = match *named {
            Named::Condition(i) => {
                let c = &criteria.conditions[i];
                (("条件", "condition"), &c.label, &c.span)
            }
            Named::Table(i) => {
                let t = &criteria.tables[i];
                (("表", "table"), &t.label, &t.span)
            }
            Named::Value(i) => {
                let v = &criteria.values[i];
                (("値", "value"), &v.label, &v.span)
            }
        };
        all.warning(
            "C096",
            span.clone(),
            (
                format!(
                    "{}「{id}」（{label}）は、優先順位・優先区分・段階・枠・要件のどこからも使われていません",
                    thing.0
                ),
                format!("the {} \"{id}\" is used by nothing that decides", thing.1),
            ),
            (
                format!("指数の式などに加え忘れていないか確かめてください。使い方が原典で分からないときは、id = \"{id}\" の [[gap]] に何が分からないかを書いてください"),
                format!("was it forgotten in a formula? where its use has not been read, say so in a [[gap]] with id = \"{id}\""),
            ),
        );
    }
}

/// What decides.
fn roots(criteria: &Criteria) -> Vec<&Expression> {
    let mut list: Vec<&Expression> = Vec::new();
    list.extend(criteria.strata.iter().filter_map(|s| s.when.as_ref()));
    list.extend(criteria.keys.iter().filter_map(|k| k.value.as_ref()));
    list.extend(criteria.passes.iter().filter_map(|p| p.when.as_ref()));
    list.extend(criteria.pools.iter().map(|p| &p.target));
    list.extend(criteria.eligibility.iter().map(|e| &e.require));
    list
}
