//! Ends of the audit chains, written elsewhere every day: one JSON line each, appended. Whoever has database and keys can make a
//! chain anew, but not the lines on another machine.

use crate::Error;
use enmusubi_storage::{
    Store,
    audit::{Broken, Head},
};
use serde::{Deserialize, Serialize};
use std::{
    fs::OpenOptions,
    io::{self, Write as _},
    path::Path,
};

/// The end of a municipality's chain at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// When it was written (ISO 8601).
    pub at: String,
    /// Municipality.
    pub tenant: String,
    /// Number of the last entry and its keyed digest.
    #[serde(flatten)]
    pub head: Head,
}

/// A line that is none.
#[derive(Debug, thiserror::Error)]
#[error("line {line}")]
pub struct BadLine {
    /// From 1.
    pub line: usize,
    /// Why.
    #[source]
    pub source: serde_json::Error,
}

/// The ends of all chains now.
///
/// # Errors
/// The database could not.
pub async fn now(store: &Store, at: &str) -> Result<Vec<Line>, Error> {
    let mut lines = Vec::new();
    for tenant in store.tenants().await? {
        let head = store.audit_head(&tenant.id).await?;
        let (at, tenant) = (at.to_owned(), tenant.id);
        lines.push(Line { at, tenant, head });
    }
    Ok(lines)
}

/// Adds lines to a file, which is made where it is missing.
///
/// # Errors
/// It cannot be written.
pub fn append(path: &Path, lines: &[Line]) -> Result<(), Error> {
    let mut text = String::new();
    for line in lines {
        let json = serde_json::to_string(line).map_err(|e| Error::Write(io::Error::from(e)))?;
        text.push_str(&json);
        text.push('\n');
    }
    let written = || {
        let mut file = OpenOptions::new().append(true).create(true).open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    };
    written().map_err(Error::Write)
}

/// Reads such a file.
///
/// # Errors
/// It cannot be read; the first line that is none.
pub fn read(path: &Path) -> Result<Vec<Line>, Error> {
    let text = std::fs::read_to_string(path).map_err(Error::Read)?;
    let lines = text.lines().zip(1..).filter(|(l, _)| !l.trim().is_empty());
    lines
        .map(|(text, line)| {
            serde_json::from_str(text).map_err(|source| Error::Heads(BadLine { line, source }))
        })
        .collect()
}

/// Verifies the chains of all municipalities, each held against its lines: the end of each chain, or where it is broken. A
/// municipality that only the lines know counts as cut off.
///
/// # Errors
/// The database could not.
pub async fn verify(
    store: &Store,
    lines: &[Line],
) -> Result<Vec<(String, Result<Head, Broken>)>, Error> {
    let mut tenants: Vec<String> = store.tenants().await?.into_iter().map(|t| t.id).collect();
    tenants.extend(lines.iter().map(|l| l.tenant.clone()));
    tenants.sort_unstable();
    tenants.dedup();
    let mut found = Vec::new();
    for tenant in tenants {
        let of = lines.iter().filter(|l| l.tenant == tenant);
        let heads: Vec<Head> = of.map(|l| l.head.clone()).collect();
        let verified = store.audit_verify(&tenant, &heads).await?;
        found.push((tenant, verified));
    }
    Ok(found)
}
