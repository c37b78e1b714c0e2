//! Everything in one sealed file.

use crate::{
    Error, Installation, Manifest, PaperDigest,
    format::{self, Tables},
};
use enmusubi_storage::dump::Table;
use enmusubi_vault::{ObjectId, PaperStore as _, SealWriter, Tenant};
use std::io::Write;

/// Writes a backup of an installation, which may be at work meanwhile: the database is read as of one moment, the papers after it,
/// so that every paper a case names is there.
///
/// # Errors
/// The database or the papers cannot be read; `out` cannot be written. What was written then does not open.
pub async fn backup<W: Write>(from: &Installation, mut out: W) -> Result<Manifest, Error> {
    let first = format::first_line();
    out.write_all(first.as_bytes()).map_err(Error::Write)?;
    let keys = format::keys(&from.keys).ok_or(Error::NoBackup)?;
    let mut sealed = SealWriter::new(out, keys.newest(), first.as_bytes()).map_err(Error::Write)?;
    let mut tables = Tables::new();
    let line = |table: &'static Table, row: &str| {
        tables.row(table.name, row);
        writeln!(sealed, "R {} {row}", table.name).map_err(Error::Write)
    };
    from.store.dump(line).await?;
    let mut papers = Vec::new();
    for tenant in from.store.tenants().await? {
        let name: Tenant = name(&tenant.id)?;
        for id in from.papers.list(&name).await.map_err(Error::Papers)? {
            let found = from.papers.get(&name, &id).await.map_err(Error::Papers)?;
            // Disposed of since it was listed: the cases no longer name it either.
            let Some(bytes) = found else { continue };
            let digest = PaperDigest::of(&tenant.id, &id.to_string(), &bytes);
            let PaperDigest {
                tenant, id, size, ..
            } = &digest;
            let written = writeln!(sealed, "P {tenant} {id} {size}")
                .and_then(|()| sealed.write_all(&bytes))
                .and_then(|()| sealed.write_all(b"\n"));
            written.map_err(Error::Write)?;
            papers.push(digest);
        }
    }
    let manifest = Manifest {
        format: format::VERSION,
        program: env!("CARGO_PKG_VERSION").to_owned(),
        tables: tables.finish(),
        papers,
    };
    let text = serde_json::to_string(&manifest).map_err(|e| Error::Write(e.into()))?;
    writeln!(sealed, "M {text}").map_err(Error::Write)?;
    sealed.finish().map_err(Error::Write)?;
    Ok(manifest)
}

pub(crate) fn name(text: &str) -> Result<Tenant, Error> {
    text.parse().map_err(|_| Error::Name {
        name: text.to_owned(),
    })
}

pub(crate) fn object(text: &str) -> Result<ObjectId, Error> {
    text.parse().map_err(|_| Error::Name {
        name: text.to_owned(),
    })
}
