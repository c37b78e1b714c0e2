//! Message templates with named places: `児童 {child} は…`.

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
