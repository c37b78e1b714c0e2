//! What a round's scores look like as a whole, and what is missing, by paper.

use super::{Round, undecided};
use crate::args::ScoreArgs;
use crate::exit::Exit;
use crate::language::grouped;
use crate::print;
use crate::stopwatch::StopWatch;
use enmusubi_criteria::judgement::Eligible;
use enmusubi_domain::facts::{Exact, words::day_of};
use enmusubi_scoring::{Missed, MissedKind, Scores};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;

/// Lines of the distribution of the first key.
const VALUES_SHOWN: usize = 20;
/// Missing things shown for one paper.
const MISSING_SHOWN: usize = 20;

/// What a paper would settle: children concerned, and each thing that is missing.
type Wanted = (BTreeSet<u32>, BTreeSet<Missed>);

/// What the summary says.
struct Summary {
    households: u64,
    applicants: u64,
    choices: u64,
    refused_choices: u64,
    undecided_choices: u64,
    /// Children with a choice that cannot be judged.
    undecided: BTreeSet<u32>,
    /// By paper: the children concerned, and what is missing.
    papers: BTreeMap<(MissedKind, Box<str>), Wanted>,
    /// By position in the file, at the first choice: applicants; `None`: unknown.
    strata: BTreeMap<Option<u32>, u64>,
    /// The first key at the first choice: applicants; `None`: unknown.
    first: BTreeMap<Option<Exact>, u64>,
}

impl Round<'_> {
    /// Prints the summary; undecided where anybody is.
    pub(super) fn summarise(&self, scores: &Scores, args: &ScoreArgs, watch: &StopWatch) -> Exit {
        let summary = self.summary(scores);
        let seconds = watch.seconds();
        if args.json {
            print(&self.summary_json(&summary, &seconds));
        } else {
            print(&self.summary_text(&summary, &seconds, args.out.is_some()));
        }
        if summary.undecided.is_empty() {
            Exit::Done
        } else {
            Exit::Undecided
        }
    }

    fn summary(&self, scores: &Scores) -> Summary {
        let facts = self.facts;
        let mut s = Summary {
            households: 0,
            applicants: 0,
            choices: facts.choices.len() as u64,
            refused_choices: 0,
            undecided_choices: 0,
            undecided: BTreeSet::new(),
            papers: BTreeMap::new(),
            strata: BTreeMap::new(),
            first: BTreeMap::new(),
        };
        let mut household = None;
        let strata = usize::from(!self.criteria.strata.is_empty());
        for (child, choices) in (0u32..).zip(&facts.index.choices) {
            if choices.is_empty() {
                continue;
            }
            s.applicants += 1;
            if household.replace(facts.household_of(child)) != Some(facts.household_of(child)) {
                s.households += 1;
            }
            let key = scores.key(choices.start);
            if strata == 1 {
                let at = key[0].and_then(Exact::as_whole);
                let at = at.and_then(|n| u32::try_from(n).ok());
                *s.strata.entry(at).or_default() += 1;
            }
            if let Some(first) = key.get(strata) {
                *s.first.entry(*first).or_default() += 1;
            }
            for choice in choices.clone() {
                if matches!(scores.eligibility[choice as usize], Eligible::No(_)) {
                    s.refused_choices += 1;
                    continue;
                }
                let Some(open) = undecided(scores, choice) else {
                    continue;
                };
                s.undecided_choices += 1;
                s.undecided.insert(child);
                for missing in &open.missing {
                    let missed = Missed::of(facts, self.criteria, missing);
                    let paper = s.papers.entry((missed.kind, missed.paper.clone()));
                    let (children, things) = paper.or_default();
                    children.insert(child);
                    things.insert(missed);
                }
            }
        }
        s
    }

    fn summary_text(&self, s: &Summary, seconds: &[(&str, f64)], written: bool) -> String {
        let words = self.words;
        let tongue = self.tongue();
        let info = &self.facts.info;
        let count = |n: u64| grouped(n);
        let mut lines = vec![(*self.criteria.head.title).to_owned()];
        let (entry, base) = (
            day_of(info.entry_date, tongue),
            day_of(info.base_date, tongue),
        );
        let values: [(&str, &dyn Display); 3] =
            [("entry", &entry), ("number", &info.number), ("base", &base)];
        lines.push(words.say("scored.round", &values));
        let facilities = count(self.facts.facilities.len() as u64);
        let values: [(&str, &dyn Display); 4] = [
            ("applicants", &count(s.applicants)),
            ("households", &count(s.households)),
            ("choices", &count(s.choices)),
            ("facilities", &facilities),
        ];
        lines.push(words.say("scored.counts", &values));
        let open = s.undecided.len() as u64;
        let values: [(&str, &dyn Display); 4] = [
            ("decided", &count(s.applicants - open)),
            ("undecided", &count(open)),
            ("open", &count(s.undecided_choices)),
            ("refused", &count(s.refused_choices)),
        ];
        lines.push(words.say("scored.verdicts", &values));
        if self.criteria.has_holes() {
            lines.push(words.say("scored.holes", &[]));
        }

        let unknown = words.say("scored.unknown", &[]);
        if !s.strata.is_empty() {
            lines.push(String::new());
            lines.push(words.say("scored.strata", &[]));
            for (at, stratum) in (0u32..).zip(&self.criteria.strata) {
                let n = s.strata.get(&Some(at)).copied().unwrap_or(0);
                let values: [(&str, &dyn Display); 2] =
                    [("label", &stratum.label), ("count", &count(n))];
                lines.push(words.say("scored.item", &values));
            }
            if let Some(n) = s.strata.get(&None) {
                let values: [(&str, &dyn Display); 2] =
                    [("label", &unknown), ("count", &count(*n))];
                lines.push(words.say("scored.item", &values));
            }
        }
        self.first_key(s, &unknown, &mut lines);
        self.missing(s, written, &mut lines);
        lines.push(String::new());
        let total: f64 = seconds.last().map_or(0.0, |(_, s)| *s);
        let score = seconds.iter().find(|(n, _)| *n == "score");
        let values: [(&str, &dyn Display); 2] = [
            ("total", &format!("{total:.2}")),
            ("score", &format!("{:.2}", score.map_or(0.0, |(_, s)| *s))),
        ];
        lines.push(words.say("scored.seconds", &values));
        lines.into_iter().map(|l| l + "\n").collect()
    }

    /// How the first key after the strata is distributed, best first.
    fn first_key(&self, s: &Summary, unknown: &str, lines: &mut Vec<String>) {
        let words = self.words;
        let components = self.program.components(self.criteria);
        let Some(component) = components.iter().find(|c| c.key.is_some()) else {
            return;
        };
        lines.push(String::new());
        lines.push(words.say("scored.first_key", &[("label", &component.label())]));
        let mut values: Vec<(Exact, u64)> = s
            .first
            .iter()
            .filter_map(|(v, n)| v.map(|v| (v, *n)))
            .collect();
        if component.higher_first() {
            values.reverse();
        }
        let mut line = |label: &str, n: u64| {
            let values: [(&str, &dyn Display); 2] = [("label", &label), ("count", &grouped(n))];
            lines.push(words.say("scored.item", &values));
        };
        // Many values are told in steps of neighbouring ones.
        let step = values.len().div_ceil(VALUES_SHOWN).max(1);
        for part in values.chunks(step) {
            let n = part.iter().map(|(_, n)| n).sum();
            if let (Some((first, _)), Some((last, _))) = (part.first(), part.last()) {
                let first = component.shown(*first, self.tongue());
                let last = component.shown(*last, self.tongue());
                if first == last {
                    line(&first, n);
                } else {
                    line(&format!("{first}〜{last}"), n);
                }
            }
        }
        if let Some(n) = s.first.get(&None) {
            line(unknown, *n);
        }
    }

    /// What would settle everybody, by paper.
    fn missing(&self, s: &Summary, written: bool, lines: &mut Vec<String>) {
        let words = self.words;
        if s.papers.is_empty() {
            return;
        }
        lines.push(String::new());
        lines.push(words.say("scored.by_paper", &[]));
        // What settles most comes first.
        let mut papers: Vec<_> = s.papers.iter().collect();
        papers.sort_by_key(|(paper, (children, _))| (std::cmp::Reverse(children.len()), *paper));
        for ((_, paper), (children, things)) in papers {
            let n = grouped(children.len() as u64);
            let values: [(&str, &dyn Display); 2] = [("paper", paper), ("count", &n)];
            lines.push(words.say("scored.paper", &values));
            for missed in things.iter().take(MISSING_SHOWN) {
                lines.push(format!("    {}", missed.thing(self.tongue())));
            }
            let more = things.len().saturating_sub(MISSING_SHOWN);
            if more > 0 {
                let more = grouped(more as u64);
                let said = if written {
                    words.say("scored.more_missing_written", &[("count", &more)])
                } else {
                    words.say("scored.more_missing", &[("count", &more)])
                };
                lines.push(said);
            }
        }
    }

    fn summary_json(&self, s: &Summary, seconds: &[(&str, f64)]) -> String {
        let components = self.program.components(self.criteria);
        let first = components.iter().find(|c| c.key.is_some());
        let strata: Vec<_> = s
            .strata
            .iter()
            .map(|(at, n)| {
                let id = at.and_then(|at| self.criteria.strata.get(at as usize));
                json!({"id": id.map(|s| &*s.id), "known": at.is_some(), "applicants": n})
            })
            .collect();
        let distribution: Vec<_> = s
            .first
            .iter()
            .map(|(v, n)| json!({"value": v.map(|v| v.to_string()), "applicants": n}))
            .collect();
        let papers: Vec<_> = s
            .papers
            .iter()
            .map(|((kind, paper), (children, things))| {
                let ids = children
                    .iter()
                    .map(|c| &*self.facts.children.ids[*c as usize]);
                json!({
                    "kind": kind,
                    "paper": paper,
                    "children": ids.collect::<Vec<_>>(),
                    "missing": things.iter().collect::<Vec<_>>(),
                })
            })
            .collect();
        let undecided: Vec<&str> = s
            .undecided
            .iter()
            .map(|c| &*self.facts.children.ids[*c as usize])
            .collect();
        let seconds: BTreeMap<_, _> = seconds.iter().copied().collect();
        let summary = json!({
            "criteria": self.criteria.head.title,
            "entry_date": self.facts.info.entry_date.to_string(),
            "round": self.facts.info.number,
            "base_date": self.facts.info.base_date.to_string(),
            "applicants": s.applicants,
            "households": s.households,
            "choices": s.choices,
            "refused_choices": s.refused_choices,
            "undecided_choices": s.undecided_choices,
            "undecided": undecided,
            "to_be_filled": self.criteria.has_holes(),
            "strata": strata,
            "first_key": first.map(|c| json!({"id": c.id(), "label": c.label(), "values": distribution})),
            "papers": papers,
            "seconds": seconds,
        });
        format!("{summary:#}\n")
    }
}
