//! Priority keys of a round of facts: strata, the declared keys, the tie-break. Compared component by
//! component, exactly; nothing is packed into digits.

use super::Applicants;
use crate::{
    compile::{
        judged::{JudgedChoice, KeyRows},
        ties::TieBreak,
    },
    compiled::{KeyComponent, KeyKind, KeyTable, Ties},
};
use enmusubi_criteria::{
    Criteria,
    expression::{Binary, Expression, Kind, Unary},
    model::Key,
};
use enmusubi_domain::facts::{
    Entity, Exact, RoundFacts, Type,
    vocabulary::{VOCABULARY, find},
};
use enmusubi_scoring::Scores;
use jiff::{ToSpan, civil::date};
use std::collections::HashMap;

/// A component of the key.
struct Component<'a> {
    /// Position in a key of [`Scores`].
    at: usize,
    /// The key; `None`: the strata.
    key: Option<&'a Key>,
}

/// The components that compare: all, or those before the first key that is to be filled. Behind it
/// nothing may decide: what comes first is not known.
fn components(criteria: &Criteria) -> (Vec<Component<'_>>, Vec<Box<str>>) {
    let mut list = Vec::new();
    let mut at = 0;
    if !criteria.strata.is_empty() {
        list.push(Component { at, key: None });
        at += 1;
    }
    for (k, key) in criteria.keys.iter().enumerate() {
        if key.value.is_none() {
            let rest = &criteria.keys[k..];
            return (list, rest.iter().map(|k| k.label.clone()).collect());
        }
        list.push(Component { at, key: Some(key) });
        at += 1;
    }
    (list, Vec::new())
}

/// Whether a household is one for which a key compares whether its new applicants enter together.
pub(super) fn asks_together(
    criteria: &Criteria,
    scores: &Scores,
    facts: &RoundFacts,
    household: u32,
) -> bool {
    let (components, _) = components(criteria);
    let mut asked = components
        .iter()
        .filter(|c| c.key.is_some_and(|k| k.together))
        .peekable();
    if asked.peek().is_none() {
        return false;
    }
    let children = facts.index.children[household as usize].clone();
    let choices = children.flat_map(|c| facts.index.choices[c as usize].clone());
    let keys: Vec<_> = choices.map(|x| scores.key(x)).collect();
    asked.any(|c| {
        keys.iter()
            .any(|k| k[c.at].is_some_and(|v| v != Exact::ZERO))
    })
}

/// Numbers the keys of all choices, best first. Also gives the labels of the keys that do not
/// compare.
pub(super) fn number(
    facts: &RoundFacts,
    criteria: &Criteria,
    scores: &Scores,
    ties: &Ties,
    people: &Applicants,
    origin: &[u32],
    choices: &mut [JudgedChoice],
) -> (KeyRows, Vec<Box<str>>) {
    let (components, unfilled) = components(criteria);
    let child = |p: usize| people.list[p].child as usize;
    let tie = TieBreak::of(
        ties,
        people.list.len(),
        |p| &facts.children.ids[child(p)],
        |p| facts.children.rows[child(p)],
    );
    let has_tie = tie.component.is_some();
    let width = components.len() + usize::from(has_tie);

    // Per component: every value that occurs, best first, each once.
    let places: Vec<Places> = components
        .iter()
        .map(|c| Places::of(scores, c, origin))
        .collect();

    // Rows of places, written down once for each run of equal ones (most children have one key at
    // all their choices).
    let mut rows: Vec<u32> = Vec::new();
    let mut row = vec![0u32; width];
    let add = |rows: &mut Vec<u32>, row: &[u32]| -> u32 {
        let count = if width == 0 { 0 } else { rows.len() / width };
        let before = count.saturating_sub(2) * width;
        for (back, known) in rows[before..].chunks(width.max(1)).enumerate() {
            if known == row {
                return (count.saturating_sub(2) + back) as u32;
            }
        }
        rows.extend_from_slice(row);
        count as u32
    };
    let any_together = components.iter().any(|c| c.key.is_some_and(|k| k.together));
    for (p, person) in people.list.iter().enumerate() {
        if has_tie {
            row[width - 1] = tie.place[p];
        }
        for x in person.choices.clone() {
            let key = scores.key(origin[x as usize]);
            for ((slot, component), places) in row.iter_mut().zip(&components).zip(&places) {
                *slot = places.place(key[component.at]);
            }
            let choice = &mut choices[x as usize];
            choice.key = add(&mut rows, &row);
            choice.apart = choice.key;
            if any_together {
                for ((slot, component), places) in row.iter_mut().zip(&components).zip(&places) {
                    if component.key.is_some_and(|k| k.together) {
                        *slot = places.place(Some(Exact::ZERO));
                    }
                }
                choice.apart = add(&mut rows, &row);
            }
        }
    }

    let at = |r: u32| &rows[r as usize * width..(r as usize + 1) * width];
    let count = choices
        .iter()
        .map(|x| x.key.max(x.apart) + 1)
        .max()
        .unwrap_or(0);
    let mut sorted: Vec<u32> = (0..count).collect();
    sorted.sort_unstable_by(|&a, &b| at(a).cmp(at(b)));
    let mut number = vec![0u32; count as usize];
    let mut distinct: Vec<u32> = Vec::new();
    for &r in &sorted {
        if distinct.last().is_none_or(|&last| at(last) != at(r)) {
            distinct.push(r);
        }
        number[r as usize] = distinct.len() as u32 - 1;
    }
    for choice in choices.iter_mut() {
        choice.key = number[choice.key as usize];
        choice.apart = number[choice.apart as usize];
    }

    let mut values: Vec<Box<str>> = Vec::new();
    let mut starts = Vec::with_capacity(width);
    for (component, places) in components.iter().zip(&places) {
        starts.push(values.len() as u32);
        let shown = Shown::of(criteria, component);
        values.extend(places.values.iter().map(|&v| shown.text(v)));
    }
    if has_tie {
        // Places of the tie-break are not positions of the texts: bring those into that order.
        starts.push(values.len() as u32);
        let mut by_place = vec![Box::<str>::from(""); tie.text.len()];
        for (text, &place) in tie.text.iter().zip(&tie.place) {
            by_place[place as usize] = text.clone();
        }
        values.extend(by_place);
    }
    let index = distinct
        .iter()
        .flat_map(|&r| at(r).iter().zip(&starts).map(|(v, start)| v + start))
        .collect();
    let labels = components
        .iter()
        .map(|c| KeyComponent {
            label: c.key.map_or("優先区分", |k| &*k.label).to_owned(),
            kind: kind_of(criteria, c),
        })
        .chain(tie.component)
        .collect();
    let rows = KeyRows {
        components: labels,
        table: KeyTable {
            values,
            index,
            components: width as u32,
        },
        count: distinct.len() as u32,
    };
    (rows, unfilled)
}

/// The values of one component, best first.
struct Places {
    values: Vec<Exact>,
    place: HashMap<Exact, u32>,
}

impl Places {
    fn of(scores: &Scores, component: &Component<'_>, origin: &[u32]) -> Self {
        let mut values: Vec<Exact> = Vec::new();
        let mut last = None;
        let mut seen = HashMap::new();
        for &x in origin {
            let value = scores.key(x)[component.at];
            if value != last
                && let Some(v) = value
                && seen.insert(v, 0).is_none()
            {
                values.push(v);
            }
            last = value;
        }
        if component.key.is_some_and(|k| k.together) && seen.insert(Exact::ZERO, 0).is_none() {
            values.push(Exact::ZERO);
        }
        values.sort_unstable();
        if component.key.is_some_and(|k| k.higher_first) {
            values.reverse();
        }
        for (at, v) in values.iter().enumerate() {
            seen.insert(*v, at as u32);
        }
        Self {
            values,
            place: seen,
        }
    }

    /// Place of a value; a refused choice may have none, and is never compared.
    fn place(&self, value: Option<Exact>) -> u32 {
        value.and_then(|v| self.place.get(&v).copied()).unwrap_or(0)
    }
}

/// What is compared, for the reader of a reason. The index is a key made of the file's own tables
/// and values, higher first, shown as a number.
fn kind_of(criteria: &Criteria, component: &Component<'_>) -> KeyKind {
    let Some(key) = component.key else {
        return KeyKind::Stratum;
    };
    let points = key
        .value
        .as_ref()
        .is_some_and(|v| names_points(criteria, v) && shape(v) == Shape::Number);
    match key.higher_first {
        true if points && key.show.is_empty() && !key.together => KeyKind::Points,
        true => KeyKind::Higher,
        false => KeyKind::Lower,
    }
}

fn names_points(criteria: &Criteria, expression: &Expression) -> bool {
    let known = |name: &str| {
        criteria.tables.iter().any(|t| *t.id == *name)
            || criteria.values.iter().any(|v| *v.id == *name)
    };
    let inside = |e: &Expression| names_points(criteria, e);
    match &expression.kind {
        Kind::Name(name) => known(name),
        Kind::Number(_) | Kind::Text(_) | Kind::Bool(_) => false,
        Kind::Member(of, name) => known(&name.text) || inside(of),
        Kind::List(list) | Kind::Call(_, list) => list.iter().any(inside),
        Kind::Method(of, _, list) => inside(of) || list.iter().any(inside),
        Kind::Unary(_, a) => inside(a),
        Kind::Binary(_, a, b) => inside(a) || inside(b),
        Kind::Choose(_, a, b) => inside(a) || inside(b),
    }
}

/// What a key's value is, as far as its expression shows it: keys are compared as numbers, and people
/// read them as what they were.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Number,
    Bool,
    Day,
}

fn shape(expression: &Expression) -> Shape {
    match &expression.kind {
        Kind::Bool(_) | Kind::Unary(Unary::Not, _) => Shape::Bool,
        Kind::Binary(
            Binary::Or
            | Binary::And
            | Binary::Equal
            | Binary::NotEqual
            | Binary::Less
            | Binary::LessOrEqual
            | Binary::Greater
            | Binary::GreaterOrEqual
            | Binary::In,
            ..,
        ) => Shape::Bool,
        Kind::Call(name, _) if &*name.text == "known" => Shape::Bool,
        Kind::Call(name, _) if &*name.text == "date" => Shape::Day,
        Kind::Call(name, list) if matches!(&*name.text, "min" | "max" | "clamp") => {
            list.first().map_or(Shape::Number, shape)
        }
        Kind::Method(_, name, _) if matches!(&*name.text, "exists" | "all") => Shape::Bool,
        Kind::Method(_, name, list) if matches!(&*name.text, "lowest" | "highest") => {
            list.last().map_or(Shape::Number, shape)
        }
        Kind::Choose(_, a, _) => shape(a),
        Kind::Member(of, name) => {
            let Kind::Name(entity) = &of.kind else {
                return Shape::Number;
            };
            let entity = Entity::ALL.iter().find(|e| e.name() == &**entity);
            let attribute = entity.and_then(|&e| find(e, &name.text));
            match attribute.map(|a| VOCABULARY[a as usize].ty) {
                Some(Type::Bool) => Shape::Bool,
                Some(Type::Date) => Shape::Day,
                _ => Shape::Number,
            }
        }
        _ => Shape::Number,
    }
}

/// How the values of a component are shown.
struct Shown<'a> {
    criteria: &'a Criteria,
    key: Option<&'a Key>,
    shape: Shape,
}

impl<'a> Shown<'a> {
    fn of(criteria: &'a Criteria, component: &Component<'a>) -> Self {
        let value = component.key.and_then(|k| k.value.as_ref());
        let named = |e: &Expression| match &e.kind {
            // A named condition.
            Kind::Name(name) => criteria.conditions.iter().any(|c| c.id == *name),
            _ => false,
        };
        Self {
            criteria,
            key: component.key,
            shape: match value {
                Some(e) if named(e) => Shape::Bool,
                Some(e) => shape(e),
                None => Shape::Number,
            },
        }
    }

    fn text(&self, value: Exact) -> Box<str> {
        let Some(key) = self.key else {
            let at = value.as_whole().and_then(|n| usize::try_from(n).ok());
            let stratum = at.and_then(|at| self.criteria.strata.get(at));
            return stratum.map_or_else(|| "該当なし".into(), |s| s.label.clone());
        };
        if let Some((_, text)) = key.show.iter().find(|(v, _)| *v == value) {
            return text.clone();
        }
        match (self.shape, value.as_whole()) {
            (Shape::Bool, Some(0)) => "該当なし".into(),
            (Shape::Bool, Some(_)) => "該当".into(),
            (Shape::Day, Some(days)) => date(1970, 1, 1)
                .checked_add(days.days())
                .map_or_else(|_| value.to_string().into(), |d| d.to_string().into()),
            _ => value.to_string().into(),
        }
    }
}

/// The key of a choice as people see it, component by component; `None` where a value is unknown. Keys to
/// be filled are left out, as in [`Scores`].
#[must_use]
pub fn shown_key(criteria: &Criteria, key: &[Option<Exact>]) -> Vec<Option<Box<str>>> {
    let all = all_components(criteria);
    all.iter()
        .map(|c| {
            let shown = Shown::of(criteria, c);
            key.get(c.at).copied().flatten().map(|v| shown.text(v))
        })
        .collect()
}

/// Labels of the components of a key in [`Scores`].
#[must_use]
pub fn key_labels(criteria: &Criteria) -> Vec<Box<str>> {
    all_components(criteria)
        .iter()
        .map(|c| c.key.map_or_else(|| "優先区分".into(), |k| k.label.clone()))
        .collect()
}

fn all_components(criteria: &Criteria) -> Vec<Component<'_>> {
    let strata = usize::from(!criteria.strata.is_empty());
    let first = (strata == 1).then_some(Component { at: 0, key: None });
    let filled = criteria.keys.iter().filter(|k| k.value.is_some());
    let keys = filled.enumerate().map(|(i, key)| Component {
        at: strata + i,
        key: Some(key),
    });
    first.into_iter().chain(keys).collect()
}
