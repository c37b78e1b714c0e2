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
use enmusubi_domain::past::{Decision, Decisions, Outcome};
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

/// Remarks about who was left out when a list was read, by why. `prefix`: what their codes begin with.
#[must_use]
pub fn of_left_out<'l>(
    left_out: impl IntoIterator<Item = (&'static str, &'l str)>,
    prefix: &str,
) -> Vec<Remark> {
    let mut by: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (code, child) in left_out {
        by.entry(code).or_default().push(child.to_owned());
    }
    let mut remarks = Vec::new();
    for (code, who) in by {
        add(&mut remarks, &format!("{prefix}{code}"), who);
    }
    remarks
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
    let crowded = crowded(world, evidence).into_iter();
    let crowded = crowded.map(|(k, count)| people(teller, market, k, count));
    list("over-capacity", crowded.collect());
    if world.past.ties == &crate::past::PastTies::Decided {
        let decided = decided(world).into_iter();
        let decided = decided.map(|(k, count)| people(teller, market, k, u64::from(count)));
        list("ties-decided", decided.collect());
    }
    remarks
}

/// A remark about children whose decision is as right as ours (`Solution::equally_right`).
#[must_use]
pub fn equally_right(children: &[Box<str>]) -> Option<Remark> {
    let mut remarks = Vec::new();
    let children = children.iter().map(ToString::to_string);
    add(&mut remarks, "equally-right", children);
    remarks.pop()
}

/// A remark in words.
#[must_use]
pub fn text(remark: &Remark, lang: Lang) -> String {
    let words = messages::compare(lang);
    let key = format!("remark-{}", remark.code);
    // What these say of the list stands in their examples, and is about no children.
    match (&*remark.code, &*remark.examples) {
        ("index-read-as", labels) => {
            let labels = labels.join(&words.get("comma", &[]));
            return words.get(&key, &[("read_as", &labels)]);
        }
        ("index-scale", [factor, offset]) => {
            return words.get(&key, &[("factor", factor), ("offset", offset)]);
        }
        _ => {}
    }
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
    let form = match remark.examples.is_empty() {
        true => "remark-plain",
        false => "remark",
    };
    words.get(form, &values)
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

/// Classes with more children than seats, by how many; the pools of one class are one, for decisions seldom name them.
fn crowded(world: &World<'_>, evidence: &Evidence) -> Vec<(ClassIx, u64)> {
    let market = &world.market;
    let room = |k: ClassIx| market.classes[k as usize].group as usize;
    let place = |k: ClassIx| {
        let class = &market.classes[k as usize];
        (class.nursery, class.age)
    };
    let mut places: BTreeMap<(u32, u8), Vec<ClassIx>> = BTreeMap::new();
    let mut sharing = vec![BTreeSet::new(); market.groups.len()];
    for k in 0..market.classes.len() as ClassIx {
        places.entry(place(k)).or_default().push(k);
        sharing[room(k)].insert(place(k));
    }
    let mut balance: BTreeMap<(u32, u8), i64> = BTreeMap::new();
    let mut add = |k: ClassIx, n: i64| *balance.entry(place(k)).or_default() += n;
    for (c, child) in market.children.iter().enumerate() {
        if let Some(k) = child.current.filter(|&k| market.classes[k as usize].refill) {
            add(k, -1);
        }
        match world.truth.of[c] {
            Known::At(k) if child.current != Some(k) || market.classes[k as usize].refill => {
                add(k, 1);
            }
            // Where nothing is known, a present seat is kept.
            Known::Unknown => {
                if let Some(k) = child.current.filter(|&k| market.classes[k as usize].refill) {
                    add(k, 1);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    for (at, classes) in places {
        // Ages that share a room, and children who count as parts of a seat, are counted by the room.
        let alone = |&k: &ClassIx| {
            let unit = market.groups[room(k)].unit;
            sharing[room(k)].len() == 1 && market.classes[k as usize].weight == unit
        };
        let by = if classes.iter().all(alone) {
            let rooms: BTreeSet<usize> = classes.iter().map(|&k| room(k)).collect();
            let seats = rooms
                .iter()
                .map(|&g| market.groups[g].seats / market.groups[g].unit.max(1));
            balance.get(&at).copied().unwrap_or(0) - seats.sum::<u64>() as i64
        } else {
            let mut crowds = evidence.crowds.iter();
            let crowd = crowds.find(|c| c.by > 0 && c.group as usize == room(classes[0]));
            let unit = market.groups[room(classes[0])].unit.max(1) as i64;
            crowd.map_or(0, |c| (c.by + unit - 1) / unit)
        };
        let ordinary = classes
            .iter()
            .copied()
            .find(|&k| market.classes[k as usize].pool.is_none());
        if by > 0 {
            found.push((ordinary.unwrap_or(classes[0]), by as u64));
        }
    }
    found
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

#[cfg(test)]
mod tests {
    use super::*;

    fn held(child: &str, row: u32) -> Decision {
        Decision {
            child: child.into(),
            outcome: Outcome::Held,
            row,
        }
    }

    #[test]
    fn two_decisions_that_differ_are_none() {
        let placed = Decision {
            outcome: Outcome::Placed {
                facility: "A".into(),
                pool: None,
            },
            ..held("c", 4)
        };
        let list = vec![
            held("a", 1),
            held("b", 2),
            held("b", 3),
            held("c", 3),
            placed,
        ];
        let (kept, remarks) = settle(&Decisions { list });
        assert_eq!(kept.list, [held("a", 1), held("b", 2)]);
        let told: Vec<(&str, u32)> = remarks.iter().map(|r| (&*r.code, r.count)).collect();
        assert_eq!(told, [("two-decisions", 1), ("repeated-decision", 1)]);
        assert_eq!(remarks[0].examples, ["c"]);
        let text = text(&remarks[0], Lang::Japanese);
        assert!(text.ends_with("（1件: c）"), "{text}");
    }
}
