//! Points (指数, 点数): exact integers of any length.
//!
//! Municipalities append tie-break keys to the points as further digits, so forty digits are
//! ordinary; floating point would quietly make different children equal.

use std::{cmp::Ordering, fmt};

/// Points of a child. Larger is better. Compared exactly whatever the length.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Score(Repr);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Repr {
    Small(i64),
    /// Invariant: the value does not fit `i64`, so the two forms never stand for one number.
    Large(Box<Large>),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Large {
    negative: bool,
    /// ASCII digits without leading zeros.
    digits: Box<str>,
}

impl Score {
    /// Points that fit 64 bits.
    #[must_use]
    pub fn new(value: i64) -> Self {
        Self(Repr::Small(value))
    }

    /// Reads an integer: an optional sign, ASCII digits, and possibly the `.0` a spreadsheet
    /// adds. `None` for everything else (empty, fractions, full-width digits, separators).
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        let digits = crate::id::strip_zero_fraction(rest);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        if digits.len() <= 18 {
            // 18 digits always fit.
            let magnitude = digits
                .bytes()
                .fold(0i64, |n, b| n * 10 + i64::from(b - b'0'));
            return Some(Self::new(if negative { -magnitude } else { magnitude }));
        }
        let digits = digits.trim_start_matches('0');
        let digits = if digits.is_empty() { "0" } else { digits };
        let signed = if negative {
            format!("-{digits}")
        } else {
            digits.to_owned()
        };
        Some(signed.parse().map_or_else(
            |_| {
                Self(Repr::Large(Box::new(Large {
                    negative,
                    digits: digits.into(),
                })))
            },
            Self::new,
        ))
    }

    /// The value where it fits 64 bits.
    #[must_use]
    pub fn small(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small(v) => Some(*v),
            Repr::Large(_) => None,
        }
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(a), Repr::Small(b)) => a.cmp(b),
            (Repr::Small(_), Repr::Large(b)) => {
                if b.negative {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (Repr::Large(_), Repr::Small(_)) => other.cmp(self).reverse(),
            (Repr::Large(a), Repr::Large(b)) => {
                let magnitude = || {
                    a.digits
                        .len()
                        .cmp(&b.digits.len())
                        .then_with(|| a.digits.cmp(&b.digits))
                };
                match (a.negative, b.negative) {
                    (false, true) => Ordering::Greater,
                    (true, false) => Ordering::Less,
                    (false, false) => magnitude(),
                    (true, true) => magnitude().reverse(),
                }
            }
        }
    }
}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Small(v) => write!(f, "{v}"),
            Repr::Large(v) => write!(f, "{}{}", if v.negative { "-" } else { "" }, v.digits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_of_any_length_and_nothing_else() {
        for (text, expect) in [
            ("0", Some("0")),
            ("-0", Some("0")),
            ("+7", Some("7")),
            ("007", Some("7")),
            ("-12", Some("-12")),
            ("100.0", Some("100")),
            ("-100.00", Some("-100")),
            ("9223372036854775807", Some("9223372036854775807")),
            ("-9223372036854775808", Some("-9223372036854775808")),
            ("9223372036854775808", Some("9223372036854775808")),
            ("0000000000000000000000000005", Some("5")),
            ("0000000000000000000000000000", Some("0")),
            (
                "1234567890123456789012345678901234567890",
                Some("1234567890123456789012345678901234567890"),
            ),
            ("", None),
            ("-", None),
            ("1.5", None),
            ("1e5", None),
            ("１２", None),
            ("1,000", None),
            ("--1", None),
            ("+-1", None),
            ("1 2", None),
        ] {
            assert_eq!(
                Score::parse(text).map(|s| s.to_string()).as_deref(),
                expect,
                "{text:?}"
            );
        }
    }

    #[test]
    fn order_is_exact_across_lengths_and_signs() {
        let ascending = [
            "-10000000000000000000000000000000000000001",
            "-10000000000000000000000000000000000000000",
            "-9223372036854775809",
            "-9223372036854775808",
            "-1",
            "0",
            "9223372036854775807",
            "9223372036854775808",
            "1234567890123456789012345678901234567890",
            "1234567890123456789012345678901234567891",
            "10000000000000000000000000000000000000000",
        ];
        let scores: Vec<_> = ascending.iter().filter_map(|t| Score::parse(t)).collect();
        assert_eq!(scores.len(), ascending.len());
        for (i, a) in scores.iter().enumerate() {
            for (j, b) in scores.iter().enumerate() {
                assert_eq!(a.cmp(b), i.cmp(&j), "{a} {b}");
            }
        }
    }
}
