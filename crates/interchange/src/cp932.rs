//! Text in CP932, as Windows wrote it for decades: which characters it does not have, and its bytes.

use encoding_rs::SHIFT_JIS;
use std::borrow::Cow;

/// The wave dash of Unicode is the full-width tilde of CP932; they look alike and stand at the same place of its table.
fn one_dash(text: &str) -> Cow<'_, str> {
    if text.contains('\u{301C}') {
        text.replace('\u{301C}', "\u{FF5E}").into()
    } else {
        text.into()
    }
}

/// Characters of a text that CP932 does not have, in order, each once. The mark that chooses a variant of the character before
/// it goes with that character.
#[must_use]
pub fn missing(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut before = None;
    let dashed = one_dash(text);
    for c in dashed.chars() {
        let mut buffer = [0; 4];
        let (_, _, unmappable) = SHIFT_JIS.encode(c.encode_utf8(&mut buffer));
        if unmappable {
            let variant = matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}');
            let shown: String = before.filter(|_| variant).into_iter().chain([c]).collect();
            if !found.contains(&shown) {
                found.push(shown);
            }
        }
        before = Some(c);
    }
    found
}

/// The bytes of a text.
///
/// # Errors
/// The characters that CP932 does not have ([`missing`]). Nothing is written in their place.
pub fn encode(text: &str) -> Result<Vec<u8>, Vec<String>> {
    let dashed = one_dash(text);
    match SHIFT_JIS.encode(&dashed) {
        (bytes, _, false) => Ok(bytes.into_owned()),
        _ => Err(missing(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_comes_back() {
        for text in ["園むすび市,3歳\r\n", "髙﨑　①", "～〜", ""] {
            let bytes = encode(text).unwrap();
            let (back, _, broken) = SHIFT_JIS.decode(&bytes);
            assert!(!broken, "{text}");
            assert_eq!(back, text.replace('〜', "～"));
        }
        assert_eq!(encode("あ").unwrap(), [0x82, 0xA0]);
    }

    #[test]
    fn what_is_not_there_is_named_once_with_its_variant() {
        let text = "𠮷田 葛\u{E0100}子 𠮷 \u{FEFF}";
        let named = ["𠮷", "葛\u{E0100}", "\u{FEFF}"].map(str::to_owned);
        assert_eq!(missing(text), named);
        assert_eq!(encode(text).unwrap_err(), named);
        assert!(missing("園むすび市").is_empty());
    }
}
