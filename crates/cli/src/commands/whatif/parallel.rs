//! Independent pieces of work on several threads.
//!
//! Scoped threads of the standard library and one counter: the pieces are few and long (a round each),
//! borrow what they work on, and come back in order; a pool that steals work (rayon) would add nothing.

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
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<Option<T>>> = Mutex::new((0..count).map(|_| None).collect());
    let run = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                break;
            }
            let result = work(at);
            let mut list = results
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            list[at] = Some(result);
            drop(list);
            progress.step();
        }
    };
    // A panic in one of them is one here: the scope hands it on.
    std::thread::scope(|scope| {
        for _ in 1..(threads as usize).min(count) {
            scope.spawn(run);
        }
        run();
    });
    let list = results
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    list.into_iter().flatten().collect()
}

/// A line on standard error that tells how far the work is; only where somebody watches.
pub struct Progress {
    text: Box<dyn Fn(usize) -> String + Sync>,
    done: AtomicUsize,
    shown: bool,
}

impl Progress {
    /// `text`: the line for a number of pieces done.
    pub fn new(text: impl Fn(usize) -> String + Sync + 'static) -> Self {
        let progress = Self {
            text: Box::new(text),
            done: AtomicUsize::new(0),
            shown: std::io::stderr().is_terminal(),
        };
        progress.show(0);
        progress
    }

    fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.show(done);
    }

    fn show(&self, done: usize) {
        if self.shown {
            let mut err = std::io::stderr().lock();
            // Back to the start of the line, and its rest cleared.
            let _ = write!(err, "\r{}\x1b[K", (self.text)(done));
            let _ = err.flush();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
        }
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
            shown: false,
        };
        for threads in [1, 2, 7, 100] {
            let squares = each(threads, 20, &quiet(), |i| i * i);
            assert_eq!(squares, (0..20).map(|i| i * i).collect::<Vec<_>>());
        }
        assert!(each(3, 0, &quiet(), |i| i).is_empty());
    }
}
