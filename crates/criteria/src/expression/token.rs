//! Words of an expression.

use super::{Span, syntax_error::SyntaxError};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// Digits, perhaps with a decimal point.
    Number(&'a str),
    Text(Box<str>),
    Name(&'a str),
    /// One of [`SYMBOLS`].
    Symbol(&'static str),
    End,
}

/// Longer ones first.
const SYMBOLS: &[&str] = &[
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "+", "-", "*", "/", "?", ":", "(", ")", "[",
    "]", ",", ".",
];

/// Spellings of other languages and of spreadsheets: as written, as meant.
const OTHERWISE: &[(&str, &str)] = &[
    ("<>", "!="),
    ("=<", "<="),
    ("=>", ">="),
    ("=", "=="),
    ("&", "&&"),
    ("|", "||"),
    ("≧", ">="),
    ("≥", ">="),
    ("≦", "<="),
    ("≤", "<="),
    ("≠", "!="),
    ("×", "*"),
    ("÷", "/"),
    ("−", "-"),
    ("▲", "-"),
    ("△", "-"),
    ("‐", "-"),
    ("–", "-"),
    ("ー", "-"),
    ("「", "'"),
    ("」", "'"),
    ("『", "'"),
    ("』", "'"),
    ("‘", "'"),
    ("’", "'"),
    ("“", "'"),
    ("”", "'"),
    ("、", ","),
    ("。", "."),
    ("\u{3000}", " "),
    ("かつ", "&&"),
    ("または", "||"),
    ("又は", "||"),
];

/// Splits a text into words; the last is [`Token::End`].
pub(super) fn tokens(text: &str, at: usize) -> Result<Vec<(Token<'_>, Span)>, Box<SyntaxError>> {
    let mut list = Vec::new();
    let mut here = 0;
    while let Some(c) = text[here..].chars().next() {
        let rest = &text[here..];
        if c.is_ascii_whitespace() {
            here += 1;
            continue;
        }
        let (token, len) = if c.is_ascii_digit() {
            number(rest, at + here)?
        } else if c.is_ascii_alphabetic() || c == '_' {
            let len = rest
                .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .unwrap_or(rest.len());
            (Token::Name(&rest[..len]), len)
        } else if c == '\'' || c == '"' {
            text_literal(rest, at + here)?
        } else if let Some(symbol) = symbol(rest) {
            (Token::Symbol(symbol), symbol.len())
        } else {
            return Err(stranger(rest, at + here));
        };
        list.push((token, at + here..at + here + len));
        here += len;
    }
    list.push((Token::End, at + text.len()..at + text.len()));
    Ok(list)
}

fn symbol(rest: &str) -> Option<&'static str> {
    if ["<>", "=<", "=>"].iter().any(|s| rest.starts_with(s)) {
        return None;
    }
    SYMBOLS.iter().copied().find(|s| rest.starts_with(s))
}

fn number(rest: &str, at: usize) -> Result<(Token<'_>, usize), Box<SyntaxError>> {
    let digits = |from: usize| {
        rest[from..]
            .find(|c: char| !c.is_ascii_digit())
            .map_or(rest.len(), |n| from + n)
    };
    let mut len = digits(0);
    if rest[len..].starts_with('.') && digits(len + 1) > len + 1 {
        len = digits(len + 1);
    }
    // `10u`, `1e3`, `0x10` of CEL and `1_000`: there is one way to write a number.
    let tail = rest[len..]
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .map_or(rest.len(), |n| len + n);
    if tail > len {
        let word = &rest[..tail];
        return Err(SyntaxError::new(
            "C103",
            at..at + tail,
            (
                format!("「{word}」は数として読めません。"),
                format!("`{word}` is not a number."),
            ),
            (
                "数は 140 や 0.5 のように、数字と小数点だけで書いてください。単位は hours_per_month(140) のように外に書きます。",
                "Write digits and a decimal point only, as 140 or 0.5; units go around it, as hours_per_month(140).",
            ),
        ));
    }
    Ok((Token::Number(&rest[..len]), len))
}

fn text_literal(rest: &str, at: usize) -> Result<(Token<'static>, usize), Box<SyntaxError>> {
    let quote = rest.chars().next().unwrap_or('\'');
    let mut text = String::new();
    let mut chars = rest.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        if c == quote {
            return Ok((Token::Text(text.into()), i + 1));
        }
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next().map(|(_, c)| c) {
            Some(c @ ('\\' | '\'' | '"')) => text.push(c),
            Some('n') => text.push('\n'),
            Some('r') => text.push('\r'),
            Some('t') => text.push('\t'),
            Some('u') => {
                let code: String = chars.by_ref().take(4).map(|(_, c)| c).collect();
                match u32::from_str_radix(&code, 16).ok().and_then(char::from_u32) {
                    Some(c) if code.len() == 4 => text.push(c),
                    _ => return Err(escape(rest, i, at)),
                }
            }
            _ => return Err(escape(rest, i, at)),
        }
    }
    Err(SyntaxError::new(
        "C102",
        at..at + rest.len(),
        (
            format!("文字列が閉じていません（{quote} がもう一つ必要です）。"),
            format!("The text is not closed; another {quote} is needed."),
        ),
        (
            format!("文字列の終わりに {quote} を書いてください。"),
            format!("Write {quote} at the end of the text."),
        ),
    ))
}

fn escape(rest: &str, i: usize, at: usize) -> Box<SyntaxError> {
    let len = rest[i..].chars().take(2).map(char::len_utf8).sum::<usize>();
    SyntaxError::new(
        "C102",
        at + i..at + i + len,
        (
            "文字列の中の \\ の使い方が分かりません。",
            "A backslash in a text is followed by something unknown.",
        ),
        (
            "\\ そのものは \\\\、引用符は \\' と書きます。",
            "Write \\\\ for a backslash and \\' for a quote.",
        ),
    )
}

/// Half-width form of what people type with a Japanese keyboard.
fn half_width(c: char) -> Option<char> {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0),
        _ => None,
    }
}

/// A character no expression has.
fn stranger(rest: &str, at: usize) -> Box<SyntaxError> {
    let wide: String = rest.chars().map_while(half_width).collect();
    let wide_len = wide.chars().count() * '！'.len_utf8();
    if !wide.is_empty() {
        let meant = if wide == "=" { "==" } else { &wide };
        return SyntaxError::new(
            "C101",
            at..at + wide_len,
            (
                format!("全角文字「{}」は式に使えません。", &rest[..wide_len]),
                format!(
                    "Full-width `{}` cannot stand in an expression.",
                    &rest[..wide_len]
                ),
            ),
            (
                format!("半角で {meant} と書いてください。"),
                format!("Write {meant} in half width."),
            ),
        );
    }
    if let Some((written, meant)) = OTHERWISE.iter().find(|(w, _)| rest.starts_with(w)) {
        let code = if *written == "=" { "C106" } else { "C107" };
        let shown = if *written == "\u{3000}" {
            ("全角の空白", "A full-width space")
        } else {
            (*written, *written)
        };
        let mend = if *meant == " " {
            (
                "半角の空白にしてください。".to_owned(),
                "Use an ordinary space.".to_owned(),
            )
        } else if *written == "=" {
            (
                "等しいかどうかは == と書いてください。".to_owned(),
                "Write == to compare.".to_owned(),
            )
        } else {
            (
                format!("{meant} と書いてください。"),
                format!("Write {meant}."),
            )
        };
        return SyntaxError::new(
            code,
            at..at + written.len(),
            (
                format!("「{}」は式に使えません。", shown.0),
                format!("`{}` cannot stand in an expression.", shown.1),
            ),
            mend,
        );
    }
    let len = rest
        .find(|c: char| c.is_ascii() || half_width(c).is_some())
        .unwrap_or(rest.len());
    if len == 0 {
        let c = rest.chars().next().unwrap_or(' ');
        let shown = c.escape_debug();
        return SyntaxError::new(
            "C101",
            at..at + c.len_utf8(),
            (
                format!("「{shown}」は式に使えません。"),
                format!("`{shown}` cannot stand in an expression."),
            ),
            (
                "使えるのは名前、数、'文字列'、かっこ、+ - * / == != < <= > >= && || ! ? : in です。",
                "An expression has names, numbers, 'texts', brackets, + - * / == != < <= > >= && || ! ? : in.",
            ),
        );
    }
    let word = &rest[..len];
    SyntaxError::new(
        "C101",
        at..at + len,
        (
            format!("「{word}」は名前としても値としても読めません。"),
            format!("`{word}` is neither a name nor a value."),
        ),
        (
            format!(
                "文字列なら '{word}' と引用符で囲み、事実なら guardian.reasons のように英字の名前で書いてください。"
            ),
            format!(
                "Put a text in quotes, '{word}'; name a fact in Latin letters, as guardian.reasons."
            ),
        ),
    )
}
