//! `council.json`: a comparison as it may be shown to a council or published: no children, no households, and
//! small numbers withheld.
//!
//! What is left out must not follow from what is said:
//!
//! - Agreement is a number of children that differ, before anything is mended and after each cause. A number is given
//!   where it, and its distance to every other number that is given, is nobody or as many as the minimum: whoever
//!   subtracts finds groups of that size only. The beginning comes first, then the end, then the way between.
//! - Causes about single families are counted by kind, and not told.
//! - Who gains and loses by the criteria as practised is withheld as [`enmusubi_selection::whatif::public`] withholds
//!   it; where only one of the two totals could be given, neither is, for their sum may be the children that differ; nor
//!   where that sum is so close to another number that is given that their difference is a few children.

use crate::{
    cause::Kind,
    report::{Agreement, CauseReport, Comparison},
};
use enmusubi_selection::whatif::{
    public::{PublicWhatIf, public},
    report::{Outcome, Variant, WhatIf},
    withhold::{Cell, shown, withhold},
};
use serde::Serialize;

/// The form for a council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Published {
    /// Version of the program.
    pub engine_version: String,
    /// Day of entry, ISO 8601; empty where the tables do not say it.
    pub entry_date: String,
    /// Number of the round; 0 where the tables do not say it.
    pub number: u32,
    /// Title of the criteria; empty for a round of tables.
    pub title: String,
    /// SHA-256 of what the criteria say; empty for a round of tables.
    pub criteria_digest: String,
    /// `stable`, `index-order`, `choice-order`.
    pub mechanism: String,
    /// Numbers of fewer people than this are withheld (`null`).
    pub disclosure_minimum: u32,
    /// Facts → index, where the staff's index list is there.
    pub index: Option<PublishedAgreement>,
    /// Index → order, where the list has places.
    pub order: Option<PublishedAgreement>,
    /// Order → placement, before anything is mended.
    pub placement: PublishedAgreement,
    /// The same with everything mended.
    pub mended: PublishedAgreement,
    /// Causes that are about a rule or a class, in the order in which they were mended.
    pub rules: Vec<PublishedCause>,
    /// Causes about single families, by kind, in the order of [`Kind`].
    pub families: Vec<PublishedKind>,
    /// All causes about single families; `None`: withheld.
    pub families_total: Option<u32>,
    /// Who gains and loses between the criteria as written and as practised. `None`: not compared, or withheld.
    pub practice: Option<PublicWhatIf>,
}

/// How many agree. `None`: withheld.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishedAgreement {
    /// How many were compared.
    pub compared: Option<u32>,
    /// How many of them agree.
    pub agree: Option<u32>,
    /// The share that agrees in percent, as [`Agreement::percent`] writes it.
    pub percent: Option<String>,
}

/// A cause about a rule or a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublishedCause {
    /// Its number among these, in the order of mending: counted with the causes about families, gaps would tell how many
    /// of those there are.
    pub number: u32,
    /// Its kind.
    pub kind: Kind,
    /// In words without anybody's data.
    pub words: String,
    /// How many other causes would explain the same decisions.
    pub alternatives: u32,
    /// Agreement of the placement with this and all causes before it mended.
    pub agreement: PublishedAgreement,
}

/// Causes of one kind about single families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PublishedKind {
    /// The kind.
    pub kind: Kind,
    /// How many; `None`: withheld.
    pub causes: Option<u32>,
}

/// Kinds of causes that are about single families.
const OF_FAMILIES: [Kind; 4] = [Kind::Fact, Kind::Tie, Kind::Wish, Kind::Contradiction];

/// Whether a cause is about single families: nothing is said about it but its kind.
#[must_use]
pub fn is_of_families(cause: &CauseReport) -> bool {
    match cause.kind {
        Kind::Fact | Kind::Tie | Kind::Contradiction => true,
        // A wish is one household's, or everybody's who answered so.
        Kind::Wish => !cause.children.is_empty(),
        _ => false,
    }
}

/// The form for a council.
#[must_use]
pub fn published(c: &Comparison) -> Published {
    let minimum = c.disclosure_minimum;
    let given = Given::of(c, minimum);
    let at = |number: u32| {
        let step = c.path.iter().find(|s| s.cause == number);
        step.map_or_else(
            || given.agreement(c.placement),
            |s| given.agreement(s.agreement),
        )
    };
    let last = c.path.last().map_or(c.placement, |s| s.agreement);
    let rules = c.causes.iter().filter(|cause| !is_of_families(cause));
    let (families_total, families) = families(c, minimum);
    Published {
        engine_version: c.engine_version.clone(),
        entry_date: c.entry_date.clone(),
        number: c.number,
        title: c.title.clone(),
        criteria_digest: c.criteria_digest.clone(),
        mechanism: c.mechanism.clone(),
        disclosure_minimum: minimum,
        index: c.index.as_ref().map(|d| alone(d.agreement, minimum)),
        order: c.order.as_ref().map(|d| alone(d.agreement, minimum)),
        placement: given.agreement(c.placement),
        mended: given.agreement(last),
        rules: (1..)
            .zip(rules)
            .map(|(number, cause)| PublishedCause {
                number,
                kind: cause.kind,
                words: cause.public_words.clone(),
                alternatives: cause.alternatives.len() as u32 + cause.more_alternatives,
                agreement: at(cause.number),
            })
            .collect(),
        families,
        families_total,
        practice: practice(c, &given),
    }
}

/// The numbers of differing children that are given.
struct Given {
    compared: u32,
    minimum: u32,
    differing: Vec<u32>,
}

impl Given {
    fn of(c: &Comparison, minimum: u32) -> Self {
        let differ = |a: &Agreement| a.compared - a.agree;
        let steps = c.path.iter().map(|s| differ(&s.agreement));
        let ends = steps.clone().next_back();
        let mut given = Self {
            compared: c.placement.compared,
            minimum,
            differing: Vec::new(),
        };
        for d in std::iter::once(differ(&c.placement))
            .chain(ends)
            .chain(steps)
        {
            let apart = |o: &u32| shown(o.abs_diff(d), minimum).is_some();
            let agree = given.compared.saturating_sub(d);
            let large = |n: u32| shown(n, minimum).is_some();
            if large(d) && large(agree) && given.differing.iter().all(apart) {
                given.differing.push(d);
            }
        }
        given
    }

    fn agreement(&self, a: Agreement) -> PublishedAgreement {
        let whole = a.compared == self.compared;
        match whole && self.differing.contains(&(a.compared - a.agree)) {
            true => told(a),
            false => withheld(a.compared, self.minimum),
        }
    }
}

/// An agreement beside which nothing of the same people is given.
fn alone(a: Agreement, minimum: u32) -> PublishedAgreement {
    let large = |n: u32| shown(n, minimum).is_some();
    match large(a.agree) && large(a.compared - a.agree) {
        true => told(a),
        false => withheld(a.compared, minimum),
    }
}

fn told(a: Agreement) -> PublishedAgreement {
    PublishedAgreement {
        compared: Some(a.compared),
        agree: Some(a.agree),
        percent: Some(a.percent()),
    }
}

fn withheld(compared: u32, minimum: u32) -> PublishedAgreement {
    PublishedAgreement {
        compared: shown(compared, minimum),
        agree: None,
        percent: None,
    }
}

/// Causes about families, all and by kind.
fn families(c: &Comparison, minimum: u32) -> (Option<u32>, Vec<PublishedKind>) {
    let of = |kind: Kind| {
        let causes = c.causes.iter();
        causes
            .filter(|c| c.kind == kind && is_of_families(c))
            .count() as u32
    };
    let kinds: Vec<(Kind, u32)> = OF_FAMILIES
        .iter()
        .map(|&k| (k, of(k)))
        .filter(|(_, n)| *n > 0)
        .collect();
    let cells: Vec<Cell> = kinds
        .iter()
        .map(|&(_, value)| Cell {
            value,
            small_group: false,
        })
        .collect();
    let table = withhold(&cells, true, minimum);
    let list = kinds.iter().zip(table.cells);
    let list = list.map(|(&(kind, _), causes)| PublishedKind { kind, causes });
    (table.total, list.collect())
}

/// The criteria as practised beside those as written.
fn practice(c: &Comparison, given: &Given) -> Option<PublicWhatIf> {
    let practice = c.practice.as_ref()?;
    let what_if = WhatIf {
        engine_version: c.engine_version.clone(),
        entry_date: c.entry_date.clone(),
        number: c.number,
        base: practice.base.clone(),
        disclosure_minimum: c.disclosure_minimum,
        variants: vec![Variant {
            name: practice.comparison.after.title.clone(),
            sets: Vec::new(),
            words: c
                .causes
                .iter()
                .filter(|cause| !is_of_families(cause))
                .map(|cause| cause.public_words.clone())
                .collect(),
            outcome: Outcome::Compared(Box::new(practice.comparison.clone())),
        }],
    };
    let public = public(&what_if);
    let both = public.variants.first()?.comparison.as_ref()?;
    let told = match (both.gained.total, both.lost.total) {
        (Some(gained), Some(lost)) => given.differing.iter().all(|d| {
            let apart = d.abs_diff(gained + lost);
            shown(apart, given.minimum).is_some()
        }),
        (gained, lost) => gained.is_some() == lost.is_some(),
    };
    told.then_some(public)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{PathStep, Seen};

    fn agreement(compared: u32, differ: u32) -> Agreement {
        Agreement {
            compared,
            agree: compared - differ,
        }
    }

    fn cause(number: u32, kind: Kind, children: &[&str]) -> CauseReport {
        CauseReport {
            number,
            kind,
            words: "C0001".to_owned(),
            public_words: "a rule".to_owned(),
            mend: "C0001".to_owned(),
            seen: Seen::Placement,
            alternatives: Vec::new(),
            more_alternatives: 0,
            children: children.iter().map(|c| (*c).to_owned()).collect(),
            heals: Vec::new(),
            chains: Vec::new(),
        }
    }

    /// A comparison of 100 children with so many differing before anything is mended, and after each cause.
    fn comparison(differ: &[u32], kinds: &[Kind]) -> Comparison {
        let steps = differ.iter().zip(0..);
        Comparison {
            engine_version: String::new(),
            entry_date: String::new(),
            number: 1,
            criteria: String::new(),
            title: String::new(),
            criteria_digest: String::new(),
            input_digest: String::new(),
            decisions_digest: String::new(),
            mechanism: "stable".to_owned(),
            ties: "decided".to_owned(),
            disclosure_minimum: 3,
            remarks: Vec::new(),
            index: None,
            order: None,
            placement: agreement(100, differ[0]),
            causes: (1..)
                .zip(kinds)
                .map(|(n, k)| cause(n, *k, &["C0001"]))
                .collect(),
            path: steps
                .map(|(&d, cause)| PathStep {
                    cause,
                    agreement: agreement(100, d),
                })
                .collect(),
            differences: Vec::new(),
            practice: None,
            exhausted: false,
        }
    }

    fn given(p: &Published) -> Vec<Option<u32>> {
        let ends = [p.placement.agree, p.mended.agree];
        let rules = p.rules.iter().map(|r| r.agreement.agree);
        ends.into_iter().chain(rules).collect()
    }

    #[test]
    fn small_numbers_do_not_follow() {
        let rows = [Kind::RowPoints; 3];
        // 20 → 12 → 11 → 0: one child lies between 12 and 11, so the step in the middle is not told.
        let p = published(&comparison(&[20, 12, 11, 0], &rows));
        assert_eq!(given(&p), [Some(80), Some(100), Some(88), None, Some(100)]);
        // Two children differ: nothing but the end is told.
        let p = published(&comparison(&[2, 0], &rows[..1]));
        assert_eq!(given(&p), [None, Some(100), Some(100)]);
        assert_eq!(p.placement.compared, Some(100));
        assert_eq!(p.placement.percent, None);
        // Two are left at the end.
        let p = published(&comparison(&[20, 2], &rows[..1]));
        assert_eq!(given(&p), [Some(80), None, None]);
    }

    /// Whatever the way, no two numbers that are given lie one or two children apart.
    #[test]
    fn no_two_numbers_lie_close() {
        for a in 0..12 {
            for b in 0..12 {
                for c in 0..6 {
                    let p = published(&comparison(&[a, b, c], &[Kind::Refill; 2]));
                    let list: Vec<u32> = given(&p).into_iter().flatten().collect();
                    for x in &list {
                        assert_eq!(shown(100 - x, 3), Some(100 - x));
                        for y in &list {
                            assert!(x == y || x.abs_diff(*y) >= 3, "{a} {b} {c}: {list:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn causes_about_families_are_counted_and_not_told() {
        let kinds = [Kind::Fact, Kind::Fact, Kind::Fact, Kind::Tie, Kind::Seats];
        let p = published(&comparison(&[20, 16, 12, 8, 4, 0], &kinds));
        assert_eq!(p.rules.len(), 1);
        // Its place among the rules: gaps would tell how many families lie between.
        assert_eq!(p.rules[0].number, 1);
        // One tie alone would follow from the total and the facts.
        assert_eq!(p.families_total, Some(4));
        assert!(p.families.iter().all(|k| k.causes.is_none()));
        let text = format!("{p:?}");
        assert!(!text.contains("C0001"), "{text}");
    }

    #[test]
    fn a_share_is_never_rounded_up() {
        assert_eq!(agreement(1500, 1).percent(), "99.9");
        assert_eq!(agreement(8000, 1).percent(), "99.9");
        assert_eq!(agreement(8000, 0).percent(), "100");
        assert_eq!(agreement(3, 1).percent(), "66.6");
        assert_eq!(agreement(0, 0).percent(), "100");
    }
}
