//! What somebody should know about the files of a past round: decisions and index lines that fit nothing, children and
//! classes without decisions, placements that cannot be. What can still be compared is.

use crate::{
    evidence::Evidence,
    messages,
    past::Past,
    report::Remark,
    text::Teller,
    truth::Known,
    world::{World, edit::class_id},
};
use enmusubi_domain::past::{Decision, Decisions, Outcome, StaffIndex};
use enmusubi_market::{ChildIx, ClassIx, Market};
use enmusubi_selection::text_summary::Lang;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Examples given of each remark.
const EXAMPLES: usize = 5;

/// The decisions with one for each child: where there are several that differ, none of them counts. What was left
/// out is remarked.
#[must_use]
pub fn settle(decisions: &Decisions) -> (Decisions, Vec<Remark>) {
    let mut of: HashMap<&str, Vec<&Decision>> = HashMap::new();
    for decision in &decisions.list {
        of.entry(&decision.child).or_default().push(decision);
    }
    let (mut differ, mut repeated) = (BTreeSet::new(), BTreeSet::new());
    for (child, list) in &of {
        let same = list.iter().all(|d| d.outcome == list[0].outcome);
        match (list.len() > 1, same) {
            (true, true) => repeated.insert((*child).to_owned()),
            (true, false) => differ.insert((*child).to_owned()),
            (false, _) => false,
        };
    }
    let mut seen = BTreeSet::new();
    let kept = decisions.list.iter();
    let kept = kept.filter(|d| !differ.contains(&*d.child) && seen.insert(&*d.child));
    let kept = Decisions {
        list: kept.cloned().collect(),
    };
    let mut remarks = Vec::new();
    add(&mut remarks, "two-decisions", differ);
    add(&mut remarks, "repeated-decision", repeated);
    (kept, remarks)
}

/// Remarks about the decisions in a round. `world`: the round as it is.
#[must_use]
pub fn of_decisions(world: &World<'_>, evidence: &Evidence, teller: Teller<'_>) -> Vec<Remark> {
    let market = &world.market;
    let mut remarks = Vec::new();
    let mut list = |code: &str, who: Vec<String>| add(&mut remarks, code, who);
    strangers(world, &mut list);
    applicants(world, &mut list);
    list(
        "class-without-decisions",
        classes(world).map(|k| class(teller, market, k)).collect(),
    );
    let mut crowded = Vec::new();
    for crowd in evidence.crowds.iter().filter(|c| c.by > 0) {
        let group = &market.groups[crowd.group as usize];
        let first = market.classes.iter().position(|k| k.group == crowd.group);
        let Some(first) = first else { continue };
        let count = crowd.by.unsigned_abs().div_ceil(group.unit.max(1));
        crowded.push(people(teller, market, first as ClassIx, count));
    }
    list("over-capacity", crowded);
    if world.past.ties == &crate::past::PastTies::Decided {
        let decided = decided(world).into_iter();
        let decided = decided.map(|(k, count)| people(teller, market, k, u64::from(count)));
        list("ties-decided", decided.collect());
    }
    remarks
}

/// Remarks about an index list in a round.
#[must_use]
pub fn of_index(world: &World<'_>, index: &StaffIndex) -> Vec<Remark> {
    let children = world.market.children.iter().map(|c| &*c.id);
    let children: BTreeSet<&str> = children.collect();
    let mut lines: BTreeMap<(&str, Option<&str>), u32> = BTreeMap::new();
    for line in &index.list {
        *lines
            .entry((&line.child, line.facility.as_deref()))
            .or_default() += 1;
    }
    let listed: BTreeSet<&str> = lines.keys().map(|(child, _)| *child).collect();
    let repeated = lines.iter().filter(|(_, count)| **count > 1);
    let repeated: BTreeSet<&str> = repeated.map(|((child, _), _)| *child).collect();
    let mut remarks = Vec::new();
    let mut list = |code: &str, who: Vec<&str>| {
        add(&mut remarks, code, who.into_iter().map(str::to_owned));
    };
    list(
        "index-unknown-child",
        listed.difference(&children).copied().collect(),
    );
    list("index-repeated", repeated.into_iter().collect());
    list(
        "index-no-line",
        children.difference(&listed).copied().collect(),
    );
    remarks
}

/// A remark in words.
#[must_use]
pub fn text(remark: &Remark, lang: Lang) -> String {
    let words = messages::compare(lang);
    let key = format!("remark-{}", remark.code);
    // Readers of files may have remarks of their own, in their own words.
    let text = match messages::has(&key) {
        true => words.get(&key, &[]),
        false => remark.code.clone(),
    };
    let count = remark.count.to_string();
    let examples = remark.examples.join(&words.get("comma", &[]));
    let more = match remark.count as usize > remark.examples.len() {
        true => words.get("remark-more", &[]),
        false => String::new(),
    };
    let values = [
        ("text", &*text),
        ("count", &*count),
        ("examples", &*examples),
        ("more", &*more),
    ];
    words.get("remark", &values)
}

fn add(remarks: &mut Vec<Remark>, code: &str, who: impl IntoIterator<Item = String>) {
    let who: Vec<String> = who.into_iter().collect();
    if !who.is_empty() {
        remarks.push(Remark {
            code: code.to_owned(),
            count: who.len() as u32,
            examples: who.into_iter().take(EXAMPLES).collect(),
        });
    }
}

/// Decisions about children whom the market does not have.
fn strangers(world: &World<'_>, list: &mut impl FnMut(&str, Vec<String>)) {
    let ours = world.market.children.iter().map(|c| &*c.id);
    let ours: BTreeSet<&str> = ours.collect();
    let decisions = world.past.decisions.list.iter().map(|d| &*d.child);
    let strangers: BTreeSet<&str> = decisions.filter(|c| !ours.contains(c)).collect();
    let known = |child: &&str| {
        let facts = world.past.facts();
        facts.is_some_and(|(facts, _)| facts.children.find(child).is_some())
    };
    let (idle, unknown): (Vec<&str>, Vec<&str>) = strangers.into_iter().partition(known);
    let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
    list("unknown-child", owned(unknown));
    list("not-applying", owned(idle));
}

/// Applicants without a decision, or with one that cannot be.
fn applicants(world: &World<'_>, list: &mut impl FnMut(&str, Vec<String>)) {
    let Past { decisions, .. } = world.past;
    let market = &world.market;
    let of: HashMap<&str, &Outcome> = decisions
        .list
        .iter()
        .map(|d| (&*d.child, &d.outcome))
        .collect();
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (c, child) in market.children.iter().enumerate() {
        let code = match of.get(&*child.id) {
            None => "no-decision",
            Some(Outcome::Withdrawn) => "withdrawn",
            Some(Outcome::Held) if child.current.is_some() => "transfer-held",
            Some(Outcome::Placed { facility, .. }) if world.truth.of[c] == Known::Elsewhere => {
                elsewhere(market, facility, child.age)
            }
            _ => continue,
        };
        found.entry(code).or_default().push(child.id.to_string());
    }
    let order = [
        "no-decision",
        "withdrawn",
        "unknown-facility",
        "no-class",
        "not-chosen",
        "transfer-held",
    ];
    for code in order {
        let mut who = found.remove(code).unwrap_or_default();
        who.sort_unstable();
        list(code, who);
    }
}

/// Why a child cannot be placed at a facility.
fn elsewhere(market: &Market, facility: &str, age: u8) -> &'static str {
    let at = market.nurseries.binary_search_by(|n| (*n.id).cmp(facility));
    let Ok(nursery) = at else {
        return "unknown-facility";
    };
    let has = |k: &enmusubi_market::Class| k.nursery == nursery as u32 && k.age == age;
    match market.classes.iter().any(has) {
        true => "not-chosen",
        false => "no-class",
    }
}

/// Classes that somebody wants and of whose applicants none has a decision.
fn classes<'w>(world: &'w World<'_>) -> impl Iterator<Item = ClassIx> + use<'w> {
    let market = &world.market;
    let mut known = vec![(0u32, 0u32); market.classes.len()];
    for c in 0..market.children.len() as ChildIx {
        let there = world.truth.of[c as usize] != Known::Unknown;
        for x in market.choices_of(c) {
            let (wanted, decided) = &mut known[x.class as usize];
            *wanted += 1;
            *decided += u32::from(there);
        }
    }
    let classes = known.into_iter().enumerate();
    classes
        .filter(|(_, (wanted, decided))| *wanted > 0 && *decided == 0)
        .map(|(k, _)| k as ClassIx)
}

/// Classes where somebody was placed and an equal refused: how many were refused so.
fn decided(world: &World<'_>) -> Vec<(ClassIx, u32)> {
    let market = &world.market;
    let keys = &world.keys;
    // Behind all that the criteria compare stands what the staff decided.
    let compared = keys.components().saturating_sub(1);
    let mut last: Vec<Option<&[u32]>> = vec![None; market.classes.len()];
    let mut choices = Vec::new();
    for c in 0..market.children.len() as ChildIx {
        let known = world.truth.of[c as usize];
        if known == Known::Unknown {
            continue;
        }
        for x in market.children[c as usize].choices.clone() {
            let class = market.choices[x as usize].class;
            let key = &keys.of_choice(x)[..compared];
            if known == Known::At(class) {
                let worst = &mut last[class as usize];
                *worst = Some(worst.map_or(key, |w| w.max(key)));
                break;
            }
            choices.push((class, key));
        }
    }
    let mut count: BTreeMap<ClassIx, u32> = BTreeMap::new();
    for (class, key) in choices {
        if last[class as usize] == Some(key) {
            *count.entry(class).or_default() += 1;
        }
    }
    count.into_iter().collect()
}

fn class(teller: Teller<'_>, market: &Market, class: ClassIx) -> String {
    teller.class(&class_id(market, class))
}

fn people(teller: Teller<'_>, market: &Market, k: ClassIx, count: u64) -> String {
    let (class, count) = (class(teller, market, k), count.to_string());
    let values = [("class", &*class), ("count", &*count)];
    messages::compare(teller.lang).get("remark-people", &values)
}
