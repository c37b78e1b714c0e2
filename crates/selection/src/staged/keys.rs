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
    expression::{Expression, Kind},
    model::Key,
};
use enmusubi_domain::facts::{Exact, RoundFacts, words::Tongue};
use enmusubi_scoring::{Program, Scores, shown::Component as Typed};
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
    // Scores come from a file that compiles; without one, values would be shown as the numbers they are.
    let program = Program::compile(criteria).ok();
    let typed = program.map_or_else(Vec::new, |p| p.components(criteria));
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
        let count = rows.len().checked_div(width).unwrap_or(0);
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
        let mut last: Option<usize> = None;
        for x in person.choices.clone() {
            let key = scores.key(origin[x as usize]);
            if let Some(last) = last
                && scores.key(origin[last]) == key
            {
                (choices[x as usize].key, choices[x as usize].apart) =
                    (choices[last].key, choices[last].apart);
                continue;
            }
            last = Some(x as usize);
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
        let typed = typed.get(component.at);
        values.extend(places.values.iter().map(|&v| -> Box<str> {
            match typed {
                Some(typed) => typed.shown(v, Tongue::Japanese).into(),
                None => v.to_string().into(),
            }
        }));
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
            kind: kind_of(criteria, c, typed.get(c.at)),
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
/// and values, higher first, shown as a plain number.
fn kind_of(criteria: &Criteria, component: &Component<'_>, typed: Option<&Typed<'_>>) -> KeyKind {
    let Some(key) = component.key else {
        return KeyKind::Stratum;
    };
    let named = key
        .value
        .as_ref()
        .is_some_and(|v| names_points(criteria, v));
    let points = named && typed.is_some_and(Typed::is_number) && !key.together;
    match key.higher_first {
        true if points => KeyKind::Points,
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
