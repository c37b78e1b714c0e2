//! Which keying errors does the program notice? Paper applications of a made-up city; one typed field in a hundred gets one realistic
//! error; each error alone on an otherwise right paper.
//! `cargo run --release -p enmusubi-demo --example keying -- [--papers 1500] [--passes 10] [--seed 1] [--show KIND]`.
//!
//! What could notice it is asked in the order in which staff meet it: an error at once, a warning, the comparison with the employment
//! certificates and with an extract of the register for the families that apply, the keys by which two entries of one child meet. A field
//! left out that such a paper says is read from there.

#[path = "keying/notice.rs"]
mod notice;
#[path = "keying/slip.rs"]
mod slip;

use enmusubi_casefile::{entry::Severity, round::Calendar};
use enmusubi_demo::{Fields, fields_of};
use enmusubi_domain::facts::RoundFacts;
use enmusubi_synth::{FactOptions, Options, rng::Rng};
use jiff::{Timestamp, civil::date};
use notice::{Desk, Noticed};
use slip::{Kind, typed};
use std::collections::BTreeMap;

/// Typed fields of which one gets an error.
const ONE_IN: u64 = 100;
/// Warnings on papers without an error, per thousand papers, that nobody would put up with.
const WARNED_MOST: usize = 20;
/// Slips of a kind by what noticed them.
type Row = [usize; Noticed::COUNT];

struct Args {
    papers: usize,
    passes: u64,
    seed: u64,
    show: String,
}

fn args() -> Args {
    let mut args = Args {
        papers: 1_500,
        passes: 10,
        seed: 1,
        show: String::new(),
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let value = words.next().unwrap_or_default();
        let number = || {
            value
                .parse::<u64>()
                .unwrap_or_else(|_| panic!("{word} {value}"))
        };
        match word.as_str() {
            "--papers" => args.papers = number() as usize,
            "--passes" => args.passes = number(),
            "--seed" => args.seed = number(),
            "--show" => args.show = value,
            _ => panic!("unknown argument {word}"),
        }
    }
    args
}

fn calendar(facts: &RoundFacts) -> Calendar {
    let info = &facts.info;
    Calendar {
        entry: info.entry_date,
        number: info.number,
        base: info.base_date,
        opens: date(2026, 10, 1),
        deadline: date(2026, 11, 30),
        correction_deadline: date(2026, 12, 20),
        change_deadline: date(2026, 12, 20),
        answer_deadline: date(2027, 2, 10),
        publication: Timestamp::UNIX_EPOCH,
        receipt: BTreeMap::new(),
        late_rule: String::new(),
        valid_months: 6,
    }
}

fn main() {
    let args = args();
    // A few more children than papers: siblings share one.
    let town = enmusubi_synth::town(&Options {
        children: args.papers * 14 / 10,
        nurseries: 40,
        seed: args.seed,
        ..Options::default()
    });
    let facts = enmusubi_synth::facts(
        &town,
        &FactOptions {
            seed: args.seed,
            base_date: date(2026, 12, 20),
            deadline: date(2026, 11, 30),
            complete: false,
            shared: 0,
            lottery: false,
            ..FactOptions::default()
        },
    );
    let calendar = calendar(&facts);
    let desk = Desk::new(&facts, &calendar);
    let households = args.papers.min(facts.households.len());
    let papers: Vec<Fields> = (0..households)
        .map(|h| typed(fields_of(&facts, h as u32, args.seed)))
        .collect();
    let fields: usize = papers.iter().map(BTreeMap::len).sum();
    println!(
        "{households} papers, {fields} typed fields, {} passes",
        args.passes
    );
    untouched(&desk, &papers);
    let mut counts: BTreeMap<Kind, Row> = BTreeMap::new();
    for pass in 0..args.passes {
        for (at, paper) in papers.iter().enumerate() {
            let mut rng = Rng::stream(args.seed + pass, at as u64);
            let mut slips: Vec<(Kind, Fields)> = Vec::new();
            for name in paper.keys() {
                if rng.below(ONE_IN) == 0 {
                    slips.extend(slip::in_field(paper, name, &papers, &mut rng));
                }
            }
            if rng.below(ONE_IN) == 0 {
                slips.push((Kind::Twice, slip::keyed_again(paper, &mut rng)));
            }
            for (kind, wrong) in slips {
                let noticed = desk.notices(paper, &wrong, kind);
                if kind.name() == args.show {
                    println!("{noticed:?} {:?}", slip::difference(paper, &wrong));
                }
                counts.entry(kind).or_default()[noticed as usize] += 1;
            }
        }
    }
    table(&counts);
}

/// Right papers must go through: no error, hardly a warning.
fn untouched(desk: &Desk<'_>, papers: &[Fields]) {
    let (mut errors, mut warned) = (0, 0);
    let mut keys: BTreeMap<&'static str, usize> = BTreeMap::new();
    for paper in papers {
        let problems = desk.problems(paper);
        for p in &problems {
            *keys.entry(p.key).or_default() += 1;
        }
        let of = |severity| problems.iter().filter(|p| p.severity == severity).count();
        errors += of(Severity::Error);
        warned += usize::from(of(Severity::Warning) > 0);
    }
    println!(
        "without an error planted: {errors} errors, {warned} papers with a warning {keys:?}\n"
    );
    assert_eq!(errors, 0, "right papers are refused");
    let most = papers.len() * WARNED_MOST;
    assert!(warned * 1000 <= most, "{warned} of {}", papers.len());
}

fn table(counts: &BTreeMap<Kind, Row>) {
    println!(
        "| slip | planted | error at once | warning | comparison | same applicant | read from a paper | by nothing |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut all = Row::default();
    for (kind, row) in counts {
        line(kind.name(), row);
        for (sum, n) in all.iter_mut().zip(row) {
            *sum += n;
        }
    }
    line("all", &all);
}

fn line(name: &str, row: &Row) {
    let planted: usize = row.iter().sum();
    let share = |n: &usize| format!("{:.1} %", 100.0 * *n as f64 / planted.max(1) as f64);
    let shares: Vec<String> = row.iter().map(share).collect();
    println!("| {name} | {planted} | {} |", shares.join(" | "));
}
