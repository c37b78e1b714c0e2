//! `enmusubi criteria check`.

use crate::criteria_file::CriteriaFile;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::{inputs, print, say};
use enmusubi_criteria::{
    Criteria, Diagnostics, Document, Severity,
    document::{Place, Record},
};
use enmusubi_domain::facts::{RoundFacts, certificate::fill_conversions};
use enmusubi_scoring::usage::{UsageError, usage};
use std::path::{Path, PathBuf};

/// Everything that is wrong with each file; the report is the command's product, so it goes to standard output.
pub fn run(
    words: &Words,
    files: &[PathBuf],
    deny_warnings: bool,
    round: Option<&Path>,
) -> Result<Exit, Failure> {
    let facts = round.map(|path| inputs::read_round(words, path));
    let facts = match facts.transpose()? {
        Some((facts, messages)) => {
            say(&messages);
            Some(facts)
        }
        None => None,
    };
    let (mut errors, mut warnings) = (0, 0);
    let mut unreadable = Vec::new();
    for path in files {
        match CriteriaFile::read(words, path) {
            Ok(mut file) => {
                if let (Some(facts), Some(criteria)) = (&facts, &file.criteria) {
                    let found = in_round(words, criteria, &file.document, facts)?;
                    file.diagnostics.list.extend(found.list);
                    file.diagnostics.sort();
                }
                errors += file.diagnostics.count(Severity::Error);
                warnings += file.diagnostics.count(Severity::Warning);
                print(&file.told(words));
            }
            Err(failure) => unreadable.push(failure),
        }
    }
    if files.len() > 1 {
        print(&words.say(
            "criteria-say.checked",
            &[
                ("files", &(files.len() - unreadable.len())),
                ("errors", &errors),
                ("warnings", &warnings),
            ],
        ));
        print("\n");
    }
    if let Some(failure) = Failure::all(unreadable) {
        return Err(failure);
    }
    if errors > 0 || (deny_warnings && warnings > 0) {
        return Ok(Exit::BadInput);
    }
    Ok(Exit::Done)
}

/// Warnings about what makes no difference in a round.
fn in_round(
    words: &Words,
    criteria: &Criteria,
    document: &Document,
    facts: &RoundFacts,
) -> Result<Diagnostics, Failure> {
    let mut facts = facts.clone();
    fill_conversions(&mut facts, &criteria.conversion);
    let usage = usage(criteria, &facts).map_err(|e| match e {
        UsageError::Program(errors) => crate::commands::internal(words)(errors.join("\n")),
        UsageError::Arithmetic(errors) => {
            let items: Vec<&str> = errors.iter().map(|e| &*e.item).take(8).collect();
            let said = words.say("criteria-check.arithmetic", &[("items", &items.join(", "))]);
            Failure::new(Exit::BadInput, said)
                .hint(words.say("criteria-check.arithmetic_hint", &[]))
        }
    })?;
    let mut all = Diagnostics::default();
    let place = |section: &str, id: &str| -> Place {
        let rows = document.rows(section).iter();
        let mut mine = rows.filter(|r: &&Record| r.text("id") == Some(id));
        mine.next().map_or(Place::None, |r| r.place.clone())
    };
    let row = |&(t, r): &(u32, u32)| &criteria.tables[t as usize].rows[r as usize];
    for row in usage.never_hit.iter().map(row) {
        all.warning(
            "C160",
            place("row", &row.id),
            (
                format!("行「{}」は、この選考回のだれにも当てはまりません", row.id),
                format!("the row \"{}\" applies to nobody in this round", row.id),
            ),
            (
                "条件の書き誤りや、選考回の表の列の不足がないか確かめてください。該当する人がいないだけなら、そのままで構いません",
                "is its condition right, and has the round the columns it looks at? where nobody happens to be concerned, it may stay",
            ),
        );
    }
    for row in usage.idle.iter().map(row) {
        all.warning(
            "C161",
            place("row", &row.id),
            (
                format!(
                    "行「{}」は、除いてもこの選考回のだれの順位も変わりません",
                    row.id
                ),
                format!(
                    "without the row \"{}\" nothing changes in this round",
                    row.id
                ),
            ),
            (
                "ほかの行といつも重なっていないか、点や上限の写し間違いがないか確かめてください",
                "is it always outdone by another, or are points or a bound copied wrongly?",
            ),
        );
    }
    for key in usage
        .never_decide
        .iter()
        .map(|k| &criteria.keys[*k as usize])
    {
        all.warning(
            "C162",
            place("key", &key.id),
            (
                format!(
                    "優先順位「{}」は、この選考回では一度も順位を決めません",
                    key.label
                ),
                format!("the key \"{}\" never decides in this round", key.id),
            ),
            (
                "先の優先順位で必ず決まっているなら、そのままで構いません",
                "where earlier keys always decide, that is as it should be",
            ),
        );
    }
    if usage.equal > 0 {
        let at = document.rows("ties").first();
        all.warning(
            "C163",
            at.map_or(Place::None, |r| r.place.clone()),
            (
                format!(
                    "この選考回では、同じクラスの希望{}件が、どの優先順位でも並んだままです",
                    usage.equal
                ),
                format!(
                    "in this round {} choices of the same class stay equal under every key",
                    usage.equal
                ),
            ),
            (
                "[ties] の扱い（抽選など）が、公表された基準のとおりか確かめてください",
                "is what [ties] says what the published criteria say?",
            ),
        );
    }
    Ok(all)
}
