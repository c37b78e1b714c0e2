//! The derivation for staff: every id, input, paper and source.

mod changes;
mod facts;
mod tables;

pub(super) use changes::eligibility;
pub(super) use facts::by_subject;

use super::{Reader, day, says::Says};
use crate::{
    derivation::{ChangeLine, Derivation, EffectName, KeyLine, RuleLine, ValueLine},
    messages,
};
use enmusubi_domain::facts::words::Tongue;
use enmusubi_domain::template::Section;

/// The text, line by line.
pub(super) fn lines(d: &Derivation, reader: Reader) -> Vec<String> {
    let (section, tongue) = match reader {
        Reader::StaffEnglish => ("staff_en", Tongue::English),
        _ => ("staff", Tongue::Japanese),
    };
    let mut text = Text {
        section: messages::section(section),
        tongue,
        lines: Vec::new(),
    };
    text.whole(d);
    text.lines
}

struct Text {
    section: Section,
    tongue: Tongue,
    lines: Vec<String>,
}

impl Says for Text {
    fn section(&self) -> Section {
        self.section
    }

    fn lines(&mut self) -> &mut Vec<String> {
        &mut self.lines
    }

    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let said = self.section.get(key, values);
        said.trim_end().to_owned()
    }
}

impl Text {
    fn whole(&mut self, d: &Derivation) {
        self.head(d);
        if !d.missing.is_empty() && !d.decided {
            self.heading("section-missing");
            for m in &d.missing {
                let text = m.text(self.tongue);
                self.line(2, "missing", &[("text", &text)]);
            }
        }
        self.heading("section-key");
        for (at, key) in d.key.iter().enumerate() {
            self.key(at + 1, key);
        }
        if let Some(pass) = &d.pass {
            self.line(2, "pass", &[("label", pass)]);
        }
        for pool in &d.pools {
            let value = self.say(
                match pool.of_target {
                    Some(true) => "yes",
                    Some(false) => "no",
                    None => "unknown",
                },
                &[],
            );
            let values = [
                ("label", &*pool.label),
                ("id", &*pool.id),
                ("value", &value),
            ];
            self.line(2, "pool", &values);
        }
        if d.refused.is_some() || !d.open_rules.is_empty() {
            self.heading("section-rules");
            if let Some(rule) = &d.refused {
                self.rule("rule-failed", rule);
            }
            for rule in &d.open_rules {
                self.rule("rule-open", rule);
            }
        }
        if !d.strata.is_empty() {
            self.heading("section-strata");
            for s in &d.strata {
                let holds = self.say(
                    match s.holds {
                        Some(true) => "stratum-yes",
                        Some(false) => "stratum-no",
                        None => "stratum-unknown",
                    },
                    &[],
                );
                let values = [("holds", &*holds), ("label", &*s.label), ("id", &*s.id)];
                self.line(2, "stratum", &values);
                if s.condition.is_empty() {
                    self.line(6, "condition-else", &[]);
                } else {
                    let condition = self.words(&s.condition, &s.expression).to_owned();
                    self.line(6, "condition", &[("condition", &condition)]);
                }
                self.inputs(6, &s.inputs, None);
            }
        }
        if !d.values.is_empty() {
            self.heading("section-values");
            for value in &d.values {
                self.value(d, value);
            }
        }
        self.heading("section-tables");
        for table in &d.tables {
            self.table(d, table);
        }
        self.heading("section-changes");
        if d.changes.is_empty() {
            self.line(2, "change-none", &[]);
        }
        for change in &d.changes {
            self.what_if(change);
        }
    }

    fn head(&mut self, d: &Derivation) {
        self.line(0, "title", &[]);
        let age = match &d.age_class {
            Some(age) => self.say("age", &[("age", age)]),
            None => self.say("age-unknown", &[]),
        };
        let values = [
            ("id", &*d.child),
            ("household", &*d.household),
            ("age", &age),
        ];
        self.line(0, "child", &values);
        let rank = d.rank.to_string();
        let name = &*d.facility_name;
        self.line(
            0,
            "facility",
            &[("id", &d.facility), ("name", name), ("rank", &rank)],
        );
        let (entry, base) = (
            day(&d.entry_date, self.tongue),
            day(&d.base_date, self.tongue),
        );
        let round = d.round.to_string();
        self.line(
            0,
            "round",
            &[("entry", &entry), ("round", &round), ("base", &base)],
        );
        self.line(0, "criteria", &[("title", &d.criteria)]);
        match &d.refused {
            Some(rule) => {
                self.line(0, "refused", &[("label", &rule.label), ("id", &rule.id)]);
            }
            None if d.decided => self.line(0, "decided", &[]),
            None => {
                let count = d.missing.len().to_string();
                self.line(0, "undecided", &[("count", &count)]);
            }
        }
    }

    fn key(&mut self, place: usize, key: &KeyLine) {
        let unknown = self.say("unknown", &[]);
        let value = match (self.tongue, key.to_be_filled) {
            (_, true) => self.say("key-hole", &[]),
            (Tongue::Japanese, _) => key.value.as_deref().unwrap_or(&unknown).to_owned(),
            (Tongue::English, _) => key.value_en.as_deref().unwrap_or(&unknown).to_owned(),
        };
        let order = self.key_order(key);
        let place = place.to_string();
        let values = [
            ("place", &*place),
            ("label", &*key.label),
            ("id", &*key.id),
            ("value", &*value),
            ("order", &*order),
        ];
        self.line(2, "key", &values);
        if let Some(own) = &key.own {
            self.line(4, "key-own", &[("own", own)]);
        }
    }

    fn rule(&mut self, status: &str, rule: &RuleLine) {
        self.line(2, status, &[("label", &rule.label), ("id", &rule.id)]);
        let condition = self.words(&rule.condition, &rule.expression).to_owned();
        self.line(6, "condition", &[("condition", &condition)]);
        if let Some(text) = &rule.parents {
            self.line(6, "refused-parents", &[("text", text)]);
        }
        self.inputs(6, &rule.inputs, None);
        self.source(6, &rule.source);
    }

    fn value(&mut self, d: &Derivation, v: &ValueLine) {
        let unknown = self.say("unknown", &[]);
        let known = |x: &Option<Box<str>>| {
            let number = x.as_deref();
            number.map_or(&*unknown, |n| d.named(&v.id, n)).to_owned()
        };
        let value = known(&v.value);
        self.line(
            2,
            "value",
            &[("label", &v.label), ("id", &v.id), ("value", &value)],
        );
        for term in &v.terms {
            let (minus, value) = term.signed();
            let sign = self.say(if minus { "value-minus" } else { "value-plus" }, &[]);
            let value = known(&value.map(Into::into));
            let words = match self.tongue {
                Tongue::Japanese => &term.words,
                Tongue::English => &term.expression,
            };
            self.line(
                6,
                "value-term",
                &[("sign", &sign), ("value", &value), ("words", words)],
            );
        }
        if !v.changes.is_empty() {
            let start = known(&v.start);
            self.line(6, "value-start", &[("value", &start)]);
        }
        for change in &v.changes {
            self.change(d, &v.id, change);
        }
        self.source(6, &v.source);
    }

    fn change(&mut self, d: &Derivation, item: &str, c: &ChangeLine) {
        let unknown = self.say("unknown", &[]);
        if c.holds.is_none() {
            self.line(6, "change-unknown", &[("label", &c.label), ("id", &c.id)]);
        } else {
            let named = |n: &'_ Option<Box<str>>| {
                let number = n.as_deref();
                number.map_or(&*unknown, |n| d.named(item, n)).to_owned()
            };
            let (operand, after) = (named(&c.operand), named(&c.after));
            let (effect, operand) = effect(c.effect, &operand);
            let effect = self.say(effect, &[("operand", operand)]);
            let values = [
                ("label", &*c.label),
                ("id", &*c.id),
                ("effect", &*effect),
                ("after", &*after),
            ];
            self.line(6, "change", &values);
        }
        self.inputs(10, &c.inputs, None);
        self.source(10, &c.source);
    }

    fn words<'t>(&self, japanese: &'t str, expression: &'t str) -> &'t str {
        match self.tongue {
            Tongue::Japanese => japanese,
            Tongue::English => expression,
        }
    }
}

/// The message of an effect, and its operand: what is negative is subtracted.
pub(super) fn effect(effect: EffectName, operand: &str) -> (&'static str, &str) {
    let key = match (effect, operand.strip_prefix('-')) {
        (EffectName::Add, Some(operand)) => return ("effect-subtract", operand),
        (EffectName::Set, _) => "effect-set",
        (EffectName::Add, None) => "effect-add",
        (EffectName::Multiply, _) => "effect-multiply",
        (EffectName::AtMost, _) => "effect-at-most",
        (EffectName::AtLeast, _) => "effect-at-least",
    };
    (key, operand)
}
