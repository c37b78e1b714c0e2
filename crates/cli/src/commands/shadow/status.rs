//! Where a ledger stands, in words.

use super::file::read_head;
use super::requirement::unmet_lines;
use crate::language::Words;
use enmusubi_compare::ledger::{
    Ledger, Requirement, State,
    entry::{Content, Count, Entry, Role, What},
};
use std::fmt::{Display, Write as _};
use std::path::Path;

/// Share of a count, in percent with one decimal, rounded down: 100.0 % is all.
pub fn share(count: Count) -> String {
    let thousandths = match count.compared {
        0 => 0,
        compared => u64::from(count.agree) * 1000 / u64::from(compared),
    };
    format!("{}.{} %", thousandths / 10, thousandths % 10)
}

/// Name of a role.
pub fn role(words: &Words, role: Role) -> String {
    words.say(
        match role {
            Role::Examiner => "shadow_run.role_examiner",
            Role::Approver => "shadow_run.role_approver",
        },
        &[],
    )
}

/// The whole text.
pub fn text(words: &Words, path: &Path, ledger: &Ledger, all: bool) -> String {
    let state = State::of(ledger);
    let mut out = String::new();
    let mut line = |key: &str, values: &[(&str, &dyn Display)]| {
        let _ = writeln!(out, "{}", words.say(key, values));
    };
    let title = state.begin.map_or("", |b| b.title.as_str());
    line(
        "shadow_run.title",
        &[("title", &title), ("path", &path.display())],
    );
    let head = read_head(ledger);
    let count = ledger.entries.len();
    line(
        "shadow_run.lines",
        &[("count", &count), ("head", &&head[..16])],
    );
    if let Some(before) = state.begin.and_then(|b| b.from.as_ref()) {
        let c = before.agreement;
        line(
            "shadow_run.from",
            &[
                ("title", &before.title),
                ("agree", &c.agree),
                ("compared", &c.compared),
                ("share", &share(c)),
                ("head", &&before.head[..before.head.len().min(16)]),
            ],
        );
        for practice in &before.practices {
            line("shadow_run.practice", &[("words", practice)]);
        }
    }
    if let Some((entry, compared)) = state.comparisons.last() {
        let decided = |what: &What| {
            let mut accepted = state.accepted.iter();
            let found = accepted.find(|(_, a)| a.comparison == *entry && a.what == *what);
            match found {
                None => words.say("shadow_run.state_open", &[]),
                Some((entry, a)) => {
                    let values: [(&str, &dyn Display); 2] =
                        [("entry", entry), ("reason", &a.reason)];
                    words.say("shadow_run.state_accepted", &values)
                }
            }
        };
        line(
            "shadow_run.compared",
            &[
                ("entry", entry),
                ("round", &compared.round),
                ("criteria", &compared.criteria),
            ],
        );
        let c = compared.agreement;
        line(
            "shadow_run.before",
            &[
                ("agree", &c.agree),
                ("compared", &c.compared),
                ("share", &share(c)),
            ],
        );
        for mend in &compared.mends {
            let c = mend.agreement;
            line(
                "shadow_run.mend",
                &[
                    ("cause", &mend.cause),
                    ("words", &mend.words),
                    ("agree", &c.agree),
                    ("compared", &c.compared),
                    ("share", &share(c)),
                    ("state", &decided(&What::Cause(mend.cause))),
                ],
            );
        }
        for child in &compared.unexplained {
            let state = decided(&What::Child(child.clone()));
            line("shadow_run.child", &[("child", child), ("state", &state)]);
        }
    }
    let signatures: Vec<String> = state
        .signatures
        .iter()
        .map(|(name, r)| {
            let role = role(words, *r);
            words.say("shadow_run.signature", &[("role", &role), ("name", name)])
        })
        .collect();
    match signatures.is_empty() {
        true => line("shadow_run.unsigned", &[]),
        false => line("shadow_run.signed", &[("list", &signatures.join(" / "))]),
    }
    let own = state.comparisons.last();
    let own = own.map_or("", |(_, c)| c.criteria_digest.as_str());
    let unmet = state.unmet(&Requirement {
        criteria_digest: own,
        agreement: 0,
    });
    match unmet.is_empty() {
        true => line(
            "shadow_run.ready",
            &[("digest", &&own[..own.len().min(16)])],
        ),
        false => {
            line("shadow_run.not_ready", &[]);
            for told in unmet_lines(words, &unmet, 0) {
                let _ = writeln!(out, "{told}");
            }
        }
    }
    if all {
        out.push('\n');
        for entry in &ledger.entries {
            let _ = writeln!(out, "{}", told(words, entry));
        }
    }
    out
}

fn told(words: &Words, entry: &Entry) -> String {
    let say = |key: &str, values: &[(&str, &dyn Display)]| words.say(key, values);
    let what = match &entry.content {
        Content::Begin(begin) => say("shadow_run.line_begin", &[("title", &begin.title)]),
        Content::Compared(c) => say(
            "shadow_run.line_compared",
            &[
                ("round", &c.round),
                ("agree", &c.agreement.agree),
                ("compared", &c.agreement.compared),
            ],
        ),
        Content::Accepted(a) => match &a.what {
            What::Cause(cause) => say(
                "shadow_run.line_accepted_cause",
                &[("cause", cause), ("reason", &a.reason)],
            ),
            What::Child(child) => say(
                "shadow_run.line_accepted_child",
                &[("child", child), ("reason", &a.reason)],
            ),
        },
        Content::Revoked { entry, reason } => say(
            "shadow_run.line_revoked",
            &[("entry", entry), ("reason", reason)],
        ),
        Content::Signed { role: r, .. } => {
            say("shadow_run.line_signed", &[("role", &role(words, *r))])
        }
        Content::Note { text } => say("shadow_run.line_note", &[("text", text)]),
    };
    say(
        "shadow_run.line",
        &[
            ("number", &entry.number),
            ("at", &entry.at),
            ("by", &entry.by),
            ("post", &entry.post),
            ("what", &what),
        ],
    )
}
