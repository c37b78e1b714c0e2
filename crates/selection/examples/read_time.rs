//! How long reading and compiling take: `cargo run --release -p enmusubi-selection --example
//! read_time -- 8000 311 10`. A measurement, not a test.

use enmusubi_interchange::{Inputs, Source, read_round};
use enmusubi_selection::{compile::compile, compiled::Ties, digest::input_digest};
use std::{fmt::Write as _, time::Instant};

fn main() {
    let mut args = std::env::args()
        .skip(1)
        .map(|a| a.parse::<u64>().unwrap_or(1));
    let mut next = |default| args.next().unwrap_or(default);
    let (children, nurseries, choices) = (next(8000), next(311), next(10));
    let mut n = String::from("保育所ID,保育所名");
    let mut c = String::from("申請者番号,世帯番号,年齢,在籍保育所ID,きょうだいパターン,点数");
    for a in 0..6 {
        let _ = write!(n, ",{a}歳募集人数");
    }
    for k in 1..=choices {
        let _ = write!(c, ",希望保育園ID_{k}");
    }
    for i in 0..nurseries {
        let _ = write!(n, "\n{},第{i}保育園,3,5,6,6,6,6", 11_000 + i);
    }
    let mut state = 1u64;
    let mut random = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for i in 0..children {
        // Every seventh child is the sibling of the one before.
        let household = i - u64::from(i % 7 == 6);
        let _ = write!(
            c,
            "\n{},{},{},,7,{}",
            1_000_000 + i,
            500_000 + household,
            random(6),
            random(400)
        );
        let first = random(nurseries);
        for k in 0..choices {
            let _ = write!(c, ",{}", 11_000 + (first + k * 7) % nurseries);
        }
    }
    for _ in 0..3 {
        let start = Instant::now();
        let (round, all) = read_round(&Inputs {
            children: Source {
                name: "c.csv",
                bytes: c.as_bytes(),
            },
            nurseries: Source {
                name: "n.csv",
                bytes: n.as_bytes(),
            },
            combinations: None,
            columns: None,
            rules: None,
        });
        let read = start.elapsed();
        let Some(round) = round else {
            return println!("{all}");
        };
        let start = Instant::now();
        let compiled = compile(&round, &Ties::Stop).map(|c| c.market.choices.len());
        let compile_stop = start.elapsed();
        let start = Instant::now();
        let _ = compile(&round, &Ties::Lottery("seed".into()));
        let compile_lottery = start.elapsed();
        let start = Instant::now();
        let _ = input_digest(&round);
        println!(
            "{} MB, {compiled:?} choices: read {read:?}, compile {compile_stop:?} (lottery {compile_lottery:?}), digest {:?}",
            c.len() >> 20,
            start.elapsed()
        );
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!(
        "{}",
        status
            .lines()
            .find(|l| l.starts_with("VmHWM"))
            .unwrap_or_default()
    );
}
