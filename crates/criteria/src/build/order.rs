//! What decides the order: strata, keys, passes, pools, eligibility, ties; and the small sections.

use super::{Builder, place_of};
use crate::{
    document::Record,
    expression::{Expression, Kind},
    model::{
        Conversion, Eligibility, Key, MechanismName, Pass, Pool, SelectionRules, SourceDocument,
        Stratum, TiesLeft, Transfers,
    },
};
use enmusubi_domain::facts::Exact;

impl Builder<'_> {
    pub(super) fn strata(&mut self, documents: &[SourceDocument]) -> Vec<Stratum> {
        self.remainder_last("stratum", "優先区分");
        let rows = self.doc.rows("stratum");
        rows.iter()
            .map(|r| Stratum {
                id: self.id(r),
                label: self.label(r),
                when: self.expression(r, "when"),
                source: self.source(r, documents, None),
                span: self.record_span(r),
            })
            .collect()
    }

    pub(super) fn passes(&mut self) -> Vec<Pass> {
        self.remainder_last("pass", "段階");
        let rows = self.doc.rows("pass");
        rows.iter()
            .map(|r| Pass {
                id: self.id(r),
                label: self.label(r),
                when: self.expression(r, "when"),
                span: self.record_span(r),
            })
            .collect()
    }

    /// "Everybody else" is last.
    fn remainder_last(&mut self, section: &str, thing: &str) {
        let rows = self.doc.rows(section);
        let Some((_, before)) = rows.split_last() else {
            return;
        };
        for r in before.iter().filter(|r| r.get("when").is_none()) {
            self.all.error(
                "C062",
                r.place.clone(),
                (
                    format!("条件のない{thing}は最後の一つだけです。これより後の{thing}にはだれも入りません"),
                    format!("only the last {section} may be without a condition; nobody would reach those below"),
                ),
                (
                    "when を書くか、最後に移してください",
                    "add when, or move it to the end",
                ),
            );
        }
    }

    pub(super) fn keys(&mut self, documents: &[SourceDocument]) -> Vec<Key> {
        let rows = self.doc.rows("key");
        if rows.is_empty() && !self.doc.rows("criteria").is_empty() {
            self.all.error(
                "C060",
                self.doc.rows("criteria")[0].place.clone(),
                (
                    "優先順位（[[key]]）が一つもありません",
                    "there is no [[key]]: nothing decides the order",
                ),
                (
                    "比べる順に [[key]] を書いてください",
                    "write a [[key]] for each step of the comparison",
                ),
            );
        }
        rows.iter().map(|r| self.key(r, documents)).collect()
    }

    fn key(&mut self, r: &Record, documents: &[SourceDocument]) -> Key {
        let fill = self.flag(r, "fill") == Some(true);
        let together = self.flag(r, "together") == Some(true);
        let stated = r.get("value").is_some();
        let mut value = self.expression(r, "value");
        match (stated, fill) {
            (true, true) => self.all.error(
                "C061",
                place_of(r, "fill"),
                (
                    "「value」と「fill」は一緒に書けません",
                    "\"value\" and \"fill\" contradict each other",
                ),
                ("どちらか一方にしてください", "keep one of them"),
            ),
            // Every household with siblings, where nothing else is said.
            (false, false) if together => {
                value = Some(Expression {
                    kind: Kind::Bool(true),
                    span: self.record_span(r),
                });
            }
            (false, false) => self.all.error(
                "C064",
                r.place.clone(),
                (
                    format!("優先順位「{}」には、比べる値がありません", self.id(r)),
                    format!(
                        "the key \"{}\" says nothing that could be compared",
                        self.id(r)
                    ),
                ),
                (
                    "value に式を書いてください。原典で確かめられていなければ fill = true です",
                    "write value; fill = true where it has not been read",
                ),
            ),
            _ => {}
        }
        let higher_first = r.text("order") != Some("lower");
        if together && (!higher_first || r.get("show").is_some()) {
            let field = if higher_first { "show" } else { "order" };
            self.all.error(
                "C065",
                place_of(r, field),
                (
                    format!("同時入所の順位（together）に「{field}」は書けません"),
                    format!("a key with together has no \"{field}\""),
                ),
                (
                    "同時に入所できる方が先です。消してください",
                    "those who enter together come first; remove it",
                ),
            );
        }
        Key {
            id: self.id(r),
            label: self.label(r),
            value,
            higher_first,
            show: self.shown(r),
            together,
            source: self.source(r, documents, None),
            span: self.record_span(r),
        }
    }

    /// `["9=A", "8=B"]`.
    fn shown(&mut self, r: &Record) -> Vec<(Exact, Box<str>)> {
        let mut shown: Vec<(Exact, Box<str>)> = Vec::new();
        for text in self.list(r, "show") {
            let pair = text
                .split_once('=')
                .and_then(|(n, t)| Some((Exact::parse(n.trim())?, t.trim())))
                .filter(|(_, t)| !t.is_empty());
            match pair {
                Some((n, _)) if shown.iter().any(|(m, _)| *m == n) => self.all.error(
                    "C067",
                    place_of(r, "show"),
                    (
                        format!("{n} の見せ方が二つあります"),
                        format!("{n} is shown in two ways"),
                    ),
                    ("一つにしてください", "keep one of them"),
                ),
                Some((n, t)) => shown.push((n, t.into())),
                None => self.all.error(
                    "C066",
                    place_of(r, "show"),
                    (
                        format!("「{text}」は「値=見せ方」の形ではありません"),
                        format!("\"{text}\" is not of the form \"value=shown\""),
                    ),
                    (
                        "[\"9=A\", \"8=B\"] のように書いてください",
                        "write [\"9=A\", \"8=B\"]",
                    ),
                ),
            }
        }
        shown
    }

    pub(super) fn pools(&mut self) -> Vec<Pool> {
        let rows = self.doc.rows("pool");
        rows.iter()
            .map(|r| Pool {
                id: self.id(r),
                label: self.label(r),
                target: self.required(r, "target", Kind::Bool(true)),
                hard: self.flag(r, "hard") == Some(true),
                after_ordinary: self.flag(r, "after_ordinary") == Some(true),
                within: self.flag(r, "within") == Some(true),
                parents: self.boxed(r, "parents"),
                span: self.record_span(r),
            })
            .collect()
    }

    pub(super) fn eligibility(&mut self, documents: &[SourceDocument]) -> Vec<Eligibility> {
        let rows = self.doc.rows("eligibility");
        rows.iter()
            .map(|r| Eligibility {
                id: self.id(r),
                label: self.label(r),
                require: self.required(r, "require", Kind::Bool(true)),
                parents: self.boxed(r, "parents"),
                source: self.source(r, documents, None),
                span: self.record_span(r),
            })
            .collect()
    }

    pub(super) fn transfers(&self) -> Transfers {
        let none = Record::default();
        let r = self.doc.rows("transfers").first().unwrap_or(&none);
        Transfers {
            refill: self.flag(r, "refill").unwrap_or(true),
            refusable: self.flag(r, "refusable") == Some(true),
            withdrawable: self.flag(r, "withdrawable") == Some(true),
        }
    }

    pub(super) fn ties(&self) -> TiesLeft {
        let row = self.doc.rows("ties").first();
        match row.and_then(|r| r.text("left")) {
            Some("lottery") => TiesLeft::Lottery,
            Some("equal") => TiesLeft::Equal,
            Some("staff") => TiesLeft::Staff,
            _ => TiesLeft::Stop,
        }
    }

    pub(super) fn selection(&mut self) -> SelectionRules {
        let none = Record::default();
        let r = self.doc.rows("selection").first().unwrap_or(&none);
        let minimum = match r.get("disclosure_minimum") {
            Some(crate::document::Scalar::Integer(n)) => u32::try_from(*n).ok(),
            _ => Some(3),
        };
        if minimum.is_none() {
            self.all.error(
                "C068",
                place_of(r, "disclosure_minimum"),
                (
                    "少数の秘匿は0以上の整数です",
                    "disclosure_minimum is a whole number of 0 or more",
                ),
                (
                    "この人数より少ないときは数値を示しません。3 のように書いてください",
                    "figures about fewer people are withheld; write 3, for example",
                ),
            );
        }
        SelectionRules {
            mechanism: match r.text("mechanism") {
                Some("index-order") => MechanismName::IndexOrder,
                Some("choice-order") => MechanismName::ChoiceOrder,
                _ => MechanismName::Stable,
            },
            disclosure_minimum: minimum.unwrap_or(3),
        }
    }

    pub(super) fn conversion(&mut self) -> Conversion {
        let none = Record::default();
        let r = self.doc.rows("conversion").first().unwrap_or(&none);
        let weeks = self.number(r, "weeks_per_month");
        let breaks = self.number(r, "break_at_most");
        for (field, wrong) in [
            ("weeks_per_month", weeks.is_some_and(|w| w <= Exact::ZERO)),
            ("break_at_most", breaks.is_some_and(|b| b < Exact::ZERO)),
        ] {
            if wrong {
                self.all.error(
                    "C069",
                    place_of(r, field),
                    (
                        format!("「{field}」が小さすぎます"),
                        format!("\"{field}\" is too small"),
                    ),
                    (
                        "国の標準のままでよければ、この項目を消してください",
                        "remove it where the national standard holds",
                    ),
                );
            }
        }
        Conversion {
            weeks_per_month: weeks.unwrap_or(Exact::whole(4)),
            break_at_most: breaks,
        }
    }
}
