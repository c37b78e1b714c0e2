//! The three depths together: what the staff's index list says before any decision is looked at.

use crate::{
    cause::Cause,
    crew::Crew,
    index::{IndexFound, index},
    order::{Known, OrderFound, listed, market::not_listed, order},
    past::{Base, Past, PastTies},
    report::{IndexDepth, OrderDepth, Remark, Seen},
    search::{
        Proposer,
        settled::{Agreed, settled},
    },
    world::{Unworkable, World, scored::Scored},
};
use enmusubi_domain::past::StaffIndex;
use enmusubi_selection::compiled::{CompiledRound, KeyKind, Ties};
use std::collections::{BTreeMap, BTreeSet};

/// A cause that the list shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The cause.
    pub cause: Cause,
    /// Others that nothing tells apart from it.
    pub class: Vec<Cause>,
    /// Where it was seen: index or order.
    pub seen: Seen,
    /// Children of whose lines it speaks, sorted.
    pub children: Vec<Box<str>>,
}

/// What the staff's index list says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depths {
    /// Facts → index; `None` for a round of tables, and where nothing could be compared. Its causes are numbered by their
    /// place in [`Depths::shown`], 1 first.
    pub index: Option<IndexDepth>,
    /// Index → order; `None` where the list has no places. Causes numbered likewise.
    pub order: Option<OrderDepth>,
    /// The causes, those of the index first.
    pub shown: Vec<Shown>,
    /// What somebody should know about the list.
    pub remarks: Vec<Remark>,
    /// Facts are missing (or there are none): what is placed must go by the list ([`Base::Listed`]), and the causes
    /// above are in the list already.
    pub by_list: bool,
    /// Labels of the components that positions in key orders speak of.
    pub labels: Vec<String>,
    /// Whose index is settled by the list.
    pub agreed: Option<Agreed>,
}

impl Depths {
    /// Proposers that leave alone what the list has settled.
    #[must_use]
    pub fn proposers(&self, all: Vec<Box<dyn Proposer>>) -> Vec<Box<dyn Proposer>> {
        match &self.agreed {
            Some(agreed) if !self.by_list => settled(all, agreed.clone()),
            _ => all,
        }
    }

    /// What is handed to [`crate::solve::solve`] as given: nothing where the placement goes by the list.
    #[must_use]
    pub fn given(&self) -> Vec<(Cause, Vec<Cause>)> {
        if self.by_list {
            return Vec::new();
        }
        let shown = self.shown.iter();
        shown.map(|s| (s.cause.clone(), s.class.clone())).collect()
    }
}

/// Children with an index in the list that comes out as it is there once the causes that the list shows are mended.
fn agreed(depth: &IndexDepth, components: Vec<u32>, list: &StaffIndex) -> Agreed {
    let open = depth.differences.iter().filter(|d| d.causes.is_empty());
    let mut open: BTreeSet<&str> = open.map(|d| &*d.child).collect();
    // Of two lines about the same that differ, nobody knows which holds.
    let mut first = BTreeMap::new();
    for line in &list.list {
        let before = first.entry((&line.child, &line.facility));
        if *before.or_insert(line.index) != line.index {
            open.insert(&line.child);
        }
    }
    let listed = list.list.iter().filter(|l| l.index.is_some());
    let children = listed.filter(|l| !open.contains(&*l.child));
    Agreed {
        components,
        children: children.map(|l| l.child.clone()).collect(),
    }
}

/// Looks at the first two depths. `past` as it would be compared without the list (a list in it is not looked at).
///
/// # Errors
/// The round cannot be scored, or makes no market for other reasons than missing facts.
pub fn depths(past: Past<'_>, list: &StaffIndex, crew: &dyn Crew) -> Result<Depths, Unworkable> {
    let past = Past {
        base: past.base.plain(),
        ..past
    };
    let mut found = Depths {
        index: None,
        order: None,
        shown: Vec::new(),
        remarks: Vec::new(),
        by_list: past.facts().is_none(),
        labels: Vec::new(),
        agreed: None,
    };
    let mut causes = Vec::new();
    if let Some((facts, criteria)) = past.facts() {
        let IndexFound {
            depth,
            causes: of_index,
            measure,
            remarks,
            ..
        } = index(facts, criteria, list, crew)?;
        found.remarks = remarks;
        if let Some(measure) = measure {
            found.agreed = Some(agreed(&depth, measure.components, list));
            found.index = Some(depth);
        }
        causes = of_index.iter().map(|e| e.cause.clone()).collect();
        found.shown = of_index
            .into_iter()
            .map(|e| Shown {
                cause: e.cause,
                class: e.class,
                seen: Seen::Index,
                children: e.children,
            })
            .collect();
    }
    let mut known = Known::ALL;
    let compiled = match World::of(past, &causes) {
        Ok(world) => (*world.plain).clone(),
        Err(Unworkable::Stage(errors)) if errors.iter().all(|e| e.is_undecided()) => {
            found.by_list = true;
            let compiled = without_scores(past, list)?;
            known = known_of(past, &compiled);
            compiled
        }
        Err(error) => return Err(error),
    };
    found.remarks.extend(not_listed(&compiled.market, list));
    if let Some(OrderFound {
        mut depth,
        causes,
        labels,
        undecided,
        ..
    }) = order(&compiled, list, known)
    {
        let before = found.shown.len() as u32;
        for number in &mut depth.causes {
            *number += before;
        }
        found.order = Some(depth);
        if undecided > 0 {
            found.remarks.push(Remark {
                code: "order-undecided".to_owned(),
                count: undecided,
                examples: Vec::new(),
            });
        }
        found.labels = labels;
        found.shown.extend(causes.into_iter().map(|e| Shown {
            cause: e.cause,
            class: e.class,
            seen: Seen::Order,
            children: e.children,
        }));
    }
    Ok(found)
}

/// What is known beside the index where facts are missing: before it nothing, if the criteria compare something there;
/// behind it only what the list has as columns.
fn known_of(past: Past<'_>, compiled: &CompiledRound) -> Known {
    let Some((facts, criteria)) = past.facts() else {
        return Known::ALL;
    };
    let soft = |id: &str| criteria.pools.iter().any(|p| *p.id == *id && !p.hard);
    let mut pools = facts.classes.iter().filter_map(|c| c.pool.as_deref());
    let tie = |k: KeyKind| matches!(k, KeyKind::Lottery | KeyKind::Row | KeyKind::Stratum);
    let keys = compiled.key_components.iter().filter(|c| !tie(c.kind));
    Known {
        before: criteria.strata.is_empty() && !pools.any(soft),
        behind: keys.count() == criteria.keys.len(),
    }
}

/// The market of a round whose facts give no scores, not led by the list yet.
fn without_scores(past: Past<'_>, list: &StaffIndex) -> Result<CompiledRound, Unworkable> {
    let Base::Facts { facts, criteria } = past.base else {
        return Err(Unworkable::Foreign);
    };
    let rule = match past.ties {
        PastTies::Rule(ties) => ties.clone(),
        PastTies::Decided => Ties::Stop,
    };
    let scored = Scored::of(facts, criteria, &[])?;
    let staged = listed(&scored, list, &rule).map_err(Unworkable::Stage)?;
    Ok(staged.compiled)
}
