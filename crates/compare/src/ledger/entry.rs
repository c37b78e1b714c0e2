//! What a line of the ledger says.

use serde::{Deserialize, Serialize};

/// A line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// 1, 2, 3 …
    pub number: u32,
    /// When it was written, ISO 8601 to the second with offset; from the caller, who has a clock.
    pub at: String,
    /// Who wrote it: name.
    pub by: String,
    /// Post (職名).
    pub post: String,
    /// What.
    pub content: Content,
    /// SHA-256 of the line before, 64 hexadecimal digits; of nothing: 64 zeros.
    pub previous: String,
}

/// What is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Content {
    /// The ledger begins.
    Begin(Begin),
    /// A past round was compared with its decisions.
    Compared(Compared),
    /// A difference stays, for a reason.
    Accepted(Accepted),
    /// An acceptance no longer holds.
    Revoked {
        /// Number of the entry that accepted.
        entry: u32,
        /// Why.
        reason: String,
    },
    /// Everything before this line was read and found right.
    Signed {
        /// As what.
        role: Role,
        /// SHA-256 of the line before, typed again by the signer's program: what is on the printed page.
        head: String,
    },
    /// A note for whoever reads this next year.
    Note {
        /// The note.
        text: String,
    },
}

/// The beginning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Begin {
    /// What is compared, e.g. 「令和9年4月入所 一次選考」.
    pub title: String,
    /// Last year's ledger, if there is one.
    pub from: Option<Before>,
}

/// Last year's ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// Its title.
    pub title: String,
    /// SHA-256 of its last line.
    pub head: String,
    /// Agreement it ended with: of how many, how many.
    pub agreement: Count,
    /// Practices that were accepted there and hold until somebody says otherwise: causes, in words without
    /// anybody's data.
    pub practices: Vec<String>,
}

/// Of how many, how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Children compared.
    pub compared: u32,
    /// Children who agree.
    pub agree: u32,
}

/// A comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compared {
    /// Day of entry, ISO 8601, and number of the round.
    pub round: String,
    /// Name of the criteria file.
    pub criteria: String,
    /// SHA-256 of the criteria's content.
    pub criteria_digest: String,
    /// SHA-256 of round and criteria.
    pub input_digest: String,
    /// SHA-256 of the decisions.
    pub decisions_digest: String,
    /// SHA-256 of `compare.json` as it was read.
    pub report_digest: String,
    /// Version of the program.
    pub engine_version: String,
    /// Agreement of the placement before anything was mended.
    pub agreement: Count,
    /// The causes, with the agreement after each.
    pub mends: Vec<Mend>,
    /// Differences no cause was found for: child ids, sorted.
    pub unexplained: Vec<String>,
}

/// A cause and what mending it gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mend {
    /// Number of the cause in the comparison.
    pub cause: u32,
    /// Its kind.
    pub kind: String,
    /// In words.
    pub words: String,
    /// In words without anybody's data.
    pub public_words: String,
    /// Agreement after it.
    pub agreement: Count,
}

/// An accepted difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accepted {
    /// Number of the entry of the comparison.
    pub comparison: u32,
    /// What is accepted.
    pub what: What,
    /// Why.
    pub reason: String,
}

/// What is accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A cause of the comparison, by number: the criteria stay as they are, or were mended since.
    Cause(u32),
    /// A child without a cause.
    Child(String),
}

/// Who signs as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 確認者: has gone through every cause.
    Examiner,
    /// 承認者: lets the real round rely on it.
    Approver,
}
