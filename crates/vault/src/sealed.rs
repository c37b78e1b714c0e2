//! Papers sealed in an object store: a local folder, memory, or whatever else `object_store` reaches.
//!
//! An object's path is `tenant/aa/id`, where `aa` are the first two digits of the id, so that no folder gets too many
//! entries. Nothing in a path says anything about anybody.
//!
//! In a local folder a paper is written beside its place (`id#1`), flushed, renamed, and the folder flushed
//! (`LocalFileSystem::with_fsync`). A crash may leave `id#1`, which is never listed or read and may be deleted while
//! no server runs.

use crate::{
    Keys, ObjectId, OpenError, Operation, PaperStore, Purpose, StoreError, Tenant, hex, object_aad,
    open, seal,
};
use async_trait::async_trait;
use futures_util::TryStreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Location;
use object_store::{Error as Place, ObjectStore, ObjectStoreExt as _};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Papers in an object store, each sealed under its tenant and id.
#[derive(Debug, Clone)]
pub struct SealedPapers {
    place: Arc<dyn ObjectStore>,
    keys: Keys,
    /// The folder, where it is a local one: what was deleted there is flushed, too.
    folder: Option<PathBuf>,
}

/// Where something sealed lies by which a wrong key file is noticed. No tenant has this name.
const MARK: &str = "_keys/mark";

impl SealedPapers {
    /// Papers in a local folder, which is made if it is not there. Its keys are looked at ([`Self::check_keys`]).
    ///
    /// # Errors
    ///
    /// The folder cannot be made or written, or its papers were sealed with other keys.
    pub async fn in_folder(folder: &Path, keys: Keys) -> Result<Self, StoreError> {
        let failed = |e| StoreError::of_place(Operation::Open, e);
        std::fs::create_dir_all(folder).map_err(failed)?;
        let place = LocalFileSystem::new_with_prefix(folder);
        let place = place
            .map_err(|e| StoreError::of_place(Operation::Open, e))?
            .with_fsync(true);
        let mut papers = Self::over(Arc::new(place), keys);
        papers.folder = Some(folder.to_owned());
        papers.check_keys().await?;
        Ok(papers)
    }

    /// Papers in memory, sealed all the same.
    #[must_use]
    pub fn in_memory(keys: Keys) -> Self {
        Self::over(Arc::new(InMemory::new()), keys)
    }

    /// Papers in any object store that puts whole objects and is consistent right after (S3 is). Call
    /// [`Self::check_keys`] before anything else.
    #[must_use]
    pub fn over(place: Arc<dyn ObjectStore>, keys: Keys) -> Self {
        Self {
            place,
            keys,
            folder: None,
        }
    }

    /// Whether these keys are the ones the store was begun with; a new store is marked with them. After a rotation the
    /// mark is sealed anew, so that old keys may go once nothing needs them.
    ///
    /// # Errors
    ///
    /// [`Failure::WrongKey`](crate::Failure::WrongKey): before anything is sealed with a key that is not the store's.
    pub async fn check_keys(&self) -> Result<(), StoreError> {
        let failed = |e| StoreError::of_place(Operation::Open, e);
        let location = Location::from(MARK);
        let keys = self.keys.labelled(Purpose::Papers, "_keys");
        match self.place.get(&location).await {
            Ok(found) => {
                let sealed = found.bytes().await.map_err(failed)?;
                open(&keys, MARK.as_bytes(), &sealed)
                    .map_err(|e| StoreError::opening(Operation::Open, e))?;
                let newest = std::slice::from_ref(keys.newest());
                if newest
                    .iter()
                    .any(|k| sealed.get(6..10) == Some(&k.master.0))
                {
                    return Ok(());
                }
            }
            Err(Place::NotFound { .. }) => {}
            Err(error) => return Err(failed(error)),
        }
        let sealed = seal(keys.newest(), MARK.as_bytes(), b"enmusubi");
        let sealed = sealed.map_err(|e| StoreError::sealing(Operation::Open, e))?;
        self.place
            .put(&location, sealed.into())
            .await
            .map_err(failed)?;
        Ok(())
    }

    /// A deleted name comes back after a crash unless its folder is flushed.
    fn flush_folder(&self, location: &Location) -> Result<(), StoreError> {
        let Some(folder) = self.folder.as_ref().filter(|_| cfg!(unix)) else {
            return Ok(());
        };
        let path = folder.join(location.as_ref());
        let parent = path.parent().unwrap_or(folder);
        match File::open(parent).and_then(|f| f.sync_all()) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                Err(StoreError::of_place(Operation::Delete, e))
            }
            _ => Ok(()),
        }
    }
}

fn location(tenant: &Tenant, id: &ObjectId) -> Location {
    let fan = hex(&id.bytes()[..1]);
    Location::from_iter([tenant.as_str(), &fan, &id.to_string()])
}

#[async_trait]
impl PaperStore for SealedPapers {
    async fn put(&self, tenant: &Tenant, id: &ObjectId, bytes: &[u8]) -> Result<(), StoreError> {
        // Ids are random, so nobody else is putting another paper under this one meanwhile; what is caught here is a
        // caller who repeats himself.
        if let Some(kept) = self.get(tenant, id).await? {
            return match kept == bytes {
                true => Ok(()),
                false => Err(StoreError::taken()),
            };
        }
        let keys = self.keys.sub_keys(Purpose::Papers, tenant);
        let sealed = seal(keys.newest(), &object_aad(tenant, id), bytes)
            .map_err(|e| StoreError::sealing(Operation::Put, e))?;
        let put = self.place.put(&location(tenant, id), sealed.into()).await;
        put.map_err(|e| StoreError::of_place(Operation::Put, e))?;
        Ok(())
    }

    async fn get(&self, tenant: &Tenant, id: &ObjectId) -> Result<Option<Vec<u8>>, StoreError> {
        let failed = |e| StoreError::of_place(Operation::Get, e);
        let found = match self.place.get(&location(tenant, id)).await {
            Ok(found) => found,
            Err(Place::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        let sealed = found.bytes().await.map_err(failed)?;
        let keys = self.keys.sub_keys(Purpose::Papers, tenant);
        let opened = match sealed.is_empty() {
            // Nothing at all is what a file system leaves of a file it lost.
            true => Err(OpenError::Damaged),
            false => open(&keys, &object_aad(tenant, id), &sealed),
        };
        opened
            .map(Some)
            .map_err(|e| StoreError::opening(Operation::Get, e))
    }

    async fn delete(&self, tenant: &Tenant, id: &ObjectId) -> Result<(), StoreError> {
        let location = location(tenant, id);
        match self.place.delete(&location).await {
            Ok(()) => self.flush_folder(&location),
            Err(Place::NotFound { .. }) => Ok(()),
            Err(error) => Err(StoreError::of_place(Operation::Delete, error)),
        }
    }

    async fn exists(&self, tenant: &Tenant, id: &ObjectId) -> Result<bool, StoreError> {
        match self.place.head(&location(tenant, id)).await {
            Ok(_) => Ok(true),
            Err(Place::NotFound { .. }) => Ok(false),
            Err(error) => Err(StoreError::of_place(Operation::Get, error)),
        }
    }

    async fn list(&self, tenant: &Tenant) -> Result<Vec<ObjectId>, StoreError> {
        let prefix = Location::from(tenant.as_str());
        let all: Vec<_> = match self.place.list(Some(&prefix)).try_collect().await {
            Ok(all) => all,
            Err(Place::NotFound { .. }) => Vec::new(),
            Err(error) => return Err(StoreError::of_place(Operation::List, error)),
        };
        // What others put into the folder is no paper.
        let id = |at: &Location| at.filename()?.parse::<ObjectId>().ok();
        let mut ids: Vec<ObjectId> = all
            .iter()
            .filter_map(|o| id(&o.location).filter(|i| location(tenant, i) == o.location))
            .collect();
        ids.sort_unstable();
        Ok(ids)
    }
}

#[cfg(test)]
mod tests;
