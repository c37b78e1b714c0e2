//! Individual numbers (個人番号, マイナンバー): found by their check digit, so that a file that carries one is
//! stopped before anything keeps, prints or computes with it.
//!
//! Source of the check digit: 行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による
//! 通知カード及び個人番号カード並びに情報提供ネットワークシステムによる特定個人情報の提供等に関する省令（総務省令）第5条.

/// Digits of a number.
pub const DIGITS: usize = 12;

/// Whether twelve digits carry a right check digit. Nothing but zeros is a placeholder, no number.
#[must_use]
pub fn is_one(digits: &[u8; DIGITS]) -> bool {
    if digits.iter().all(|d| *d == 0) {
        return false;
    }
    // Pₙ: the n-th digit from the right, without the check digit; Qₙ: n + 1 up to 6, then n − 5.
    let sum: u32 = (1..DIGITS)
        .map(|n| {
            let p = u32::from(digits[DIGITS - 1 - n]);
            let q = if n <= 6 { n + 1 } else { n - 5 };
            p * q as u32
        })
        .sum();
    let check = match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    u32::from(digits[DIGITS - 1]) == check
}

fn digit(c: char) -> Option<u8> {
    match c {
        '0'..='9' => Some(c as u8 - b'0'),
        '０'..='９' => Some((c as u32 - '０' as u32) as u8),
        _ => None,
    }
}

/// The twelve digits of a text that is nothing else, in any width, as one run or as 4-4-4.
#[must_use]
pub fn twelve_digits(text: &str) -> Option<[u8; DIGITS]> {
    if text.len() < DIGITS {
        return None;
    }
    let mut found = None;
    let mut whole = true;
    runs(text, |digits, start, end| {
        whole &= start == 0 && end == text.len();
        found = Some(*digits);
    });
    found.filter(|_| whole)
}

/// Whether a text holds an individual number anywhere.
#[must_use]
pub fn holds_one(text: &str) -> bool {
    // Nearly every cell is shorter, or text. Full-width digits begin with this byte.
    let may_be = |b: &u8| b.is_ascii_digit() || *b == 0xEF;
    if text.len() < DIGITS || text.bytes().filter(may_be).count() < DIGITS || is_digest(text) {
        return false;
    }
    let mut found = false;
    runs(text, |digits, _, _| found |= is_one(digits));
    found
}

/// Whether a text is a SHA-256 and nothing else: the lottery numbers of our own results are, and some of them have
/// twelve digits between two letters.
fn is_digest(text: &str) -> bool {
    let text = text.trim();
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Every run of exactly twelve digits, also written as 4-4-4, with where it begins and ends.
fn runs(text: &str, mut visit: impl FnMut(&[u8; DIGITS], usize, usize)) {
    // Lengths of the groups of digits so far, joined by single separators.
    let mut groups: [usize; 4] = [0; 4];
    let (mut count, mut total, mut start) = (0usize, 0usize, 0usize);
    let mut digits = [0u8; DIGITS];
    let mut after_digit = false;
    let mut end_of = |groups: &[usize; 4], count, total, digits: &[u8; DIGITS], start, end| {
        let shape = count == 1 && total == DIGITS || count == 3 && groups[..3] == [4, 4, 4];
        if shape {
            visit(digits, start, end);
        }
    };
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if let Some(d) = digit(c) {
            if total == 0 {
                start = at;
                count = 1;
                groups = [0; 4];
            } else if !after_digit {
                count += 1;
            }
            if let Some(slot) = digits.get_mut(total) {
                *slot = d;
            }
            if let Some(group) = groups.get_mut(count - 1) {
                *group += 1;
            }
            total += 1;
            after_digit = true;
            end = at + c.len_utf8();
            continue;
        }
        let joins = matches!(c, '-' | ' ' | '－' | '‐' | '−' | '\u{3000}');
        if !(joins && after_digit) {
            end_of(&groups, count, total, &digits, start, end);
            (count, total) = (0, 0);
        }
        after_digit = false;
    }
    end_of(&groups, count, total, &digits, start, end);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made-up digits whose check digit is right.
    fn made_up(first: &str) -> String {
        let mut digits = [0u8; DIGITS];
        for (slot, b) in digits.iter_mut().zip(first.bytes()) {
            *slot = b - b'0';
        }
        for last in 0..10 {
            digits[DIGITS - 1] = last;
            if is_one(&digits) {
                return format!("{first}{last}");
            }
        }
        unreachable!("one check digit is right")
    }

    #[test]
    fn a_lottery_number_is_none() {
        let number = "896771928203";
        let digest = format!("ffaf{number}eafc774ac8e9e7bb9ee473c0badc96f7941f269ad2b8ed97");
        assert!(holds_one(number) && holds_one(&format!("ffaf{number}eafc")));
        assert!(!holds_one(&digest));
    }

    #[test]
    fn exactly_one_check_digit_is_right() {
        for first in ["12345678901", "98765432109", "00000000001", "55555555555"] {
            let right = made_up(first);
            let wrong = (0..10)
                .map(|d| format!("{first}{d}"))
                .filter(|t| *t != right && holds_one(t));
            assert_eq!(wrong.count(), 0, "{first}");
        }
        // Worked by hand: Σ P·Q = 1·2+0·3+9·4+8·5+7·6+6·7+5·2+4·3+3·4+2·5+1·6 = 212; 212 mod 11 = 3;
        // 11 − 3 = 8.
        assert_eq!(made_up("12345678901"), "123456789018");
    }

    #[test]
    fn found_in_every_width_and_grouping_and_nowhere_else() {
        for (text, expect) in [
            ("123456789018", true),
            ("１２３４５６７８９０１８", true),
            ("1234-5678-9018", true),
            ("1234 5678 9018", true),
            ("個人番号 123456789018 確認", true),
            ("123456789010", false),
            ("1123456789018", false),
            ("12345678901", false),
            ("1234-5678-9018-1", false),
            ("2026-09-30 2027-04-01", false),
            ("1234-56-78-9018", false),
            ("000000000000", false),
            ("就労証明書", false),
            ("", false),
        ] {
            assert_eq!(holds_one(text), expect, "{text}");
        }
        assert!(twelve_digits("123456789010").is_some());
        assert!(twelve_digits("A123456789010").is_none());
        assert!(twelve_digits("1234567890123").is_none());
    }
}
