//! Whether rules that hold nevertheless concern above all children with a value of a fact that must not decide, and what the placement
//! would be without such a rule.
//!
//! No rule looks at such a fact. One may still stand for it: where nearly everybody who works at night lives in one part of the city, a
//! row about night work is a row about that part. Whether its purpose bears it is for people to say: what is found here is a question.

use crate::{known::Learned, messages};
use enmusubi_compare::{
    cause::Cause,
    crew::{Crew, map},
    report::Agreement,
    search::forbidden::FORBIDDEN,
    world::World,
};
use enmusubi_domain::{
    facts::{
        AttributeIx, Entity, RoundFacts, SymbolIx, Type, Value,
        stacked::round_of,
        vocabulary::{VOCABULARY, find},
        words::{Tongue, label, value},
    },
    template::grouped,
};
use enmusubi_selection::text_summary::Lang;
use serde::Serialize;
use std::{
    cmp::Ordering,
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// So many of those whom a rule concerns have the value, at least: of fewer, chance alone makes most alike in something.
pub const LEAST: u32 = 10;
/// At least one in so many of those whom it concerns has the value: below half, most of them have not.
pub const ONE_IN: u32 = 2;
/// The value is so many times as frequent among them as among all, at least: parts of a city differ, in any rule, by less.
pub const TIMES: u32 = 2;
/// Values told of a rule: what comes behind the strongest says the same of the same children, as a rule.
const KEPT: usize = 3;
/// Rules that were found in another way before, of which there may be dozens, are looked at up to so many rules times children: each
/// takes a round that is scored anew, all of these together some seconds.
const GIVEN: usize = 200_000;
/// With more children than this they are not: one alone takes long enough.
const MANY: usize = 10_000;

/// What was looked at, and what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fairness {
    /// Facts that were looked at: those that must not decide and have values that make groups of children.
    pub facts: Vec<AttributeIx>,
    /// Rules that were looked at.
    pub rules: u32,
    /// Rules that were not: too many were given, or the rounds cannot be decided without one.
    pub left_out: u32,
    /// What was found, rule by rule, the strongest first.
    pub flags: Vec<Flag>,
}

/// A value that a rule predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag {
    /// Place of the rule among those learned.
    pub rule: usize,
    /// The fact.
    pub fact: AttributeIx,
    /// Its value.
    pub group: Group,
    /// How many have it.
    pub counts: Counts,
    /// Children who are at another nursery, or at none, without the rule.
    pub placed_otherwise: u32,
    /// Children with the value who have a place only without the rule.
    pub gaining: u32,
    /// Children with the value who have a place only with it.
    pub losing: u32,
}

/// A value that makes a group of children.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Yes or no.
    Is(bool),
    /// One of a fixed list.
    One(u8),
    /// A text or id.
    Text(SymbolIx),
    /// Born from April to September, or else from October to March.
    Early(bool),
}

/// How many children have a value, of those whom a rule concerns and of all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Children whom the rule concerns.
    pub concerned: u32,
    /// Of these with the value.
    pub with_value: u32,
    /// Of these with any value of the fact.
    pub known: u32,
    /// All applicants.
    pub all: u32,
    /// Of these with the value.
    pub all_with_value: u32,
    /// Of these with any value of the fact.
    pub all_known: u32,
}

impl Counts {
    /// Whether the rule predicts the value. A fact that is known of some only (why a parent is alone) is not predicted by a rule that
    /// concerns just these and treats its values alike: among those of whom it is known, too, the value must be as much more frequent,
    /// or the others as much less.
    #[must_use]
    pub fn predicts(&self) -> bool {
        let [concerned, with, known] = [self.concerned, self.with_value, self.known].map(u64::from);
        let [all, all_with, all_known] =
            [self.all, self.all_with_value, self.all_known].map(u64::from);
        let (one_in, times) = (u64::from(ONE_IN), u64::from(TIMES));
        let more = |concerned, all| with * all >= times * all_with * concerned;
        let (others, all_others) = (known - with, all_known - all_with);
        self.with_value >= LEAST
            && with * one_in >= concerned
            && more(concerned, all)
            && (more(known, all_known) || times * others * all_known <= all_others * known)
    }

    /// The stronger first: more times as frequent, then more children.
    fn stronger(&self, other: &Self) -> Ordering {
        let times = |a: &Self, b: &Self| u64::from(a.with_value) * u64::from(b.all_with_value);
        let by = times(other, self).cmp(&times(self, other));
        by.then(other.with_value.cmp(&self.with_value))
    }
}

/// A fact, with the applicants who have each of its values.
struct Fact {
    attribute: AttributeIx,
    groups: BTreeMap<Group, Vec<u32>>,
    known: Vec<bool>,
}

/// Looks at the rules that hold, by the facts that must not decide. `forbidden`: more of these, as criteria files write them.
#[must_use]
pub fn fairness(learned: &Learned<'_>, forbidden: &[Box<str>], crew: &dyn Crew) -> Fairness {
    let world = &learned.world;
    let Some((facts, _)) = world.past.facts() else {
        return Fairness::default();
    };
    let causes: Vec<Cause> = learned.rules.iter().map(|r| r.cause.clone()).collect();
    let children = world.market.children.len();
    let from = match children <= MANY && learned.given * children <= GIVEN {
        true => 0,
        false => learned.given,
    };
    if causes.len() == from {
        return Fairness {
            left_out: from as u32,
            ..Fairness::default()
        };
    }
    let looked_at = facts_of(world, facts, forbidden);
    let before = placed(world);
    let of_rule = |nth: usize| -> Option<Vec<Flag>> {
        let rule = from + nth;
        let mut rest = causes.clone();
        rest.remove(rule);
        let without = world.with_only(&rest).ok()?;
        let concerned = concerned(world, &without);
        let mut found = predicted(&looked_at, &concerned);
        found.sort_by(|a, b| a.2.stronger(&b.2));
        found.truncate(KEPT);
        if found.is_empty() {
            return Some(Vec::new());
        }
        let there = placed(&without);
        let other = counterparts(world, &without).into_iter();
        let after: Vec<Option<u32>> = other.map(|o| o.and_then(|o| there[o as usize])).collect();
        let flag = |(fact, group, counts): (&Fact, Group, Counts)| {
            let changed = changed(&before, &after, &fact.groups[&group]);
            let [placed_otherwise, gaining, losing] = changed;
            Flag {
                rule,
                fact: fact.attribute,
                group,
                counts,
                placed_otherwise,
                gaining,
                losing,
            }
        };
        Some(found.into_iter().map(flag).collect())
    };
    let found = map(crew, causes.len() - from, of_rule);
    let rules = found.iter().flatten().count();
    Fairness {
        facts: looked_at.iter().map(|f| f.attribute).collect(),
        rules: rules as u32,
        left_out: (causes.len() - rules) as u32,
        flags: found.into_iter().flatten().flatten().collect(),
    }
}

/// The facts that must not decide, where some applicant has a value of them.
fn facts_of(world: &World<'_>, facts: &RoundFacts, forbidden: &[Box<str>]) -> Vec<Fact> {
    let rows: HashMap<&str, u32> = facts.children.ids.iter().map(|id| &**id).zip(0..).collect();
    let children = world.market.children.iter();
    let children: Vec<Option<u32>> = children.map(|c| rows.get(&*c.id).copied()).collect();
    let given = FORBIDDEN.iter().copied();
    let given = given.chain(forbidden.iter().map(|f| &**f));
    let mut list: Vec<Fact> = Vec::new();
    for path in given {
        let at = VOCABULARY.iter().position(|a| a.path() == path);
        let Some(attribute) = at.map(|at| at as AttributeIx) else {
            continue;
        };
        if list.iter().any(|f| f.attribute == attribute) {
            continue;
        }
        let mut fact = Fact {
            attribute,
            groups: BTreeMap::new(),
            known: vec![false; children.len()],
        };
        for (c, row) in (0..).zip(&children) {
            let mut of_child = row.map_or(Vec::new(), |row| groups_of(facts, row, attribute));
            of_child.sort_unstable();
            of_child.dedup();
            fact.known[c as usize] = !of_child.is_empty();
            for group in of_child {
                fact.groups.entry(group).or_default().push(c);
            }
        }
        if !fact.groups.is_empty() {
            list.push(fact);
        }
    }
    list
}

/// The values a child has of a fact, those of any guardian and adult of its household; nothing where the fact makes no groups.
fn groups_of(facts: &RoundFacts, child: u32, attribute: AttributeIx) -> Vec<Group> {
    let of = &VOCABULARY[attribute as usize];
    let is_half = of.entity == Entity::Child && of.name == "birth_date";
    match of.ty {
        Type::Bool | Type::Enum(_) | Type::Set(_) | Type::Text | Type::Texts => {}
        Type::Date if is_half => {}
        Type::Date | Type::Number | Type::Quantity(_) => return Vec::new(),
    }
    let household = facts.household_of(child);
    let subjects = match of.entity {
        Entity::Child => child..child + 1,
        Entity::Household => household..household + 1,
        Entity::Guardian => facts.index.guardians[household as usize].clone(),
        Entity::Adult => facts.index.adults[household as usize].clone(),
        Entity::Round | Entity::Facility | Entity::Choice | Entity::Decline => 0..0,
    };
    let mut list = Vec::new();
    for subject in subjects {
        match facts.get(subject, attribute) {
            Value::Unknown | Value::Number(_) => {}
            Value::Bool(yes) => list.push(Group::Is(yes)),
            Value::Date(day) => list.push(Group::Early((4..=9).contains(&day.month()))),
            Value::Enum(one) => list.push(Group::One(one)),
            Value::Set(bits) => {
                list.extend((0..64).filter(|i| bits >> i & 1 == 1).map(Group::One));
            }
            Value::Symbol(text) => list.push(Group::Text(text)),
            Value::Symbols(at) => {
                let texts = facts.symbols.lists[at as usize].iter();
                list.extend(texts.map(|&text| Group::Text(text)));
            }
        }
    }
    list
}

/// Per child of `with`: whether the key of one of its choices is another `without`. A rule about how keys are compared concerns
/// everybody, one about wishes the families whose wish it reads otherwise.
fn concerned(with: &World<'_>, without: &World<'_>) -> Vec<bool> {
    let count = with.market.children.len();
    if Arc::ptr_eq(&with.plain, &without.plain) {
        if with.keys != without.keys {
            return vec![true; count];
        }
        let families = |w: &World<'_>, f: u32| w.market.families[f as usize].wish.clone();
        let children = with.market.children.iter();
        return children
            .map(|c| families(with, c.family) != families(without, c.family))
            .collect();
    }
    // Places of keys move for everybody where one child has points that nobody had; their texts do not.
    let (ours, theirs) = (&with.plain, &without.plain);
    let same = |a, b| ours.keys.of(a).eq(theirs.keys.of(b));
    let children = with.market.children.iter().enumerate();
    let other = counterparts(with, without);
    children
        .map(|(c, child)| {
            let mine = ours.market.children[c].choices.clone();
            debug_assert_eq!(ours.market.children[c].id, child.id);
            other[c].is_none_or(|o| {
                let their = theirs.market.children[o as usize].choices.clone();
                mine.len() != their.len() || !mine.zip(their).all(|(a, b)| same(a, b))
            })
        })
        .collect()
}

/// Per child of a world: its place in another.
fn counterparts(world: &World<'_>, other: &World<'_>) -> Vec<Option<u32>> {
    let there = other.market.children.iter().map(|c| &*c.id);
    let there: HashMap<&str, u32> = there.zip(0..).collect();
    let children = world.market.children.iter();
    children.map(|c| there.get(&*c.id).copied()).collect()
}

/// The values that are predicted by being concerned.
fn predicted<'f>(facts: &'f [Fact], concerned: &[bool]) -> Vec<(&'f Fact, Group, Counts)> {
    let count = |list: &[bool]| list.iter().filter(|yes| **yes).count() as u32;
    let mut list = Vec::new();
    for fact in facts {
        let known = fact.known.iter().zip(concerned);
        let of_fact = Counts {
            concerned: count(concerned),
            known: known.filter(|(k, c)| **k && **c).count() as u32,
            all: concerned.len() as u32,
            all_known: count(&fact.known),
            ..Counts::default()
        };
        for (group, children) in &fact.groups {
            let with_value = children.iter().filter(|&&c| concerned[c as usize]).count();
            let counts = Counts {
                with_value: with_value as u32,
                all_with_value: children.len() as u32,
                ..of_fact
            };
            if counts.predicts() {
                list.push((fact, *group, counts));
            }
        }
    }
    list
}

/// Per child: the nursery where the round places it, if any. Pools of one nursery are one place to a family.
fn placed(world: &World<'_>) -> Vec<Option<u32>> {
    let classes = world.place().class.into_iter();
    classes
        .map(|class| class.map(|k| world.market.classes[k as usize].nursery))
        .collect()
}

/// How many children are placed otherwise after than before; how many of a group gain and lose a place.
fn changed(before: &[Option<u32>], after: &[Option<u32>], group: &[u32]) -> [u32; 3] {
    let otherwise = before.iter().zip(after).filter(|(a, b)| a != b).count();
    let of_group = group.iter().map(|&c| c as usize);
    let of_group: Vec<_> = of_group
        .map(|c| (before[c].is_some(), after[c].is_some()))
        .collect();
    let count = |change| of_group.iter().filter(|c| **c == change).count() as u32;
    [otherwise as u32, count((false, true)), count((true, false))]
}

/// A value of a fact that must not decide, which a rule predicts: a question for people, never proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FairnessReport {
    /// Number of the rule in [`crate::report::Report::rules`].
    pub rule: u32,
    /// Label of the fact.
    pub fact: String,
    /// Its value in words.
    pub value: String,
    /// Children whom the rule concerns, of all years: a key of theirs is another without it.
    pub concerned: u32,
    /// Of these with the value.
    pub with_value: u32,
    /// All applicants of all years.
    pub applicants: u32,
    /// Of these with the value.
    pub applicants_with_value: u32,
    /// Children who are at another nursery, or at none, where the years are decided without the rule.
    pub placed_otherwise: u32,
    /// Children with the value who then have a place, and have none with the rule.
    pub gaining: u32,
    /// Children with the value who then have no place, and have one with the rule.
    pub losing: u32,
}

/// What was looked at, beside what was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct FairnessLooked {
    /// Labels of the facts.
    pub facts: Vec<String>,
    /// How many rules.
    pub rules: u32,
    /// How many rules were not looked at.
    pub left_out: u32,
}

impl Fairness {
    /// As it is reported. `facts`: those of the years beside each other.
    #[must_use]
    pub fn reported(
        &self,
        facts: &RoundFacts,
        lang: Lang,
    ) -> (FairnessLooked, Vec<FairnessReport>) {
        let looked = FairnessLooked {
            facts: self.facts.iter().map(|f| name_of(*f, lang)).collect(),
            rules: self.rules,
            left_out: self.left_out,
        };
        let flag = |flag: &Flag| FairnessReport {
            rule: flag.rule as u32 + 1,
            fact: name_of(flag.fact, lang),
            value: (flag.group.words(facts, flag.fact, lang)).unwrap_or_default(),
            concerned: flag.counts.concerned,
            with_value: flag.counts.with_value,
            applicants: flag.counts.all,
            applicants_with_value: flag.counts.all_with_value,
            placed_otherwise: flag.placed_otherwise,
            gaining: flag.gaining,
            losing: flag.losing,
        };
        (looked, self.flags.iter().map(flag).collect())
    }
}

fn tongue(lang: Lang) -> Tongue {
    match lang {
        Lang::Japanese => Tongue::Japanese,
        Lang::English => Tongue::English,
    }
}

/// A fact with what it belongs to: grades and days of birth are of several.
fn name_of(fact: AttributeIx, lang: Lang) -> String {
    let attribute = &VOCABULARY[fact as usize];
    let of = match lang {
        Lang::Japanese => attribute.entity.label(),
        Lang::English => attribute.entity.name(),
    };
    let fact = label(attribute, tongue(lang));
    messages::learn(lang).get("fairness-fact", &[("of", of), ("fact", &fact)])
}

impl Group {
    fn words(self, facts: &RoundFacts, fact: AttributeIx, lang: Lang) -> Option<String> {
        let attribute = &VOCABULARY[fact as usize];
        let words = messages::learn(lang);
        let said = |v| value(&facts.symbols, attribute, v, tongue(lang));
        match self {
            Self::Is(yes) => said(Value::Bool(yes)),
            Self::One(one) => said(Value::Enum(one)),
            Self::Early(true) => Some(words.get("fairness-early", &[])),
            Self::Early(false) => Some(words.get("fairness-late", &[])),
            Self::Text(at) => {
                let id = facts.symbols.text(at);
                let is_facility = attribute.name.ends_with("_facility");
                Some(match is_facility.then(|| facility(facts, id)).flatten() {
                    Some(name) => words.get("fairness-facility", &[("name", name), ("id", id)]),
                    None => id.to_owned(),
                })
            }
        }
    }
}

/// Name of a facility of any year.
fn facility<'f>(facts: &'f RoundFacts, id: &str) -> Option<&'f str> {
    let name = find(Entity::Facility, "name")?;
    let at = (facts.facilities.ids.iter()).position(|i| round_of(i).1 == id)?;
    match facts.facilities.get(at as u32, name) {
        Value::Symbol(text) => Some(facts.symbols.text(text)).filter(|n| !n.is_empty()),
        _ => None,
    }
}

impl FairnessReport {
    /// The question, and what would be without the rule.
    #[must_use]
    pub fn words(&self, lang: Lang) -> [String; 2] {
        let words = messages::learn(lang);
        let percent = |agree, compared| Agreement { compared, agree }.percent();
        let among = percent(self.with_value, self.concerned);
        let all = percent(self.applicants_with_value, self.applicants);
        let [concerned, with, otherwise, gaining, losing] = [
            self.concerned,
            self.with_value,
            self.placed_otherwise,
            self.gaining,
            self.losing,
        ]
        .map(grouped);
        let rule = self.rule.to_string();
        let question = [
            ("rule", &*rule),
            ("fact", &*self.fact),
            ("value", &*self.value),
            ("concerned", &*concerned),
            ("with", &*with),
            ("among", &*among),
            ("all", &*all),
        ];
        let without = [
            ("rule", &*rule),
            ("fact", &*self.fact),
            ("value", &*self.value),
            ("otherwise", &*otherwise),
            ("gaining", &*gaining),
            ("losing", &*losing),
        ];
        [
            words.get("fairness-flag", &question),
            words.get("fairness-without", &without),
        ]
    }
}

impl FairnessLooked {
    /// What was looked at and how, a sentence each. `found`: something was.
    #[must_use]
    pub fn words(&self, found: bool, lang: Lang) -> Vec<String> {
        let words = messages::learn(lang);
        let mut lines = Vec::new();
        let rules = grouped(self.rules);
        if self.rules > 0 && self.facts.is_empty() {
            lines.push(words.get("fairness-no-facts", &[]));
        } else if self.rules > 0 {
            let and = if lang == Lang::Japanese { "、" } else { ", " };
            let facts = self.facts.join(and);
            let values = [("rules", &*rules), ("facts", &*facts)];
            lines.push(words.get("fairness-looked", &values));
            if !found {
                lines.push(words.get("fairness-none", &[]));
            }
            let (least, times) = (LEAST.to_string(), TIMES.to_string());
            let limits = [("least", &*least), ("times", &*times)];
            lines.push(words.get("fairness-limits", &limits));
        }
        if self.left_out > 0 {
            let count = grouped(self.left_out);
            lines.push(words.get("fairness-left-out", &[("count", &count)]));
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::Counts;

    /// Of 1,000 applicants, all known.
    fn counts(concerned: u32, with_value: u32, all_with_value: u32) -> Counts {
        Counts {
            concerned,
            with_value,
            known: concerned,
            all: 1000,
            all_with_value,
            all_known: 1000,
        }
    }

    #[test]
    fn a_value_is_predicted_within_the_limits() {
        assert!(counts(20, 10, 250).predicts());
        // Few; less than half; not twice as frequent.
        assert!(!counts(9, 9, 100).predicts());
        assert!(!counts(21, 10, 100).predicts());
        assert!(!counts(20, 10, 251).predicts());
        assert!(!counts(0, 0, 0).predicts());
    }

    #[test]
    fn a_rule_for_all_of_whom_a_fact_is_known_does_not_predict_its_values() {
        let single = Counts {
            concerned: 50,
            with_value: 30,
            known: 50,
            all: 1000,
            all_with_value: 60,
            all_known: 100,
        };
        assert!(!single.predicts());
        let some = Counts {
            with_value: 45,
            ..single
        };
        assert!(some.predicts());
    }
}
