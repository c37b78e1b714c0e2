//! What was found, as an ordinary criteria file: a table over guardians, one over applications, an index, and keys.

use super::{
    Found,
    columns::Column,
    keys::Key,
    shape::{Bounds, Level},
    sides::Sides,
};
use crate::messages;
use enmusubi_compare::cause::Cause;
use enmusubi_criteria::{
    Criteria, Document,
    aggregate::Aggregate,
    document::{Record, Scalar},
    edit::{number, put, record, rows, take},
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
const BEHIND: &str = "points_behind";
const TOGETHER: &str = "guardians_together";
const BOUNDED: &str = "others_together";

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
    let sides = found.model.sides;
    // Until their points are taken up from the causes, rows that wait for them give nothing.
    for (_, id) in sides.waiting.iter().filter_map(|c| c.row.as_ref()) {
        let row = record(&mut document, "row", id).ok()?;
        take(row, &["fill"]);
        put(row, "row", "points", Scalar::Integer(0));
    }
    let levels = &found.model.shape.0;
    for (at, level) in levels.iter().enumerate() {
        of_level(&mut document, found, at, level)?;
    }
    let tables = from_document(&document).0?;
    let own = base_of(sides, 0, levels.first()?)?;
    let keys = rows(&mut document, "key")?;
    let given: Vec<Record> = std::mem::take(keys);
    let given = given.into_iter().filter(|k| k.get("fill").is_none());
    for (at, level) in levels.iter().enumerate() {
        let (id, label) = named(at);
        keys.push(key_record(&id, &label, &id, level.lower));
    }
    for (nth, key) in found.keys.iter().enumerate() {
        let Key { text, lower, .. } = key;
        let id = format!("learned-key-{}", nth + 1);
        keys.push(key_record(&id, &said(&tables, &own, text), text, *lower));
    }
    keys.extend(given);
    document.arrange();
    let criteria = from_document(&document).0?;
    let wordings = Wordings::of(found);
    let causes = found.written().map(|(column, points)| {
        let points = Exact::whole(points);
        match (&column.row, column.over) {
            (Some((_, row)), _) => Cause::RowPoints {
                row: row.clone(),
                theirs: points,
            },
            (None, Over::Application) => Cause::missing(ADJUST, wordings.best(column), points),
            (None, _) => Cause::missing(BASE, wordings.best(column), points),
        }
    });
    Some(Written {
        document,
        criteria,
        causes: causes.collect(),
    })
}

/// Id and label of a level's points: the index, or what is compared behind it.
fn named(level: usize) -> (String, String) {
    match level {
        0 => (INDEX.to_owned(), "指数".to_owned()),
        _ => (
            format!("{BEHIND}_{level}"),
            format!("同点のときの点 {level}"),
        ),
    }
}

/// Points of a level as values of the file, bounds as changes of these.
fn of_level(document: &mut Document, found: &Found<'_>, at: usize, level: &Level) -> Option<()> {
    let sides = found.model.sides;
    let (id, label) = named(at);
    let mut write = |id: &str, label: &str, value: &str| -> Option<()> {
        let mut record = Record::default();
        put(&mut record, "value", "id", text(id));
        put(&mut record, "value", "label", text(label));
        put(&mut record, "value", "value", text(value));
        rows(document, "value")?.push(record);
        Some(())
    };
    let base = base_of(sides, at, level);
    let base = base.map(|base| value(level.together, &base));
    let tables = level.tables.iter().map(|t| &sides.tables[*t as usize]);
    let of_applications = tables.filter(|t| t.over == Over::Application);
    let other: Vec<&str> = of_applications.map(|t| &*t.id).collect();
    let mut parts: Vec<String> = Vec::new();
    let is_bounded = level.bounds != Bounds::default();
    let together = format!("{TOGETHER}_{at}");
    if is_bounded || level.set.is_some() {
        write(
            &together,
            "保護者の点の計",
            &base.unwrap_or_else(|| "0".to_owned()),
        )?;
        parts.push(together.clone());
    } else {
        parts.extend(base);
    }
    if is_bounded {
        write(BOUNDED, "世帯と児童の点の計", &other.join(" + "))?;
        parts.push(BOUNDED.to_owned());
    } else {
        parts.extend(other.iter().map(|t| (*t).to_owned()));
    }
    if at == 0 {
        parts.push(ADJUST.to_owned());
    }
    write(&id, &label, &parts.join(" + "))?;
    if let Some((column, to)) = level.set {
        let column = &found.columns[column];
        let to = Exact::whole(to).over(Exact::whole(2))?;
        let id = format!("{together}_set");
        let mut change = change_record(&id, "決めた値", &together);
        put(&mut change, "change", "when", text(column.texts.first()?));
        put(&mut change, "change", "set", number(&to.to_string()));
        rows(document, "change")?.push(change);
    }
    let Bounds { least, most, below } = level.bounds;
    for (id, label, field, bound) in [
        ("bounded_least", "下限", "at_least", least),
        ("bounded_most", "上限", "at_most", most),
    ] {
        let Some(bound) = bound else { continue };
        let mut change = change_record(id, label, BOUNDED);
        if let Some(below) = below.filter(|_| field == "at_most") {
            let below = Exact::whole(below).over(Exact::whole(2))?;
            put(
                &mut change,
                "change",
                "when",
                text(&format!("{together} < {below}")),
            );
        }
        put(&mut change, "change", field, Scalar::Integer(bound));
        rows(document, "change")?.push(change);
    }
    Some(())
}

/// Points of a guardian `g` at a level, in the criteria language; `None`: it has none.
pub(super) fn base_of(sides: &Sides, at: usize, level: &Level) -> Option<String> {
    let tables = level.tables.iter().map(|t| &sides.tables[*t as usize]);
    let of_guardians = tables.filter(|t| t.over != Over::Application);
    let own = of_guardians.map(|t| format!("g.{}", t.id));
    let own = own.chain((at == 0).then(|| format!("g.{BASE}")));
    own.reduce(|a, b| format!("{a} + {b}"))
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

fn change_record(id: &str, label: &str, value: &str) -> Record {
    let mut change = Record::default();
    put(&mut change, "change", "id", text(id));
    put(&mut change, "change", "value", text(value));
    put(&mut change, "change", "label", text(label));
    change
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
fn said(tables: &Criteria, own: &str, text: &str) -> String {
    if let Some(together) = Aggregate::ALL.into_iter().find(|t| value(*t, own) == *text) {
        let words = messages::learn(Lang::Japanese);
        let how = words.get(&format!("together-{}", together.name()), &[]);
        return words.get("together", &[("how", &how)]);
    }
    let read = expression::parse(text, 0);
    read.map_or_else(|_| text.to_owned(), |e| in_words_of(tables, &e))
}

/// What guardians' points of a table make together, in the criteria language.
#[must_use]
pub fn value(how: Aggregate, base: &str) -> String {
    let of = format!("guardians.{}(g, {base})", how.name());
    match how {
        Aggregate::Sum => of,
        _ => format!("(guardians.size() == 0 ? 0 : {of})"),
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
