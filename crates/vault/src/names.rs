//! Names in the store: they end up in paths and logs, so nobody's name can be in them.

use crate::keys::NoRandomness;
use crate::{from_hex, hex};
use std::fmt;
use std::str::FromStr;

/// Whose data it is: a municipality on a shared server. Digits, small letters and hyphens, such as the municipality's
/// code (全国地方公共団体コード).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tenant(String);

/// Letters of a tenant.
const TENANT_MAX: usize = 40;

impl Tenant {
    /// As written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tenant {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        let fine = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let length = (1..=TENANT_MAX).contains(&text.len());
        match length && text.bytes().all(fine) && !text.starts_with('-') {
            true => Ok(Self(text.to_owned())),
            false => Err(BadName::Tenant),
        }
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Number of an object in the store: 128 random bits, written as 32 hexadecimal digits. It says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectId([u8; 16]);

impl ObjectId {
    /// A new id, which no other object has.
    ///
    /// # Errors
    ///
    /// The operating system has no random numbers.
    pub fn random() -> Result<Self, NoRandomness> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(NoRandomness)?;
        Ok(Self(bytes))
    }

    /// The id with these bits.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bits.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl FromStr for ObjectId {
    type Err = BadName;

    fn from_str(text: &str) -> Result<Self, BadName> {
        from_hex(text).map(Self).ok_or(BadName::Object)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// A text that is no name here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BadName {
    /// No tenant.
    #[error("a tenant has 1 to 40 small letters, digits and hyphens, and begins with no hyphen")]
    Tenant,
    /// No id of an object.
    #[error("the id of an object has 32 hexadecimal digits in lower case")]
    Object,
}
