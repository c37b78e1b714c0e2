//! Compares exact solvers on the clauses the engine writes, and prints a table in Markdown.
//!
//! ```text
//! NO_CHECKERS=true cargo run --release --locked [-- [--builds] [--limit SECONDS] [ROUND|SOLVER]...]
//! ```
//!
//! Every run is a process of its own, which is ended when its time is up; not every solver can
//! be interrupted. `--builds` also builds each solver from nothing in `target/builds`.
//! See `docs/decisions/0003-exact-search.md`.

mod solvers;
mod towns;

use std::cell::Cell;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use enmusubi_market::Market;
use enmusubi_matching::probe::{Probed, decide_with};
use enmusubi_matching::sat::Sat;
use towns::{ROUNDS, Round};

/// Name, crate, what its build needs besides Rust.
const SOLVERS: &[(&str, &str, &str)] = &[
    ("batsat", "batsat", "–"),
    ("cadical", "cadical", "C++17"),
    ("cadical-plain", "cadical", "C++17"),
    ("varisat", "varisat", "–"),
    (
        "pumpkin",
        "pumpkin-solver",
        "git; C, C++ unless NO_CHECKERS",
    ),
];

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if let [run, solver, round, seed] = args.as_slice()
        && run == "run"
    {
        let round = ROUNDS.iter().find(|r| r.name == *round);
        return child(
            solver,
            round.expect("a round"),
            seed.parse().expect("a seed"),
        );
    }
    let mut limit = 120;
    let mut names = Vec::new();
    let mut builds = false;
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        match arg.as_str() {
            "--builds" => builds = true,
            "--limit" => limit = rest.next().and_then(|s| s.parse().ok()).expect("seconds"),
            name => names.push(name),
        }
    }
    let known =
        |name: &str| ROUNDS.iter().any(|r| r.name == name) || SOLVERS.iter().any(|s| s.0 == name);
    if let Some(unknown) = names.iter().find(|n| !known(n)) {
        eprintln!("no such round or solver: {unknown}");
        std::process::exit(2);
    }
    let rounds = chosen(ROUNDS, &names, |r| r.name);
    let solvers = chosen(SOLVERS, &names, |s| s.0);
    if builds {
        println!("| solver | build needs | clean build s |\n|---|---|---|");
        for (name, package, needs) in &solvers {
            if *name != "cadical-plain" {
                println!("| {name} | {needs} | {} |", build(package));
            }
        }
        println!();
    }
    println!(
        "| round, seed | open families | positions | solver | stable | existence ms | with levels 2–4 ms |"
    );
    println!("|---|---|---|---|---|---|---|");
    let mut differ = false;
    for round in rounds {
        for seed in round.seeds.clone() {
            differ |= !compare(round, seed, &solvers, Duration::from_secs(limit));
        }
    }
    if differ {
        eprintln!("the solvers do not agree");
        std::process::exit(1);
    }
}

/// Those whose names are given, or all if none of them is.
fn chosen<'a, T>(all: &'a [T], names: &[&str], name: impl Fn(&T) -> &str) -> Vec<&'a T> {
    let some: Vec<&T> = all.iter().filter(|t| names.contains(&name(t))).collect();
    if some.is_empty() {
        all.iter().collect()
    } else {
        some
    }
}

/// Seconds to build a crate and what it depends on from nothing.
fn build(package: &str) -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = here.join("target/builds").join(package);
    if target.exists() {
        std::fs::remove_dir_all(&target).expect("a folder that can be removed");
    }
    let begin = Instant::now();
    let status = Command::new("cargo")
        .args(["build", "--release", "--locked", "--quiet", "-p", package])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(here)
        .env("NO_CHECKERS", "true")
        .status();
    if status.is_ok_and(|s| s.success()) {
        format!("{:.0}", begin.elapsed().as_secs_f64())
    } else {
        "fails".to_owned()
    }
}

/// What one process said about one town.
#[derive(Default)]
struct Said {
    /// `families positions stable`.
    open: Option<String>,
    /// `without_class rank_sum`.
    levels: Option<String>,
    times: [Option<String>; 2],
}

/// Prints the lines of one town; false if the solvers disagree.
fn compare(round: &Round, seed: u64, solvers: &[&(&str, &str, &str)], limit: Duration) -> bool {
    let write = in_process("write", round, seed, limit);
    let open = write.open.clone().unwrap_or_default();
    let mut words = open.split(' ');
    let (families, positions) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    println!(
        "| {}, {seed} | {families} | {positions} | (clauses only) | | {} | |",
        round.title,
        write.times[0].as_deref().unwrap_or("fails"),
    );
    let mut all = Vec::new();
    for (name, _, _) in solvers {
        let said = in_process(name, round, seed, limit);
        let stable = said.open.as_deref().and_then(|o| o.split(' ').nth(2));
        println!(
            "| | | | {name} | {} | {} | {} |",
            stable.unwrap_or("–"),
            said.times[0].as_deref().unwrap_or("–"),
            said.times[1].as_deref().unwrap_or("–"),
        );
        all.push(said);
    }
    let same = |mut facts: Vec<&String>| {
        facts.dedup();
        facts.len() <= 1
    };
    same(all.iter().filter_map(|s| s.open.as_ref()).collect())
        && same(all.iter().filter_map(|s| s.levels.as_ref()).collect())
}

/// Runs [`child`] in a process, with the limit for either half.
fn in_process(solver: &str, round: &Round, seed: u64, limit: Duration) -> Said {
    let mut process = Command::new(std::env::current_exe().expect("a path of its own"))
        .args(["run", solver, round.name, &seed.to_string()])
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let output = process.stdout.take().expect("piped");
    let (send, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    let mut said = Said::default();
    // The town is made before the first word, which is no time of the solver's.
    let mut half = None;
    loop {
        match lines.recv_timeout(limit) {
            Ok(line) => match line.split_once(' ') {
                Some(("begin", h)) => half = h.parse::<usize>().ok(),
                Some(("time", t)) => said.times[half.unwrap_or(0)] = Some(t.to_owned()),
                Some(("open", o)) => said.open = Some(o.to_owned()),
                Some(("levels", l)) => said.levels = Some(l.to_owned()),
                _ => {}
            },
            Err(mpsc::RecvTimeoutError::Timeout) => {
                if let Some(half) = half {
                    said.times[half] = Some(format!(">{} s", limit.as_secs()));
                }
                // Nothing to be done about a process that is gone already.
                let _ = process.kill();
                break;
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => break,
        }
    }
    let ended = process.wait();
    if !ended.is_ok_and(|e| e.success())
        && let Some(half) = half
    {
        said.times[half].get_or_insert_with(|| "fails".to_owned());
    }
    said
}

/// Times one solver on one town, and says so line by line.
fn child(solver: &str, round: &Round, seed: u64) {
    match solver {
        "write" => time(round, seed, solvers::Writer::default),
        "batsat" => time(round, seed, solvers::Batsat::default),
        "cadical" => time(round, seed, || solvers::Cadical::new("default")),
        "cadical-plain" => time(round, seed, || solvers::Cadical::new("plain")),
        "varisat" => time(round, seed, solvers::Varisat::default),
        "pumpkin" => time(round, seed, solvers::Pumpkin::default),
        other => panic!("no solver {other}"),
    }
}

fn time<S: Sat>(round: &Round, seed: u64, solver: impl Fn() -> S) {
    let market = round.market(seed);
    println!("begin 0");
    let probed = best_of_3(&market, false, &solver);
    let families: u32 = probed.iter().map(|p| p.families).sum();
    let positions: u32 = probed.iter().map(|p| p.positions).sum();
    // No placement of a part, no placement of the whole.
    let stable = probed.iter().try_fold(true, |all, p| Some(all & p.stable?));
    let stable = stable.map_or("?", |s| if s { "yes" } else { "no" });
    println!("open {families} {positions} {stable}");
    if stable != "yes" {
        return;
    }
    println!("begin 1");
    let probed = best_of_3(&market, true, &solver);
    let sum = |of: fn(&Probed) -> Option<u64>| -> Option<u64> { probed.iter().map(of).sum() };
    println!(
        "levels {:?} {:?}",
        sum(|p| p.without_class),
        sum(|p| p.rank_sum)
    );
}

/// The shortest of three runs, of one if it takes more than five seconds. The clock starts with the
/// first solver: the reduction before it is the same for all.
fn best_of_3<S: Sat>(market: &Market, prove: bool, solver: &impl Fn() -> S) -> Vec<Probed> {
    let mut best = f64::MAX;
    let mut runs = 0;
    loop {
        let begin = Cell::new(None);
        let probed = decide_with(market, prove, || {
            begin.set(begin.get().or_else(|| Some(Instant::now())));
            solver()
        });
        let seconds = begin.get().map_or(0.0, |b| b.elapsed().as_secs_f64());
        best = best.min(seconds);
        runs += 1;
        if runs == 3 || seconds > 5.0 {
            println!("time {:.1}", best * 1e3);
            return probed;
        }
    }
}
