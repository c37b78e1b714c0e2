//! A criteria file against its transcription.

use crate::typed::{NO_SOURCE, OWN, Transcription, Typed, items, normal, plain};
use enmusubi_criteria::{
    Document,
    document::{Field, Place, Record, Scalar},
    expression::{self, Expression, Kind},
    schema::{self, FieldKind},
};
use std::collections::{BTreeMap, BTreeSet};
use toml::de::{DeTable, DeValue};

/// One comparison at work.
pub struct Comparison<'a> {
    pub name: &'a str,
    pub text: &'a str,
    pub document: &'a Document,
    pub transcription: &'a Transcription,
    pub wrong: Vec<String>,
}

impl Comparison<'_> {
    /// What differs, one line each.
    pub fn run(mut self) -> Vec<String> {
        let mut met = BTreeSet::new();
        for section in &self.document.sections {
            if section.name == "answer" {
                self.answers(&section.rows);
                continue;
            }
            for record in &section.rows {
                let id = id_of(section.name, record);
                if section.name == "example" && !self.is_transcribed(section.name, &id) {
                    // The file's own examples are checked by calculating them.
                    continue;
                }
                self.record(section.name, &id, record);
                met.insert((section.name.to_owned(), id));
            }
        }
        for (section, id) in self.transcription.rows.keys() {
            if !met.contains(&(section.clone(), id.clone())) {
                self.wrong.push(format!(
                    "{}: [{section}] {id} is in the transcription, but not in the file",
                    self.name
                ));
            }
        }
        if self.transcription.answers.is_empty() == self.has_codes() {
            self.wrong.push(format!(
                "{}: answers by code are in only one of the two",
                self.name
            ));
        }
        self.order();
        self.wrong
    }

    fn is_transcribed(&self, section: &str, id: &str) -> bool {
        let key = (section.to_owned(), id.to_owned());
        self.transcription.rows.contains_key(&key)
    }

    fn record(&mut self, section: &'static str, id: &str, record: &Record) {
        let key = (section.to_owned(), id.to_owned());
        let none = BTreeMap::new();
        let typed = self.transcription.rows.get(&key).unwrap_or(&none);
        let made_up = typed.contains_key("made_up");
        let mut numbers = BTreeSet::new();
        for field in &record.fields {
            let in_file = self.content(section, field);
            let typed = typed.get(field.name).filter(|_| !OWN.contains(&field.name));
            if let Some(Typed::Numbers(list)) = &in_file {
                numbers.extend(list.iter().map(|n| n.trim_start_matches('-').to_owned()));
            }
            if !same(in_file.as_ref(), typed, made_up) {
                let side = |t: Option<&Typed>| t.map_or("nothing".to_owned(), Typed::show);
                self.wrong.push(format!(
                    "{}:{}: [{section}] {id}, {}: the file has {}, the transcription {}",
                    self.name,
                    self.line(&field.place),
                    field.name,
                    side(in_file.as_ref()),
                    side(typed),
                ));
            }
        }
        for (name, value) in typed {
            if !OWN.contains(&name.as_str()) && record.field(name).is_none() {
                self.wrong.push(format!(
                    "{}:{}: [{section}] {id} has no {name}; the transcription has {}",
                    self.name,
                    self.line(&record.place),
                    value.show()
                ));
            }
        }
        self.texts(section, id, record, typed.get("text"), &numbers);
    }

    /// Labels and notes speak of the row's own numbers, or of those typed for them.
    fn texts(
        &mut self,
        section: &str,
        id: &str,
        record: &Record,
        typed: Option<&Typed>,
        numbers: &BTreeSet<String>,
    ) {
        let typed: Vec<String> = match typed {
            Some(Typed::Numbers(list)) => list.clone(),
            _ => Vec::new(),
        };
        let mut used = BTreeSet::new();
        for field in &record.fields {
            let Scalar::Text(text) = &field.value else {
                continue;
            };
            if !["label", "parents", "note", "title"].contains(&field.name) {
                continue;
            }
            for number in digits(text) {
                if !numbers.contains(&number) && !typed.contains(&number) {
                    self.wrong.push(format!(
                        "{}:{}: [{section}] {id}, {}: the text says {number}, which is neither a \
                         number of the row nor in `text` of the transcription",
                        self.name,
                        self.line(&field.place),
                        field.name,
                    ));
                }
                used.insert(number);
            }
            if field.name == "label" {
                self.label_of_band(section, id, record, field, &typed);
            }
        }
        for number in typed.iter().filter(|n| !used.contains(*n)) {
            self.wrong.push(format!(
                "{}:{}: [{section}] {id}: no text says {number}; the transcription does",
                self.name,
                self.line(&record.place),
            ));
        }
    }

    /// The label of a row of a band says its edges in their order (`月16日以上20日未満、日7時間以上`),
    /// or the only whole number between them (`週4日`).
    fn label_of_band(
        &mut self,
        section: &str,
        id: &str,
        record: &Record,
        label: &Field,
        others: &[String],
    ) {
        let edges: Vec<String> = ["from", "below", "from2", "below2"]
            .iter()
            .filter_map(|name| match record.get(name)? {
                Scalar::Integer(n) => Some(normal(&n.to_string())),
                Scalar::Text(t) => Some(normal(t)),
                _ => None,
            })
            .collect();
        let Scalar::Text(text) = &label.value else {
            return;
        };
        let mut said = digits(text);
        said.retain(|n| !others.contains(n) || edges.contains(n));
        let only = match &edges[..] {
            [from, below] => {
                let whole = |t: &String| t.parse::<i64>().ok();
                whole(from).and_then(|n| n.checked_add(1)) == whole(below)
            }
            _ => false,
        };
        if !edges.is_empty() && said != edges && !(only && said == edges[..1]) {
            self.wrong.push(format!(
                "{}:{}: [{section}] {id}: the label says {said:?}, the row goes by {edges:?}",
                self.name,
                self.line(&label.place)
            ));
        }
    }

    /// What a field has to compare: numbers, in the order in which they stand.
    fn content(&mut self, section: &str, field: &Field) -> Option<Typed> {
        let kind = schema::section(section)?
            .fields
            .iter()
            .find(|f| f.name == field.name)?
            .kind;
        let numbers = |list: Vec<String>| (!list.is_empty()).then_some(Typed::Numbers(list));
        match (&field.value, kind) {
            (Scalar::Integer(n), _) => numbers(vec![normal(&n.to_string())]),
            (Scalar::Text(t), FieldKind::Number) => numbers(vec![normal(t)]),
            (Scalar::Text(t), FieldKind::Expression | FieldKind::IntegerOrExpression) => {
                let expression = expression::parse(t, 0).unwrap();
                let mut found = Vec::new();
                self.literals(&expression, &mut found);
                numbers(found)
            }
            (Scalar::Text(t), _) if field.name == "municipality" => {
                numbers(digits(t).into_iter().collect())
            }
            (Scalar::Text(t), _) if field.name == "page" => {
                self.page(section, field, t);
                None
            }
            (Scalar::Text(t), _) if ["url", "grade"].contains(&field.name) => {
                Some(Typed::Text(t.to_string()))
            }
            (Scalar::List(list), _) if field.name == "show" => {
                Some(Typed::Numbers(list.iter().map(|t| t.to_string()).collect()))
            }
            (Scalar::Inline(t), _) if field.name == "order" => numbers(order_keys(t)),
            (Scalar::Bool(true), _) if field.name == "fill" => Some(Typed::Yes),
            _ => None,
        }
    }

    fn page(&mut self, section: &str, field: &Field, text: &str) {
        let inside = |page: &String| {
            self.transcription.pages.is_some_and(|(first, last)| {
                page.parse().is_ok_and(|p: u32| (first..=last).contains(&p))
            })
        };
        for page in digits(text).iter().filter(|p| !inside(p)) {
            self.wrong.push(format!(
                "{}:{}: [{section}] page {page} is not among the pages that were read",
                self.name,
                self.line(&field.place)
            ));
        }
    }

    /// Numbers of an expression: literals, digits in quoted texts (days, grades), and digits in
    /// names of the vocabulary (`children_under_18`), as they are thresholds too.
    fn literals(&self, e: &Expression, found: &mut Vec<String>) {
        match &e.kind {
            Kind::Number(n) => found.push(normal(&n.to_string())),
            Kind::Text(t) => found.extend(digits(t)),
            Kind::Bool(_) => {}
            Kind::Name(name) => found.extend(self.name_digits(name)),
            Kind::Member(of, name) => {
                self.literals(of, found);
                found.extend(self.name_digits(&name.text));
            }
            Kind::List(items) | Kind::Call(_, items) => {
                items.iter().for_each(|i| self.literals(i, found));
            }
            Kind::Method(of, _, arguments) => {
                self.literals(of, found);
                arguments.iter().for_each(|a| self.literals(a, found));
            }
            Kind::Unary(_, a) => self.literals(a, found),
            Kind::Binary(_, a, b) => {
                self.literals(a, found);
                self.literals(b, found);
            }
            Kind::Choose(c, a, b) => {
                self.literals(c, found);
                self.literals(a, found);
                self.literals(b, found);
            }
        }
    }

    /// Digits of a name that is not an id of the file (`A1`).
    fn name_digits(&self, name: &str) -> Vec<String> {
        let own = self
            .document
            .sections
            .iter()
            .flat_map(|s| &s.rows)
            .any(|r| r.text("id") == Some(name));
        if own { Vec::new() } else { digits(name) }
    }

    fn has_codes(&self) -> bool {
        let rows = self.document.rows("answer");
        rows.iter().any(|r| r.text("question") == Some("code"))
    }

    fn answers(&mut self, rows: &[Record]) {
        let coded = |r: &&Record| r.text("question") == Some("code");
        let mut of_file = BTreeMap::new();
        for record in rows.iter().filter(coded) {
            let mut fields = BTreeMap::new();
            for field in record.fields.iter().filter(|f| f.name != "question") {
                let value = match &field.value {
                    Scalar::Text(t) => t.to_string(),
                    Scalar::Bool(b) => b.to_string(),
                    other => panic!("an answer holds {other:?}"),
                };
                fields.insert(field.name.to_owned(), value);
            }
            of_file.insert(fields["answer"].clone(), (self.line(&record.place), fields));
        }
        for typed in &self.transcription.answers {
            match of_file.remove(&typed["answer"]) {
                Some((_, fields)) if fields == *typed => {}
                Some((line, fields)) => self.wrong.push(format!(
                    "{}:{line}: [answer] the file has {fields:?}, the transcription {typed:?}",
                    self.name
                )),
                None => self.wrong.push(format!(
                    "{}: [answer] {} is only in the transcription",
                    self.name, typed["answer"]
                )),
            }
        }
        for (answer, (line, _)) in of_file {
            self.wrong.push(format!(
                "{}:{line}: [answer] {answer} is only in the file",
                self.name
            ));
        }
    }

    /// Order decides as much as numbers do.
    fn order(&mut self) {
        for section in ["key", "stratum", "pass"] {
            let ids: Vec<&str> = self
                .document
                .rows(section)
                .iter()
                .filter_map(|r| r.text("id"))
                .collect();
            let typed = self.transcription.order.get(section);
            let typed: Vec<&str> = typed.into_iter().flatten().map(|s| &**s).collect();
            if ids != typed {
                self.wrong.push(format!(
                    "{}: [{section}] comes in the order {ids:?} in the file, {typed:?} in the \
                     transcription",
                    self.name
                ));
            }
        }
    }

    fn line(&self, place: &Place) -> usize {
        match place {
            Place::Text(span) => self.text[..span.start].matches('\n').count() + 1,
            _ => 0,
        }
    }
}

/// Whether both say the same. A number without a source equals any, where the transcription says
/// why the file may have it.
fn same(file: Option<&Typed>, typed: Option<&Typed>, made_up: bool) -> bool {
    match (file, typed) {
        (Some(Typed::Numbers(file)), Some(Typed::Numbers(typed))) => {
            file.len() == typed.len()
                && file
                    .iter()
                    .zip(typed)
                    .all(|(f, t)| f == t || (made_up && t == NO_SOURCE))
        }
        (file, typed) => file == typed,
    }
}

/// Rows have ids; bands and groups have them within their table; single sections have none.
fn id_of(section: &str, record: &Record) -> String {
    let id = record
        .text("id")
        .or_else(|| record.text("fact"))
        .unwrap_or(section);
    match record.text("table") {
        Some(table) if section != "row" => format!("{table}/{id}"),
        _ => id.to_owned(),
    }
}

/// Runs of digits, full-width ones too.
fn digits(text: &str) -> Vec<String> {
    let mut runs = vec![String::new()];
    for c in text.chars() {
        let digit = match c {
            '0'..='9' => Some(c),
            '０'..='９' => char::from_digit(u32::from(c) - u32::from('０'), 10),
            _ => None,
        };
        match digit {
            Some(d) => runs.last_mut().unwrap().push(d),
            None => runs.push(String::new()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs.iter().map(|run| normal(run)).collect()
}

/// Values of the keys of an `order` example, first child first.
fn order_keys(text: &str) -> Vec<String> {
    let text = format!("order = {text}");
    let table = DeTable::parse(&text).unwrap().into_inner();
    let mut found = Vec::new();
    for (_, children) in table {
        for child in items(children.get_ref()) {
            let DeValue::Table(child) = child else {
                continue;
            };
            for (name, keys) in child {
                if name.get_ref() == "keys" {
                    found.extend(items(keys.get_ref()).iter().map(|k| normal(&plain(k))));
                }
            }
        }
    }
    found
}
