//! An employment certificate as readings, and whether it is whose it is said to be.

use super::keep::{Kept, apart};
use crate::Fault;
use enmusubi_casefile::{
    fact::{Said, Source as From, Subject},
    household::{Household, Reading},
    paper::PaperNote,
    person::{Part, Person, search_key},
};
use enmusubi_domain::facts::vocabulary::VOCABULARY;
use enmusubi_interchange::{
    Diagnostics, Source,
    certificate::{self, Certificate},
};
use enmusubi_papers::{Kind, Place, Refused};
use jiff::{ToSpan as _, civil::Date};

/// What was read of a paper.
#[derive(Debug, Default)]
pub(super) struct Read {
    pub certificate: Option<Certificate>,
    pub diagnostics: Diagnostics,
    pub to_type: Vec<&'static str>,
}

/// Whose a certificate is, by search keys of name and reading, and by birth date.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Whose {
    /// The person's it was attached to.
    Own,
    /// Nobody could read it, or there was nothing to compare.
    #[default]
    Unknown,
    /// Differs from that person in these (`name`, `kana`, `birth`), and fits nobody else.
    Differs(Vec<String>),
    /// Fits another guardian of the case.
    Other(String),
}

/// Reads a certificate where the content can be read for certain. What turns out to hold an individual number is refused.
pub(super) async fn read(kept: &Kept) -> Result<Read, Fault> {
    let name = kept.paper.name.clone();
    let (kind, text) = (kept.inspected.kind, kept.inspected.text.clone());
    let bytes = match kind {
        Kind::Xlsx => kept.bytes.clone(),
        _ => Vec::new(),
    };
    let work = move || match (kind, text) {
        (Kind::Xlsx, _) => {
            let source = Source {
                name: &name,
                bytes: &bytes,
            };
            let (certificate, diagnostics) = certificate::read(&source);
            Read {
                certificate,
                diagnostics,
                to_type: Vec::new(),
            }
        }
        (Kind::Pdf, Some(text)) => {
            let (found, diagnostics) = certificate::from_text(&name, &text);
            let (certificate, to_type) =
                found.map_or((None, Vec::new()), |f| (Some(f.certificate), f.to_type));
            Read {
                certificate,
                diagnostics,
                to_type,
            }
        }
        _ => Read::default(),
    };
    let read = apart(work).await?;
    let held = |d: &enmusubi_interchange::Diagnostic| d.kind.code == "E105";
    if read.diagnostics.list().iter().any(held) {
        let place = Place::Part(kept.paper.name.clone());
        return Err(Refused::IndividualNumber { place }.into());
    }
    Ok(read)
}

/// Which words of a certificate differ from a person; `None`: there was nothing to compare.
fn differs(c: &Certificate, person: &Person) -> Option<Vec<String>> {
    let mut compared = false;
    let mut found = Vec::new();
    for (what, said, known) in [
        ("name", &c.person_name.value, &person.name.written),
        ("kana", &c.person_kana.value, &person.name.kana),
    ] {
        if let Some(said) = said
            && !known.is_empty()
        {
            compared = true;
            if search_key(said) != search_key(known) {
                found.push(what.to_owned());
            }
        }
    }
    if let (Some(said), Some(known)) = (c.person_birth.value, person.birth) {
        compared = true;
        if said != known {
            found.push("birth".to_owned());
        }
    }
    compared.then_some(found)
}

/// Whose a certificate is, among the guardians of a case.
pub(super) fn whose(c: &Certificate, household: &Household, subject: &Subject) -> Whose {
    let own = subject.person().and_then(|id| household.person(id));
    let Some(own) = own else {
        return Whose::Unknown;
    };
    match differs(c, own) {
        None => Whose::Unknown,
        Some(found) if found.is_empty() => Whose::Own,
        Some(found) => {
            let fits = |p: &&Person| p.id != own.id && differs(c, p).is_some_and(|d| d.is_empty());
            let mut others = household.of_part(Part::Guardian).filter(fits);
            match (others.next(), others.next()) {
                (Some(other), None) => Whose::Other(other.id.clone()),
                _ => Whose::Differs(found),
            }
        }
    }
}

impl Whose {
    /// What is kept of it with the paper.
    pub(super) fn notes(&self) -> Vec<PaperNote> {
        match self {
            Self::Own | Self::Unknown => Vec::new(),
            Self::Differs(differs) => vec![PaperNote::OtherPerson {
                differs: differs.clone(),
            }],
            Self::Other(person) => vec![PaperNote::Fits {
                person: person.clone(),
            }],
        }
    }
}

/// The facts of a certificate as readings. `place`: what a fact's place is called, where it is not a cell of the paper.
pub(super) fn readings(
    c: &Certificate,
    base: Date,
    subject: &Subject,
    paper: &str,
    place: impl Fn(String) -> String,
) -> Vec<Reading> {
    let facts = certificate::facts(c, base).into_iter();
    // Days the wrong way round were told by the checks; such a fact holds on no day.
    let facts = facts.filter(|f| f.from.zip(f.to).is_none_or(|(from, to)| from <= to));
    facts
        .filter_map(|f| {
            let attribute = VOCABULARY.get(usize::from(f.attribute))?;
            Some(Reading {
                said: Said {
                    subject: subject.clone(),
                    attribute: attribute.name.to_owned(),
                    value: f.text,
                    from: f.from,
                    to: f.to,
                    source: From::Paper {
                        paper: paper.to_owned(),
                        place: place(f.place),
                    },
                },
                check: f.check,
            })
        })
        .collect()
}

/// Day of a certificate, and the last day it may be used.
pub(super) fn days(c: &Certificate, months: u8) -> (Option<Date>, Option<Date>) {
    let issued = c.date.value;
    let until = issued.and_then(|d| d.checked_add(i64::from(months).months()).ok());
    (issued, until)
}
