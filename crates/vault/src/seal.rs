//! Sealing of one object in memory: XChaCha20-Poly1305 with a random nonce.
//!
//! A sealed object is a header, and the cipher text with its tag. The header says format, version, form, which master
//! key, and whose key it was; it is authenticated with the rest.
//!
//! | bytes | what |
//! |---|---|
//! | 4 | `EMSV` |
//! | 1 | version, 1 |
//! | 1 | form: 1 whole, 2 in chunks |
//! | 4 | id of the master key |
//! | 4 | mark of the key of purpose and tenant |
//! | 24 or 19 | nonce, whole or in chunks |

use crate::keys::NoRandomness;
use crate::{KeyId, ObjectId, SubKey, SubKeys, Tenant};
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};

const MAGIC: &[u8; 4] = b"EMSV";
const VERSION: u8 = 1;
/// Bytes of the header without the nonce.
pub(crate) const HEAD: usize = 14;
const NONCE: usize = 24;

/// Form of a sealed object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Whole = 1,
    Chunks = 2,
}

/// Why something cannot be sealed.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// No nonce.
    #[error("sealing an object failed")]
    Randomness(#[from] NoRandomness),
    /// More than the cipher takes (256 GiB).
    #[error("sealing an object failed: it is too large")]
    TooLarge,
}

/// Why something cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It does not begin like a sealed object.
    #[error("opening an object failed: it is not sealed")]
    NotSealed,
    /// A newer program sealed it.
    #[error("opening an object failed: its version {0} is not known")]
    Version(u8),
    /// The other of the two forms: an object for a stream, or a stream for an object.
    #[error("opening an object failed: it is sealed in the other form")]
    OtherForm,
    /// The key file does not hold the key it was sealed with.
    #[error("opening an object failed: it was sealed with key {key}, which is not in the key file")]
    WrongKey {
        /// The key it asks for.
        key: KeyId,
    },
    /// The key file is right, but it was sealed for another tenant or another purpose.
    #[error("opening an object failed: it was sealed for another tenant or purpose")]
    WrongOwner,
    /// Changed, cut off, or in another's place.
    #[error("opening an object failed: it is damaged, cut off, or in the place of another")]
    Damaged,
}

/// What binds an object to its place: whoever moves it to another tenant or id cannot open it there.
#[must_use]
pub fn object_aad(tenant: &Tenant, id: &ObjectId) -> Vec<u8> {
    [b"paper\0", tenant.as_str().as_bytes(), b"\0", id.bytes()].concat()
}

/// Seals an object. `aad` is not in the result and must be given again to open it.
///
/// # Errors
///
/// No random numbers, or more than 256 GiB.
pub fn seal(key: &SubKey, aad: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
    let mut nonce = [0; NONCE];
    getrandom::fill(&mut nonce).map_err(NoRandomness)?;
    let mut out = head(key, Form::Whole).to_vec();
    out.extend_from_slice(&nonce);
    let bound = [&out, aad].concat();
    let payload = Payload {
        msg: plaintext,
        aad: &bound,
    };
    let sealed = XChaCha20Poly1305::new((&*key.key).into())
        .encrypt((&nonce).into(), payload)
        .map_err(|_| SealError::TooLarge)?;
    out.extend_from_slice(&sealed);
    Ok(out)
}

/// Opens what [`seal`] made with one of these keys and the same `aad`.
///
/// # Errors
///
/// Whatever was done to it: see [`OpenError`].
pub fn open(keys: &SubKeys, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let key = key_of(keys, sealed, Form::Whole)?;
    let (header, rest) = sealed
        .split_at_checked(HEAD + NONCE)
        .ok_or(OpenError::Damaged)?;
    let nonce: &[u8; NONCE] = header[HEAD..].try_into().map_err(|_| OpenError::Damaged)?;
    let bound = [header, aad].concat();
    let payload = Payload {
        msg: rest,
        aad: &bound,
    };
    XChaCha20Poly1305::new((&*key.key).into())
        .decrypt(nonce.into(), payload)
        .map_err(|_| OpenError::Damaged)
}

/// The header without the nonce.
pub(crate) fn head(key: &SubKey, form: Form) -> [u8; HEAD] {
    let mut head = [0; HEAD];
    head[..4].copy_from_slice(MAGIC);
    head[4] = VERSION;
    head[5] = form as u8;
    head[6..10].copy_from_slice(&key.master.0);
    head[10..].copy_from_slice(&key.owner);
    head
}

/// The key a header asks for.
pub(crate) fn key_of<'k>(
    keys: &'k SubKeys,
    sealed: &[u8],
    form: Form,
) -> Result<&'k SubKey, OpenError> {
    let short = sealed.len().min(MAGIC.len());
    if sealed.is_empty() || sealed[..short] != MAGIC[..short] {
        return Err(OpenError::NotSealed);
    }
    let head = sealed.first_chunk::<HEAD>().ok_or(OpenError::Damaged)?;
    if head[4] != VERSION {
        return Err(OpenError::Version(head[4]));
    }
    match head[5] {
        found if found == form as u8 => {}
        1 | 2 => return Err(OpenError::OtherForm),
        _ => return Err(OpenError::Damaged),
    }
    let master = KeyId([head[6], head[7], head[8], head[9]]);
    let key = keys.all().iter().find(|k| k.master == master);
    let key = key.ok_or(OpenError::WrongKey { key: master })?;
    match key.owner == head[10..] {
        true => Ok(key),
        false => Err(OpenError::WrongOwner),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Keys, Purpose};
    use proptest::prelude::*;

    fn tenant(name: &str) -> Tenant {
        name.parse().unwrap()
    }

    #[test]
    fn opens_only_in_its_place() {
        let (keys, other) = (Keys::random().unwrap(), Keys::random().unwrap());
        let (here, there) = (tenant("131016"), tenant("131024"));
        let [one, two] = [1, 2].map(|b| ObjectId::from_bytes([b; 16]));
        let sub = keys.sub_keys(Purpose::Papers, &here);
        let sealed = seal(sub.newest(), &object_aad(&here, &one), b"paper").unwrap();
        let open_as = |keys: &Keys, purpose, tenant: &Tenant, id| {
            open(
                &keys.sub_keys(purpose, tenant),
                &object_aad(tenant, id),
                &sealed,
            )
        };
        let wrong = OpenError::WrongKey { key: keys.ids()[0] };
        for (result, expect) in [
            (
                open_as(&keys, Purpose::Papers, &here, &one),
                Ok(b"paper".to_vec()),
            ),
            (
                open_as(&keys, Purpose::Papers, &here, &two),
                Err(OpenError::Damaged),
            ),
            (
                open_as(&keys, Purpose::Papers, &there, &one),
                Err(OpenError::WrongOwner),
            ),
            (
                open_as(&keys, Purpose::Backup, &here, &one),
                Err(OpenError::WrongOwner),
            ),
            (open_as(&other, Purpose::Papers, &here, &one), Err(wrong)),
        ] {
            assert_eq!(result, expect);
        }
        // The same twice is not the same sealed.
        assert_ne!(
            sealed,
            seal(sub.newest(), &object_aad(&here, &one), b"paper").unwrap()
        );
        // An older key opens what it sealed, and seals no more.
        let rotated = keys.rotated().unwrap();
        assert_eq!(
            open_as(&rotated, Purpose::Papers, &here, &one).unwrap(),
            b"paper"
        );
        assert_eq!(rotated.ids()[1], keys.ids()[0]);
        let new = rotated.sub_keys(Purpose::Papers, &here);
        let sealed = seal(new.newest(), b"", b"").unwrap();
        assert_eq!(
            open(&sub, b"", &sealed),
            Err(OpenError::WrongKey {
                key: rotated.ids()[0]
            })
        );
    }

    #[test]
    fn every_byte_and_every_length_counts() {
        let sub = Keys::random()
            .unwrap()
            .sub_keys(Purpose::Papers, &tenant("a"));
        let sealed = seal(sub.newest(), b"x", b"made-up").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 0x40;
            let error = open(&sub, b"x", &changed).unwrap_err();
            let expect = match at {
                0..4 => matches!(error, OpenError::NotSealed),
                4 => matches!(error, OpenError::Version(_)),
                6..10 => matches!(error, OpenError::WrongKey { .. }),
                10..14 => error == OpenError::WrongOwner,
                _ => error == OpenError::Damaged,
            };
            assert!(expect, "byte {at}: {error:?}");
            let cut = open(&sub, b"x", &sealed[..at]).unwrap_err();
            let expect = if at == 0 {
                OpenError::NotSealed
            } else {
                OpenError::Damaged
            };
            assert_eq!(cut, expect, "{at}");
        }
        assert_eq!(open(&sub, b"y", &sealed), Err(OpenError::Damaged));
    }

    proptest! {
        #[test]
        fn comes_back_and_no_bytes_panic(plain: Vec<u8>, aad: Vec<u8>, noise: Vec<u8>) {
            let sub = Keys::random().unwrap().sub_keys(Purpose::Audit, &tenant("a"));
            let sealed = seal(sub.newest(), &aad, &plain).unwrap();
            prop_assert_eq!(open(&sub, &aad, &sealed).unwrap(), plain);
            prop_assert!(open(&sub, &aad, &noise).is_err());
            prop_assert!(open(&sub, &aad, &[&sealed[..14], &noise].concat()).is_err());
        }
    }
}
