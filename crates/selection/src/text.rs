//! Sentences for a child's result and reasons, made from the report alone.
//!
//! Who reads decides what is said: staff see keys and ids of the child's own household; the
//! letter and the parent page never speak of another family beyond the figures of a class, and
//! of those only where enough children were admitted and considered
//! ([`Report::disclosure_minimum`]). Nobody is told another child's lottery number or id.

use crate::explain_counterfactual::{Counterfactual, Gain};
use crate::report::{
    ChildReport, ClassNo, KeyKindName, KeyNo, ProofReport, ReasonReport, Report, TieHowName, Why,
    WishKindName, WishReport,
};
use crate::text_messages;
use enmusubi_domain::template::Section;

/// Characters of a lottery digest shown to staff; enough to tell two children apart.
const LOTTERY_SHOWN_CHARS: usize = 12;

/// With more components than this nobody finds the one that differs at a glance.
const MANY_COMPONENTS: usize = 3;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Staff of the nursery section, in Japanese.
    Staff,
    /// Staff, in English.
    StaffEnglish,
    /// A family, in the formal style of a notice (保留通知).
    Letter,
    /// A family, on its page.
    Parent,
    /// A family, in plain Japanese (やさしい日本語).
    ParentPlain,
}

/// No child of the report has this id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownChild {
    /// The id asked for.
    pub id: String,
    /// Ids in the report that look most like it, best first. For staff only.
    pub nearest: Vec<String>,
}

impl std::fmt::Display for UnknownChild {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "no child \"{}\" in the report", self.id)?;
        if !self.nearest.is_empty() {
            write!(f, "; nearest: {}", self.nearest.join(", "))?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownChild {}

/// The text for one child.
///
/// # Errors
/// [`UnknownChild`] where no child has this id.
pub fn explain_text(
    report: &Report,
    child_id: &str,
    reader: Reader,
) -> Result<String, UnknownChild> {
    let child = find_child(report, child_id)?;
    Ok(child_text(report, child, reader))
}

/// The child with this id.
///
/// # Errors
/// [`UnknownChild`] where there is none.
pub fn find_child<'a>(report: &'a Report, id: &str) -> Result<&'a ChildReport, UnknownChild> {
    report
        .child_explanations
        .iter()
        .find(|c| c.id == id)
        .ok_or_else(|| UnknownChild {
            id: id.to_owned(),
            nearest: nearest(report, id),
        })
}

/// The text for a child of the report.
#[must_use]
pub fn child_text(report: &Report, child: &ChildReport, reader: Reader) -> String {
    let words = Words {
        report,
        child,
        reader,
        section: section(reader),
    };
    match reader {
        Reader::Staff | Reader::StaffEnglish => words.staff(),
        Reader::Letter => words.letter(),
        Reader::Parent | Reader::ParentPlain => words.parent(),
    }
}

/// The text of a counterfactual. For families it is empty or says that it is withheld where
/// any class it could speak about has too few children (the gain bounds every such cut-off).
///
/// # Errors
/// [`UnknownChild`] where no child has this id.
pub fn counterfactual_text(
    report: &Report,
    child_id: &str,
    counterfactual: &Counterfactual,
    reader: Reader,
) -> Result<String, UnknownChild> {
    let child = find_child(report, child_id)?;
    let section = section(reader);
    let staff = matches!(reader, Reader::Staff | Reader::StaffEnglish);
    let competes = |r: &&ReasonReport| {
        matches!(
            r.why,
            Why::Full | Why::TieDecided | Why::SiblingWish | Why::FullAtTurn
        )
    };
    let open = child.reasons.iter().filter(competes).all(|r| {
        let shown = |k: Option<ClassNo>| k.is_none_or(|k| discloses(report, k));
        shown(r.class) && shown(r.limit_class) && shown(r.sibling_class)
    });
    let mut lines = Vec::new();
    if !staff && !open && counterfactual.others_fixed != Gain::HasFirst {
        lines.push(section.get("cf-withheld", &[]));
    } else {
        let label = counterfactual.label.as_str();
        let name = |key: &str| {
            let at = report.class_explanations.iter().position(|k| k.key == key);
            at.map_or_else(
                || key.to_owned(),
                |k| class_name(report, k as ClassNo, reader),
            )
        };
        let mut say = |gain: &Gain, keys: [&str; 3], tried: &str, thresholds: &str| {
            let key = match gain {
                Gain::Points { .. } => keys[0],
                Gain::Never => keys[1],
                Gain::Undefined => keys[2],
                Gain::HasFirst => "cf-first",
                Gain::Exception => "cf-exception",
            };
            let (gain, class) = match gain {
                Gain::Points { gain, class } => (gain.as_str(), name(class)),
                _ => ("", String::new()),
            };
            let values = [
                ("label", label),
                ("gain", gain),
                ("class", &class),
                ("tried", tried),
                ("thresholds", thresholds),
            ];
            lines.push(section.get(key, &values));
        };
        let keys = ["cf-fixed", "cf-fixed-never", "cf-undefined"];
        say(&counterfactual.others_fixed, keys, "", "");
        if let Some(rerun) = &counterfactual.rerun {
            let keys = ["cf-rerun", "cf-rerun-never", "cf-rerun-partial"];
            let (tried, all) = (rerun.tried.to_string(), rerun.thresholds.to_string());
            say(&rerun.gain, keys, &tried, &all);
        }
    }
    lines.retain(|l| !l.is_empty());
    Ok(lines.into_iter().map(|l| l + "\n").collect())
}

/// The cut-off of a class as a family may see it: label and value of the first points component
/// of the last admitted key. `None` where nobody was newly placed or the small-number rule
/// withholds it ([`discloses`]).
#[must_use]
pub fn public_cut_off(report: &Report, class: ClassNo) -> Option<(&str, &str)> {
    if !discloses(report, class) {
        return None;
    }
    let key = report.class_explanations[class as usize].last_admitted?;
    let at = first_points(report)?;
    Some((
        &report.key_components[at].label,
        &report.keys[key as usize][at],
    ))
}

/// Whether figures of a class may be shown to families: at least
/// [`Report::disclosure_minimum`] children were newly placed there and as many considered.
#[must_use]
pub fn discloses(report: &Report, class: ClassNo) -> bool {
    let k = &report.class_explanations[class as usize];
    let minimum = report.disclosure_minimum;
    k.newly_placed >= minimum && k.considered >= minimum
}

/// Name of a class for people.
#[must_use]
pub fn class_name(report: &Report, class: ClassNo, reader: Reader) -> String {
    let k = &report.class_explanations[class as usize];
    class_words(
        report,
        section(reader),
        &k.nursery,
        k.age,
        k.pool.as_deref(),
    )
}

fn section(reader: Reader) -> Section {
    text_messages::explain(match reader {
        Reader::Staff => "staff",
        Reader::StaffEnglish => "staff_en",
        Reader::Letter => "letter",
        Reader::Parent => "parent",
        Reader::ParentPlain => "plain",
    })
}

fn class_words(
    report: &Report,
    section: Section,
    nursery: &str,
    age: u8,
    pool: Option<&str>,
) -> String {
    let name = report
        .nurseries
        .get(nursery)
        .map_or(nursery, String::as_str);
    let name = if name.is_empty() { nursery } else { name };
    let age = age.to_string();
    match pool {
        None => section.get("class", &[("nursery", name), ("age", &age)]),
        Some(pool) => section.get(
            "class-pool",
            &[
                ("nursery", name),
                ("age", &age),
                ("pool", report.pool_label(pool)),
            ],
        ),
    }
}

fn first_points(report: &Report) -> Option<usize> {
    report
        .key_components
        .iter()
        .position(|c| c.kind == KeyKindName::Points)
}

struct Words<'a> {
    report: &'a Report,
    child: &'a ChildReport,
    reader: Reader,
    section: Section,
}

impl Words<'_> {
    fn staff(&self) -> String {
        let child = self.child;
        let say = |key: &str, values: &[(&str, &str)]| self.section.get(key, values);
        let mut lines = vec![say(
            "head",
            &[
                ("id", &child.id),
                ("household", &child.household),
                ("age", &child.age.to_string()),
                ("choices", &child.choices.to_string()),
            ],
        )];
        if let Some(wish) = &child.wish {
            lines.push(say("wish", &[("wish", &self.wish(wish))]));
        }
        lines.push(match (child.class, child.current) {
            (None, _) => say("result-none", &[]),
            (Some(k), Some(now)) if k == now => {
                say("result-stay", &[("current", &self.staff_class(k))])
            }
            (Some(k), _) => {
                let choice = format!("{} {}", self.rank(child.rank), self.staff_class(k));
                say(
                    "result-new",
                    &[("choice", &choice), ("key", &self.key(child.key))],
                )
            }
        });
        if child.choices == 0 {
            lines.push(say("no-choices", &[]));
        }
        for r in &child.reasons {
            let class = match (r.class, &r.nursery) {
                (Some(k), _) => self.staff_class(k),
                (None, Some(n)) => {
                    let name =
                        class_words(self.report, self.section, n, child.age, r.pool.as_deref());
                    format!("{n} {name}")
                }
                (None, None) => String::new(),
            };
            let rank = self.rank(Some(r.rank));
            lines.push(format!("{rank} {class}: {}", self.staff_reason(r)));
        }
        lines.join("\n") + "\n"
    }

    fn staff_reason(&self, r: &ReasonReport) -> String {
        let say = |key: &str, values: &[(&str, &str)]| self.section.get(key, values);
        let own = self.key_until(r.own, r.differs);
        let limit = self.key_until(r.limit, r.differs);
        let label = match r.differs {
            Some(i) => self.report.key_components[i as usize].label.clone(),
            None => say("none", &[]),
        };
        let sibling = r
            .sibling
            .map(|s| self.report.child_explanations[s as usize].id.as_str());
        let sibling = sibling.unwrap_or_default();
        let mut text = match r.why {
            Why::SeatsZero => say("seats-zero", &[]),
            Why::NotEligible => say(
                "not-eligible",
                &[("rule", r.rule.as_deref().unwrap_or_default())],
            ),
            Why::Full if r.limit.is_none() => say("too-few", &[("own", &own)]),
            Why::Full => match r.size {
                None => say(
                    "full",
                    &[("own", &own), ("limit", &limit), ("label", &label)],
                ),
                Some(size) => say(
                    "full-siblings",
                    &[
                        ("size", &size.to_string()),
                        ("own", &own),
                        ("limit", &limit),
                        ("label", &label),
                    ],
                ),
            },
            Why::TieDecided => {
                let how = match r.how {
                    Some(TieHowName::Lottery) => "how-lottery",
                    Some(TieHowName::RowOrder) => "how-row-order",
                    _ => "how-equal",
                };
                say(
                    "tie",
                    &[("how", &say(how, &[])), ("own", &own), ("limit", &limit)],
                )
            }
            Why::EarlierPass => say("earlier-pass", &[]),
            Why::FullAtTurn => say("full-at-turn", &[]),
            Why::SiblingWish => {
                let key = wish_message(r.wish, r.sibling_class);
                let class = r
                    .sibling_class
                    .map(|k| self.staff_class(k))
                    .unwrap_or_default();
                say(key, &[("sibling", sibling), ("class", &class)])
            }
            Why::FamilyOrder => say("family-order", &[]),
            Why::Exception if r.full == Some(true) => say("exception-full", &[]),
            Why::Exception => say("exception-open", &[]),
        };
        if let Some(k) = r.limit_class {
            text += &say("limit-class", &[("class", &self.staff_class(k))]);
        }
        text
    }

    fn letter(&self) -> String {
        let mut text = self.result();
        let child = self.child;
        let groups = self.grouped();
        if groups.is_empty() {
            if child.choices == 0 {
                text += &self.section.get("no-choices", &[]);
            }
            return text + "\n";
        }
        let placed = child.class.is_some() && child.class != child.current;
        text += &self.section.get(
            if placed {
                "because-new"
            } else {
                "because-none"
            },
            &[],
        );
        text.push('\n');
        for (message, reasons) in groups {
            let choices = self.ranks(&reasons);
            text += &self.fill(&message, &[("choices", &choices)]);
            text.push('\n');
        }
        text
    }

    fn parent(&self) -> String {
        let child = self.child;
        let mut text = self.result();
        text.push('\n');
        let placed = child.class.is_some() && child.class != child.current;
        if child.choices == 0 {
            text += &self.section.get("no-choices", &[]);
            text.push('\n');
        }
        let groups = self.grouped();
        if !groups.is_empty() {
            text += &self.section.get(
                if placed {
                    "because-new"
                } else {
                    "because-none"
                },
                &[],
            );
            text.push('\n');
            let comma = self.section.get("comma", &[]);
            for (message, reasons) in groups {
                let names: Vec<String> = reasons
                    .iter()
                    .map(|r| {
                        let class = self.class_of(r);
                        if r.rank == 0 {
                            return class;
                        }
                        let rank = self.section.get("choice", &[("rank", &r.rank.to_string())]);
                        format!("{rank} {class}")
                    })
                    .collect();
                let said = self.fill(&message, &[]);
                let choices = names.join(&comma);
                text += &self
                    .section
                    .get("item", &[("choices", &choices), ("text", &said)]);
                text.push('\n');
            }
        }
        let next = match (child.class, child.current) {
            (None, _) => "next-none",
            (Some(k), Some(now)) if k == now => "next-stay",
            _ => "next-new",
        };
        text += &self.section.get(next, &[]);
        text.push('\n');
        if !placed && child.reasons.iter().any(|r| r.why == Why::SiblingWish) {
            text += &self.section.get("next-wish", &[]);
            text.push('\n');
        }
        text
    }

    /// First sentence for a family.
    fn result(&self) -> String {
        let child = self.child;
        let class = |k: ClassNo| class_name(self.report, k, self.reader);
        match (child.class, child.current) {
            (None, _) => self.section.get("result-none", &[]),
            (Some(k), Some(now)) if k == now => {
                self.section.get("result-stay", &[("current", &class(k))])
            }
            (Some(k), _) => match child.rank {
                Some(1) => self.section.get("result-first", &[("choice", &class(k))]),
                Some(rank @ 2..) => {
                    let values = [("rank", &*rank.to_string()), ("class", &*class(k))];
                    let choice = self.section.get("choice-one", &values);
                    self.section.get("result-new", &[("choice", &choice)])
                }
                _ => self.section.get("result-new", &[("choice", &class(k))]),
            },
        }
    }

    /// Reasons with one message together, in order of their first choice.
    fn grouped(&self) -> Vec<(Message, Vec<&ReasonReport>)> {
        let mut out: Vec<(Message, Vec<&ReasonReport>)> = Vec::new();
        // Another pool of the very nursery the child got is no higher wish to a family.
        let got = self.child.rank.filter(|&rank| rank > 0);
        for r in self.child.reasons.iter().filter(|r| Some(r.rank) != got) {
            let message = self.message(r);
            match out.iter_mut().find(|(m, _)| *m == message) {
                Some((_, list)) => list.push(r),
                None => out.push((message, vec![r])),
            }
        }
        out
    }

    /// What a family is told about one choice. The small-number rule is applied here and
    /// nowhere else.
    fn message(&self, r: &ReasonReport) -> Message {
        let report = self.report;
        let letter = self.reader == Reader::Letter;
        let open = r.class.is_some_and(|k| discloses(report, k))
            && r.limit_class.is_none_or(|k| discloses(report, k));
        match r.why {
            Why::SeatsZero => Message::of("seats-zero"),
            Why::NotEligible => match &r.parent_text {
                Some(text) => Message::of("not-eligible-text").with("text", text),
                None => Message::of("not-eligible"),
            },
            Why::Full => match (r.size, r.limit) {
                (Some(size), Some(_)) => {
                    Message::of("full-siblings").with("size", &size.to_string())
                }
                (_, None) => Message::of("too-few"),
                (None, Some(limit)) => match r.differs {
                    Some(differs) if open => self.full(r, differs as usize, limit, letter),
                    _ => Message::of("full-withheld"),
                },
            },
            Why::TieDecided if !open => Message::of("full-withheld"),
            Why::TieDecided => Message::of(match r.how {
                Some(TieHowName::Lottery) => "tie-lottery",
                Some(TieHowName::RowOrder) => "tie-row-order",
                _ => "tie-equal",
            }),
            Why::EarlierPass => Message::of("earlier-pass"),
            Why::FullAtTurn => Message::of("full-at-turn"),
            Why::SiblingWish => {
                let mut message = Message::of(wish_message(r.wish, r.sibling_class));
                if matches!(message.key, "wish-sibling-full" | "wish-sibling-nowhere") {
                    let sibling = r.sibling.map(|s| &report.child_explanations[s as usize]);
                    let age = sibling.map_or(self.child.age, |s| s.age).to_string();
                    let sibling = self.section.get("sibling", &[("age", &age)]);
                    message = message.with("sibling", &sibling);
                }
                if message.key == "wish-sibling-full"
                    && let Some(k) = r.sibling_class
                {
                    message = message.with("class", &class_name(report, k, self.reader));
                }
                message
            }
            Why::FamilyOrder => Message::of("family-order"),
            // Not "full", though it was: the case as a whole is the exception. Nor may it be said
            // here that priority was not the reason.
            Why::Exception if r.full == Some(true) => Message::of("exception-other"),
            // "Does not exist" may be said only where that was proved.
            Why::Exception => {
                let proved = report.proved.blocking_families == ProofReport::Proved(true);
                Message::of(if proved {
                    "exception-proved"
                } else {
                    "exception"
                })
            }
        }
    }

    fn full(&self, r: &ReasonReport, differs: usize, limit: KeyNo, letter: bool) -> Message {
        let report = self.report;
        let label = &report.key_components[differs].label;
        // With weights or shared seats the child to outrank need not be the last admitted one.
        let last = r
            .class
            .and_then(|k| report.class_explanations[k as usize].last_admitted);
        let is_last = last == Some(limit);
        // "The higher index first" can be said; of a reason or a day only that it was compared.
        let full = match report.key_components[differs].kind {
            KeyKindName::Higher | KeyKindName::Lower => "full-by",
            _ => "full",
        };
        if letter || !is_last {
            return Message::of(full).with("label", label);
        }
        // The index of the last one admitted is the cut-off, and may be told. Of what is compared after it (a
        // reason, an income, who lives together) only what it was, never what it was for the other
        // family.
        match first_points(report) {
            Some(p) if p == differs => {
                let value = |key: Option<KeyNo>| {
                    key.map_or_else(String::new, |key| report.keys[key as usize][p].clone())
                };
                Message::of("full-cut-off")
                    .with("label", label)
                    .with("own", &value(r.own))
                    .with("limit", &value(Some(limit)))
            }
            Some(p) if p < differs => Message::of(if p + 1 == differs {
                "full-same-points"
            } else {
                "full-same-points-later"
            })
            .with("points", &report.key_components[p].label)
            .with("label", label),
            _ => Message::of(full).with("label", label),
        }
    }

    fn fill(&self, message: &Message, more: &[(&str, &str)]) -> String {
        let mut values: Vec<(&str, &str)> = message
            .values
            .iter()
            .map(|(n, v)| (*n, v.as_str()))
            .collect();
        values.extend_from_slice(more);
        self.section.get(message.key, &values)
    }

    /// 「第1希望から第3希望まで及び第5希望」; one choice alone is named.
    fn ranks(&self, reasons: &[&ReasonReport]) -> String {
        let comma = self.section.get("comma", &[]);
        let mut ranks: Vec<u32> = reasons.iter().map(|r| r.rank).collect();
        ranks.sort_unstable();
        ranks.dedup();
        let unranked = ranks.first() == Some(&0);
        if let [only] = reasons[..] {
            let class = self.class_of(only);
            if unranked {
                return class;
            }
            let rank = only.rank.to_string();
            return self
                .section
                .get("choice-one", &[("rank", &rank), ("class", &class)]);
        }
        let mut parts: Vec<String> = if unranked {
            reasons
                .iter()
                .filter(|r| r.rank == 0)
                .map(|r| self.class_of(r))
                .collect()
        } else {
            Vec::new()
        };
        ranks.retain(|&r| r > 0);
        let mut i = 0;
        while i < ranks.len() {
            let mut j = i;
            while j + 1 < ranks.len() && ranks[j + 1] == ranks[j] + 1 {
                j += 1;
            }
            if j >= i + 2 {
                let (from, to) = (ranks[i].to_string(), ranks[j].to_string());
                parts.push(
                    self.section
                        .get("choice-run", &[("from", &from), ("to", &to)]),
                );
            } else {
                for rank in &ranks[i..=j] {
                    parts.push(self.section.get("choice", &[("rank", &rank.to_string())]));
                }
            }
            i = j + 1;
        }
        match parts.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, before)) => {
                format!(
                    "{}{}{last}",
                    before.join(&comma),
                    self.section.get("and", &[])
                )
            }
            None => String::new(),
        }
    }

    fn class_of(&self, r: &ReasonReport) -> String {
        match (r.class, &r.nursery) {
            (Some(k), _) => class_name(self.report, k, self.reader),
            (None, Some(n)) => class_words(
                self.report,
                self.section,
                n,
                self.child.age,
                r.pool.as_deref(),
            ),
            (None, None) => String::new(),
        }
    }

    fn rank(&self, rank: Option<u32>) -> String {
        match rank {
            Some(rank @ 1..) => self.section.get("choice", &[("rank", &rank.to_string())]),
            _ => self.section.get("choice-listed", &[]),
        }
    }

    fn staff_class(&self, class: ClassNo) -> String {
        let nursery = &self.report.class_explanations[class as usize].nursery;
        format!("{nursery} {}", class_name(self.report, class, self.reader))
    }

    /// 「[指数 85, 抽選 3f2a…]」.
    fn key(&self, key: Option<KeyNo>) -> String {
        self.key_until(key, None)
    }

    /// The same; of a key with many components only those up to the one that decided.
    fn key_until(&self, key: Option<KeyNo>, differs: Option<u16>) -> String {
        let Some(key) = key else {
            return String::from("[]");
        };
        let all = self.report.key_components.len();
        let shown = match differs {
            Some(at) if all > MANY_COMPONENTS => usize::from(at) + 1,
            _ => all,
        };
        let mut parts: Vec<String> = self
            .report
            .key_components
            .iter()
            .zip(&self.report.keys[key as usize])
            .take(shown)
            .map(|(component, value)| {
                let long = component.kind == KeyKindName::Lottery
                    && value.chars().count() > LOTTERY_SHOWN_CHARS;
                if long {
                    let head: String = value.chars().take(LOTTERY_SHOWN_CHARS).collect();
                    format!("{} {head}…", component.label)
                } else {
                    format!("{} {value}", component.label)
                }
            })
            .collect();
        if shown < all {
            parts.push(String::from("…"));
        }
        format!("[{}]", parts.join(", "))
    }

    fn wish(&self, wish: &WishReport) -> String {
        let say = |key: &str| self.section.get(key, &[]);
        if wish.listed {
            return say("wish-listed");
        }
        if let Some(code @ 1..=7) = wish.code {
            return say(&format!("wish-code-{code}"));
        }
        let mut parts = vec![
            say(if wish.together {
                "wish-together"
            } else {
                "wish-need-not"
            }),
            say(match (wish.same_only, wish.prefer_same) {
                (true, _) => "wish-same-only",
                (_, true) => "wish-prefer-same",
                _ => "wish-choice-order",
            }),
        ];
        if wish.older_first {
            parts.push(say("wish-older-first"));
        }
        if wish.younger_first {
            parts.push(say("wish-younger-first"));
        }
        if wish.all_transfers_or_none {
            parts.push(say("wish-all-transfers"));
        }
        parts.join(" / ")
    }
}

fn wish_message(kind: Option<WishKindName>, class: Option<ClassNo>) -> &'static str {
    match kind {
        Some(WishKindName::NoCombination) => "wish-no-combination",
        Some(WishKindName::SiblingFull) if class.is_some() => "wish-sibling-full",
        Some(WishKindName::SiblingFull | WishKindName::SiblingNowhere) => "wish-sibling-nowhere",
        Some(WishKindName::AtTurn) => "wish-at-turn",
        Some(WishKindName::Combination) | None => "wish-combination",
    }
}

/// A message and its values.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Message {
    key: &'static str,
    values: Vec<(&'static str, String)>,
}

impl Message {
    fn of(key: &'static str) -> Self {
        Self {
            key,
            values: Vec::new(),
        }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.values.push((name, value.to_owned()));
        self
    }
}

/// Ids most like one that is not there: at most three, at most half of it different.
fn nearest(report: &Report, id: &str) -> Vec<String> {
    let limit = id.chars().count().div_ceil(2).max(1);
    let mut found: Vec<(usize, &str)> = report
        .child_explanations
        .iter()
        .map(|c| (distance(id, &c.id), c.id.as_str()))
        .filter(|&(d, _)| d <= limit)
        .collect();
    found.sort_unstable();
    found
        .into_iter()
        .take(3)
        .map(|(_, id)| id.to_owned())
        .collect()
}

/// Edit distance, each insertion, deletion and replacement counting one.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
