//! The derivation for staff: every id, input, paper and source.

use super::{Reader, day, signed};
use crate::{
    derivation::{
        Change, ChangeLine, Derivation, Difference, EffectName, GradeName, Input, KeyLine,
        OrderName, RowLine, RowStatus, RuleLine, SourceLine, TableLine, TakeName, ValueLine, Who,
    },
    messages::Section,
};
use enmusubi_domain::facts::words::Tongue;

/// The text, line by line.
pub(super) fn lines(d: &Derivation, reader: Reader) -> Vec<String> {
    let (section, tongue) = match reader {
        Reader::StaffEnglish => ("staff_en", Tongue::English),
        _ => ("staff", Tongue::Japanese),
    };
    let mut text = Text {
        section: Section::of(section),
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

impl Text {
    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let said = self.section.get(key, values);
        said.trim_end().to_owned()
    }

    fn line(&mut self, indent: usize, key: &str, values: &[(&str, &str)]) {
        let said = self.say(key, values);
        self.lines.push(format!("{:indent$}{said}", ""));
    }

    fn heading(&mut self, key: &str) {
        self.lines.push(String::new());
        self.line(0, key, &[]);
    }

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
        let order = match &key.best {
            Some(best) if is_letter(best) => self.say("key-best", &[("best", best)]),
            Some(_) => self.say("key-listed", &[]),
            None => self.say(order(key), &[]),
        };
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
            let sign = self.say(
                if term.minus {
                    "value-minus"
                } else {
                    "value-plus"
                },
                &[],
            );
            let value = known(&term.value);
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

    fn table(&mut self, d: &Derivation, t: &TableLine) {
        let unknown = self.say("unknown", &[]);
        let points = t.points.as_deref();
        let points = points.map_or(&*unknown, |p| d.named(&t.id, p));
        match &t.who {
            Some(who) => {
                let who = self.who(who);
                let values = [
                    ("label", &*t.label),
                    ("id", &*t.id),
                    ("who", &*who),
                    ("points", points),
                ];
                self.line(0, "table-who", &values);
            }
            None => {
                let values = [("label", &*t.label), ("id", &*t.id), ("points", points)];
                self.line(0, "table", &values);
            }
        }
        let take = match t.take {
            TakeName::Sum => "take-sum",
            TakeName::Highest => "take-highest",
            TakeName::Lowest => "take-lowest",
            TakeName::First => "take-first",
        };
        self.line(2, take, &[]);
        if t.otherwise {
            self.line(2, "table-otherwise", &[]);
        }
        for group in &t.groups {
            let values = [
                ("label", &*group.label),
                ("before", &*group.before_bound),
                ("points", &*group.points),
            ];
            self.line(2, "group-bound", &values);
        }
        if let Some(before) = &t.before_bound {
            self.line(2, "table-bound", &[("before", before)]);
        }
        let common = common_source(&t.rows);
        if let Some(source) = common {
            self.source_as(2, "sources", source);
        }
        let at = At {
            d,
            table: t,
            common,
        };
        let near = |r: &&RowLine| matches!(r.status, RowStatus::Near { .. });
        let mut above: Option<&RowLine> = None;
        for row in t.rows.iter().filter(|r| !near(r)) {
            self.row(row, at, above);
            above = Some(row);
        }
        // Rows that turn on hours, days and papers are worth a look; the others are named only.
        let mut others = Vec::new();
        for row in t.rows.iter().filter(near) {
            match &row.status {
                RowStatus::Near {
                    neighbour,
                    ordinary,
                    ..
                } if *neighbour || *ordinary => self.row(row, at, None),
                RowStatus::Near {
                    failed, expression, ..
                } => {
                    let failed = self.words(failed, expression);
                    let values = [("label", &*row.label), ("failed", failed)];
                    others.push(self.say("near-other", &values));
                }
                _ => {}
            }
        }
        if !others.is_empty() {
            self.line(2, "near-others", &[]);
            for other in others {
                self.lines.push(format!("      {other}"));
            }
        }
    }

    fn row(&mut self, row: &RowLine, at: At<'_>, above: Option<&RowLine>) {
        let status = self.say(
            match &row.status {
                RowStatus::Counted => "row-counted",
                RowStatus::Outdone => "row-outdone",
                RowStatus::Excluded { .. } => "row-excluded",
                RowStatus::Near { .. } => "row-near",
                RowStatus::Unknown => "row-unknown",
                RowStatus::Declared { applies: true, .. } => "row-declared-yes",
                RowStatus::Declared { applies: false, .. } => "row-declared-no",
            },
            &[],
        );
        let points = match &row.points {
            Some(points) => at.shown(points),
            None => self.say("points-unknown", &[]),
        };
        let values = [
            ("status", &*status),
            ("points", &*points),
            ("label", &*row.label),
            ("id", &*row.id),
        ];
        self.line(2, "row", &values);
        match &row.status {
            RowStatus::Counted => {}
            RowStatus::Outdone => match &row.group {
                Some(group) => self.line(6, "why-outdone-group", &[("group", group)]),
                None => self.line(6, "why-outdone", &[]),
            },
            RowStatus::Excluded { by, label } => {
                self.line(6, "why-excluded", &[("id", by), ("label", label)]);
            }
            RowStatus::Near {
                failed,
                expression,
                neighbour,
                ..
            } => {
                let key = if *neighbour {
                    "why-neighbour"
                } else {
                    "why-near"
                };
                let failed = self.words(failed, expression).to_owned();
                self.line(6, key, &[("failed", &failed)]);
            }
            RowStatus::Unknown => self.line(6, "why-unknown", &[]),
            RowStatus::Declared {
                applies: true,
                counted: false,
            } => self.line(6, "why-declared-outdone", &[]),
            RowStatus::Declared { .. } => self.line(6, "why-declared", &[]),
        }
        if let (Some(formula), Some(expression)) = (&row.formula, &row.expression) {
            let words = self.words(formula, expression).to_owned();
            self.line(6, "points-from", &[("words", &words)]);
        }
        if let Some(judged) = &row.judged {
            let values = [
                ("reason", &*judged.reason),
                ("by", &*judged.entered_by),
                ("signed", &*judged.signed_by),
            ];
            self.line(6, "judged", &values);
        }
        let unknown = |r: &RowLine| r.status == RowStatus::Unknown;
        if above.is_some_and(|a| unknown(a) && unknown(row) && a.inputs == row.inputs) {
            self.line(6, "same-inputs", &[]);
        } else {
            self.inputs(6, &row.inputs, at.table.who.as_ref());
        }
        if let Some(note) = &row.note {
            self.line(6, "note", &[("note", note)]);
        }
        if at.common != Some(&row.source) {
            self.source(6, &row.source);
        }
    }

    fn words<'t>(&self, japanese: &'t str, expression: &'t str) -> &'t str {
        match self.tongue {
            Tongue::Japanese => japanese,
            Tongue::English => expression,
        }
    }

    fn who(&self, who: &Who) -> String {
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

    fn input(&self, input: &Input, of_table: Option<&Who>) -> String {
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
        let own = of_table == Some(&input.who);
        let key = match (own, input.derived) {
            (true, false) => "input-own",
            (true, true) => "input-own-derived",
            (false, false) => "input",
            (false, true) => "input-derived",
        };
        let who = self.who(&input.who);
        let values = [
            ("who", &*who),
            ("label", &*label),
            ("value", value.as_deref().unwrap_or(&unknown)),
            ("evidence", &*evidence),
        ];
        self.say(key, if own { &values[1..] } else { &values })
    }

    fn inputs(&mut self, indent: usize, inputs: &[Input], of_table: Option<&Who>) {
        for input in inputs {
            let said = self.input(input, of_table);
            self.lines.push(format!("{:indent$}{said}", ""));
        }
    }

    fn source(&mut self, indent: usize, source: &SourceLine) {
        self.source_as(indent, "source", source);
    }

    fn source_as(&mut self, indent: usize, key: &str, source: &SourceLine) {
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

    fn what_if(&mut self, c: &Change) {
        let who = self.who(&c.who);
        let unknown = self.say("unknown", &[]);
        let (label, from, to) = match self.tongue {
            Tongue::Japanese => ((*c.label).to_owned(), &c.from, &*c.to),
            Tongue::English => {
                let name = c.path.split_once('.').map_or(&*c.path, |(_, n)| n);
                (name.replace('_', " "), &c.from_en, &*c.to_en)
            }
        };
        let distance = match self.tongue {
            Tongue::Japanese => &c.distance,
            Tongue::English => &c.distance_en,
        };
        let to = match distance {
            Some(distance) => {
                let key = match c.more {
                    Some(false) => "distance-less",
                    _ => "distance-more",
                };
                self.say(key, &[("to", to), ("distance", distance)])
            }
            None => to.to_owned(),
        };
        let comma = self.section.get("list-comma", &[]);
        let told: Vec<String> = c.differences.iter().map(|d| self.difference(d)).collect();
        let differences = told.join(&comma);
        let values = [
            ("who", &*who),
            ("label", &*label),
            ("to", &*to),
            ("differences", &*differences),
            ("from", from.as_deref().unwrap_or(&unknown)),
        ];
        if from.is_some() {
            self.line(2, "what-if", &values);
        } else {
            self.line(2, "what-if-known", &values[..4]);
        }
        self.line(
            6,
            match c.better {
                Some(true) => "what-if-better",
                Some(false) => "what-if-worse",
                None => "what-if-open",
            },
            &[],
        );
        if !c.ordinary {
            self.line(6, "what-if-staff-only", &[]);
        }
    }

    fn difference(&self, d: &Difference) -> String {
        if &*d.id == "eligibility" {
            return self.say(eligibility(d), &[]);
        }
        let unknown = self.say("unknown", &[]);
        let values = [
            ("label", &*d.label),
            ("before", d.before.as_deref().unwrap_or(&unknown)),
            ("after", d.after.as_deref().unwrap_or(&unknown)),
            ("difference", d.difference.as_deref().unwrap_or_default()),
        ];
        match d.difference {
            Some(_) => self.say("difference", &values),
            None => self.say("difference-plain", &values[..3]),
        }
    }
}

/// A table being told.
#[derive(Clone, Copy)]
struct At<'d> {
    d: &'d Derivation,
    table: &'d TableLine,
    /// The source that all its rows have.
    common: Option<&'d SourceLine>,
}

impl At<'_> {
    fn shown(&self, points: &str) -> String {
        let named = self.d.named(&self.table.id, points);
        signed(named, self.table.take == TakeName::Sum && named == points)
    }
}

/// The source of all rows, where it is one.
fn common_source(rows: &[RowLine]) -> Option<&SourceLine> {
    let first = &rows.first()?.source;
    let named = !first.document.is_empty() || !first.page.is_empty();
    (named && rows.iter().all(|r| r.source == *first)).then_some(first)
}

/// Names like A, Ａ1; of longer ones nobody needs to hear the first.
pub(super) fn is_letter(name: &str) -> bool {
    name.chars().count() <= 2
}

/// The message of an order.
pub(super) fn order(key: &KeyLine) -> &'static str {
    match key.order {
        _ if key.together => "key-together",
        OrderName::Stratum => "key-stratum",
        OrderName::Higher => "key-higher",
        OrderName::Lower => "key-lower",
        OrderName::YesFirst => "key-yes",
        OrderName::NoFirst => "key-no",
        OrderName::Later => "key-later",
        OrderName::Earlier => "key-earlier",
    }
}

/// The message of a change in whether the child is considered.
pub(super) fn eligibility(d: &Difference) -> &'static str {
    match d.after.as_deref() {
        Some("yes") => "difference-eligible",
        Some(_) => "difference-refused",
        None => "difference-open",
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
