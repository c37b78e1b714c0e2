//! Points of any length, as far as counterfactuals need them: they may have forty digits, or halves,
//! and "how many more" must be exact.

use enmusubi_domain::facts::Exact;
use std::cmp::Ordering;

/// The smallest step between points of a round (1, a half, a third …), and points counted in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    /// Steps that make one point.
    per_point: i64,
}

impl Step {
    /// The step that all these points are whole numbers of. Fractions too fine for one step (their
    /// common denominator does not fit) are left out: they have no number of steps then.
    pub fn of<'a>(points: impl Iterator<Item = &'a str>) -> Self {
        let mut per_point = 1i64;
        for text in points.filter(|t| t.contains(['.', '/'])) {
            let Some(d) = Exact::parse(text).map(Exact::denominator) else {
                continue;
            };
            // least common multiple
            let step = Exact::new(1, d).and_then(|e| e.times(Exact::whole(per_point)));
            let factor = step.map_or(1, Exact::denominator);
            per_point = per_point.checked_mul(factor).unwrap_or(per_point);
        }
        Self { per_point }
    }

    /// Points as a number of steps.
    pub fn count(self, text: &str) -> Option<Whole> {
        if self.per_point == 1 {
            return Whole::parse(text);
        }
        let steps = Exact::parse(text)?.times(Exact::whole(self.per_point))?;
        Whole::parse(&steps.as_whole()?.to_string())
    }

    /// A number of steps as points.
    pub fn points(self, steps: &Whole) -> String {
        let text = steps.to_string();
        if self.per_point == 1 {
            return text;
        }
        let points = text
            .parse()
            .ok()
            .and_then(|n| Exact::new(n, self.per_point));
        points.map_or(text, |p| p.to_string())
    }
}

/// A whole number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Whole {
    negative: bool,
    /// Decimal digits, lowest first, no zeros at the high end; empty for 0.
    digits: Vec<u8>,
}

impl Whole {
    /// `None` for anything but an optional sign and digits.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        if rest.is_empty() || !rest.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        Some(Self::new(
            negative,
            rest.bytes().rev().map(|b| b - b'0').collect(),
        ))
    }

    fn new(negative: bool, mut digits: Vec<u8>) -> Self {
        while digits.last() == Some(&0) {
            digits.pop();
        }
        Self {
            negative: negative && !digits.is_empty(),
            digits,
        }
    }

    pub fn one() -> Self {
        Self::new(false, vec![1])
    }

    pub fn plus(&self, other: &Self) -> Self {
        if self.negative == other.negative {
            return Self::new(self.negative, add(&self.digits, &other.digits));
        }
        match size(&self.digits, &other.digits) {
            Ordering::Less => Self::new(other.negative, subtract(&other.digits, &self.digits)),
            _ => Self::new(self.negative, subtract(&self.digits, &other.digits)),
        }
    }

    pub fn minus(&self, other: &Self) -> Self {
        self.plus(&Self::new(!other.negative, other.digits.clone()))
    }
}

impl std::fmt::Display for Whole {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.negative {
            f.write_str("-")?;
        }
        if self.digits.is_empty() {
            return f.write_str("0");
        }
        self.digits.iter().rev().try_for_each(|d| write!(f, "{d}"))
    }
}

impl PartialOrd for Whole {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Whole {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => size(&self.digits, &other.digits),
            (true, true) => size(&other.digits, &self.digits),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

fn size(a: &[u8], b: &[u8]) -> Ordering {
    a.len()
        .cmp(&b.len())
        .then_with(|| a.iter().rev().cmp(b.iter().rev()))
}

fn add(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(a.len().max(b.len()) + 1);
    let mut carry = 0;
    for i in 0..a.len().max(b.len()) {
        let sum = a.get(i).unwrap_or(&0) + b.get(i).unwrap_or(&0) + carry;
        out.push(sum % 10);
        carry = sum / 10;
    }
    out.push(carry);
    out
}

/// `a − b` for `a` not smaller than `b`.
fn subtract(a: &[u8], b: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(a.len());
    let mut borrow = 0;
    for (i, d) in a.iter().enumerate() {
        let less = b.get(i).unwrap_or(&0) + borrow;
        borrow = u8::from(*d < less);
        out.push(d + 10 * borrow - less);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Step, Whole};

    #[test]
    fn halves_and_thirds_are_counted_exactly() {
        let step = Step::of(["52", "52.5", "1/3"].into_iter());
        let count = |t| step.count(t).unwrap();
        // Sixths.
        assert_eq!(count("52.5").minus(&count("52")).to_string(), "3");
        assert_eq!(step.points(&count("52.5").minus(&count("52"))), "0.5");
        assert_eq!(step.points(&Whole::one()), "1/6");
        assert_eq!(step.count("F"), None);
        let whole = Step::of(["9".repeat(40)].iter().map(|t| &**t));
        assert_eq!(
            whole.points(&whole.count(&"9".repeat(40)).unwrap()),
            "9".repeat(40)
        );
    }

    #[test]
    fn arithmetic_agrees_with_the_machine() {
        let values = [
            -1234i64, -100, -99, -10, -1, 0, 1, 5, 9, 10, 99, 100, 101, 4321,
        ];
        let whole = |v: i64| Whole::parse(&v.to_string()).unwrap();
        for a in values {
            for b in values {
                assert_eq!(whole(a).plus(&whole(b)).to_string(), (a + b).to_string());
                assert_eq!(whole(a).minus(&whole(b)).to_string(), (a - b).to_string());
                assert_eq!(whole(a).cmp(&whole(b)), a.cmp(&b));
            }
        }
        let long = "9".repeat(40);
        let next = Whole::parse(&long).unwrap().plus(&Whole::one());
        assert_eq!(next.to_string(), format!("1{}", "0".repeat(40)));
        assert_eq!(Whole::parse("-000"), Whole::parse("0"));
        assert_eq!(Whole::parse("1.5"), None);
        assert_eq!(Whole::parse("-"), None);
    }
}
