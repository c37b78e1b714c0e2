//! Results of a recognition program (AI-OCR): a table of papers, items, values and confidences.

use super::{
    assemble,
    form::{self, FORM, NAMES, address},
    kinds::kind,
    marks,
    model::Certificate,
    page,
    raw::{Found, Item, Place, Raw},
    text::unread,
};
use crate::{
    Source, Text, dates,
    diagnostic::{At, Diagnostics, kind as common},
    table::{Row, Table},
    workbook::kind as round,
};
use enmusubi_domain::facts::Exact;
use enmusubi_domain::individual;
use std::{
    collections::{BTreeMap, HashMap},
    ops::ControlFlow,
    sync::LazyLock,
};
use unicode_normalization::UnicodeNormalization as _;

/// A certificate from recognised values.
#[derive(Debug, Clone)]
pub struct Recognised {
    /// 書類番号, as the table has it.
    pub document: String,
    /// The certificate. Items that the table does not name are unread.
    pub certificate: Certificate,
}

/// What a name in the table stands for.
#[derive(Debug, Clone, Copy)]
enum Named {
    /// An item.
    Item(&'static str),
    /// What an item's parts begin with (`date` of `date.y`).
    Stem(&'static str),
}

/// Names without width and white space.
static NAMED: LazyLock<HashMap<String, Named>> = LazyLock::new(|| {
    let stems = NAMES.iter().flat_map(|(stem, name)| {
        [
            (even(stem), Named::Stem(stem)),
            (even(name), Named::Stem(stem)),
        ]
    });
    let items = FORM.places.keys().flat_map(|id| {
        [
            (even(id), Named::Item(id)),
            (even(&form::name_of(id)), Named::Item(id)),
        ]
    });
    stems.chain(items).collect()
});

fn even(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// A row of the table.
struct Line {
    row: u32,
    /// Column of the value.
    column: usize,
    document: String,
    item: String,
    value: String,
    confidence: String,
}

/// Reads a table (CSV or XLSX, its first sheet) with the columns 書類番号, 項目, 値 and 確信度, one row for each item.
/// Items are named by our ids or by their Japanese names; a day, a band of time and an option may be given whole by the
/// name of the item. Values below `least` percent of confidence, and those without one, are to be checked.
#[must_use]
pub fn from_rows(source: &Source<'_>, least: u8) -> (Vec<Recognised>, Diagnostics) {
    let mut all = Diagnostics::default();
    let lines = lines(source, &mut all);
    if all.has_errors() {
        return (Vec::new(), all);
    }
    // 0.97 or 97: the same throughout a table.
    let number = |l: &Line| Exact::parse(even(&l.confidence).trim_end_matches('%'));
    let percent = lines
        .iter()
        .any(|l| l.confidence.contains(['%', '％']) || number(l).is_some_and(|n| n > Exact::ONE));
    let scale = Exact::whole(if percent { 1 } else { 100 });
    let mut papers: Vec<(String, Raw)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for line in &lines {
        let confidence = number(line).and_then(|n| n.times(scale));
        let fits = confidence.is_some_and(|c| c >= Exact::ZERO && c <= Exact::whole(100));
        let at = At::cell(line.row, "確信度", &line.confidence);
        if !fits && !line.confidence.is_empty() {
            all.add(&kind::BAD_CONFIDENCE, source.name, at);
        }
        let check = !fits || confidence.is_none_or(|c| c < Exact::whole(i64::from(least)));
        if check && !line.value.is_empty() {
            all.add_with(&kind::LOW_CONFIDENCE, source.name, at, || {
                let said = format!("{} {}", line.document, line.item);
                Text::new(said.clone(), said)
            });
        }
        let paper = *places.entry(line.document.clone()).or_insert_with(|| {
            papers.push((line.document.clone(), Raw::default()));
            papers.len() - 1
        });
        let Some((_, raw)) = papers.get_mut(paper) else {
            continue;
        };
        let Some(parts) = parts(&line.item, &line.value) else {
            all.add(
                &kind::UNKNOWN_ITEM,
                source.name,
                At::cell(line.row, "項目", &line.item),
            );
            continue;
        };
        for (id, text) in parts {
            insert(raw, id, text, line, check, source.name, &mut all);
        }
    }
    let finish = |(document, mut raw): (String, Raw)| {
        missing(&mut raw);
        let file = format!("{}（{document}）", source.name);
        Recognised {
            certificate: assemble::certificate(&raw, &file, &mut all),
            document,
        }
    };
    (papers.into_iter().map(finish).collect(), all)
}

fn insert(
    raw: &mut Raw,
    id: String,
    text: String,
    line: &Line,
    check: bool,
    file: &str,
    all: &mut Diagnostics,
) {
    let item = Item {
        text,
        place: Place {
            name: address(line.row, line.column).into(),
            row: line.row,
        },
        found: Found::Named,
        check,
        broken: false,
    };
    match raw.0.get_mut(&id) {
        Some(other) if other.text != item.text => {
            other.broken = true;
            all.add_with(
                &kind::ITEM_TWICE,
                file,
                At::cell(line.row, "値", &item.text),
                || {
                    let said = format!("{} {}", line.document, line.item);
                    Text::new(said.clone(), said)
                },
            );
        }
        Some(other) => other.check |= check,
        None => drop(raw.0.insert(id, item)),
    }
}

/// Items that nobody named: not known to be blank. Of parts and options, one that is named speaks for the others.
fn missing(raw: &mut Raw) {
    let mut stems: BTreeMap<&str, bool> = BTreeMap::new();
    let stem = |id: &'static str| {
        let stem = id.rsplit_once('.').map_or(id, |(stem, _)| stem);
        // A name, an address and a facility are no parts of each other; nor are the numbers of an item.
        let end = id.rsplit('.').next().unwrap_or(id);
        let part = matches!(
            end,
            "y" | "m" | "d" | "sh" | "sm" | "eh" | "em" | "break" | "1" | "2" | "3"
        );
        let own = form::is_text(id)
            || matches!(
                end,
                "hours" | "minutes" | "days" | "days_per_month" | "days_per_week"
            );
        if part && id != "fixed.break" && id != "variable.break" || !own && !part {
            stem
        } else {
            id
        }
    };
    for id in FORM.places.keys() {
        *stems.entry(stem(id)).or_default() |= raw.0.contains_key(*id);
    }
    // Hours stated without minutes have none, and a break that is not named is none of the hours.
    for (part, of) in [
        ("fixed.minutes", "fixed.hours"),
        ("variable.minutes", "variable.hours"),
    ] {
        if raw.0.contains_key(of) {
            stems.insert(part, true);
        }
    }
    for id in FORM.places.keys() {
        if !stems.get(stem(id)).copied().unwrap_or(false) {
            raw.0.insert((*id).to_owned(), unread());
        }
    }
}

/// The items that a row gives: its own, or the parts of a whole. `None`: no such item, or a whole that is none.
fn parts(name: &str, value: &str) -> Option<Vec<(String, String)>> {
    let text = even(value);
    let stem = match NAMED.get(&even(name))? {
        Named::Item(id) => return Some(vec![((*id).to_owned(), value.trim().to_owned())]),
        Named::Stem(stem) => *stem,
    };
    let has = |end: &str| FORM.places.contains_key(format!("{stem}.{end}").as_str());
    let part = |end: &str, text: String| (format!("{stem}.{end}"), text);
    if has("y") && has("d") {
        if text.is_empty() {
            return Some(["y", "m", "d"].map(|e| part(e, String::new())).into());
        }
        return Some(match dates::parse(value) {
            Ok(day) => vec![
                part("y", day.year().to_string()),
                part("m", day.month().to_string()),
                part("d", day.day().to_string()),
            ],
            // Told as what it is, in the field of the year.
            Err(_) => vec![part("y", value.trim().to_owned())],
        });
    }
    if has("sh") {
        let ends = text
            .split_once(['~', '〜', '-'])
            .map(|(s, e)| (s.split_once(':'), e.split_once(':')));
        return match ends {
            Some((Some((sh, sm)), Some((eh, em)))) => Some(
                [("sh", sh), ("sm", sm), ("eh", eh), ("em", em)]
                    .map(|(e, t)| part(e, t.to_owned()))
                    .into(),
            ),
            _ if text.is_empty() => Some(
                ["sh", "sm", "eh", "em"]
                    .map(|e| part(e, String::new()))
                    .into(),
            ),
            _ => Some(vec![part("sh", value.trim().to_owned())]),
        };
    }
    if has("1") {
        return Some(vec![part("1", value.trim().to_owned())]);
    }
    let options = FORM
        .places
        .keys()
        .filter_map(|id| Some((*id, id.strip_prefix(stem)?.strip_prefix('.')?)));
    let options: Vec<_> = options
        .filter(|(_, o)| *o != "text" && !o.contains('.'))
        .collect();
    if text.is_empty() {
        return Some(
            options
                .iter()
                .map(|(id, _)| ((*id).to_owned(), String::new()))
                .collect(),
        );
    }
    // Several weekdays are written one after the other.
    let several = stem == "fixed.days";
    let mut chosen = Vec::new();
    for word in value
        .split(['、', ',', '，', '/'])
        .filter(|w| !w.trim().is_empty())
    {
        let word = marks::normal(word);
        let (id, _) = options.iter().find(|(_, o)| marks::normal(o) == word)?;
        chosen.push(((*id).to_owned(), "☑".to_owned()));
    }
    (several || chosen.len() == 1).then_some(chosen)
}

fn lines(source: &Source<'_>, all: &mut Diagnostics) -> Vec<Line> {
    let book = source.bytes.starts_with(b"PK\x03\x04");
    if book && !page::safe(source, all) {
        return Vec::new();
    }
    let Some(mut table) = Table::open(source, all) else {
        return Vec::new();
    };
    let Some(sheet) = table.sheets().into_iter().next() else {
        return Vec::new();
    };
    let names = ["書類番号", "項目", "値", "確信度"];
    let mut columns: Option<[usize; 4]> = None;
    let mut out = Vec::new();
    let mut headed = false;
    table.rows(&sheet, source.name, all, &mut |row: &Row, all| {
        for column in 0..row.len() {
            if individual::holds_one(row.cell(column)) {
                let place = address(row.number, column);
                let at = At {
                    row: Some(row.number),
                    column: Some(&place),
                    value: None,
                };
                all.add(&round::INDIVIDUAL_NUMBER, source.name, at);
            }
        }
        if row.is_blank() {
            return ControlFlow::Continue(());
        }
        if !headed {
            headed = true;
            let found = names.map(|n| (0..row.len()).find(|c| even(row.cell(*c)) == n));
            for (name, column) in names.iter().zip(&found) {
                if column.is_none() {
                    let at = At {
                        row: Some(row.number),
                        column: Some(name),
                        value: None,
                    };
                    all.add(&kind::NO_COLUMN, source.name, at);
                }
            }
            if let [Some(a), Some(b), Some(c), Some(d)] = found {
                columns = Some([a, b, c, d]);
            }
            return ControlFlow::Continue(());
        }
        let Some([a, b, c, d]) = columns else {
            return ControlFlow::Continue(());
        };
        let text = |column: usize| row.cell(column).to_owned();
        if text(a).is_empty() {
            all.add(
                &common::BLANK_ID,
                source.name,
                At::cell(row.number, "書類番号", ""),
            );
        } else {
            out.push(Line {
                row: row.number,
                column: c,
                document: text(a),
                item: text(b),
                value: text(c),
                confidence: text(d),
            });
        }
        ControlFlow::Continue(())
    });
    if !headed && !all.has_errors() {
        all.add(&common::EMPTY_FILE, source.name, At::default());
    }
    out
}
