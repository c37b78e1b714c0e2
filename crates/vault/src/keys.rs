//! Keys in memory: master keys, newest first, and what is derived from them. Wiped when they go.

use crate::{Tenant, hex};
use hkdf::Hkdf;
use sha2::{Digest as _, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// Bytes of a key.
pub(crate) const KEY_BYTES: usize = 32;

pub(crate) type Bytes = Zeroizing<[u8; KEY_BYTES]>;

/// The operating system has no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("drawing random bytes from the operating system failed")]
pub struct NoRandomness(#[source] pub(crate) getrandom::Error);

/// Which master key: the first eight hexadecimal digits of a digest of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyId(pub(crate) [u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// What a key is for. A key for one purpose opens nothing of another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Purpose {
    /// Uploaded papers.
    Papers,
    /// The chain of the audit log.
    Audit,
    /// Backups.
    Backup,
    /// Sessions of people who are signed in.
    Sessions,
}

impl Purpose {
    /// Every purpose.
    pub const ALL: [Self; 4] = [Self::Papers, Self::Audit, Self::Backup, Self::Sessions];

    /// Never changed: keys hang on it.
    fn label(self) -> &'static str {
        match self {
            Self::Papers => "papers",
            Self::Audit => "audit",
            Self::Backup => "backup",
            Self::Sessions => "sessions",
        }
    }
}

/// Master keys, newest first: the first seals, all open.
#[derive(Clone)]
pub struct Keys {
    all: Vec<Bytes>,
}

impl Keys {
    /// One new key, known to nobody yet.
    ///
    /// # Errors
    ///
    /// The operating system has no random numbers.
    pub fn random() -> Result<Self, NoRandomness> {
        Ok(Self { all: vec![draw()?] })
    }

    /// The one key of these bytes, from wherever else keys are kept; fixed ones in tests.
    #[must_use]
    pub fn of_bytes(master: [u8; 32]) -> Self {
        Self {
            all: vec![Zeroizing::new(master)],
        }
    }

    /// Keys that were read; at least one.
    pub(crate) fn of(all: Vec<Bytes>) -> Option<Self> {
        (!all.is_empty()).then_some(Self { all })
    }

    /// These keys, and a new one that seals from now on.
    ///
    /// # Errors
    ///
    /// The operating system has no random numbers.
    pub fn rotated(&self) -> Result<Self, NoRandomness> {
        let mut all = vec![draw()?];
        all.extend(self.all.iter().cloned());
        Ok(Self { all })
    }

    /// Which keys there are, newest first.
    #[must_use]
    pub fn ids(&self) -> Vec<KeyId> {
        self.all.iter().map(id_of).collect()
    }

    /// Keys for one purpose of one tenant.
    #[must_use]
    pub fn sub_keys(&self, purpose: Purpose, tenant: &Tenant) -> SubKeys {
        self.labelled(purpose, tenant.as_str())
    }

    pub(crate) fn labelled(&self, purpose: Purpose, tenant: &str) -> SubKeys {
        let derive = |master| derive(master, purpose, tenant);
        SubKeys {
            all: self.all.iter().map(derive).collect(),
        }
    }

    pub(crate) fn raw(&self) -> &[Bytes] {
        &self.all
    }
}

/// Keys are never printed.
impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Keys").field(&self.ids()).finish()
    }
}

/// A key for one purpose of one tenant.
#[derive(Clone)]
pub struct SubKey {
    pub(crate) master: KeyId,
    /// Tells this key from those of other purposes and tenants.
    pub(crate) owner: [u8; 4],
    pub(crate) key: Bytes,
}

impl SubKey {
    /// The master key it was derived from.
    #[must_use]
    pub fn master(&self) -> KeyId {
        self.master
    }
}

impl fmt::Debug for SubKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SubKey").field(&self.master).finish()
    }
}

/// Keys for one purpose of one tenant, one for each master key, newest first.
#[derive(Debug, Clone)]
pub struct SubKeys {
    all: Vec<SubKey>,
}

impl SubKeys {
    /// The key that seals.
    #[must_use]
    pub fn newest(&self) -> &SubKey {
        &self.all[0]
    }

    /// All of them, for what was made with an older one.
    #[must_use]
    pub fn all(&self) -> &[SubKey] {
        &self.all
    }
}

fn draw() -> Result<Bytes, NoRandomness> {
    let mut key = Bytes::default();
    getrandom::fill(&mut *key).map_err(NoRandomness)?;
    Ok(key)
}

pub(crate) fn id_of(key: &Bytes) -> KeyId {
    KeyId(short(b"enmusubi-vault key id\0", key))
}

/// Four bytes of a digest: enough to tell keys apart, far too few to help in guessing one.
fn short(label: &[u8], key: &Bytes) -> [u8; 4] {
    let digest = Sha256::new()
        .chain_update(label)
        .chain_update(key.as_slice())
        .finalize();
    [digest[0], digest[1], digest[2], digest[3]]
}

/// HKDF-SHA256 (RFC 5869) with purpose and tenant as its info.
fn derive(master: &Bytes, purpose: Purpose, tenant: &str) -> SubKey {
    let mut key = Bytes::default();
    let info = [
        b"enmusubi-vault 1\0",
        purpose.label().as_bytes(),
        b"\0",
        tenant.as_bytes(),
    ];
    Hkdf::<Sha256>::new(None, &**master)
        .expand_multi_info(&info, &mut *key)
        .expect("32 bytes are one block of HKDF-SHA256");
    SubKey {
        master: id_of(master),
        owner: short(b"enmusubi-vault owner\0", &key),
        key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sealed papers of years hang on this derivation; a change of it must not go unnoticed.
    #[test]
    fn derivation_stays() {
        let keys = Keys::of(vec![Zeroizing::new([7; KEY_BYTES])]).unwrap();
        let tenant: Tenant = "131016".parse().unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for purpose in Purpose::ALL {
            for tenant in [&tenant, &"131024".parse().unwrap()] {
                let sub = keys.sub_keys(purpose, tenant);
                assert!(seen.insert(*sub.newest().key), "{purpose:?} {tenant}");
                assert_eq!(
                    *sub.newest().key,
                    *keys.sub_keys(purpose, tenant).newest().key
                );
            }
        }
        assert_eq!(keys.ids()[0].to_string(), KEY_ID);
        assert_eq!(
            hex(&*keys.sub_keys(Purpose::Papers, &tenant).newest().key),
            PAPERS
        );
        // Nothing of a key is in what is printed.
        assert!(!format!("{keys:?}").contains("0707") && !format!("{keys:?}").contains("7, 7"));
    }

    // Worked out with another implementation of SHA-256 and HKDF (Python's hashlib and hmac).
    const KEY_ID: &str = "77e75b7f";
    const PAPERS: &str = "594a287dd3772578784aa221a94877fe368183b59e665f6b48010a64b98d4c5b";
}
