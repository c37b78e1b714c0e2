//! The summary a section head reads after a run, and the list printed when ties stop it.

use crate::report::{AgeRow, ClassNo, MechanismName, ProofReport, Report, UndecidedPair};
use crate::text_messages;
use enmusubi_domain::facts::words::{Tongue, day_of};
use enmusubi_domain::template::Section;

/// Choice ranks shown one by one; the rest are summed up.
const RANKS_SHOWN: usize = 5;
/// Hexadecimal digits of a digest shown.
const DIGEST_SHOWN_CHARS: usize = 16;

/// Phases of a run, in their order; each has its name in the message file.
const PHASES: [&str; 13] = [
    "synth",
    "read",
    "score",
    "cross-check",
    "compile",
    "ties",
    "reduce",
    "witness",
    "prove",
    "diagnose",
    "verify",
    "explain",
    "write",
];

/// Language of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// 日本語.
    #[default]
    Japanese,
    /// English.
    English,
}

impl Lang {
    fn section(self) -> Section {
        text_messages::summary(match self {
            Self::Japanese => "ja",
            Self::English => "en",
        })
    }
}

/// What `enmusubi match` prints: several aligned lines, each ending in a line break.
#[must_use]
pub fn summary(report: &Report, lang: Lang) -> String {
    let section = lang.section();
    let say = |key: &str, values: &[(&str, &str)]| section.get(key, values);
    let title = match report.mechanism {
        MechanismName::Stable => "title-stable",
        MechanismName::IndexOrder => "title-index-order",
        MechanismName::ChoiceOrder => "title-choice-order",
    };
    let mut out = Lines {
        text: say(title, &[]) + "\n\n",
        section,
        label_width: 0,
        last: String::new(),
    };
    let labels = [
        "criteria", "applied", "placed", "held", "ranks", "siblings", "ties", "fair", "best",
        "seconds", "digests",
    ];
    out.label_width = labels
        .iter()
        .map(|l| width(&say(l, &[])))
        .max()
        .unwrap_or(0);
    for line in criteria(report, section, lang) {
        out.line("criteria", &line);
    }
    let values = [
        ("children", &*grouped(report.children)),
        ("transfers", &*grouped(report.transfers)),
    ];
    out.line("applied", &say("applied-value", &values));
    let values = [
        ("with_class", &*grouped(report.with_class)),
        ("newly", &*grouped(report.newly_placed)),
        ("stayed", &*grouped(report.stayed)),
    ];
    out.line("placed", &say("placed-value", &values));
    let held = grouped(report.children.saturating_sub(report.with_class));
    out.line("held", &say("held-value", &[("held", &held)]));
    out.text.push('\n');
    out.text += &age_table(report, section);
    let over = |r: &AgeRow| u64::from(r.newly_placed) > r.seats;
    if report.transfers > 0 && report.by_age.iter().any(over) {
        out.text += &format!("  {}\n", say("moved-on", &[]));
    }
    if !report.shared_seats.is_empty() {
        let groups = grouped(report.shared_seats.len() as u32);
        out.text += &format!("  {}\n", say("shared-seats", &[("groups", &groups)]));
    }
    out.text.push('\n');
    out.line("ranks", &ranks(report, section));
    let s = &report.siblings;
    let siblings = if s.families == 0 {
        say("siblings-none", &[])
    } else {
        let values = [
            ("families", &*grouped(s.families)),
            ("same", &*grouped(s.same_nursery)),
            ("different", &*grouped(s.different_nurseries)),
            ("some", &*grouped(s.some)),
            ("none", &*grouped(s.none)),
        ];
        say("siblings-value", &values)
    };
    out.line("siblings", &siblings);
    out.line("ties", &ties(report, section));
    for line in fairness(report, section) {
        out.line("fair", &line);
    }
    for line in optimality(report, section) {
        out.line("best", &line);
    }
    let total = report.seconds.get("total").copied();
    let total = total.unwrap_or_else(|| report.seconds.values().sum());
    // In the order of the run; a phase this does not know comes last.
    let place = |phase: &str| PHASES.iter().position(|p| *p == phase);
    let mut phases: Vec<(&str, f64)> = report
        .seconds
        .iter()
        .map(|(phase, s)| (phase.as_str(), *s))
        .filter(|p| p.0 != "total")
        .collect();
    phases.sort_by_key(|p| place(p.0).unwrap_or(PHASES.len()));
    let phases: Vec<String> = phases
        .into_iter()
        .map(|(phase, s)| {
            let name = match place(phase) {
                Some(_) => say(&format!("phase-{phase}"), &[]),
                None => phase.to_owned(),
            };
            format!("{name} {s:.3}")
        })
        .collect();
    let phases = phases.join(&say("comma", &[]));
    if !report.seconds.is_empty() {
        let values = [("total", &*format!("{total:.3}")), ("phases", &*phases)];
        out.line("seconds", &say("seconds-value", &values));
    }
    let short = |d: &str| d.chars().take(DIGEST_SHOWN_CHARS).collect::<String>();
    let values = [
        ("input", &*short(&report.input_digest)),
        ("result", &*short(&report.result_digest)),
    ];
    out.line("digests", &say("digests-value", &values));
    out.text
}

/// What is printed when undecided ties stop a run (exit 3): every pair, one line each.
#[must_use]
pub fn undecided_text(pairs: &[UndecidedPair], lang: Lang) -> String {
    let section = lang.section();
    let comma = section.get("comma", &[]);
    let mut out = section.get("undecided-title", &[]) + "\n";
    out += &section.get("undecided-count", &[("count", &pairs.len().to_string())]);
    out.push('\n');
    for p in pairs {
        let classes = p.classes.join(&comma);
        let key = p.key.join(&comma);
        let values = [
            ("classes", &*classes),
            ("a", &*p.a),
            ("b", &*p.b),
            ("key", &*key),
        ];
        let line = match p.key.is_empty() {
            true => "undecided-pair-turn",
            false => "undecided-pair",
        };
        out += &format!("  {}\n", section.get(line, &values));
    }
    out + &section.get("undecided-hint", &[]) + "\n"
}

/// By which criteria, for which round; that it was only tried, and why, where so. Nothing for a round whose
/// points were given.
#[must_use]
pub fn criteria_lines(report: &Report, lang: Lang) -> Vec<String> {
    criteria(report, lang.section(), lang)
}

/// What may be said about fairness: stable, or which families are wronged, whether fewer is
/// possible, and what would mend it.
#[must_use]
pub fn fairness_lines(report: &Report, lang: Lang) -> Vec<String> {
    fairness(report, lang.section())
}

/// What was proved about the placement, and whether a time limit cut the search short.
#[must_use]
pub fn optimality_lines(report: &Report, lang: Lang) -> Vec<String> {
    optimality(report, lang.section())
}

/// How ties were decided, in one sentence.
#[must_use]
pub fn ties_line(report: &Report, lang: Lang) -> String {
    ties(report, lang.section())
}

struct Lines {
    text: String,
    section: Section,
    label_width: usize,
    last: String,
}

impl Lines {
    /// A labelled line; a label that was just used is left blank.
    fn line(&mut self, label: &str, value: &str) {
        let label = self.section.get(label, &[]);
        let start = format!("  {}  ", padded(&label, self.label_width));
        if self.last == label {
            self.text += &" ".repeat(width(&start));
        } else {
            self.text += &start;
            self.last = label;
        }
        self.text += value;
        self.text.push('\n');
    }
}

fn age_table(report: &Report, section: Section) -> String {
    let head = [
        "age",
        "col-children",
        "col-with-class",
        "col-newly",
        "col-seats",
    ];
    let mut rows = vec![head.map(|h| section.get(h, &[]))];
    let mut total = (0u32, 0u32, 0u32, 0u64);
    for row in &report.by_age {
        total.0 += row.children;
        total.1 += row.with_class;
        total.2 += row.newly_placed;
        total.3 += row.seats;
        rows.push([
            section.get("age-value", &[("age", &row.age.to_string())]),
            grouped(row.children),
            grouped(row.with_class),
            grouped(row.newly_placed),
            grouped(row.seats),
        ]);
    }
    rows.push([
        section.get("total", &[]),
        grouped(total.0),
        grouped(total.1),
        grouped(total.2),
        grouped(total.3),
    ]);
    let widths: Vec<usize> = (0..5)
        .map(|i| rows.iter().map(|r| width(&r[i])).max().unwrap_or(0))
        .collect();
    let mut out = String::new();
    for row in &rows {
        out += "  ";
        for (i, cell) in row.iter().enumerate() {
            let blank = " ".repeat(widths[i] - width(cell));
            if i == 0 {
                out += cell;
                out += &blank;
            } else {
                out += "  ";
                out += &blank;
                out += cell;
            }
        }
        out.push('\n');
    }
    out
}

fn criteria(report: &Report, section: Section, lang: Lang) -> Vec<String> {
    let Some(c) = &report.criteria else {
        return Vec::new();
    };
    let comma = section.get("comma", &[]);
    let round = c.round.to_string();
    let tongue = match lang {
        Lang::Japanese => Tongue::Japanese,
        Lang::English => Tongue::English,
    };
    let day = |iso: &str| {
        let date = iso.parse::<jiff::civil::Date>();
        date.map_or_else(|_| iso.to_owned(), |d| day_of(d, tongue))
    };
    let values = [
        ("title", &*c.title),
        ("entry", &*day(&c.entry_date)),
        ("round", &*round),
        ("base", &*day(&c.base_date)),
    ];
    let mut out = vec![section.get("criteria-value", &values)];
    if c.trial {
        out.push(section.get("criteria-trial", &[]));
    }
    if !c.not_compared.is_empty() {
        let labels = c.not_compared.join(&comma);
        out.push(section.get("criteria-not-compared", &[("labels", &labels)]));
    }
    out
}

fn ranks(report: &Report, section: Section) -> String {
    let all: u32 = report.choice_ranks.iter().sum();
    let value = |key: &str, rank: usize, count: u32| {
        let percent = format!("{:.1}", 100.0 * f64::from(count) / f64::from(all.max(1)));
        let values = [
            ("rank", &*rank.to_string()),
            ("count", &*grouped(count)),
            ("percent", &*percent),
        ];
        section.get(key, &values)
    };
    let shown = report.choice_ranks.iter().take(RANKS_SHOWN).enumerate();
    let mut parts: Vec<String> = shown.map(|(i, &n)| value("rank-value", i + 1, n)).collect();
    let rest: u32 = report.choice_ranks.iter().skip(RANKS_SHOWN).sum();
    if rest > 0 {
        parts.push(value("rank-rest", RANKS_SHOWN + 1, rest));
    }
    if parts.is_empty() {
        parts.push(String::from("-"));
    }
    parts.join(&section.get("comma", &[]))
}

fn ties(report: &Report, section: Section) -> String {
    let count = grouped(report.ties.decided.children);
    let seed = report.ties.seed.as_deref().unwrap_or_default();
    match report.ties.rule.as_str() {
        "lottery" => section.get("ties-lottery", &[("seed", seed), ("count", &count)]),
        "equal" => section.get("ties-equal", &[("count", &count)]),
        "row-order" => section.get("ties-row-order", &[("count", &count)]),
        _ => section.get("ties-stop", &[]),
    }
}

fn fairness(report: &Report, section: Section) -> Vec<String> {
    if report.blocking_families == 0 {
        return vec![section.get("fair-stable", &[])];
    }
    let comma = section.get("comma", &[]);
    let values = [
        ("families", &*grouped(report.blocking_families)),
        ("positions", &*grouped(report.blocking_positions)),
    ];
    if report.mechanism != MechanismName::Stable {
        return vec![section.get("fair-blocking-mechanism", &values)];
    }
    let mut out = vec![
        section.get("fair-blocking", &values),
        section.get("households", &[("ids", &report.blocking.join(&comma))]),
        match report.proved.blocking_families {
            ProofReport::Proved(_) => section.get("fair-minimum", &[]),
            ProofReport::Bound(b) => section.get("fair-bound", &[("bound", &grouped(b))]),
            ProofReport::NotAsked(()) => section.get("fair-not-asked", &[]),
        },
    ];
    let Some(instability) = &report.instability else {
        return out;
    };
    for set in &instability.irreducible {
        out.push(section.get("irreducible", &[("ids", &set.join(&comma))]));
    }
    let name = |k: ClassNo| report.class_explanations[k as usize].key.clone();
    let repairs: Vec<String> = instability
        .repairs
        .iter()
        .map(|r| {
            let seats = format!("{:+}", r.seats);
            section.get("repair", &[("class", &name(r.class)), ("seats", &seats)])
        })
        .collect();
    let mut line = if repairs.is_empty() {
        section.get("repairs-none", &[])
    } else {
        section.get("repairs", &[("classes", &repairs.join(&comma))])
    };
    if !instability.repairs_complete {
        line += &section.get("repairs-partial", &[]);
    }
    out.push(line);
    out
}

fn optimality(report: &Report, section: Section) -> Vec<String> {
    let mut out = Vec::new();
    let sum = grouped(report.rank_sum);
    match report.proved.with_class {
        ProofReport::Proved(_) => out.push(section.get("best-with-class", &[])),
        ProofReport::Bound(b) => {
            out.push(section.get("best-with-class-bound", &[("bound", &grouped(b))]));
        }
        ProofReport::NotAsked(()) => {}
    }
    match report.proved.rank_sum {
        ProofReport::Proved(_) => out.push(section.get("best-rank-sum", &[("sum", &sum)])),
        ProofReport::Bound(b) => {
            let values = [("sum", &*sum), ("bound", &*grouped(b))];
            out.push(section.get("best-rank-sum-bound", &values));
        }
        ProofReport::NotAsked(()) => {}
    }
    if out.is_empty() && report.mechanism == MechanismName::Stable {
        out.push(section.get("best-not-asked", &[]));
    }
    if !report.reproducible {
        out.push(section.get("not-reproducible", &[]));
    }
    out
}

pub use enmusubi_domain::template::grouped;

/// Columns a text takes in a terminal: kana, kanji and full-width signs take two (East Asian
/// Width W and F; half-width katakana one).
#[must_use]
pub fn width(text: &str) -> usize {
    let wide = |c: char| {
        matches!(c,
            '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{303e}' | '\u{3041}'..='\u{a4cf}'
            | '\u{ac00}'..='\u{d7a3}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe6f}'
            | '\u{ff01}'..='\u{ff60}' | '\u{ffe0}'..='\u{ffe6}' | '\u{1f300}'..='\u{1faff}'
            | '\u{20000}'..='\u{3fffd}')
    };
    let zero = |c: char| matches!(c, '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}' | '\u{200b}'..='\u{200d}' | '\u{3099}' | '\u{309a}');
    text.chars()
        .map(|c| if zero(c) { 0 } else { 1 + usize::from(wide(c)) })
        .sum()
}

/// The text filled up with spaces to this many columns.
#[must_use]
pub fn padded(text: &str, columns: usize) -> String {
    let mut out = text.to_owned();
    out.extend(std::iter::repeat_n(
        ' ',
        columns.saturating_sub(width(text)),
    ));
    out
}
