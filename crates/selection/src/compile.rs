//! Makes markets of rounds.
//!
//! A *front* judges: [`tables`] the tables with their rule file, [`crate::staged`] facts with
//! criteria. What it found ([`judged`]) is assembled here, in one way for both.
//!
//! Everything is sorted by id, so that the order of rows changes nothing (except where
//! [`Ties::RowOrder`] asks for it), and every comparison of children becomes one number:
//! [`Choice::priority`], a dense rank over (strata, points, tie-break) of the whole market.

mod families;
mod frame;
pub(crate) mod judged;
mod order;
mod people;
mod table_keys;
mod tables;
pub(crate) mod ties;
mod together;

use crate::compiled::{CompiledRound, Ties};
use enmusubi_domain::Round;
use enmusubi_market::{FamilyIx, Market, Nursery, TieReading};
use frame::Frame;
use judged::{Judged, KeyRows};
use order::Order;
use people::People;
use sha2::{Digest, Sha256};

/// Why a round cannot become a market. The reader of files reports everything a user can mend;
/// what is left here is size, and rounds put together by a program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompileError {
    /// Weights or capacity of a group do not fit 64 bits once brought to a common denominator.
    #[error("定員グループ「{group}」の重みと定員を共通の分母にそろえると大きすぎます")]
    GroupTooLarge {
        /// Name of the group.
        group: Box<str>,
    },
    /// A group counts a class twice, or two groups count one class.
    #[error("定員グループ「{group}」のクラスは、すでに別のグループに入っているか、ありません")]
    GroupMember {
        /// Name of the group.
        group: Box<str>,
    },
    /// More strata, passes, children or choices than can be numbered.
    #[error("{what}が多すぎます")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
    },
    /// A pool has more seats than its class.
    #[error("保育所「{nursery}」の枠「{pool}」の人数が、募集人数より多くなっています")]
    PoolTooLarge {
        /// Nursery id.
        nursery: Box<str>,
        /// Pool id.
        pool: Box<str>,
    },
    /// Two or more children without a sibling wish.
    #[error("世帯「{household}」のきょうだい条件がありません")]
    NoWish {
        /// Household id.
        household: Box<str>,
    },
    /// A value no rule understands.
    #[error("申請者「{child}」の「{column}」の値をルールで判断できません")]
    Undecided {
        /// Child id.
        child: Box<str>,
        /// Header of the column.
        column: Box<str>,
    },
}

/// Compiles a round: market, keys, refusals. Time and memory are linear in choices, but for one
/// sort of the distinct priority keys.
///
/// # Errors
/// All of [`CompileError`] that were found; at least one.
pub fn compile(round: &Round, ties: &Ties) -> Result<CompiledRound, Vec<CompileError>> {
    let mut errors = Vec::new();
    let (tables, keys) = tables::Tables::of(round, ties, &mut errors);
    let pool = |choice, pool| tables.pool(choice, pool);
    assemble(&tables.judged(&pool), keys, errors)
}

/// Assembles the market of a judged round.
///
/// # Errors
/// Those given and those found, if any.
pub(crate) fn assemble(
    judged: &Judged<'_>,
    keys: KeyRows,
    mut errors: Vec<CompileError>,
) -> Result<CompiledRound, Vec<CompileError>> {
    let order = Order::of(judged);
    let frame = Frame::build(judged, &order, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut people = People::build(judged, &order, &frame);
    let families = families::families(judged, &order, &people, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    people.number_priorities(keys.count);
    let (key_components, keys) = people.key_table(judged, keys);

    let mut market = Market {
        nurseries: order
            .nurseries
            .iter()
            .map(|&n| {
                let n = judged.nurseries[n as usize];
                Nursery {
                    id: n.id.into(),
                    name: n.name.into(),
                }
            })
            .collect(),
        classes: frame.classes,
        groups: frame.groups,
        families,
        children: people.children,
        choices: people.choices,
        ties: if *judged.ties == Ties::Equal {
            TieReading::Equal
        } else {
            TieReading::Strict
        },
    };
    let twice: Vec<FamilyIx> = (0..market.families.len() as FamilyIx)
        .filter(|&f| {
            let household = order.households[f as usize];
            judged.households[household as usize].together
        })
        .collect();
    let asked = together::write_out(&mut market, &people.apart, &twice, &mut errors);
    if !errors.is_empty() {
        return Err(errors);
    }
    debug_assert_eq!(market.validate(), Ok(()));
    Ok(CompiledRound {
        market,
        rows: order
            .children
            .iter()
            .map(|&c| judged.children[c as usize].row)
            .collect(),
        key_components,
        keys,
        numbers: people.numbers,
        refusals: people.refusals,
        asked,
        ties: judged.ties.clone(),
        disclosure_minimum: judged.disclosure_minimum,
    })
}

impl CompiledRound {
    /// Whether some child has different priorities at different nurseries. Then the mechanism
    /// `index-order` needs a declared common order.
    #[must_use]
    pub fn priority_depends_on_nursery(&self) -> bool {
        let m = &self.market;
        (0..m.children.len() as u32).any(|c| {
            m.choices_of(c)
                .windows(2)
                .any(|w| w[0].priority != w[1].priority)
        })
    }
}

/// Lottery number of a child: SHA-256 of `seed:id`; smaller comes first. Anyone can check it
/// with `printf '%s' 'SEED:ID' | sha256sum`.
#[must_use]
pub fn lottery_number(seed: &str, child_id: &str) -> [u8; 32] {
    let mut h = Sha256::new();
    h.update(seed.as_bytes());
    h.update(b":");
    h.update(child_id.as_bytes());
    h.finalize().into()
}

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(if n < 10 { b'0' + n } else { b'a' + n - 10 });
    bytes
        .iter()
        .flat_map(|b| [digit(b >> 4), digit(b & 15)])
        .collect()
}
