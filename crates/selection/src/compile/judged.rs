//! What a front says about a round: everything judged, nothing assembled yet.
//!
//! Two fronts exist: the tables with their rule file ([`super::tables`]) and facts with criteria
//! ([`crate::staged`]). Both hand this to [`super::assemble`], the only place where markets are
//! made, so that a rule means the same whichever way a round came in.
//!
//! Positions are those of the vectors here; where they lie in a front's own tables is the front's
//! affair ([`Applicant::row`] leads back).

use crate::compiled::{KeyComponent, KeyTable, Ties};
use enmusubi_domain::{round::Combination, rules::GroupRule};
use enmusubi_market::WishFields;
use std::{borrow::Cow, ops::Range};

/// No rule refuses the choice.
pub(crate) const OPEN: u32 = u32::MAX;

/// A round, judged.
pub(crate) struct Judged<'a> {
    /// Nurseries, in any order.
    pub nurseries: Vec<NurseryName<'a>>,
    /// Seats.
    pub seats: Seats<'a>,
    /// Households; one without applicants is left out of the market.
    pub households: Vec<House<'a>>,
    /// Children who apply.
    pub children: Vec<Applicant<'a>>,
    /// Their choices; [`Applicant::choices`] are ranges of it.
    pub choices: &'a [JudgedChoice],
    /// Per child: its number in the common order of families, smaller first.
    pub order_of_child: &'a [u32],
    /// Rows of the combination table, in positions of this struct.
    pub combinations: Cow<'a, [Combination]>,
    /// Reasons of refusals, referred to by position.
    pub reasons: Vec<RefusalReason<'a>>,
    /// What a pool says about a choice: position of the choice, position of the pool.
    pub pool: &'a dyn Fn(u32, u32) -> PoolVerdict,
    /// A family whose children belong to different passes is decided in the first of them
    /// instead of the last.
    pub siblings_in_first: bool,
    /// How ties were resolved.
    pub ties: &'a Ties,
    /// Small-number rule.
    pub disclosure_minimum: u32,
}

/// A nursery's id and name.
#[derive(Clone, Copy)]
pub(crate) struct NurseryName<'a> {
    pub id: &'a str,
    pub name: &'a str,
}

/// Seats of the round.
pub(crate) struct Seats<'a> {
    /// Per nursery and age class: the ordinary seats and those of pools within them.
    pub offered: Vec<[u32; 6]>,
    /// Pools, in declared order.
    pub pools: Vec<PoolSeats<'a>>,
    /// Shared rooms.
    pub groups: Cow<'a, [GroupRule]>,
    /// Classes whose vacated seats are not filled again.
    pub no_refill: Vec<(u32, u8)>,
}

/// A pool at one nursery.
pub(crate) struct PoolSeats<'a> {
    pub id: &'a str,
    pub nursery: u32,
    /// By age class; `None`: the pool does not exist there.
    pub seats: [Option<u32>; 6],
    /// Part of the offered seats (内数).
    pub within: bool,
    /// Tried after the ordinary seats.
    pub after_ordinary: bool,
    /// Others never enter.
    pub hard: bool,
}

/// A household.
pub(crate) struct House<'a> {
    pub id: &'a str,
    /// Sibling wish; needed with two or more applicants without a combination list.
    pub wish: Option<WishFields>,
    /// A key compares whether the household's new applicants enter together.
    pub together: bool,
}

/// A child who applies.
pub(crate) struct Applicant<'a> {
    pub id: &'a str,
    pub household: u32,
    pub age: u8,
    /// Nursery it attends and may keep.
    pub current: Option<u32>,
    pub choices: Range<u32>,
    /// Pass, 0 first.
    pub pass: u32,
    /// Row (0-based) in the front's table of children.
    pub row: u32,
}

/// A choice, judged.
#[derive(Clone, Copy)]
pub(crate) struct JudgedChoice {
    pub nursery: u32,
    /// N of the column where the family wrote it, 0 for none.
    pub number: u32,
    /// Number of its priority key, 0 the best; equal keys have equal numbers. In a household with
    /// [`House::together`]: of the key it has when the new applicants enter together.
    pub key: u32,
    /// Number of its key when they do not; equal to `key` elsewhere.
    pub apart: u32,
    /// Position in [`Judged::reasons`], or [`OPEN`].
    pub refused: u32,
}

/// Distinct priority keys, best first: what the numbers of [`JudgedChoice::key`] stand for.
#[derive(Default)]
pub(crate) struct KeyRows {
    /// What they are made of.
    pub components: Vec<KeyComponent>,
    /// One row per key.
    pub table: KeyTable,
    /// How many keys there are.
    pub count: u32,
}

/// Why a rule refuses a choice.
#[derive(Clone, Copy)]
pub(crate) struct RefusalReason<'a> {
    /// For staff.
    pub rule: &'a str,
    /// For the family.
    pub parent_text: Option<&'a str>,
}

/// What a pool says about a choice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum PoolVerdict {
    /// Of its target group.
    Target,
    /// Outside, and comes after the target group.
    Outside,
    /// Not allowed: position in [`Judged::reasons`].
    Refused(u32),
}
