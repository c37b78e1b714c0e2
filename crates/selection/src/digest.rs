//! One number for a round's content.
//!
//! Over what was read, not over bytes: the order of rows and files, CSV or XLSX, UTF-8 or CP932
//! do not change it; any fact, seat or rule that can change a placement does.

use crate::compile::hex;
use enmusubi_domain::{
    Rational, Round,
    round::{First, Place, SiblingWish, Timing, WishForm},
    rules::{Condition, Sorting, Test},
};
use sha2::{Digest, Sha256};

/// Changes whenever the encoding below changes: digests of different forms must not be compared.
const FORM: &str = "enmusubi-round-1";

/// SHA-256 over the parsed content, sorted by id (bytes), in hexadecimal.
///
/// Names of nurseries and texts for people are left out: they decide nothing.
#[must_use]
pub fn input_digest(round: &Round) -> String {
    let mut w = Writer::new(FORM);

    let mut nurseries: Vec<_> = round.nurseries.iter().collect();
    nurseries.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    w.count(nurseries.len());
    for n in nurseries {
        w.text(&n.id);
        for seats in n.seats {
            // A blank means no seats; it is the same round.
            w.number(u64::from(seats.unwrap_or(0)));
        }
    }

    let mut children: Vec<_> = round.children.iter().enumerate().collect();
    children.sort_unstable_by(|a, b| a.1.id.cmp(&b.1.id));
    w.count(children.len());
    let scores: Vec<String> = round.scores.iter().map(ToString::to_string).collect();
    for (c, child) in children {
        w.text(&child.id);
        w.text(&round.households[child.household as usize].id);
        w.number(u64::from(child.age));
        w.optional(child.current.map(|n| &*round.nurseries[n as usize].id));
        w.optional(child.score.map(|s| &*scores[s as usize]));
        w.count(child.choices.len());
        for choice in round.choices_of(child) {
            w.text(&round.nurseries[choice.nursery as usize].id);
            w.text(&scores[choice.score as usize]);
        }
        for fact in &round.facts {
            w.text(&fact.header);
            w.text(fact.text(c as u32));
        }
    }

    let mut households: Vec<_> = round.households.iter().filter(|h| h.size > 1).collect();
    households.sort_unstable_by(|a, b| a.id.cmp(&b.id));
    w.count(households.len());
    for h in households {
        w.text(&h.id);
        w.wish(h.wish);
    }

    combinations(&mut w, round);
    rules(&mut w, round);
    w.finish()
}

fn combinations(w: &mut Writer, round: &Round) {
    let household = |h: u32| &*round.households[h as usize].id;
    let mut rows: Vec<_> = round.combinations.iter().collect();
    rows.sort_by(|a, b| (household(a.household), a.rank).cmp(&(household(b.household), b.rank)));
    w.count(rows.len());
    for row in rows {
        w.text(household(row.household));
        w.number(u64::from(row.rank));
        let mut slots: Vec<_> = row
            .slots
            .iter()
            .filter_map(|&(c, n)| {
                let n = n?;
                Some((
                    &*round.children[c as usize].id,
                    &*round.nurseries[n as usize].id,
                ))
            })
            .collect();
        slots.sort_unstable();
        w.count(slots.len());
        for (child, nursery) in slots {
            w.text(child);
            w.text(nursery);
        }
    }
}

fn rules(w: &mut Writer, round: &Round) {
    let rules = &round.rules;
    let nursery = |n: u32| &*round.nurseries[n as usize].id;
    let pool = |p: u32| &*rules.pools[p as usize].id;

    // Groups and classes without refill are sets: by nursery, then by their first class.
    let mut groups: Vec<_> = rules.groups.iter().collect();
    groups.sort_by_key(|g| {
        (
            nursery(g.nursery),
            g.members.iter().map(|m| (m.0, m.1)).min(),
        )
    });
    w.count(groups.len());
    for g in groups {
        w.text(nursery(g.nursery));
        let mut members = g.members.clone();
        members.sort_by_key(|m| (m.0, m.1));
        w.count(members.len());
        for (age, p, weight) in members {
            w.number(u64::from(age));
            w.optional(p.map(pool));
            w.rational(weight);
        }
        w.flag(g.capacity.is_some());
        w.rational(g.capacity.unwrap_or(Rational::ZERO));
    }
    let mut no_refill: Vec<_> = rules
        .no_refill
        .iter()
        .map(|&(n, a)| (nursery(n), a))
        .collect();
    no_refill.sort_unstable();
    no_refill.dedup();
    w.count(no_refill.len());
    for (n, age) in no_refill {
        w.text(n);
        w.number(u64::from(age));
    }

    // The order of pools matters at one nursery only.
    let mut pools: Vec<_> = rules.pools.iter().collect();
    pools.sort_by_key(|p| nursery(p.nursery));
    w.count(pools.len());
    for p in pools {
        w.text(nursery(p.nursery));
        w.text(&p.id);
        for seats in p.seats {
            w.flag(seats.is_some());
            w.number(u64::from(seats.unwrap_or(0)));
        }
        w.flag(p.within);
        w.flag(p.after_ordinary);
        w.flag(p.hard);
        w.conditions(round, &p.target);
    }

    w.count(rules.strata.len());
    for s in &rules.strata {
        w.text(&s.label);
        w.sorting(round, &s.order);
    }
    w.flag(rules.passes.is_some());
    if let Some(p) = &rules.passes {
        w.sorting(round, &p.order);
        w.flag(p.siblings_in_first);
    }
    w.count(rules.eligibility.len());
    for rule in &rules.eligibility {
        let mut nurseries: Vec<_> = rule.nurseries.iter().map(|&n| nursery(n)).collect();
        nurseries.sort_unstable();
        w.count(nurseries.len());
        for n in nurseries {
            w.text(n);
        }
        w.number(u64::from(rule.ages));
        w.optional(rule.pool.map(pool));
        w.conditions(round, &rule.require);
    }
    w.flag(rules.common_order.is_some());
    if let Some(c) = &rules.common_order {
        w.text(&round.facts[c.fact as usize].header);
        w.flag(c.larger_first);
    }
    w.number(u64::from(rules.disclosure_minimum));
}

/// Every item carries its length or is of fixed length, so no two contents give one stream.
pub(crate) struct Writer(Sha256);

impl Writer {
    /// Begins with the name of the encoding.
    pub fn new(form: &str) -> Self {
        let mut w = Self(Sha256::new());
        w.text(form);
        w
    }

    /// The digest, in hexadecimal.
    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }

    pub fn number(&mut self, n: u64) {
        self.0.update(n.to_be_bytes());
    }

    pub fn count(&mut self, n: usize) {
        self.number(n as u64);
    }

    pub fn flag(&mut self, flag: bool) {
        self.0.update([u8::from(flag)]);
    }

    pub fn text(&mut self, text: &str) {
        self.count(text.len());
        self.0.update(text.as_bytes());
    }

    pub fn optional(&mut self, text: Option<&str>) {
        self.flag(text.is_some());
        self.text(text.unwrap_or(""));
    }

    pub fn rational(&mut self, r: Rational) {
        self.number(r.numerator());
        self.number(r.denominator());
    }

    fn wish(&mut self, wish: Option<SiblingWish>) {
        let Some(wish) = wish else {
            return self.flag(false);
        };
        self.flag(true);
        match wish.form {
            WishForm::Code(code) => self.0.update([0, code]),
            WishForm::Fields {
                timing,
                place,
                first,
            } => self.0.update([
                1,
                match timing {
                    Timing::Together => 0,
                    Timing::NeedNot => 1,
                },
                match place {
                    Place::SameOnly => 0,
                    Place::PreferSame => 1,
                    Place::ChoiceOrder => 2,
                },
                match first {
                    First::Older => 0,
                    First::Younger => 1,
                    First::Either => 2,
                },
            ]),
        }
        self.flag(wish.all_transfers_or_none);
    }

    fn values(&mut self, values: &[Box<str>]) {
        let mut sorted: Vec<_> = values.iter().collect();
        sorted.sort_unstable();
        self.count(sorted.len());
        for v in sorted {
            self.text(v);
        }
    }

    fn sorting(&mut self, round: &Round, sorting: &Sorting) {
        self.text(&round.facts[sorting.fact as usize].header);
        self.count(sorting.values.len());
        for bin in &sorting.values {
            self.values(bin);
        }
        self.number(sorting.others.map_or(0, |o| u64::from(o) + 1));
    }

    fn conditions(&mut self, round: &Round, conditions: &[Condition]) {
        self.count(conditions.len());
        for c in conditions {
            self.text(&round.facts[c.fact as usize].header);
            self.number(match c.blank {
                None => 0,
                Some(false) => 1,
                Some(true) => 2,
            });
            match &c.test {
                Test::OneOf(values) => {
                    self.number(0);
                    self.values(values);
                }
                Test::NoneOf(values) => {
                    self.number(1);
                    self.values(values);
                }
                Test::Range { min, max } => {
                    self.number(2);
                    self.optional(min.as_ref().map(ToString::to_string).as_deref());
                    self.optional(max.as_ref().map(ToString::to_string).as_deref());
                }
            }
        }
    }
}
