//! The key file: text, so that it can be printed and kept in a safe; with digests, so that a wrong or damaged one is
//! told before anything is opened with it.
//!
//! ```text
//! enmusubi-keys 1
//! # newest first
//! key 3f2a9c01 <64 hexadecimal digits>
//! sum <16 hexadecimal digits>
//! ```
//!
//! `key` is followed by the key's id, a digest of it; `sum` is a digest of the lines before.

use crate::keys::{Bytes, KEY_BYTES, id_of};
use crate::{Keys, NoRandomness, from_hex, hex};
use sha2::{Digest as _, Sha256};
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use zeroize::Zeroizing;

const TITLE: &str = "enmusubi-keys";
const VERSION: &str = "1";
/// A key file is no larger: ten keys take less than a thousand bytes.
const BYTES_MAX: u64 = 64 * 1024;

/// Why a key file cannot be used. [`KeyFileError::text`] says it to people, with how to mend it.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It would be copied together with what it locks.
    #[error("the key file {} is inside the data folder {}", path.display(), data.display())]
    InsideData {
        /// The key file.
        path: PathBuf,
        /// The data folder.
        data: PathBuf,
    },
    /// There is none.
    #[error("there is no key file {}", path.display())]
    Missing {
        /// The key file.
        path: PathBuf,
    },
    /// Others on this machine may read it (Unix).
    #[error("the key file {} may be read by others (mode {mode:04o})", path.display())]
    Readable {
        /// The key file.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
    },
    /// Some other file.
    #[error("{} is no key file", path.display())]
    NoKeyFile {
        /// The file.
        path: PathBuf,
    },
    /// Of a newer program.
    #[error("the key file {} has version {version}, which is not known", path.display())]
    Version {
        /// The key file.
        path: PathBuf,
        /// What it says.
        version: String,
    },
    /// A digest does not agree, or a line is missing.
    #[error("the key file {} is damaged at line {line}", path.display())]
    Damaged {
        /// The key file.
        path: PathBuf,
        /// 1-based; the line after the last where something is missing.
        line: usize,
    },
    /// Reading or writing.
    #[error("{operation} the key file {} failed", path.display())]
    Io {
        /// "reading", "writing".
        operation: &'static str,
        /// The key file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// No new key.
    #[error("making a key failed")]
    Randomness(#[from] NoRandomness),
}

impl Keys {
    /// Reads a key file.
    ///
    /// # Errors
    ///
    /// It is missing, inside `data`, readable by others, damaged, or no key file.
    pub fn load(path: &Path, data: &Path) -> Result<Self, KeyFileError> {
        outside(path, data)?;
        let io = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => KeyFileError::Missing {
                path: path.to_owned(),
            },
            _ => KeyFileError::Io {
                operation: "reading",
                path: path.to_owned(),
                source,
            },
        };
        let file = File::open(path).map_err(io)?;
        private(&file, path)?;
        let mut bytes = Zeroizing::new(Vec::with_capacity(4096));
        file.take(BYTES_MAX).read_to_end(&mut bytes).map_err(io)?;
        let text = std::str::from_utf8(&bytes);
        let text = text.map_err(|_| KeyFileError::NoKeyFile {
            path: path.to_owned(),
        })?;
        parse(text, path)
    }

    /// Reads a key file, or makes one with a new key where there is none. Its folder must exist.
    ///
    /// # Errors
    ///
    /// As [`Keys::load`], or it cannot be written.
    pub fn load_or_create(path: &Path, data: &Path) -> Result<Self, KeyFileError> {
        match Self::load(path, data) {
            Err(KeyFileError::Missing { .. }) => {}
            other => return other,
        }
        let keys = Self::random()?;
        match write(&keys, path, false) {
            // Somebody else was faster; both use what is there.
            Err(KeyFileError::Io { source, .. })
                if source.kind() == io::ErrorKind::AlreadyExists =>
            {
                Self::load(path, data)
            }
            other => other.map(|()| keys),
        }
    }

    /// Adds a new key to a key file, which seals from now on. The others stay, and open.
    ///
    /// # Errors
    ///
    /// As [`Keys::load`], or it cannot be written; then the file is as it was.
    pub fn rotate_file(path: &Path, data: &Path) -> Result<Self, KeyFileError> {
        let keys = Self::load(path, data)?.rotated()?;
        write(&keys, path, true)?;
        Ok(keys)
    }
}

/// Keys are in no folder that is backed up or shared as data, whatever links lead there.
fn outside(path: &Path, data: &Path) -> Result<(), KeyFileError> {
    let real_path = real(path);
    match real_path.starts_with(real(data)) {
        true => Err(KeyFileError::InsideData {
            path: path.to_owned(),
            data: data.to_owned(),
        }),
        false => Ok(()),
    }
}

/// The path without links, as far as it exists; what does not exist yet is put behind.
fn real(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut behind = Vec::new();
    let mut at = whole.as_path();
    loop {
        if let Ok(found) = at.canonicalize() {
            let mut out = found;
            for step in behind.iter().rev() {
                match step {
                    Component::ParentDir => {
                        out.pop();
                    }
                    step => out.push(step),
                }
            }
            return out;
        }
        match (at.components().next_back(), at.parent()) {
            (Some(last), Some(parent)) => {
                behind.push(last);
                at = parent;
            }
            _ => return whole,
        }
    }
}

#[cfg(unix)]
fn private(file: &File, path: &Path) -> Result<(), KeyFileError> {
    use std::os::unix::fs::MetadataExt as _;
    let meta = file.metadata().map_err(|source| KeyFileError::Io {
        operation: "reading",
        path: path.to_owned(),
        source,
    })?;
    let mode = meta.mode() & 0o777;
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(KeyFileError::Readable {
            path: path.to_owned(),
            mode,
        }),
    }
}

/// Who may read a file elsewhere is said by the folder it is in.
#[cfg(not(unix))]
fn private(_file: &File, _path: &Path) -> Result<(), KeyFileError> {
    Ok(())
}

fn parse(text: &str, path: &Path) -> Result<Keys, KeyFileError> {
    let path = || path.to_owned();
    let damaged = |line: usize| KeyFileError::Damaged { path: path(), line };
    // Editors add byte order marks and carriage returns; neither changes a key.
    let text = text.trim_start_matches('\u{FEFF}');
    let mut lines = text.lines().map(str::trim_end).zip(1..);
    let title = lines.next().map_or("", |(line, _)| line);
    match title.split_once(' ') {
        Some((TITLE, VERSION)) => {}
        Some((TITLE, version)) => {
            let version = version.chars().take(20).collect();
            return Err(KeyFileError::Version {
                path: path(),
                version,
            });
        }
        _ => return Err(KeyFileError::NoKeyFile { path: path() }),
    }
    let mut all = Vec::new();
    let mut sum_seen = false;
    let mut last = 1;
    for (line, number) in lines {
        last = number;
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            [""] => {}
            [first, ..] if first.starts_with('#') => {}
            _ if sum_seen => return Err(damaged(number)),
            ["key", id, key] => {
                let key = from_hex::<KEY_BYTES>(key)
                    .map(Zeroizing::new)
                    .ok_or_else(|| damaged(number))?;
                if id_of(&key).to_string() != id {
                    return Err(damaged(number));
                }
                all.push(key);
            }
            ["sum", sum] if sum == sum_of(&all) => sum_seen = true,
            _ => return Err(damaged(number)),
        }
    }
    if !sum_seen {
        return Err(damaged(last + 1));
    }
    Keys::of(all).ok_or_else(|| damaged(last))
}

/// Digest of all keys in their order: a line that is missing shows.
fn sum_of(all: &[Bytes]) -> String {
    let mut digest = Sha256::new();
    digest.update(b"enmusubi-vault key file 1\0");
    for key in all {
        digest.update(key.as_slice());
    }
    hex(&digest.finalize()[..8])
}

fn write(keys: &Keys, path: &Path, replace: bool) -> Result<(), KeyFileError> {
    let mut text = Zeroizing::new(String::with_capacity(4096));
    text.push_str(&format!("{TITLE} {VERSION}\n"));
    text.push_str("# 園むすびの鍵。上が新しい。写しを安全な場所に保管し、データの控えと一緒に置かないこと。\n");
    text.push_str(
        "# Keys of Enmusubi, newest first. Keep a copy in a safe place, never with the backups.\n",
    );
    for key in keys.raw() {
        let digits = Zeroizing::new(hex(&**key));
        text.push_str(&format!("key {} ", id_of(key)));
        text.push_str(&digits);
        text.push('\n');
    }
    text.push_str(&format!("sum {}\n", sum_of(keys.raw())));
    put(text.as_bytes(), path, replace).map_err(|source| KeyFileError::Io {
        operation: "writing",
        path: path.to_owned(),
        source,
    })
}

/// Written beside it (with mode 0600 on Unix), flushed, and renamed: a key file is whole or not there.
fn put(bytes: &[u8], path: &Path, replace: bool) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".enmusubi-keys-")
        .tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    match replace {
        true => file.persist(path),
        false => file.persist_noclobber(path),
    }
    .map_err(|e| e.error)?;
    // Windows keeps no handles of folders; there the rename itself is what there is.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
