//! `enmusubi criteria show`: a criteria file for people who read the published criteria, not TOML. Every section and
//! every field that is filled in is shown; the rows of a table stand below it.

use crate::criteria_file::CriteriaFile;
use crate::exit::{Exit, Failure};
use crate::language::{Lang, Words};
use crate::print;
use crate::text_table::{TextTable, escaped};
use enmusubi_criteria::{
    Criteria, Document,
    document::{Record, Scalar},
    expression, in_words_of,
    model::{Row, Table},
    part_in_words, row_in_words,
    schema::{self, FieldKind, FieldSchema, SECTIONS, SectionSchema},
    word_labels::label_of,
    words::owned,
};
use enmusubi_domain::facts::{Entity, Type, Unit, vocabulary};
use enmusubi_scoring::examples::{in_words, item_in_words, value_in_words};

/// Shows a file without errors. `in_words`: conditions in Japanese instead of as written.
pub fn run(
    words: &Words,
    path: &std::path::Path,
    in_words: bool,
    markdown: bool,
) -> Result<Exit, Failure> {
    let file = CriteriaFile::read(words, path)?;
    let mut shown = Shown {
        words,
        criteria: file.sound(words)?,
        document: &file.document,
        in_words,
        markdown,
        out: String::new(),
    };
    shown.everything();
    print(&shown.out);
    Ok(Exit::Done)
}

/// Fields that stand in a column of their own for the rows of a table, or are part of one.
const OF_ROWS: &[&str] = &[
    "id", "table", "label", "band", "from", "below", "from2", "below2", "when", "points",
    "document", "page", "grade",
];

struct Shown<'a> {
    words: &'a Words,
    criteria: &'a Criteria,
    document: &'a Document,
    in_words: bool,
    markdown: bool,
    out: String,
}

impl Shown<'_> {
    fn everything(&mut self) {
        let head = &self.criteria.head;
        let title = if head.title.starts_with(&*head.name) {
            head.title.to_string()
        } else {
            format!("{} {}", head.name, head.title)
        };
        self.heading(1, &title);
        for schema in SECTIONS {
            match schema.name {
                // Below their table, or part of its rows.
                "band" | "group" | "row" => {}
                "table" => self.tables(schema),
                "example" if self.in_words => self.examples(schema),
                _ => self.section(schema),
            }
        }
    }

    fn heading(&mut self, level: usize, text: &str) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
        if self.markdown {
            self.out
                .push_str(&format!("{} {}\n\n", "#".repeat(level), escaped(text)));
        } else {
            let mark = if level == 1 { "■" } else { "●" };
            self.out.push_str(&format!("{mark} {text}\n\n"));
        }
    }

    fn paragraph(&mut self, text: &str) {
        let text = if self.markdown {
            format!("{}\n\n", escaped(text))
        } else {
            format!("{text}\n")
        };
        self.out.push_str(&text);
    }

    fn table(&mut self, table: &TextTable) {
        let text = if self.markdown {
            table.markdown()
        } else {
            table.text()
        };
        self.out.push_str(&text);
    }

    /// Name of a section or field in the reader's language.
    fn name<'n>(&self, label: &'n str, name: &'n str) -> &'n str {
        match self.words.lang {
            Lang::Ja => label,
            Lang::En => name,
        }
    }

    fn section(&mut self, schema: &SectionSchema) {
        let rows = self.document.rows(schema.name);
        if rows.is_empty() {
            return;
        }
        self.heading(2, self.name(schema.label, schema.name));
        let fields: Vec<&FieldSchema> = schema.fields.iter().collect();
        if schema.single {
            // One row reads better downwards.
            let item = self.words.say("criteria-show.item", &[]);
            let value = self.words.say("criteria-show.value", &[]);
            let mut table = TextTable::new(vec![item, value]);
            for field in fields {
                if let Some(value) = rows[0].get(field.name) {
                    let name = self.name(field.label, field.name).to_owned();
                    table.row(vec![name, self.value(field, value)]);
                }
            }
            self.table(&table);
            return;
        }
        let header = fields
            .iter()
            .map(|f| self.name(f.label, f.name).to_owned())
            .collect();
        let mut table = TextTable::new(header);
        for row in rows {
            table.row(fields.iter().map(|f| self.field(f, row)).collect());
        }
        self.table(&table);
    }

    fn field(&self, field: &FieldSchema, row: &Record) -> String {
        match row.get(field.name) {
            // Of yes and no, the better is one of the two.
            Some(value) if field.name == "better" && self.in_words && is_flag(row) => {
                let more = *value == Scalar::Text("more".into());
                self.value(field, &Scalar::Bool(more))
            }
            Some(value) => self.value(field, value),
            // What goes without saying in a file is said to people.
            None if field.name == "order" && row.get("together").is_none() => {
                let word = Scalar::Text("higher".into());
                self.value(field, &word)
            }
            None if field.name == "when" && self.in_words => self.without_condition(row),
            None => String::new(),
        }
    }

    /// What a missing condition means: the rest, or always.
    fn without_condition(&self, row: &Record) -> String {
        let of = |section: &str| {
            let mut rows = self.document.rows(section).iter();
            rows.any(|r| std::ptr::eq(r, row))
        };
        if of("stratum") || of("pass") {
            self.words.say("criteria-show.rest", &[])
        } else if of("change") {
            self.words.say("criteria-show.always", &[])
        } else {
            String::new()
        }
    }

    /// Examples with their facts as people say them.
    fn examples(&mut self, schema: &SectionSchema) {
        let records = self.document.rows("example");
        if records.is_empty() {
            return;
        }
        self.heading(2, self.name(schema.label, schema.name));
        let name = |name: &str| {
            let field = schema.fields.iter().find(|f| f.name == name);
            field.map_or_else(String::new, |f| self.name(f.label, f.name).to_owned())
        };
        let facts = self.words.say("criteria-show.facts", &[]);
        let header = vec![
            name("id"),
            name("label"),
            facts,
            name("expect"),
            name("order"),
        ];
        let mut table = TextTable::new(header);
        for example in &self.criteria.examples {
            let stated: Vec<String> = in_words(self.criteria, example)
                .iter()
                .map(|s| {
                    let facts: Vec<String> =
                        s.facts.iter().map(|(l, v)| format!("{l} {v}")).collect();
                    format!("{}: {}", s.subject, facts.join("、"))
                })
                .collect();
            let expected: Vec<String> = example
                .expect
                .iter()
                .map(|(id, value)| {
                    format!(
                        "{} = {}",
                        item_in_words(self.criteria, id),
                        value_in_words(self.criteria, id, value)
                    )
                })
                .collect();
            let order: Vec<String> = example
                .order
                .iter()
                .map(|(name, keys)| format!("{name} ({})", keys.join(", ")))
                .collect();
            table.row(vec![
                example.id.to_string(),
                example.label.to_string(),
                stated.join("\n"),
                expected.join("\n"),
                order.join("\n"),
            ]);
        }
        self.table(&table);
    }

    /// A value as people read it.
    fn value(&self, field: &FieldSchema, value: &Scalar) -> String {
        let ja = self.words.lang == Lang::Ja;
        match value {
            Scalar::Text(t) => match field.kind {
                FieldKind::OneOf(_) if ja => label_of(field.name, t).unwrap_or(t).to_owned(),
                FieldKind::Expression | FieldKind::IntegerOrExpression if self.in_words => {
                    match expression::parse(t, 0) {
                        Ok(e) => in_words_of(self.criteria, &e),
                        Err(_) => t.to_string(),
                    }
                }
                _ if self.in_words => named(field, t),
                _ => t.to_string(),
            },
            Scalar::Integer(n) => n.to_string(),
            Scalar::Bool(true) if ja => "はい".into(),
            Scalar::Bool(false) if ja => "いいえ".into(),
            Scalar::Bool(b) => b.to_string(),
            Scalar::List(items) => items.join(if ja { "、" } else { ", " }),
            Scalar::Inline(text) => text.to_string(),
        }
    }

    fn tables(&mut self, schema: &SectionSchema) {
        let records = self.document.rows("row");
        for (record, table) in self
            .document
            .rows("table")
            .iter()
            .zip(&self.criteria.tables)
        {
            let kind = self.name(schema.label, schema.name);
            let heading = format!("{kind} {}: {}", table.id, table.label);
            self.heading(2, &heading);
            let mut facts: Vec<String> = schema
                .fields
                .iter()
                .filter(|f| !matches!(f.name, "id" | "label" | "note"))
                .filter_map(|f| Some((f, record.get(f.name)?)))
                .map(|(f, v)| format!("{}: {}", self.name(f.label, f.name), self.value(f, v)))
                .collect();
            if let Some(grade) = self.grade_of_all(table)
                && record.get("grade").is_none()
            {
                facts.push(grade);
            }
            self.paragraph(&facts.join(" / "));
            if let Some(note) = record.text("note") {
                self.paragraph(note);
            }
            if !self.markdown {
                self.out.push('\n');
            }
            for name in ["band", "group"] {
                self.parts(name, table);
            }
            let mine: Vec<&Record> = records
                .iter()
                .filter(|r| r.text("table") == Some(&table.id))
                .collect();
            self.rows(record, table, &mine);
        }
    }

    /// Bands or groups of a table.
    fn parts(&mut self, section: &str, table: &Table) {
        let Some(schema) = schema::section(section) else {
            return;
        };
        let rows = self.document.rows(section).iter();
        let rows: Vec<&Record> = rows
            .filter(|r| r.text("table") == Some(&table.id))
            .collect();
        if rows.is_empty() {
            return;
        }
        let fields: Vec<&FieldSchema> =
            schema.fields.iter().filter(|f| f.name != "table").collect();
        let mut header: Vec<String> = fields
            .iter()
            .map(|f| self.name(f.label, f.name).to_owned())
            .collect();
        header[0] = self.name(schema.label, schema.name).to_owned();
        let mut table = TextTable::new(header);
        for row in rows {
            table.row(fields.iter().map(|f| self.field(f, row)).collect());
        }
        self.table(&table);
        self.out.push('\n');
    }

    fn rows(&mut self, record: &Record, table: &Table, records: &[&Record]) {
        let Some(schema) = schema::section("row") else {
            return;
        };
        let rest: Vec<&FieldSchema> = schema
            .fields
            .iter()
            .filter(|f| !OF_ROWS.contains(&f.name))
            .collect();
        let label = |name: &str| {
            let field = schema.fields.iter().find(|f| f.name == name);
            field.map_or_else(String::new, |f| self.name(f.label, f.name).to_owned())
        };
        let mut header = vec![label("id"), label("label"), label("points"), label("when")];
        header.extend(rest.iter().map(|f| self.name(f.label, f.name).to_owned()));
        header.push(label("document"));
        header.push(label("grade"));
        let mut shown = TextTable::new(header);
        // What is the same for all rows stands above them already.
        let source =
            record.get("document").is_some() && uniform(table.rows.iter().map(|r| self.source(r)));
        let grade = uniform(table.rows.iter().map(|r| self.grade(r)));
        for (record, row) in records.iter().zip(&table.rows) {
            let mut cells = vec![
                row.id.to_string(),
                row.label.to_string(),
                self.points(record),
                self.when(table, row, record),
            ];
            cells.extend(rest.iter().map(|f| self.field(f, record)));
            cells.push(if source {
                String::new()
            } else {
                self.source(row)
            });
            cells.push(if grade {
                String::new()
            } else {
                self.grade(row)
            });
            shown.row(cells);
        }
        self.table(&shown);
    }

    /// The grade of a table's rows where all have the same, so that it need not stand in each.
    fn grade_of_all(&self, table: &Table) -> Option<String> {
        let first = self.grade(table.rows.first()?);
        let same = !first.is_empty() && uniform(table.rows.iter().map(|r| self.grade(r)));
        let field = schema::section("row")?
            .fields
            .iter()
            .find(|f| f.name == "grade")?;
        same.then(|| format!("{}: {first}", self.name(field.label, field.name)))
    }

    fn points(&self, record: &Record) -> String {
        let field =
            schema::section("row").and_then(|s| s.fields.iter().find(|f| f.name == "points"));
        match (field, record.get("points")) {
            (Some(field), Some(value)) => self.value(field, value),
            // Never an empty cell that could be read as 0.
            _ if record.text("discretion").is_some() => self.words.say("criteria-show.judged", &[]),
            _ => self.words.say("criteria-show.to_be_filled", &[]),
        }
    }

    fn when(&self, table: &Table, row: &Row, record: &Record) -> String {
        if self.in_words {
            let text = row_in_words(self.criteria, table, row);
            return if text.is_empty() {
                self.words.say("criteria-show.always", &[])
            } else {
                text
            };
        }
        let mut parts = Vec::new();
        if let Some(part) = &row.band
            && let Some(band) = table.bands.get(part.band as usize)
        {
            parts.push(format!("{}: {}", band.id, part_in_words(band, part)));
        }
        parts.extend(record.text("when").map(str::to_owned));
        parts.join("; ")
    }

    fn source(&self, row: &Row) -> String {
        let document = row
            .source
            .document
            .map(|d| &self.criteria.documents[d as usize]);
        let title = document.map(|d| d.id.to_string()).unwrap_or_default();
        match &row.source.page {
            Some(page) if title.is_empty() => page.to_string(),
            Some(page) => format!("{title} {page}"),
            None => title,
        }
    }

    fn grade(&self, row: &Row) -> String {
        use enmusubi_criteria::model::Grade;
        let word = match row.source.grade {
            Grade::Official => "official",
            Grade::OfficialPart => "official-part",
            Grade::ThirdParty => "third-party",
            Grade::ToBeFilled => return self.words.say("criteria-show.to_be_filled", &[]),
        };
        // A made-up file has no source to be sure of.
        if self.criteria.documents.is_empty() {
            return String::new();
        }
        match self.words.lang {
            Lang::Ja => label_of("grade", word).unwrap_or(word).to_owned(),
            Lang::En => word.to_owned(),
        }
    }
}

/// Whether all are the same, and there is more than one.
fn uniform(mut texts: impl Iterator<Item = String>) -> bool {
    let (Some(first), Some(second)) = (texts.next(), texts.next()) else {
        return false;
    };
    first == second && texts.all(|t| t == first)
}

/// Whether a promise is about a fact that is yes or no.
fn is_flag(row: &Record) -> bool {
    let fact = row.text("fact").and_then(|f| f.split_once('.'));
    let at = fact.and_then(|(entity, name)| {
        let entity = Entity::ALL.iter().copied().find(|e| e.name() == entity)?;
        vocabulary::find(entity, name)
    });
    at.is_some_and(|at| vocabulary::VOCABULARY[at as usize].ty == Type::Bool)
}

/// Units and facts by their labels.
fn named(field: &FieldSchema, text: &str) -> String {
    let label = match field.name {
        "unit" | "unit2" => Unit::of_name(text).map(|u| u.label().to_owned()),
        "fact" => text.split_once('.').and_then(|(entity, name)| {
            let entity = Entity::ALL.iter().copied().find(|e| e.name() == entity)?;
            let at = vocabulary::find(entity, name)?;
            Some(owned(&vocabulary::VOCABULARY[at as usize]))
        }),
        _ => None,
    };
    label.unwrap_or_else(|| text.to_owned())
}
