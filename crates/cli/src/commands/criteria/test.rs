//! `enmusubi criteria test`: worked examples and band edges, by the compiled evaluator.

use super::write;
use crate::criteria_file::{CriteriaFile, language};
use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words};
use crate::print;
use enmusubi_page::sheet::{self, Sheet};
use enmusubi_scoring::{
    edges::{self, BandEdges, EdgeCase, PointsAt, RowAt},
    examples::{self, Outcome},
    text::{Reader, derivation_text},
};
use enmusubi_selection::compile::hex;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};

/// 0: everything came as expected; 1: something did not.
pub fn run(
    words: &Words,
    files: &[PathBuf],
    sheet: Option<&Path>,
    force: bool,
) -> Result<Exit, Failure> {
    if sheet.is_some() && files.len() > 1 {
        let said = words.say("criteria-test.one_sheet", &[]);
        return Err(
            Failure::new(Exit::BadInput, said).hint(words.say("criteria-test.one_sheet_hint", &[]))
        );
    }
    let mut right = true;
    let mut unsound = Vec::new();
    for path in files {
        let file = match CriteriaFile::read(words, path) {
            Ok(file) => file,
            Err(failure) => {
                unsound.push(failure);
                continue;
            }
        };
        let criteria = match file.sound(words) {
            Ok(criteria) => criteria,
            Err(failure) => {
                unsound.push(failure);
                continue;
            }
        };
        let outcomes = examples::run(criteria);
        let bands = edges::edges(criteria);
        right &= outcomes.iter().all(Outcome::passed) && bands.iter().all(BandEdges::passed);
        print(&told(words, &file.file.name, &outcomes, &bands));
        if let Some(out) = sheet {
            let html = sheet::html(&Sheet {
                criteria,
                digest: &hex(&Sha256::digest(&file.file.bytes)),
                examples: &outcomes,
                edges: &bands,
            });
            write(words, path, out, force, html.as_bytes())?;
            let said = words.say("criteria-say.written", &[("path", &out.display())]);
            print(&format!("{said}\n"));
        }
    }
    match Failure::all(unsound) {
        Some(failure) => Err(failure),
        None if right => Ok(Exit::Done),
        None => Ok(Exit::NotRight),
    }
}

/// What failed, and the counts.
fn told(words: &Words, name: &str, outcomes: &[Outcome], bands: &[BandEdges]) -> String {
    let mut out = String::new();
    for outcome in outcomes.iter().filter(|o| !o.passed()) {
        let said = words.say(
            "criteria-test.example",
            &[("id", &outcome.id), ("label", &outcome.label)],
        );
        out.push_str(&format!("{said}\n"));
        for problem in &outcome.problems {
            let language = language(words);
            let (what, mend) = (language.of(&problem.what), language.of(&problem.mend));
            out.push_str(&format!("    {what}\n    = {mend}\n"));
        }
        for check in outcome.checks.iter().filter(|c| !c.holds) {
            let said = words.say(
                "criteria-test.found",
                &[
                    ("item", &check.item),
                    ("label", &check.label),
                    ("expected", &check.expected),
                    ("found", &check.found),
                ],
            );
            out.push_str(&format!("    {said}\n"));
        }
        if let Some(derivation) = &outcome.derivation {
            let reader = match words.lang {
                Lang::Ja => Reader::Staff,
                Lang::En => Reader::StaffEnglish,
            };
            for line in derivation_text(derivation, reader).lines() {
                out.push_str(&format!("    | {line}\n"));
            }
        }
    }
    for band in bands.iter().filter(|b| !b.passed()) {
        let said = words.say(
            "criteria-test.band",
            &[("table", &band.table_label), ("band", &band.band_label)],
        );
        out.push_str(&format!("{said}\n"));
        if let Some(problem) = &band.problem {
            out.push_str(&format!("    {}\n", language(words).of(problem)));
            continue;
        }
        for case in band.cases.iter().filter(|c| !c.holds) {
            let said = words.say(
                "criteria-test.edge",
                &[
                    ("at", &value(band, case)),
                    ("expected", &rows(words, &case.expected)),
                    ("found", &rows(words, &case.found)),
                ],
            );
            out.push_str(&format!("    {said}\n"));
        }
    }
    let cases = bands.iter().flat_map(|b| &b.cases);
    let held = cases.clone().filter(|c| c.holds).count();
    let said = words.say(
        "criteria-test.summary",
        &[
            ("name", &name),
            (
                "examples_right",
                &outcomes.iter().filter(|o| o.passed()).count(),
            ),
            ("examples", &outcomes.len()),
            ("edges_right", &held),
            ("edges", &cases.count()),
        ],
    );
    out.push_str(&format!("{said}\n"));
    out
}

fn value(band: &BandEdges, case: &EdgeCase) -> String {
    let unit = |u: Option<enmusubi_domain::facts::Unit>| u.map_or("", |u| u.label());
    let first = format!("{}{}", case.at, unit(band.unit));
    match case.at2 {
        Some(at2) => format!("{first}・{at2}{}", unit(band.unit2)),
        None => first,
    }
}

fn rows(words: &Words, rows: &[RowAt]) -> String {
    if rows.is_empty() {
        return words.say("criteria-test.no_row", &[]);
    }
    let shown = |row: &RowAt| {
        let points = match row.points {
            PointsAt::Known(n) => n.to_string(),
            PointsAt::ToBeFilled => words.say("criteria-test.to_be_filled", &[]),
            PointsAt::Judged => words.say("criteria-test.judged", &[]),
            PointsAt::Open => words.say("criteria-test.open", &[]),
            PointsAt::Undecided => words.say("criteria-test.undecided", &[]),
        };
        format!("{} {points}", row.label)
    };
    rows.iter().map(shown).collect::<Vec<_>>().join("、")
}
