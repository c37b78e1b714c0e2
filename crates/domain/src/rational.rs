//! Exact non-negative fractions, for weights (staff ratios 1/3, 1/6 …) and capacities.

use std::fmt;

/// A fraction in lowest terms, zero or more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rational {
    numerator: u64,
    denominator: u64,
}

impl Rational {
    /// Zero.
    pub const ZERO: Self = Self {
        numerator: 0,
        denominator: 1,
    };
    /// One.
    pub const ONE: Self = Self {
        numerator: 1,
        denominator: 1,
    };

    /// `numerator / denominator` in lowest terms; `None` where the denominator is 0.
    #[must_use]
    pub fn new(numerator: u64, denominator: u64) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let g = gcd(numerator, denominator);
        Some(Self {
            numerator: numerator / g,
            denominator: denominator / g,
        })
    }

    /// A whole number.
    #[must_use]
    pub fn whole(value: u64) -> Self {
        Self {
            numerator: value,
            denominator: 1,
        }
    }

    /// Reads `"1/3"`, `"2"` or `"0.25"`; `None` for anything else, for negative values, and for
    /// values that do not fit 64 bits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let number = |t: &str| -> Option<u64> {
            let t = t.trim();
            // `u64::from_str` would accept a leading plus.
            if t.bytes().all(|b| b.is_ascii_digit()) {
                t.parse().ok()
            } else {
                None
            }
        };
        if let Some((n, d)) = text.split_once('/') {
            return Self::new(number(n)?, number(d)?);
        }
        if let Some((whole, fraction)) = text.trim().split_once('.') {
            let denominator = 10u64.checked_pow(u32::try_from(fraction.len()).ok()?)?;
            let numerator = number(whole)?
                .checked_mul(denominator)?
                .checked_add(number(fraction)?)?;
            return Self::new(numerator, denominator);
        }
        number(text).map(Self::whole)
    }

    /// Numerator in lowest terms.
    #[must_use]
    pub fn numerator(self) -> u64 {
        self.numerator
    }

    /// Denominator in lowest terms, 1 or more.
    #[must_use]
    pub fn denominator(self) -> u64 {
        self.denominator
    }

    /// The value in units of `1 / unit`; `None` where that is no whole number or does not fit.
    #[must_use]
    pub fn in_units(self, unit: u64) -> Option<u64> {
        if !unit.is_multiple_of(self.denominator) {
            return None;
        }
        self.numerator.checked_mul(unit / self.denominator)
    }
}

impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.denominator == 1 {
            write!(f, "{}", self.numerator)
        } else {
            write!(f, "{}/{}", self.numerator, self.denominator)
        }
    }
}

/// Greatest common divisor; `gcd(0, n) = n`.
#[must_use]
pub fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// Least common multiple; `None` where it does not fit 64 bits.
#[must_use]
pub fn lcm(a: u64, b: u64) -> Option<u64> {
    (a / gcd(a, b)).checked_mul(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_exact_and_reduced() {
        for (text, expect) in [
            ("1/3", Some((1, 3))),
            ("2/6", Some((1, 3))),
            (" 5 ", Some((5, 1))),
            ("0.25", Some((1, 4))),
            ("0", Some((0, 1))),
            ("1/0", None),
            ("-1/3", None),
            ("+1", None),
            ("1/3/5", None),
            ("", None),
            ("a", None),
            ("0.", None),
            ("99999999999999999999", None),
        ] {
            let got = Rational::parse(text).map(|r| (r.numerator(), r.denominator()));
            assert_eq!(got, expect, "{text:?}");
        }
        assert_eq!(lcm(6, 15), Some(30));
        assert_eq!(Rational::new(1, 6).and_then(|r| r.in_units(30)), Some(5));
    }
}
