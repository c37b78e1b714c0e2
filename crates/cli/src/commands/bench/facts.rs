//! `enmusubi bench --only facts`: from a round of facts to a checked placement, in whole processes.

use super::{Bench, Table, city, median, timings};
use crate::commands;
use crate::exit::{Exit, Failure};
use crate::say;
use enmusubi_interchange::workbook;
use enmusubi_selection::report::{Report, read_report};
use enmusubi_synth::{FactOptions, Form, Options, facts, town};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Criteria measured: name, content, the form of the sibling question, municipality.
struct Measured {
    name: &'static str,
    text: &'static str,
    form: fn() -> Form,
    municipality: Option<&'static str>,
}

const MEASURED: [Measured; 2] = [
    Measured {
        name: "example R9",
        text: include_str!("../../../../../criteria/example/r9.toml"),
        form: Form::fields,
        municipality: None,
    },
    Measured {
        name: "藤沢 R9",
        text: include_str!("../../../../../criteria/142051-fujisawa/r9.toml"),
        form: Form::fujisawa,
        municipality: Some("142051"),
    },
];

/// Phases of the table: heading, and the phases of `select` it sums up.
const PHASES: [(&str, &[&str]); 7] = [
    ("read", &["read"]),
    ("score", &["score"]),
    ("compile", &["compile"]),
    ("place", &["ties", "reduce", "witness", "prove", "diagnose"]),
    ("verify", &["verify"]),
    ("explain", &["explain"]),
    ("write", &["write"]),
];

/// Rounds as files: what is read, how far it is decided.
const WAYS: [(&str, &str); 3] = [("CSV", "witness"), ("CSV", "proved"), ("XLSX", "witness")];

/// How many choices children have, and which of [`WAYS`] are measured with them: as families choose, or
/// every line of the form filled.
const FORMS: [(&str, Option<f64>, usize); 2] = [("up to 10", None, 3), ("all 10", Some(1.0), 1)];

/// One run of `select`, judged by `verify`.
struct Run {
    seconds: f64,
    phases: BTreeMap<String, f64>,
    agreed: bool,
    stable: bool,
}

impl Bench<'_> {
    /// 8,000 children's facts by two criteria: CSV to a witness; a proof and XLSX apart.
    pub(super) fn facts(&self) -> Result<bool, Failure> {
        let mut columns = vec![
            "criteria", "choices", "from", "effort", "runs", "median s", "max s", "max MB",
        ];
        columns.extend(PHASES.iter().map(|p| p.0));
        columns.extend(["stable", "verify agrees"]);
        let mut table = Table::new(
            "facts → index → placement → reasons, checked: 8,000 children / 311 nurseries (phases: medians)",
            &columns,
        );
        let mut agreed = true;
        for measured in &MEASURED {
            for (choices, fill, ways) in FORMS {
                let ways = &WAYS[..ways];
                let mut runs: Vec<Vec<Run>> = ways.iter().map(|_| Vec::new()).collect();
                for seed in 1..=u64::from(self.args.seeds) {
                    self.write(measured, seed, fill)?;
                    for ((from, effort), runs) in ways.iter().zip(&mut runs) {
                        runs.push(self.select(from, effort)?);
                    }
                }
                for ((from, effort), runs) in ways.iter().zip(&runs) {
                    agreed &= runs.iter().all(|r| r.agreed);
                    table.row(&cells([measured.name, choices, from, effort], runs));
                }
            }
        }
        table.print();
        Ok(agreed)
    }

    fn round(&self, from: &str) -> PathBuf {
        self.folder.join(match from {
            "XLSX" => "round.xlsx",
            _ => "round",
        })
    }

    /// Writes a round in both forms, and its criteria.
    fn write(&self, measured: &Measured, seed: u64, fill: Option<f64>) -> Result<(), Failure> {
        let city = city();
        let made = town(&Options {
            seed,
            fill_choices: fill.unwrap_or(city.fill_choices),
            ..city
        });
        let facts = facts(
            &made,
            &FactOptions {
                seed,
                municipality: measured.municipality.map(str::to_owned),
                form: (measured.form)(),
                ..FactOptions::default()
            },
        );
        let put = |path: &Path, bytes: &[u8]| {
            fs::write(path, bytes).map_err(commands::internal(self.words))
        };
        let folder = self.round("CSV");
        fs::create_dir_all(&folder).map_err(commands::internal(self.words))?;
        for (name, bytes) in workbook::write_csv(&facts) {
            put(&folder.join(name), &bytes)?;
        }
        let book = workbook::write_xlsx(&facts).map_err(|d| {
            let language = crate::pipeline::language(self.words);
            Failure::told(Exit::Internal, d.render(language))
        })?;
        put(&self.round("XLSX"), &book)?;
        put(&self.folder.join("criteria.toml"), measured.text.as_bytes())
    }

    /// Selects in one process and verifies in another.
    fn select(&self, from: &str, effort: &str) -> Result<Run, Failure> {
        let program = std::env::current_exe().map_err(commands::internal(self.words))?;
        let out = self.folder.join("out");
        let base = |name: &str| {
            let mut command = Command::new(&program);
            command.arg(name).args(["--lang", "en", "--round"]);
            command.arg(self.round(from)).arg("--criteria");
            command.arg(self.folder.join("criteria.toml"));
            command.args(["--ties", "lottery:bench"]);
            command
        };
        let mut select = base("select");
        select.args([
            "--effort",
            effort,
            "--threads",
            &self.args.threads.to_string(),
        ]);
        select.args(["--timings", "--force", "--out"]).arg(&out);
        let (seconds, stderr) = self.timed(&mut select)?;
        let bytes = fs::read(out.join("report.json")).map_err(commands::internal(self.words))?;
        let report: Report = read_report(&bytes).map_err(commands::internal(self.words))?;
        let mut verify = base("verify");
        verify.arg("--result").arg(out.join("result.csv"));
        verify
            .arg("--report")
            .arg(out.join("report.json"))
            .arg("--json");
        let output = verify.output().map_err(commands::internal(self.words))?;
        let verdict: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let agreed = verdict["feasible"] == true
            && verdict["blocking_families"] == report.blocking_families
            && verdict["with_class"] == report.with_class
            && verdict["result_digest"] == report.result_digest;
        if !agreed {
            say(&format!("verify does not agree: {verdict}\n"));
        }
        Ok(Run {
            seconds,
            phases: timings(&stderr),
            agreed,
            stable: report.blocking_families == 0,
        })
    }
}

fn cells(first: [&str; 4], runs: &[Run]) -> Vec<String> {
    let counts = runs.iter().all(|r| r.agreed);
    // No figure counts unless the checker agrees.
    let figure = |x: f64| {
        if counts {
            format!("{x:.3}")
        } else {
            "–".to_owned()
        }
    };
    let seconds: Vec<f64> = runs.iter().map(|r| r.seconds).collect();
    let of = |n: usize| format!("{n} of {}", runs.len());
    let phase = |r: &Run, name: &str| r.phases.get(name).copied().unwrap_or(0.0);
    let peak = runs.iter().map(|r| phase(r, "peak_memory_bytes"));
    let mut cells: Vec<String> = first.map(str::to_owned).into();
    cells.extend([
        runs.len().to_string(),
        figure(median(&seconds)),
        figure(seconds.iter().copied().fold(0.0, f64::max)),
        format!("{:.0}", peak.fold(0.0, f64::max) / 1e6),
    ]);
    cells.extend(PHASES.iter().map(|(_, names)| {
        let sums = runs
            .iter()
            .map(|r| names.iter().map(|n| phase(r, n)).sum::<f64>());
        figure(median(&sums.collect::<Vec<_>>()))
    }));
    cells.push(of(runs.iter().filter(|r| r.stable).count()));
    cells.push(of(runs.iter().filter(|r| r.agreed).count()));
    cells
}
