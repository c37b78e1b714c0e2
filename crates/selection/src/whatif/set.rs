//! What a variant changes, as people write it on the command line or in a file of variants.
//!
//! | form | meaning |
//! |---|---|
//! | `row:ID=POINTS` | points of a row of the criteria: a number or an expression |
//! | `change:ID=NUMBER` | operand of a change (修正) of the criteria |
//! | `seats:FACILITY:AGE=N`, `=+N`, `=-N` | seats of a class; `*` for every facility, or every age |
//! | `share:FACILITY:A-B` | the classes of these ages share their seats |
//! | `ratio:A=W,B=W …` | weight of a child in shared rooms, by age (staff ratio 1/3, 1/6 …) |
//! | `pool:FACILITY:AGE:POOL=N`, `=+N`, `=-N` | seats of a pool |
//! | `mechanism=NAME` | how seats are given |
//! | `ties=RULE` | what happens to equals |
//!
//! Facilities are meant by id, or by name where only one has it.

use crate::compiled::Ties;
use enmusubi_domain::Rational;
use enmusubi_matching::Mechanism;

/// One change of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// As written.
    pub text: Box<str>,
    /// What it means.
    pub change: Change,
}

/// What changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Points of a row of the criteria.
    Row {
        /// Id of the row.
        id: Box<str>,
        /// A whole number or an expression.
        points: Box<str>,
    },
    /// Operand of a change of the criteria.
    Amend {
        /// Id of the change.
        id: Box<str>,
        /// A whole number or an expression.
        operand: Box<str>,
    },
    /// Seats of classes.
    Seats {
        /// Where.
        facility: Which,
        /// Age class; `None`: every.
        age: Option<u8>,
        /// How many.
        amount: Amount,
    },
    /// Classes that share their seats.
    Share {
        /// Where.
        facility: Which,
        /// Youngest age class.
        from: u8,
        /// Oldest age class, included.
        to: u8,
    },
    /// Weights in shared rooms, by age class.
    Ratio(Vec<(u8, Rational)>),
    /// Seats of a pool.
    Pool {
        /// Where.
        facility: Which,
        /// Age class.
        age: u8,
        /// Id of the pool.
        pool: Box<str>,
        /// How many.
        amount: Amount,
    },
    /// How seats are given.
    Mechanism(Mechanism),
    /// What happens to equals.
    Ties(Ties),
}

/// Which facilities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// Every facility.
    All,
    /// The one with this id or name.
    One(Box<str>),
}

/// A number of seats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// This many.
    To(u32),
    /// This many more (or less).
    By(i32),
}

/// Why a text is no change; the part that is meant is given as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormError {
    /// None of the forms.
    Kind,
    /// The form of this kind (`row`, `seats` …) is another.
    Form(&'static str),
    /// Not an age class 0–5.
    Age(Box<str>),
    /// Not a number of seats.
    Seats(Box<str>),
    /// Not a weight.
    Weight(Box<str>),
    /// Not a mechanism.
    Mechanism(Box<str>),
    /// Not a rule for ties.
    Ties(Box<str>),
}

/// The kinds, each with the sign that ends it.
const KINDS: [&str; 8] = [
    "row:",
    "change:",
    "seats:",
    "share:",
    "ratio:",
    "pool:",
    "mechanism=",
    "ties=",
];

/// Splits a list at its commas; a part that begins with no kind belongs to the one before it (the
/// ages of a `ratio`).
#[must_use]
pub fn split(list: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for part in list.split(',') {
        let begins = KINDS.iter().any(|k| part.trim_start().starts_with(k));
        match out.last_mut() {
            Some(last) if !begins => {
                last.push(',');
                last.push_str(part);
            }
            _ => out.push(part.to_owned()),
        }
    }
    out
}

impl Set {
    /// Reads one change.
    ///
    /// # Errors
    /// What is wrong with its form; whether rows and facilities exist is another question.
    pub fn parse(text: &str) -> Result<Self, FormError> {
        let text = text.trim();
        let kind = KINDS.iter().find_map(|k| Some((*k, text.strip_prefix(k)?)));
        let Some((kind, rest)) = kind else {
            return Err(FormError::Kind);
        };
        let change = match kind {
            "row:" => named(rest).map(|(id, points)| Change::Row { id, points }),
            "change:" => named(rest).map(|(id, operand)| Change::Amend { id, operand }),
            "seats:" => Some(seats(rest)?),
            "share:" => Some(share(rest)?),
            "ratio:" => Some(ratio(rest)?),
            "pool:" => Some(pool(rest)?),
            "mechanism=" => Some(Change::Mechanism(mechanism(rest)?)),
            _ => {
                let ties = Ties::parse(rest.trim());
                Some(Change::Ties(
                    ties.ok_or_else(|| FormError::Ties(rest.into()))?,
                ))
            }
        };
        let name = &kind[..kind.len() - 1];
        let change = change.ok_or(FormError::Form(name))?;
        Ok(Self {
            text: text.into(),
            change,
        })
    }
}

/// `ID=VALUE`, neither empty.
fn named(rest: &str) -> Option<(Box<str>, Box<str>)> {
    let (id, value) = rest.split_once('=')?;
    let (id, value) = (id.trim(), value.trim());
    (!id.is_empty() && !value.is_empty()).then(|| (id.into(), value.into()))
}

fn seats(rest: &str) -> Result<Change, FormError> {
    let form = || FormError::Form("seats");
    let (place, amount) = rest.rsplit_once('=').ok_or_else(form)?;
    let (facility, age) = place.rsplit_once(':').ok_or_else(form)?;
    Ok(Change::Seats {
        facility: which(facility).ok_or_else(form)?,
        age: match age.trim() {
            "*" => None,
            age => Some(age_class(age)?),
        },
        amount: self::amount(amount)?,
    })
}

fn share(rest: &str) -> Result<Change, FormError> {
    let form = || FormError::Form("share");
    let (facility, ages) = rest.rsplit_once(':').ok_or_else(form)?;
    let (from, to) = ages.split_once('-').ok_or_else(form)?;
    let (from, to) = (age_class(from)?, age_class(to)?);
    if from >= to {
        return Err(form());
    }
    Ok(Change::Share {
        facility: which(facility).ok_or_else(form)?,
        from,
        to,
    })
}

fn ratio(rest: &str) -> Result<Change, FormError> {
    let form = || FormError::Form("ratio");
    let mut list: Vec<(u8, Rational)> = Vec::new();
    for part in rest.split(',') {
        let (age, weight) = part.split_once('=').ok_or_else(form)?;
        let age = age_class(age)?;
        let weight = Rational::parse(weight.trim())
            .filter(|w| *w != Rational::ZERO)
            .ok_or_else(|| FormError::Weight(weight.trim().into()))?;
        if list.iter().any(|(a, _)| *a == age) {
            return Err(FormError::Age(part.trim().into()));
        }
        list.push((age, weight));
    }
    list.sort_unstable_by_key(|(age, _)| *age);
    Ok(Change::Ratio(list))
}

fn pool(rest: &str) -> Result<Change, FormError> {
    let form = || FormError::Form("pool");
    let (place, amount) = rest.rsplit_once('=').ok_or_else(form)?;
    let (place, pool) = place.rsplit_once(':').ok_or_else(form)?;
    let (facility, age) = place.rsplit_once(':').ok_or_else(form)?;
    if pool.trim().is_empty() {
        return Err(form());
    }
    Ok(Change::Pool {
        facility: which(facility).ok_or_else(form)?,
        age: age_class(age)?,
        pool: pool.trim().into(),
        amount: self::amount(amount)?,
    })
}

fn which(text: &str) -> Option<Which> {
    match text.trim() {
        "" => None,
        "*" => Some(Which::All),
        id => Some(Which::One(id.into())),
    }
}

fn age_class(text: &str) -> Result<u8, FormError> {
    match text.trim().as_bytes() {
        [digit @ b'0'..=b'5'] => Ok(digit - b'0'),
        _ => Err(FormError::Age(text.trim().into())),
    }
}

/// More than any facility has; sums of seats stay far from their bounds.
const SEATS_MAX: u32 = 100_000;

fn amount(text: &str) -> Result<Amount, FormError> {
    let text = text.trim();
    let wrong = || FormError::Seats(text.into());
    let number = |digits: &str| -> Result<u32, FormError> {
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let n = plain.then(|| digits.parse::<u32>().ok()).flatten();
        n.filter(|n| *n <= SEATS_MAX).ok_or_else(wrong)
    };
    Ok(match (text.strip_prefix('+'), text.strip_prefix('-')) {
        (Some(more), _) => Amount::By(number(more)?.cast_signed()),
        (_, Some(less)) => Amount::By(-number(less)?.cast_signed()),
        _ => Amount::To(number(text)?),
    })
}

fn mechanism(text: &str) -> Result<Mechanism, FormError> {
    match text.trim() {
        "stable" => Ok(Mechanism::Stable),
        "index-order" => Ok(Mechanism::IndexOrder),
        "choice-order" => Ok(Mechanism::ChoiceOrder),
        other => Err(FormError::Mechanism(other.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Change) {
        assert_eq!(Set::parse(text).map(|s| s.change), Ok(expect), "{text}");
    }

    #[test]
    fn forms() {
        check(
            "row:two-applying=3",
            Change::Row {
                id: "two-applying".into(),
                points: "3".into(),
            },
        );
        check(
            " row:x = child.age_class == 0 ? 3 : 1 ",
            Change::Row {
                id: "x".into(),
                points: "child.age_class == 0 ? 3 : 1".into(),
            },
        );
        check(
            "change:single=10",
            Change::Amend {
                id: "single".into(),
                operand: "10".into(),
            },
        );
        for (text, facility, age, amount) in [
            (
                "seats:A01:1=+2",
                Which::One("A01".into()),
                Some(1),
                Amount::By(2),
            ),
            (
                "seats:A:B:1=-2",
                Which::One("A:B".into()),
                Some(1),
                Amount::By(-2),
            ),
            (
                "seats:A01:0=12",
                Which::One("A01".into()),
                Some(0),
                Amount::To(12),
            ),
            ("seats:*:1=+1", Which::All, Some(1), Amount::By(1)),
            (
                "seats:さくら園:*=+1",
                Which::One("さくら園".into()),
                None,
                Amount::By(1),
            ),
        ] {
            check(
                text,
                Change::Seats {
                    facility,
                    age,
                    amount,
                },
            );
        }
        check(
            "share:A01:0-2",
            Change::Share {
                facility: Which::One("A01".into()),
                from: 0,
                to: 2,
            },
        );
        let sixth = Rational::new(1, 6).unwrap();
        check(
            "ratio:2=1/6,0=1/3",
            Change::Ratio(vec![(0, Rational::new(1, 3).unwrap()), (2, sixth)]),
        );
        check(
            "pool:A01:3:area=2",
            Change::Pool {
                facility: Which::One("A01".into()),
                age: 3,
                pool: "area".into(),
                amount: Amount::To(2),
            },
        );
        check(
            "mechanism=choice-order",
            Change::Mechanism(Mechanism::ChoiceOrder),
        );
        check("ties=lottery:R8", Change::Ties(Ties::Lottery("R8".into())));
    }

    #[test]
    fn what_is_wrong() {
        for (text, expect) in [
            ("", FormError::Kind),
            ("rows:a=1", FormError::Kind),
            ("row:a", FormError::Form("row")),
            ("row:=1", FormError::Form("row")),
            ("seats:A01=1", FormError::Form("seats")),
            ("seats::1=1", FormError::Form("seats")),
            ("seats:A01:6=1", FormError::Age("6".into())),
            ("seats:A01:1=two", FormError::Seats("two".into())),
            ("seats:A01:1=+", FormError::Seats("+".into())),
            (
                "seats:A01:1=99999999999",
                FormError::Seats("99999999999".into()),
            ),
            ("share:A01:2-0", FormError::Form("share")),
            ("share:A01:2", FormError::Form("share")),
            ("ratio:0=1/3,0=1/2", FormError::Age("0=1/2".into())),
            ("ratio:0=0", FormError::Weight("0".into())),
            ("pool:A01:3=2", FormError::Form("pool")),
            ("mechanism=fair", FormError::Mechanism("fair".into())),
            ("ties=dice", FormError::Ties("dice".into())),
        ] {
            assert_eq!(Set::parse(text), Err(expect), "{text}");
        }
    }

    #[test]
    fn lists_are_split_at_kinds() {
        assert_eq!(
            split("share:*:0-2,ratio:0=1/3,1=1/6,seats:A:1=+1"),
            ["share:*:0-2", "ratio:0=1/3,1=1/6", "seats:A:1=+1"]
        );
        assert_eq!(split("row:a=1, row:b=2"), ["row:a=1", " row:b=2"]);
        assert_eq!(split("x"), ["x"]);
    }
}
