//! What parents should know about the order: a choice's rank that is part of the priority.

use super::references::{Graph, Named, expressions};
use crate::{
    diagnostic::Diagnostics,
    expression::{Expression, Span},
    model::Criteria,
    walk::{Mention, mentions},
};

/// Reports keys that never decide, and, once, where the rank enters the order.
pub(crate) fn check(criteria: &Criteria, all: &mut Diagnostics) {
    repeated(criteria, all);
    rank_within(criteria, all);
}

/// A key that compares what an earlier one has compared.
fn repeated(criteria: &Criteria, all: &mut Diagnostics) {
    for (at, key) in criteria.keys.iter().enumerate() {
        let Some(value) = key.value.as_ref().filter(|_| !key.together) else {
            continue;
        };
        let earlier = criteria.keys[..at]
            .iter()
            .find(|k| !k.together && k.value.as_ref() == Some(value));
        if let Some(earlier) = earlier {
            all.warning(
                "C097",
                value.span.clone(),
                (
                    format!(
                        "優先順位「{}」は、先の「{}」と同じ値を比べるため、順位が変わることはありません",
                        key.label, earlier.label
                    ),
                    format!(
                        "the key \"{}\" compares what \"{}\" has compared: it never decides",
                        key.id, earlier.id
                    ),
                ),
                (
                    "値の写し間違いがないか確かめてください",
                    "is its value copied wrongly?",
                ),
            );
        }
    }
}

fn rank_within(criteria: &Criteria, all: &mut Diagnostics) {
    let graph = Graph::of(criteria);
    let strata = criteria.strata.iter();
    let strata = strata.filter_map(|s| s.when.as_ref().map(|e| (&s.label, e)));
    let keys = criteria.keys.iter();
    let keys = keys.filter_map(|k| k.value.as_ref().map(|e| (&k.label, e)));
    for (label, e) in strata.chain(keys) {
        if let Some(span) = rank(criteria, &graph, e, &mut vec![false; graph.nodes.len()]) {
            all.warning(
                "C095",
                span,
                (
                    format!(
                        "優先順位「{label}」に希望順位が入っています。希望順位を変えると有利・不利が変わるため、本当の希望の順に書くことが得とは限りません"
                    ),
                    format!(
                        "the choice rank is part of the priority (\"{label}\"): listing nurseries in the true order of wishes is then not always safe"
                    ),
                ),
                (
                    "公表された基準のとおりであれば、このことを保護者に知らせてください",
                    "where the published criteria say so, tell the parents",
                ),
            );
            return;
        }
    }
}

/// Where the rank is looked at, also through tables and values.
fn rank(criteria: &Criteria, graph: &Graph<'_>, e: &Expression, seen: &mut [bool]) -> Option<Span> {
    let own = mentions(e).into_iter().find_map(|m| match m {
        Mention::Member("choice", "rank", span) => Some(span),
        _ => None,
    });
    if own.is_some() {
        return own;
    }
    for (to, _) in graph.named(e) {
        if std::mem::replace(&mut seen[to], true) {
            continue;
        }
        let named: Named = graph.nodes[to].1;
        for inner in expressions(criteria, named) {
            if let Some(span) = rank(criteria, graph, inner, seen) {
                return Some(span);
            }
        }
    }
    None
}
