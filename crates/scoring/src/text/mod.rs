//! A derivation as text: for staff everything, for a family what concerns it, in its own words.
//!
//! Texts are made from the derivation alone, so that a stored one can be read again later.
//!
//! **Invariant:** a text for a family holds no ids, nobody outside the household, and no fact that
//! [`crate::tact`] guards.

mod family;
mod says;
mod staff;

use crate::derivation::Derivation;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Staff of the nursery section, in Japanese.
    Staff,
    /// Staff, in English (labels of the criteria stay as they are).
    StaffEnglish,
    /// A family.
    Parent,
    /// A family, in plain Japanese (やさしい日本語).
    ParentPlain,
}

/// The text of a derivation; lines end with `\n`.
#[must_use]
pub fn derivation_text(derivation: &Derivation, reader: Reader) -> String {
    let lines = match reader {
        Reader::Staff | Reader::StaffEnglish => staff::lines(derivation, reader),
        Reader::Parent | Reader::ParentPlain => family::lines(derivation, reader),
    };
    lines.into_iter().map(|line| line + "\n").collect()
}

/// `2027-04-01` as people write it.
fn day(iso: &str, tongue: enmusubi_domain::facts::words::Tongue) -> String {
    match iso.parse() {
        Ok(day) => enmusubi_domain::facts::words::day_of(day, tongue),
        Err(_) => iso.to_owned(),
    }
}

/// Points in a sum show their sign.
fn signed(points: &str, sum: bool) -> String {
    if sum && !points.starts_with('-') {
        format!("+{points}")
    } else {
        points.to_owned()
    }
}
