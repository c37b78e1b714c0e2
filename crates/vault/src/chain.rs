//! Keyed digests of a log, each over the one before: whoever has no key cannot change, leave out or reorder entries
//! without its being seen.

use crate::SubKey;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// The digest of an entry: HMAC-SHA256 over the digest before (zeros for the first) and the entry.
#[must_use]
pub fn chain(key: &SubKey, previous: [u8; 32], entry: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(&*key.key).expect("HMAC takes keys of any length");
    mac.update(&previous);
    mac.update(entry);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::KeyId;
    use zeroize::Zeroizing;

    fn key(byte: u8) -> SubKey {
        SubKey {
            master: KeyId([0; 4]),
            owner: [0; 4],
            key: Zeroizing::new([byte; 32]),
        }
    }

    #[test]
    fn is_hmac_over_both() {
        // Worked out with Python's hmac: key 32 × 0x01, message 32 × 0x00 and "first".
        assert_eq!(
            crate::hex(&chain(&key(1), [0; 32], b"first")),
            "36382ebc5007bef6acce8a990349510496bc99520e901bb674ebaeafdcba322e"
        );
    }

    #[test]
    fn whatever_changes_is_seen() {
        let of = |key: &SubKey, entries: &[&str]| {
            entries
                .iter()
                .fold([0; 32], |previous, e| chain(key, previous, e.as_bytes()))
        };
        let right = of(&key(1), &["a", "b", "c"]);
        for entries in [
            &["a", "c"][..],
            &["a", "b"],
            &["b", "a", "c"],
            &["a", "b", "d"],
            &["ab", "c"],
        ] {
            assert_ne!(of(&key(1), entries), right, "{entries:?}");
        }
        assert_ne!(of(&key(2), &["a", "b", "c"]), right);
    }
}
