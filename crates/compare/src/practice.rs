//! The criteria as practised (`practice.toml`): causes that are about the criteria, written into the document as
//! somebody would write them. An ordinary criteria file, to be confirmed by the section and then used.
//!
//! Causes about single families and seats are no criteria. Some others no file can say: a wish read otherwise
//! without an answer of the form, keys moved before the strata; they are left and named.

use crate::{
    cause::{Cause, KeyOrder, RankUse, TransferOrder, WishScope},
    messages,
};
use enmusubi_criteria::{
    Criteria, Document,
    aggregate::{Aggregate, aggregated},
    diff::{Change, diff},
    document::{Record, Scalar},
    edit::{number, put, record, rows, single, take},
    expression, from_document,
    model::{Coupling, Question},
};
use enmusubi_domain::{facts::Exact, template::Section};
use enmusubi_market::{First, Place, Timing, WishFields};
use enmusubi_matching::Mechanism;
use enmusubi_selection::{
    compiled::{KeyComponent, KeyKind},
    text_summary::Lang,
};

/// Criteria as practised.
#[derive(Debug, Clone)]
pub struct Practised {
    /// The document.
    pub document: Document,
    /// The same, checked.
    pub criteria: Criteria,
    /// Positions of the causes that are in it.
    pub written: Vec<usize>,
    /// Per cause that is in it: the places of the document that it changed ([`enmusubi_criteria::diff::Change::place`]).
    pub places: Vec<Vec<String>>,
    /// Positions of the causes that are about the criteria and that no file can say.
    pub left: Vec<usize>,
}

/// Whether a cause is about the criteria: about neither single families nor seats.
#[must_use]
pub fn is_of_criteria(cause: &Cause) -> bool {
    !cause.is_individual() && !matches!(cause, Cause::Seats { .. })
}

/// Writes causes into a criteria file. `components`: those of the round's keys by the file, which positions in causes speak
/// of. `words`: of the causes, for the remark. `None` where no cause can be written.
#[must_use]
pub fn practised(
    document: &Document,
    criteria: &Criteria,
    components: &[KeyComponent],
    causes: &[Cause],
    words: &[String],
    lang: Lang,
) -> Option<Practised> {
    let mut edit = Edit {
        document: document.clone(),
        keys: Keys::of(criteria, components),
        words: messages::compare(lang),
    };
    let (mut written, mut left, mut checked) = (Vec::new(), Vec::new(), None);
    let (mut told, mut places) = (Vec::new(), Vec::new());
    for (at, cause) in causes.iter().enumerate() {
        if !is_of_criteria(cause) {
            continue;
        }
        let before = edit.document.clone();
        let done = edit.write(cause, at);
        // As if somebody had written it: what the checker refuses is not written.
        match done.and_then(|()| from_document(&edit.document).0) {
            Some(criteria) => {
                checked = Some(criteria);
                written.push(at);
                let changes = diff(&before, &edit.document);
                places.push(changes.iter().map(Change::place).collect());
                told.extend(words.get(at).map(String::as_str));
            }
            None => {
                edit.document = before;
                left.push(at);
            }
        }
    }
    checked?;
    edit.head(&told);
    let criteria = from_document(&edit.document).0?;
    Some(Practised {
        document: edit.document,
        criteria,
        written,
        places,
        left,
    })
}

/// Which key of the file a component of the market's keys is.
struct Keys {
    /// Ids of the keys by component; `None`: pools, strata, a tie-break.
    of: Vec<Option<Box<str>>>,
    /// Position of the strata.
    strata: Option<usize>,
    /// The first component that is points.
    points: Option<usize>,
    /// Ids of all coupled keys.
    coupled: Vec<Box<str>>,
    /// The key that is coupled where the file names none.
    first: Option<Box<str>>,
}

impl Keys {
    fn of(criteria: &Criteria, components: &[KeyComponent]) -> Self {
        // Keys behind one that is to be filled do not compare.
        let compared: Vec<&enmusubi_criteria::model::Key> = criteria
            .keys
            .iter()
            .take_while(|k| k.value.is_some())
            .collect();
        let tie = |c: &KeyComponent| matches!(c.kind, KeyKind::Lottery | KeyKind::Row);
        let ours = components.iter().take_while(|c| !tie(c)).count();
        // What stands before them: the pools' component, then the strata.
        let offset = ours.saturating_sub(compared.len());
        let mut of = vec![None; components.len()];
        for (slot, key) in of.iter_mut().skip(offset).zip(&compared) {
            *slot = Some(key.id.clone());
        }
        let coupled = criteria.siblings.coupled.iter();
        let first = criteria
            .keys
            .iter()
            .find(|k| k.value.is_some() && !k.together);
        Self {
            of,
            strata: (!criteria.strata.is_empty()).then(|| offset.saturating_sub(1)),
            points: components.iter().position(|c| c.kind == KeyKind::Points),
            coupled: coupled
                .filter_map(|&k| Some(criteria.keys.get(k as usize)?.id.clone()))
                .collect(),
            first: first.map(|k| k.id.clone()),
        }
    }

    /// The key at a component.
    fn id(&self, component: u32) -> Option<&str> {
        self.of.get(component as usize)?.as_deref()
    }

    /// Whether a component is behind all keys of the file.
    fn is_last(&self, component: u32) -> bool {
        let keys = self.of.iter().rposition(Option::is_some);
        keys.is_none_or(|last| component as usize > last)
    }
}

struct Edit {
    document: Document,
    keys: Keys,
    words: Section,
}

fn text(text: impl Into<Box<str>>) -> Scalar {
    Scalar::Text(text.into())
}

impl Edit {
    /// Writes a cause; `None`: no file can say it.
    fn write(&mut self, cause: &Cause, at: usize) -> Option<()> {
        match cause {
            Cause::RowPoints { row, theirs } => {
                let row = record(&mut self.document, "row", row).ok()?;
                if row.get("discretion").is_some() {
                    return None;
                }
                take(row, &["fill"]);
                put(row, "row", "points", number(&theirs.to_string()));
                self.note("row", cause)
            }
            Cause::RowExtra { row } => {
                let row = record(&mut self.document, "row", row).ok()?;
                take(row, &["band", "from", "below", "from2", "below2"]);
                put(row, "row", "when", text("false"));
                self.note("row", cause)
            }
            Cause::RowMissing {
                table,
                when,
                points,
            } => self.add_row(at, table, when, *points),
            Cause::KeyOrder(change) => self.key_order(*change),
            Cause::Aggregation { of, nth, theirs } => {
                self.aggregate(of, usize::from(*nth), *theirs)
            }
            Cause::Coupling(coupling) => self.couple(*coupling),
            Cause::Transfers(order) => self.transfers(*order),
            Cause::Refill(refill) => {
                let row = single(&mut self.document, "transfers")?;
                put(row, "transfers", "refill", Scalar::Bool(*refill));
                Some(())
            }
            Cause::ChoiceRank(RankUse::Before(component)) => self.rank_before(*component),
            Cause::ChoiceRank(RankUse::FirstChoice(points)) => self.first_choice(*points),
            Cause::Mechanism(mechanism) => {
                let name = match mechanism {
                    Mechanism::Stable => "stable",
                    Mechanism::IndexOrder => "index-order",
                    Mechanism::ChoiceOrder => "choice-order",
                };
                let row = single(&mut self.document, "selection")?;
                put(row, "selection", "mechanism", text(name));
                Some(())
            }
            Cause::Wish {
                of: WishScope::Answer(question, answer),
                theirs,
            } => self.answer(*question, answer, *theirs),
            Cause::Wish { .. }
            | Cause::Fact { .. }
            | Cause::Seats { .. }
            | Cause::Tie { .. }
            | Cause::Contradiction { .. } => None,
        }
    }

    /// Title and remark of the whole file.
    fn head(&mut self, told: &[&str]) {
        let note = self.words.get("note", &[]);
        let words = self.words;
        let Some(head) = single(&mut self.document, "criteria") else {
            return;
        };
        let title = head.text("title").unwrap_or_default().to_owned();
        let title = words.get("practice-title", &[("title", &title)]);
        put(head, "criteria", "title", text(title));
        let before = head.text("note").map(str::to_owned);
        let lines = before.into_iter().chain([note]);
        let lines = lines.chain(told.iter().map(|t| (*t).to_owned()));
        let lines: Vec<String> = lines.collect();
        put(head, "criteria", "note", text(lines.join(" ")));
    }

    /// A remark on the row a cause is about.
    fn note(&mut self, section: &str, cause: &Cause) -> Option<()> {
        let (Cause::RowPoints { row: id, .. } | Cause::RowExtra { row: id }) = cause else {
            return None;
        };
        let note = self.words.get("note", &[]);
        let row = record(&mut self.document, section, id).ok()?;
        let note = match row.text("note") {
            Some(before) => format!("{before} {note}"),
            None => note,
        };
        put(row, section, "note", text(note));
        Some(())
    }

    fn add_row(&mut self, at: usize, table: &str, when: &str, points: Exact) -> Option<()> {
        let taken = |id: &str| {
            let rows = self.document.rows("row").iter();
            rows.filter_map(|r| r.text("id")).any(|other| other == id)
        };
        let id = (at + 1..).map(|n| format!("unwritten-{n}"));
        let id = id.into_iter().find(|id| !taken(id))?;
        let mut row = Record::default();
        for (name, value) in [
            ("id", text(id)),
            ("table", text(table)),
            ("label", text(self.words.get("unwritten-label", &[]))),
            ("when", text(when)),
            ("points", number(&points.to_string())),
            ("note", text(self.words.get("note", &[]))),
        ] {
            put(&mut row, "row", name, value);
        }
        rows(&mut self.document, "row")?.push(row);
        self.document.arrange();
        Some(())
    }

    fn key_order(&mut self, change: KeyOrder) -> Option<()> {
        match change {
            KeyOrder::Flip(component) => {
                let id = self.keys.id(component)?;
                let key = record(&mut self.document, "key", id).ok()?;
                let order = match key.text("order") {
                    Some("lower") => "higher",
                    _ => "lower",
                };
                put(key, "key", "order", text(order));
                Some(())
            }
            KeyOrder::Drop(component) => {
                if Some(component as usize) == self.keys.strata {
                    rows(&mut self.document, "stratum")?.clear();
                    self.document.arrange();
                    return Some(());
                }
                // It stays, and says nothing: examples may name it.
                let id = self.keys.id(component)?;
                let key = record(&mut self.document, "key", id).ok()?;
                let nothing = match key.get("together") {
                    Some(Scalar::Bool(true)) => text("false"),
                    _ => Scalar::Integer(0),
                };
                put(key, "key", "value", nothing);
                Some(())
            }
            KeyOrder::Move { from, before } => {
                let from = self.keys.id(from)?.to_owned();
                let last = self.keys.is_last(before);
                let before = self.keys.id(before).map(str::to_owned);
                if before.is_none() && !last {
                    return None;
                }
                let list = rows(&mut self.document, "key")?;
                let at =
                    |list: &[Record], id: &str| list.iter().position(|r| r.text("id") == Some(id));
                let moved = list.remove(at(list, &from)?);
                let to = match &before {
                    Some(before) => at(list, before)?,
                    // Keys to be filled compare nothing and stay behind.
                    None => list
                        .iter()
                        .position(|r| r.get("value").is_none())
                        .unwrap_or(list.len()),
                };
                list.insert(to, moved);
                Some(())
            }
        }
    }

    /// In a value or key, whichever has guardians' points.
    fn aggregate(&mut self, of: &str, nth: usize, theirs: Aggregate) -> Option<()> {
        for section in ["value", "key"] {
            let Ok(row) = record(&mut self.document, section, of) else {
                continue;
            };
            let read = row.text("value").and_then(|v| expression::parse(v, 0).ok());
            if let Some(other) = read.and_then(|e| aggregated(&e, nth, theirs)) {
                put(row, section, "value", text(other.to_string()));
                return Some(());
            }
        }
        None
    }

    fn couple(&mut self, coupling: Coupling) -> Option<()> {
        let name = match coupling {
            Coupling::None => "none",
            Coupling::Highest => "highest",
            Coupling::Average => "average",
        };
        let first = self.keys.first.clone();
        let row = single(&mut self.document, "siblings")?;
        put(row, "siblings", "coupling", text(name));
        if coupling == Coupling::None {
            take(row, &["coupled"]);
        } else if row.get("coupled").is_none() {
            put(row, "siblings", "coupled", Scalar::List(vec![first?]));
        }
        Some(())
    }

    /// Transfer applicants before or after all others: each stratum twice, once for them and once for the rest.
    fn transfers(&mut self, order: TransferOrder) -> Option<()> {
        let (ours, others) = (
            "child.application == 'transfer'",
            "child.application != 'transfer'",
        );
        let (first, label) = match order {
            TransferOrder::Before => (ours, "transfer-stratum"),
            TransferOrder::After => (others, "others-stratum"),
            // No file can say what is to be read as if it were not written.
            TransferOrder::Level => return None,
        };
        let words = self.words;
        let list = rows(&mut self.document, "stratum")?;
        let mut new = Vec::new();
        let mut open = true;
        for (at, stratum) in list.iter().enumerate() {
            let mut row = stratum.clone();
            let when = match stratum.text("when") {
                Some(when) => format!("{first} && ({when})"),
                None => {
                    open = false;
                    first.to_owned()
                }
            };
            let label = words.get(label, &[("label", stratum.text("label").unwrap_or(""))]);
            put(&mut row, "stratum", "id", text(format!("first-{}", at + 1)));
            put(&mut row, "stratum", "label", text(label));
            put(&mut row, "stratum", "when", text(when));
            new.push(row);
        }
        if open {
            let mut row = Record::default();
            let label = match order {
                TransferOrder::Before => "transfer-label",
                _ => "others-rest",
            };
            put(&mut row, "stratum", "id", text("first"));
            put(&mut row, "stratum", "label", text(words.get(label, &[])));
            put(&mut row, "stratum", "when", text(first));
            new.push(row);
        }
        new.append(list);
        *list = new;
        Some(())
    }

    fn rank_before(&mut self, component: u32) -> Option<()> {
        let before = self.keys.id(component).map(str::to_owned);
        if before.is_none() && !self.keys.is_last(component) {
            return None;
        }
        let mut key = Record::default();
        for (name, value) in [
            ("id", text("choice-rank")),
            ("label", text(self.words.get("rank-label", &[]))),
            ("value", text("choice.rank")),
            ("order", text("lower")),
        ] {
            put(&mut key, "key", name, value);
        }
        let list = rows(&mut self.document, "key")?;
        let at = match &before {
            Some(id) => list.iter().position(|r| r.text("id") == Some(id))?,
            None => list
                .iter()
                .position(|r| r.get("value").is_none())
                .unwrap_or(list.len()),
        };
        list.insert(at, key);
        Some(())
    }

    fn first_choice(&mut self, points: Exact) -> Option<()> {
        let id = self.keys.id(self.keys.points? as u32)?.to_owned();
        // What is added to a coupled key would be coupled too.
        if self.keys.coupled.iter().any(|k| **k == *id) {
            return None;
        }
        let key = record(&mut self.document, "key", &id).ok()?;
        let value = match key.get("value")? {
            Scalar::Integer(n) => n.to_string(),
            Scalar::Text(t) => t.to_string(),
            _ => return None,
        };
        let value = format!("({value}) + (choice.rank == 1 ? {points} : 0)");
        put(key, "key", "value", text(value));
        Some(())
    }

    fn answer(&mut self, question: Question, answer: &str, theirs: WishFields) -> Option<()> {
        let asked = match question {
            Question::Code => "code",
            Question::Timing => "timing",
            Question::Place => "place",
            Question::First => "first",
        };
        let timing = match theirs.timing {
            Timing::Together => "together",
            Timing::NeedNot => "need-not",
        };
        let place = match theirs.place {
            Place::SameOnly => "same-only",
            Place::PreferSame => "prefer-same",
            Place::ChoiceOrder => "choice-order",
        };
        let first = match theirs.first {
            First::Older => "older",
            First::Younger => "younger",
            First::Either => "either",
        };
        let list = rows(&mut self.document, "answer")?;
        let is =
            |r: &&mut Record| r.text("question") == Some(asked) && r.text("answer") == Some(answer);
        let row = list.iter_mut().find(is)?;
        take(row, &["staff"]);
        let all = question == Question::Code;
        for (name, value) in [("timing", timing), ("place", place), ("first", first)] {
            if all || name == asked {
                put(row, "answer", name, text(value));
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use enmusubi_criteria::{read, read_toml, write_toml};

    const EXAMPLE: &[u8] = include_bytes!("../../../criteria/example/r9.toml");

    /// Components as the example's round has them: strata, five keys, a lottery.
    fn components() -> Vec<KeyComponent> {
        let kinds = [
            KeyKind::Stratum,
            KeyKind::Points,
            KeyKind::Higher,
            KeyKind::Higher,
            KeyKind::Higher,
            KeyKind::Lower,
            KeyKind::Lottery,
        ];
        let component = |kind| KeyComponent {
            label: String::new(),
            kind,
        };
        kinds.into_iter().map(component).collect()
    }

    fn practised_by(causes: &[Cause]) -> Option<Practised> {
        let (criteria, document, _) = read("r9.toml", EXAMPLE);
        let words = vec!["…".to_owned(); causes.len()];
        practised(
            &document,
            &criteria.unwrap(),
            &components(),
            causes,
            &words,
            Lang::Japanese,
        )
    }

    fn whole(n: i64) -> Exact {
        Exact::whole(n)
    }

    /// Every cause that is about the criteria alone makes a file that reads as it was written.
    #[test]
    fn each_cause_makes_a_sound_file() {
        let causes = [
            Cause::RowPoints {
                row: "return".into(),
                theirs: whole(9),
            },
            Cause::RowExtra {
                row: "unlicensed".into(),
            },
            Cause::RowExtra {
                row: "work-20-8".into(),
            },
            Cause::RowMissing {
                table: "adjust".into(),
                when: "household.welfare".into(),
                points: whole(3),
            },
            Cause::KeyOrder(KeyOrder::Flip(5)),
            Cause::KeyOrder(KeyOrder::Drop(3)),
            Cause::KeyOrder(KeyOrder::Drop(0)),
            Cause::KeyOrder(KeyOrder::Move { from: 5, before: 2 }),
            Cause::KeyOrder(KeyOrder::Move { from: 2, before: 6 }),
            Cause::KeyOrder(KeyOrder::Move { from: 2, before: 7 }),
            Cause::Coupling(Coupling::Highest),
            Cause::Coupling(Coupling::Average),
            Cause::Transfers(TransferOrder::Before),
            Cause::Transfers(TransferOrder::After),
            Cause::Refill(false),
            Cause::ChoiceRank(RankUse::Before(2)),
            Cause::ChoiceRank(RankUse::Before(6)),
            Cause::ChoiceRank(RankUse::FirstChoice(whole(2))),
            Cause::Mechanism(Mechanism::ChoiceOrder),
            Cause::Wish {
                of: WishScope::Answer(Question::Place, "同じ園のみ".into()),
                theirs: WishFields {
                    timing: Timing::Together,
                    place: Place::PreferSame,
                    first: First::Older,
                    all_transfers_or_none: false,
                },
            },
        ];
        let (_, document, _) = read("r9.toml", EXAMPLE);
        for cause in &causes {
            let one = practised_by(std::slice::from_ref(cause));
            let one = one.unwrap_or_else(|| panic!("{cause:?}"));
            assert_eq!(
                (&*one.written, &*one.left),
                (&[0][..], &[][..]),
                "{cause:?}"
            );
            assert_ne!(one.document, document);
            let written = write_toml(&one.document);
            let (again, told) = read_toml("p.toml", written.as_bytes());
            assert!(!told.has_errors(), "{cause:?}");
            assert_eq!(again.map(|d| write_toml(&d)), Some(written), "{cause:?}");
        }
    }

    #[test]
    fn each_cause_says_where_it_was_written() {
        let made = practised_by(&[
            Cause::Coupling(Coupling::Average),
            Cause::RowMissing {
                table: "adjust".into(),
                when: "household.welfare".into(),
                points: whole(3),
            },
            Cause::KeyOrder(KeyOrder::Move { from: 2, before: 7 }),
            Cause::Transfers(TransferOrder::Before),
        ]);
        let places = made.unwrap().places;
        assert_eq!(places[..3], [["siblings"], ["row:unwritten-2"], ["key"]]);
        assert!(!places[3].is_empty(), "{places:?}");
        assert!(places[3].iter().all(|p| p.starts_with("stratum")));
    }

    #[test]
    fn what_no_file_can_say_is_left() {
        let row = Cause::RowPoints {
            row: "return".into(),
            theirs: whole(9),
        };
        let level = Cause::Transfers(TransferOrder::Level);
        let seats = Cause::Contradiction {
            household: "H1".into(),
        };
        let strata = Cause::KeyOrder(KeyOrder::Flip(0));
        let all = [level, row, seats, strata];
        let both = practised_by(&all).unwrap();
        assert_eq!((&*both.written, &*both.left), (&[1][..], &[0, 3][..]));
        assert_eq!(both.places, [["row:return"]]);
        let note = both.document.rows("criteria")[0].text("note").unwrap();
        assert!(note.contains("突合による下書き"), "{note}");
        assert!(practised_by(&all[..1]).is_none());
    }
}
