//! Every number of a municipality's criteria file was typed twice, by two people who did not see
//! each other's work: once in the file, once in `tests/transcription/` (its README says how to
//! write one). This compares them. A number that only one of the two has fails too.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_criteria::{
    Document,
    document::{Field, Place, Record, Scalar},
    expression::{self, Expression, Kind},
    read_toml,
    schema::{self, FieldKind},
    text_of,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};
use toml::de::{DeTable, DeValue};

/// Stands in a transcription for a number that the sources do not have.
const NO_SOURCE: &str = "none";

/// Fields of a transcription that are not fields of the file.
const OWN: [&str; 3] = ["text", "note", "made_up"];

#[test]
fn two_transcriptions_agree() {
    let mut wrong = String::new();
    for path in files() {
        wrong += &compare(&path);
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// A file that nobody has transcribed a second time is not yet evidence.
#[test]
fn every_municipality_is_transcribed_twice() {
    let transcribed: BTreeSet<String> = files()
        .iter()
        .map(|path| Transcription::read(path).file)
        .collect();
    let mut missing = Vec::new();
    for folder in entries(&criteria()) {
        for path in entries(&folder) {
            let is_file = path.extension().is_some_and(|e| e == "toml");
            let (document, _) = read_toml("", &fs::read(&path).unwrap_or_default());
            let of_municipality = document.is_some_and(|d| {
                d.rows("criteria")
                    .iter()
                    .any(|r| r.text("kind") == Some("municipality"))
            });
            let name = path.strip_prefix(criteria()).unwrap().display().to_string();
            if is_file && of_municipality && !transcribed.contains(&name) {
                missing.push(name);
            }
        }
    }
    assert!(
        missing.is_empty(),
        "no second transcription in crates/criteria/tests/transcription: {missing:?}"
    );
}

/// The comparison finds what it is for: each change of one number of a small file is found,
/// and so is a number that is missing on either side.
#[test]
fn a_changed_number_is_found() {
    let file = r#"
[criteria]
kind = "municipality"
municipality = "999999"
name = "見本市"
fiscal_year = 2027
title = "見本"

[[table]]
id = "base"
label = "表"
over = "guardian"
take = "highest"

[[row]]
id = "grandparent"
table = "base"
label = "65歳未満"
when = "adults.exists(a, a.age < years(65)) && household.children_under_18 >= 3"
points = "-2 * min(3, 4)"
"#;
    let transcription = r#"
file = "x"
[order]
[criteria]
criteria = { municipality = ["999999"], fiscal_year = 2027 }
[row]
grandparent = { when = [65, 18, 3], points = [-2, 3, 4] }
"#;
    let found = |file: &str, transcription: &str| {
        let (document, _) = read_toml("", file.as_bytes());
        Comparison {
            name: "x",
            text: file,
            document: &document.unwrap(),
            transcription: &Transcription::parse(transcription),
            wrong: Vec::new(),
        }
        .run()
        .len()
    };
    assert_eq!(found(file, transcription), 0);
    for (from, to) in [
        ("years(65)", "years(64)"),
        ("under_18 >= 3", "under_18 >= 4"),
        ("-2 *", "2 *"),
        ("min(3, 4)", "min(3, 4, 5)"),
        ("65歳", "60歳"),
        ("fiscal_year = 2027", "fiscal_year = 2026"),
        ("points =", "fill = true\npoints ="),
        ("take =", "otherwise = 0\ntake ="),
        ("id = \"grandparent\"", "id = \"other\""),
    ] {
        assert_ne!(found(&file.replacen(from, to, 1), transcription), 0, "{to}");
    }
    for (from, to) in [
        ("points = [-2, 3, 4]", "points = [-2, 3]"),
        (", points = [-2, 3, 4]", ""),
        ("points = [-2, 3, 4]", "points = [-2, 3, \"none\"]"),
        ("points", "text = [7], points"),
        ("[order]", "[order]\nkey = ['total']"),
    ] {
        assert_ne!(found(file, &transcription.replacen(from, to, 1)), 0, "{to}");
    }
}

fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn criteria() -> PathBuf {
    here().join("../../criteria")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .map(|entries| entries.map(|e| e.unwrap().path()).collect())
        .unwrap_or_default();
    paths.sort();
    paths
}

/// All transcriptions.
fn files() -> Vec<PathBuf> {
    let mut files = entries(&here().join("tests/transcription"));
    files.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    assert!(!files.is_empty());
    files
}

/// What differs between a transcription and its file, one line each.
fn compare(path: &Path) -> String {
    let transcription = Transcription::read(path);
    let name = format!("criteria/{}", transcription.file);
    let bytes = fs::read(criteria().join(&transcription.file))
        .unwrap_or_else(|e| panic!("{name}, named by {}: {e}", path.display()));
    let (document, _) = read_toml(&name, &bytes);
    let comparison = Comparison {
        name: &name,
        text: &text_of(&bytes),
        document: &document.unwrap(),
        transcription: &transcription,
        wrong: Vec::new(),
    };
    comparison
        .run()
        .iter()
        .fold(String::new(), |mut all, line| {
            let _ = writeln!(all, "{line}");
            all
        })
}

/// One file of `tests/transcription/`.
struct Transcription {
    file: String,
    /// First and last page that was read; a page of the file lies between.
    pages: Option<(u32, u32)>,
    /// Ids in order, by section.
    order: BTreeMap<String, Vec<String>>,
    /// Section, id, field, what was typed.
    rows: BTreeMap<(String, String), BTreeMap<String, Typed>>,
    /// Answers of a form that answers with codes.
    answers: Vec<BTreeMap<String, String>>,
}

/// What was typed for a field.
#[derive(Debug, Clone, PartialEq)]
enum Typed {
    /// Numbers in the order in which they stand, without leading zeros and plus signs.
    Numbers(Vec<String>),
    Text(String),
    Yes,
}

impl Transcription {
    fn read(path: &Path) -> Self {
        Self::parse(&fs::read_to_string(path).unwrap())
    }

    fn parse(text: &str) -> Self {
        let table = DeTable::parse(text).unwrap().into_inner();
        let mut out = Self {
            file: String::new(),
            pages: None,
            order: BTreeMap::new(),
            rows: BTreeMap::new(),
            answers: Vec::new(),
        };
        for (name, value) in table {
            let name = name.into_inner().into_owned();
            match (name.as_str(), value.into_inner()) {
                ("file", value) => out.file = plain(&value),
                ("pages", DeValue::Array(both)) => {
                    let page = |i: usize| plain(both[i].get_ref()).parse().unwrap();
                    out.pages = Some((page(0), page(1)));
                }
                ("order", DeValue::Table(sections)) => {
                    for (section, ids) in sections {
                        let ids = items(ids.get_ref()).iter().map(plain).collect();
                        out.order.insert(section.into_inner().into_owned(), ids);
                    }
                }
                ("answer", DeValue::Array(answers)) => {
                    for answer in answers {
                        let DeValue::Table(fields) = answer.into_inner() else {
                            panic!("[[answer]] is a table");
                        };
                        let fields = fields
                            .iter()
                            .map(|(k, v)| (k.get_ref().to_string(), plain(v.get_ref())));
                        out.answers.push(fields.collect());
                    }
                }
                (_, DeValue::Table(rows)) => {
                    for (id, fields) in rows {
                        let DeValue::Table(fields) = fields.into_inner() else {
                            panic!("[{name}]: {} is a table", id.get_ref());
                        };
                        let fields = fields
                            .iter()
                            .map(|(k, v)| (k.get_ref().to_string(), typed(v.get_ref())));
                        let id = id.into_inner().into_owned();
                        out.rows.insert((name.clone(), id), fields.collect());
                    }
                }
                (name, _) => panic!("a transcription has no {name}"),
            }
        }
        out
    }
}

fn items<'a, 'b>(value: &'a DeValue<'b>) -> Vec<DeValue<'b>> {
    match value {
        DeValue::Array(list) => list.iter().map(|v| v.get_ref().clone()).collect(),
        one => vec![one.clone()],
    }
}

fn plain(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Boolean(b) => b.to_string(),
        _ => panic!("neither a number nor text: {value:?}"),
    }
}

fn typed(value: &DeValue<'_>) -> Typed {
    match value {
        DeValue::Boolean(true) => Typed::Yes,
        DeValue::String(text) if &**text != NO_SOURCE => Typed::Text(text.to_string()),
        value => Typed::Numbers(items(value).iter().map(|v| normal(&plain(v))).collect()),
    }
}

/// A number as it is compared: no leading zeros.
fn normal(number: &str) -> String {
    let (sign, digits) = match number.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", number),
    };
    let bare = digits.trim_start_matches('0');
    let bare = if bare.is_empty() || bare.starts_with('.') {
        format!("0{bare}")
    } else {
        bare.to_owned()
    };
    format!("{sign}{bare}")
}

/// One comparison at work.
struct Comparison<'a> {
    name: &'a str,
    text: &'a str,
    document: &'a Document,
    transcription: &'a Transcription,
    wrong: Vec<String>,
}

impl Comparison<'_> {
    fn run(mut self) -> Vec<String> {
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
        }
        for number in typed.iter().filter(|n| !used.contains(*n)) {
            self.wrong.push(format!(
                "{}:{}: [{section}] {id}: no text says {number}; the transcription does",
                self.name,
                self.line(&record.place),
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

impl Typed {
    fn show(&self) -> String {
        match self {
            Self::Numbers(list) => list.join(", "),
            Self::Text(text) => text.clone(),
            Self::Yes => "“to be filled”".to_owned(),
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
