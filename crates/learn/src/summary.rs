//! What `enmusubi learn` prints: what was learned, what speaks for it, and what to do next.

use crate::{
    chance::Against,
    draft::How,
    messages,
    report::{Lead, Report, RuleReport},
};
use enmusubi_domain::template::{Section, grouped};
use enmusubi_selection::text_summary::Lang;

/// Leads that are named.
const LEADS: usize = 10;

/// The summary: lines, each ending in a line break. `draft`: name of the file that was written.
#[must_use]
pub fn summary(report: &Report, draft: Option<&str>, lang: Lang) -> String {
    let words = messages::learn(lang);
    let mut out = words.get("title", &[]) + "\n\n";
    let mut line = |text: String| {
        out += &text;
        out.push('\n');
    };
    line(format!(
        "{}: {}（{}）",
        words.get("criteria-label", &[]),
        report.title,
        report.criteria
    ));
    let key = |key, against| words.get(key, &[("seen", &seen(against, words))]);
    line(words.get("seen-label", &[]));
    line(format!("  {}", key("seen-before", report.before)));
    if report.nothing {
        line(String::new());
        line(words.get("nothing", &[]));
        return out;
    }
    if !report.rules.is_empty() {
        line(format!("  {}", key("seen-after", report.after)));
    }
    line(words.get("agreement-label", &[]));
    for text in agreements(report, lang) {
        line(format!("  {text}"));
    }
    for text in nurseries(report, lang) {
        line(format!("  {text}"));
    }
    if !report.left_out.is_empty() {
        line(left_out(report, lang));
    }
    if report.years.len() == 1 {
        line(words.get("one-year", &[]));
    }
    line(String::new());
    if let Some(anew) = &report.anew {
        line(words.get("anew-label", &[]));
        let told = anew.words(lang);
        told.into_iter().for_each(|t| line(format!("  {t}")));
    }
    if report.rules.is_empty() {
        line(words.get("nothing-missing", &[]));
    } else {
        line(words.get("rules-label", &[]));
    }
    for rule in &report.rules {
        told(report, rule, lang).into_iter().for_each(&mut line);
    }
    if !report.weak.is_empty() {
        line(words.get("weak-label", &[]));
        for rule in &report.weak {
            told(report, rule, lang).into_iter().for_each(&mut line);
        }
    }
    if !report.fairness.is_empty() {
        line(String::new());
        line(words.get("fairness-label", &[]));
        for found in &report.fairness {
            let [question, without] = found.words(lang);
            line(format!("  - {question}"));
            line(format!("    {without}"));
        }
    }
    if !report.leads.is_empty() {
        line(String::new());
        line(words.get("leads-label", &[]));
        let count = report.leads.len().to_string();
        line(format!("  {}", words.get("leads", &[("count", &count)])));
        for lead in report.leads.iter().take(LEADS) {
            line(format!("  - {}", lead.words(lang)));
        }
        let more = report.leads.len().saturating_sub(LEADS);
        if more > 0 {
            let more = more.to_string();
            line(format!("  {}", words.get("more", &[("count", &more)])));
        }
    }
    if report.exhausted {
        line(words.get("exhausted", &[]));
    }
    let mut next = Vec::new();
    next.extend(draft.map(|draft| words.get("next-draft", &[("draft", draft)])));
    if !report.leads.is_empty() {
        next.push(words.get("next-leads", &[]));
    }
    if !next.is_empty() {
        line(String::new());
        line(words.get("next-label", &[]));
        next.into_iter().for_each(|n| line(format!("  {n}")));
    }
    out
}

/// How an order fits the decisions, in words.
#[must_use]
pub fn seen(against: Against, words: Section) -> String {
    let values = [
        ("wrong", &*grouped(against.wrong)),
        ("seen", &*grouped(against.seen)),
        ("chance", &*grouped(against.by_chance)),
    ];
    words.get("seen", &values)
}

/// Agreement of each year, in words.
#[must_use]
pub fn agreements(report: &Report, lang: Lang) -> Vec<String> {
    let words = messages::learn(lang);
    let of_year = report.years.iter().map(|year| {
        let values = [
            ("year", &*year.name),
            ("before", &*year.before.percent()),
            ("after", &*year.after.percent()),
            ("compared", &*grouped(year.before.compared)),
        ];
        let held = year.held_out.map(|held| held.percent());
        let held = held.map(|held| words.get("held-out", &[("held", &held)]));
        words.get("agreement", &values) + &held.unwrap_or_default()
    });
    of_year.collect()
}

/// Facilities that were held out, in words.
#[must_use]
pub fn nurseries(report: &Report, lang: Lang) -> Vec<String> {
    let words = messages::learn(lang);
    let of_part = (1u32..).zip(&report.nurseries).map(|(nth, part)| {
        let values = [
            ("nth", &*nth.to_string()),
            ("count", &*part.count.to_string()),
            ("before", &*grouped(part.before.wrong)),
            ("after", &*grouped(part.after.wrong)),
            ("seen", &*grouped(part.before.seen)),
            ("chance", &*grouped(part.before.by_chance)),
        ];
        words.get("nurseries", &values)
    });
    of_part.collect()
}

/// Years that were left out, in words.
#[must_use]
pub fn left_out(report: &Report, lang: Lang) -> String {
    let and = if lang == Lang::Japanese { "、" } else { ", " };
    let years = report.left_out.join(and);
    messages::learn(lang).get("left-out", &[("years", &years)])
}

impl How {
    /// What became of a rule, in words.
    #[must_use]
    pub fn words(self, lang: Lang) -> String {
        let key = match self {
            Self::Written => "written-row",
            Self::ToBeFilled => "written-to-be-filled",
            Self::Unwritable => "written-no",
            Self::TooLittle => "written-nothing",
        };
        messages::learn(lang).get(key, &[])
    }
}

impl Lead {
    /// The lead in words.
    #[must_use]
    pub fn words(&self, lang: Lang) -> String {
        let age = self.age.to_string();
        let name = match &*self.facility_name {
            "" => &*self.facility,
            name => name,
        };
        let values = [
            ("year", &*self.year),
            ("child", &*self.child),
            ("facility", name),
            ("age", &*age),
        ];
        messages::learn(lang).get(&format!("lead-{}", self.oddity), &values)
    }
}

/// A rule, line by line.
fn told(report: &Report, rule: &RuleReport, lang: Lang) -> Vec<String> {
    let words = messages::learn(lang);
    let mut lines = vec![
        format!("  {}. {}", rule.number, rule.words),
        format!("     {}", rule.evidence(&report.years, lang)),
    ];
    lines.extend(
        rule.interval
            .as_ref()
            .map(|i| format!("     {}", i.words(lang))),
    );
    lines.push(format!("     {}", rule.draft.words(lang)));
    if !rule.alternatives.is_empty() {
        let more = rule.more_alternatives.to_string();
        let more = (rule.more_alternatives > 0).then(|| words.get("more", &[("count", &more)]));
        let list: Vec<String> = rule.alternatives.iter().cloned().chain(more).collect();
        let label = words.get("alternatives-label", &[]);
        lines.push(format!("     {label}: {}", list.join(" / ")));
    }
    lines
}
