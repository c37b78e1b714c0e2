//! The audit chain: who did what, each entry with a keyed digest of itself and the one before. Whoever can write the
//! database but has no key cannot change, drop or add an entry unnoticed.

use crate::{Error, Store, Tx};
use hmac::{Hmac, KeyInit as _, Mac as _};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use sqlx::Row as _;
use std::fmt::{self, Write as _};

/// Key of the chain; lives outside the data directory.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl Key {
    /// Of its bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
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
}

/// The keyed digest of an entry after another. Each part is written with its length, so that no two entries are alike.
fn mac(key: &Key, previous: &str, seq: i64, tenant: &str, e: &Entry) -> String {
    let mut hmac = match Hmac::<Sha256>::new_from_slice(&key.0) {
        Ok(hmac) => hmac,
        // HMAC takes keys of any length.
        Err(_) => return String::new(),
    };
    hmac.update(&seq.to_be_bytes());
    for part in [
        previous, tenant, &e.at, &e.actor, &e.action, &e.subject, &e.detail,
    ] {
        hmac.update(&(part.len() as u64).to_be_bytes());
        hmac.update(part.as_bytes());
    }
    let mut text = String::with_capacity(64);
    for byte in hmac.finalize().into_bytes() {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

impl Tx {
    /// Appends an entry. The head's row is locked until the transaction ends: append last.
    ///
    /// # Errors
    /// The database could not.
    pub async fn audit(&mut self, entry: &Entry) -> Result<i64, Error> {
        let row = sqlx::query(
            "INSERT INTO audit_head (tenant, seq, mac) VALUES ($1, 1, '') \
             ON CONFLICT (tenant) DO UPDATE SET seq = audit_head.seq + 1 RETURNING seq, mac",
        )
        .bind(&self.tenant)
        .fetch_one(&mut *self.inner)
        .await
        .map_err(Error::query("taking the head of the audit chain"))?;
        let (seq, previous): (i64, String) = (row.get(0), row.get(1));
        let mac = mac(&self.key, &previous, seq, &self.tenant, entry);
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
        .bind(&mac)
        .execute(&mut *self.inner)
        .await
        .map_err(Error::query("appending to the audit chain"))?;
        sqlx::query("UPDATE audit_head SET mac = $2 WHERE tenant = $1")
            .bind(&self.tenant)
            .bind(&mac)
            .execute(&mut *self.inner)
            .await
            .map_err(Error::query("moving the head of the audit chain"))?;
        Ok(seq)
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
             AND ($4 = '' OR action LIKE $4) AND ($5 = 0 OR seq < $5) ORDER BY seq DESC LIMIT $6",
        )
        .bind(tenant)
        .bind(&wanted.actor)
        .bind(&wanted.subject)
        .bind(if wanted.action.is_empty() {
            String::new()
        } else {
            format!("{}%", wanted.action.replace(['%', '_'], ""))
        })
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
        let row = sqlx::query("SELECT seq, mac FROM audit_head WHERE tenant = $1")
            .bind(tenant)
            .fetch_optional(self.read())
            .await
            .map_err(Error::query("reading the head of the audit chain"))?;
        Ok(row.map_or(
            Head {
                seq: 0,
                mac: String::new(),
            },
            |row| Head {
                seq: row.get(0),
                mac: row.get(1),
            },
        ))
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
        const AT_ONCE: i64 = 5_000;
        let head = self.audit_head(tenant).await?;
        let (mut last, mut previous) = (0, String::new());
        loop {
            let rows = sqlx::query(
                "SELECT seq, at, actor, action, subject, detail, mac FROM audit \
                 WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            )
            .bind(tenant)
            .bind(last)
            .bind(AT_ONCE)
            .fetch_all(self.read())
            .await
            .map_err(Error::query("reading the audit chain"))?;
            if rows.is_empty() {
                break;
            }
            for row in &rows {
                let link = link(row);
                if link.seq != last + 1 {
                    return Ok(Err(Broken::Missing(last + 1)));
                }
                if link.mac != mac(&self.key, &previous, link.seq, tenant, &link.entry) {
                    return Ok(Err(Broken::Changed(link.seq)));
                }
                if heads.iter().any(|h| h.seq == link.seq && h.mac != link.mac) {
                    return Ok(Err(Broken::Changed(link.seq)));
                }
                (last, previous) = (link.seq, link.mac);
            }
        }
        let beyond = heads.iter().map(|h| h.seq).max().unwrap_or(0);
        // Entries may have been added since the head was read.
        if last < head.seq || last < beyond {
            return Ok(Err(Broken::Head {
                last,
                head: head.seq.max(beyond),
            }));
        }
        Ok(Ok(Head {
            seq: last,
            mac: previous,
        }))
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
