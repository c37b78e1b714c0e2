//! What a nursery section kept of a past round: its decisions ([`decisions`]) and its own index list
//! ([`staff_index`]).
//!
//! Lists come as sections keep them: CSV (UTF-8 with or without byte order mark, CP932) or XLSX, headers of many
//! names, titles above the header, totals below the rows. What can be read is read. A problem of a row is a warning,
//! and a child whose decision is not certain is left out and counted ([`LeftOut`]), never guessed. An error, and
//! nothing read, is only: a file that is no table or breaks off, a missing column of children or decisions, an
//! individual number (個人番号).
//!
//! Headers, ids and numbers are compared NFKC-normalised and without white space. A [`Roster`] gives back the ids
//! the round has, and finds facilities by name.

pub mod decisions;
mod headers;
mod kinds;
mod list;
mod missing;
mod roster;
pub mod staff_index;
mod words;

pub use kinds::kind;
pub use roster::Roster;

pub(crate) use headers::{DECISIONS, STAFF_INDEX};

/// A child (for an index list: a child at a facility) that is in the list and is not taken from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Child id, as the round has it where the round knows it.
    pub child: Box<str>,
    /// First row that speaks of it, as a spreadsheet shows it.
    pub row: u32,
    /// Why.
    pub why: Why,
}

/// Why a child of a list is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// Lines that say different things of it.
    Contradiction,
    /// No outcome that can be read.
    Outcome,
    /// Placed, and nothing says where; or at a facility the round does not have, or of a name that several have.
    Facility,
    /// A cell that cannot be read, or a row whose cells are shifted.
    Unreadable,
}

impl Why {
    /// All of them.
    pub const ALL: [Self; 4] = [
        Self::Contradiction,
        Self::Outcome,
        Self::Facility,
        Self::Unreadable,
    ];

    /// Code for remarks: `two-decisions`, `outcome-unknown`, `facility-unknown`, `unreadable`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Contradiction => "two-decisions",
            Self::Outcome => "outcome-unknown",
            Self::Facility => "facility-unknown",
            Self::Unreadable => "unreadable",
        }
    }
}

/// What was found in a list, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Rows below the header that are not blank.
    pub rows: u32,
    /// Rows without a child id: totals, remarks.
    pub without_child: u32,
    /// Rows that say the same as an earlier one.
    pub repeated: u32,
}
