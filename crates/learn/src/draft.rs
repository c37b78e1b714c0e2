//! What was learned as a draft of the criteria: an ordinary file, row by row to be confirmed.

use crate::{
    known::Learned,
    messages,
    report::{IntervalReport, evidence_words, labels, teller, words_of},
    support::{Interval, Rule},
    years::Years,
};
use enmusubi_compare::{cause::Cause, practice::practised};
use enmusubi_criteria::{
    Criteria, Document,
    diff::place,
    document::Scalar,
    edit::{put, record, take},
    expression, from_document, in_words,
};
use enmusubi_domain::facts::Exact;
use enmusubi_selection::text_summary::Lang;
use serde::Serialize;

/// Points are one number where the interval is no wider than so many parts of them …
const PARTS: i64 = 4;
/// … or than so many points.
const NARROW: i64 = 2;

/// What became of a rule in the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// It is in the draft.
    Written,
    /// Its row is in the draft, the points to be filled.
    ToBeFilled,
    /// No criteria file can say it.
    Unwritable,
    /// It explains too little to be in it.
    TooLittle,
}

/// A draft.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The file.
    pub document: Document,
    /// The same, checked.
    pub criteria: Criteria,
    /// Per rule that holds: id of its row in the file, where it is a row of it.
    pub rows: Vec<Option<String>>,
    /// Per rule that holds: the places of the file that it changed ([`enmusubi_criteria::diff::Change::place`]).
    pub places: Vec<Vec<String>>,
    /// Places of the order that was learned from decisions alone.
    pub of_order: Vec<String>,
    /// Positions of the rules that hold and are in it.
    written: Vec<usize>,
}

/// Writes what was learned into the file given; `None` where nothing was learned that a file can say.
#[must_use]
pub fn draft(
    years: &Years,
    document: &Document,
    criteria: &Criteria,
    learned: &Learned<'_>,
    lang: Lang,
) -> Option<Draft> {
    let labels = labels(learned);
    let teller = teller(learned, &labels, lang);
    let causes: Vec<Cause> = learned.rules.iter().map(|r| r.cause.clone()).collect();
    let rules = learned.rules.iter().enumerate();
    let told: Vec<String> = rules
        .map(|rule| words_of(learned, &teller, rule, lang))
        .collect();
    let components = &learned.solution.before.plain.key_components;
    let made = practised(document, criteria, components, &causes, &told, lang)?;
    let mut document = made.document;
    let mut rows = vec![None; learned.rules.len()];
    let mut places = vec![Vec::new(); learned.rules.len()];
    for (&at, changed) in made.written.iter().zip(made.places) {
        places[at] = changed;
    }
    for &at in &made.written {
        let rule = &learned.rules[at];
        let Some(id) = row_of(&document, &rule.cause) else {
            continue;
        };
        let mut note = note(years, rule, lang);
        let row = record(&mut document, "row", &id).ok()?;
        if is_wide(rule) {
            take(row, &["points"]);
            put(row, "row", "fill", Scalar::Bool(true));
        }
        if let Cause::RowMissing { when, .. } = &rule.cause
            && let Ok(when) = expression::parse(when, 0)
        {
            put(row, "row", "label", Scalar::Text(in_words(&when).into()));
        }
        if matches!(rule.cause, Cause::RowPoints { .. })
            && let Some(before) = row.text("note")
        {
            note = format!("{before} {note}");
        }
        put(row, "row", "note", Scalar::Text(note.into()));
        let place = place("row", &id);
        if !places[at].contains(&place) {
            places[at].push(place);
        }
        rows[at] = Some(id);
    }
    let criteria = from_document(&document).0?;
    Some(Draft {
        document,
        criteria,
        rows,
        places,
        of_order: Vec::new(),
        written: made.written,
    })
}

/// What becomes of a rule that holds.
pub(crate) fn how(draft: Option<&Draft>, rule: &Rule, at: usize) -> How {
    match draft {
        Some(draft) if draft.written.contains(&at) => match is_wide(rule) {
            true => How::ToBeFilled,
            false => How::Written,
        },
        _ => How::Unwritable,
    }
}

/// Whether the decisions leave too many points open for a number to be written.
fn is_wide(rule: &Rule) -> bool {
    let (Some(Interval { least, most, open }), Some(points)) = (rule.interval, rule.cause.points())
    else {
        return false;
    };
    let width = most.minus(least);
    let may = [points, points.negated().unwrap_or(points)]
        .into_iter()
        .max();
    let may = may.and_then(|p| p.over(Exact::whole(PARTS)));
    let may = may.map(|p| p.max(Exact::whole(NARROW)));
    open.contains(&true) || width.zip(may).is_none_or(|(width, may)| width > may)
}

/// The row of a rule in a file that has it.
fn row_of(document: &Document, cause: &Cause) -> Option<String> {
    let rows = document.rows("row");
    let row = match cause {
        Cause::RowPoints { row, .. } | Cause::RowExtra { row } => {
            rows.iter().find(|r| r.text("id") == Some(row))
        }
        Cause::RowMissing { table, when, .. } => rows
            .iter()
            .rev()
            .find(|r| r.text("table") == Some(table) && r.text("when") == Some(when)),
        _ => None,
    };
    Some(row?.text("id")?.to_owned())
}

fn note(years: &Years, rule: &Rule, lang: Lang) -> String {
    let names = years.names.iter().map(|n| &**n);
    let evidence = evidence_words((&rule.support, &rule.opposition), names, lang);
    let interval = rule.interval.map(|i| IntervalReport::of(&i).words(lang));
    let parts: Vec<String> = std::iter::once(evidence).chain(interval).collect();
    let evidence = parts.join(if lang == Lang::Japanese { "。" } else { "; " });
    messages::learn(lang).get("draft-note", &[("evidence", &evidence)])
}
