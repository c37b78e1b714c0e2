//! Facts that were looked at, whose they are, and where a number comes from.

use super::Text;
use crate::derivation::{GradeName, Input, SourceLine, Who};
use crate::text::says::Says;
use enmusubi_domain::facts::words::Tongue;

/// How a fact is told.
#[derive(Clone, Copy)]
enum Form {
    /// With the subject it belongs to.
    WithSubject,
    /// Its subject has been named.
    Alone,
}

/// Facts by their subjects, in the order in which they first come.
pub(in crate::text) fn by_subject(inputs: &[Input]) -> Vec<(&Who, Vec<&Input>)> {
    let mut list: Vec<(&Who, Vec<&Input>)> = Vec::new();
    for input in inputs {
        match list.iter_mut().find(|(who, _)| **who == input.who) {
            Some((_, own)) => own.push(input),
            None => list.push((&input.who, vec![input])),
        }
    }
    list
}

impl Text {
    pub(super) fn who(&self, who: &Who) -> String {
        let kind = match self.tongue {
            Tongue::Japanese => who.label,
            Tongue::English => who.kind,
        };
        let place = who.place.to_string();
        let of = who.of.to_string();
        let values = [
            ("kind", kind),
            ("id", &*who.id),
            ("place", &*place),
            ("of", &*of),
        ];
        match (who.id.is_empty(), who.of) {
            (true, _) if who.kind == "choice" => self.say("who-choice", &[]),
            // Those at hand are named at the top.
            (_, 0) => kind.to_owned(),
            (true, 1) => kind.to_owned(),
            (true, _) => self.say("who-place", &[values[0], values[2], values[3]]),
            (false, 1) => self.say("who-only", &values[..2]),
            (false, _) => self.say("who", &values),
        }
    }

    fn input(&self, input: &Input, form: Form) -> String {
        let unknown = self.say("unknown", &[]);
        let (label, value) = match self.tongue {
            Tongue::Japanese => ((*input.label).to_owned(), &input.value),
            Tongue::English => {
                let name = input.path.split_once('.').map_or(&*input.path, |(_, n)| n);
                (name.replace('_', " "), &input.value_en)
            }
        };
        let evidence = if input.stated || input.value.is_some() {
            (*input.evidence).to_owned()
        } else {
            self.say("evidence-expected", &[("paper", &input.evidence)])
        };
        let (key, alone) = match (form, input.derived) {
            (Form::WithSubject, false) => ("input", false),
            (Form::WithSubject, true) => ("input-derived", false),
            (Form::Alone, false) => ("input-own", true),
            (Form::Alone, true) => ("input-own-derived", true),
        };
        let who = self.who(&input.who);
        let values = [
            ("who", &*who),
            ("label", &*label),
            ("value", value.as_deref().unwrap_or(&unknown)),
            ("evidence", &*evidence),
        ];
        self.say(key, if alone { &values[1..] } else { &values })
    }

    /// Facts, a line each; of one of several guardians, adults or siblings one line for all.
    pub(super) fn inputs(&mut self, indent: usize, inputs: &[Input], of_table: Option<&Who>) {
        for (who, own) in by_subject(inputs) {
            if of_table == Some(who) {
                for input in own {
                    let said = self.input(input, Form::Alone);
                    self.lines.push(format!("{:indent$}{said}", ""));
                }
            } else if own.len() == 1 || who.of <= 1 {
                for input in own {
                    let said = self.input(input, Form::WithSubject);
                    self.lines.push(format!("{:indent$}{said}", ""));
                }
            } else {
                let told: Vec<String> = own.iter().map(|i| self.input(i, Form::Alone)).collect();
                let list = told.join(&self.section.get("list-comma", &[]));
                let who = self.who(who);
                self.line(indent, "inputs-of", &[("who", &who), ("list", &list)]);
            }
        }
    }

    pub(super) fn source(&mut self, indent: usize, source: &SourceLine) {
        self.source_as(indent, "source", source);
    }

    pub(super) fn source_as(&mut self, indent: usize, key: &str, source: &SourceLine) {
        let grade = self.say(
            match source.grade {
                GradeName::Official => "grade-official",
                GradeName::OfficialPart => "grade-official-part",
                GradeName::ThirdParty => "grade-third-party",
                GradeName::ToBeFilled => "grade-to-be-filled",
            },
            &[],
        );
        if source.document.is_empty() && source.page.is_empty() {
            return self.line(indent, "source-none", &[("grade", &grade)]);
        }
        let document = format!("{} {}", source.document, source.page);
        let values = [("document", document.trim()), ("grade", &*grade)];
        self.line(indent, key, &values);
    }
}
