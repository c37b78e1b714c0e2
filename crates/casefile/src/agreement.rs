//! What application, papers and extracts say beside each other (突き合わせ): the same, something different, or only one of them.

use crate::{
    fact::{Said, Source, State, Statement, Subject, proved_by_form},
    household::{Household, same_value},
};
use enmusubi_domain::facts::Attribute;
use std::collections::BTreeMap;

/// Where a statement comes from, without its details.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The application form.
    Application,
    /// A paper.
    Paper,
    /// An extract of the core system.
    Extract,
    /// Staff.
    Staff,
}

impl Origin {
    /// Of a source.
    #[must_use]
    pub fn of(source: &Source) -> Self {
        match source {
            Source::Application => Self::Application,
            Source::Paper { .. } => Self::Paper,
            Source::Extract { .. } => Self::Extract,
            Source::Staff { .. } => Self::Staff,
        }
    }
}

/// How the sources stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Two say different things about a common day.
    Different,
    /// Only one says anything.
    Single,
    /// At least two say the same.
    Same,
}

/// What is said of one attribute of somebody. Statements that were set aside are left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group<'a> {
    /// Of whom.
    pub subject: &'a Subject,
    /// What about.
    pub attribute: &'static Attribute,
    /// Statements, in the order they were made; each with the sources that agreed to it.
    pub statements: Vec<&'a Statement>,
    /// How they stand to each other.
    pub verdict: Verdict,
    /// Whether anything but the family's own word stands behind it, or the form is the proof itself.
    pub proved: bool,
}

impl Group<'_> {
    /// The paper that proves it, as the vocabulary names it.
    #[must_use]
    pub fn paper(&self) -> &'static str {
        self.attribute.paper
    }

    /// Whether somebody has to look: nothing is decided yet, or something contradicts.
    #[must_use]
    pub fn is_open(&self) -> bool {
        let stated = |s: &&Statement| matches!(s.state, State::Stated);
        self.statements.iter().any(stated)
    }

    /// Whether a reading in it is to be compared with its paper first.
    #[must_use]
    pub fn check(&self) -> bool {
        let doubted = |s: &&Statement| s.check && matches!(s.state, State::Stated);
        self.statements.iter().any(doubted)
    }
}

/// Every attribute that something is said of, by subject and in the order of the vocabulary.
#[must_use]
pub fn agreeing(household: &Household) -> Vec<Group<'_>> {
    let mut found: BTreeMap<(&Subject, u16), Vec<&Statement>> = BTreeMap::new();
    for s in &household.statements {
        if matches!(s.state, State::Rejected { .. }) {
            continue;
        }
        if let Some((at, _)) = s.said.attribute() {
            found.entry((&s.said.subject, at)).or_default().push(s);
        }
    }
    let groups = found.into_iter().filter_map(|((subject, _), statements)| {
        let (_, attribute) = statements.first()?.said.attribute()?;
        Some(Group {
            subject,
            attribute,
            verdict: verdict(attribute, &statements),
            proved: proved(attribute, &statements),
            statements,
        })
    });
    groups.collect()
}

fn verdict(attribute: &Attribute, statements: &[&Statement]) -> Verdict {
    let differ =
        |a: &Said, b: &Said| a.overlaps(b) && !same_value(attribute.ty, &a.value, &b.value);
    for (at, a) in statements.iter().enumerate() {
        // What was confirmed later takes the place of what was confirmed before: two of those are history, no contradiction.
        let confirmed = |s: &Statement| matches!(s.state, State::Confirmed { .. });
        let others = statements.iter().skip(at + 1);
        let mut others = others.filter(|b| !(confirmed(a) && confirmed(b)));
        if others.any(|b| differ(&a.said, &b.said)) {
            return Verdict::Different;
        }
    }
    let sources = statements.iter().map(|s| 1 + s.agreed.len()).sum::<usize>();
    if sources > 1 {
        Verdict::Same
    } else {
        Verdict::Single
    }
}

fn proved(attribute: &Attribute, statements: &[&Statement]) -> bool {
    let proves = |s: &Source| matches!(Origin::of(s), Origin::Paper | Origin::Extract);
    proved_by_form(attribute)
        || statements
            .iter()
            .any(|s| proves(&s.said.source) || s.agreed.iter().any(|a| proves(&a.source)))
}

/// Groups behind which there is no paper yet.
pub fn unproved<'g, 'a>(groups: &'g [Group<'a>]) -> impl Iterator<Item = &'g Group<'a>> {
    groups.iter().filter(|g| !g.proved)
}

#[cfg(test)]
mod tests;
