//! `enmusubi bench`: seconds and peak memory by size, as a Markdown table.
//!
//! Every figure is of a whole process: this program starts itself (`match`, with report and
//! explanations), so start, reading, writing and memory are counted as a user meets them; the
//! phases come from its `--timings` line. A run counts only if `verify`, another process over the
//! written files, finds the placement feasible with the very number of blocking families that
//! the report states.

mod facts;

use crate::args::{BenchArgs, BenchRow};
use crate::exit::{Exit, Failure};
use crate::language::{Words, grouped};
use crate::{commands, print, say};
use enmusubi_selection::report::{ProofReport, Report, read_report};
use enmusubi_synth::{Options, Town, files, town};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;
use tempfile::TempDir;

/// Runs the command.
pub fn run(words: &Words, args: &BenchArgs) -> Result<Exit, Failure> {
    let folder = TempDir::new().map_err(commands::internal(words))?;
    let bench = Bench {
        words,
        args,
        folder: folder.path(),
    };
    let all = [
        BenchRow::City,
        BenchRow::Metropolis,
        BenchRow::Hard,
        BenchRow::Reading,
        BenchRow::Nation,
        BenchRow::Growth,
        BenchRow::Facts,
    ];
    print(&heading(args));
    let mut agreed = true;
    for row in all
        .into_iter()
        .filter(|r| args.only.is_empty() || args.only.contains(r))
    {
        agreed &= match row {
            BenchRow::City => bench.sized("8,000 / 311 / 10", &city(), args.seeds)?,
            BenchRow::Metropolis => {
                bench.sized("20,000 / 1,200 / 20", &metropolis(), args.seeds)?
            }
            BenchRow::Hard => bench.hard()?,
            BenchRow::Reading => bench.reading()?,
            BenchRow::Nation => bench.nation()?,
            BenchRow::Growth => bench.growth()?,
            BenchRow::Facts => bench.facts()?,
        };
    }
    // A table with a figure that does not count is no table.
    Ok(if agreed { Exit::Done } else { Exit::NotRight })
}

fn city() -> Options {
    Options {
        children: 8000,
        nurseries: 311,
        max_choices: 10,
        siblings: 0.15,
        transfers: 0.08,
        ..Options::default()
    }
}

fn metropolis() -> Options {
    Options {
        children: 20_000,
        nurseries: 1200,
        max_choices: 20,
        ..city()
    }
}

fn hard() -> Options {
    Options {
        siblings: 0.4,
        triples: 0.3,
        same_age: 0.1,
        transfers: 0.25,
        seats_ratio: 0.6,
        ..city()
    }
}

/// A city of `children`, or as many cities of about 8,000 as that makes.
fn growing(children: usize) -> Options {
    Options {
        children,
        nurseries: (children * 311 / 8000).max(4),
        municipalities: (children / 8000).max(1),
        ..city()
    }
}

fn heading(args: &BenchArgs) -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|l| l.strip_prefix("model name"))
        .unwrap_or("unknown");
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    format!(
        "Enmusubi {}, {}, {cores} cores; {} thread(s), {} seed(s) per row. \
         Seconds are of whole processes, reading and writing included.\n",
        env!("CARGO_PKG_VERSION"),
        model.trim_start_matches([' ', '\t', ':']),
        args.threads,
        args.seeds,
    )
}

/// One run of `match`, judged by `verify`.
struct Run {
    seconds: f64,
    phases: BTreeMap<String, f64>,
    peak_memory_bytes: u64,
    agreed: bool,
    report: Report,
}

impl Run {
    fn stable(&self) -> bool {
        self.report.blocking_families == 0
    }

    /// Every level was proved.
    fn proved(&self) -> bool {
        let p = &self.report.proved;
        let levels = [
            p.blocking_families,
            p.blocking_only_children,
            p.with_class,
            p.rank_sum,
        ];
        levels.iter().all(|l| matches!(l, ProofReport::Proved(_)))
    }
}

struct Bench<'a> {
    words: &'a Words,
    args: &'a BenchArgs,
    folder: &'a Path,
}

impl Bench<'_> {
    /// Witness and proved over all seeds.
    fn sized(&self, title: &str, options: &Options, seeds: u32) -> Result<bool, Failure> {
        let mut table = Table::new(
            &format!("{title} (children / nurseries / choices)"),
            &[
                "effort",
                "runs",
                "median s",
                "max s",
                "max MB",
                "stable",
                "proved",
                "verify agrees",
            ],
        );
        let mut agreed = true;
        for effort in ["witness", "proved"] {
            let runs = self.seeds(options, seeds, effort)?;
            table.row(&self.cells(effort, &runs));
            agreed &= runs.iter().all(|r| r.agreed);
        }
        table.print();
        Ok(agreed)
    }

    fn cells(&self, name: &str, runs: &[Run]) -> Vec<String> {
        let seconds: Vec<f64> = runs.iter().map(|r| r.seconds).collect();
        let count = |test: fn(&Run) -> bool| runs.iter().filter(|r| test(r)).count();
        let of = |n: usize| format!("{n} of {}", runs.len());
        let counts = runs.iter().all(|r| r.agreed);
        // No figure counts unless the checker agrees.
        let figure = |x: f64| {
            if counts {
                format!("{x:.3}")
            } else {
                "–".to_owned()
            }
        };
        let peak = runs.iter().map(|r| r.peak_memory_bytes).max().unwrap_or(0);
        vec![
            name.to_owned(),
            runs.len().to_string(),
            figure(median(&seconds)),
            figure(seconds.iter().copied().fold(0.0, f64::max)),
            format!("{:.0}", peak as f64 / 1e6),
            of(count(Run::stable)),
            of(count(Run::proved)),
            of(count(|r| r.agreed)),
        ]
    }

    /// Many siblings and transfers, seats for 60 %.
    fn hard(&self) -> Result<bool, Failure> {
        let mut table = Table::new(
            "hard rounds: 8,000 children, 40 % sibling families (30 % of three), 10 % same age, \
             25 % transfers, seats for 60 %",
            &[
                "seed",
                "witness s",
                "proved s",
                "stable",
                "blocking",
                "bound",
                "verify agrees",
            ],
        );
        let mut agreed = true;
        for seed in 1..=u64::from(self.args.seeds) {
            let options = Options { seed, ..hard() };
            let made = town(&options);
            let witness = self.place(&made, "witness", self.args.threads)?;
            let proved = self.place(&made, "proved", self.args.threads)?;
            let bound = match proved.report.proved.blocking_families {
                ProofReport::Proved(_) => "proved".to_owned(),
                ProofReport::Bound(b) => format!("≥ {b}"),
                ProofReport::NotAsked(()) => "–".to_owned(),
            };
            let both = witness.agreed && proved.agreed;
            agreed &= both;
            table.row(&[
                seed.to_string(),
                format!("{:.3}", witness.seconds),
                format!("{:.3}", proved.seconds),
                if proved.stable() { "yes" } else { "none" }.to_owned(),
                proved.report.blocking_families.to_string(),
                bound,
                if both { "yes" } else { "NO" }.to_owned(),
            ]);
        }
        table.print();
        Ok(agreed)
    }

    /// Engine up to the witness against reading and parsing.
    fn reading(&self) -> Result<bool, Failure> {
        let mut table = Table::new(
            "witness phase against reading (medians, 10 choices)",
            &[
                "children",
                "read s",
                "reduce + witness s",
                "ratio",
                "verify agrees",
            ],
        );
        let mut agreed = true;
        for (label, options) in [("8,000", city()), ("20,000", metropolis())] {
            let runs = self.seeds(&options, self.args.seeds, "witness")?;
            let phase = |r: &Run, names: &[&str]| {
                names.iter().filter_map(|n| r.phases.get(*n)).sum::<f64>()
            };
            let read = median(&runs.iter().map(|r| phase(r, &["read"])).collect::<Vec<_>>());
            let place: Vec<f64> = runs
                .iter()
                .map(|r| phase(r, &["reduce", "witness"]))
                .collect();
            let all = runs.iter().all(|r| r.agreed);
            agreed &= all;
            table.row(&[
                label.to_owned(),
                format!("{read:.4}"),
                format!("{:.4}", median(&place)),
                format!("{:.2}", median(&place) / read),
                if all { "yes" } else { "NO" }.to_owned(),
            ]);
        }
        table.print();
        Ok(agreed)
    }

    /// 450,000 children as 56 municipalities and as one market.
    fn nation(&self) -> Result<bool, Failure> {
        let options = Options {
            municipalities: 56,
            ..growing(450_000)
        };
        let threads = self.args.threads.max(2);
        let made = town(&options);
        let mut one = self.place(&made, "witness", threads)?;
        let whole = self.placed()?;
        let mut parts = HashMap::new();
        let mut seconds = 0.0;
        let mut unstable = Vec::new();
        let mut agreed = one.agreed;
        let mut peak = 0;
        for number in 0..made.municipalities {
            let run = self.place(&made.municipality(number), "witness", threads)?;
            seconds += run.seconds;
            peak = peak.max(run.peak_memory_bytes);
            agreed &= run.agreed;
            if !run.stable() {
                unstable.push((number + 1).to_string());
            }
            parts.extend(self.placed()?);
        }
        let same = parts == whole;
        one.agreed &= same;
        let mut table = Table::new(
            &format!(
                "450,000 children, {} nurseries, {threads} threads, witness",
                options.nurseries
            ),
            &[
                "as",
                "s",
                "max MB",
                "without a stable placement",
                "same placements",
                "verify agrees",
            ],
        );
        let yes = |b: bool| if b { "yes" } else { "NO" }.to_owned();
        let mb = |bytes: u64| format!("{:.0}", bytes as f64 / 1e6);
        let named = if unstable.is_empty() {
            "–".to_owned()
        } else {
            unstable.join(", ")
        };
        let families = match one.report.blocking_families {
            0 => "–".to_owned(),
            n => format!("{n} blocking families"),
        };
        table.row(&[
            "one market".into(),
            format!("{:.2}", one.seconds),
            mb(one.peak_memory_bytes),
            families,
            yes(same),
            yes(one.agreed),
        ]);
        table.row(&[
            "56 municipalities, one after the other".into(),
            format!("{seconds:.2}"),
            mb(peak),
            named,
            yes(same),
            yes(agreed),
        ]);
        table.print();
        Ok(agreed && same)
    }

    /// Log-log slope of whole-process seconds over children.
    fn growth(&self) -> Result<bool, Failure> {
        let mut table = Table::new(
            "growth, witness (cities of about 8,000 in one file)",
            &[
                "children",
                "s",
                "max MB",
                "reduce + witness s",
                "verify agrees",
            ],
        );
        let mut agreed = true;
        let mut points = Vec::new();
        for children in [1000, 3000, 10_000, 30_000, 100_000, 450_000] {
            // Small rounds are over before the clock has settled: the median of several.
            let seeds = if children <= 30_000 {
                self.args.seeds.clamp(1, 5)
            } else {
                1
            };
            let runs = self.seeds(&growing(children), seeds, "witness")?;
            let seconds = median(&runs.iter().map(|r| r.seconds).collect::<Vec<_>>());
            let engine = |r: &Run| {
                ["reduce", "witness"]
                    .iter()
                    .filter_map(|n| r.phases.get(*n))
                    .sum::<f64>()
            };
            let all = runs.iter().all(|r| r.agreed);
            agreed &= all;
            points.push((children as f64, seconds));
            let peak = runs.iter().map(|r| r.peak_memory_bytes).max().unwrap_or(0);
            table.row(&[
                grouped(children as u64),
                format!("{seconds:.3}"),
                format!("{:.0}", peak as f64 / 1e6),
                format!(
                    "{:.3}",
                    median(&runs.iter().map(engine).collect::<Vec<_>>())
                ),
                if all { "yes" } else { "NO" }.to_owned(),
            ]);
        }
        table.print();
        print(&format!("\nLog-log slope: {:.3}\n", slope(&points)));
        Ok(agreed)
    }

    fn seeds(&self, options: &Options, seeds: u32, effort: &str) -> Result<Vec<Run>, Failure> {
        (1..=u64::from(seeds))
            .map(|seed| {
                let made = town(&Options {
                    seed,
                    ..options.clone()
                });
                self.place(&made, effort, self.args.threads)
            })
            .collect()
    }

    /// Runs a process whole: its seconds from start to end, and what it said on standard error.
    fn timed(&self, command: &mut Command) -> Result<(f64, String), Failure> {
        let begun = Instant::now();
        let output = command.output().map_err(commands::internal(self.words))?;
        let seconds = begun.elapsed().as_secs_f64();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        if !output.status.success() {
            let said = format!("{}\n{stderr}", String::from_utf8_lossy(&output.stdout));
            return Err(Failure::new(Exit::Internal, said));
        }
        Ok((seconds, stderr))
    }

    /// Writes a town, places it in one process and has another verify it.
    fn place(&self, made: &Town, effort: &str, threads: u32) -> Result<Run, Failure> {
        let path = |name: &str| self.folder.join(name);
        for (name, bytes) in files(made) {
            fs::write(path(name), bytes).map_err(commands::internal(self.words))?;
        }
        let program = std::env::current_exe().map_err(commands::internal(self.words))?;
        let round = |command: &mut Command| {
            command
                .args(["--lang", "en", "--children"])
                .arg(path("children.csv"));
            command.arg("--nurseries").arg(path("nurseries.csv"));
        };
        let mut place = Command::new(&program);
        place.arg("match");
        round(&mut place);
        place.args([
            "--effort",
            effort,
            "--threads",
            &threads.to_string(),
            "--timings",
            "--force",
        ]);
        place
            .arg("--out")
            .arg(path("result.csv"))
            .arg("--report")
            .arg(path("report.json"));
        let (seconds, stderr) = self.timed(&mut place)?;
        let phases = timings(&stderr);
        let bytes = fs::read(path("report.json")).map_err(commands::internal(self.words))?;
        let report = read_report(&bytes).map_err(commands::internal(self.words))?;

        let mut check = Command::new(&program);
        check.arg("verify");
        round(&mut check);
        check
            .arg("--result")
            .arg(path("result.csv"))
            .arg("--report")
            .arg(path("report.json"));
        let output = check
            .arg("--json")
            .output()
            .map_err(commands::internal(self.words))?;
        let verdict: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let agreed = verdict["feasible"] == true
            && verdict["blocking_families"] == report.blocking_families
            && verdict["with_class"] == report.with_class
            && verdict["result_digest"] == report.result_digest;
        if !agreed {
            say(&format!("verify does not agree: {verdict}\n"));
        }
        let peak_memory_bytes = phases.get("peak_memory_bytes").copied().unwrap_or(0.0) as u64;
        Ok(Run {
            seconds,
            phases,
            peak_memory_bytes,
            agreed,
            report,
        })
    }

    /// Child → nursery of the result just written.
    fn placed(&self) -> Result<HashMap<String, String>, Failure> {
        let bytes =
            fs::read(self.folder.join("report.json")).map_err(commands::internal(self.words))?;
        let report = read_report(&bytes).map_err(commands::internal(self.words))?;
        let class = |k: u32| report.class_explanations[k as usize].key.clone();
        let placed = report.child_explanations.iter();
        Ok(placed
            .filter_map(|c| Some((c.id.clone(), class(c.class?))))
            .collect())
    }
}

/// Names and numbers of the `--timings` line.
fn timings(stderr: &str) -> BTreeMap<String, f64> {
    let Some(line) = stderr.lines().find(|l| l.contains("peak_memory_bytes")) else {
        return BTreeMap::new();
    };
    let words: Vec<&str> = line.split_whitespace().collect();
    words
        .windows(2)
        .filter_map(|w| Some((w[0].to_owned(), w[1].parse().ok()?)))
        .collect()
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => sorted[n / 2],
        n => f64::midpoint(sorted[n / 2 - 1], sorted[n / 2]),
    }
}

/// Least-squares slope of ln y over ln x.
fn slope(points: &[(f64, f64)]) -> f64 {
    let logs: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x.ln(), y.ln())).collect();
    let n = logs.len() as f64;
    let (mx, my) = (
        logs.iter().map(|p| p.0).sum::<f64>() / n,
        logs.iter().map(|p| p.1).sum::<f64>() / n,
    );
    let above: f64 = logs.iter().map(|(x, y)| (x - mx) * (y - my)).sum();
    above / logs.iter().map(|(x, _)| (x - mx).powi(2)).sum::<f64>()
}

/// A Markdown table, printed when it is complete.
struct Table {
    text: String,
}

impl Table {
    fn new(title: &str, columns: &[&str]) -> Self {
        let mut text = format!("\n### {title}\n\n| {} |\n|", columns.join(" | "));
        text.push_str(&"---|".repeat(columns.len()));
        text.push('\n');
        Self { text }
    }

    fn row(&mut self, cells: &[String]) {
        self.text.push_str(&format!("| {} |\n", cells.join(" | ")));
    }

    fn print(&self) {
        print(&self.text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        let quadratic: Vec<(f64, f64)> = (1..6).map(|x| (f64::from(x), f64::from(x * x))).collect();
        assert!((slope(&quadratic) - 2.0).abs() < 1e-9);
    }

    #[test]
    fn timings_are_read_back() {
        let t = timings(
            "note\nseconds and memory: read 0.043 total 0.178 peak_memory_bytes 16084992\n",
        );
        assert_eq!((t["read"], t["peak_memory_bytes"]), (0.043, 16_084_992.0));
    }
}
