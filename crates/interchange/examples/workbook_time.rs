//! `cargo run --release -p enmusubi-interchange --example workbook_time -- [CHILDREN]`: how long a round workbook takes
//! to be read, as CSV and as XLSX (best of eleven, one thread, files in memory).

#![expect(clippy::print_stdout, reason = "an example speaks")]

use enmusubi_interchange::{Source, workbook};
use enmusubi_synth::{FactOptions, Options, facts, town};

fn main() -> Result<(), String> {
    let children = std::env::args().nth(1).map_or(Ok(8000), |n| {
        n.parse().map_err(|_| format!("{n}: not a number"))
    })?;
    let town = town(&Options {
        children,
        nurseries: 311,
        max_choices: 10,
        fill_choices: 1.0,
        ..Options::default()
    });
    let facts = facts(&town, &FactOptions::default());
    let files = workbook::write_csv(&facts);
    let bytes: usize = files.iter().map(|f| f.1.len()).sum();
    println!(
        "{} children, {} choices, {} guardians, {bytes} bytes of CSV",
        facts.children.len(),
        facts.choices.len(),
        facts.guardians.len()
    );
    measure("CSV", &files)?;
    let book = workbook::write_xlsx(&facts)
        .map_err(|e| e.render(enmusubi_interchange::Language::English))?;
    measure("XLSX", &[("round.xlsx".to_owned(), book)])
}

fn measure(what: &str, files: &[(String, Vec<u8>)]) -> Result<(), String> {
    let mut best = f64::MAX;
    for _ in 0..11 {
        let sources: Vec<Source<'_>> = files
            .iter()
            .map(|(name, bytes)| Source { name, bytes })
            .collect();
        let start = std::time::Instant::now();
        let (read, problems) = workbook::read(&sources);
        best = best.min(start.elapsed().as_secs_f64());
        if read.is_none() {
            return Err(problems.render(enmusubi_interchange::Language::English));
        }
    }
    println!("{what}: {:.1} ms", best * 1000.0);
    Ok(())
}
