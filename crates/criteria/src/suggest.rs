//! "Did you mean …?"

/// The nearest of several words, if one is near.
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    known
        .into_iter()
        .map(|k| (strsim::damerau_levenshtein(word, k), k))
        // A third of the letters may be wrong; more is another word.
        // Nothing of a word of one letter would be left.
        .filter(|(d, k)| *d < length.max(k.chars().count()))
        .filter(|(d, k)| *d <= (length.max(k.chars().count()) / 3).max(1))
        .min_by_key(|(d, _)| *d)
        .map(|(_, k)| k)
}

/// What to do about an unknown word: the nearest known one, else the list.
pub(crate) fn mend(word: &str, known: &[&str]) -> (String, String) {
    match nearest(word, known.iter().copied()) {
        Some(k) => (
            format!("「{k}」のことですか"),
            format!("did you mean \"{k}\"?"),
        ),
        None if known.is_empty() => (
            "まだ一つも書かれていません".into(),
            "none is written yet".into(),
        ),
        None => {
            let shown = known.len().min(30);
            let more = if known.len() > shown { " …" } else { "" };
            let list = known[..shown].join(", ");
            (
                format!("書けるもの: {list}{more}"),
                format!("known: {list}{more}"),
            )
        }
    }
}
