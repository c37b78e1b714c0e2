//! A row that is written nowhere: a condition over one or two facts, with points.

use super::{Ground, Trial};
use enmusubi_compare::cause::Cause;
use enmusubi_criteria::{
    Criteria, Expression, expression,
    model::{Grade, IfUnknown, Over, Points, Row, Source, Take},
};
use enmusubi_domain::facts::{
    Attribute, AttributeIx, Entity, Exact, Type, Value, vocabulary::of_entity,
};
use enmusubi_synth::rng::Rng;
use std::collections::HashSet;

/// The staff add (or take) points for something that the file does not name.
pub(super) fn unwritten(ground: &Ground, rng: &mut Rng) -> Option<Trial> {
    let tables = &ground.ours.criteria.tables;
    let tables: Vec<_> = tables
        .iter()
        .filter(|t| t.over == Over::Application && t.take == Take::Sum)
        .collect();
    let table = tables.get(rng.index(tables.len()))?;
    let market = &ground.decided.compiled;
    let child = *market.rows.get(rng.index(market.rows.len()))?;
    let mut when = condition(ground, child, rng)?;
    if rng.chance(300) {
        let second = condition(ground, child, rng)?;
        if second == when {
            return None;
        }
        when = format!("{when} && {second}");
    }
    let parsed = expression::parse(&when, 0).ok()?;
    // What a row says already is a question of that row's points.
    let rows = tables.iter().flat_map(|t| &t.rows);
    if rows.clone().any(|r| r.when.as_ref() == Some(&parsed)) {
        return None;
    }
    let sizes: Vec<Exact> = table.rows.iter().filter_map(Row::plain_points).collect();
    let points = match sizes.get(rng.index(sizes.len())) {
        Some(&n) if n != Exact::ZERO => n,
        _ => Exact::whole(3),
    };
    let (table, when): (Box<str>, Box<str>) = (table.id.clone(), when.into());
    let (to, text) = (table.clone(), when.clone());
    Some(Trial {
        edit: Box::new(move |hands| add(&mut hands.criteria, &to, &text, points)),
        in_ours: false,
        about: format!("unwritten {when}"),
        cause: Cause::RowMissing {
            table,
            when,
            points,
        },
    })
}

fn add(criteria: &mut Criteria, table: &str, when: &str, points: Exact) {
    let (Ok(when), Some(table)) = (
        expression::parse(when, 0),
        criteria.tables.iter_mut().find(|t| *t.id == *table),
    ) else {
        return;
    };
    let span = table.span.clone();
    table.rows.push(Row {
        id: format!("not-written-{}", table.rows.len()).into(),
        label: "どこにも書かれていない加点".into(),
        parents: None,
        band: None,
        when: Some(when),
        points: Points::Expression(Expression::number(points, span.clone())),
        group: None,
        excludes: Vec::new(),
        if_unknown: IfUnknown::Undecided,
        source: Source {
            document: None,
            page: None,
            grade: Grade::ToBeFilled,
        },
        note: None,
        span,
    });
}

/// A condition over one fact that holds for a child.
fn condition(ground: &Ground, child: u32, rng: &mut Rng) -> Option<String> {
    let facts = &ground.ours.facts;
    let household = facts.household_of(child);
    let entity = [Entity::Household, Entity::Guardian, Entity::Child][rng.index(3)];
    let subject = match entity {
        Entity::Household => household,
        Entity::Guardian => facts.index.guardians[household as usize].clone().next()?,
        _ => child,
    };
    let attributes: Vec<(AttributeIx, &Attribute)> = of_entity(entity)
        .filter(|(at, a)| {
            facts.table(entity).column(*at).is_some()
                && !["application", "lottery_number"].contains(&a.name)
        })
        .collect();
    let &(at, attribute) = attributes.get(rng.index(attributes.len()))?;
    let who = match entity {
        Entity::Guardian => "g",
        _ => entity.name(),
    };
    let name = format!("{who}.{}", attribute.name);
    let text = match (facts.get(subject, at), attribute.ty) {
        (Value::Bool(true), _) => name,
        (Value::Enum(n), Type::Enum(values)) if n > 0 => {
            format!("{name} == '{}'", values.values.get(n as usize)?.0)
        }
        (Value::Set(bits), Type::Set(values)) if bits != 0 => {
            let first = bits.trailing_zeros() as usize;
            format!("'{}' in {name}", values.values.get(first)?.0)
        }
        (Value::Number(n), ty) if few(ground, entity, at) && n > Exact::ZERO => match ty {
            Type::Quantity(unit) => format!("{name} >= {}({n})", unit.name()),
            _ => format!("{name} >= {n}"),
        },
        _ => return None,
    };
    Some(match entity {
        Entity::Guardian => format!("guardians.exists(g, {text})"),
        _ => text,
    })
}

/// Whether a number takes few values: rules have thresholds that people remember.
fn few(ground: &Ground, entity: Entity, at: AttributeIx) -> bool {
    let column = ground.ours.facts.table(entity).column(at).unwrap_or(&[]);
    let values = column.iter().filter_map(|v| match v {
        Value::Number(n) => Some(*n),
        _ => None,
    });
    values.collect::<HashSet<Exact>>().len() <= 12
}
