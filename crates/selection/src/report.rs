//! `report.json`: everything a round's result must be able to say afterwards, as data.
//!
//! Texts are made from the report alone ([`crate::text`]), so it carries the names, labels and
//! keys they need. It is an internal file of the nursery section: it holds other families' keys;
//! what a family may be told is decided where the texts are made.
//!
//! All but `seconds` depends on the round's content only, never on row order, threads or
//! machine (with `--ties row-order` the order of rows is content).

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use enmusubi_market::{ChildIx, ChoiceIx, ClassIx, First, Market, Place, Placement, Timing, Wish};
use enmusubi_matching::{Effort, Mechanism, Outcome, Proof, TiedPair};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::compiled::{CompiledRound, KeyComponent, KeyKind, Ties};
use crate::explain::{Explanations, Reason, Target, TieHow, WishKind};

/// Highest version of the report's form. Readers refuse a higher one. Version 2 has key
/// components of the kinds `higher` and `lower`, and `criteria`; a report without them is written as
/// version 1, as before.
pub const SCHEMA_VERSION: u32 = 2;

/// The version a report with these key components has.
fn version_of(components: &[KeyComponent], facts: &RunFacts<'_>) -> u32 {
    let newer = |c: &KeyComponent| matches!(c.kind, KeyKind::Higher | KeyKind::Lower);
    let newer = components.iter().any(newer) || facts.criteria.is_some();
    if newer { 2 } else { 1 }
}

/// Position in [`Report::class_explanations`].
pub type ClassNo = u32;
/// Position in [`Report::keys`].
pub type KeyNo = u32;

/// What the command knows about a run beyond its outcome.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunFacts<'a> {
    /// Version of the program.
    pub engine_version: &'a str,
    /// Mechanism asked for.
    pub mechanism: Mechanism,
    /// Effort asked for.
    pub effort: Effort,
    /// Digest of the parsed content of the inputs.
    pub input_digest: &'a str,
    /// Blocking positions found by the independent checker.
    pub blocking_positions: u64,
    /// Pairs left undecided (`stop` only; then nobody was placed).
    pub undecided: &'a [TiedPair],
    /// Seconds by phase, in the order of the phases.
    pub seconds: &'a [(&'a str, f64)],
    /// Where the priorities come from criteria: these. Then every choice that was looked at has its key in the
    /// report, not only those where keys were compared.
    pub criteria: Option<&'a CriteriaReport>,
}

/// The criteria that a round was decided by.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct CriteriaReport {
    /// Whose.
    pub name: String,
    /// Title.
    pub title: String,
    /// 年度, by its first calendar year.
    pub fiscal_year: i16,
    /// Day of entry (入所日), ISO 8601.
    pub entry_date: String,
    /// 何回目の選考.
    pub round: u32,
    /// 基準日, ISO 8601: facts are as of this day.
    pub base_date: String,
    /// Labels of the pools (枠) by id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub pools: BTreeMap<String, String>,
    /// Only tried: the criteria have holes, or are not those of this round. Cannot be an approved result.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub trial: bool,
    /// What the criteria leave open, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<String>,
    /// Labels of the keys that compared nobody, because one of them is to be filled.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_compared: Vec<String>,
}

/// A report. Field names are the keys of `report.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// Version of this form.
    pub schema_version: u32,
    /// Version of the program that placed.
    pub engine_version: String,
    /// `stable`, `index-order` or `choice-order`.
    pub mechanism: MechanismName,
    /// `witness` or `proved`.
    pub effort: EffortName,
    /// Children who applied.
    pub children: u32,
    /// Children with a class after the round, stayers included.
    pub with_class: u32,
    /// Children in a class other than their current one.
    pub newly_placed: u32,
    /// Transfer applicants (転園).
    pub transfers: u32,
    /// Of these, those who keep their current class.
    pub stayed: u32,
    /// The same by age class.
    pub by_age: Vec<AgeRow>,
    /// Newly placed children by the rank of the choice they got, first choice first.
    pub choice_ranks: Vec<u32>,
    /// Families with two or more applying children.
    pub siblings: SiblingCounts,
    /// Families that block (希望が正当に退けられていない世帯).
    pub blocking_families: u32,
    /// Positions at which they block.
    pub blocking_positions: u64,
    /// Their household ids, ascending.
    pub blocking: Vec<String>,
    /// Σ over families of min(position, 99).
    pub rank_sum: u64,
    /// What was proved, level by level.
    pub proved: Proved,
    /// False when a time limit cut the search short.
    pub reproducible: bool,
    /// Present where no placement is stable.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instability: Option<InstabilityReport>,
    /// Ties (同点): rule, undecided pairs, decided ones.
    pub ties: TiesReport,
    /// Counted work of the search.
    pub search: SearchReport,
    /// Seconds by phase.
    pub seconds: BTreeMap<String, f64>,
    /// Criteria, where the priorities come from a criteria file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub criteria: Option<CriteriaReport>,
    /// Digest of the parsed inputs.
    pub input_digest: String,
    /// SHA-256 over the sorted `child id TAB class key LF` lines of the children with a class.
    pub result_digest: String,
    /// Fewer admitted or considered at a class than this: its figures are withheld from families.
    pub disclosure_minimum: u32,
    /// Components of the priority key, most important first.
    pub key_components: Vec<KeyComponentReport>,
    /// Keys, one value per component; referred to by position.
    pub keys: Vec<Vec<String>>,
    /// Nursery names by id.
    pub nurseries: BTreeMap<String, String>,
    /// Classes, sorted by nursery id, age and pool.
    pub class_explanations: Vec<ClassReport>,
    /// Seat groups (定員グループ) of several classes or with weights.
    pub shared_seats: Vec<SharedSeats>,
    /// Children, household by household in order of household id.
    pub child_explanations: Vec<ChildReport>,
}

impl Report {
    /// A pool (枠) as people know it: its label in the criteria, where there is one, else its id.
    #[must_use]
    pub fn pool_label<'a>(&'a self, pool: &'a str) -> &'a str {
        let criteria = self.criteria.as_ref();
        let label = criteria.and_then(|c| c.pools.get(pool));
        label.map_or(pool, String::as_str)
    }
}

/// Names of the mechanisms as on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MechanismName {
    /// Priority before choice rank.
    Stable,
    /// One declared order of families.
    IndexOrder,
    /// Choice rank first.
    ChoiceOrder,
}

impl From<Mechanism> for MechanismName {
    fn from(mechanism: Mechanism) -> Self {
        match mechanism {
            Mechanism::Stable => Self::Stable,
            Mechanism::IndexOrder => Self::IndexOrder,
            Mechanism::ChoiceOrder => Self::ChoiceOrder,
        }
    }
}

/// Names of the efforts as on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EffortName {
    /// Stops at a stable placement.
    Witness,
    /// Proves all levels.
    Proved,
}

/// Counts of one age class.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AgeRow {
    /// Age class.
    pub age: u8,
    /// Children who applied.
    pub children: u32,
    /// With a class after the round.
    pub with_class: u32,
    /// Newly placed.
    pub newly_placed: u32,
    /// Seats offered (募集人数). Seats shared between ages are in `shared_seats`, not here.
    pub seats: u64,
}

/// What became of the sibling families.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SiblingCounts {
    /// Families with two or more applying children.
    pub families: u32,
    /// All children have a class, at one nursery.
    pub same_nursery: u32,
    /// All children have a class, at different nurseries.
    pub different_nurseries: u32,
    /// Some children have a class.
    pub some: u32,
    /// No child has a class.
    pub none: u32,
}

/// What was proved. `true`: the value reached is the best possible; a number: nothing better than
/// this bound is possible; `null`: not asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proved {
    /// Level 1: fewest blocking families (lower bound).
    pub blocking_families: ProofReport,
    /// Level 1: fewest of these with one applying child (lower bound).
    pub blocking_only_children: ProofReport,
    /// Level 2: most children with a class (upper bound).
    pub with_class: ProofReport,
    /// Level 3: lowest sum of positions (lower bound).
    pub rank_sum: ProofReport,
    /// Level 4: the canonical choice among the rest was made.
    pub canonical: bool,
}

/// One level's proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ProofReport {
    /// Always `true`.
    Proved(bool),
    /// The proven bound.
    Bound(i64),
    /// Not asked for.
    NotAsked(()),
}

/// Why nothing is stable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstabilityReport {
    /// Irreducible sets of household ids.
    pub irreducible: Vec<Vec<String>>,
    /// Single-seat changes that restore stability.
    pub repairs: Vec<RepairReport>,
    /// Whether every single-seat change was tried.
    pub repairs_complete: bool,
}

/// A single-seat change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairReport {
    /// The class.
    pub class: ClassNo,
    /// +1 or −1.
    pub seats: i8,
}

/// Ties of the round.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TiesReport {
    /// `stop`, `lottery`, `equal` or `row-order`.
    pub rule: String,
    /// Seed of the lottery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<String>,
    /// Pairs that keep the round from being placed.
    pub undecided: Vec<UndecidedPair>,
    /// Refused choices that a tie decided.
    pub decided: TiesDecided,
}

/// Two children whom nothing ranks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UndecidedPair {
    /// Classes they compete for, as class keys.
    pub classes: Vec<String>,
    /// A child id, the smaller one.
    pub a: String,
    /// The other.
    pub b: String,
    /// The key both have; empty where they have different ones and only their families' turns are
    /// equal.
    pub key: Vec<String>,
}

/// Refused choices by what decided the tie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct TiesDecided {
    /// By lottery number.
    pub lottery: u32,
    /// By row.
    pub row_order: u32,
    /// By what is best for the whole round.
    pub equal: u32,
    /// Children concerned.
    pub children: u32,
}

/// Counted work; the same on every machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SearchReport {
    /// Connected parts of the market.
    pub parts: u32,
    /// Families open after reduction.
    pub open_families: u32,
    /// Positions open after reduction.
    pub open_positions: u64,
    /// Tuples taken by the heuristic.
    pub proposals: u64,
    /// Conflicts of the exact solver.
    pub conflicts: u64,
}

/// A component of the priority key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyComponentReport {
    /// Label for people.
    pub label: String,
    /// What is compared.
    pub kind: KeyKindName,
}

/// Kinds of key components.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKindName {
    /// Leading stratum.
    Stratum,
    /// Points, larger first.
    Points,
    /// Lottery number.
    Lottery,
    /// Row of the file.
    Row,
    /// Another thing compared, larger first.
    Higher,
    /// Another thing compared, smaller first.
    Lower,
}

/// A class and what happened there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassReport {
    /// Class key: nursery id "/" age, and "/" pool where it is one.
    pub key: String,
    /// Nursery id.
    pub nursery: String,
    /// Age class.
    pub age: u8,
    /// Pool (枠).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// Seats offered (募集人数); absent where seats are shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u64>,
    /// Seats with those of transfer applicants that are filled again; absent where shared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<u64>,
    /// Position in [`Report::shared_seats`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shared: Option<u32>,
    /// Transfer applicants from this class.
    pub transfers: u32,
    /// Children placed, stayers included.
    pub placed: u32,
    /// Newly placed.
    pub newly_placed: u32,
    /// Children that chose it.
    pub applied: u32,
    /// Of these, children not placed at something they ranked higher.
    pub considered: u32,
    /// Children for whom a tie decided against it.
    pub tie_decided: u32,
    /// Key of the newly placed child with the lowest priority (最低指数).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_admitted: Option<KeyNo>,
    /// Id of that child, for staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_admitted_child: Option<String>,
}

/// Seats that classes share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedSeats {
    /// Its classes.
    pub classes: Vec<ClassNo>,
    /// Weight of one child per class, as a fraction.
    pub weights: Vec<String>,
    /// Declared capacity, as a fraction.
    pub seats: String,
    /// Capacity with transfer applicants' seats, as a fraction.
    pub capacity: String,
    /// Weight of the children placed, as a fraction.
    pub used: String,
}

/// A child, its result and its reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildReport {
    /// Child id.
    pub id: String,
    /// Household id.
    pub household: String,
    /// Age class.
    pub age: u8,
    /// Current class of a transfer applicant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current: Option<ClassNo>,
    /// Class after the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassNo>,
    /// Rank of the choice obtained, as the family wrote it; 0 where only its combination table
    /// names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
    /// Key at the choice obtained.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyNo>,
    /// Number of choices, refused ones included.
    pub choices: u32,
    /// Sibling wish of a family of two or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wish: Option<WishReport>,
    /// Reasons for the choices above the one obtained.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<ReasonReport>,
}

/// A sibling wish (きょうだい条件).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WishReport {
    /// Code 1–7 of the public layout, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<u8>,
    /// An explicit list of combinations (組み合わせ表).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub listed: bool,
    /// Every child newly placed, or nobody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
    /// One nursery only.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub same_only: bool,
    /// One nursery preferred.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub prefer_same: bool,
    /// The older child first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub older_first: bool,
    /// The younger child first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub younger_first: bool,
    /// All transfer applicants of the family move, or none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_transfers_or_none: bool,
}

/// Why a choice was not obtained.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// No seats.
    SeatsZero,
    /// A rule does not allow it.
    NotEligible,
    /// Full with higher priority.
    Full,
    /// A tie decided.
    TieDecided,
    /// Taken in an earlier pass.
    EarlierPass,
    /// Nothing left at its turn.
    FullAtTurn,
    /// Sibling wish.
    SiblingWish,
    /// The family ranks what it got higher.
    FamilyOrder,
    /// The family blocks.
    Exception,
}

/// Names of [`TieHow`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieHowName {
    /// Lottery number.
    Lottery,
    /// Row of the file.
    RowOrder,
    /// Best for the whole round.
    Equal,
}

/// Names of [`WishKind`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WishKindName {
    /// No acceptable combination has the choice.
    NoCombination,
    /// The sibling's class was full.
    SiblingFull,
    /// The sibling could be placed nowhere.
    SiblingNowhere,
    /// Room for each alone, not together.
    Combination,
    /// `choice-order`: not available at its turn.
    AtTurn,
}

/// One reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReasonReport {
    /// Choice rank as the family wrote it; 0 where only its combination table names it.
    pub rank: u32,
    /// The class; absent where a refused choice has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<ClassNo>,
    /// The reason.
    pub why: Why,
    /// Key of the child at this choice, where it is not [`ReasonReport::own`]; only with criteria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyNo>,
    /// Key that was compared (with siblings: that of the one with the lowest priority).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own: Option<KeyNo>,
    /// Key that would have to be outranked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<KeyNo>,
    /// Class of the child with that key, where seats are shared and it is another class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit_class: Option<ClassNo>,
    /// First component in which they differ.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub differs: Option<u16>,
    /// Siblings who needed room in one group, where more than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u16>,
    /// How a tie was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub how: Option<TieHowName>,
    /// The sibling in the way (position in [`Report::child_explanations`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sibling: Option<u32>,
    /// That sibling's class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sibling_class: Option<ClassNo>,
    /// In what way the sibling wish stood against it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wish: Option<WishKindName>,
    /// `exception`: whether this choice by itself was full with higher priority.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full: Option<bool>,
    /// `not-eligible`: nursery id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nursery: Option<String>,
    /// `not-eligible`: pool, where only the pool is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<String>,
    /// `not-eligible`: the rule, for staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// `not-eligible`: the rule's sentence for families.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_text: Option<String>,
}

/// Makes the report of a placement.
#[must_use]
pub fn report(
    round: &CompiledRound,
    outcome: &Outcome,
    explanations: &Explanations,
    facts: &RunFacts<'_>,
) -> Report {
    let market = &round.market;
    let mut builder = Builder::new(round, facts.criteria.is_some());
    let class_explanations = builder.classes(explanations);
    let shared_seats = builder.shared(outcome, explanations);
    let child_explanations = builder.children(explanations);
    let placement = &outcome.placement;
    let household = |f: &u32| market.families[*f as usize].id.to_string();
    let mut blocking: Vec<String> = outcome.blocking.iter().map(household).collect();
    blocking.sort_unstable();
    let staying = |(c, k): (&enmusubi_market::Child, &Option<ClassIx>)| {
        c.current.is_some() && c.current == *k
    };
    Report {
        schema_version: version_of(&round.key_components, facts),
        engine_version: facts.engine_version.to_owned(),
        mechanism: facts.mechanism.into(),
        effort: match facts.effort {
            Effort::Witness => EffortName::Witness,
            Effort::Proved => EffortName::Proved,
        },
        children: market.children.len() as u32,
        with_class: placement.with_class(),
        newly_placed: placement.newly_placed(market),
        transfers: market
            .children
            .iter()
            .filter(|c| c.current.is_some())
            .count() as u32,
        stayed: market
            .children
            .iter()
            .zip(&placement.class)
            .filter(|&x| staying(x))
            .count() as u32,
        by_age: by_age(market, placement),
        choice_ranks: choice_ranks(market, explanations),
        siblings: sibling_counts(market, placement),
        blocking_families: outcome.blocking.len() as u32,
        blocking_positions: facts.blocking_positions,
        blocking,
        rank_sum: outcome.rank_sum,
        proved: Proved {
            blocking_families: outcome.proofs.blocking_families.into(),
            blocking_only_children: outcome.proofs.blocking_only_children.into(),
            with_class: outcome.proofs.with_class.into(),
            rank_sum: outcome.proofs.rank_sum.into(),
            canonical: outcome.proofs.canonical,
        },
        reproducible: outcome.reproducible,
        instability: outcome.instability.as_ref().map(|i| {
            let mut irreducible: Vec<Vec<String>> = i
                .irreducible
                .iter()
                .map(|set| set.iter().map(household).collect())
                .collect();
            irreducible.iter_mut().for_each(|set| set.sort_unstable());
            irreducible.sort_unstable();
            let mut repairs: Vec<RepairReport> = i
                .repairs
                .iter()
                .map(|r| RepairReport {
                    class: builder.no[r.class as usize],
                    seats: r.seats,
                })
                .collect();
            repairs.sort_unstable_by_key(|r| (r.class, r.seats));
            InstabilityReport {
                irreducible,
                repairs,
                repairs_complete: i.repairs_complete,
            }
        }),
        ties: TiesReport {
            rule: match round.ties {
                Ties::Stop => "stop",
                Ties::Lottery(_) => "lottery",
                Ties::Equal => "equal",
                Ties::RowOrder => "row-order",
            }
            .to_owned(),
            seed: match &round.ties {
                Ties::Lottery(seed) => Some(seed.clone()),
                _ => None,
            },
            undecided: undecided_pairs(round, facts.undecided),
            decided: ties_decided(explanations),
        },
        search: SearchReport {
            parts: outcome.effort.parts,
            open_families: outcome.effort.open_families,
            open_positions: outcome.effort.open_positions,
            proposals: outcome.effort.proposals,
            conflicts: outcome.effort.conflicts,
        },
        seconds: facts
            .seconds
            .iter()
            .map(|&(k, s)| (k.to_owned(), s))
            .collect(),
        criteria: facts.criteria.cloned(),
        input_digest: facts.input_digest.to_owned(),
        result_digest: result_digest(market, placement),
        disclosure_minimum: round.disclosure_minimum,
        key_components: key_components(round),
        nurseries: market
            .nurseries
            .iter()
            .map(|n| (n.id.to_string(), n.name.to_string()))
            .collect(),
        keys: builder.keys,
        class_explanations,
        shared_seats,
        child_explanations,
    }
}

/// Class key: nursery id "/" age, and "/" pool where it is one.
#[must_use]
pub fn class_key(market: &Market, class: ClassIx) -> String {
    let k = &market.classes[class as usize];
    let id = &market.nurseries[k.nursery as usize].id;
    match &k.pool {
        Some(pool) => format!("{id}/{}/{pool}", k.age),
        None => format!("{id}/{}", k.age),
    }
}

/// SHA-256 (hexadecimal) over the sorted lines `child id TAB class key LF`, one for each child
/// that has a class, stayers included.
#[must_use]
pub fn result_digest(market: &Market, placement: &Placement) -> String {
    let keys: Vec<String> = (0..market.classes.len())
        .map(|k| class_key(market, k as ClassIx))
        .collect();
    let mut pairs: Vec<(&str, &str)> = market
        .children
        .iter()
        .zip(&placement.class)
        .filter_map(|(c, k)| Some((&*c.id, &*keys[(*k)? as usize])))
        .collect();
    pairs.sort_unstable();
    let mut lines = String::with_capacity(pairs.len() * 24);
    for (child, class) in pairs {
        lines.push_str(child);
        lines.push('\t');
        lines.push_str(class);
        lines.push('\n');
    }
    hex(&Sha256::digest(lines.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(2 * bytes.len());
    for b in bytes {
        let _ = write!(out, "{b:02x}");
    }
    out
}

/// Undecided pairs in the tables' words, sorted; pairs of one group once.
#[must_use]
pub fn undecided_pairs(round: &CompiledRound, pairs: &[TiedPair]) -> Vec<UndecidedPair> {
    let market = &round.market;
    let mut out: Vec<UndecidedPair> = pairs
        .iter()
        .map(|p| {
            let mut ids = [p.a, p.b].map(|c| market.children[c as usize].id.to_string());
            ids.sort_unstable();
            let [a, b] = ids;
            let there = |c: ChildIx| {
                let range = market.children[c as usize].choices.clone();
                range
                    .filter(|&x| market.group_of_choice(x) == p.group)
                    .collect::<Vec<_>>()
            };
            let (of_a, of_b) = (there(p.a), there(p.b));
            let mut classes: Vec<String> = of_a
                .iter()
                .chain(&of_b)
                .map(|&x| class_key(market, market.choices[x as usize].class))
                .collect();
            classes.sort_unstable();
            classes.dedup();
            let priority = |x: &ChoiceIx| market.choices[*x as usize].priority;
            let both = of_a
                .iter()
                .find(|x| of_b.iter().any(|y| priority(x) == priority(y)));
            let key = both.map(|&x| round.keys.of(x).map(str::to_owned).collect());
            UndecidedPair {
                classes,
                a,
                b,
                key: key.unwrap_or_default(),
            }
        })
        .collect();
    out.sort_unstable();
    out.dedup();
    out
}

impl From<KeyKind> for KeyKindName {
    fn from(kind: KeyKind) -> Self {
        match kind {
            KeyKind::Stratum => Self::Stratum,
            KeyKind::Points => Self::Points,
            KeyKind::Lottery => Self::Lottery,
            KeyKind::Row => Self::Row,
            KeyKind::Higher => Self::Higher,
            KeyKind::Lower => Self::Lower,
        }
    }
}

impl From<Proof> for ProofReport {
    fn from(proof: Proof) -> Self {
        match proof {
            Proof::Proved => Self::Proved(true),
            Proof::Bound(b) => Self::Bound(b),
            Proof::NotAsked => Self::NotAsked(()),
        }
    }
}

fn by_age(market: &Market, placement: &Placement) -> Vec<AgeRow> {
    let mut rows: Vec<AgeRow> = (0..6)
        .map(|age| AgeRow {
            age,
            ..AgeRow::default()
        })
        .collect();
    for (child, class) in market.children.iter().zip(&placement.class) {
        let Some(row) = rows.get_mut(child.age as usize) else {
            continue;
        };
        row.children += 1;
        row.with_class += u32::from(class.is_some());
        row.newly_placed += u32::from(class.is_some() && *class != child.current);
    }
    // A group counts for an age when all its classes are of that age and weigh the same.
    let mut of_group: Vec<Option<(u8, u64, bool)>> = vec![None; market.groups.len()];
    for k in &market.classes {
        let entry = &mut of_group[k.group as usize];
        *entry = Some(match *entry {
            None => (k.age, k.weight, true),
            Some((age, weight, plain)) => {
                (age, weight, plain && age == k.age && weight == k.weight)
            }
        });
    }
    for (group, entry) in market.groups.iter().zip(of_group) {
        if let Some((age, weight @ 1.., true)) = entry {
            rows[age as usize].seats += group.seats / weight;
        }
    }
    rows
}

/// Components of the priority key, most important first.
pub(crate) fn key_components(round: &CompiledRound) -> Vec<KeyComponentReport> {
    let one = |c: &KeyComponent| KeyComponentReport {
        label: c.label.clone(),
        kind: c.kind.into(),
    };
    round.key_components.iter().map(one).collect()
}

fn choice_ranks(market: &Market, explanations: &Explanations) -> Vec<u32> {
    let mut out: Vec<u32> = Vec::new();
    for child in &explanations.children {
        let Some(x) = child.obtained else { continue };
        let written = child.rank.filter(|&r| r > 0);
        let rank = written.unwrap_or(market.choices[x as usize].rank).max(1) as usize;
        if out.len() < rank {
            out.resize(rank, 0);
        }
        out[rank - 1] += 1;
    }
    out
}

fn sibling_counts(market: &Market, placement: &Placement) -> SiblingCounts {
    let mut out = SiblingCounts::default();
    for family in market.families.iter().filter(|f| f.children.len() > 1) {
        out.families += 1;
        let range = family.children.start as usize..family.children.end as usize;
        let placed: Vec<u32> = placement.class[range]
            .iter()
            .flatten()
            .map(|&k| market.classes[k as usize].nursery)
            .collect();
        if placed.is_empty() {
            out.none += 1;
        } else if placed.len() < family.children.len() {
            out.some += 1;
        } else if placed.iter().all(|&n| n == placed[0]) {
            out.same_nursery += 1;
        } else {
            out.different_nurseries += 1;
        }
    }
    out
}

fn ties_decided(explanations: &Explanations) -> TiesDecided {
    let mut out = TiesDecided::default();
    for c in 0..explanations.children.len() as ChildIx {
        let mut any = false;
        for r in explanations.of(c) {
            let Reason::TieDecided { how, .. } = r.reason else {
                continue;
            };
            any = true;
            match how {
                TieHow::Lottery => out.lottery += 1,
                TieHow::Row => out.row_order += 1,
                TieHow::Equal => out.equal += 1,
            }
        }
        out.children += u32::from(any);
    }
    out
}

struct Builder<'a> {
    round: &'a CompiledRound,
    market: &'a Market,
    /// Per class of the market: its number in the report.
    no: Vec<ClassNo>,
    /// The market's classes in the report's order.
    order: Vec<ClassIx>,
    /// Keys met so far.
    keys: Vec<Vec<String>>,
    known: HashMap<&'a [u32], KeyNo>,
    /// The key asked for last: neighbours mostly have the same.
    recent: Option<(&'a [u32], KeyNo)>,
    shared_no: Vec<Option<u32>>,
    /// Every choice gets its key.
    every_key: bool,
}

impl<'a> Builder<'a> {
    fn new(round: &'a CompiledRound, every_key: bool) -> Self {
        let market = &round.market;
        let mut order: Vec<ClassIx> = (0..market.classes.len() as ClassIx).collect();
        order.sort_by(|&a, &b| {
            let name = |k: ClassIx| {
                let k = &market.classes[k as usize];
                (&market.nurseries[k.nursery as usize].id, k.age, &k.pool)
            };
            name(a).cmp(&name(b))
        });
        let mut no = vec![0; order.len()];
        for (i, &k) in order.iter().enumerate() {
            no[k as usize] = i as ClassNo;
        }
        let mut size = vec![0u32; market.groups.len()];
        let mut plain = vec![true; market.groups.len()];
        for k in &market.classes {
            let g = k.group as usize;
            size[g] += 1;
            plain[g] &= k.weight > 0 && market.groups[g].seats.is_multiple_of(k.weight);
        }
        let mut shared_no = vec![None; market.groups.len()];
        let mut next = 0;
        for &k in &order {
            let g = market.classes[k as usize].group as usize;
            if (size[g] > 1 || !plain[g]) && shared_no[g].is_none() {
                shared_no[g] = Some(next);
                next += 1;
            }
        }
        Self {
            round,
            market,
            no,
            order,
            keys: Vec::new(),
            known: HashMap::new(),
            recent: None,
            shared_no,
            every_key,
        }
    }

    fn key(&mut self, choice: ChoiceIx) -> Option<KeyNo> {
        let n = self.round.keys.components as usize;
        let at = choice as usize * n;
        let slice = self
            .round
            .keys
            .index
            .get(at..at + n)
            .filter(|s| !s.is_empty())?;
        if let Some((key, no)) = self.recent
            && key == slice
        {
            return Some(no);
        }
        let next = self.keys.len() as KeyNo;
        let no = *self.known.entry(slice).or_insert(next);
        if no == next {
            let values = &self.round.keys.values;
            self.keys.push(
                slice
                    .iter()
                    .map(|&v| values[v as usize].to_string())
                    .collect(),
            );
        }
        self.recent = Some((slice, no));
        Some(no)
    }

    fn classes(&mut self, explanations: &Explanations) -> Vec<ClassReport> {
        let order = self.order.clone();
        let market = self.market;
        order
            .into_iter()
            .map(|k| {
                let class = &market.classes[k as usize];
                let group = &market.groups[class.group as usize];
                let result = &explanations.classes[k as usize];
                let shared = self.shared_no[class.group as usize];
                let own = |units: u64| (shared.is_none()).then(|| units / class.weight.max(1));
                ClassReport {
                    key: class_key(market, k),
                    nursery: market.nurseries[class.nursery as usize].id.to_string(),
                    age: class.age,
                    pool: class.pool.as_ref().map(ToString::to_string),
                    seats: own(group.seats),
                    capacity: own(result.capacity),
                    shared,
                    transfers: result.transfers,
                    placed: result.placed,
                    newly_placed: result.newly,
                    applied: result.applied,
                    considered: result.considered,
                    tie_decided: result.tie_decided,
                    last_admitted: result.last.and_then(|h| self.key(h.choice)),
                    last_admitted_child: result
                        .last
                        .map(|h| market.children[h.child as usize].id.to_string()),
                }
            })
            .collect()
    }

    fn shared(&self, outcome: &Outcome, explanations: &Explanations) -> Vec<SharedSeats> {
        let market = self.market;
        let count = self.shared_no.iter().flatten().count();
        let mut out: Vec<SharedSeats> = Vec::with_capacity(count);
        let mut groups = Vec::with_capacity(count);
        for &k in &self.order {
            let class = &market.classes[k as usize];
            let Some(no) = self.shared_no[class.group as usize] else {
                continue;
            };
            let group = &market.groups[class.group as usize];
            if no as usize == out.len() {
                groups.push((class.group, 0u64));
                out.push(SharedSeats {
                    classes: Vec::new(),
                    weights: Vec::new(),
                    seats: fraction(group.seats, group.unit),
                    capacity: fraction(explanations.classes[k as usize].capacity, group.unit),
                    used: String::new(),
                });
            }
            out[no as usize].classes.push(self.no[k as usize]);
            out[no as usize]
                .weights
                .push(fraction(class.weight, group.unit));
        }
        for (c, class) in outcome.placement.class.iter().enumerate() {
            let Some(k) = *class else { continue };
            if let Some(no) = self.shared_no[market.classes[k as usize].group as usize] {
                groups[no as usize].1 += market.weight(c as ChildIx, k);
            }
        }
        for (shared, (g, used)) in out.iter_mut().zip(groups) {
            shared.used = fraction(used, market.groups[g as usize].unit);
        }
        out
    }

    fn children(&mut self, explanations: &Explanations) -> Vec<ChildReport> {
        let market = self.market;
        let mut refused = vec![0u32; market.children.len()];
        let mut last: HashMap<ChildIx, Vec<u32>> = HashMap::new();
        for r in &self.round.refusals {
            // A pool refused beside an open nursery is no choice of its own.
            let open = market.choices_of(r.child).iter().any(|x| {
                let nursery = market.classes[x.class as usize].nursery;
                market.nurseries[nursery as usize].id == r.nursery
            });
            let seen = last.entry(r.child).or_default();
            if !open && !seen.contains(&r.rank) {
                seen.push(r.rank);
                refused[r.child as usize] += 1;
            }
        }
        let mut out = Vec::with_capacity(market.children.len());
        for (c, child) in market.children.iter().enumerate() {
            let family = &market.families[child.family as usize];
            let result = &explanations.children[c];
            let key = result.obtained.and_then(|x| self.key(x));
            let reasons = explanations
                .of(c as ChildIx)
                .iter()
                .map(|r| self.reason(r))
                .collect();
            let ranks = market.choices_of(c as ChildIx).last().map_or(0, |x| x.rank);
            out.push(ChildReport {
                id: child.id.to_string(),
                household: family.id.to_string(),
                age: child.age,
                current: child.current.map(|k| self.no[k as usize]),
                class: result.class.map(|k| self.no[k as usize]),
                rank: result.rank,
                key,
                choices: ranks + refused[c],
                wish: (family.children.len() > 1).then(|| {
                    let asked = &self.round.asked;
                    match asked.binary_search_by_key(&child.family, |a| a.0) {
                        Ok(at) => wish_report(&Wish::Fields(asked[at].1)),
                        Err(_) => wish_report(&family.wish),
                    }
                }),
                reasons,
            });
        }
        out
    }

    fn reason(&mut self, r: &crate::explain::ChoiceReason) -> ReasonReport {
        let market = self.market;
        let class = match r.target {
            Target::Choice(x) => Some(market.choices[x as usize].class),
            Target::Refusal(_) => None,
        };
        let mut out = ReasonReport {
            rank: r.rank,
            class: class.map(|k| self.no[k as usize]),
            why: Why::SeatsZero,
            key: None,
            own: None,
            limit: None,
            limit_class: None,
            differs: None,
            size: None,
            how: None,
            sibling: None,
            sibling_class: None,
            wish: None,
            full: None,
            nursery: None,
            pool: None,
            rule: None,
            parent_text: None,
        };
        let mut full = |own: ChoiceIx, limit: Option<crate::explain::Holder>, size: u16| {
            out.own = self.key(own);
            out.limit = limit.and_then(|h| self.key(h.choice));
            let limit_class = limit.map(|h| market.choices[h.choice as usize].class);
            out.limit_class = limit_class
                .filter(|&k| Some(k) != class)
                .map(|k| self.no[k as usize]);
            out.size = (size > 1).then_some(size);
        };
        match r.reason {
            Reason::SeatsZero => {}
            Reason::NotEligible => {
                out.why = Why::NotEligible;
                if let Target::Refusal(at) = r.target {
                    let refusal = &self.round.refusals[at as usize];
                    out.nursery = Some(refusal.nursery.to_string());
                    out.pool = refusal.pool.as_ref().map(ToString::to_string);
                    out.rule = Some(refusal.rule.to_string());
                    out.parent_text = refusal.parent_text.as_ref().map(ToString::to_string);
                }
            }
            Reason::Full {
                own,
                limit,
                differs,
                size,
            } => {
                full(own, limit, size);
                out.why = Why::Full;
                out.differs = differs;
            }
            Reason::TieDecided {
                how,
                own,
                limit,
                size,
            } => {
                full(own, Some(limit), size);
                out.why = Why::TieDecided;
                out.how = Some(match how {
                    TieHow::Lottery => TieHowName::Lottery,
                    TieHow::Row => TieHowName::RowOrder,
                    TieHow::Equal => TieHowName::Equal,
                });
            }
            Reason::EarlierPass => out.why = Why::EarlierPass,
            Reason::FullAtTurn => out.why = Why::FullAtTurn,
            Reason::SiblingWish {
                sibling,
                class,
                kind,
            } => {
                out.why = Why::SiblingWish;
                out.sibling = Some(sibling);
                out.sibling_class = class.map(|k| self.no[k as usize]);
                out.wish = Some(match kind {
                    WishKind::NoCombination => WishKindName::NoCombination,
                    WishKind::SiblingFull => WishKindName::SiblingFull,
                    WishKind::SiblingNowhere => WishKindName::SiblingNowhere,
                    WishKind::Combination => WishKindName::Combination,
                    WishKind::AtTurn => WishKindName::AtTurn,
                });
            }
            Reason::FamilyOrder => out.why = Why::FamilyOrder,
            Reason::Exception { full } => {
                out.why = Why::Exception;
                out.full = Some(full);
            }
        }
        if let Target::Choice(x) = r.target
            && self.every_key
        {
            out.key = self.key(x).filter(|&k| out.own != Some(k));
        }
        out
    }
}

fn wish_report(wish: &Wish) -> WishReport {
    let blank = WishReport {
        code: None,
        listed: true,
        together: false,
        same_only: false,
        prefer_same: false,
        older_first: false,
        younger_first: false,
        all_transfers_or_none: false,
    };
    let Wish::Fields(fields) = wish else {
        return blank;
    };
    let code = (1..=7).find(|&c| enmusubi_market::WishFields::from_code(c) == Some(*fields));
    WishReport {
        code,
        listed: false,
        together: fields.timing == Timing::Together,
        same_only: fields.place == Place::SameOnly,
        prefer_same: fields.place == Place::PreferSame,
        older_first: fields.first == First::Older,
        younger_first: fields.first == First::Younger,
        all_transfers_or_none: fields.all_transfers_or_none,
    }
}

/// `units / unit` in lowest terms.
fn fraction(units: u64, unit: u64) -> String {
    let (mut a, mut b) = (units, unit.max(1));
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let (n, d) = (units / a.max(1), unit.max(1) / a.max(1));
    if d == 1 {
        n.to_string()
    } else {
        format!("{n}/{d}")
    }
}

/// The report as JSON.
///
/// # Errors
/// Only if `seconds` holds a number JSON cannot write (not a number, infinite).
pub fn write_report(report: &Report) -> Result<Vec<u8>, serde_json::Error> {
    let mut out = Vec::with_capacity(4096 + report.child_explanations.len() * 640);
    serde_json::to_writer(&mut out, report)?;
    out.push(b'\n');
    Ok(out)
}

/// Why a report cannot be read.
#[derive(Debug)]
pub enum ReadReportError {
    /// Not JSON, or not of the form of a report.
    Form(serde_json::Error),
    /// Written by a newer program.
    Newer {
        /// Its schema version.
        version: u32,
    },
    /// A reference inside points nowhere: the file was changed by hand or damaged.
    Reference(&'static str),
}

impl std::fmt::Display for ReadReportError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Form(_) => f.write_str("reading report.json"),
            Self::Newer { version } => write!(
                f,
                "report.json has schema version {version}; this program reads up to \
                 {SCHEMA_VERSION}"
            ),
            Self::Reference(what) => {
                write!(
                    f,
                    "report.json is damaged: {what} points outside the file's tables"
                )
            }
        }
    }
}

impl std::error::Error for ReadReportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Form(e) => Some(e),
            _ => None,
        }
    }
}

/// Reads a report and checks that it holds together.
///
/// # Errors
/// [`ReadReportError`].
pub fn read_report(bytes: &[u8]) -> Result<Report, ReadReportError> {
    #[derive(Deserialize)]
    struct Version {
        schema_version: u32,
    }
    let report: Report = match serde_json::from_slice(bytes) {
        Ok(report) => report,
        // A newer form fails to parse; say so rather than name its first unknown field.
        Err(e) => match serde_json::from_slice::<Version>(bytes) {
            Ok(v) if v.schema_version > SCHEMA_VERSION => {
                return Err(ReadReportError::Newer {
                    version: v.schema_version,
                });
            }
            _ => return Err(ReadReportError::Form(e)),
        },
    };
    if report.schema_version > SCHEMA_VERSION {
        return Err(ReadReportError::Newer {
            version: report.schema_version,
        });
    }
    check_references(&report).map_err(ReadReportError::Reference)?;
    Ok(report)
}

fn check_references(report: &Report) -> Result<(), &'static str> {
    let class = |k: Option<u32>| k.is_none_or(|k| (k as usize) < report.class_explanations.len());
    let key = |k: Option<u32>| k.is_none_or(|k| (k as usize) < report.keys.len());
    let child = |c: Option<u32>| c.is_none_or(|c| (c as usize) < report.child_explanations.len());
    let component = |i: Option<u16>| i.is_none_or(|i| (i as usize) < report.key_components.len());
    if report
        .keys
        .iter()
        .any(|k| k.len() != report.key_components.len())
    {
        return Err("a key");
    }
    for k in &report.class_explanations {
        if !key(k.last_admitted)
            || k.shared
                .is_some_and(|s| s as usize >= report.shared_seats.len())
        {
            return Err("a class");
        }
    }
    if report
        .shared_seats
        .iter()
        .any(|s| !s.classes.iter().all(|&k| class(Some(k))))
    {
        return Err("a seat group");
    }
    if let Some(i) = &report.instability
        && !i.repairs.iter().all(|r| class(Some(r.class)))
    {
        return Err("a repair");
    }
    for c in &report.child_explanations {
        let reasons = c.reasons.iter().all(|r| {
            class(r.class)
                && class(r.limit_class)
                && class(r.sibling_class)
                && key(r.key)
                && key(r.own)
                && key(r.limit)
                && child(r.sibling)
                && component(r.differs)
        });
        if !reasons || !class(c.current) || !class(c.class) || !key(c.key) {
            return Err("a child");
        }
    }
    Ok(())
}
