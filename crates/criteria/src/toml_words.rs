//! What is wrong with the TOML of a file, in words for people who do not know TOML.

use crate::{diagnostic::Diagnostics, expression::Span};

/// (part of the library's message, what is wrong, what to do).
const WORDS: &[(&str, &str, &str)] = &[
    (
        "string values must be quoted",
        "値が引用符で囲まれていません",
        "文字は \"…\" で囲んでください。数なら、数字だけを書いてください",
    ),
    (
        "invalid basic string",
        "文字の値の引用符が閉じていません",
        "値の終わりに \" を書いてください",
    ),
    (
        "invalid literal string",
        "文字の値の引用符が閉じていません",
        "値の終わりに ' を書いてください",
    ),
    (
        "invalid unquoted key",
        "項目の名前に使えない文字があります",
        "名前は英数字と _ です。文字の値なら「名前 = \"…\"」の形で書いてください",
    ),
    (
        "key with no value",
        "項目の名前の後に「=」と値がありません",
        "「名前 = 値」の形で書いてください",
    ),
    (
        "unclosed table",
        "見出しのかっこが閉じていません",
        "[名前] または [[名前]] の形で書いてください",
    ),
    (
        "unclosed array",
        "並びのかっこが閉じていません",
        "並びの終わりに ] を書いてください",
    ),
    (
        "unclosed inline table",
        "かっこが閉じていません",
        "終わりに } を書いてください",
    ),
    (
        "duplicate key",
        "同じ項目が二度書かれています",
        "どちらかを消してください",
    ),
    (
        "extra assignment",
        "「=」が二つあります",
        "「名前 = 値」の形で書いてください",
    ),
];

/// Reports one message of the library.
pub(crate) fn report(text: &str, span: Span, message: &str, all: &mut Diagnostics) {
    let english = (
        format!("not valid TOML ({message})"),
        "correct this line; text values stand in \"…\"".to_owned(),
    );
    if text.get(span.start..).is_some_and(|t| t.starts_with('＝')) {
        all.error(
            "C003",
            span.start..span.start + '＝'.len_utf8(),
            ("全角の「＝」は使えません", &*english.0),
            ("半角で = と書いてください", "write an ordinary ="),
        );
        return;
    }
    let known = WORDS.iter().find(|(part, ..)| message.contains(part));
    let (what, mend) = match known {
        Some((_, what, mend)) => ((*what).to_owned(), *mend),
        None => (
            format!("この行はTOMLとして読めません（{message}）"),
            "この行の書き方を直してください。文字の値は \"…\" で囲みます",
        ),
    };
    all.error("C003", span, (what, english.0), (mend, english.1));
}
