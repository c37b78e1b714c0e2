//! [`Document`] → [`Criteria`]: references resolved, expressions parsed, everything checked.

mod examples;
mod order;
mod siblings;
mod tables;

use crate::{
    check,
    diagnostic::Diagnostics,
    document::{Document, Place, Record, Scalar},
    expression::{self, Expression, Kind, Span},
    form::is_identifier,
    model::{Condition, Criteria, FileKind, Gap, Grade, Head, NamedValue, Source, SourceDocument},
    read::{read_toml, text_of},
    schema::SECTIONS,
    suggest, types,
};
use enmusubi_domain::facts::{Entity, Exact, Unit};
use std::collections::BTreeMap;

/// Positions from here on stand for places that are no bytes of a text (cells of a workbook).
const VIRTUAL: usize = 1 << 40;

/// Reads and checks a criteria file in TOML. `None`: there are errors. The document holds what
/// could be read; positions refer to [`text_of`] the bytes.
#[must_use]
pub fn read(name: &str, bytes: &[u8]) -> (Option<Criteria>, Document, Diagnostics) {
    let (document, mut all) = read_toml(name, bytes);
    let Some(document) = document else {
        return (None, Document::default(), all);
    };
    let text = text_of(bytes);
    let (criteria, more) = builder(&document, Some(&text)).run();
    all.list.extend(more.list);
    all.sort();
    let criteria = criteria.filter(|_| !all.has_errors());
    (criteria, document, all)
}

/// Checks a document that was read elsewhere (a workbook). `None`: there are errors; they name the
/// document's places.
#[must_use]
pub fn from_document(document: &Document) -> (Option<Criteria>, Diagnostics) {
    let (criteria, mut all) = builder(document, None).run();
    all.sort();
    let criteria = criteria.filter(|_| !all.has_errors());
    (criteria, all)
}

fn builder<'a>(document: &'a Document, text: Option<&'a str>) -> Builder<'a> {
    Builder {
        doc: document,
        text,
        all: Diagnostics::default(),
        places: Vec::new(),
        next: VIRTUAL,
        kind: FileKind::Structure,
    }
}

/// What is known while a document becomes criteria.
pub(crate) struct Builder<'a> {
    doc: &'a Document,
    text: Option<&'a str>,
    all: Diagnostics,
    /// Virtual positions and the places they stand for.
    places: Vec<(Span, Place)>,
    next: usize,
    kind: FileKind,
}

impl<'a> Builder<'a> {
    fn run(mut self) -> (Option<Criteria>, Diagnostics) {
        self.ids();
        let head = self.head();
        let documents = self.documents();
        let conditions = self.conditions();
        let (tables, rows) = self.tables(&documents);
        let values = self.values(&documents);
        let strata = self.strata(&documents);
        let keys = self.keys(&documents);
        let passes = self.passes();
        let pools = self.pools();
        let eligibility = self.eligibility(&documents);
        let siblings = self.siblings(&keys);
        let examples = self.examples(&documents);
        let monotone = self.monotone();
        let mut criteria = Criteria {
            head,
            documents,
            conditions,
            tables,
            values,
            strata,
            keys,
            passes,
            pools,
            eligibility,
            siblings,
            transfers: self.transfers(),
            ties: self.ties(),
            selection: self.selection(),
            conversion: self.conversion(),
            monotone,
            examples,
            gaps: self.gaps(),
        };
        check::bands::check(&criteria, &rows, &mut self.all);
        check::rows::check(&criteria, &rows, &mut self.all);
        check::file::check(&criteria, self.doc, &mut self.all);
        let places = self.example_places();
        check::examples::check(&criteria, &places, &mut self.all);
        // Types are inferred along references: a cycle would have no end.
        if check::references::check(&criteria, &rows, &mut self.all) {
            check::priority::check(&criteria, &mut self.all);
            types::check(&criteria, &mut self.all);
            // A name that is misspelt where it is used would seem to be unused.
            if !self.all.has_errors() {
                check::unused::check(&criteria, &mut self.all);
            }
        }
        self.back_to_cells();
        check::consequences::remove(self.doc, &mut self.all);
        criteria.gaps.shrink_to_fit();
        (Some(criteria), self.all)
    }

    /// Puts the places of the document where checks spoke of virtual positions.
    fn back_to_cells(&mut self) {
        for d in &mut self.all.list {
            if let Place::Text(span) = &d.place
                && span.start >= VIRTUAL
            {
                let at = self.places.partition_point(|(s, _)| s.start <= span.start);
                d.place = match at.checked_sub(1).map(|i| &self.places[i]) {
                    Some((of, place)) => within(place, span, of),
                    None => Place::None,
                };
            }
        }
    }

    /// The position of a place, for the model.
    fn span(&mut self, place: &Place, length: usize) -> Span {
        if let Place::Text(span) = place {
            return span.clone();
        }
        let span = self.next..self.next + length;
        self.next = span.end + 1;
        self.places.push((span.clone(), place.clone()));
        span
    }

    fn record_span(&mut self, record: &Record) -> Span {
        self.span(&record.place, 1)
    }

    /// A field as an expression; `None` also where it cannot be parsed, which is reported.
    fn expression(&mut self, record: &Record, name: &str) -> Option<Expression> {
        let field = record.field(name)?;
        match &field.value {
            Scalar::Integer(n) => Some(Expression {
                kind: Kind::Number(Exact::whole(*n)),
                span: self.span(&field.place, 1),
            }),
            Scalar::Text(text) => {
                let span = self.span(&field.place, text.len());
                let at = self.text_begins(&span);
                match expression::parse(text, at) {
                    Ok(expression) => Some(expression),
                    Err(e) => {
                        self.all.list.push(e.diagnostic(None));
                        None
                    }
                }
            }
            _ => None,
        }
    }

    /// Where the text of a string that stands at `span` begins. (With escapes in it, positions inside are
    /// a little to the left; the line is right.)
    fn text_begins(&self, span: &Span) -> usize {
        if span.start >= VIRTUAL {
            return span.start;
        }
        let written = self.text.and_then(|t| t.get(span.clone())).unwrap_or("\"");
        let quotes = match written {
            w if w.starts_with("\"\"\"\n") || w.starts_with("'''\n") => 4,
            w if w.starts_with("\"\"\"") || w.starts_with("'''") => 3,
            w if w.starts_with(['"', '\'']) => 1,
            _ => 0,
        };
        span.start + quotes
    }

    /// A field as a number.
    fn number(&self, record: &Record, name: &str) -> Option<Exact> {
        match record.get(name)? {
            Scalar::Integer(n) => Some(Exact::whole(*n)),
            Scalar::Text(t) => Exact::parse(t),
            _ => None,
        }
    }

    fn flag(&self, record: &Record, name: &str) -> Option<bool> {
        match record.get(name)? {
            Scalar::Bool(b) => Some(*b),
            _ => None,
        }
    }

    fn list<'r>(&self, record: &'r Record, name: &str) -> &'r [Box<str>] {
        match record.get(name) {
            Some(Scalar::List(list)) => list,
            _ => &[],
        }
    }

    fn boxed(&self, record: &Record, name: &str) -> Option<Box<str>> {
        record.text(name).map(Into::into)
    }

    fn label(&self, record: &Record) -> Box<str> {
        record.text("label").unwrap_or_default().into()
    }

    fn id(&self, record: &Record) -> Box<str> {
        record.text("id").unwrap_or_default().into()
    }

    /// Position in a list of ids of what a field names; an unknown one is reported.
    fn reference(
        &mut self,
        record: &Record,
        field: &str,
        known: &[&str],
        code: &'static str,
        thing: (&str, &str),
    ) -> Option<u32> {
        let text = record.text(field)?;
        if let Some(at) = known.iter().position(|k| *k == text) {
            return Some(at as u32);
        }
        self.all.error(
            code,
            place_of(record, field),
            (
                format!("「{text}」という{}はありません", thing.0),
                format!("there is no {} \"{text}\"", thing.1),
            ),
            suggest::mend(text, known),
        );
        None
    }

    /// Ids of a section, in its order.
    fn ids_of(&self, section: &str) -> Vec<&'a str> {
        self.doc
            .rows(section)
            .iter()
            .map(|r| r.text("id").unwrap_or_default())
            .collect()
    }

    /// Every id once in its scope, and names of expressions are identifiers.
    fn ids(&mut self) {
        let mut seen: BTreeMap<(&str, &str, &str), &Record> = BTreeMap::new();
        for schema in SECTIONS {
            let space = match schema.name {
                "condition" | "table" | "value" => "names",
                "row" | "change" => "rows",
                other => other,
            };
            for record in self.doc.rows(schema.name) {
                let Some(id) = record.text("id") else {
                    continue;
                };
                let scope = match schema.name {
                    "band" | "group" => record.text("table").unwrap_or_default(),
                    _ => "",
                };
                if let Some(first) = seen.insert((space, scope, id), record) {
                    seen.insert((space, scope, id), first);
                    let (ja, en) = self.where_is(first);
                    self.all.error(
                        "C020",
                        place_of(record, "id"),
                        (
                            format!("ID「{id}」が二度使われています{ja}"),
                            format!("the id \"{id}\" is used twice{en}"),
                        ),
                        ("どちらかの名前を変えてください", "rename one of them"),
                    );
                }
                if space == "names" {
                    self.identifier(record, id);
                }
            }
        }
    }

    fn where_is(&self, record: &Record) -> (String, String) {
        match (&record.field("id").map(|f| &f.place), self.text) {
            (Some(Place::Text(span)), Some(text)) => {
                let line = text
                    .get(..span.start)
                    .map_or(0, |t| t.matches('\n').count() + 1);
                (
                    format!("（最初は{line}行目）"),
                    format!(" (first in line {line})"),
                )
            }
            _ => (String::new(), String::new()),
        }
    }

    fn identifier(&mut self, record: &Record, id: &str) {
        if !is_identifier(id) {
            self.all.error(
                "C021",
                place_of(record, "id"),
                (
                    format!("「{id}」は式の中で使えない名前です"),
                    format!("\"{id}\" cannot be used in expressions"),
                ),
                (
                    "英字か _ で始まる英数字と _ の名前にしてください（- は引き算になります）",
                    "use letters, digits and _, beginning with a letter (- would subtract)",
                ),
            );
        } else if is_reserved(id) {
            self.all.error(
                "C022",
                place_of(record, "id"),
                (
                    format!("「{id}」は式の言葉として決まっています"),
                    format!("\"{id}\" is a word of the expressions"),
                ),
                ("ほかの名前にしてください", "choose another name"),
            );
        }
    }

    fn head(&mut self) -> Head {
        let none = Record::default();
        let record = self.doc.rows("criteria").first().unwrap_or(&none);
        self.kind = match record.text("kind") {
            Some("municipality") => FileKind::Municipality,
            Some("example") => FileKind::Example,
            _ => FileKind::Structure,
        };
        let year = match record.get("fiscal_year") {
            Some(Scalar::Integer(y)) if (2000..=2200).contains(y) => *y as i16,
            Some(_) => {
                self.all.error(
                    "C023",
                    place_of(record, "fiscal_year"),
                    (
                        "年度は西暦の4桁で書きます",
                        "the fiscal year has four digits",
                    ),
                    (
                        "令和9年度なら 2027 と書いてください",
                        "for 令和9年度 write 2027",
                    ),
                );
                2000
            }
            None => 2000,
        };
        Head {
            municipality: self.boxed(record, "municipality"),
            name: record.text("name").unwrap_or_default().into(),
            fiscal_year: year,
            title: record.text("title").unwrap_or_default().into(),
            kind: self.kind,
            note: self.boxed(record, "note"),
        }
    }

    fn documents(&mut self) -> Vec<SourceDocument> {
        let rows = self.doc.rows("document");
        rows.iter()
            .map(|r| SourceDocument {
                id: self.id(r),
                title: r.text("title").unwrap_or_default().into(),
                url: self.boxed(r, "url"),
                grade: grade(r.text("grade")).unwrap_or(Grade::ThirdParty),
            })
            .collect()
    }

    fn conditions(&mut self) -> Vec<Condition> {
        let rows = self.doc.rows("condition");
        rows.iter()
            .map(|r| Condition {
                id: self.id(r),
                label: self.label(r),
                when: self.required(r, "when", Kind::Bool(true)),
                span: self.record_span(r),
            })
            .collect()
    }

    /// An expression that must be there; where it is not (which was reported), a harmless one.
    fn required(&mut self, record: &Record, name: &str, otherwise: Kind) -> Expression {
        match self.expression(record, name) {
            Some(e) => e,
            None => Expression {
                kind: otherwise,
                span: self.record_span(record),
            },
        }
    }

    fn values(&mut self, documents: &[SourceDocument]) -> Vec<NamedValue> {
        let rows = self.doc.rows("value");
        let ids = self.ids_of("value");
        let mut values: Vec<NamedValue> = Vec::with_capacity(rows.len());
        for r in rows {
            values.push(NamedValue {
                id: self.id(r),
                label: self.label(r),
                value: self.required(r, "value", Kind::Number(Exact::ZERO)),
                changes: Vec::new(),
                source: self.source(r, documents, None),
                span: self.record_span(r),
            });
        }
        let changes = self.doc.rows("change");
        for r in changes {
            let at = self.reference(r, "value", &ids, "C024", ("値", "value"));
            if let (Some(change), Some(at)) = (self.change(r, documents), at) {
                values[at as usize].changes.push(change);
            }
        }
        values
    }

    /// Source of a row: its own document, else its table's, else the only one of the file.
    fn source(
        &mut self,
        record: &Record,
        documents: &[SourceDocument],
        table: Option<&Source>,
    ) -> Source {
        let ids: Vec<&str> = documents.iter().map(|d| &*d.id).collect();
        let own = self.reference(record, "document", &ids, "C025", ("出典", "document"));
        let inherited = table.and_then(|t| t.document);
        let only = (documents.len() == 1).then_some(0);
        let document = own.or(inherited).or(only);
        let page = self
            .boxed(record, "page")
            .or_else(|| table.filter(|_| own.is_none()).and_then(|t| t.page.clone()));
        let of_table = table.filter(|_| own.is_none()).map(|t| t.grade);
        let of_document = document.map(|d| documents[d as usize].grade);
        let made_up = match self.kind {
            FileKind::Municipality => Grade::ToBeFilled,
            FileKind::Example | FileKind::Structure => Grade::Official,
        };
        let grade = if self.flag(record, "fill") == Some(true) {
            Grade::ToBeFilled
        } else {
            grade(record.text("grade"))
                .or(of_table)
                .or(of_document)
                .unwrap_or(made_up)
        };
        Source {
            document,
            page,
            grade,
        }
    }

    fn gaps(&self) -> Vec<Gap> {
        let rows = self.doc.rows("gap");
        rows.iter()
            .map(|r| Gap {
                id: self.id(r),
                label: self.label(r),
                note: self.boxed(r, "note"),
            })
            .collect()
    }
}

/// The part of a cell that a virtual position means; `of` is the position of the whole cell.
fn within(place: &Place, span: &Span, of: &Span) -> Place {
    let mut place = place.clone();
    if let Place::Cell { text, part, .. } = &mut place {
        let whole = of.len() == text.len();
        if whole {
            *part = span.start - of.start..span.end.min(of.end) - of.start;
        }
    }
    place
}

/// Where a field stands, or the row where it is absent.
pub(crate) fn place_of(record: &Record, field: &str) -> Place {
    record
        .field(field)
        .map_or_else(|| record.place.clone(), |f| f.place.clone())
}

fn grade(text: Option<&str>) -> Option<Grade> {
    Some(match text? {
        "official" => Grade::Official,
        "official-part" => Grade::OfficialPart,
        "third-party" => Grade::ThirdParty,
        _ => return None,
    })
}

/// Lists of the expressions.
const LISTS: &[&str] = &[
    "guardians",
    "adults",
    "children",
    "applicants",
    "siblings",
    "declines",
];

/// Other words of the expressions.
const WORDS: &[&str] = &[
    "true",
    "false",
    "in",
    "min",
    "max",
    "clamp",
    "number",
    "known",
    "date",
    "months_between",
    "days_between",
    "years_between",
    "fiscal_year",
    "month",
    "ceil",
    "floor",
    "sum",
    "lowest",
    "highest",
    "average",
    "count",
    "exists",
    "all",
    "size",
];

fn is_reserved(id: &str) -> bool {
    LISTS.contains(&id)
        || WORDS.contains(&id)
        || Entity::ALL.iter().any(|e| e.name() == id)
        || Unit::of_name(id).is_some()
}
