//! Who does independent pieces of work: this crate knows no threads.

use std::sync::Mutex;

/// Does independent pieces of work, on as many threads as it likes.
pub trait Crew: Sync {
    /// Calls `work` once for each number below `count`, in any order; returns when all are done.
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync));
}

/// Does one piece after the other.
#[derive(Debug, Clone, Copy, Default)]
pub struct Alone;

impl Crew for Alone {
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        (0..count).for_each(work);
    }
}

/// The results of `count` pieces of work, in order.
pub fn map<T: Send>(crew: &dyn Crew, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let results: Vec<Mutex<Option<T>>> = (0..count).map(|_| Mutex::new(None)).collect();
    crew.each(count, &|at| {
        let result = work(at);
        let mut slot = results[at]
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *slot = Some(result);
    });
    let inner = |slot: Mutex<Option<T>>| {
        slot.into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    };
    results.into_iter().filter_map(inner).collect()
}

/// What becomes of the parts of a list, in order.
pub fn each<I: Send, T: Send>(
    crew: &dyn Crew,
    parts: Vec<I>,
    work: impl Fn(I) -> T + Sync,
) -> Vec<T> {
    let parts: Vec<Mutex<Option<I>>> = parts.into_iter().map(|p| Mutex::new(Some(p))).collect();
    let done = map(crew, parts.len(), |at| {
        let mut slot = parts[at]
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let part = slot.take();
        drop(slot);
        part.map(&work)
    });
    done.into_iter().flatten().collect()
}
