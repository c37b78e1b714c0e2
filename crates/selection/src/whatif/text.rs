//! The comparison as a table for the nursery section. [`super::text_public`] is that for publication.

use super::{
    describe::mechanism_key,
    public::hundredths,
    report::{ClassRow, Comparison, Dimension, Figures, Outcome, Side, Variant, WhatIf},
};
use crate::{
    report::{KeyComponentReport, KeyKindName, MechanismName},
    text_messages,
    text_summary::{Lang, grouped, padded, width},
};
use enmusubi_domain::template::Section;
use enmusubi_matching::Mechanism;

/// Classes and problems listed on the screen; all are in the JSON.
const LISTED_MAX: usize = 20;

/// For the nursery section.
#[must_use]
pub fn text(what_if: &WhatIf, lang: Lang) -> String {
    let page = Page {
        words: text_messages::whatif(lang),
        lang,
    };
    let base = &what_if.base;
    let mut out = page.title("title", &what_if.entry_date, what_if.number);
    let labels = page.widest(&["base", "applied", "premise"]);
    let mut line = |key: &str, value: &str| page.line(&mut out, key, labels, value);
    line("base", &page.side(base));
    line("applied", &page.people(base.figures.children));
    line("premise", &page.say("premise-value", &[]));
    for (i, variant) in what_if.variants.iter().enumerate() {
        page.head(&mut out, i, &variant.name, &variant.words);
        match &variant.outcome {
            Outcome::Compared(c) => page.compared(&mut out, base, c),
            _ => page.not_compared(&mut out, variant),
        }
    }
    out.push('\n');
    out += &format!("  {}\n", page.say("blocking-note", &[]));
    out
}

/// Words and shapes of both tables; whoever shows a comparison otherwise takes the words from here.
#[derive(Clone, Copy)]
pub struct Page {
    pub(super) words: Section,
    pub(super) lang: Lang,
}

impl Page {
    /// Words in this language.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self {
            words: text_messages::whatif(lang),
            lang,
        }
    }

    /// A message of `messages/whatif.toml`.
    #[must_use]
    pub fn say(self, key: &str, values: &[(&str, &str)]) -> String {
        self.words.get(key, values)
    }

    pub(super) fn widest(self, keys: &[&str]) -> usize {
        keys.iter()
            .map(|k| width(&self.say(k, &[])))
            .max()
            .unwrap_or(0)
    }

    pub(super) fn line(self, out: &mut String, key: &str, labels: usize, value: &str) {
        *out += &format!("  {}  {value}\n", padded(&self.say(key, &[]), labels));
    }

    /// Title with the day of entry and the number of the round; `key`: `title` or `title-public`.
    #[must_use]
    pub fn title(self, key: &str, date: &str, number: u32) -> String {
        let date = match self.lang {
            Lang::Japanese => japanese_date(date),
            Lang::English => date.to_owned(),
        };
        let number = number.to_string();
        self.say(key, &[("date", &date), ("number", &number)]) + "\n"
    }

    pub(super) fn people(self, count: u32) -> String {
        self.say("people", &[("count", &grouped(count))])
    }

    pub(super) fn families(self, count: usize) -> String {
        self.say("families", &[("count", &grouped(count))])
    }

    /// Name of a mechanism.
    #[must_use]
    pub fn mechanism(self, mechanism: MechanismName) -> String {
        let mechanism = match mechanism {
            MechanismName::Stable => Mechanism::Stable,
            MechanismName::IndexOrder => Mechanism::IndexOrder,
            MechanismName::ChoiceOrder => Mechanism::ChoiceOrder,
        };
        self.say(mechanism_key(mechanism), &[])
    }

    /// What a side is decided by: criteria, mechanism, ties.
    #[must_use]
    pub fn side(self, side: &Side) -> String {
        let ties = match side.ties.split_once(':') {
            Some((_, seed)) => self.say("ties-lottery", &[("seed", seed)]),
            None => self.say(&format!("ties-{}", side.ties), &[]),
        };
        let mechanism = self.mechanism(side.mechanism);
        self.say(
            "base-value",
            &[
                ("title", &side.title),
                ("file", &side.criteria),
                ("mechanism", &mechanism),
                ("ties", &ties),
            ],
        )
    }

    pub(super) fn head(self, out: &mut String, at: usize, name: &str, changes: &[String]) {
        out.push('\n');
        let number = (at + 1).to_string();
        *out += &self.say("variant", &[("number", &number), ("name", name)]);
        out.push('\n');
        let none = [self.say("no-changes", &[])];
        let changes = if changes.is_empty() { &none } else { changes };
        let label = self.say("changes", &[]);
        for (i, change) in changes.iter().enumerate() {
            let label = if i == 0 { &*label } else { "" };
            *out += &format!("  {}  {change}\n", padded(label, self.counts_width()));
        }
    }

    pub(super) fn counts_width(self) -> usize {
        self.widest(&["changes", "gained", "lost", "unchanged"])
    }

    fn not_compared(self, out: &mut String, variant: &Variant) {
        let list = |out: &mut String, lines: &[String]| {
            for line in lines.iter().take(LISTED_MAX) {
                *out += &format!("    {}\n", line.replace('\n', "\n    "));
            }
            let more = lines.len().saturating_sub(LISTED_MAX);
            if more > 0 {
                let count = grouped(more);
                *out += &format!("    {}\n", self.say("more", &[("count", &count)]));
            }
        };
        let say = |out: &mut String, text: String| {
            *out += &format!("  {}: {text}\n", self.say("not-compared", &[]));
        };
        match &variant.outcome {
            Outcome::Ties { undecided } => {
                let count = grouped(undecided.len());
                say(out, self.say("tied", &[("count", &count)]));
                let lines: Vec<String> = undecided
                    .iter()
                    .map(|p| {
                        let classes = p.classes.join(&self.say("comma", &[]));
                        let values = [("classes", &*classes), ("a", &*p.a), ("b", &*p.b)];
                        self.say("tied-pair", &values)
                    })
                    .collect();
                list(out, &lines);
            }
            Outcome::Undecided { children, reasons } => {
                let count = grouped(children.len());
                say(out, self.say("undecided", &[("count", &count)]));
                list(out, reasons);
            }
            Outcome::Wrong { reasons } => {
                say(out, self.say("wrong-variant", &[]));
                list(out, reasons);
            }
            Outcome::Compared(_) => {}
        }
    }

    fn compared(self, out: &mut String, base: &Side, c: &Comparison) {
        let labels = self.counts_width();
        let all = &c.all;
        let values = [
            ("count", &*self.people(all.gained())),
            ("placed", &*self.people(all.placed_now)),
            ("better", &*self.people(all.better)),
        ];
        self.line(out, "gained", labels, &self.say("gained-value", &values));
        let values = [
            ("count", &*self.people(all.lost())),
            ("placed", &*self.people(all.unplaced)),
            ("worse", &*self.people(all.worse)),
        ];
        self.line(out, "lost", labels, &self.say("lost-value", &values));
        self.line(out, "unchanged", labels, &self.people(all.unchanged));
        out.push('\n');
        self.figures(out, &base.figures, &c.after.figures);
        let wronged = &c.after.figures.blocking_families;
        if !wronged.is_empty() {
            let shown = &wronged[..wronged.len().min(LISTED_MAX)];
            let ids = shown.join(&self.say("comma", &[]));
            let more = match wronged.len() - shown.len() {
                0 => String::new(),
                n => self.say("blocking-more", &[("count", &grouped(n))]),
            };
            let values = [("ids", &*ids), ("more", &*more)];
            *out += &format!("  {}\n", self.say("blocking-after", &values));
        }
        self.unproved(out, base.figures.proved && c.after.figures.proved);
        out.push('\n');
        self.groups(out, c);
        out.push('\n');
        self.cut_offs(out, c);
    }

    fn figures(self, out: &mut String, before: &Figures, after: &Figures) {
        let mut rows = vec![
            ["", "col-before", "col-after", "col-difference"].map(|k| match k {
                "" => String::new(),
                k => self.say(k, &[]),
            }),
        ];
        let mut count = |key: &str, a: u32, b: u32| {
            rows.push([
                self.say(key, &[]),
                self.people(a),
                self.people(b),
                signed(i64::from(b) - i64::from(a)),
            ]);
        };
        count("with-class", before.with_class, after.with_class);
        count("newly-placed", before.newly_placed, after.newly_placed);
        count("held", before.held, after.held);
        count("first-choice", before.first_choice, after.first_choice);
        let mean = |f: &Figures| match hundredths(f) {
            Some(mean) => {
                let (sum, count) = (grouped(f.rank_sum), grouped(f.newly_placed));
                let values = [("mean", &*mean), ("sum", &*sum), ("count", &*count)];
                self.say("mean-rank-value", &values)
            }
            None => self.say("nobody", &[]),
        };
        rows.push([
            self.say("mean-rank", &[]),
            mean(before),
            mean(after),
            String::new(),
        ]);
        let (a, b) = (
            before.blocking_families.len(),
            after.blocking_families.len(),
        );
        rows.push([
            self.say("blocking", &[]),
            self.families(a),
            self.families(b),
            signed(b as i64 - a as i64),
        ]);
        *out += &table(&rows);
    }

    pub(super) fn unproved(self, out: &mut String, proved: bool) {
        if !proved {
            *out += &format!("  {}\n", self.say("unproved", &[]));
        }
    }

    fn groups(self, out: &mut String, c: &Comparison) {
        let head = [
            "col-group",
            "col-applied",
            "col-gained",
            "col-lost",
            "col-unchanged",
        ];
        let mut rows = vec![head.map(|k| self.say(k, &[]))];
        for group in &c.groups {
            let t = &group.tally;
            rows.push([
                self.group(group.dimension, &group.group),
                grouped(t.children),
                grouped(t.gained()),
                grouped(t.lost()),
                grouped(t.unchanged),
            ]);
        }
        *out += &table(&rows);
    }

    /// Name of a group.
    #[must_use]
    pub fn group(self, dimension: Dimension, group: &str) -> String {
        match dimension {
            Dimension::Area if group.is_empty() => self.say("area-unknown", &[]),
            Dimension::Area => self.say("area", &[("group", group)]),
            Dimension::Age => self.say("age", &[("group", group)]),
            Dimension::SingleParent if group.is_empty() => self.say("single-parent-unknown", &[]),
            Dimension::SingleParent => self.say(&format!("single-parent-{group}"), &[]),
            Dimension::Siblings => self.say(&format!("siblings-{group}"), &[]),
            Dimension::Transfer => self.say(&format!("transfer-{group}"), &[]),
        }
    }

    /// Name of a class.
    #[must_use]
    pub fn class(self, name: &str, facility: &str, age: u8, pool: Option<&str>) -> String {
        let name = if name.is_empty() { facility } else { name };
        let age = age.to_string();
        match pool {
            None => self.say("class", &[("name", name), ("age", &age)]),
            Some(pool) => self.say(
                "class-pool",
                &[("name", name), ("age", &age), ("pool", pool)],
            ),
        }
    }

    fn cut_offs(self, out: &mut String, c: &Comparison) {
        let lines: Vec<String> = c
            .classes
            .iter()
            .filter_map(|row| self.cut_off(row, &c.key_components))
            .collect();
        if lines.is_empty() {
            *out += &format!("  {}\n", self.say("cut-offs-none", &[]));
            return;
        }
        let count = grouped(lines.len());
        *out += &format!("  {}\n", self.say("cut-offs", &[("count", &count)]));
        for line in lines.iter().take(LISTED_MAX) {
            *out += &format!("    {line}\n");
        }
        let more = lines.len().saturating_sub(LISTED_MAX);
        if more > 0 {
            let count = grouped(more);
            *out += &format!("    {}\n", self.say("cut-offs-more", &[("count", &count)]));
        }
    }

    /// A class whose cut-off changes.
    fn cut_off(self, row: &ClassRow, components: &[Vec<KeyComponentReport>; 2]) -> Option<String> {
        let change = cut_off_change(row, components)?;
        let class = self.class(&row.name, &row.facility, row.age, row.pool.as_deref());
        if change.kind == KeyKindName::Lottery {
            let values = [("class", &*class), ("label", change.label)];
            return Some(self.say("cut-off-order", &values));
        }
        let value = |value: Option<&str>| match value {
            Some(value) => value.to_owned(),
            None => self.say("nobody", &[]),
        };
        let mut text = self.say(
            "cut-off",
            &[
                ("class", &class),
                ("label", change.label),
                ("before", &value(change.before)),
                ("after", &value(change.after)),
            ],
        );
        let seats = |side: &Option<super::report::ClassSide>| side.as_ref().and_then(|s| s.seats);
        if let (Some(a), Some(b)) = (seats(&row.before), seats(&row.after))
            && a != b
        {
            let (a, b) = (grouped(a), grouped(b));
            text += &self.say("cut-off-seats", &[("before", &a), ("after", &b)]);
        }
        Some(text)
    }
}

/// How the cut-off of a class changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CutOffChange<'a> {
    /// What is compared (指数).
    pub label: &'a str,
    /// Kind of what is compared; the values of a lottery say nothing to people.
    pub kind: KeyKindName,
    /// Before; `None`: nobody was admitted.
    pub before: Option<&'a str>,
    /// After.
    pub after: Option<&'a str>,
}

/// How the cut-off of a class changes, by the first component that differs; `None`: it does not.
/// `components`: [`Comparison::key_components`].
#[must_use]
pub fn cut_off_change<'a>(
    row: &'a ClassRow,
    components: &'a [Vec<KeyComponentReport>; 2],
) -> Option<CutOffChange<'a>> {
    let key = |side: &'a Option<super::report::ClassSide>| side.as_ref()?.cut_off.as_ref();
    let (before, after) = (key(&row.before), key(&row.after));
    if before == after {
        return None;
    }
    // As far as both compare the same things.
    let [was, is] = components;
    let same = was.iter().zip(is).take_while(|(a, b)| a == b).count();
    let points = |c: &KeyComponentReport| c.kind == KeyKindName::Points;
    let at = match (before, after) {
        (Some(a), Some(b)) => a.iter().zip(b).take(same).position(|(a, b)| a != b)?,
        (Some(_), None) => was.iter().position(points).unwrap_or(0),
        _ => is.iter().position(points).unwrap_or(0),
    };
    let component = if before.is_some() {
        was.get(at)?
    } else {
        is.get(at)?
    };
    let value = |key: Option<&'a Vec<String>>| Some(key?.get(at).map_or("", String::as_str));
    Some(CutOffChange {
        label: &component.label,
        kind: component.kind,
        before: value(before),
        after: value(after),
    })
}

/// `+3`, `-2`, `0`.
#[must_use]
pub fn signed(n: i64) -> String {
    match n {
        1.. => format!("+{}", grouped(n)),
        _ => grouped(n),
    }
}

/// `2027-04-01` → `令和9年4月1日`; as it is before that era.
#[must_use]
pub fn japanese_date(date: &str) -> String {
    let part = |at: usize| date.split('-').nth(at).and_then(|p| p.parse::<u32>().ok());
    match (part(0), part(1), part(2)) {
        (Some(year @ 2020..), Some(month), Some(day)) => {
            format!("令和{}年{month}月{day}日", year - 2018)
        }
        _ => date.to_owned(),
    }
}

/// Columns: the first to the left, the others to the right.
pub(super) fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let widths: Vec<usize> = (0..N)
        .map(|i| rows.iter().map(|r| width(&r[i])).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::from("  ");
        for (i, cell) in row.iter().enumerate() {
            let blank = " ".repeat(widths[i] - width(cell));
            line += &if i == 0 {
                format!("{cell}{blank}")
            } else {
                format!("  {blank}{cell}")
            };
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}
