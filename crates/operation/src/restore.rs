//! A backup read, verified, and put back.

use crate::{
    Error, Installation, Manifest, PaperDigest,
    backup::{name, object},
    error::opening,
    format::{self, Tables},
};
use enmusubi_vault::{Keys, OpenReader, PaperStore as _};
use std::{
    collections::BTreeSet,
    fs::File,
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
};

/// A paper is no larger: nobody is made to reserve more by a number in a file.
const PAPER_MAX: u64 = 1 << 30;

/// What is in the stream.
enum Item {
    Row(String, String),
    Paper(PaperDigest, Vec<u8>),
    Manifest(Manifest),
}

/// A backup while it is read.
struct Reader(BufReader<OpenReader<BufReader<File>>>);

impl Reader {
    fn open(path: &Path, keys: &Keys) -> Result<Self, Error> {
        let mut file = BufReader::new(File::open(path).map_err(Error::Read)?);
        let mut first = Vec::new();
        let most = 64;
        let read = file.by_ref().take(most).read_until(b'\n', &mut first);
        read.map_err(Error::Read)?;
        let line = std::str::from_utf8(&first).unwrap_or_default();
        let version = line
            .strip_prefix(format::TITLE)
            .and_then(|rest| rest.strip_prefix(' ')?.strip_suffix('\n'));
        let version = version.ok_or(Error::NoBackup)?;
        if version != format::VERSION.to_string() {
            return Err(Error::Version {
                version: version.chars().take(20).collect(),
            });
        }
        let keys = format::keys(keys).ok_or(Error::NoBackup)?;
        let opened = OpenReader::new(file, &keys, &first).map_err(opening)?;
        Ok(Self(BufReader::new(opened)))
    }

    /// `None`: the end, and whole.
    fn next(&mut self) -> Result<Option<Item>, Error> {
        let mut line = Vec::new();
        self.0.read_until(b'\n', &mut line).map_err(opening)?;
        if line.is_empty() {
            return Ok(None);
        }
        let line = String::from_utf8(line).map_err(|_| Error::Damaged)?;
        let line = line.strip_suffix('\n').ok_or(Error::Damaged)?;
        let (kind, rest) = line.split_once(' ').ok_or(Error::Damaged)?;
        match kind {
            "R" => {
                let (table, row) = rest.split_once(' ').ok_or(Error::Damaged)?;
                Ok(Some(Item::Row(table.to_owned(), row.to_owned())))
            }
            "P" => {
                let mut words = rest.split(' ');
                let mut word = || words.next().ok_or(Error::Damaged);
                let (tenant, id, size) = (word()?, word()?, word()?);
                let size: u64 = size.parse().map_err(|_| Error::Damaged)?;
                if size > PAPER_MAX {
                    return Err(Error::Damaged);
                }
                let mut bytes = Vec::new();
                let read = self.0.by_ref().take(size + 1).read_to_end(&mut bytes);
                read.map_err(opening)?;
                if bytes.len() as u64 != size + 1 || bytes.pop() != Some(b'\n') {
                    return Err(Error::Damaged);
                }
                Ok(Some(Item::Paper(
                    PaperDigest::of(tenant, id, &bytes),
                    bytes,
                )))
            }
            "M" => {
                let manifest = serde_json::from_str(rest).map_err(|_| Error::Damaged)?;
                Ok(Some(Item::Manifest(manifest)))
            }
            _ => Err(Error::Damaged),
        }
    }
}

/// Reads all of a backup, and gives its manifest if it is whole and holds what that says.
///
/// # Errors
/// It cannot be read; it is none, of another version, sealed with another key, damaged, cut off, or it disagrees with itself.
pub fn verify(path: &Path, keys: &Keys) -> Result<Manifest, Error> {
    let mut reader = Reader::open(path, keys)?;
    let (mut tables, mut papers, mut manifest) = (Tables::new(), Vec::new(), None);
    while let Some(item) = reader.next()? {
        match item {
            _ if manifest.is_some() => return Err(Error::Damaged),
            Item::Row(table, row) => tables.row(&table, &row),
            Item::Paper(digest, _) => papers.push(digest),
            Item::Manifest(m) => manifest = Some(m),
        }
    }
    let manifest = manifest.ok_or(Error::Damaged)?;
    let tables = tables.finish();
    let names: BTreeSet<&String> = tables.keys().chain(manifest.tables.keys()).collect();
    for name in names {
        if tables.get(name) != manifest.tables.get(name) {
            return Err(Error::Disagrees { what: name.clone() });
        }
    }
    let differs = papers.iter().zip(&manifest.papers).find(|(a, b)| a != b);
    if let Some((paper, _)) = differs {
        return Err(Error::Disagrees {
            what: paper.id.clone(),
        });
    }
    if papers.len() != manifest.papers.len() {
        return Err(Error::Disagrees {
            what: "papers".to_owned(),
        });
    }
    Ok(manifest)
}

/// Puts a backup into an empty installation: verified first, papers before the cases that name them, all rows in one transaction.
/// Interrupted, it may be done again.
///
/// # Errors
/// As [`verify`]; there are rows or other papers already; they cannot be stored. The chains do not verify in the end, or what
/// is stored is not what was read: then it may not be used.
pub async fn restore(path: &Path, to: &Installation) -> Result<Manifest, Error> {
    let manifest = verify(path, &to.keys)?;
    empty(to, &manifest).await?;
    let mut reader = Reader::open(path, &to.keys)?;
    while let Some(item) = reader.next()? {
        if let Item::Paper(paper, bytes) = item {
            let (tenant, id) = (name(&paper.tenant)?, object(&paper.id)?);
            let put = to.papers.put(&tenant, &id, &bytes).await;
            put.map_err(Error::Papers)?;
        }
    }
    let mut reader = Reader::open(path, &to.keys)?;
    let rows = std::iter::from_fn(|| {
        loop {
            match reader.next() {
                Ok(Some(Item::Row(table, row))) => return Some(Ok((table, row))),
                Ok(Some(_)) => {}
                Ok(None) => return None,
                Err(error) => return Some(Err(error)),
            }
        }
    });
    to.store.restore(rows).await?;
    as_it_was(to, &manifest).await?;
    Ok(manifest)
}

/// Whether nothing is there but perhaps papers of an interrupted restore of the same backup.
async fn empty(to: &Installation, manifest: &Manifest) -> Result<(), Error> {
    if let Some(table) = to.store.filled().await? {
        return Err(Error::NotEmpty {
            what: table.to_owned(),
        });
    }
    let tenants: BTreeSet<&str> = manifest.papers.iter().map(|p| p.tenant.as_str()).collect();
    for tenant in tenants {
        let of = manifest.papers.iter().filter(|p| p.tenant == tenant);
        let known: BTreeSet<&str> = of.map(|p| p.id.as_str()).collect();
        let there = to.papers.list(&name(tenant)?).await;
        for id in there.map_err(Error::Papers)? {
            if !known.contains(id.to_string().as_str()) {
                return Err(Error::NotEmpty {
                    what: to.data.join("papers").display().to_string(),
                });
            }
        }
    }
    Ok(())
}

/// Whether what is stored now is what was backed up, read again from where it lies.
async fn as_it_was(to: &Installation, manifest: &Manifest) -> Result<(), Error> {
    let mut tables = Tables::new();
    let line = |table: &'static enmusubi_storage::dump::Table, row: &str| {
        tables.row(table.name, row);
        Ok::<_, Error>(())
    };
    to.store.dump(line).await?;
    let tables = tables.finish();
    if let Some(what) = tables
        .keys()
        .find(|n| tables.get(*n) != manifest.tables.get(*n))
    {
        return Err(Error::Disagrees { what: what.clone() });
    }
    for paper in &manifest.papers {
        let (tenant, id) = (name(&paper.tenant)?, object(&paper.id)?);
        let found = to.papers.get(&tenant, &id).await.map_err(Error::Papers)?;
        let found = found.map(|bytes| PaperDigest::of(&paper.tenant, &paper.id, &bytes));
        if found.as_ref() != Some(paper) {
            return Err(Error::Disagrees {
                what: paper.id.clone(),
            });
        }
    }
    for tenant in to.store.tenants().await? {
        if let Err(broken) = to.store.audit_verify(&tenant.id, &[]).await? {
            let tenant = tenant.id;
            return Err(Error::Chain { tenant, broken });
        }
    }
    Ok(())
}
