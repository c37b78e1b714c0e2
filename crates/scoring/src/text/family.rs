//! The derivation for a family: its own household, without ids, in kind words; what is missing and
//! which paper to bring; what to check.

use super::{
    Reader, day,
    says::Says,
    signed,
    staff::{by_subject, effect, eligibility},
};
use crate::{
    derivation::{
        Change, Derivation, Difference, EffectName, Input, KeyLine, RowLine, RowStatus, TableLine,
        TakeName, ValueLine, Who,
    },
    messages,
    missed::{Missed, MissedKind},
    tact,
};
use enmusubi_domain::facts::{
    vocabulary::REASON,
    words::{Tongue, flag},
};
use enmusubi_domain::template::Section;

/// The text, line by line.
pub(super) fn lines(d: &Derivation, reader: Reader) -> Vec<String> {
    let mut text = Text {
        section: messages::section(match reader {
            Reader::ParentPlain => "plain",
            _ => "parent",
        }),
        lines: Vec::new(),
        hidden: hidden(d),
    };
    text.whole(d);
    text.lines
}

/// Names of the numbers of guarded rows that count.
fn hidden(d: &Derivation) -> Vec<String> {
    let mut names = Vec::new();
    for table in &d.tables {
        for row in table.rows.iter().filter(|r| r.guarded && counts(r)) {
            if let Some(points) = &row.points {
                let name = d.named(&table.id, points);
                if name != &**points {
                    names.push(name.to_owned());
                }
            }
        }
    }
    names
}

/// Whether a table only carries on what another says of the same person: one row of that table's name, with
/// the same points, and nothing else to tell.
fn only_repeats(t: &TableLine, d: &Derivation) -> bool {
    let mut told = t
        .rows
        .iter()
        .filter(|r| !matches!(r.status, RowStatus::Near { .. }))
        .filter(|r| r.status != RowStatus::Counted || r.points.as_deref() != Some("0"));
    let (Some(row), None) = (told.next(), told.next()) else {
        return false;
    };
    row.status == RowStatus::Counted
        && !row.guarded
        && t.points.is_some()
        && row.points == t.points
        && t.before_bound.is_none()
        && t.groups.is_empty()
        && d.tables.iter().any(|other| {
            other.id != t.id
                && other.label == row.parents
                && other.who == t.who
                && other.points == t.points
        })
}

/// Whether a row's points are in the total.
fn counts(row: &RowLine) -> bool {
    matches!(
        row.status,
        RowStatus::Counted | RowStatus::Declared { counted: true, .. }
    )
}

struct Text {
    section: Section,
    lines: Vec<String>,
    /// Names of numbers that would tell what is guarded.
    hidden: Vec<String>,
}

impl Says for Text {
    fn section(&self) -> Section {
        self.section
    }

    fn lines(&mut self) -> &mut Vec<String> {
        &mut self.lines
    }
}

impl Text {
    fn whole(&mut self, d: &Derivation) {
        self.head(d);
        if let Some(rule) = &d.refused {
            // Nothing else decides at this nursery.
            self.lines.push(String::new());
            match &rule.parents {
                Some(text) => self.line(0, "refused-parents", &[("text", text)]),
                None => self.line(0, "refused", &[]),
            }
        } else if !d.decided {
            self.missing(d);
        }
        self.heading("section-key");
        self.line(0, "key-intro", &[]);
        for (at, key) in d.key.iter().enumerate() {
            self.key(at + 1, key);
        }
        if !d.values.is_empty() {
            self.heading("section-values");
            for value in &d.values {
                self.value(d, value);
            }
        }
        self.heading("section-tables");
        for table in d.tables.iter().filter(|t| !only_repeats(t, d)) {
            self.table(d, table);
        }
        let told: Vec<&Change> = d
            .changes
            .iter()
            .filter(|c| c.ordinary && c.better == Some(true))
            .collect();
        if !told.is_empty() && d.refused.is_none() {
            self.heading("section-changes");
            self.line(0, "changes-intro", &[]);
            for change in told {
                self.what_if(change);
            }
        }
        self.lines.push(String::new());
        self.line(0, "closing", &[]);
    }

    fn head(&mut self, d: &Derivation) {
        self.line(0, "title", &[]);
        self.lines.push(String::new());
        let rank = d.rank.to_string();
        if d.facility_name.is_empty() {
            self.line(0, "facility-unnamed", &[("rank", &rank)]);
        } else {
            self.line(
                0,
                "facility",
                &[("name", &d.facility_name), ("rank", &rank)],
            );
        }
        let entry = day(&d.entry_date, Tongue::Japanese);
        let base = day(&d.base_date, Tongue::Japanese);
        let round = d.round.to_string();
        self.line(
            0,
            "round",
            &[("entry", &entry), ("round", &round), ("base", &base)],
        );
        self.line(0, "criteria", &[("title", &d.criteria)]);
    }

    fn missing(&mut self, d: &Derivation) {
        self.lines.push(String::new());
        self.line(0, "undecided", &[]);
        let mut told: Vec<String> = Vec::new();
        let mut papers = false;
        for m in &d.missing {
            let office = m.kind != MissedKind::Fact || tact::is_guarded_path(&m.path);
            let said = if office {
                self.say("missing-office", &[])
            } else {
                papers = true;
                self.missed(d, m)
            };
            if !told.contains(&said) {
                told.push(said);
            }
        }
        self.lines.append(&mut told);
        if papers {
            self.line(0, "missing-how", &[]);
        }
    }

    fn missed(&self, d: &Derivation, m: &Missed) -> String {
        let values = [("what", &*m.what), ("paper", &*m.paper)];
        // Whose: known from a fact that was looked at; ids are not told.
        let inputs = d
            .tables
            .iter()
            .flat_map(|t| t.rows.iter().flat_map(|r| &r.inputs));
        let who = inputs
            .map(|i| (&i.path, &i.who))
            .chain(
                d.tables
                    .iter()
                    .filter_map(|t| Some((&t.id, t.who.as_ref()?))),
            )
            .find(|(_, who)| who.label == &*m.subject && who.id == m.id);
        match who {
            Some((_, who)) => {
                let who = self.who(who);
                self.say("missing-of", &[("who", &who), values[0], values[1]])
            }
            None => self.say("missing", &values),
        }
    }

    fn key(&mut self, place: usize, key: &KeyLine) {
        let value = match (key.to_be_filled, &key.value) {
            (true, _) => self.say("key-hole", &[]),
            _ if key.guarded => self.say("guarded-value", &[]),
            (_, Some(value)) => self.open(value),
            _ => self.say("unknown", &[]),
        };
        let order = self.key_order(key);
        let place = place.to_string();
        let values = [
            ("place", &*place),
            ("label", &*key.label),
            ("value", &*value),
            ("order", &*order),
        ];
        self.line(0, "key", &values);
        if let Some(own) = &key.own {
            self.line(2, "key-own", &[("own", own)]);
        }
    }

    fn value(&mut self, d: &Derivation, v: &ValueLine) {
        let unknown = self.say("unknown", &[]);
        let value = v.value.as_deref();
        let value = self.open(value.map_or(&*unknown, |n| d.named(&v.id, n)));
        self.line(0, "value", &[("label", &v.label), ("value", &value)]);
        if v.terms.len() > 1 {
            for term in &v.terms {
                let (minus, value) = term.signed();
                let sign = self.say(if minus { "value-minus" } else { "value-plus" }, &[]);
                let value = self.open(value.unwrap_or(&unknown));
                let values = [
                    ("sign", &*sign),
                    ("value", &*value),
                    ("words", &*term.words),
                ];
                self.line(2, "value-term", &values);
            }
        }
        for change in v.changes.iter().filter(|c| c.holds == Some(true)) {
            let named = |n: &Option<Box<str>>| {
                let number = n.as_deref();
                self.open(number.map_or(&*unknown, |n| d.named(&v.id, n)))
            };
            let (operand, after) = (named(&change.operand), named(&change.after));
            let label = if change.guarded {
                self.guarded_label()
            } else {
                (*change.parents).to_owned()
            };
            let values = [("label", &*label), ("after", &*after)];
            if change.effect == EffectName::Set {
                self.line(2, "change-set", &values);
            } else {
                let (effect, operand) = effect(change.effect, &operand);
                let effect = self.say(effect, &[("operand", operand)]);
                self.line(2, "change", &[values[0], values[1], ("effect", &effect)]);
            }
        }
    }

    /// A name that may be told; else where to ask.
    fn open(&self, name: &str) -> String {
        if self.hidden.iter().any(|h| *h == *name) {
            self.say("guarded-value", &[])
        } else {
            name.to_owned()
        }
    }

    /// What a change is called that looks at something not spelled out.
    fn guarded_label(&self) -> String {
        let said = self.say("guarded", &[]);
        said.trim().to_owned()
    }

    fn table(&mut self, d: &Derivation, t: &TableLine) {
        let unknown = self.say("unknown", &[]);
        let points = t.points.as_deref();
        let points = &*self.open(points.map_or(&*unknown, |p| d.named(&t.id, p)));
        match &t.who {
            Some(who) => {
                let who = self.who(who);
                let values = [("label", &*t.label), ("who", &*who), ("points", points)];
                self.line(0, "table-who", &values);
            }
            None => self.line(0, "table", &[("label", &t.label), ("points", points)]),
        }
        let mut said = false;
        for row in &t.rows {
            said |= self.row(row, d, t);
        }
        let open: Vec<String> = t
            .rows
            .iter()
            .filter(|r| r.status == RowStatus::Unknown && !r.guarded)
            .map(|r| self.say("list-item", &[("label", &r.parents)]))
            .collect();
        if !open.is_empty() {
            let list = open.join(&self.say("list-comma", &[]));
            self.line(2, "rows-unknown", &[("list", &list)]);
            said = true;
        }
        if !said {
            self.line(2, "table-none", &[]);
        }
        self.bounds(t);
    }

    /// Says a row that concerns the family; whether there was anything to say.
    fn row(&mut self, row: &RowLine, d: &Derivation, t: &TableLine) -> bool {
        let points = match &row.points {
            Some(points) => {
                let named = d.named(&t.id, points);
                signed(
                    &self.open(named),
                    t.take == TakeName::Sum && named == &**points,
                )
            }
            None => self.say("unknown", &[]),
        };
        let label = &*row.parents;
        // What adds nothing need not be told.
        if row.status == RowStatus::Counted && row.points.as_deref() == Some("0") {
            return false;
        }
        if row.guarded {
            let named = row.points.as_deref().map(|p| d.named(&t.id, p) != p);
            match (counts(row), named) {
                (false, _) => {}
                (true, Some(true)) => self.line(2, "row-guarded-named", &[]),
                (true, _) => self.line(2, "row-guarded", &[("points", &points)]),
            }
            return counts(row);
        }
        match &row.status {
            // "事由の順：就労" says what its row 就労 with the value 就労 would say.
            RowStatus::Counted if *label == *points => return true,
            RowStatus::Counted => self.line(2, "row", &[("label", label), ("points", &points)]),
            RowStatus::Outdone => self.line(2, "row-outdone", &[("label", label)]),
            RowStatus::Excluded { by, .. } => {
                let by = match t.rows.iter().find(|r| r.id == *by) {
                    Some(row) if !row.guarded => (*row.parents).to_owned(),
                    _ => self.guarded_label(),
                };
                self.line(2, "row-excluded", &[("label", label), ("by", &by)]);
            }
            RowStatus::Near { .. } | RowStatus::Unknown => return false,
            RowStatus::Declared {
                applies: true,
                counted: true,
            } => {
                let values = [("label", label), ("points", &points)];
                self.line(2, "row-declared-yes", &values);
            }
            RowStatus::Declared {
                applies: true,
                counted: false,
            } => self.line(2, "row-outdone", &[("label", label)]),
            RowStatus::Declared { applies: false, .. } => {
                self.line(2, "row-declared-no", &[("label", label)]);
            }
        }
        if matches!(row.status, RowStatus::Counted) {
            self.inputs(&row.inputs, t.who.as_ref());
        }
        true
    }

    /// Facts, a line each, with the person they are about where that is not the table's.
    fn inputs(&mut self, inputs: &[Input], of_table: Option<&Who>) {
        let subjects = by_subject(inputs);
        let adults: Vec<&Input> = subjects
            .iter()
            .filter(|(who, _)| who.kind == "adult" && of_table != Some(who))
            .flat_map(|(_, own)| own.iter().copied())
            .collect();
        let many = adults.iter().any(|i| i.who.place != adults[0].who.place);
        for (who, own) in subjects {
            if many && who.kind == "adult" && of_table != Some(who) {
                continue;
            }
            let told: Vec<String> = own.iter().filter_map(|i| self.input(i)).collect();
            // Facts of the choice speak of "this nursery" themselves.
            if of_table == Some(who) || who.kind == "choice" {
                self.lines
                    .extend(told.iter().map(|fact| format!("    {fact}")));
                continue;
            }
            // Of one of several people, one line for all.
            let lists = if who.of > 1 && !told.is_empty() {
                vec![told.join(&self.say("list-comma", &[]))]
            } else {
                told
            };
            for list in lists {
                let who = self.who(who);
                self.line(4, "inputs-of", &[("who", &who), ("list", &list)]);
            }
        }
        if many {
            self.adults(&adults);
        }
    }

    /// What was looked at of several people living with the family, and where: not each one's age.
    fn adults(&mut self, inputs: &[&Input]) {
        let (mut labels, mut papers): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
        for input in inputs.iter().filter(|i| self.input(i).is_some()) {
            for (list, text) in [
                (&mut labels, &*input.label),
                (&mut papers, &*input.evidence),
            ] {
                if !list.contains(&text) {
                    list.push(text);
                }
            }
        }
        if labels.is_empty() {
            return;
        }
        let comma = self.say("list-comma", &[]);
        let kind = self.say("kind-adult", &[]);
        let values = [
            ("who", &*kind),
            ("list", &*labels.join(&comma)),
            ("papers", &*papers.join(&comma)),
        ];
        self.line(4, "inputs-looked-at", &values);
    }

    /// A fact that a family may be told; what is not the case is no ground for a point that was counted.
    fn input(&self, input: &Input) -> Option<String> {
        let value = without_guarded(input.value.as_deref()?);
        let no = flag(false, Tongue::Japanese);
        if value.is_empty() || value == no || tact::is_guarded_path(&input.path) {
            return None;
        }
        let values = [
            ("label", &*input.label),
            ("value", &*value),
            ("evidence", &*input.evidence),
        ];
        Some(self.say("input", &values))
    }

    /// Whose, without an id.
    fn who(&self, who: &Who) -> String {
        let kind = match who.kind {
            "household" => return self.say("who-household", &[]),
            "round" => return self.say("who-round", &[]),
            "facility" | "choice" => return self.say("who-choice", &[]),
            "child" if who.place == 0 => return self.say("who-child", &[]),
            "child" => self.say("who-sibling", &[]),
            "adult" => self.say("kind-adult", &[]),
            "decline" => self.say("kind-decline", &[]),
            _ => self.say("kind-guardian", &[]),
        };
        if who.of <= 1 {
            return self.say("who-own", &[("kind", &kind)]);
        }
        let nth = match who.place {
            1 => self.say("who-first", &[]),
            2 => self.say("who-second", &[]),
            place => self.say("who-nth", &[("place", &place.to_string())]),
        };
        self.say("who-of", &[("kind", &kind), ("nth", &nth)])
    }

    fn what_if(&mut self, c: &Change) {
        let who = self.who(&c.who);
        let differences = self.differences(&c.differences);
        let to = match &c.distance {
            Some(distance) => {
                let key = match c.more {
                    Some(false) => "distance-less",
                    _ => "distance-more",
                };
                self.say(key, &[("to", &c.to), ("distance", distance)])
            }
            None => (*c.to).to_owned(),
        };
        let values = [
            ("who", &*who),
            ("label", &*c.label),
            ("paper", &*c.evidence),
            ("differences", &*differences),
            ("to", &*to),
            ("from", c.from.as_deref().unwrap_or_default()),
        ];
        match (&c.from, c.yes) {
            (None, _) => self.line(0, "what-if-known", &values[..5]),
            (Some(_), Some(true)) => self.line(0, "what-if-yes", &values[..4]),
            (Some(_), Some(false)) => self.line(0, "what-if-no", &values[..4]),
            (Some(_), None) => self.line(0, "what-if", &values),
        }
    }

    /// What would be different; whether the child is considered at all says enough.
    fn differences(&self, differences: &[Difference]) -> String {
        if let Some(d) = differences.iter().find(|d| &*d.id == "eligibility") {
            return self.say(eligibility(d), &[]);
        }
        let unknown = self.say("unknown", &[]);
        let told: Vec<String> = differences
            .iter()
            .map(|d| {
                let after = d.after.as_deref().unwrap_or(&unknown);
                let values = [("label", &*d.label), ("after", after)];
                match &d.before {
                    Some(before) => {
                        self.say("difference", &[values[0], values[1], ("before", before)])
                    }
                    None => self.say("difference-known", &values),
                }
            })
            .collect();
        let list = told.join(&self.say("list-comma", &[]));
        self.say("differences", &[("list", &list)])
    }
}

/// A list of reasons without the one that is not spelled out.
fn without_guarded(value: &str) -> String {
    let label = tact::guarded_reason().map_or("", |at| REASON.values[usize::from(at)].1);
    let told: Vec<&str> = value.split('、').filter(|part| *part != label).collect();
    told.join("、")
}
