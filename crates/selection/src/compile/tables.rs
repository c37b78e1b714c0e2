//! The front of table rounds: the children's and nurseries' tables with their rule file, judged.
//!
//! Points stand in the tables; strata, passes, pools and eligibility follow from the rules over
//! columns of text.

use super::{
    CompileError,
    judged::{
        Applicant, House, Judged, JudgedChoice, KeyRows, NurseryName, OPEN, PoolSeats, PoolVerdict,
        RefusalReason, Seats,
    },
    table_keys::{Key, KeySpace},
};
use crate::compiled::Ties;
use enmusubi_domain::{
    Round,
    round::{self, SiblingWish, WishForm},
    rules::{Condition, Sorting},
};
use enmusubi_market::{First, Place, Timing, WishFields};
use std::{borrow::Cow, collections::HashMap};

/// What was found out about a round, before it is put into the form of [`Judged`].
pub(super) struct Tables<'a> {
    round: &'a Round,
    ties: &'a Ties,
    verdicts: Verdicts,
    /// All choices, child by child, those that only the combination table names last.
    choices: Vec<JudgedChoice>,
    /// Per child: its range in `choices`.
    ranges: Vec<std::ops::Range<u32>>,
    /// Per choice: its child.
    child_of: Vec<u32>,
    order_of_child: Vec<u32>,
}

impl<'a> Tables<'a> {
    /// Judges a round; what cannot be judged goes into `errors`. The keys come with it.
    pub fn of(round: &'a Round, ties: &'a Ties, errors: &mut Vec<CompileError>) -> (Self, KeyRows) {
        let verdicts = Verdicts::build(round, errors);
        let mut space = KeySpace::build(round, ties, errors);
        let extra = only_in_combinations(round);
        let n = round.choices.len();
        let mut choices = Vec::with_capacity(n);
        let mut child_of = Vec::with_capacity(n);
        let mut scores = Vec::with_capacity(n);
        let mut ranges = Vec::with_capacity(round.children.len());
        for (c, child) in round.children.iter().enumerate() {
            let first = choices.len() as u32;
            let more = extra.get(&(c as u32)).map_or(&[][..], Vec::as_slice);
            for choice in round.choices_of(child).iter().chain(more) {
                choices.push(JudgedChoice {
                    nursery: choice.nursery,
                    number: choice.number,
                    key: 0,
                    apart: 0,
                    refused: verdicts.refused(round, c as u32, choice.nursery, None),
                });
                child_of.push(c as u32);
                scores.push(choice.score);
            }
            ranges.push(first..choices.len() as u32);
        }
        let keys = space.number(&child_of, &scores, &mut choices);
        let order_of_child = common_order(round, &space);
        let tables = Self {
            round,
            ties,
            verdicts,
            choices,
            ranges,
            child_of,
            order_of_child,
        };
        (tables, keys)
    }

    /// What a pool says about a choice.
    pub fn pool(&self, choice: u32, pool: u32) -> PoolVerdict {
        let c = self.child_of[choice as usize];
        let rule = &self.round.rules.pools[pool as usize];
        let outside = !self.verdicts.target[pool as usize][c as usize];
        if outside && rule.hard {
            return PoolVerdict::Refused(self.round.rules.eligibility.len() as u32 + pool);
        }
        let nursery = self.choices[choice as usize].nursery;
        match self.verdicts.refused(self.round, c, nursery, Some(pool)) {
            OPEN if outside => PoolVerdict::Outside,
            OPEN => PoolVerdict::Target,
            reason => PoolVerdict::Refused(reason),
        }
    }

    /// The round in the form the back takes.
    pub fn judged(&'a self, pool: &'a dyn Fn(u32, u32) -> PoolVerdict) -> Judged<'a> {
        let round = self.round;
        let rules = &round.rules;
        let pass = |c: usize| self.verdicts.pass.as_ref().map_or(0, |pass| pass[c]);
        Judged {
            nurseries: round
                .nurseries
                .iter()
                .map(|n| NurseryName {
                    id: &n.id,
                    name: &n.name,
                })
                .collect(),
            seats: Seats {
                offered: round
                    .nurseries
                    .iter()
                    .map(|n| n.seats.map(|s| s.unwrap_or(0)))
                    .collect(),
                pools: rules
                    .pools
                    .iter()
                    .map(|p| PoolSeats {
                        id: &p.id,
                        nursery: p.nursery,
                        seats: p.seats,
                        within: p.within,
                        after_ordinary: p.after_ordinary,
                        hard: p.hard,
                    })
                    .collect(),
                groups: Cow::Borrowed(&rules.groups),
                no_refill: rules.no_refill.clone(),
            },
            households: round
                .households
                .iter()
                .map(|h| House {
                    id: &h.id,
                    wish: h.wish.and_then(fields_of),
                    together: false,
                })
                .collect(),
            children: round
                .children
                .iter()
                .enumerate()
                .map(|(c, child)| Applicant {
                    id: &child.id,
                    household: child.household,
                    age: child.age,
                    current: child.current,
                    choices: self.ranges[c].clone(),
                    pass: pass(c),
                    row: c as u32,
                })
                .collect(),
            choices: &self.choices,
            order_of_child: &self.order_of_child,
            combinations: Cow::Borrowed(&round.combinations),
            reasons: rules
                .eligibility
                .iter()
                .map(|r| (&r.label, &r.parent_text))
                .chain(rules.pools.iter().map(|p| (&p.label, &p.parent_text)))
                .map(|(rule, parent_text)| RefusalReason {
                    rule,
                    parent_text: parent_text.as_deref(),
                })
                .collect(),
            pool,
            siblings_in_first: rules.passes.as_ref().is_some_and(|p| p.siblings_in_first),
            ties: self.ties,
            disclosure_minimum: rules.disclosure_minimum,
        }
    }
}

/// What the conditions of the rules say, decided once per distinct value of a column.
struct Verdicts {
    /// Per pool: which children are its target group.
    target: Vec<Vec<bool>>,
    /// Per eligibility rule: which children meet it.
    eligible: Vec<Vec<bool>>,
    /// Per child: its pass.
    pass: Option<Vec<u32>>,
}

impl Verdicts {
    fn build(round: &Round, errors: &mut Vec<CompileError>) -> Self {
        let rules = &round.rules;
        let mut all = |conditions: &[Condition]| meets(round, conditions, errors);
        let target = rules.pools.iter().map(|p| all(&p.target)).collect();
        let eligible = rules.eligibility.iter().map(|r| all(&r.require)).collect();
        let pass = rules.passes.as_ref().map(|p| {
            if p.order.labels.len() > 255 {
                errors.push(CompileError::TooMany {
                    what: "先行選考の段階",
                });
            }
            bins(round, &p.order, errors)
        });
        Self {
            target,
            eligible,
            pass,
        }
    }

    /// The first rule that keeps a child out of a nursery, or out of a pool of it; [`OPEN`] where
    /// none does.
    fn refused(&self, round: &Round, child: u32, nursery: u32, pool: Option<u32>) -> u32 {
        let age = round.children[child as usize].age;
        round
            .rules
            .eligibility
            .iter()
            .zip(&self.eligible)
            .position(|(rule, eligible)| {
                rule.pool == pool
                    && rule.ages & (1 << age) != 0
                    && (rule.nurseries.is_empty() || rule.nurseries.contains(&nursery))
                    && !eligible[child as usize]
            })
            .map_or(OPEN, |at| at as u32)
    }
}

fn meets(round: &Round, conditions: &[Condition], errors: &mut Vec<CompileError>) -> Vec<bool> {
    let mut result = vec![true; round.children.len()];
    for condition in conditions {
        let column = &round.facts[condition.fact as usize];
        let verdicts: Vec<Option<bool>> = column
            .texts
            .iter()
            .map(|t| condition.holds_for(t))
            .collect();
        for (c, ok) in result.iter_mut().enumerate() {
            match verdicts[column.of_child[c] as usize] {
                Some(holds) => *ok &= holds,
                None => errors.push(CompileError::Undecided {
                    child: round.children[c].id.clone(),
                    column: column.header.clone(),
                }),
            }
        }
    }
    result
}

pub(super) fn bins(round: &Round, sorting: &Sorting, errors: &mut Vec<CompileError>) -> Vec<u32> {
    let column = &round.facts[sorting.fact as usize];
    let of_text: Vec<Option<u32>> = column.texts.iter().map(|t| sorting.bin_of(t)).collect();
    (0..round.children.len())
        .map(|c| {
            of_text[column.of_child[c] as usize].unwrap_or_else(|| {
                errors.push(CompileError::Undecided {
                    child: round.children[c].id.clone(),
                    column: column.header.clone(),
                });
                0
            })
        })
        .collect()
}

/// Nurseries a combination row gives to a child that did not list them: they count as choices
/// after its own, with the points of `点数1`.
fn only_in_combinations(round: &Round) -> HashMap<u32, Vec<round::Choice>> {
    let mut extra: HashMap<u32, Vec<round::Choice>> = HashMap::new();
    for row in &round.combinations {
        for &(c, nursery) in &row.slots {
            let child = &round.children[c as usize];
            let (Some(nursery), Some(score)) = (nursery, child.score) else {
                continue;
            };
            let known = |list: &[round::Choice]| list.iter().any(|x| x.nursery == nursery);
            if child.current == Some(nursery) || known(round.choices_of(child)) {
                continue;
            }
            let list = extra.entry(c).or_default();
            if !known(list) {
                list.push(round::Choice {
                    nursery,
                    score,
                    number: 0,
                });
            }
        }
    }
    // By id, not by the order of the rows.
    for list in extra.values_mut() {
        list.sort_unstable_by(|a, b| {
            let id = |x: &round::Choice| &round.nurseries[x.nursery as usize].id;
            id(a).cmp(id(b))
        });
    }
    extra
}

fn fields_of(wish: SiblingWish) -> Option<WishFields> {
    let mut fields = match wish.form {
        WishForm::Code(code) => WishFields::from_code(code)?,
        WishForm::Fields {
            timing,
            place,
            first,
        } => WishFields {
            timing: match timing {
                round::Timing::Together => Timing::Together,
                round::Timing::NeedNot => Timing::NeedNot,
            },
            place: match place {
                round::Place::SameOnly => Place::SameOnly,
                round::Place::PreferSame => Place::PreferSame,
                round::Place::ChoiceOrder => Place::ChoiceOrder,
            },
            first: match first {
                round::First::Older => First::Older,
                round::First::Younger => First::Younger,
                round::First::Either => First::Either,
            },
            all_transfers_or_none: false,
        },
    };
    fields.all_transfers_or_none = wish.all_transfers_or_none;
    Some(fields)
}

/// Place of every child in the common order of families: by the declared column, else by its key
/// at its ordinary seats. Equal children get equal numbers.
fn common_order(round: &Round, space: &KeySpace) -> Vec<u32> {
    let of_child: Vec<Key> = match &round.rules.common_order {
        Some(declared) => {
            let column = &round.facts[declared.fact as usize];
            let mut numbers: Vec<(Option<enmusubi_domain::Score>, u32)> = column
                .texts
                .iter()
                .enumerate()
                .map(|(i, t)| (enmusubi_domain::Score::parse(t), i as u32))
                .collect();
            numbers.sort();
            if declared.larger_first {
                numbers.reverse();
            }
            let mut rank = vec![0u32; numbers.len()];
            let mut last = 0;
            for i in 0..numbers.len() {
                if i > 0 && numbers[i].0 != numbers[i - 1].0 {
                    last += 1;
                }
                rank[numbers[i].1 as usize] = last;
            }
            column
                .of_child
                .iter()
                .enumerate()
                // Equals in a declared order are equals like any others.
                .map(|(c, &t)| space.declared(c as u32, rank[t as usize]))
                .collect()
        }
        None => round
            .children
            .iter()
            .enumerate()
            .map(|(c, child)| {
                let first = round.choices_of(child).first().map(|x| x.score);
                match child.score.or(first) {
                    Some(score) => space.key(c as u32, score),
                    None => Key::LAST,
                }
            })
            .collect(),
    };
    let mut distinct = of_child.clone();
    distinct.sort_unstable();
    distinct.dedup();
    of_child
        .iter()
        .map(|k| distinct.partition_point(|d| d < k) as u32)
        .collect()
}
