//! Stub.
use crate::{Criteria, Diagnostics};
/// Stub.
pub fn check(_: &Criteria, _: &mut Diagnostics) {}
