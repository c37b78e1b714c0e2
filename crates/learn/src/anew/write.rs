//! What was found, as an ordinary criteria file: a table over guardians, one over applications, an index, and keys.

use super::{Found, columns::Column, keys::Key, model::Together};
use crate::messages;
use enmusubi_compare::cause::Cause;
use enmusubi_criteria::{
    Criteria, Document,
    document::{Record, Scalar},
    edit::{put, rows},
    expression, from_document, in_words_of,
    model::Over,
};
use enmusubi_domain::facts::Exact;
use enmusubi_selection::text_summary::Lang;
use std::collections::BTreeMap;

/// Names of what is written. A file that has the same already is not one to begin with.
pub(crate) const BASE: &str = "guardian_points";
pub(crate) const ADJUST: &str = "other_points";
pub(crate) const INDEX: &str = "all_points";

/// A file that has everything but the rows: tables, index and keys, and their rows as causes that are missing in it. What it says
/// about wishes, transfers, refusals and equals stays. `None`: it says something of its own by these names.
#[must_use]
pub fn written(skeleton: &Document, found: &Found<'_>) -> Option<Written> {
    let mut document = skeleton.clone();
    for (id, label, over) in [
        (BASE, "保護者の点", Some("guardian")),
        (ADJUST, "世帯と児童の点", None),
    ] {
        let mut table = Record::default();
        put(&mut table, "table", "id", text(id));
        put(&mut table, "table", "label", text(label));
        if let Some(over) = over {
            put(&mut table, "table", "over", text(over));
        }
        put(&mut table, "table", "take", text("sum"));
        rows(&mut document, "table")?.push(table);
    }
    let mut base = format!("g.{BASE}");
    let mut other = ADJUST.to_owned();
    for (column, times) in found.rows() {
        let Some(table) = &column.judged else {
            continue;
        };
        let times = if times == 1 {
            String::new()
        } else {
            format!("{times} * ")
        };
        match column.over {
            Over::Application => other = format!("{other} + {times}{table}"),
            _ => base = format!("{base} + {times}g.{table}"),
        }
    }
    let mut value = Record::default();
    put(&mut value, "value", "id", text(INDEX));
    put(&mut value, "value", "label", text("指数"));
    let base = found.model.together.value(&base);
    put(
        &mut value,
        "value",
        "value",
        text(&format!("{base} + {other}")),
    );
    rows(&mut document, "value")?.push(value);
    let tables = from_document(&document).0?;
    let keys = rows(&mut document, "key")?;
    let given: Vec<Record> = std::mem::take(keys);
    let given = given.into_iter().filter(|k| k.get("fill").is_none());
    keys.push(key_record(INDEX, "指数", INDEX, false));
    for (nth, key) in found.keys.iter().enumerate() {
        let Key { text, lower, .. } = key;
        let id = format!("learned-key-{}", nth + 1);
        keys.push(key_record(&id, &said(&tables, text), text, *lower));
    }
    keys.extend(given);
    document.arrange();
    let criteria = from_document(&document).0?;
    let wordings = Wordings::of(found);
    let conditions = found.rows().filter(|(c, _)| c.judged.is_none());
    let causes = conditions.map(|(column, points)| {
        let table = if column.over == Over::Application {
            ADJUST
        } else {
            BASE
        };
        Cause::missing(table, wordings.best(column), Exact::whole(points))
    });
    Some(Written {
        document,
        criteria,
        causes: causes.collect(),
    })
}

/// What was found, in the terms of criteria files.
#[derive(Debug, Clone)]
pub struct Written {
    /// Everything but the rows.
    pub document: Document,
    /// The same, checked.
    pub criteria: Criteria,
    /// The rows, as causes that are missing in it.
    pub causes: Vec<Cause>,
}

fn key_record(id: &str, label: &str, value: &str, lower: bool) -> Record {
    let mut key = Record::default();
    put(&mut key, "key", "id", text(id));
    put(&mut key, "key", "label", text(label));
    put(&mut key, "key", "value", text(value));
    if lower {
        put(&mut key, "key", "order", text("lower"));
    }
    key
}

fn text(text: &str) -> Scalar {
    Scalar::Text(text.into())
}

/// A value in the words of the vocabulary, and of the tables of a file.
fn said(tables: &Criteria, text: &str) -> String {
    let own = format!("g.{BASE}");
    if let Some(together) = Together::ALL.into_iter().find(|t| t.value(&own) == *text) {
        let words = messages::learn(Lang::Japanese);
        let how = words.get(&format!("together-{}", together.name()), &[]);
        return words.get("together", &[("how", &how)]);
    }
    let read = expression::parse(text, 0);
    read.map_or_else(|_| text.to_owned(), |e| in_words_of(tables, &e))
}

impl Together {
    /// What guardians' points of the table make together, in the criteria language.
    #[must_use]
    pub fn value(self, base: &str) -> String {
        let of = match self {
            Self::Sum => return format!("guardians.sum(g, {base})"),
            Self::Lowest => "lowest",
            Self::Highest => "highest",
            Self::Average => "average",
        };
        format!("(guardians.size() == 0 ? 0 : guardians.{of}(g, {base}))")
    }
}

/// Of several wordings that hold for the same, the one whose fact other rows speak of.
struct Wordings(BTreeMap<String, usize>);

impl Wordings {
    fn of(found: &Found<'_>) -> Self {
        let mut count = BTreeMap::new();
        for (column, _) in found.rows() {
            let mut facts: Vec<&str> = column.texts.iter().map(|t| fact(t)).collect();
            facts.sort_unstable();
            facts.dedup();
            for fact in facts {
                *count.entry(fact.to_owned()).or_insert(0) += 1;
            }
        }
        Self(count)
    }

    fn best<'c>(&self, column: &'c Column) -> &'c str {
        let worth = |text: &&String| self.0.get(fact(text)).copied().unwrap_or(0);
        let mut texts = column.texts.iter();
        let first = texts.next();
        let best = first.map(|first| {
            texts.fold(first, |best, text| {
                if worth(&text) > worth(&best) {
                    text
                } else {
                    best
                }
            })
        });
        best.map_or("true", |t| t)
    }
}

fn fact(text: &str) -> &str {
    text.split([' ', ')']).next().unwrap_or(text)
}
