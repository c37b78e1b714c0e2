//! Ids as they stand in files.

/// Makes an id comparable: surrounding white space (the full-width space too) is dropped, and a
/// trailing `.0`, `.00` … of a number, which spreadsheets add. Leading zeros and the width of
/// characters are kept: `0011005`, `11005` and `１１００５` are three ids.
///
/// Source: selection model, section 2 ("Same content, same result").
#[must_use]
pub fn normalise(raw: &str) -> &str {
    let bytes = raw.as_bytes();
    // Nearly every cell of a real file begins and ends with an ASCII letter or digit: decide
    // that without walking characters.
    let plain = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_graphic());
    let trimmed = if plain(bytes.first()) && plain(bytes.last()) {
        raw
    } else {
        raw.trim()
    };
    strip_zero_fraction(trimmed)
}

/// Drops `.0…0` after a whole number (`-12.00` → `-12`); anything else is returned unchanged.
#[must_use]
pub fn strip_zero_fraction(text: &str) -> &str {
    if !text.ends_with('0') {
        return text;
    }
    let Some((whole, fraction)) = text.split_once('.') else {
        return text;
    };
    let digits = whole.strip_prefix('-').unwrap_or(whole);
    let all_digits = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    if all_digits && fraction.bytes().all(|b| b == b'0') {
        whole
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_trimmed_and_lose_a_zero_fraction_only() {
        for (raw, expect) in [
            ("11005", "11005"),
            (" 11005 ", "11005"),
            ("\u{3000}11005\u{3000}\t", "11005"),
            ("11005.0", "11005"),
            ("11005.000", "11005"),
            ("-5.0", "-5"),
            ("0011005.0", "0011005"),
            ("１１００５", "１１００５"),
            ("A.0", "A.0"),
            ("1.50", "1.50"),
            ("1.0.0", "1.0.0"),
            (".0", ".0"),
            ("10.", "10."),
            ("", ""),
            ("\u{3000}", ""),
        ] {
            assert_eq!(normalise(raw), expect, "{raw:?}");
        }
    }
}
