//! The one place with a clock: seconds per phase, the time limit, peak memory.
//!
//! Results depend on content only, so the libraries have no clock. They tell a
//! [`matching::Watch`] which phase begins and ask it whether to stop; it is implemented here.

use enmusubi_matching as matching;
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// Measures the phases of one command.
#[derive(Debug)]
pub struct StopWatch {
    start: Instant,
    /// The time limit counts from the start of the engine, not from the start of reading.
    limit: Option<Duration>,
    engine_start: OnceLock<Instant>,
    laps: Mutex<Laps>,
}

#[derive(Debug)]
struct Laps {
    current: Option<(&'static str, Instant)>,
    done: Vec<(&'static str, Duration)>,
}

impl StopWatch {
    /// Starts with no phase running.
    pub fn start(limit_seconds: Option<f64>) -> Self {
        let laps = Laps {
            current: None,
            done: Vec::new(),
        };
        Self {
            start: Instant::now(),
            limit: limit_seconds.map(Duration::from_secs_f64),
            engine_start: OnceLock::new(),
            laps: Mutex::new(laps),
        }
    }

    /// Ends the running phase and begins another.
    pub fn lap(&self, name: &'static str) {
        let now = Instant::now();
        let mut laps = self.laps();
        laps.close(now);
        laps.current = Some((name, now));
    }

    /// Ends the running phase; seconds per phase in the order of their first beginning, then the
    /// total since the start.
    pub fn seconds(&self) -> Vec<(&'static str, f64)> {
        let now = Instant::now();
        let mut laps = self.laps();
        laps.close(now);
        let mut sums: Vec<(&'static str, f64)> = Vec::new();
        for (name, time) in &laps.done {
            match sums.iter_mut().find(|(n, _)| n == name) {
                Some((_, sum)) => *sum += time.as_secs_f64(),
                None => sums.push((name, time.as_secs_f64())),
            }
        }
        sums.push(("total", (now - self.start).as_secs_f64()));
        sums
    }

    fn laps(&self) -> std::sync::MutexGuard<'_, Laps> {
        // A panic while the lock is held cannot leave a half-written lap worth refusing.
        self.laps
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Laps {
    fn close(&mut self, now: Instant) {
        if let Some((name, begun)) = self.current.take() {
            self.done.push((name, now - begun));
        }
    }
}

impl matching::Watch for StopWatch {
    fn phase(&self, phase: matching::Phase) {
        self.engine_start.get_or_init(Instant::now);
        self.lap(match phase {
            matching::Phase::Reduce => "reduce",
            matching::Phase::Witness => "witness",
            matching::Phase::Prove => "prove",
            matching::Phase::Diagnose => "diagnose",
        });
    }

    fn stop(&self) -> bool {
        let Some(limit) = self.limit else {
            return false;
        };
        self.engine_start.get().unwrap_or(&self.start).elapsed() >= limit
    }
}

/// Peak memory of this process in bytes, where the system tells (Linux: `VmHWM`).
pub fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    line.trim()
        .strip_suffix("kB")?
        .trim()
        .parse::<u64>()
        .ok()
        .map(|kb| kb * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;
    use matching::Watch as _;

    #[test]
    fn phases_are_summed_in_order_of_appearance() {
        let watch = StopWatch::start(None);
        for name in ["read", "compile", "read"] {
            watch.lap(name);
        }
        let names: Vec<_> = watch.seconds().into_iter().map(|(n, _)| n).collect();
        assert_eq!(names, ["read", "compile", "total"]);
        assert!(!watch.stop());
    }

    #[test]
    fn the_limit_counts_from_the_engines_first_phase() {
        let watch = StopWatch::start(Some(3600.0));
        watch.phase(matching::Phase::Reduce);
        assert!(!watch.stop());
        let watch = StopWatch::start(Some(1e-9));
        watch.phase(matching::Phase::Reduce);
        std::thread::sleep(Duration::from_millis(2));
        assert!(watch.stop());
    }
}
