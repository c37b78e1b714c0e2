//! Sealing of something large, such as a backup, in chunks: the STREAM construction of Hoang, Reyhanitabar, Rogaway and
//! Vizár (2015) over XChaCha20-Poly1305. Each chunk has its number and whether it is the last in its nonce, so chunks
//! cannot be changed, exchanged, left out or cut off.

use crate::keys::NoRandomness;
use crate::seal::{Form, HEAD, head, key_of};
use crate::{OpenError, SealError, SubKey, SubKeys};
use aead_stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::aead::Payload;
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use std::fmt;
use std::io::{self, Read, Write};
use zeroize::Zeroizing;

/// Bytes of a chunk before sealing; the last may be shorter.
pub const CHUNK: usize = 1024 * 1024;
const TAG: usize = 16;
/// Bytes of the nonce that are the same for all chunks.
const PREFIX: usize = 19;

/// Seals what is written to it. Without [`SealWriter::finish`] the result is cut off, and does not open.
pub struct SealWriter<W: Write> {
    inner: W,
    stream: EncryptorBE32<XChaCha20Poly1305>,
    bound: Vec<u8>,
    pending: Zeroizing<Vec<u8>>,
}

impl<W: Write> SealWriter<W> {
    /// Begins: writes the header. `aad` is not in the result and must be given again to open it.
    ///
    /// # Errors
    ///
    /// No random numbers, or what the inner writer says.
    pub fn new(mut inner: W, key: &SubKey, aad: &[u8]) -> io::Result<Self> {
        let mut prefix = [0; PREFIX];
        let random = getrandom::fill(&mut prefix).map_err(NoRandomness);
        random.map_err(|e| io::Error::other(SealError::from(e)))?;
        let mut bound = head(key, Form::Chunks).to_vec();
        bound.extend_from_slice(&prefix);
        inner.write_all(&bound)?;
        bound.extend_from_slice(aad);
        let cipher = XChaCha20Poly1305::new((&*key.key).into());
        let stream = EncryptorBE32::from_aead(cipher, (&prefix).into());
        let pending = Zeroizing::new(Vec::with_capacity(CHUNK));
        Ok(Self {
            inner,
            stream,
            bound,
            pending,
        })
    }

    /// Seals the last chunk, flushes, and gives the inner writer back.
    ///
    /// # Errors
    ///
    /// What the inner writer says.
    pub fn finish(mut self) -> io::Result<W> {
        let payload = Payload {
            msg: &self.pending,
            aad: &self.bound,
        };
        let sealed = self.stream.encrypt_last(payload).map_err(|_| too_large())?;
        self.inner.write_all(&sealed)?;
        self.inner.flush()?;
        Ok(self.inner)
    }
}

impl<W: Write> Write for SealWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full chunk waits until more comes: the last one is sealed as the last.
        if self.pending.len() == CHUNK && !bytes.is_empty() {
            let payload = Payload {
                msg: &self.pending,
                aad: &self.bound,
            };
            let sealed = self.stream.encrypt_next(payload).map_err(|_| too_large())?;
            self.inner.write_all(&sealed)?;
            self.pending.clear();
        }
        let taken = bytes.len().min(CHUNK - self.pending.len());
        self.pending.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    /// Flushes what is sealed; the open chunk waits for more.
    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<W: Write> fmt::Debug for SealWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealWriter").finish_non_exhaustive()
    }
}

/// Opens what [`SealWriter`] made. Every byte it gives is right, but whether it is all is known at the end only:
/// nothing may be done with it before it says so.
///
/// Errors of opening are of kind [`io::ErrorKind::InvalidData`] and hold an [`OpenError`]; once there was one, every
/// further reading gives it again.
pub struct OpenReader<R: Read> {
    inner: R,
    stream: Option<DecryptorBE32<XChaCha20Poly1305>>,
    bound: Vec<u8>,
    /// Sealed bytes read ahead: one more than a chunk, to know whether it is the last.
    ahead: Vec<u8>,
    plain: Zeroizing<Vec<u8>>,
    at: usize,
    failed: bool,
}

impl<R: Read> OpenReader<R> {
    /// Begins: reads the header.
    ///
    /// # Errors
    ///
    /// An [`OpenError`] in an [`io::Error`], or what the inner reader says.
    pub fn new(mut inner: R, keys: &SubKeys, aad: &[u8]) -> io::Result<Self> {
        let mut bound = Vec::new();
        inner
            .by_ref()
            .take((HEAD + PREFIX) as u64)
            .read_to_end(&mut bound)?;
        let key = key_of(keys, &bound, Form::Chunks).map_err(invalid)?;
        let prefix = bound
            .get(HEAD..)
            .and_then(|p| <&[u8; PREFIX]>::try_from(p).ok());
        let prefix = prefix.ok_or_else(|| invalid(OpenError::Damaged))?;
        let cipher = XChaCha20Poly1305::new((&*key.key).into());
        let stream = Some(DecryptorBE32::from_aead(cipher, prefix.into()));
        bound.extend_from_slice(aad);
        let plain = Zeroizing::default();
        Ok(Self {
            inner,
            stream,
            bound,
            ahead: Vec::new(),
            plain,
            at: 0,
            failed: false,
        })
    }

    fn next_chunk(&mut self) -> io::Result<()> {
        let Some(mut stream) = self.stream.take() else {
            return Ok(());
        };
        let full = CHUNK + TAG;
        let wanted = (full + 1 - self.ahead.len()) as u64;
        if let Err(error) = self
            .inner
            .by_ref()
            .take(wanted)
            .read_to_end(&mut self.ahead)
        {
            // The reader may go on after an interruption; what was read ahead is kept.
            self.stream = Some(stream);
            return Err(error);
        }
        let more = self.ahead.len() > full;
        let chunk = &self.ahead[..self.ahead.len().min(full)];
        let payload = Payload {
            msg: chunk,
            aad: &self.bound,
        };
        let opened = match more {
            true => stream
                .decrypt_next(payload)
                .inspect(|_| self.stream = Some(stream)),
            false => stream.decrypt_last(payload),
        };
        let Ok(opened) = opened else {
            self.failed = true;
            return Err(invalid(OpenError::Damaged));
        };
        self.plain = Zeroizing::new(opened);
        self.at = 0;
        self.ahead.drain(..self.ahead.len().min(full));
        Ok(())
    }
}

impl<R: Read> Read for OpenReader<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.failed {
            return Err(invalid(OpenError::Damaged));
        }
        if self.at == self.plain.len() && !out.is_empty() {
            self.next_chunk()?;
        }
        let rest = self.plain.get(self.at..).unwrap_or_default();
        let given = rest.len().min(out.len());
        out[..given].copy_from_slice(&rest[..given]);
        self.at += given;
        Ok(given)
    }
}

impl<R: Read> fmt::Debug for OpenReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenReader").finish_non_exhaustive()
    }
}

fn invalid(error: OpenError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

fn too_large() -> io::Error {
    io::Error::new(io::ErrorKind::FileTooLarge, SealError::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Keys, Purpose};

    fn keys() -> SubKeys {
        let tenant = "131016".parse().unwrap();
        Keys::random().unwrap().sub_keys(Purpose::Backup, &tenant)
    }

    fn sealed(keys: &SubKeys, plain: &[u8]) -> Vec<u8> {
        let mut writer = SealWriter::new(Vec::new(), keys.newest(), b"2027-04").unwrap();
        writer.write_all(plain).unwrap();
        writer.finish().unwrap()
    }

    fn opened(keys: &SubKeys, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let read = || {
            let mut out = Vec::new();
            OpenReader::new(sealed, keys, b"2027-04")?.read_to_end(&mut out)?;
            io::Result::Ok(out)
        };
        let inner = |e: io::Error| *e.get_ref().unwrap().downcast_ref::<OpenError>().unwrap();
        read().map_err(inner)
    }

    fn plain(length: usize) -> Vec<u8> {
        (0..length).map(|i| (i * 31 + i / CHUNK) as u8).collect()
    }

    #[test]
    fn every_length_comes_back() {
        let keys = keys();
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 7] {
            let sealed = sealed(&keys, &plain(length));
            let chunks = length.div_ceil(CHUNK).max(1);
            assert_eq!(sealed.len(), HEAD + PREFIX + length + TAG * chunks);
            assert!(opened(&keys, &sealed).unwrap() == plain(length), "{length}");
        }
    }

    #[test]
    fn chunks_cannot_be_cut_off_exchanged_changed_or_added() {
        let keys = keys();
        let whole = sealed(&keys, &plain(3 * CHUNK));
        let start = HEAD + PREFIX;
        let chunk = |n: usize| start + n * (CHUNK + TAG)..start + (n + 1) * (CHUNK + TAG);
        let with = |order: &[usize]| {
            let mut bytes = whole[..start].to_vec();
            for n in order {
                bytes.extend_from_slice(&whole[chunk(*n)]);
            }
            bytes
        };
        assert!(opened(&keys, &with(&[0, 1, 2])).is_ok());
        for order in [
            &[][..],
            &[0],
            &[0, 1],
            &[1, 0, 2],
            &[0, 2],
            &[0, 1, 2, 2],
            &[2],
        ] {
            assert_eq!(
                opened(&keys, &with(order)),
                Err(OpenError::Damaged),
                "{order:?}"
            );
        }
        let last = whole.len();
        for at in [14, 20, start, start + CHUNK, last - 1] {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert_eq!(opened(&keys, &changed), Err(OpenError::Damaged), "{at}");
        }
        assert_eq!(opened(&keys, &whole[..last - 1]), Err(OpenError::Damaged));
        assert_eq!(opened(&keys, &whole[..20]), Err(OpenError::Damaged));
        assert_eq!(opened(&keys, b"PK\x03\x04"), Err(OpenError::NotSealed));
        assert!(matches!(
            opened(&self::keys(), &whole),
            Err(OpenError::WrongKey { .. })
        ));
        let mut other = OpenReader::new(&whole[..], &keys, b"2027-05").unwrap();
        assert!(other.read(&mut [0; 8]).is_err());
        let object = crate::seal(keys.newest(), b"2027-04", b"").unwrap();
        assert_eq!(opened(&keys, &object), Err(OpenError::OtherForm));
        assert_eq!(
            crate::open(&keys, b"2027-04", &whole),
            Err(OpenError::OtherForm)
        );
    }

    #[test]
    fn an_error_stays() {
        let keys = keys();
        let mut bytes = sealed(&keys, b"made-up");
        *bytes.last_mut().unwrap() ^= 1;
        let mut reader = OpenReader::new(&bytes[..], &keys, b"2027-04").unwrap();
        for _ in 0..3 {
            assert!(reader.read(&mut [0; 8]).is_err());
        }
        // Dropped unfinished: what is there does not open.
        let mut writer = SealWriter::new(Vec::new(), keys.newest(), b"2027-04").unwrap();
        writer.write_all(&plain(CHUNK + 1)).unwrap();
        assert_eq!(opened(&keys, &writer.inner), Err(OpenError::Damaged));
    }
}
