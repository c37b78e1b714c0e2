//! What a proposer found in the world at hand, kept for the class of a cause.

use super::Scene;
use crate::cause::Cause;
use enmusubi_selection::compiled::CompiledRound;
use std::sync::{Arc, Mutex, PoisonError};

/// What was found last.
#[derive(Debug)]
pub(super) struct Seen<T>(Mutex<Option<Last<T>>>);

#[derive(Debug)]
struct Last<T> {
    /// The market of the world before edits: tells rounds apart.
    plain: Arc<CompiledRound>,
    causes: Vec<Cause>,
    found: Arc<Vec<T>>,
}

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Seen<T> {
    /// What was found in this world, looked for only once.
    pub fn of(&self, scene: &Scene<'_, '_>, look: impl FnOnce() -> Vec<T>) -> Arc<Vec<T>> {
        let world = scene.world;
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = &*last
            && last.causes == world.causes
            && Arc::ptr_eq(&last.plain, &world.plain)
        {
            return Arc::clone(&last.found);
        }
        let found = Arc::new(look());
        *last = Some(Last {
            plain: Arc::clone(&world.plain),
            causes: world.causes.clone(),
            found: Arc::clone(&found),
        });
        found
    }
}
