//! The audit chain: who did what, each entry with a keyed digest of itself and the one before. Whoever can write the
//! database but has no key cannot change, drop or add an entry unnoticed.

use crate::{Error, Store, Tx};
use enmusubi_vault::{Keys, Purpose, SubKeys, Tenant, chain, from_hex, hex};
use futures_util::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use sqlx::Row as _;
use std::fmt;

/// Keys of the chains, one for each municipality; they live outside the data directory. The newest makes entries, all of
/// them verify: entries from before a rotation stay good.
#[derive(Clone)]
pub struct Key(Keys);

impl Key {
    /// Of its bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Keys::of_bytes(bytes))
    }

    fn of(&self, tenant: &str) -> Result<SubKeys, Error> {
        let name: Tenant = tenant.parse().map_err(|source| Error::Tenant {
            tenant: tenant.to_owned(),
            source,
        })?;
        Ok(self.0.sub_keys(Purpose::Audit, &name))
    }
}

impl From<Keys> for Key {
    fn from(keys: Keys) -> Self {
        Self(keys)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When (ISO 8601).
    pub at: String,
    /// Account, or `system`.
    pub actor: String,
    /// What: `view`, `search`, `export`, or the name of a change (`household.confirmed`).
    pub action: String,
    /// To what: a case's number, an account, a facility; empty where it is about no one thing.
    pub subject: String,
    /// More, as JSON or words; never a secret.
    pub detail: String,
}

/// An entry of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Number, from 1, without holes.
    pub seq: i64,
    /// What happened.
    pub entry: Entry,
    /// Keyed digest, hexadecimal.
    pub mac: String,
}

/// The end of a chain; printed or written elsewhere every day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// Number of the last entry; 0: none.
    pub seq: i64,
    /// Its keyed digest.
    pub mac: String,
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// An entry is missing.
    Missing(i64),
    /// An entry is not what it was.
    Changed(i64),
    /// The chain ends before its head, or after it.
    Head {
        /// Last entry that is there.
        last: i64,
        /// What the head says.
        head: i64,
    },
    /// The head has the number of the last entry, but another digest.
    HeadDigest(i64),
    /// An end that was written elsewhere has another digest than the entry of its number: the chain was made anew by
    /// somebody who has the key.
    Elsewhere(i64),
}

/// What is digested of an entry. Each part is written with its length, so that no two entries are alike.
fn digested(seq: i64, tenant: &str, e: &Entry) -> Vec<u8> {
    let mut bytes = seq.to_be_bytes().to_vec();
    for part in [tenant, &e.at, &e.actor, &e.action, &e.subject, &e.detail] {
        bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes
}

impl Tx {
    /// Appends an entry; its number. The head's row is locked until the transaction ends: append last.
    ///
    /// # Errors
    /// The database could not; its head is no end of a chain.
    pub async fn audit(&mut self, entry: &Entry) -> Result<i64, Error> {
        self.audit_all(&[entry]).await
    }

    /// Appends entries in this order; the number of the first. As [`Tx::audit`], with the head moved once.
    ///
    /// # Errors
    /// As [`Tx::audit`].
    pub async fn audit_all(&mut self, entries: &[&Entry]) -> Result<i64, Error> {
        let row = sqlx::query(
            "INSERT INTO audit_head (tenant, seq, mac) VALUES ($1, $2, '') \
             ON CONFLICT (tenant) DO UPDATE SET seq = audit_head.seq + $2 RETURNING seq, mac",
        )
        .bind(&self.tenant)
        .bind(entries.len() as i64)
        .fetch_one(&mut *self.inner)
        .await
        .map_err(Error::query("taking the head of the audit chain"))?;
        let (end, previous): (i64, String) = (row.get(0), row.get(1));
        let first = end - entries.len() as i64 + 1;
        let previous = match first {
            1 => Some([0; 32]),
            _ => from_hex(&previous),
        };
        // Nothing is appended to what is no end of a chain: that would hide it.
        let mut previous = previous.ok_or(Error::ChainEnd { seq: first - 1 })?;
        let keys = self.key.of(&self.tenant)?;
        for (seq, entry) in (first..).zip(entries) {
            previous = chain(keys.newest(), previous, &digested(seq, &self.tenant, entry));
            sqlx::query(
                "INSERT INTO audit (tenant, seq, at, actor, action, subject, detail, mac) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            )
            .bind(&self.tenant)
            .bind(seq)
            .bind(&entry.at)
            .bind(&entry.actor)
            .bind(&entry.action)
            .bind(&entry.subject)
            .bind(&entry.detail)
            .bind(hex(&previous))
            .execute(&mut *self.inner)
            .await
            .map_err(Error::query("appending to the audit chain"))?;
        }
        sqlx::query("UPDATE audit_head SET mac = $2 WHERE tenant = $1")
            .bind(&self.tenant)
            .bind(hex(&previous))
            .execute(&mut *self.inner)
            .await
            .map_err(Error::query("moving the head of the audit chain"))?;
        Ok(first)
    }
}

impl Store {
    /// Records an entry that belongs to no change; its number. It is on the disk when this returns. Entries that wait at the
    /// same time share a transaction.
    ///
    /// # Errors
    /// As [`Tx::audit`].
    pub async fn record(&self, tenant: &str, entry: Entry) -> Result<i64, Error> {
        self.recorder().record(tenant, entry).await
    }
}

/// Which entries to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of an account; empty: of all.
    pub actor: String,
    /// About a subject; empty: about all.
    pub subject: String,
    /// Actions that begin so; empty: all.
    pub action: String,
    /// Numbers below; 0: from the newest.
    pub before: i64,
    /// At most.
    pub most: i64,
}

impl Store {
    /// Entries, newest first.
    ///
    /// # Errors
    /// The database could not.
    pub async fn audit_list(&self, tenant: &str, wanted: &Wanted) -> Result<Vec<Link>, Error> {
        let rows = sqlx::query(
            "SELECT seq, at, actor, action, subject, detail, mac FROM audit WHERE tenant = $1 \
             AND ($2 = '' OR actor = $2) AND ($3 = '' OR subject = $3) \
             AND ($4 = '' OR substr(action, 1, length($4)) = $4) AND ($5 = 0 OR seq < $5) ORDER BY seq DESC LIMIT $6",
        )
        .bind(tenant)
        .bind(&wanted.actor)
        .bind(&wanted.subject)
        .bind(&wanted.action)
        .bind(wanted.before)
        .bind(wanted.most)
        .fetch_all(self.read())
        .await
        .map_err(Error::query("listing the audit chain"))?;
        Ok(rows.iter().map(link).collect())
    }

    /// The end of the chain.
    ///
    /// # Errors
    /// The database could not.
    pub async fn audit_head(&self, tenant: &str) -> Result<Head, Error> {
        let row = sqlx::query(HEAD)
            .bind(tenant)
            .fetch_optional(self.read())
            .await
            .map_err(Error::query("reading the head of the audit chain"))?;
        Ok(head_of(row.as_ref()))
    }

    /// Works the whole chain out again. `Ok(Err(..))`: where it is broken first. `heads`: ends that were written elsewhere, which
    /// the chain must still have.
    ///
    /// # Errors
    /// The database could not.
    pub async fn audit_verify(
        &self,
        tenant: &str,
        heads: &[Head],
    ) -> Result<Result<Head, Broken>, Error> {
        // Entries are added meanwhile: everything is read as of one moment.
        let mut snapshot = self.snapshot().await?;
        let head = sqlx::query(HEAD)
            .bind(tenant)
            .fetch_optional(&mut *snapshot)
            .await
            .map_err(Error::query("reading the head of the audit chain"))?;
        let head = head_of(head.as_ref());
        let keys = self.key.of(tenant)?;
        let (mut last, mut end, mut previous) = (0, String::new(), [0; 32]);
        let mut rows = sqlx::query(
            "SELECT seq, at, actor, action, subject, detail, mac FROM audit \
             WHERE tenant = $1 ORDER BY seq",
        )
        .bind(tenant)
        .fetch(&mut *snapshot);
        let reading = || Error::query("reading the audit chain");
        while let Some(row) = rows.try_next().await.map_err(reading())? {
            let link = link(&row);
            if link.seq != last + 1 {
                return Ok(Err(Broken::Missing(last + 1)));
            }
            let bytes = digested(link.seq, tenant, &link.entry);
            let mut made = keys.all().iter().map(|k| chain(k, previous, &bytes));
            let Some(mac) = made.find(|m| hex(m) == link.mac) else {
                return Ok(Err(Broken::Changed(link.seq)));
            };
            if heads.iter().any(|h| h.seq == link.seq && h.mac != link.mac) {
                return Ok(Err(Broken::Elsewhere(link.seq)));
            }
            (last, end, previous) = (link.seq, link.mac, mac);
        }
        let beyond = heads.iter().map(|h| h.seq).max().unwrap_or(0);
        if last != head.seq || last < beyond {
            return Ok(Err(Broken::Head {
                last,
                head: head.seq.max(beyond),
            }));
        }
        if end != head.mac {
            return Ok(Err(Broken::HeadDigest(last)));
        }
        Ok(Ok(head))
    }
}

const HEAD: &str = "SELECT seq, mac FROM audit_head WHERE tenant = $1";

fn head_of(row: Option<&sqlx::any::AnyRow>) -> Head {
    Head {
        seq: row.map_or(0, |r| r.get(0)),
        mac: row.map(|r| r.get(1)).unwrap_or_default(),
    }
}

fn link(row: &sqlx::any::AnyRow) -> Link {
    Link {
        seq: row.get(0),
        entry: Entry {
            at: row.get(1),
            actor: row.get(2),
            action: row.get(3),
            subject: row.get(4),
            detail: row.get(5),
        },
        mac: row.get(6),
    }
}
