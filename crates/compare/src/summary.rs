//! What `enmusubi compare` prints: agreement, the way to it, causes with what to check, and what to do next.

use crate::{
    messages, remarks,
    report::{Agreement, CauseReport, Comparison},
};
use enmusubi_domain::template::grouped;
use enmusubi_matching::Mechanism;
use enmusubi_selection::{
    text_summary::{Lang, padded, width},
    whatif::describe::mechanism_name,
};

/// Children named who nobody can explain.
const UNEXPLAINED: usize = 10;
/// Alternatives named of a cause.
const ALTERNATIVES: usize = 2;

/// The summary: lines, each ending in a line break. `practice`: a draft of the criteria as practised was written, and these
/// causes about the criteria are not in it: numbers.
#[must_use]
pub fn summary(c: &Comparison, practice: Option<&[u32]>, lang: Lang) -> String {
    let say = |key: &str, values: &[(&str, &str)]| messages::compare(lang).get(key, values);
    let labels = ["criteria", "practice", "index", "order", "agreement"].map(|k| say(k, &[]));
    let columns = labels.iter().map(|l| width(l)).max().unwrap_or(0);
    let [criteria, how, index, order, agreement] = labels;
    let mut out = say("title", &[]) + "\n\n";
    let mut line = |label: &str, text: &str| {
        out += &format!("  {}  {text}\n", padded(label, columns));
    };
    let values = [("title", &*c.title), ("file", &*c.criteria)];
    let title = match c.criteria.is_empty() {
        true => say("tables", &[]),
        false => say("criteria-value", &values),
    };
    line(&criteria, &title);
    let mechanism = mechanism_name(mechanism(&c.mechanism), lang);
    let ties = ties(&c.ties, lang);
    let values = [("mechanism", &*mechanism), ("ties", &*ties)];
    line(&how, &say("practice-value", &values));
    let told = |a: Agreement| {
        let values = [
            ("percent", &*a.percent()),
            ("compared", &*grouped(a.compared)),
            ("agree", &*grouped(a.agree)),
        ];
        say("agreement-value", &values)
    };
    if let Some(depth) = &c.index {
        line(&index, &told(depth.agreement));
    }
    if let Some(depth) = &c.order {
        line(&order, &told(depth.agreement));
    }
    line(&agreement, &told(c.placement));
    out.push('\n');
    out += &way(c, lang);
    if !c.remarks.is_empty() {
        out += &format!("\n{}\n", say("remarks", &[]));
        for remark in &c.remarks {
            out += &format!("  - {}\n", remarks::text(remark, lang));
        }
    }
    out += &format!("\n{}\n", say("next", &[]));
    let mut next = |key: &str| out += &format!("  {}\n", say(key, &[]));
    let index = c.index.as_ref().map_or(c.placement, |d| d.agreement);
    let agrees = |a: Agreement| a.agree == a.compared;
    match (agrees(c.placement) && agrees(index), c.placement.compared) {
        (_, 0) => next("nothing-compared"),
        (true, _) => next("next-agree"),
        (false, _) => next("next-causes"),
    }
    if let Some(left) = practice {
        next("next-practice");
        if !left.is_empty() {
            let numbers: Vec<String> = left.iter().map(ToString::to_string).collect();
            let numbers = numbers.join(&say("comma", &[]));
            let text = say("next-practice-left", &[("numbers", &numbers)]);
            out += &format!("  {text}\n");
        }
    }
    out
}

/// The way from the agreement as it is to that with everything mended.
fn way(c: &Comparison, lang: Lang) -> String {
    let say = |key: &str, values: &[(&str, &str)]| messages::compare(lang).get(key, values);
    let differ = |a: Agreement| a.compared - a.agree;
    if c.causes.is_empty() && differ(c.placement) == 0 {
        return match c.placement.compared {
            0 => String::new(),
            _ => format!("  {}\n", say("agree-all", &[])),
        };
    }
    let at = |key: &str, a: Agreement| {
        let values = [("percent", &*a.percent()), ("differ", &*grouped(differ(a)))];
        say(key, &values)
    };
    let mut out = format!("{}\n", say("path", &[]));
    out += &format!("{}\n", at("path-start", c.placement));
    if c.causes.is_empty() {
        out += &format!("  {}\n", say("no-cause", &[]));
    }
    for cause in &c.causes {
        let number = cause.number.to_string();
        let values = [("number", &*number), ("words", &*cause.words)];
        out += &format!("  {}\n", say("path-step", &values));
        if let Some(text) = alternatives(cause, lang) {
            out += &format!("{text}\n");
        }
        out += &format!("{}\n", say("path-mend", &[("mend", &cause.mend)]));
        if let Some(step) = c.path.iter().find(|s| s.cause == cause.number) {
            out += &format!("{}\n", at("path-agreement", step.agreement));
        }
    }
    let open = c.differences.iter().filter(|d| d.cause == 0);
    let open: Vec<&str> = open.map(|d| &*d.child).collect();
    if !open.is_empty() {
        let count = grouped(open.len());
        let shown: Vec<&str> = open.iter().take(UNEXPLAINED).copied().collect();
        let more = match open.len().saturating_sub(UNEXPLAINED) {
            0 => String::new(),
            n => say("more", &[("count", &grouped(n))]),
        };
        let children = shown.join(&say("comma", &[]));
        let values = [
            ("count", &*count),
            ("children", &*children),
            ("more", &*more),
        ];
        out += &format!("  {}\n", say("unexplained", &values));
    }
    if c.exhausted {
        out += &format!("  {}\n", say("exhausted", &[]));
    }
    out
}

fn alternatives(cause: &CauseReport, lang: Lang) -> Option<String> {
    let words = messages::compare(lang);
    let shown = cause.alternatives.iter().take(ALTERNATIVES);
    let shown: Vec<&str> = shown.map(|a| &*a.words).collect();
    if shown.is_empty() {
        return None;
    }
    let all = cause.alternatives.len() + cause.more_alternatives as usize;
    let joined = shown.join(" / ");
    let values = [("words", &*joined)];
    Some(match all.saturating_sub(shown.len()) {
        0 => words.get("path-alternatives", &values),
        n => words.get(
            "path-alternatives-more",
            &[values[0], ("count", &grouped(n))],
        ),
    })
}

fn mechanism(name: &str) -> Mechanism {
    match name {
        "index-order" => Mechanism::IndexOrder,
        "choice-order" => Mechanism::ChoiceOrder,
        _ => Mechanism::Stable,
    }
}

/// What happened to equals, in words.
fn ties(ties: &str, lang: Lang) -> String {
    let words = messages::compare(lang);
    match ties.split_once(':') {
        Some(("lottery", seed)) => words.get("ties-lottery", &[("seed", seed)]),
        _ => words.get(&format!("ties-{ties}"), &[]),
    }
}
