//! Independent pieces of work on several threads.
//!
//! Scoped threads of the standard library and one counter: the pieces are few and long (a round each),
//! borrow what they work on, and come back in order; a pool that steals work (rayon) would add nothing.

use enmusubi_compare::crew::Crew;
use std::io::{IsTerminal, Write};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Does `count` pieces of work on at most `threads` threads and gives their results in order. Pieces are
/// begun in order, so a piece may wait for one before it.
pub fn each<T: Send>(
    threads: u32,
    count: usize,
    progress: &Progress,
    work: impl Fn(usize) -> T + Sync,
) -> Vec<T> {
    let results: Mutex<Vec<Option<T>>> = Mutex::new((0..count).map(|_| None).collect());
    run(threads, count, &|at| {
        let result = work(at);
        let mut list = results
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        list[at] = Some(result);
        drop(list);
        progress.step();
    });
    let list = results
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    list.into_iter().flatten().collect()
}

/// Calls `work` once for each number below `count`, begun in order, on at most `threads` threads.
fn run(threads: u32, count: usize, work: &(dyn Fn(usize) + Sync)) {
    let next = AtomicUsize::new(0);
    let run = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                break;
            }
            work(at);
        }
    };
    // A panic in one of them is one here: the scope hands it on.
    std::thread::scope(|scope| {
        for _ in 1..(threads as usize).min(count) {
            scope.spawn(run);
        }
        run();
    });
}

/// At most so many threads, for work that a library hands out.
#[derive(Debug, Clone, Copy)]
pub struct Threads(pub u32);

impl Crew for Threads {
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        run(self.0, count, work);
    }
}

/// A line on standard error that is written over again and again; only where somebody watches. Gone when dropped.
pub struct Line {
    shown: bool,
}

impl Line {
    /// Nothing yet.
    pub fn new() -> Self {
        Self {
            shown: std::io::stderr().is_terminal(),
        }
    }

    /// Shows a text in place of the last one.
    pub fn show(&self, text: impl FnOnce() -> String) {
        if self.shown {
            let mut err = std::io::stderr().lock();
            // Back to the start of the line, and its rest cleared.
            let _ = write!(err, "\r{}\x1b[K", text());
            let _ = err.flush();
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
    }
}

/// Tells on a [`Line`] how many pieces are done.
pub struct Progress {
    text: Box<dyn Fn(usize) -> String + Sync>,
    done: AtomicUsize,
    line: Line,
}

impl Progress {
    /// `text`: the line for a number of pieces done.
    pub fn new(text: impl Fn(usize) -> String + Sync + 'static) -> Self {
        let progress = Self {
            text: Box::new(text),
            done: AtomicUsize::new(0),
            line: Line::new(),
        };
        progress.line.show(|| (progress.text)(0));
        progress
    }

    fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.line.show(|| (self.text)(done));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_on_any_number_of_threads() {
        let quiet = || Progress {
            text: Box::new(|_| String::new()),
            done: AtomicUsize::new(0),
            line: Line { shown: false },
        };
        for threads in [1, 2, 7, 100] {
            let squares = each(threads, 20, &quiet(), |i| i * i);
            assert_eq!(squares, (0..20).map(|i| i * i).collect::<Vec<_>>());
        }
        assert!(each(3, 0, &quiet(), |i| i).is_empty());
    }
}
