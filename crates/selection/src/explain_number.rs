//! Whole numbers of any length, as far as counterfactuals need them: points may have forty
//! digits, and "how many more" must be exact.

use std::cmp::Ordering;

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
    use super::Whole;

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
