//! One submission of a form: the values as typed and every problem with them.

use maud::{Markup, html};

use crate::words::{Lang, Words};

/// Form values and problems of one submission. Everything typed is shown again.
///
/// Labels such as 「※必須」 are in Japanese unless [`Form::speaking`] says otherwise.
#[derive(Debug, Clone, Default)]
pub struct Form {
    lang: Lang,
    values: Vec<(String, String)>,
    problems: Vec<Problem>,
}

/// What is wrong with a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Name of the field; `None`: of the form as a whole.
    pub name: Option<String>,
    /// What is wrong and how to mend it, for people.
    pub text: String,
}

impl Form {
    /// An empty form.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What was submitted, in its order; a name may come several times.
    #[must_use]
    pub fn of(values: Vec<(String, String)>) -> Self {
        Self {
            values,
            ..Self::default()
        }
    }

    /// The same form with its own words (required mark, year, month, day) in this language.
    #[must_use]
    pub fn speaking(mut self, words: &Words) -> Self {
        self.lang = words.lang;
        self
    }

    /// The first value of a name, as typed; empty if there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.all(name).next().unwrap_or("")
    }

    /// All values of a name, in their order.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values
            .iter()
            .filter(move |(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// The one value of a name, instead of any there were.
    pub fn set(&mut self, name: impl Into<String>, value: impl Into<String>) {
        let name = name.into();
        self.values.retain(|(n, _)| *n != name);
        self.values.push((name, value.into()));
    }

    /// One more value of a name, as of a second box that is ticked.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.values.push((name.into(), value.into()));
    }

    /// The date typed into [`date_parts`](super::date_parts) as one text, as it could have been typed into one field:
    /// `2027-4-1`, `令和9年4月1日`. Empty if all parts are; otherwise with its gaps, so that reading it fails.
    #[must_use]
    pub fn date_text(&self, name: &str) -> String {
        let part = |of: &str| self.get(&format!("{name}-{of}")).trim();
        let (era, year, month, day) = (part("era"), part("year"), part("month"), part("day"));
        if [year, month, day].iter().all(|p| p.is_empty()) {
            String::new()
        } else if era.is_empty() {
            format!("{year}-{month}-{day}")
        } else {
            format!("{era}{year}年{month}月{day}日")
        }
    }

    /// Adds a problem with a field.
    pub fn problem(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.problems.push(Problem {
            name: Some(name.into()),
            text: text.into(),
        });
    }

    /// Adds a problem with the form as a whole.
    pub fn problem_of_form(&mut self, text: impl Into<String>) {
        self.problems.push(Problem {
            name: None,
            text: text.into(),
        });
    }

    /// Whether anything is wrong.
    #[must_use]
    pub fn has_problems(&self) -> bool {
        !self.problems.is_empty()
    }

    /// All problems, in the order they were added.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// The words of its components.
    pub(super) fn words(&self) -> &'static Words {
        Words::of(self.lang)
    }

    /// The problems with a field.
    pub(super) fn of_field<'f>(&'f self, name: &'f str) -> impl Iterator<Item = &'f str> {
        self.problems
            .iter()
            .filter(move |p| p.name.as_deref() == Some(name))
            .map(|p| p.text.as_str())
    }
}

/// The `id` of a field's (first) control, by which a summary leads to it.
pub(super) fn id(name: &str) -> String {
    let name: String = name
        .chars()
        .map(|c| if c.is_whitespace() { '_' } else { c })
        .collect();
    format!("f-{name}")
}

/// All problems at the top of the form, each a link to its field; nothing if there are none.
///
/// It takes the focus when the page opens, so that it is read first.
#[must_use]
pub fn error_summary(words: &Words, form: &Form) -> Markup {
    if !form.has_problems() {
        return html! {};
    }
    let heading = words.say("form.problems", &[("count", &form.problems().len())]);
    html! {
        div.errors #errors role="alert" aria-labelledby="errors-heading" tabindex="-1" autofocus {
            h2 #errors-heading { (heading) }
            p { (words.t("form.problems_lead")) }
            ul {
                @for problem in form.problems() {
                    li {
                        @match &problem.name {
                            Some(name) => a href={ "#" (id(name)) } { (problem.text) },
                            None => (problem.text),
                        }
                    }
                }
            }
        }
    }
}
