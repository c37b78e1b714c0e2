//! What of a criteria file makes a difference in a round: rows that nobody hits, rows whose removal changes nothing, keys
//! that never decide, applicants left equal. Counting by whole scorings of changed files; no derivation.
//!
//! **Invariant:** what is unknown counts as a hit and as a difference: nothing is called useless that a missing paper
//! could make count.

use crate::{Program, Scores};
use enmusubi_criteria::{
    Criteria,
    expression::{self, Expression, Kind},
    judgement::{ArithmeticError, Eligible},
    model::{IfUnknown, Key, Over, Points, Row, Table, Take},
};
use enmusubi_domain::facts::{Entity, RoundFacts, Value, vocabulary::find};

/// What makes no difference in a round.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Usage {
    /// Rows whose condition holds for nobody: positions of table and row.
    pub never_hit: Vec<(u32, u32)>,
    /// Rows that somebody hits and without which every judgement is the same.
    pub idle: Vec<(u32, u32)>,
    /// Keys (positions in the file) that tell no two applicants for a class apart.
    pub never_decide: Vec<u32>,
    /// Applicants for a class whose keys are equal to another's there, each class and applicant once.
    pub equal: u32,
}

/// Why a round cannot be looked at.
#[derive(Debug)]
pub enum UsageError {
    /// The file cannot be compiled, which the checker should have told.
    Program(Vec<String>),
    /// Arithmetic that cannot be done.
    Arithmetic(Vec<ArithmeticError>),
}

/// Rows looked at in one scoring: as many keys are kept for every choice.
const AT_ONCE: usize = 16;

/// Looks at a round of complete facts, hours converted as before scoring.
///
/// # Errors
/// What keeps the round from being scored.
pub fn usage(criteria: &Criteria, facts: &RoundFacts) -> Result<Usage, UsageError> {
    let before = scored(criteria, facts)?;
    let mut usage = Usage::default();
    let all: Vec<(u32, u32)> = criteria
        .tables
        .iter()
        .enumerate()
        .flat_map(|(t, table)| (0..table.rows.len()).map(move |r| (t as u32, r as u32)))
        .collect();
    for rows in all.chunks(AT_ONCE) {
        let probes = scored(&probes(criteria, rows), facts)?;
        let n = probes.components as usize;
        for (at, &(t, r)) in rows.iter().enumerate() {
            let mut hits = probes.keys.iter().skip(at).step_by(n);
            if hits.all(|k| k.is_some_and(|k| k == enmusubi_domain::facts::Exact::ZERO)) {
                usage.never_hit.push((t, r));
                continue;
            }
            let mut without = criteria.clone();
            switch_off(&mut without.tables[t as usize].rows[r as usize]);
            if scored(&without, facts)? == before {
                usage.idle.push((t, r));
            }
        }
    }
    decisions(criteria, facts, &before, &mut usage);
    Ok(usage)
}

fn scored(criteria: &Criteria, facts: &RoundFacts) -> Result<Scores, UsageError> {
    let program = Program::compile(criteria).map_err(UsageError::Program)?;
    program.score(facts).map_err(UsageError::Arithmetic)
}

/// Makes a row apply to nobody; positions of others stay.
pub fn switch_off(row: &mut Row) {
    row.band = None;
    row.when = Some(Expression {
        kind: Kind::Bool(false),
        span: row.span.clone(),
    });
    row.if_unknown = IfUnknown::Not;
}

/// The same file, whose keys count who hits each of some rows.
fn probes(criteria: &Criteria, rows: &[(u32, u32)]) -> Criteria {
    let mut file = criteria.clone();
    file.keys.clear();
    file.strata.clear();
    file.passes.clear();
    file.pools.clear();
    file.eligibility.clear();
    file.siblings.coupled.clear();
    file.siblings.coupling = enmusubi_criteria::model::Coupling::None;
    for &(t, r) in rows {
        let of = &criteria.tables[t as usize];
        let id = format!("hits_of_{t}_{r}");
        let value = match of.over {
            Over::Guardian => format!("guardians.sum(hit_by, hit_by.{id})"),
            Over::Adult => format!("adults.sum(hit_by, hit_by.{id})"),
            Over::Application => id.clone(),
        };
        let mut row = of.rows[r as usize].clone();
        row.points = Points::Expression(number(1, &row));
        row.group = None;
        row.excludes.clear();
        file.tables.push(Table {
            id: id.clone().into(),
            take: Take::Sum,
            otherwise: Some(number(0, &row)),
            at_most: None,
            at_least: None,
            groups: Vec::new(),
            rows: vec![row],
            ..of.clone()
        });
        // Made of ids only: it parses.
        let value = expression::parse(&value, 0).ok();
        file.keys.push(Key {
            id: id.into(),
            label: of.label.clone(),
            value,
            higher_first: true,
            show: Vec::new(),
            together: false,
            source: of.source.clone(),
            span: of.span.clone(),
        });
    }
    file
}

fn number(n: i64, row: &Row) -> Expression {
    Expression {
        kind: Kind::Number(enmusubi_domain::facts::Exact::whole(n)),
        span: row.span.clone(),
    }
}

/// Which components tell applicants for the same class apart. Sorted by their keys, two neighbours first differ where
/// any two of them do somewhere, so that neighbours are enough.
fn decisions(criteria: &Criteria, facts: &RoundFacts, scores: &Scores, usage: &mut Usage) {
    let class = find(Entity::Child, "age_class");
    let age =
        |child: u32| -> Value { class.map_or(Value::Unknown, |a| facts.children.get(child, a)) };
    // Component → key of the file; keys to be filled have no component, and those about the outcome of the family
    // decide elsewhere.
    let first = usize::from(!criteria.strata.is_empty());
    let keys: Vec<u32> = (0..criteria.keys.len() as u32)
        .filter(|&k| criteria.keys[k as usize].value.is_some())
        .collect();
    let key_of = |component: usize| component.checked_sub(first).map(|k| keys[k]);
    let counted: Vec<usize> = (0..scores.components as usize)
        .filter(|&i| key_of(i).is_none_or(|k| !criteria.keys[k as usize].together))
        .collect();
    // (facility, age class as text of its value, choice): only those whose key is known and who may be placed.
    let mut choices: Vec<(u32, String, u32)> = (0..facts.choices.len() as u32)
        .filter(|&c| {
            let known = counted.iter().all(|&i| scores.key(c)[i].is_some());
            known && matches!(scores.eligibility[c as usize], Eligible::Yes)
        })
        .map(|c| {
            let child = facts.choices.parents[c as usize];
            let age = format!("{:?}", age(child));
            (facts.choice_facility[c as usize], age, c)
        })
        .collect();
    choices.sort_by(|a, b| {
        (a.0, &a.1).cmp(&(b.0, &b.1)).then_with(|| {
            let key = |c: u32| counted.iter().map(move |&i| scores.key(c)[i]);
            key(a.2).cmp(key(b.2))
        })
    });
    let mut decides = vec![false; scores.components as usize];
    let mut equal = vec![false; choices.len()];
    for (at, pair) in choices.windows(2).enumerate() {
        let [a, b] = pair else { continue };
        if (a.0, &a.1) != (b.0, &b.1) {
            continue;
        }
        let (x, y) = (scores.key(a.2), scores.key(b.2));
        match counted.iter().find(|&&i| x[i] != y[i]) {
            Some(&i) => decides[i] = true,
            None => {
                equal[at] = true;
                equal[at + 1] = true;
            }
        }
    }
    usage.equal = equal.iter().filter(|e| **e).count() as u32;
    usage.never_decide = counted
        .iter()
        .filter(|&&i| !decides[i])
        .filter_map(|&i| key_of(i))
        .collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use enmusubi_synth::{FactOptions, Form, Options, facts, town};

    const FILE: &str = r#"
[criteria]
kind = "structure"
name = "試験"
fiscal_year = 2027
title = "試験"

[[table]]
id = "A"
label = "指数"
take = "sum"

[[group]]
id = "high"
table = "A"
label = "高い方"
take = "highest"

[[row]]
id = "everybody"
table = "A"
label = "だれでも"
group = "high"
points = 5

[[row]]
id = "outdone"
table = "A"
label = "生活保護"
group = "high"
when = "household.welfare || child.age_class >= 1"
points = 3

[[row]]
id = "nobody"
table = "A"
label = "だれもいない"
when = "child.age_class > 9"
points = 9

[[row]]
id = "young"
table = "A"
label = "2歳まで"
when = "guardians.exists(g, 'employment' in g.reasons)"
points = 2

[[table]]
id = "G"
label = "保護者"
over = "guardian"
take = "sum"

[[row]]
id = "worker"
table = "G"
label = "就労"
when = "'employment' in guardian.reasons"
points = 1

[[row]]
id = "no-guardian"
table = "G"
label = "生まれる前"
when = "guardian.birth_date > date('2200-01-01')"
if_unknown = "not"
points = 1

[[value]]
id = "total"
label = "合計"
value = "A + guardians.sum(g, g.G)"

[[key]]
id = "total"
label = "合計"
value = "total"

[[key]]
id = "same"
label = "同じ"
value = "total * 2"

[[key]]
id = "later"
label = "未定"
fill = true

[[key]]
id = "income"
label = "所得"
value = "household.income"
order = "lower"

[siblings]
timing = "together"
place = "same-only"

[ties]
left = "stop"
"#;

    #[test]
    fn what_makes_no_difference_is_found() {
        let (criteria, _, found) = enmusubi_criteria::read("", FILE.as_bytes());
        let criteria = criteria.unwrap_or_else(|| panic!("{found:#?}"));
        let town = town(&Options {
            children: 200,
            nurseries: 12,
            ..Options::default()
        });
        let facts = facts(
            &town,
            &FactOptions {
                form: Form::fujisawa(),
                missing: 0,
                ..FactOptions::default()
            },
        );
        let usage = usage(&criteria, &facts).unwrap();
        let ids = |rows: &[(u32, u32)]| -> Vec<&str> {
            let row = |&(t, r): &(u32, u32)| &*criteria.tables[t as usize].rows[r as usize].id;
            rows.iter().map(row).collect()
        };
        assert_eq!(ids(&usage.never_hit), ["nobody", "no-guardian"]);
        assert_eq!(ids(&usage.idle), ["outdone"]);
        let keys: Vec<&str> = usage
            .never_decide
            .iter()
            .map(|k| &*criteria.keys[*k as usize].id)
            .collect();
        assert_eq!(keys, ["same"]);
        // Twins of one household are equal; hardly anybody else is.
        assert!(
            usage.equal < facts.choices.len() as u32 / 4,
            "{}",
            usage.equal
        );
        // Without the income many are equal, and nobody is told useless for it.
        let mut fewer = criteria.clone();
        fewer.keys.truncate(2);
        let more = super::usage(&fewer, &facts).unwrap();
        assert!(more.equal > usage.equal, "{} {}", more.equal, usage.equal);
    }
}
