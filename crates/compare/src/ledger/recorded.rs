//! From `compare.json` to a line of the ledger.

use super::{
    chain::digest,
    entry::{Compared, Count, Mend},
};
use serde::Deserialize;
use std::collections::HashMap;

/// Why a file is no comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotAComparison {
    /// It is not what `enmusubi compare` writes: what the reader says.
    Unreadable(String),
    /// Its agreement counts more children than were compared, or a step of its path has no cause.
    Inconsistent,
}

/// What the ledger takes from a comparison.
#[derive(Deserialize)]
struct Read {
    engine_version: String,
    entry_date: String,
    number: u32,
    criteria: String,
    criteria_digest: String,
    input_digest: String,
    decisions_digest: String,
    placement: Count_,
    causes: Vec<Cause>,
    path: Vec<Step>,
    differences: Vec<Difference>,
}

#[derive(Deserialize, Clone, Copy)]
struct Count_ {
    compared: u32,
    agree: u32,
}

#[derive(Deserialize)]
struct Cause {
    number: u32,
    kind: String,
    words: String,
    public_words: String,
}

#[derive(Deserialize)]
struct Step {
    cause: u32,
    agreement: Count_,
}

#[derive(Deserialize)]
struct Difference {
    child: String,
    cause: u32,
}

impl Count_ {
    fn checked(self) -> Result<Count, NotAComparison> {
        if self.agree > self.compared {
            return Err(NotAComparison::Inconsistent);
        }
        Ok(Count {
            compared: self.compared,
            agree: self.agree,
        })
    }
}

/// Reads `compare.json`.
///
/// # Errors
/// [`NotAComparison`].
pub fn recorded(bytes: &[u8]) -> Result<Compared, NotAComparison> {
    let read: Read =
        serde_json::from_slice(bytes).map_err(|e| NotAComparison::Unreadable(e.to_string()))?;
    let mut causes: HashMap<u32, Cause> = read.causes.into_iter().map(|c| (c.number, c)).collect();
    let mut mends = Vec::new();
    for step in read.path.iter().filter(|s| s.cause > 0) {
        let cause = causes.remove(&step.cause);
        let cause = cause.ok_or(NotAComparison::Inconsistent)?;
        mends.push(Mend {
            cause: cause.number,
            kind: cause.kind,
            words: cause.words,
            public_words: cause.public_words,
            agreement: step.agreement.checked()?,
        });
    }
    let unexplained = read.differences.into_iter().filter(|d| d.cause == 0);
    let mut unexplained: Vec<String> = unexplained.map(|d| d.child).collect();
    unexplained.sort_unstable();
    Ok(Compared {
        round: format!("{} {}", read.entry_date, read.number)
            .trim()
            .to_owned(),
        criteria: read.criteria,
        criteria_digest: read.criteria_digest,
        input_digest: read.input_digest,
        decisions_digest: read.decisions_digest,
        report_digest: digest(bytes),
        engine_version: read.engine_version,
        agreement: read.placement.checked()?,
        mends,
        unexplained,
    })
}
