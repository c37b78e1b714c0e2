//! What would change the key: single facts taken from the rows that nearly applied.

use super::Deriving;
use crate::{Program, derivation::Change, scores::Scores};

/// Everything that would.
pub(super) fn changes(_: &Program, _: &mut Deriving<'_>, _: &Scores) -> Vec<Change> {
    Vec::new()
}
