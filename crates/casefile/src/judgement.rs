//! Values that staff judge (裁量点): one proposes with a reason, another signs.

use crate::fact::Subject;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// A judged value of one criteria row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// Number within the case.
    pub id: u32,
    /// For whom.
    pub subject: Subject,
    /// Id of the criteria row.
    pub item: String,
    /// The points, as text (exact number).
    pub value: String,
    /// Why.
    pub reason: String,
    /// Who proposed it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// Who signed it, when.
    #[serde(default)]
    pub signed: Option<(String, Timestamp)>,
    /// Withdrawn or refused, with the reason.
    #[serde(default)]
    pub ended: Option<String>,
}

impl Judgement {
    /// Whether it waits for its second signature.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.signed.is_none() && self.ended.is_none()
    }

    /// Whether it counts.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.signed.is_some() && self.ended.is_none()
    }
}
