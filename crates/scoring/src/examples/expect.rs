//! What an example expects, against what came.

use super::{Check, Evaluator, Outcome, facts::Case};
use enmusubi_criteria::{
    Criteria,
    judgement::{ArithmeticError, Eligible, Judgement},
    model::{Example, Key, Over},
};
use enmusubi_domain::facts::{Exact, derived::days_between};
use jiff::civil::{Date, date};

/// What is not known.
const UNKNOWN: &str = "不明";
/// What the file does not have.
const NOTHING: &str = "該当なし";

/// Everything `expect` says. A name that is a key and a value or table is looked up as the key.
pub(super) fn facts(
    criteria: &Criteria,
    example: &Example,
    case: &Case,
    evaluator: &impl Evaluator,
    outcome: &mut Outcome,
) {
    let judged = evaluator.judge(&case.facts, case.choice);
    for (item, expected) in &example.expect {
        let (base, index) = indexed(item);
        let (label, found, holds) = match (&judged, base) {
            (Err(e), "outcome" | "stratum" | "pass") => (base.into(), failed(e), false),
            (Ok(judged), "outcome") => {
                let found = outcome_of(judged);
                ("結果".into(), found.into(), **expected == *found)
            }
            (Ok(judged), "stratum") => {
                let at = judged.key.first().copied().flatten();
                let at = at.filter(|_| !criteria.strata.is_empty());
                let ids = criteria.strata.iter().map(|s| &*s.id);
                place("優先区分", at, ids, expected)
            }
            (Ok(judged), "pass") => {
                let at = judged.pass.map(|p| Exact::whole(p.into()));
                place(
                    "選考の段階",
                    at,
                    criteria.passes.iter().map(|p| &*p.id),
                    expected,
                )
            }
            _ => item_of(criteria, case, evaluator, &judged, (base, index), expected),
        };
        outcome.checks.push(Check {
            item: item.clone(),
            label,
            expected: expected.clone(),
            found,
            holds,
        });
    }
}

/// `A1[0]`: the name and the position of the guardian.
pub(super) fn indexed(item: &str) -> (&str, Option<usize>) {
    match item.split_once('[') {
        Some((base, rest)) => (base, rest.trim_end_matches(']').parse().ok()),
        None => (item, None),
    }
}

fn failed(e: &ArithmeticError) -> Box<str> {
    if e.division {
        format!("0で割る計算（{}）", e.item).into()
    } else {
        format!("大きすぎる数（{}）", e.item).into()
    }
}

/// In the words of criteria files. A refusal that is known settles the matter, whatever else is unknown.
fn outcome_of(judged: &Judgement) -> &'static str {
    match judged.eligibility {
        Eligible::No(_) => "refused",
        Eligible::Unknown => "undecided",
        Eligible::Yes if judged.pass.is_none() || judged.key.contains(&None) => "undecided",
        Eligible::Yes => "eligible",
    }
}

/// A stratum or pass, written as its number from 1 or as its id.
fn place<'a>(
    label: &str,
    at: Option<Exact>,
    mut ids: impl Iterator<Item = &'a str>,
    expected: &str,
) -> (Box<str>, Box<str>, bool) {
    let Some(at) = at.and_then(Exact::as_whole) else {
        return (label.into(), UNKNOWN.into(), false);
    };
    let number = (at + 1).to_string();
    let id = usize::try_from(at).ok().and_then(|at| ids.nth(at));
    let holds = *expected == *number || id == Some(expected);
    let found = match id {
        Some(id) if expected.parse::<u32>().is_err() => id.into(),
        _ => number.into(),
    };
    (label.into(), found, holds)
}

/// A key, a value, or a table.
fn item_of(
    criteria: &Criteria,
    case: &Case,
    evaluator: &impl Evaluator,
    judged: &Result<Judgement, ArithmeticError>,
    (base, index): (&str, Option<usize>),
    expected: &str,
) -> (Box<str>, Box<str>, bool) {
    let told = |label: &str, found: Result<Option<Exact>, ArithmeticError>, key: Option<&Key>| {
        let (found, holds) = match found {
            Err(e) => (failed(&e), false),
            Ok(None) => (UNKNOWN.into(), false),
            Ok(Some(n)) => (shown(key, n, expected), parsed(key, expected) == Some(n)),
        };
        (label.into(), found, holds)
    };
    if index.is_none()
        && let Some(at) = criteria.keys.iter().position(|k| *k.id == *base)
    {
        let key = &criteria.keys[at];
        if key.value.is_some() {
            let before = criteria.keys[..at].iter().filter(|k| k.value.is_some());
            let at = before.count() + usize::from(!criteria.strata.is_empty());
            let found = match judged {
                Ok(judged) => Ok(judged.key.get(at).copied().flatten()),
                Err(e) => Err(e.clone()),
            };
            return told(&key.label, found, Some(key));
        }
    }
    if index.is_none()
        && let Some(at) = criteria.values.iter().position(|v| *v.id == *base)
    {
        let found = evaluator.value(&case.facts, case.choice, at);
        return told(&criteria.values[at].label, found, None);
    }
    let Some(at) = criteria.tables.iter().position(|t| *t.id == *base) else {
        return (base.into(), NOTHING.into(), false);
    };
    let table = &criteria.tables[at];
    let people = match table.over {
        Over::Guardian => case.facts.guardians.len(),
        Over::Adult => case.facts.adults.len(),
        Over::Application => 0,
    };
    let subject = match (table.over, index) {
        (Over::Application, None) => None,
        // One number for a table over people stands for the only one.
        (Over::Guardian | Over::Adult, None) if people == 1 => Some(0),
        (Over::Guardian | Over::Adult, Some(i)) if i < people => Some(i as u32),
        _ => return (table.label.clone(), NOTHING.into(), false),
    };
    let found = evaluator.table(&case.facts, case.choice, at, subject);
    match index {
        Some(i) => told(&format!("{}（{}人目）", table.label, i + 1), found, None),
        None => told(&table.label, found, None),
    }
}

/// What an expectation means: a number, a value as the key shows it, yes or no, or a day.
fn parsed(key: Option<&Key>, text: &str) -> Option<Exact> {
    if let Some((n, _)) = key.and_then(|k| k.show.iter().find(|(_, shown)| **shown == *text)) {
        return Some(*n);
    }
    match text {
        "true" => Some(Exact::ONE),
        "false" => Some(Exact::ZERO),
        _ => Exact::parse(text).or_else(|| {
            let day: Date = text.parse().ok()?;
            Some(Exact::whole(days_between(date(1970, 1, 1), day)))
        }),
    }
}

/// A number in the form the expectation has.
fn shown(key: Option<&Key>, n: Exact, expected: &str) -> Box<str> {
    if parsed(key, expected) == Some(n) {
        return expected.into();
    }
    match key.and_then(|k| k.show.iter().find(|(v, _)| *v == n)) {
        Some((_, text)) => text.clone(),
        None => n.to_string().into(),
    }
}

/// Keys to be ordered: each comes before the next. Their values are those of the file's keys, from the
/// first; strata are not among them.
pub(super) fn order(criteria: &Criteria, example: &Example, outcome: &mut Outcome) {
    for pair in example.order.windows(2) {
        let [(first, a), (second, b)] = pair else {
            continue;
        };
        let verdict = compare(criteria, a, b);
        let found = match verdict {
            Some(Verdict::First) => format!("{first} ＞ {second}"),
            Some(Verdict::Second) => format!("{second} ＞ {first}"),
            Some(Verdict::Equal) => format!("{first} ＝ {second}"),
            None => UNKNOWN.into(),
        };
        outcome.checks.push(Check {
            item: "order".into(),
            label: "順".into(),
            expected: format!("{first} ＞ {second}").into(),
            found: found.into(),
            holds: verdict == Some(Verdict::First),
        });
    }
}

#[derive(PartialEq)]
enum Verdict {
    First,
    Second,
    Equal,
}

/// Which of two keys comes first; `None` where a value cannot be read, or there are too many.
fn compare(criteria: &Criteria, a: &[Box<str>], b: &[Box<str>]) -> Option<Verdict> {
    if a.len() != b.len() || a.len() > criteria.keys.len() {
        return None;
    }
    for ((a, b), key) in a.iter().zip(b).zip(&criteria.keys) {
        let (a, b) = (parsed(Some(key), a)?, parsed(Some(key), b)?);
        if a != b {
            return Some(if (a > b) == key.higher_first {
                Verdict::First
            } else {
                Verdict::Second
            });
        }
    }
    Some(Verdict::Equal)
}
