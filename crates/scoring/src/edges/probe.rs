//! Asks an evaluator about each row of a band, alone, for one household per case.

use super::{
    EdgeCase, JudgeAll, PointsAt, RowAt,
    solve::{Solver, Who},
    stated,
};
use enmusubi_criteria::{
    Criteria,
    expression::{self, Expression},
    model::{Band, Coupling, Key, Over, Points, Row, Table, Take},
};
use enmusubi_domain::facts::{Entity, Exact, RoundFacts, RoundInfo};
use jiff::civil::date;

/// Fills `found` and `holds` of the cases.
///
/// # Errors
/// Why no household could be made, or the evaluator's complaint, in Japanese and English.
pub(super) fn ask(
    criteria: &Criteria,
    table: &Table,
    band: &Band,
    condition: Option<&Expression>,
    rows: &[&Row],
    cases: &mut [EdgeCase],
    judge: &JudgeAll<'_>,
) -> Result<(), (String, String)> {
    let fail = |cases: &mut [EdgeCase], what: (String, String)| {
        for case in cases {
            case.holds = false;
        }
        Err(what)
    };
    let Some(facts) = households(criteria, table.over, band, condition, cases) else {
        return fail(
            cases,
            (
                "この帯の条件を満たす世帯を自動では作れませんでした。計算例を書いてください".into(),
                "no household could be made for the conditions of this band; write worked examples"
                    .into(),
            ),
        );
    };
    let probe = criteria_of(criteria, table, band, rows);
    let judgements = match judge(&probe, &facts, cases.len() as u32) {
        Ok(judgements) => judgements,
        Err(e) => {
            return fail(
                cases,
                (
                    format!("計算できません（{e}）"),
                    format!("cannot be calculated ({e})"),
                ),
            );
        }
    };
    for (case, judgement) in cases.iter_mut().zip(&judgements) {
        for (at, row) in rows.iter().enumerate() {
            let key = |i: usize| judgement.key.get(at * 2 + i).copied().flatten();
            let points = match (key(0), key(1), stated(&row.points)) {
                (Some(n), ..) if n == Exact::ZERO => continue,
                (None, ..) => PointsAt::Undecided,
                (_, Some(n), _) => PointsAt::Known(n),
                (_, None, PointsAt::Known(_)) => PointsAt::Undecided,
                (_, None, open) => open,
            };
            case.found.push(RowAt {
                row: row.id.clone(),
                label: row.label.clone(),
                points,
            });
        }
        case.holds &= case.found.len() == case.expected.len()
            && case
                .found
                .iter()
                .zip(&case.expected)
                .all(|(found, expected)| {
                    // A formula's points are what the evaluator makes of it.
                    found.row == expected.row
                        && (found.points == expected.points
                            || (expected.points == PointsAt::Open
                                && matches!(found.points, PointsAt::Known(_))))
                });
    }
    Ok(())
}

/// A criteria file whose keys are, for each row: does it apply (1 or 0); its points where it does.
fn criteria_of(criteria: &Criteria, table: &Table, band: &Band, rows: &[&Row]) -> Criteria {
    let mut probe = criteria.clone();
    let number = |n: i64| Expression::number(Exact::whole(n), 0..0);
    probe.keys.clear();
    probe.strata.clear();
    probe.passes.clear();
    probe.pools.clear();
    probe.eligibility.clear();
    probe.siblings.coupling = Coupling::None;
    probe.siblings.coupled.clear();
    probe.examples.clear();
    probe.monotone.clear();
    for (i, row) in rows.iter().enumerate() {
        for (kind, points) in [
            ("applies", Points::Expression(number(1))),
            ("points", row.points.clone()),
        ] {
            let id: Box<str> = format!("edge_{i}_{kind}").into();
            let mut row = (*row).clone();
            row.points = points;
            row.group = None;
            row.excludes.clear();
            if let Some(part) = &mut row.band {
                part.band = 0;
            }
            row.id = id.clone();
            probe.tables.push(Table {
                id: id.clone(),
                take: Take::Highest,
                otherwise: Some(number(0)),
                at_most: None,
                at_least: None,
                bands: vec![band.clone()],
                groups: Vec::new(),
                rows: vec![row],
                ..table.clone()
            });
            let text = match table.over {
                // All guardians of a made-up household are alike.
                Over::Guardian => format!("guardians.highest(g, g.{id})"),
                Over::Adult => format!("adults.highest(a, a.{id})"),
                Over::Application => id.to_string(),
            };
            probe.keys.push(Key {
                id: format!("key_{id}").into(),
                label: table.label.clone(),
                // The text is this module's own.
                value: expression::parse(&text, 0).ok(),
                higher_first: true,
                show: Vec::new(),
                together: false,
                source: table.source.clone(),
                span: 0..0,
            });
        }
    }
    probe
}

/// A household for each case, with the facts that its conditions ask for.
fn households(
    criteria: &Criteria,
    over: Over,
    band: &Band,
    condition: Option<&Expression>,
    cases: &[EdgeCase],
) -> Option<RoundFacts> {
    let year = criteria.head.fiscal_year;
    let mut facts = RoundFacts::new(RoundInfo {
        municipality: criteria.head.municipality.clone(),
        entry_date: date(year, 4, 1),
        number: 1,
        base_date: date(year, 4, 1),
        deadline: None,
    });
    facts.facilities.push("f", None, 0);
    let mut stated = Vec::new();
    for (at, case) in (0u32..).zip(cases) {
        let mut solver = Solver::new(criteria);
        let mut conditions = band.when.iter().chain(condition);
        let mut solved = conditions.all(|condition| solver.make(condition, true));
        solved &= solver.let_be(&band.by, case.at);
        if let (Some(by2), Some(at2)) = (&band.by2, case.at2) {
            solved &= solver.let_be(by2, at2);
        }
        if !solved {
            return None;
        }
        let people = solver.people();
        let household = facts.households.push(&format!("h{at}"), None, 0);
        let guardians = u32::from(people.guardians.unwrap_or(1));
        if guardians == 0 && over == Over::Guardian {
            return None;
        }
        let first_guardian = facts.guardians.len() as u32;
        for _ in 0..guardians {
            facts.guardians.push("", Some(at), 0);
        }
        let adult = facts.adults.len() as u32;
        if people.adult || over == Over::Adult {
            facts.adults.push("", Some(at), 0);
        }
        let child = facts.children.push(&format!("c{at}"), Some(at), 0);
        if people.sibling {
            facts.children.push(&format!("s{at}"), Some(at), 0);
        }
        let choice = facts.choices.push("", Some(child), 0);
        facts.choice_facility.push(0);
        facts.choice_number.push(1);
        let decline = facts.declines.len() as u32;
        if people.decline {
            facts.declines.push("", Some(child), 0);
        }
        for ((who, attribute), value) in solver.values(&mut facts) {
            let (entity, subjects) = match who {
                Who::Sibling => (Entity::Child, child + 1..child + 2),
                Who::AtHand(entity) => {
                    let (first, count) = match entity {
                        Entity::Round | Entity::Facility => (0, 1),
                        Entity::Household => (household, 1),
                        Entity::Guardian => (first_guardian, guardians),
                        Entity::Adult => (adult, 1),
                        Entity::Child => (child, 1),
                        Entity::Choice => (choice, 1),
                        Entity::Decline => (decline, 1),
                    };
                    (entity, first..first + count)
                }
            };
            stated.extend(subjects.map(|subject| (entity, subject, attribute, value)));
        }
    }
    for (entity, subject, attribute, value) in &stated {
        facts.table_mut(*entity).set(*subject, *attribute, *value);
    }
    facts.complete();
    // Once more: what would follow from other facts stands as stated.
    for (entity, subject, attribute, value) in stated {
        facts.table_mut(entity).set(subject, attribute, value);
    }
    Some(facts)
}
