//! Message templates with named places: `児童 {child} は…`, sections of message files, and numbers as people write them.

use std::collections::{BTreeMap, BTreeSet};

/// Puts values into the places of a template, each once: braces inside a value stay as they are.
/// `value` gives the text of a place.
///
/// ```
/// use enmusubi_domain::template::fill;
/// let text = fill("{n}点（{n}）", |name| (name == "n").then_some("{n}").unwrap_or("?"));
/// assert_eq!(text, "{n}点（{n}）");
/// ```
pub fn fill<'v>(template: &'v str, mut value: impl FnMut(&'v str) -> &'v str) -> String {
    let mut out = String::with_capacity(template.len() + 32);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let after = &rest[open + 1..];
        let close = after.find('}').unwrap_or(after.len());
        out.push_str(value(&after[..close]));
        rest = after.get(close + 1..).unwrap_or("");
    }
    out.push_str(rest);
    out
}

/// The names of a template's places: twins in two languages have the same.
///
/// ```
/// use enmusubi_domain::template::places;
/// assert!(places("{n} of {all}").into_iter().eq(["all", "n"]));
/// ```
#[must_use]
pub fn places(template: &str) -> BTreeSet<&str> {
    let after = template.split('{').skip(1);
    after.filter_map(|part| part.split('}').next()).collect()
}

/// One thing said in both languages, where whoever finds it does not know who will read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Twin {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

/// One section of a message file that is compiled in.
#[derive(Debug, Clone, Copy)]
pub struct Section(pub Option<&'static BTreeMap<String, String>>);

impl Section {
    /// The message with `{name}` replaced; a missing message shows its key rather than nothing.
    ///
    /// Values are put in once: braces inside a value (a nursery's name, say) stay as they are.
    #[must_use]
    pub fn get(self, key: &str, values: &[(&str, &str)]) -> String {
        let Some(template) = self.0.and_then(|m| m.get(key)) else {
            debug_assert!(false, "message {key} is missing");
            return format!("[{key}]");
        };
        fill(template, |name| {
            let value = values.iter().find(|(n, _)| *n == name);
            debug_assert!(value.is_some(), "message {key} has no value for {name}");
            value.map_or(name, |(_, value)| value)
        })
    }
}

/// A whole number with thousands separated, as Japanese and English write it (`-12,345`).
///
/// ```
/// use enmusubi_domain::template::grouped;
/// assert_eq!([0, 999, -1000, 1_234_567].map(grouped), ["0", "999", "-1,000", "1,234,567"]);
/// ```
#[must_use]
pub fn grouped(number: impl ToString) -> String {
    let digits = number.to_string();
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", &*digits),
    };
    let mut out = String::from(sign);
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(d);
    }
    out
}
