//! What can only be checked once every table has been read: sibling wishes, values that rules
//! meet, seats somebody wants.

use crate::{
    Source,
    children::Children,
    diagnostic::{At, Diagnostics, Text, kind},
    nurseries::{Nurseries, also_in},
    rules::{RuleFile, WishColumn, WishFrom, wish_of_code},
};
use enmusubi_domain::{
    Round,
    round::{Place, SiblingWish, WishForm},
    rules::{Condition, Sorting},
};
use hashbrown::HashSet;

/// Runs all checks and fills in the households' wishes.
pub(crate) fn finish(
    source: &Source<'_>,
    children: &mut Children,
    nurseries: Option<&Nurseries>,
    rules: &RuleFile,
    all: &mut Diagnostics,
) {
    let members = members(&children.round);
    wishes(source, children, rules, &members, all);
    rule_values(source, &children.round, rules, all);
    passes(source, &children.round, rules, &members, all);
    if let Some(nurseries) = nurseries {
        blank_seats(&children.round, nurseries, source, all);
    }
}

/// Children of every household of two or more, in file order; others are left empty.
fn members(round: &Round) -> Vec<Vec<u32>> {
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); round.households.len()];
    for (c, child) in round.children.iter().enumerate() {
        if round.households[child.household as usize].size > 1 {
            members[child.household as usize].push(c as u32);
        }
    }
    members
}

fn wishes(
    source: &Source<'_>,
    children: &mut Children,
    rules: &RuleFile,
    members: &[Vec<u32>],
    all: &mut Diagnostics,
) {
    let round = &children.round;
    let listed: HashSet<u32> = round.combinations.iter().map(|c| c.household).collect();
    let header = &*children.code_header;
    for (c, child) in round.children.iter().enumerate() {
        let code = children.codes[c];
        if code != 0 && round.households[child.household as usize].size == 1 {
            let value = code.to_string();
            all.add(
                &kind::CODE_ON_ONLY_CHILD,
                source.name,
                At::cell(child.row, header, &value),
            );
        }
    }
    let mut found: Vec<(usize, Option<SiblingWish>)> = Vec::new();
    for (h, members) in members.iter().enumerate() {
        if members.is_empty() || listed.contains(&(h as u32)) {
            continue;
        }
        let mut reader = WishReader {
            source,
            round,
            rules,
            members,
            all,
        };
        let all_or_none = match &rules.wish.all_or_none {
            None => Some(false),
            Some(from) => reader.field(from),
        };
        let form = match &rules.wish.fields {
            None => reader.code(&children.codes, header),
            Some((timing, place, first)) => {
                let (t, p, f) = (
                    reader.field(timing),
                    reader.field(place),
                    reader.field(first),
                );
                match (t, p, f) {
                    (Some(timing), Some(place), Some(first)) => Some(WishForm::Fields {
                        timing,
                        place,
                        first,
                    }),
                    _ => None,
                }
            }
        };
        if form.is_some_and(same_only) {
            reader.common_nursery(header);
        }
        found.push((
            h,
            form.map(|form| SiblingWish {
                form,
                all_transfers_or_none: all_or_none.unwrap_or(false),
            }),
        ));
    }
    for (h, wish) in found {
        children.round.households[h].wish = wish;
    }
    children.round.rules.default_wish = rules.wish.default_code.map(|c| wish_of_code(c, false));
}

fn same_only(form: WishForm) -> bool {
    matches!(
        form,
        WishForm::Code(1..=3)
            | WishForm::Fields {
                place: Place::SameOnly,
                ..
            }
    )
}

struct WishReader<'a> {
    source: &'a Source<'a>,
    round: &'a Round,
    rules: &'a RuleFile,
    members: &'a [u32],
    all: &'a mut Diagnostics,
}

impl WishReader<'_> {
    fn row(&self, child: u32) -> u32 {
        self.round.children[child as usize].row
    }

    /// The code of a household: the one that is filled in.
    fn code(&mut self, codes: &[u8], header: &str) -> Option<WishForm> {
        let mut found: Option<(u8, u32)> = None;
        for &c in self.members {
            let code = codes[c as usize];
            match found {
                _ if code == 0 => {}
                None => found = Some((code, c)),
                Some((first, at)) if first != code => {
                    let value = code.to_string();
                    let cell = At::cell(self.row(c), header, &value);
                    let row = self.row(at);
                    self.all
                        .add_with(&kind::CODES_DIFFER, self.source.name, cell, || {
                            Text::new(
                                format!("{row}行目は「{first}」です"),
                                format!("row {row} has \"{first}\""),
                            )
                        });
                }
                Some(_) => {}
            }
        }
        let code = found.map(|f| f.0).or(self.rules.wish.default_code);
        if code.is_none() {
            self.no_wish(header);
        }
        code.map(WishForm::Code)
    }

    fn no_wish(&mut self, header: &str) {
        let first = self.members[0];
        let cell = At::cell(self.row(first), header, "");
        let id = &self.round.households[self.round.children[first as usize].household as usize].id;
        self.all
            .add_with(&kind::NO_CODE, self.source.name, cell, || {
                Text::new(format!("世帯番号 {id}"), format!("household {id}"))
            });
    }

    /// One field of a household's wish.
    fn field<T: Copy + PartialEq>(&mut self, from: &WishFrom<T>) -> Option<T> {
        match from {
            WishFrom::Fixed(value) => Some(*value),
            WishFrom::Column(column) => self.column(column),
        }
    }

    fn column<T: Copy + PartialEq>(&mut self, column: &WishColumn<T>) -> Option<T> {
        let fact = &self.round.facts[column.fact as usize];
        let header = &*self.rules.facts[column.fact as usize].header;
        let mut found: Option<(T, u32)> = None;
        let mut wrong = false;
        for &c in self.members {
            let text = fact.text(c);
            if text.is_empty() {
                continue;
            }
            let cell = At::cell(self.row(c), header, text);
            let Some(value) = column.values.iter().find(|v| v.0 == text).map(|v| v.1) else {
                let other = column.other.iter().any(|o| o == text);
                let kind = if other {
                    &kind::WISH_OTHER
                } else {
                    &kind::WISH_UNKNOWN
                };
                self.all.add(kind, self.source.name, cell);
                wrong = true;
                continue;
            };
            match found {
                None => found = Some((value, c)),
                Some((first, at)) if first != value => {
                    let row = self.row(at);
                    self.all
                        .add_with(&kind::CODES_DIFFER, self.source.name, cell, || also_in(row));
                    wrong = true;
                }
                Some(_) => {}
            }
        }
        let value = found.map(|f| f.0).or(column.blank);
        if value.is_none() && !wrong {
            self.no_wish(header);
        }
        value
    }

    /// 同じ園を条件とする世帯には、共通の希望園が要る.
    fn common_nursery(&mut self, header: &str) {
        let chosen = |c: u32| self.round.choices_of(&self.round.children[c as usize]);
        let (first, rest) = (self.members[0], &self.members[1..]);
        // A child without readable choices has its own message.
        if self.members.iter().any(|&c| chosen(c).is_empty()) {
            return;
        }
        let common = chosen(first).iter().any(|x| {
            rest.iter()
                .all(|&c| chosen(c).iter().any(|y| y.nursery == x.nursery))
        });
        if !common {
            let at = At {
                row: Some(self.row(first)),
                column: Some(header),
                value: None,
            };
            let ids: Vec<&str> = self
                .members
                .iter()
                .map(|&c| &*self.round.children[c as usize].id)
                .collect();
            self.all
                .add_with(&kind::NO_COMMON_NURSERY, self.source.name, at, || {
                    Text::new(
                        format!("申請者番号 {}", ids.join("、")),
                        format!("children {}", ids.join(", ")),
                    )
                });
        }
    }
}

/// Every value a rule meets must be one it can decide: an unknown fact is undecided, never false.
fn rule_values(source: &Source<'_>, round: &Round, rules: &RuleFile, all: &mut Diagnostics) {
    let r = &rules.rules;
    let conditions = r
        .pools
        .iter()
        .flat_map(|p| &p.target)
        .chain(r.eligibility.iter().flat_map(|e| &e.require));
    let mut checked: Vec<&Condition> = Vec::new();
    for condition in conditions {
        // One pool rule at many nurseries repeats its conditions.
        if checked.contains(&condition) {
            continue;
        }
        checked.push(condition);
        undecided(source, round, rules, condition.fact, all, |t| {
            condition.holds_for(t).is_some()
        });
    }
    let sortings: Vec<&Sorting> = r
        .strata
        .iter()
        .map(|s| &s.order)
        .chain(r.passes.iter().map(|p| &p.order))
        .collect();
    for sorting in sortings {
        undecided(source, round, rules, sorting.fact, all, |t| {
            sorting.bin_of(t).is_some()
        });
    }
    if let Some(common) = &r.common_order {
        undecided(source, round, rules, common.fact, all, |t| {
            enmusubi_domain::Score::parse(t).is_some()
        });
    }
}

fn undecided(
    source: &Source<'_>,
    round: &Round,
    rules: &RuleFile,
    fact: u32,
    all: &mut Diagnostics,
    decided: impl Fn(&str) -> bool,
) {
    let column = &round.facts[fact as usize];
    let bad: Vec<bool> = column.texts.iter().map(|t| !decided(t)).collect();
    if !bad.contains(&true) {
        return;
    }
    let header = &*rules.facts[fact as usize].header;
    for (c, child) in round.children.iter().enumerate() {
        if bad[column.of_child[c] as usize] {
            let text = column.text(c as u32);
            let kind = if text.is_empty() {
                &kind::RULE_BLANK
            } else {
                &kind::RULE_VALUE
            };
            all.add(kind, source.name, At::cell(child.row, header, text));
        }
    }
}

fn passes(
    source: &Source<'_>,
    round: &Round,
    rules: &RuleFile,
    members: &[Vec<u32>],
    all: &mut Diagnostics,
) {
    let Some(passes) = &rules.rules.passes else {
        return;
    };
    let column = &round.facts[passes.order.fact as usize];
    let header = &*rules.facts[passes.order.fact as usize].header;
    for members in members.iter().filter(|m| !m.is_empty()) {
        let pass = |c: u32| passes.order.bin_of(column.text(c));
        if let Some(&other) = members.iter().find(|&&c| pass(c) != pass(members[0])) {
            let row = round.children[other as usize].row;
            all.add(
                &kind::PASSES_DIFFER,
                source.name,
                At::cell(row, header, column.text(other)),
            );
        }
    }
}

/// A blank number of seats matters only where somebody wants the class.
fn blank_seats(round: &Round, nurseries: &Nurseries, source: &Source<'_>, all: &mut Diagnostics) {
    let mut told: HashSet<(u32, u8)> = HashSet::new();
    for child in &round.children {
        for choice in round.choices_of(child) {
            let nursery = &nurseries.list[choice.nursery as usize];
            if nursery.seats[usize::from(child.age)].is_none()
                && told.insert((choice.nursery, child.age))
            {
                all.add_with(&kind::SEATS_BLANK, source.name, At::row(child.row), || {
                    Text::new(
                        format!("保育所「{}」{}歳", nursery.id, child.age),
                        format!("nursery \"{}\", age {}", nursery.id, child.age),
                    )
                });
            }
        }
    }
}
