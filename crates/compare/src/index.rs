//! Facts → index (事実から指数へ): do the criteria give the index the staff have in their list, and where not, why?
//!
//! An index is a number, so causes are searched against exact targets, which is much sharper than decisions:
//!
//! 1. [`measure`]: which part of our keys the staff call the index.
//! 2. [`scoring`]: our number beside theirs, line by line, under some causes.
//! 3. [`propose`]: causes that might explain several lines: points of a row, rows too many, coupling; [`unwritten`]:
//!    rows that are missing.
//! 4. [`search`]: proposals are tried out by scoring again; the one that brings most households to exact agreement is
//!    mended, and again. What concerns one household alone comes last.
//!
//! What stays unexplained may be a slip in the staff's own list; nothing here says which side is wrong.

pub mod measure;
mod propose;
mod recorded;
mod scoring;
mod search;
#[cfg(test)]
pub(crate) mod tests;
mod unwritten;

use crate::{
    cause::Cause,
    crew::Crew,
    report::{Agreement, IndexDepth, IndexDifference, Remark},
    world::{Unworkable, scored::Scored},
};
use enmusubi_criteria::Criteria;
use enmusubi_domain::{
    facts::{Exact, RoundFacts},
    past::StaffIndex,
};
use enmusubi_scoring::Program;
use measure::{Measure, Target};
use recorded::Recorded;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A cause, with those that nothing tells apart from it, and the children whose lines it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// The cause.
    pub cause: Cause,
    /// Others that leave exactly the same.
    pub class: Vec<Cause>,
    /// Children whose lines agree with it and did not before, or come nearer to agreement, as ids, sorted.
    pub children: Vec<Box<str>>,
}

/// What comparing facts with an index list found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexFound {
    /// For the report. Causes are numbered by their place in [`IndexFound::causes`], 1 first.
    pub depth: IndexDepth,
    /// The causes, in the order in which they were found.
    pub causes: Vec<Explained>,
    /// Agreement before anything is mended, and after each cause.
    pub path: Vec<Agreement>,
    /// Which part of the keys the list has; `None` where nothing could be compared.
    pub measure: Option<Measure>,
    /// What somebody should know about the list.
    pub remarks: Vec<Remark>,
}

/// Compares facts and criteria with an index list.
///
/// # Errors
/// The round cannot be scored at all. Children whose facts are missing are no error: the rest is compared.
pub fn index(
    facts: &RoundFacts,
    criteria: &Criteria,
    list: &StaffIndex,
    crew: &dyn Crew,
) -> Result<IndexFound, Unworkable> {
    let (targets, remarks) = targets(facts, list);
    let extended = scoring::with_values(criteria);
    let scored = Scored::of(facts, &extended, &[])?;
    let candidates = scoring::numbers(&extended);
    let value = |component: u32, choice: u32| scored.scores.key(choice)[component as usize];
    let measure = Measure::choose(&candidates, &targets, value);
    let Some(measure) = measure.filter(|m| m.known > 0) else {
        let depth = IndexDepth {
            agreement: Agreement::default(),
            differences: Vec::new(),
            causes: Vec::new(),
            unexplained: 0,
        };
        return Ok(IndexFound {
            depth,
            causes: Vec::new(),
            path: Vec::new(),
            measure: None,
            remarks,
        });
    };
    let by = |measure: Measure| {
        let given = Lines {
            facts,
            criteria: &extended,
            list,
            targets: &targets,
            scored: &scored,
        };
        given.by(measure, remarks.clone(), crew)
    };
    let plain = measure.without_offset(&targets, value);
    let found = by(measure)?;
    // A row that most have looks like something added for everybody: whichever leaves less and needs fewer causes.
    let left = |f: &IndexFound| (f.depth.unexplained, f.causes.len());
    Ok(match plain.map(by).transpose()? {
        Some(other) if left(&other) < left(&found) => other,
        _ => found,
    })
}

/// What is compared, whichever way the list's numbers are read.
struct Lines<'a> {
    facts: &'a RoundFacts,
    criteria: &'a Criteria,
    list: &'a StaffIndex,
    targets: &'a [Target],
    scored: &'a Scored<'a>,
}

impl Lines<'_> {
    fn by(
        &self,
        measure: Measure,
        mut remarks: Vec<Remark>,
        crew: &dyn Crew,
    ) -> Result<IndexFound, Unworkable> {
        let Self {
            facts,
            criteria,
            list,
            targets,
            scored,
        } = *self;
        remarks.extend(read_as(criteria, &measure, targets, facts));
        let search = search::Search {
            facts,
            criteria,
            targets,
            measure: &measure,
            crew,
        };
        let first = search.residual(scored);
        let program = Program::compile(criteria).map_err(Unworkable::Score)?;
        let rows = program.contributions(&scored.facts);
        let recorded = Recorded::of(criteria, &rows);
        let agrees: Vec<bool> = first.iter().map(|d| *d == Some(Exact::ZERO)).collect();
        remarks.extend(recorded.remarks(list, targets, &agrees));
        let found = search.run(scored.clone(), &rows, first.clone())?;
        let looked = Looked {
            facts,
            list,
            targets,
            measure: &measure,
            recorded: &recorded,
        };
        let depth = depth(&looked, scored, &first, &found);
        let explained = found.steps.iter().map(|s| Explained {
            cause: s.cause.clone(),
            class: s.class.clone(),
            children: ids(facts, s.touched.iter().map(|&t| targets[t].child)),
        });
        Ok(IndexFound {
            depth,
            causes: explained.collect(),
            path: found.path,
            measure: Some(measure),
            remarks,
        })
    }
}

/// The lines that are about a child of the facts, and what is wrong with the others.
fn targets(facts: &RoundFacts, list: &StaffIndex) -> (Vec<Target>, Vec<Remark>) {
    let children: HashMap<&str, u32> = facts.children.ids.iter().map(|id| &**id).zip(0..).collect();
    let facilities: HashMap<&str, u32> = facts
        .facilities
        .ids
        .iter()
        .map(|id| &**id)
        .zip(0..)
        .collect();
    let mut wrong: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut seen: HashMap<(u32, Option<u32>), Exact> = HashMap::new();
    let mut contrary: HashSet<(u32, Option<u32>)> = HashSet::new();
    let mut targets: Vec<Target> = Vec::new();
    let mut about: Vec<(u32, Option<u32>)> = Vec::new();
    for (line, entry) in (0u32..).zip(&list.list) {
        let mut remark = |code| wrong.entry(code).or_default().push(&entry.child);
        let Some(&child) = children.get(&*entry.child) else {
            remark("index-unknown-child");
            continue;
        };
        let Some(theirs) = entry.index else {
            remark("index-no-number");
            continue;
        };
        let mut choices = facts.index.choices[child as usize].clone();
        let mut facility = None;
        if let Some(id) = &entry.facility {
            facility = facilities.get(&**id).copied();
            let chosen = choices.clone();
            let mut chosen =
                chosen.filter(|&x| Some(facts.choice_facility[x as usize]) == facility);
            let Some(x) = chosen.next() else {
                remark("index-not-chosen");
                continue;
            };
            choices = x..x + 1;
        }
        if choices.is_empty() {
            remark("index-no-choice");
            continue;
        }
        // Of two lines about the same that differ, nobody knows which holds.
        if let Some(before) = seen.insert((child, facility), theirs) {
            seen.insert((child, facility), before);
            if before != theirs {
                remark("index-two-lines");
                contrary.insert((child, facility));
            }
            continue;
        }
        about.push((child, facility));
        targets.push(Target {
            line,
            child,
            choices,
            theirs,
        });
    }
    let mut about = about.iter();
    targets.retain(|_| about.next().is_none_or(|a| !contrary.contains(a)));
    let remarks = wrong
        .into_iter()
        .map(|(code, children)| remark(code, children));
    (targets, remarks.collect())
}

/// A remark about children: how many, and the first few.
pub(crate) fn remark(code: &str, mut children: Vec<&str>) -> Remark {
    const SHOWN: usize = 10;
    children.sort_unstable();
    children.dedup();
    Remark {
        code: code.to_owned(),
        count: children.len() as u32,
        examples: children.iter().take(SHOWN).map(|&c| c.to_owned()).collect(),
    }
}

/// Which part of the keys was read as the staff's index, on which scale, and who could not be compared.
fn read_as(
    criteria: &Criteria,
    measure: &Measure,
    targets: &[Target],
    facts: &RoundFacts,
) -> Vec<Remark> {
    let labels = scoring::labels(criteria, &measure.components);
    let mut remarks = vec![Remark {
        code: "index-read-as".to_owned(),
        count: measure.agree,
        examples: labels,
    }];
    if measure.is_scaled() {
        remarks.push(Remark {
            code: "index-scale".to_owned(),
            count: measure.agree,
            examples: vec![measure.factor.to_string(), measure.offset.to_string()],
        });
    }
    let unknown = targets.len() as u32 - measure.known;
    if unknown > 0 {
        remarks.push(Remark {
            code: "index-facts-missing".to_owned(),
            count: unknown,
            examples: Vec::new(),
        });
    }
    debug_assert!(
        targets
            .iter()
            .all(|t| (t.child as usize) < facts.children.len())
    );
    remarks
}

/// Ids of children, sorted, each once.
fn ids(facts: &RoundFacts, children: impl Iterator<Item = u32>) -> Vec<Box<str>> {
    let mut ids: Vec<Box<str>> = children
        .map(|c| facts.children.ids[c as usize].clone())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// What was compared.
struct Looked<'l> {
    facts: &'l RoundFacts,
    list: &'l StaffIndex,
    targets: &'l [Target],
    measure: &'l Measure,
    recorded: &'l Recorded<'l>,
}

fn depth(
    looked: &Looked<'_>,
    scored: &Scored<'_>,
    first: &[Option<Exact>],
    found: &search::Steps,
) -> IndexDepth {
    let Looked {
        facts,
        list,
        targets,
        measure,
        ..
    } = *looked;
    let mut agreement = Agreement::default();
    let mut differences = Vec::new();
    for (at, target) in targets.iter().enumerate() {
        let Some(apart) = first[at] else {
            continue;
        };
        agreement.compared += 1;
        if apart == Exact::ZERO {
            agreement.agree += 1;
            continue;
        }
        let value = |component: u32, choice: u32| scored.scores.key(choice)[component as usize];
        let ours = measure.ours(&target.choices, value);
        let ours = ours.and_then(|n| measure.on_their_scale(n));
        let line = &list.list[target.line as usize];
        let steps = (1u32..).zip(&found.steps);
        differences.push(IndexDifference {
            child: line.child.to_string(),
            facility: line.facility.as_ref().map(ToString::to_string),
            ours: ours.map(|n| n.to_string()),
            theirs: Some(target.theirs.to_string()),
            only_ours: looked.recorded.only_ours(line, target),
            only_theirs: looked.recorded.only_theirs(line, target),
            causes: steps
                .filter(|(_, s)| s.touched.contains(&at))
                .map(|(number, _)| number)
                .collect(),
        });
    }
    differences.sort_by(|a, b| (&a.child, &a.facility).cmp(&(&b.child, &b.facility)));
    let left = found.residual.iter().enumerate();
    let left = left.filter(|(_, d)| d.is_some_and(|d| d != Exact::ZERO));
    let unexplained = ids(facts, left.map(|(at, _)| targets[at].child));
    IndexDepth {
        agreement,
        differences,
        causes: (1..=found.steps.len() as u32).collect(),
        unexplained: unexplained.len() as u32,
    }
}
