//! What somebody typed from the sources: one file of `tests/transcription/`.

use std::{collections::BTreeMap, fs, path::Path};
use toml::de::{DeTable, DeValue};

/// Stands in a transcription for a number that the sources do not have.
pub const NO_SOURCE: &str = "none";

/// Fields of a transcription that are not fields of the file.
pub const OWN: [&str; 3] = ["text", "note", "made_up"];

/// One file of `tests/transcription/`.
pub struct Transcription {
    pub file: String,
    /// First and last page that was read; a page of the file lies between.
    pub pages: Option<(u32, u32)>,
    /// Ids in order, by section.
    pub order: BTreeMap<String, Vec<String>>,
    /// Section, id, field, what was typed.
    pub rows: BTreeMap<(String, String), BTreeMap<String, Typed>>,
    /// Answers of a form that answers with codes.
    pub answers: Vec<BTreeMap<String, String>>,
}

/// What was typed for a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Typed {
    /// Numbers in the order in which they stand, without leading zeros and plus signs.
    Numbers(Vec<String>),
    Text(String),
    Yes,
}

impl Transcription {
    pub fn read(path: &Path) -> Self {
        Self::parse(&fs::read_to_string(path).unwrap())
    }

    pub fn parse(text: &str) -> Self {
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

pub fn items<'b>(value: &DeValue<'b>) -> Vec<DeValue<'b>> {
    match value {
        DeValue::Array(list) => list.iter().map(|v| v.get_ref().clone()).collect(),
        one => vec![one.clone()],
    }
}

pub fn plain(value: &DeValue<'_>) -> String {
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
pub fn normal(number: &str) -> String {
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

impl Typed {
    pub fn show(&self) -> String {
        match self {
            Self::Numbers(list) => list.join(", "),
            Self::Text(text) => text.clone(),
            Self::Yes => "“to be filled”".to_owned(),
        }
    }
}
