//! What the measuring programs share: arguments, criteria, threads, tables. They may use threads, files and the clock.

#![allow(dead_code, reason = "every program uses a part")]

use enmusubi_compare::{
    crew::Crew,
    past::{Base, Past, PastTies},
    search,
    solve::{Limits, Silent, Solution, solve},
    world::World,
};
use enmusubi_criteria::{Criteria, Language};
use enmusubi_domain::{facts::RoundFacts, past::Decisions};
use enmusubi_selection::{compiled::Ties, staged::mechanism_of};
use enmusubi_truth::{Planted, Planting, town};
use std::{
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

/// The arguments.
pub struct Args {
    /// Rounds of each row.
    pub rounds: u64,
    /// First seed.
    pub seed: u64,
    /// Children of a round.
    pub children: u32,
    /// Threads.
    pub threads: usize,
    /// Names (or beginnings of names) of what is planted; all where empty.
    pub kinds: Vec<String>,
    /// The criteria.
    pub criteria: PathBuf,
    /// Causes planted in one round.
    pub causes: usize,
    /// Every round is told about.
    pub verbose: bool,
    /// Whatever has no name.
    pub rest: Vec<String>,
}

impl Args {
    /// Reads them; ends the program where they are wrong.
    pub fn read(rounds: u64, children: u32) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let mut args = Self {
            rounds,
            seed: 1,
            children,
            threads: 2,
            kinds: Vec::new(),
            criteria: root.join("criteria/example/r9.toml"),
            causes: 10,
            verbose: false,
            rest: Vec::new(),
        };
        let mut list = std::env::args().skip(1);
        while let Some(name) = list.next() {
            let mut value = || {
                let value = list.next();
                value.unwrap_or_else(|| end(&format!("{name}: a value is missing")))
            };
            match &*name {
                "--rounds" => args.rounds = number(&value()),
                "--seed" => args.seed = number(&value()),
                "--children" => args.children = number(&value()),
                "--threads" => args.threads = number(&value()),
                "--causes" => args.causes = number(&value()),
                "--kind" => args.kinds.extend(value().split(',').map(str::to_owned)),
                "--criteria" => args.criteria = PathBuf::from(value()),
                "--verbose" => args.verbose = true,
                _ if name.starts_with("--") => end(&format!(
                    "{name}: not known. Known: --rounds N --seed S --children N --threads N --kind NAME,… --criteria FILE --causes N --verbose"
                )),
                _ => args.rest.push(name),
            }
        }
        args
    }

    /// What is to be planted.
    pub fn plantings(&self, all: &[Planting]) -> Vec<Planting> {
        let asked = |p: &&Planting| {
            self.kinds.is_empty() || self.kinds.iter().any(|k| p.name().starts_with(&**k))
        };
        let list: Vec<Planting> = all.iter().filter(asked).copied().collect();
        if list.is_empty() {
            let names: Vec<&str> = all.iter().map(|p| p.name()).collect();
            end(&format!("--kind: known are {}", names.join(", ")));
        }
        list
    }

    /// Reads the criteria.
    pub fn read_criteria(&self) -> Criteria {
        let name = self.criteria.display().to_string();
        let bytes = std::fs::read(&self.criteria).unwrap_or_else(|e| end(&format!("{name}: {e}")));
        let (criteria, _, diagnostics) = enmusubi_criteria::read(&name, &bytes);
        criteria.unwrap_or_else(|| {
            end(&diagnostics.render(
                &name,
                &enmusubi_criteria::text_of(&bytes),
                Language::English,
            ))
        })
    }
}

/// Ends the program.
pub fn end(why: &str) -> ! {
    eprintln!("{why}");
    std::process::exit(2)
}

/// Reads a number.
pub fn number<T: std::str::FromStr>(text: &str) -> T {
    text.parse()
        .unwrap_or_else(|_| end(&format!("{text}: not a number")))
}

/// What happens to equals in all measured rounds.
pub fn ties() -> Ties {
    Ties::Lottery("planted".to_owned())
}

/// Works on so many threads.
pub struct Threads(pub usize);

impl Crew for Threads {
    fn each(&self, count: usize, work: &(dyn Fn(usize) + Sync)) {
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..self.0.clamp(1, count.max(1)) {
                scope.spawn(|| {
                    loop {
                        let at = next.fetch_add(1, Ordering::Relaxed);
                        if at >= count {
                            break;
                        }
                        work(at);
                    }
                });
            }
        });
    }
}

/// Results of independent pieces of work, in order, on so many threads.
pub fn each<T: Send>(threads: usize, count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let done: Mutex<Vec<Option<T>>> = Mutex::new((0..count).map(|_| None).collect());
    Threads(threads).each(count, &|at| {
        let result = work(at);
        if let Ok(mut done) = done.lock() {
            done[at] = Some(result);
        }
    });
    let done = done.into_inner().unwrap_or_default();
    done.into_iter().flatten().collect()
}

/// Solves a planted round with all proposers. Also gives seconds.
pub fn solved<'p>(planted: &'p Planted, crew: &dyn Crew) -> (Option<Solution<'p>>, f64) {
    let start = Instant::now();
    let solution = solve(
        planted.past(),
        &[],
        &search::all(),
        Limits::for_children(planted.decisions.list.len()),
        crew,
        &Silent,
    );
    let seconds = start.elapsed().as_secs_f64();
    match solution {
        Ok(solution) => (Some(solution), seconds),
        Err(why) => {
            eprintln!("cannot be compared: {why:?}");
            (None, seconds)
        }
    }
}

/// A proposer with a stop-watch: seconds of all its rounds.
struct Timed {
    inner: Box<dyn search::Proposer>,
    nanos: std::sync::Arc<std::sync::atomic::AtomicU64>,
}

impl search::Proposer for Timed {
    fn tier(&self) -> search::Tier {
        self.inner.tier()
    }

    fn propose(&self, scene: &search::Scene<'_, '_>) -> Vec<search::Proposal> {
        let start = Instant::now();
        let proposals = self.inner.propose(scene);
        let nanos = start.elapsed().as_nanos() as u64;
        self.nanos
            .fetch_add(nanos, std::sync::atomic::Ordering::Relaxed);
        proposals
    }

    fn alike(
        &self,
        scene: &search::Scene<'_, '_>,
        cause: &enmusubi_compare::cause::Cause,
    ) -> Vec<enmusubi_compare::cause::Cause> {
        let start = Instant::now();
        let alike = self.inner.alike(scene, cause);
        let nanos = start.elapsed().as_nanos() as u64;
        self.nanos
            .fetch_add(nanos, std::sync::atomic::Ordering::Relaxed);
        alike
    }
}

/// As [`solved`]; also the seconds of each proposer, in the order of `search::all`.
pub fn solved_timed<'p>(
    planted: &'p Planted,
    crew: &dyn Crew,
) -> (Option<Solution<'p>>, f64, Vec<f64>) {
    let nanos: Vec<_> = search::all()
        .iter()
        .map(|_| std::sync::Arc::new(std::sync::atomic::AtomicU64::new(0)))
        .collect();
    let timed: Vec<Box<dyn search::Proposer>> = search::all()
        .into_iter()
        .zip(&nanos)
        .map(|(inner, nanos)| -> Box<dyn search::Proposer> {
            Box::new(Timed {
                inner,
                nanos: std::sync::Arc::clone(nanos),
            })
        })
        .collect();
    let start = Instant::now();
    let solution = solve(
        planted.past(),
        &[],
        &timed,
        Limits::for_children(planted.decisions.list.len()),
        crew,
        &Silent,
    );
    let seconds = start.elapsed().as_secs_f64();
    let each = nanos
        .iter()
        .map(|n| n.load(std::sync::atomic::Ordering::Relaxed) as f64 / 1e9)
        .collect();
    (solution.ok(), seconds, each)
}

/// A town by a seed, or the next like it in which a placement that is right to all is found at once: where there is none,
/// whom to wrong is a search of its own, and every replay would repeat it.
pub fn settled_town(criteria: &Criteria, seed: u64, children: u32) -> RoundFacts {
    let none = Decisions::default();
    let ties = PastTies::Rule(ties());
    let mut seed = seed;
    loop {
        let facts = town(criteria, seed, children);
        let past = Past {
            base: Base::Facts {
                facts: &facts,
                criteria,
            },
            decisions: &none,
            ties: &ties,
            mechanism: mechanism_of(criteria),
        };
        let settled = World::of(past, &[])
            .is_ok_and(|w| enmusubi_verify::check(&w.market, &w.place()).is_stable());
        if settled {
            return facts;
        }
        seed += 10_000;
    }
}

/// The middle one.
pub fn median<T: Copy + PartialOrd>(list: &[T]) -> Option<T> {
    let mut list = list.to_vec();
    list.sort_by(|a, b| a.partial_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    list.get(list.len() / 2).copied()
}

/// `47/50 94.0 %`.
pub fn share(part: usize, whole: usize) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let tenths = part * 1000 / whole;
    format!("{part}/{whole} {}.{} %", tenths / 10, tenths % 10)
}

/// Prints a table as Markdown.
pub fn print_table(headers: &[&str], rows: &[Vec<String>]) {
    println!("| {} |", headers.join(" | "));
    println!("|{}", "---|".repeat(headers.len()));
    for row in rows {
        println!("| {} |", row.join(" | "));
    }
}
