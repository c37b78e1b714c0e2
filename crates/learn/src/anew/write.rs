//! What was found, as an ordinary criteria file: a table over guardians, one over applications, an index, and keys.

use super::{Found, columns::Column, keys::Key, model::Together};
use enmusubi_criteria::{
    Criteria, Document,
    document::{Record, Scalar},
    edit::{number, put, rows},
    expression, from_document, in_words,
    model::Over,
};
use std::collections::BTreeMap;

/// Names of what is written. A file that has the same already is not one to begin with.
pub(crate) const BASE: &str = "base";
pub(crate) const ADJUST: &str = "adjust";
pub(crate) const INDEX: &str = "index";

/// Writes points and keys into a file that has neither: what it says about wishes, transfers, refusals and equals stays.
/// `None`: the file cannot say it, or says something of its own by these names.
#[must_use]
pub fn written(skeleton: &Document, found: &Found<'_>) -> Option<(Document, Criteria)> {
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
    let wordings = Wordings::of(found);
    for (nth, (column, points)) in found.rows().enumerate() {
        let when = wordings.best(column);
        let over = if column.over == Over::Application { ADJUST } else { BASE };
        let mut row = Record::default();
        put(&mut row, "row", "id", text(&format!("learned-{}", nth + 1)));
        put(&mut row, "row", "table", text(over));
        put(&mut row, "row", "label", text(&said(when)));
        put(&mut row, "row", "when", text(when));
        put(&mut row, "row", "points", number(&points.to_string()));
        rows(&mut document, "row")?.push(row);
    }
    let mut value = Record::default();
    put(&mut value, "value", "id", text(INDEX));
    put(&mut value, "value", "label", text("指数"));
    let base = found.model.together.value();
    put(&mut value, "value", "value", text(&format!("{base} + {ADJUST}")));
    rows(&mut document, "value")?.push(value);
    let keys = rows(&mut document, "key")?;
    let given: Vec<Record> = std::mem::take(keys);
    let given = given.into_iter().filter(|k| k.get("fill").is_none());
    keys.push(key_record(INDEX, "指数", INDEX, false));
    for (nth, key) in found.keys.iter().enumerate() {
        let Key { text, lower, .. } = key;
        keys.push(key_record(&format!("learned-key-{}", nth + 1), &said(text), text, *lower));
    }
    keys.extend(given);
    document.arrange();
    let (criteria, diagnostics) = from_document(&document);
    if criteria.is_none() && std::env::var("SHOW").is_ok() {
        eprintln!("{diagnostics:?}");
    }
    Some((document, criteria?))
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

/// A condition or value in the words of the vocabulary.
fn said(text: &str) -> String {
    expression::parse(text, 0).map_or_else(|_| text.to_owned(), |e| in_words(&e))
}

impl Together {
    /// What guardians' points of the table make together, in the criteria language.
    #[must_use]
    pub fn value(self) -> String {
        let of = match self {
            Self::Sum => return format!("guardians.sum(g, g.{BASE})"),
            Self::Lowest => "lowest",
            Self::Highest => "highest",
            Self::Average => "average",
        };
        format!("(guardians.size() == 0 ? 0 : guardians.{of}(g, g.{BASE}))")
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
                if worth(&text) > worth(&best) { text } else { best }
            })
        });
        best.map_or("true", |t| t)
    }
}

fn fact(text: &str) -> &str {
    text.split([' ', ')']).next().unwrap_or(text)
}
