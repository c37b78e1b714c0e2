//! Data folder, key file and database, opened together.

use crate::Error;
use enmusubi_storage::{Store, audit};
use enmusubi_vault::{Keys, SealedPapers};
use std::path::{Path, PathBuf};

/// An installation that is open.
#[derive(Debug, Clone)]
pub struct Installation {
    /// Its data folder.
    pub data: PathBuf,
    /// Its key file.
    pub key_file: PathBuf,
    /// Its keys.
    pub keys: Keys,
    /// Its database.
    pub store: Store,
    /// Its papers, in the folder `papers` of the data folder.
    pub papers: SealedPapers,
}

impl Installation {
    /// Opens an installation that is there. `database`: its address; `None`: SQLite in the data folder. `key`: the key file;
    /// `None`: [`key_beside`] the data folder.
    ///
    /// # Errors
    /// There is no data folder or key file, the database or the papers cannot be opened, the keys are others.
    pub async fn open(
        data: &Path,
        database: Option<&str>,
        key: Option<&Path>,
    ) -> Result<Self, Error> {
        if !data.is_dir() {
            return Err(Error::NoData {
                path: data.to_owned(),
            });
        }
        let key = key.map_or_else(|| key_beside(data), Path::to_owned);
        let keys = Keys::load(&key, data).map_err(Error::Keys)?;
        Self::with(data, database, key, keys).await
    }

    /// Opens an installation, or begins one: makes its folder, key file and database where they are missing. A key file is made
    /// only where there is no data yet: data without their keys are nothing to go on with.
    ///
    /// # Errors
    /// As [`Installation::open`], or something cannot be made.
    pub async fn open_or_begin(
        data: &Path,
        database: Option<&str>,
        key: Option<&Path>,
    ) -> Result<Self, Error> {
        let key = key.map_or_else(|| key_beside(data), Path::to_owned);
        let begun = std::fs::read_dir(data).is_ok_and(|mut entries| entries.next().is_some());
        let keys = match begun {
            true => Keys::load(&key, data),
            false => Keys::load_or_create(&key, data),
        };
        let keys = keys.map_err(Error::Keys)?;
        private_folder(data).map_err(|source| Error::Folder {
            path: data.to_owned(),
            source,
        })?;
        Self::with(data, database, key, keys).await
    }

    async fn with(
        data: &Path,
        database: Option<&str>,
        key_file: PathBuf,
        keys: Keys,
    ) -> Result<Self, Error> {
        let audit = audit::Key::from(keys.clone());
        let store = match database {
            Some(url) => Store::open(url, audit).await?,
            None => Store::in_folder(data, audit).await?,
        };
        let papers = SealedPapers::in_folder(&data.join("papers"), keys.clone()).await;
        Ok(Self {
            data: data.to_owned(),
            key_file,
            keys,
            store,
            papers: papers.map_err(Error::Papers)?,
        })
    }
}

/// The key file where none is named: beside the data folder, never in it (`enmusubi-data.key`).
#[must_use]
pub fn key_beside(data: &Path) -> PathBuf {
    // `.` and `/srv/data/..` have a name, too.
    let whole = data.canonicalize();
    let whole = whole
        .or_else(|_| std::path::absolute(data))
        .unwrap_or_else(|_| data.to_owned());
    let name = whole.file_name().unwrap_or_default().to_string_lossy();
    whole.with_file_name(format!("{name}.key"))
}

/// Makes a folder that only its owner may look into; one that is there is left as it is.
fn private_folder(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}
