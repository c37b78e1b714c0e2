//! `enmusubi verify`: check any result with the independent checker.

use crate::args::VerifyArgs;
use crate::commands;
use crate::commands::explain;
use crate::exit::{Exit, Failure};
use crate::language::{Words, grouped};
use crate::pipeline::{self, Case, File, Ready};
use crate::pools::{self, NoClass};
use crate::stopwatch::StopWatch;
use crate::{print, say};
use enmusubi_interchange::{Roster, Source, read_result};
use enmusubi_market::{ChildIx, ClassIx, FamilyIx, GroupIx, Market, Placement, Slot};
use enmusubi_selection::report::{ProofReport, Report, class_key, result_digest};
use enmusubi_verify::{self as verify, Difference, Verdict, Violation};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fmt::Write as _;

/// Blocking families and differences written out on a screen; `--json` has all of them.
const SHOWN: usize = 50;

/// Runs the command.
pub fn run(words: &Words, args: &VerifyArgs, timings: bool) -> Result<Exit, Failure> {
    let watch = StopWatch::start(None);
    watch.lap("read");
    let result = File::read(words, &args.result)?;
    let report = args
        .report
        .as_deref()
        .map(|path| explain::read(words, path))
        .transpose()?;
    let ready = Ready::read(words, &args.round, report.as_ref(), &watch)?;
    let case = ready.case();
    let mechanism = ready.mechanism(args.mechanism.map(Into::into));
    pipeline::check_mechanism(words, case, mechanism)?;
    if let Some(report) = &report
        && report.input_digest != case.input_digest
    {
        return Err(
            Failure::new(Exit::BadInput, words.say("verify.other_report", &[]))
                .hint(words.say("verify.other_report_hint", &[])),
        );
    }
    watch.lap("read");
    let roster = ready.roster();
    let placed = placed(words, ready.columns().as_ref(), &result, &roster)?;
    let (placement, nowhere) = to_placement(case, &roster, &placed, report.as_ref());

    watch.lap("verify");
    let market = &case.compiled.market;
    let (verdict, differences) = match pipeline::replayable(mechanism) {
        None => (verify::check(market, &placement), Vec::new()),
        Some(mechanism) => {
            let v = verify::check_mechanism(market, &placement, mechanism);
            (v.verdict, v.differences)
        }
    };
    let findings = Findings {
        market,
        placement: &placement,
        verdict: &verdict,
        nowhere: &nowhere,
        differences: &differences,
        replayed: pipeline::replayable(mechanism).is_some(),
    };
    let exit = findings.exit(report.as_ref());
    if args.json {
        print(&format!("{:#}\n", findings.json(exit)));
    } else {
        print(&findings.text(words, exit));
    }
    if timings {
        say(&commands::timings(words, &watch));
    }
    Ok(exit)
}

/// Nursery (position in the roster) per child of the roster.
pub fn placed(
    words: &Words,
    columns: Option<&Source<'_>>,
    result: &File,
    roster: &Roster<'_>,
) -> Result<Vec<Option<u32>>, Failure> {
    let (placed, diagnostics) = read_result(&result.source(), columns, roster.clone());
    let messages = diagnostics.render(pipeline::language(words));
    match placed {
        Some(placed) => {
            say(&messages);
            Ok(placed)
        }
        None => Err(Failure::told(Exit::BadInput, messages)),
    }
}

/// The placement that nurseries per child of the roster mean.
pub fn to_placement(
    case: &Case,
    roster: &Roster<'_>,
    placed: &[Option<u32>],
    report: Option<&Report>,
) -> (Placement, Vec<NoClass>) {
    let market = &case.compiled.market;
    let at: HashMap<&str, u32> = market
        .nurseries
        .iter()
        .enumerate()
        .map(|(n, x)| (&*x.id, n as u32))
        .collect();
    let of_child: HashMap<&str, u32> = roster
        .children
        .iter()
        .zip(placed)
        .filter_map(|(&id, n)| Some((id, *at.get(roster.nurseries[(*n)? as usize])?)))
        .collect();
    let nurseries: Vec<Option<u32>> = market
        .children
        .iter()
        .map(|c| of_child.get(&*c.id).copied())
        .collect();
    let mut hints: HashMap<&str, ClassIx> = HashMap::new();
    if let Some(report) = report {
        let keys: HashMap<String, ClassIx> = (0..market.classes.len() as ClassIx)
            .map(|k| (class_key(market, k), k))
            .collect();
        for child in &report.child_explanations {
            let class = child
                .class
                .and_then(|k| report.class_explanations.get(k as usize));
            if let Some(&k) = class.and_then(|k| keys.get(&k.key)) {
                hints.insert(&child.id, k);
            }
        }
    }
    let hint = |c: ChildIx| hints.get(&*market.children[c as usize].id).copied();
    pools::placement(market, &nurseries, hint)
}

/// What the checker found, to be put into words or JSON.
struct Findings<'a> {
    market: &'a Market,
    placement: &'a Placement,
    verdict: &'a Verdict,
    nowhere: &'a [NoClass],
    differences: &'a [Difference],
    replayed: bool,
}

impl Findings<'_> {
    fn exit(&self, report: Option<&Report>) -> Exit {
        let feasible = self.verdict.is_feasible() && self.nowhere.is_empty();
        if !feasible || !self.differences.is_empty() || !self.verdict.unfinished.is_empty() {
            return Exit::NotRight;
        }
        if self.replayed || self.verdict.is_stable() {
            return Exit::Done;
        }
        // Not stable; right all the same if nothing is and no fewer families can be wronged.
        let summary = &self.verdict.summary;
        match report {
            Some(r)
                if matches!(r.proved.blocking_families, ProofReport::Proved(_))
                    && r.blocking_families == summary.blocking_families =>
            {
                Exit::Minimum
            }
            _ => Exit::NotRight,
        }
    }

    fn text(&self, words: &Words, exit: Exit) -> String {
        let s = &self.verdict.summary;
        let mut out = words.say(
            match exit {
                Exit::Done if self.replayed => "verify.replayed",
                Exit::Done => "verify.stable",
                Exit::Minimum => "verify.minimum",
                _ => "verify.not_right",
            },
            &[],
        );
        out.push('\n');
        let values: [(&str, &dyn std::fmt::Display); 6] = [
            ("children", &grouped(u64::from(s.children))),
            ("with_class", &grouped(u64::from(s.with_class))),
            ("newly", &grouped(u64::from(s.newly_placed))),
            ("families", &grouped(u64::from(s.blocking_families))),
            ("positions", &grouped(s.blocking_positions)),
            ("rank_sum", &grouped(s.rank_sum)),
        ];
        out.push_str(&words.say("verify.figures", &values));
        out.push('\n');
        for (age, n) in s.by_age.iter().enumerate().filter(|(_, n)| n.children > 0) {
            let values: [(&str, &dyn std::fmt::Display); 4] = [
                ("age", &age),
                ("children", &grouped(u64::from(n.children))),
                ("with_class", &grouped(u64::from(n.with_class))),
                ("newly", &grouped(u64::from(n.newly_placed))),
            ];
            let _ = writeln!(out, "  {}", words.say("verify.age", &values));
        }
        let digest = result_digest(self.market, self.placement);
        out.push_str(&words.say("verify.digest", &[("digest", &digest)]));
        out.push('\n');
        // Every violation, however many: the exit code says that the result is wrong, and the
        // list is what mends it.
        for line in self.violations(words) {
            let _ = writeln!(out, "- {line}");
        }
        for b in self.verdict.blocking.iter().take(SHOWN) {
            let _ = writeln!(out, "- {}", self.blocking_line(words, b));
        }
        for d in self.differences.iter().take(SHOWN) {
            let _ = writeln!(out, "- {}", self.difference_line(words, d));
        }
        let more = self.verdict.blocking.len().saturating_sub(SHOWN)
            + self.differences.len().saturating_sub(SHOWN);
        if more > 0 {
            let _ = writeln!(out, "- {}", words.say("verify.more", &[("count", &more)]));
        }
        out.push_str(&pipeline::unfinished(words, self.market, self.verdict));
        out
    }

    fn violations(&self, words: &Words) -> Vec<String> {
        let child = |c: ChildIx| self.market.children[c as usize].id.to_string();
        let class = |k: ClassIx| self.class_name(words, k);
        let mut lines: Vec<String> = self
            .nowhere
            .iter()
            .map(|n| {
                let nursery = &self.market.nurseries[n.nursery as usize].name;
                let age = self.market.children[n.child as usize].age;
                words.say(
                    "verify.no_class",
                    &[
                        ("child", &child(n.child)),
                        ("nursery", nursery),
                        ("age", &age),
                    ],
                )
            })
            .collect();
        lines.extend(
            self.verdict
                .violations
                .iter()
                .map(|violation| match *violation {
                    // The two cannot come from a table; they are the checker's guard against programs.
                    Violation::WrongLength { children, classes } => {
                        format!("{children} ≠ {classes}")
                    }
                    Violation::UnknownClass { child: c, class } => {
                        format!("{} → {class}?", child(c))
                    }
                    Violation::NotChosen { child: c, class: k } => words.say(
                        "verify.not_chosen",
                        &[("child", &child(c)), ("class", &class(k))],
                    ),
                    Violation::LostClass { child: c, class: k } => words.say(
                        "verify.lost_class",
                        &[("child", &child(c)), ("class", &class(k))],
                    ),
                    Violation::NotListed { family } => words.say(
                        "verify.not_listed",
                        &[
                            ("family", &self.market.families[family as usize].id),
                            ("what", &self.family(words, family)),
                        ],
                    ),
                    Violation::Overfull {
                        group,
                        used,
                        capacity,
                        ..
                    } => {
                        let unit = self.market.groups[group as usize].unit;
                        words.say(
                            "verify.overfull",
                            &[
                                ("classes", &self.group_name(words, group)),
                                ("used", &fraction(used, unit)),
                                ("capacity", &fraction(capacity, unit)),
                            ],
                        )
                    }
                }),
        );
        lines
    }

    fn blocking_line(&self, words: &Words, b: &verify::BlockingFamily) -> String {
        let family = &self.market.families[b.family as usize];
        let better = b
            .listed
            .first()
            .map(|p| self.tuple(words, b.family, &p.tuple));
        words.say(
            "verify.blocking",
            &[
                ("family", &family.id),
                ("now", &self.family(words, b.family)),
                ("better", &better.unwrap_or_default()),
                ("positions", &b.positions),
            ],
        )
    }

    fn difference_line(&self, words: &Words, d: &Difference) -> String {
        let name = |k: Option<ClassIx>| {
            k.map_or_else(
                || words.say("verify.nothing", &[]),
                |k| self.class_name(words, k),
            )
        };
        words.say(
            "verify.difference",
            &[
                ("child", &self.market.children[d.child as usize].id),
                ("expected", &name(d.expected)),
                ("actual", &name(d.actual)),
            ],
        )
    }

    /// The family's children and where they are.
    fn family(&self, words: &Words, family: FamilyIx) -> String {
        let range = self.market.families[family as usize].children.clone();
        self.children(words, range.map(|c| (c, self.placement.of(c))))
    }

    fn tuple(&self, words: &Words, family: FamilyIx, tuple: &[Slot]) -> String {
        let range = self.market.families[family as usize].children.clone();
        self.children(
            words,
            range
                .zip(tuple)
                .map(|(c, s)| (c, self.market.class_of(c, *s))),
        )
    }

    fn children(
        &self,
        words: &Words,
        placed: impl Iterator<Item = (ChildIx, Option<ClassIx>)>,
    ) -> String {
        let one = |(c, k): (ChildIx, Option<ClassIx>)| {
            let place = k.map_or_else(
                || words.say("verify.nothing", &[]),
                |k| self.class_name(words, k),
            );
            format!("{} → {place}", self.market.children[c as usize].id)
        };
        placed.map(one).collect::<Vec<_>>().join(", ")
    }

    fn class_name(&self, words: &Words, class: ClassIx) -> String {
        let k = &self.market.classes[class as usize];
        let nursery = &self.market.nurseries[k.nursery as usize].name;
        let values: [(&str, &dyn std::fmt::Display); 2] = [("nursery", nursery), ("age", &k.age)];
        let name = words.say("verify.class", &values);
        match &k.pool {
            Some(pool) => format!("{name} [{pool}]"),
            None => name,
        }
    }

    fn group_name(&self, words: &Words, group: GroupIx) -> String {
        let classes = (0..self.market.classes.len() as ClassIx)
            .filter(|&k| self.market.classes[k as usize].group == group);
        classes
            .map(|k| self.class_name(words, k))
            .collect::<Vec<_>>()
            .join(" + ")
    }

    /// The same as data; names of fields are a contract.
    fn json(&self, exit: Exit) -> Value {
        let m = self.market;
        let child = |c: ChildIx| &*m.children[c as usize].id;
        let family = |f: FamilyIx| &*m.families[f as usize].id;
        let class = |k: ClassIx| class_key(m, k);
        let violation = |v: &Violation| match *v {
            Violation::WrongLength { children, classes } => {
                json!({"kind": "wrong-length", "children": children, "classes": classes})
            }
            Violation::UnknownClass { child: c, class } => {
                json!({"kind": "unknown-class", "child": child(c), "number": class})
            }
            Violation::NotChosen { child: c, class: k } => {
                json!({"kind": "not-chosen", "child": child(c), "class": class(k)})
            }
            Violation::LostClass { child: c, class: k } => {
                json!({"kind": "lost-class", "child": child(c), "class": class(k)})
            }
            Violation::NotListed { family: f } => {
                json!({"kind": "not-listed", "family": family(f)})
            }
            Violation::Overfull {
                group,
                pass,
                used,
                capacity,
            } => {
                let unit = m.groups[group as usize].unit;
                let classes: Vec<String> = (0..m.classes.len() as ClassIx)
                    .filter(|&k| m.classes[k as usize].group == group)
                    .map(class)
                    .collect();
                json!({"kind": "overfull", "classes": classes, "pass": pass,
                       "used": fraction(used, unit), "capacity": fraction(capacity, unit)})
            }
        };
        let mut violations: Vec<Value> = self
            .nowhere
            .iter()
            .map(|n| {
                let nursery = &*m.nurseries[n.nursery as usize].id;
                json!({"kind": "no-class", "child": child(n.child), "nursery": nursery})
            })
            .collect();
        violations.extend(self.verdict.violations.iter().map(violation));
        let place =
            |c: ChildIx, k: Option<ClassIx>| json!({"child": child(c), "class": k.map(class)});
        let blocking: Vec<Value> = self
            .verdict
            .blocking
            .iter()
            .map(|b| {
                let range = || m.families[b.family as usize].children.clone();
                let listed: Vec<Value> = b
                    .listed
                    .iter()
                    .map(|p| {
                        let tuple: Vec<Value> = range()
                            .zip(&p.tuple)
                            .map(|(c, s)| place(c, m.class_of(c, *s)))
                            .collect();
                        json!({"position": p.position, "tuple": tuple})
                    })
                    .collect();
                let now: Vec<Value> = range().map(|c| place(c, self.placement.of(c))).collect();
                json!({"family": family(b.family), "positions": b.positions, "now": now, "better": listed})
            })
            .collect();
        let differences: Vec<Value> = self
            .differences
            .iter()
            .map(|d| {
                json!({"child": child(d.child), "expected": d.expected.map(class),
                       "actual": d.actual.map(class)})
            })
            .collect();
        let s = &self.verdict.summary;
        let by_age: Vec<Value> = s
            .by_age
            .iter()
            .enumerate()
            .map(|(age, n)| {
                json!({"age": age, "children": n.children, "with_class": n.with_class,
                       "newly_placed": n.newly_placed})
            })
            .collect();
        json!({
            "exit": exit as u8,
            "feasible": s.feasible && self.nowhere.is_empty(),
            "stable": s.stable && self.nowhere.is_empty(),
            "children": s.children,
            "with_class": s.with_class,
            "newly_placed": s.newly_placed,
            "by_age": by_age,
            "blocking_families": s.blocking_families,
            "blocking_only_children": s.blocking_only_children,
            "blocking_positions": s.blocking_positions,
            "rank_sum": s.rank_sum,
            "violations": violations,
            "blocking": blocking,
            "differences": differences,
            "unfinished": self.verdict.unfinished.iter().map(|&f| family(f)).collect::<Vec<_>>(),
            "result_digest": result_digest(m, self.placement),
            "engine_version": pipeline::VERSION,
        })
    }
}

/// Units of a group as a number of seats: `3`, `5/2`.
fn fraction(units: i128, unit: u64) -> String {
    let (mut a, mut b) = (units.unsigned_abs(), u128::from(unit.max(1)));
    while b != 0 {
        (a, b) = (b, a % b);
    }
    let g = a.max(1) as i128;
    let (n, d) = (units / g, i128::from(unit.max(1)) / g);
    if d == 1 {
        n.to_string()
    } else {
        format!("{n}/{d}")
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn fractions() {
        let fraction = super::fraction;
        assert_eq!(
            [
                fraction(6, 2),
                fraction(5, 2),
                fraction(0, 6),
                fraction(-4, 6),
                fraction(15, 6)
            ],
            ["3", "5/2", "0", "-2/3", "5/2"]
        );
    }
}
