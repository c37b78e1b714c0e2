//! Lines of bytes ↔ entries.

use super::entry::{Content, Entry};
use sha2::{Digest, Sha256};

/// A ledger that was read, or begun.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Ledger {
    /// The entries.
    pub entries: Vec<Entry>,
    /// Digest of each line.
    pub digests: Vec<String>,
}

/// Why a ledger cannot be trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// Line, 1-based.
    pub line: u32,
    /// What is wrong.
    pub what: What,
}

/// What is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// It is no entry: what the reader says.
    Unreadable(String),
    /// It does not carry the digest of the line before.
    Previous,
    /// Its number is not that of its line.
    Number,
    /// The first line does not begin a ledger, or another does.
    Begin,
    /// The last line ends before its end: written half.
    Half,
}

/// Digest before the first line.
#[must_use]
pub fn nothing() -> String {
    "0".repeat(64)
}

/// SHA-256 of a line without its end, as hexadecimal.
#[must_use]
pub fn digest(line: &[u8]) -> String {
    enmusubi_selection::compile::hex(&Sha256::digest(line))
}

impl Ledger {
    /// Reads a ledger.
    ///
    /// # Errors
    /// Every line that is not what the chain says.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<Broken>> {
        let mut ledger = Self::default();
        let mut broken = Vec::new();
        let mut lines: Vec<&[u8]> = bytes.split(|b| *b == b'\n').collect();
        if lines.last().is_some_and(|l| l.is_empty()) {
            lines.pop();
        } else if !bytes.is_empty() {
            broken.push(Broken {
                line: lines.len() as u32,
                what: What::Half,
            });
        }
        let mut previous = nothing();
        for (line, number) in lines.into_iter().zip(1u32..) {
            let mut wrong = |what| broken.push(Broken { line: number, what });
            let own = digest(line);
            match serde_json::from_slice::<Entry>(line) {
                Err(e) => wrong(What::Unreadable(e.to_string())),
                Ok(entry) => {
                    if entry.previous != previous {
                        wrong(What::Previous);
                    }
                    if entry.number != number {
                        wrong(What::Number);
                    }
                    if matches!(entry.content, Content::Begin(_)) != (number == 1) {
                        wrong(What::Begin);
                    }
                    ledger.entries.push(entry);
                    ledger.digests.push(own.clone());
                }
            }
            previous = own;
        }
        if broken.is_empty() {
            Ok(ledger)
        } else {
            Err(broken)
        }
    }

    /// Digest of the last line; of none: zeros.
    #[must_use]
    pub fn head(&self) -> String {
        self.digests.last().cloned().unwrap_or_else(nothing)
    }

    /// Adds an entry; gives its line with its end, to be appended to the file.
    ///
    /// # Errors
    /// The entry cannot be written (never, with these types).
    pub fn add(
        &mut self,
        at: &str,
        by: &str,
        post: &str,
        content: Content,
    ) -> Result<Vec<u8>, serde_json::Error> {
        let entry = Entry {
            number: self.entries.len() as u32 + 1,
            at: at.to_owned(),
            by: by.to_owned(),
            post: post.to_owned(),
            content,
            previous: self.head(),
        };
        let mut line = serde_json::to_vec(&entry)?;
        self.digests.push(digest(&line));
        self.entries.push(entry);
        line.push(b'\n');
        Ok(line)
    }
}
