//! Vault: keys, sealing, and the store of sealed papers.
//!
//! - [`Keys`]: master keys in a file outside the data folder; from them one key for each purpose and tenant.
//! - [`seal`], [`open`]: one object in memory; [`SealWriter`], [`OpenReader`]: one of any size, in chunks.
//! - [`chain`]: keyed digests, each over the one before.
//! - [`PaperStore`]: where papers lie; [`SealedPapers`] over any object store, [`MemoryPapers`] for tests, and
//!   [`conformance`] for whoever adds one.
//!
//! Whoever adds an implementation of [`PaperStore`] over another service needs none: a crate that knows the service
//! gives its `object_store::ObjectStore` to [`SealedPapers::over`]. A service that answers whether an object exists
//! only after a while is not fit.

mod chain;
pub mod conformance;
mod key_file;
mod keys;
mod memory;
mod names;
mod seal;
mod sealed;
mod store;
mod stream;
mod words;

pub use chain::chain;
pub use key_file::KeyFileError;
pub use keys::{KeyId, Keys, NoRandomness, Purpose, SubKey, SubKeys};
pub use memory::MemoryPapers;
pub use names::{BadName, ObjectId, Tenant};
pub use seal::{OpenError, SealError, object_aad, open, seal};
pub use sealed::SealedPapers;
pub use store::{Failure, Operation, PaperStore, StoreError};
pub use stream::{CHUNK, OpenReader, SealWriter};

/// Lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The bytes of hexadecimal digits, lower case only: one text for one value. `None`: it is something else.
#[must_use]
pub fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digit = |b: u8| match b {
        b'0'..=b'9' => Some(b - b'0'),
        b'a'..=b'f' => Some(b - b'a' + 10),
        _ => None,
    };
    let mut out = [0; N];
    if text.len() != 2 * N {
        return None;
    }
    for (to, pair) in out.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *to = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(out)
}
