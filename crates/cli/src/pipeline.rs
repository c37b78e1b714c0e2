//! Read → compile → place → verify → explain → write.

use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::output::os_words;
use std::path::Path;

/// Reads a whole file.
///
/// # Errors
/// Exit code 2, with the reason in words.
pub fn read_file(words: &Words, path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| {
        let detail = if path.is_dir() {
            words.say("os.folder", &[])
        } else {
            os_words(words, &e)
        };
        let message = words.say(
            "input.unreadable",
            &[("path", &path.display()), ("detail", &detail)],
        );
        Failure::new(Exit::BadInput, message).hint(words.say("input.unreadable_hint", &[]))
    })
}
