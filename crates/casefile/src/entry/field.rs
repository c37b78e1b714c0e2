//! Fields of an entry: read once each, with what is wrong with them.

use enmusubi_domain::individual;
use enmusubi_interchange::{
    dates::{self, NoDate},
    workbook::Bad,
};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Stops the entry.
    Error,
    /// Somebody should look again; the entry can be stored as it is.
    Warning,
}

/// What is wrong with a field, as a key of the messages and what goes into the sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldProblem {
    /// Name of the field.
    pub field: String,
    /// How bad.
    pub severity: Severity,
    /// Key in the messages.
    pub key: &'static str,
    /// Values of its placeholders.
    pub values: Vec<(&'static str, String)>,
}

/// Longest text of a field, in characters; addresses of the standard have 300 (方書).
const LONGEST: usize = 400;

/// The fields, and what was found so far.
pub(super) struct Fields<'a> {
    values: &'a BTreeMap<String, Vec<String>>,
    taken: BTreeSet<String>,
    problems: Vec<FieldProblem>,
}

impl<'a> Fields<'a> {
    pub(super) fn new(values: &'a BTreeMap<String, Vec<String>>) -> Self {
        let mut fields = Self {
            values,
            taken: BTreeSet::new(),
            problems: Vec::new(),
        };
        for (name, list) in values {
            if list.iter().any(|t| t.chars().count() > LONGEST) {
                fields.problem(name, "entry.too_long", &[("most", &LONGEST.to_string())]);
            }
            let control = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
            if list.iter().any(|t| t.chars().any(control)) {
                fields.problem(name, "entry.control_character", &[]);
            }
        }
        fields
    }

    /// A field that holds an individual number stops the entry.
    pub(super) fn stop_individual_numbers(&mut self) {
        let holding = |list: &&Vec<String>| list.iter().any(|t| individual::holds_one(t));
        let found: Vec<String> = self
            .values
            .iter()
            .filter(|(_, list)| holding(list))
            .map(|(name, _)| name.clone())
            .collect();
        for name in found {
            self.problem(&name, "entry.individual_number", &[]);
        }
    }

    pub(super) fn problem(
        &mut self,
        field: &str,
        key: &'static str,
        values: &[(&'static str, &str)],
    ) {
        self.add(field, Severity::Error, key, values);
    }

    pub(super) fn warning(
        &mut self,
        field: &str,
        key: &'static str,
        values: &[(&'static str, &str)],
    ) {
        self.add(field, Severity::Warning, key, values);
    }

    fn add(
        &mut self,
        field: &str,
        severity: Severity,
        key: &'static str,
        values: &[(&'static str, &str)],
    ) {
        self.problems.push(FieldProblem {
            field: field.to_owned(),
            severity,
            key,
            values: values.iter().map(|(n, v)| (*n, (*v).to_owned())).collect(),
        });
    }

    pub(super) fn missing(&mut self, field: &str) {
        self.problem(field, "entry.missing", &[]);
    }

    pub(super) fn has_problem(&self, field: &str) -> bool {
        self.problems.iter().any(|p| p.field == field)
    }

    /// The first value, trimmed; empty where there is none.
    pub(super) fn get(&mut self, field: &str) -> &'a str {
        self.take(field);
        self.look(field)
    }

    /// The same, for a field that somebody else reads.
    pub(super) fn look(&self, field: &str) -> &'a str {
        let first = self.values.get(field).and_then(|list| list.first());
        first.map_or("", |t| t.trim())
    }

    /// Gives a field back to whoever reads the rest.
    pub(super) fn give_back(&mut self, field: &str) {
        self.taken.remove(field);
    }

    pub(super) fn take(&mut self, field: &str) {
        self.taken.insert(field.to_owned());
    }

    /// Whether anything was said of a person.
    pub(super) fn has_any(&self, id: &str) -> bool {
        let begin = format!("{id}.");
        self.values
            .range(begin.clone()..)
            .take_while(|(name, _)| name.starts_with(&begin))
            .any(|(name, list)| {
                // A list that always has a value (new, none) says nothing of anybody's existence.
                !name.ends_with(".kind") && list.iter().any(|t| !t.trim().is_empty())
            })
    }

    /// Fields nobody has read, with their values (several of one name as a set).
    pub(super) fn rest(&self) -> Vec<(String, String)> {
        self.values
            .iter()
            .filter(|(name, _)| !self.taken.contains(*name))
            .map(|(name, list)| {
                let said: Vec<&str> = list
                    .iter()
                    .map(|t| t.trim())
                    .filter(|t| !t.is_empty())
                    .collect();
                (name.clone(), said.join("、"))
            })
            .collect()
    }

    /// Names that nothing understood and that say something.
    pub(super) fn unknown_names(&mut self) {
        for (name, text) in self.rest() {
            if !text.is_empty() && name.contains('.') {
                self.problem(&name, "entry.unknown_field", &[("name", &name)]);
            }
        }
    }

    pub(super) fn into_problems(mut self) -> Vec<FieldProblem> {
        self.problems.sort_by_key(|p| p.severity);
        self.problems
    }

    pub(super) fn one_of<T>(&mut self, field: &str, of: impl Fn(&str) -> Option<T>) -> Option<T> {
        let text = self.get(field);
        if text.is_empty() {
            self.missing(field);
            return None;
        }
        let found = of(text);
        if found.is_none() {
            self.problem(field, "entry.not_in_list", &[("value", text)]);
        }
        found
    }

    pub(super) fn text(&mut self, field: &str, required: bool) -> String {
        let text = self.get(field);
        if required && text.is_empty() {
            self.missing(field);
        }
        text.to_owned()
    }

    /// A day in any notation.
    pub(super) fn day(&mut self, field: &str, required: bool) -> Option<Date> {
        let text = self.get(field);
        if text.is_empty() {
            if required {
                self.missing(field);
            }
            return None;
        }
        match dates::parse(text) {
            Ok(day) => Some(day),
            Err(why) => {
                self.bad_day(field, text, &why);
                None
            }
        }
    }

    fn bad_day(&mut self, field: &str, text: &str, why: &NoDate) {
        match why {
            NoDate::Form => self.problem(field, "entry.day_form", &[("value", text)]),
            NoDate::Day => self.problem(field, "entry.no_such_day", &[("value", text)]),
            NoDate::Era(day) => {
                self.problem(
                    field,
                    "entry.era",
                    &[("value", text), ("day", &day.to_string())],
                );
            }
            NoDate::Serial(day) => {
                self.problem(
                    field,
                    "entry.serial",
                    &[("value", text), ("day", &day.to_string())],
                );
            }
        }
    }

    pub(super) fn bad_value(&mut self, field: &str, why: &Bad) {
        let text = self.get(field);
        match why {
            Bad::Bool => self.problem(field, "entry.bool", &[("value", text)]),
            Bad::Number => self.problem(field, "entry.number", &[("value", text)]),
            Bad::Negative => self.problem(field, "entry.negative", &[("value", text)]),
            Bad::Date(why) => self.bad_day(field, text, why),
            Bad::Choice(near) => match near {
                Some(near) => {
                    self.problem(
                        field,
                        "entry.not_in_list_near",
                        &[("value", text), ("near", near)],
                    );
                }
                None => self.problem(field, "entry.not_in_list", &[("value", text)]),
            },
        }
    }

    /// A name as written. Anything a register may hold is taken; digits and signs are not names.
    pub(super) fn name(&mut self, field: &str, required: bool) -> String {
        let text = self.text(field, required);
        if text
            .chars()
            .any(|c| c.is_ascii_digit() || matches!(c, '０'..='９' | '@' | '<' | '>'))
        {
            self.problem(field, "entry.name_digits", &[("value", &text)]);
        } else if text.chars().filter(|c| !c.is_whitespace()).count() == 1 {
            self.warning(field, "entry.name_short", &[("value", &text)]);
        }
        text
    }

    /// フリガナ: katakana or hiragana, kept as typed.
    pub(super) fn kana(&mut self, field: &str, required: bool) -> String {
        let text = self.text(field, required);
        let is_kana = |c: char| {
            matches!(c, 'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ー' | '・' | '\u{FF61}'..='\u{FF9F}' | '゛' | '゜' | 'ゝ' | 'ゞ' | 'ヽ' | 'ヾ')
                || c.is_whitespace()
        };
        if !text.chars().all(is_kana) {
            self.problem(field, "entry.kana", &[("value", &text)]);
        }
        text
    }

    pub(super) fn postcode(&mut self, field: &str) -> String {
        let text = self.get(field);
        let digits: String = text.chars().filter_map(half_digit).collect();
        let other = |c: char| {
            half_digit(c).is_none() && !matches!(c, '-' | '－' | '‐' | '−' | 'ー' | '〒' | ' ')
        };
        if !text.is_empty() && (digits.len() != 7 || text.chars().any(other)) {
            self.problem(field, "entry.postcode", &[("value", text)]);
        }
        digits
    }

    pub(super) fn phone(&mut self, field: &str) -> String {
        let text = self.get(field);
        let digits: String = text.chars().filter_map(half_digit).collect();
        let fits = matches!(digits.len(), 10 | 11) && digits.starts_with('0');
        if !text.is_empty() && !fits {
            self.problem(field, "entry.phone", &[("value", text)]);
        } else if mobile(&digits) != (digits.len() == 11) && !text.is_empty() {
            self.warning(field, "entry.phone_length", &[("value", text)]);
        }
        text.to_owned()
    }

    pub(super) fn email(&mut self, field: &str) -> String {
        let text = self.get(field);
        let fine = text.split_once('@').is_some_and(|(a, b)| {
            !a.is_empty() && b.contains('.') && !b.starts_with('.') && !b.ends_with('.')
        });
        if !text.is_empty() && (!fine || text.contains(char::is_whitespace)) {
            self.problem(field, "entry.email", &[("value", text)]);
        }
        text.to_owned()
    }
}

/// Whether a number's digits begin as those of 11 digits do (携帯電話, IP電話, 0800).
fn mobile(digits: &str) -> bool {
    ["050", "060", "070", "080", "090"]
        .iter()
        .any(|begin| digits.starts_with(begin))
}

/// A digit of either width.
fn half_digit(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32),
        _ => None,
    }
}
