//! The form of a backup file.
//!
//! One line in the clear, `enmusubi-backup 1`, which the seal is bound to; then one sealed stream
//! ([`enmusubi_vault::SealWriter`]). In the stream, each with its line end:
//!
//! ```text
//! R <table> <row as a JSON array>              in the order of the tables and of their keys
//! P <municipality> <id> <bytes>                followed by so many bytes
//! M <manifest as JSON>                         last
//! ```
//!
//! The manifest comes last because it says what was written; that the stream is whole, its seal says. Papers are opened and
//! sealed again with the rest: the file opens with one key, its digests are those of the papers and the same wherever it is made,
//! and a restored paper is sealed by the newest key of its place.

use enmusubi_vault::{Keys, Purpose, SubKeys, Tenant};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

pub(crate) const TITLE: &str = "enmusubi-backup";
pub(crate) const VERSION: u32 = 1;

/// What a backup holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the form.
    pub format: u32,
    /// Version of the program that made it.
    pub program: String,
    /// Tables, by name.
    pub tables: BTreeMap<String, TableDigest>,
    /// Papers, in the order of municipalities and ids.
    pub papers: Vec<PaperDigest>,
}

/// What a table held.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableDigest {
    /// Rows.
    pub rows: u64,
    /// SHA-256 of its rows, each with a line end, hexadecimal.
    pub sha256: String,
}

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaperDigest {
    /// Municipality.
    pub tenant: String,
    /// Its id in the store.
    pub id: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of its content, hexadecimal.
    pub sha256: String,
}

impl PaperDigest {
    pub(crate) fn of(tenant: &str, id: &str, bytes: &[u8]) -> Self {
        Self {
            tenant: tenant.to_owned(),
            id: id.to_owned(),
            size: bytes.len() as u64,
            sha256: sha256(bytes),
        }
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    enmusubi_vault::hex(&Sha256::digest(bytes))
}

/// Digests of tables while their rows go by.
#[derive(Default)]
pub(crate) struct Tables(BTreeMap<String, (u64, Sha256)>);

impl Tables {
    /// With all tables, so that an empty one is said to be empty.
    pub(crate) fn new() -> Self {
        let all = enmusubi_storage::dump::TABLES.iter();
        Self(
            all.map(|t| (t.name.to_owned(), (0, Sha256::new())))
                .collect(),
        )
    }

    pub(crate) fn row(&mut self, table: &str, row: &str) {
        let (rows, digest) = self.0.entry(table.to_owned()).or_default();
        *rows += 1;
        digest.update(row.as_bytes());
        digest.update(b"\n");
    }

    pub(crate) fn finish(self) -> BTreeMap<String, TableDigest> {
        let done = |(name, (rows, digest)): (String, (u64, Sha256))| {
            let sha256 = enmusubi_vault::hex(&digest.finalize());
            (name, TableDigest { rows, sha256 })
        };
        self.0.into_iter().map(done).collect()
    }
}

/// Keys of backups: of the installation, whatever municipalities are in it.
pub(crate) fn keys(keys: &Keys) -> Option<SubKeys> {
    let all: Tenant = "all".parse().ok()?;
    Some(keys.sub_keys(Purpose::Backup, &all))
}

/// The line in the clear.
pub(crate) fn first_line() -> String {
    format!("{TITLE} {VERSION}\n")
}
