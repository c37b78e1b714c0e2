//! Criteria whose keys also have the named values, since a list may hold one of those as the index.

use enmusubi_criteria::{
    Criteria, expression,
    model::{Key, Row, Table},
};
use enmusubi_scoring::Program;

/// Ids of added keys begin so.
const PREFIX: &str = "value_of_";

/// The same file with a key for each named value, behind its own.
pub fn with_values(criteria: &Criteria) -> Criteria {
    let mut file = criteria.clone();
    let mut add = |id: &str, label: &str, like: &Key| {
        // Made of an id only: it parses.
        if let Ok(value) = expression::parse(id, 0) {
            file.keys.push(Key {
                id: format!("{PREFIX}{id}").into(),
                label: label.into(),
                value: Some(value),
                higher_first: true,
                show: Vec::new(),
                together: false,
                ..like.clone()
            });
        }
    };
    if let Some(like) = criteria.keys.first() {
        for value in &criteria.values {
            add(&value.id, &value.label, like);
        }
    }
    // A value that no key can hold (of another scope) must not keep the round from being scored.
    match Program::compile(&file) {
        Ok(_) => file,
        Err(_) => criteria.clone(),
    }
}

/// Components of the scores that are plain numbers, higher first, in order: what could be an index.
pub fn numbers(criteria: &Criteria) -> Vec<u32> {
    let Ok(program) = Program::compile(criteria) else {
        return Vec::new();
    };
    let components = program.components(criteria);
    let components = (0u32..).zip(&components);
    components
        .filter(|(_, c)| c.is_number() && c.higher_first() && !c.key.is_some_and(|k| k.together))
        .map(|(at, _)| at)
        .collect()
}

/// Labels of components of the scores.
pub fn labels(criteria: &Criteria, of: &[u32]) -> Vec<String> {
    let Ok(program) = Program::compile(criteria) else {
        return Vec::new();
    };
    let components = program.components(criteria);
    of.iter()
        .filter_map(|&c| components.get(c as usize))
        .map(|c| c.label().to_owned())
        .collect()
}

/// The table of a row, and its place there.
pub fn row_of(criteria: &Criteria, (table, row): (u32, u32)) -> &Row {
    let table: &Table = &criteria.tables[table as usize];
    &table.rows[row as usize]
}
