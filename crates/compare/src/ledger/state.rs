//! Where a ledger stands.

use super::{
    chain::Ledger,
    entry::{Accepted, Begin, Compared, Content, Count, Role, What},
};
use std::collections::BTreeSet;

/// Where a ledger stands, from its entries alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State<'l> {
    /// How it began.
    pub begin: Option<&'l Begin>,
    /// The comparisons, with the numbers of their entries.
    pub comparisons: Vec<(u32, &'l Compared)>,
    /// Acceptances that hold, with the numbers of their entries.
    pub accepted: Vec<(u32, &'l Accepted)>,
    /// Of the last comparison: causes and children nobody has accepted, by number and id.
    pub open: Vec<What>,
    /// Signatures that cover everything but later signatures: name, role.
    pub signatures: Vec<(&'l str, Role)>,
}

/// What a real round asks of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement<'r> {
    /// Digest of the criteria the round is to be decided by.
    pub criteria_digest: &'r str,
    /// Agreement after mending that is enough, in thousandths; 1000: every child.
    pub agreement: u32,
}

/// Why a round may not rely on a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unmet {
    /// Nothing was compared.
    NothingCompared,
    /// The last comparison was of other criteria: their file, and digest.
    OtherCriteria(String, String),
    /// Too few children agree after everything was mended.
    Agreement(Count),
    /// Causes or children that nobody has accepted.
    Open(Vec<What>),
    /// Nobody has signed as this since the last change.
    Unsigned(Role),
    /// Both signatures are of one person.
    OnePerson(String),
}

impl<'l> State<'l> {
    /// The state of a ledger.
    #[must_use]
    pub fn of(ledger: &'l Ledger) -> Self {
        let mut state = Self {
            begin: None,
            comparisons: Vec::new(),
            accepted: Vec::new(),
            open: Vec::new(),
            signatures: Vec::new(),
        };
        for entry in &ledger.entries {
            match &entry.content {
                Content::Signed { role, .. } => {
                    state.signatures.push((&entry.by, *role));
                    continue;
                }
                Content::Begin(begin) => state.begin = Some(begin),
                Content::Compared(compared) => state.comparisons.push((entry.number, compared)),
                Content::Accepted(accepted) => state.accepted.push((entry.number, accepted)),
                Content::Revoked { entry, .. } => state.accepted.retain(|(n, _)| n != entry),
                Content::Note { .. } => {}
            }
            // Signed is what was there, not what came after.
            state.signatures.clear();
        }
        state.open = state.still_open();
        state
    }

    /// Causes and children of the last comparison that nobody has accepted.
    fn still_open(&self) -> Vec<What> {
        let Some((number, compared)) = self.comparisons.last() else {
            return Vec::new();
        };
        let accepted = |what: &What| {
            let mut list = self.accepted.iter();
            list.any(|(_, a)| a.comparison == *number && a.what == *what)
        };
        let causes = compared.mends.iter().map(|m| What::Cause(m.cause));
        let children = compared.unexplained.iter().cloned().map(What::Child);
        causes.chain(children).filter(|w| !accepted(w)).collect()
    }

    /// Agreement of the last comparison: before anything was mended, and after everything was.
    #[must_use]
    pub fn agreement(&self) -> Option<(Count, Count)> {
        let (_, compared) = self.comparisons.last()?;
        let after = compared.mends.last().map(|m| m.agreement);
        Some((compared.agreement, after.unwrap_or(compared.agreement)))
    }

    /// Everything for want of which a real round may not rely on this ledger; empty: it may.
    #[must_use]
    pub fn unmet(&self, asked: &Requirement<'_>) -> Vec<Unmet> {
        let Some((_, compared)) = self.comparisons.last() else {
            return vec![Unmet::NothingCompared];
        };
        let mut unmet = Vec::new();
        if compared.criteria_digest != asked.criteria_digest {
            let (file, digest) = (&compared.criteria, &compared.criteria_digest);
            unmet.push(Unmet::OtherCriteria(file.clone(), digest.clone()));
        }
        if let Some((_, after)) = self.agreement()
            && u64::from(after.agree) * 1000
                < u64::from(after.compared) * u64::from(asked.agreement)
        {
            unmet.push(Unmet::Agreement(after));
        }
        if !self.open.is_empty() {
            unmet.push(Unmet::Open(self.open.clone()));
        }
        let names = |role| -> BTreeSet<&str> {
            let signed = self.signatures.iter().filter(|(_, r)| *r == role);
            signed.map(|(name, _)| *name).collect()
        };
        let (examiners, approvers) = (names(Role::Examiner), names(Role::Approver));
        for (role, names) in [(Role::Examiner, &examiners), (Role::Approver, &approvers)] {
            if names.is_empty() {
                unmet.push(Unmet::Unsigned(role));
            }
        }
        let both: BTreeSet<&str> = examiners.union(&approvers).copied().collect();
        if let (Some(one), 1) = (both.first(), both.len())
            && !examiners.is_empty()
            && !approvers.is_empty()
        {
            unmet.push(Unmet::OnePerson((*one).to_owned()));
        }
        unmet
    }
}

#[cfg(test)]
mod tests {
    use super::{super::entry::Mend, *};

    const AT: &str = "2026-12-01T09:00:00+09:00";

    fn compared(agree: u32) -> Content {
        Content::Compared(Compared {
            round: "2026-04-01 1".into(),
            criteria: "r8.toml".into(),
            criteria_digest: "c8".into(),
            input_digest: "i".into(),
            decisions_digest: "d".into(),
            report_digest: "r".into(),
            engine_version: "0.1.0".into(),
            agreement: Count {
                compared: 1000,
                agree: 850,
            },
            mends: vec![Mend {
                cause: 1,
                kind: "row-points".into(),
                words: "w".into(),
                public_words: "p".into(),
                agreement: Count {
                    compared: 1000,
                    agree,
                },
            }],
            unexplained: vec!["C9".into()],
        })
    }

    fn accept(what: What) -> Content {
        Content::Accepted(Accepted {
            comparison: 2,
            what,
            reason: "再確認した".into(),
        })
    }

    fn ledger(contents: Vec<(&str, Content)>) -> Ledger {
        let mut ledger = Ledger::default();
        let mut bytes = Vec::new();
        let begin = Content::Begin(Begin {
            title: "令和8年4月入所".into(),
            from: None,
        });
        bytes.extend(ledger.add(AT, "園田", "主事", begin).expect("a line"));
        for (by, content) in contents {
            bytes.extend(ledger.add(AT, by, "係長", content).expect("a line"));
        }
        let read = Ledger::read(&bytes).expect("a whole chain");
        assert_eq!(read, ledger);
        ledger
    }

    fn sign(role: Role) -> Content {
        Content::Signed {
            role,
            head: String::new(),
        }
    }

    fn asked(agreement: u32) -> Requirement<'static> {
        Requirement {
            criteria_digest: "c8",
            agreement,
        }
    }

    #[test]
    fn a_round_may_rely_on_what_two_people_signed() {
        let whole = || {
            vec![
                ("園田", compared(1000)),
                ("園田", accept(What::Cause(1))),
                ("園田", accept(What::Child("C9".into()))),
                ("園田", sign(Role::Examiner)),
                ("結城", sign(Role::Approver)),
            ]
        };
        let ledger_whole = ledger(whole());
        assert_eq!(State::of(&ledger_whole).unmet(&asked(1000)), []);
        let mut one = whole();
        one[4].0 = "園田";
        let one = ledger(one);
        let unmet = State::of(&one).unmet(&asked(1000));
        assert_eq!(unmet, [Unmet::OnePerson("園田".into())]);
        let mut later = whole();
        later.push((
            "園田",
            Content::Note {
                text: "追記".into(),
            },
        ));
        let later = ledger(later);
        let unsigned = [
            Unmet::Unsigned(Role::Examiner),
            Unmet::Unsigned(Role::Approver),
        ];
        assert_eq!(State::of(&later).unmet(&asked(1000)), unsigned);
        let other = Requirement {
            criteria_digest: "c9",
            agreement: 1000,
        };
        let unmet = State::of(&ledger_whole).unmet(&other);
        assert_eq!(unmet, [Unmet::OtherCriteria("r8.toml".into(), "c8".into())]);
    }

    #[test]
    fn what_is_open_and_too_little_agreement_are_told() {
        let open = ledger(vec![("園田", compared(990))]);
        let unmet = State::of(&open).unmet(&asked(1000));
        let count = Count {
            compared: 1000,
            agree: 990,
        };
        assert!(unmet.contains(&Unmet::Agreement(count)));
        let both = vec![What::Cause(1), What::Child("C9".into())];
        assert!(unmet.contains(&Unmet::Open(both)));
        assert!(
            !State::of(&open)
                .unmet(&asked(990))
                .contains(&Unmet::Agreement(count))
        );
        let nothing = ledger(vec![]);
        let unmet = State::of(&nothing).unmet(&asked(0));
        assert_eq!(unmet, [Unmet::NothingCompared]);
    }

    #[test]
    fn a_changed_line_breaks_the_chain_behind_it() {
        let mut ledger = Ledger::default();
        let mut bytes = Vec::new();
        for text in ["一", "二", "三"] {
            let content = match ledger.entries.is_empty() {
                true => Content::Begin(Begin {
                    title: text.into(),
                    from: None,
                }),
                false => Content::Note { text: text.into() },
            };
            bytes.extend(ledger.add(AT, "園田", "主事", content).expect("a line"));
        }
        let changed = String::from_utf8(bytes.clone())
            .expect("text")
            .replace("二", "四");
        let broken = Ledger::read(changed.as_bytes()).expect_err("a broken chain");
        assert_eq!(broken.iter().map(|b| b.line).collect::<Vec<_>>(), [3]);
        let half = &bytes[..bytes.len() - 1];
        let broken = Ledger::read(half).expect_err("half a line");
        assert_eq!(broken[0].what, super::super::chain::What::Half);
        let taken: Vec<u8> = bytes
            .split_inclusive(|b| *b == b'\n')
            .skip(1)
            .flatten()
            .copied()
            .collect();
        assert!(Ledger::read(&taken).is_err());
    }
}
