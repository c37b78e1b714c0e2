//! Exact numbers: points with halves, averages, hours with minutes. Never floating point, which
//! would quietly make different children equal or equal ones different.

use num_rational::Ratio;
use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub};
use std::fmt;

/// A fraction of two 64-bit integers in lowest terms. Arithmetic is checked: `None` where a
/// result does not fit, or for a division by zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Exact(Ratio<i64>);

impl Exact {
    /// Zero.
    pub const ZERO: Self = Self(Ratio::ZERO);
    /// One.
    pub const ONE: Self = Self(Ratio::ONE);

    /// A whole number.
    #[must_use]
    pub fn whole(n: i64) -> Self {
        Self(Ratio::from_integer(n))
    }

    /// `n / d`; `None` where `d` is 0 or the fraction does not fit.
    #[must_use]
    pub fn new(n: i64, d: i64) -> Option<Self> {
        // `Ratio::new` panics for 0 and for a denominator whose sign cannot be changed.
        (d != 0 && d != i64::MIN && n != i64::MIN).then(|| Self(Ratio::new(n, d)))
    }

    /// Reads `12`, `-3`, `0.5`, `-1.25`, `1/3`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let whole = |t: &str| -> Option<i64> {
            let digits = t.strip_prefix('-').unwrap_or(t);
            (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
                .then(|| t.parse().ok())?
        };
        if let Some((n, d)) = text.split_once('/') {
            return Self::new(whole(n)?, whole(d).filter(|&d| d > 0)?);
        }
        let Some((before, after)) = text.split_once('.') else {
            return whole(text).map(Self::whole);
        };
        if after.starts_with('-') || after.is_empty() {
            return None;
        }
        let d = 10i64.checked_pow(u32::try_from(after.len()).ok()?)?;
        let fraction = Self::new(whole(after)?, d)?;
        let base = Self::whole(whole(before)?);
        if before.starts_with('-') {
            base.minus(fraction)
        } else {
            base.plus(fraction)
        }
    }

    /// Two whole numbers, where both are: fractions have to look for common divisors, which takes ten times as long.
    fn wholes(self, other: Self) -> Option<(i64, i64)> {
        self.as_whole().zip(other.as_whole())
    }

    /// Sum.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        match self.wholes(other) {
            Some((a, b)) => a.checked_add(b).map(Self::whole),
            None => self.0.checked_add(&other.0).map(Self),
        }
    }

    /// Difference.
    #[must_use]
    pub fn minus(self, other: Self) -> Option<Self> {
        match self.wholes(other) {
            Some((a, b)) => a.checked_sub(b).map(Self::whole),
            None => self.0.checked_sub(&other.0).map(Self),
        }
    }

    /// Product.
    #[must_use]
    pub fn times(self, other: Self) -> Option<Self> {
        match self.wholes(other) {
            Some((a, b)) => a.checked_mul(b).map(Self::whole),
            None => self.0.checked_mul(&other.0).map(Self),
        }
    }

    /// Quotient.
    #[must_use]
    pub fn over(self, other: Self) -> Option<Self> {
        match self.wholes(other) {
            Some((a, b)) if a.checked_rem(b) == Some(0) => a.checked_div(b).map(Self::whole),
            _ => self.0.checked_div(&other.0).map(Self),
        }
    }

    /// `-self`.
    #[must_use]
    pub fn negated(self) -> Option<Self> {
        Self::ZERO.minus(self)
    }

    /// Numerator, carrying the sign.
    #[must_use]
    pub fn numerator(self) -> i64 {
        *self.0.numer()
    }

    /// Denominator, 1 or more.
    #[must_use]
    pub fn denominator(self) -> i64 {
        *self.0.denom()
    }

    /// The value where it is a whole number.
    #[must_use]
    pub fn as_whole(self) -> Option<i64> {
        (self.denominator() == 1).then(|| self.numerator())
    }
}

/// `12`, `0.5` where a finite decimal of at most six places says it, else `1/3`.
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, d) = (self.numerator(), self.denominator());
        if d == 1 {
            return write!(f, "{n}");
        }
        let mut scale = 10i64;
        for places in 1..=6usize {
            if scale % d == 0 {
                let scaled = i128::from(n) * i128::from(scale / d);
                let sign = if scaled < 0 { "-" } else { "" };
                let scaled = scaled.unsigned_abs();
                let scale = scale.unsigned_abs();
                let (whole, rest) = (scaled / u128::from(scale), scaled % u128::from(scale));
                return write!(f, "{sign}{whole}.{rest:0places$}");
            }
            scale *= 10;
        }
        write!(f, "{n}/{d}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_the_same_number() {
        for (text, shown) in [
            ("12", Some("12")),
            ("-3", Some("-3")),
            ("0.5", Some("0.5")),
            ("-0.5", Some("-0.5")),
            ("-1.25", Some("-1.25")),
            ("2.50", Some("2.5")),
            ("1/3", Some("1/3")),
            ("2/4", Some("0.5")),
            ("-7/2", Some("-3.5")),
            ("1/0", None),
            ("1/-2", None),
            ("", None),
            (".5", None),
            ("1.", None),
            ("1.-5", None),
            ("1e3", None),
            ("１", None),
            ("99999999999999999999", None),
        ] {
            let got = Exact::parse(text).map(|e| e.to_string());
            assert_eq!(got.as_deref(), shown, "{text:?}");
        }
        let half = Exact::parse("0.5").and_then(|h| h.plus(h));
        assert_eq!(half, Some(Exact::ONE));
        assert_eq!(Exact::ONE.over(Exact::ZERO), None);
        assert_eq!(Exact::whole(i64::MAX).plus(Exact::ONE), None);
    }

    /// Whole numbers take a shorter way, which must come to the same.
    #[test]
    fn whole_numbers_are_calculated_as_fractions_are() {
        let numbers = [0, 1, -1, 2, -3, 6, 7, i64::MAX, i64::MIN + 1, i64::MIN];
        for a in numbers {
            for b in numbers {
                let (x, y) = (Exact::whole(a), Exact::whole(b));
                assert_eq!(x.plus(y), a.checked_add(b).map(Exact::whole), "{a} + {b}");
                assert_eq!(x.minus(y), a.checked_sub(b).map(Exact::whole), "{a} - {b}");
                assert_eq!(x.times(y), a.checked_mul(b).map(Exact::whole), "{a} * {b}");
                if a != i64::MIN && b != i64::MIN {
                    assert_eq!(x.over(y), Exact::new(a, b), "{a} / {b}");
                }
            }
        }
        assert_eq!(Exact::whole(7).over(Exact::whole(2)), Exact::parse("3.5"));
        assert_eq!(Exact::whole(i64::MIN).over(Exact::whole(-1)), None);
    }
}
