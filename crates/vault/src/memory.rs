//! Papers in memory, unsealed: for the tests of whoever keeps papers.

use crate::{ObjectId, PaperStore, StoreError, Tenant};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Papers in memory. They are gone with it.
#[derive(Debug, Default)]
pub struct MemoryPapers {
    all: Mutex<BTreeMap<(Tenant, ObjectId), Vec<u8>>>,
}

impl MemoryPapers {
    /// No papers yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn all(&self) -> MutexGuard<'_, BTreeMap<(Tenant, ObjectId), Vec<u8>>> {
        // A map is whole whenever the lock is free, whoever panicked.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl PaperStore for MemoryPapers {
    async fn put(&self, tenant: &Tenant, id: &ObjectId, bytes: &[u8]) -> Result<(), StoreError> {
        let mut all = self.all();
        let kept = all
            .entry((tenant.clone(), *id))
            .or_insert_with(|| bytes.to_vec());
        match kept == bytes {
            true => Ok(()),
            false => Err(StoreError::taken()),
        }
    }

    async fn get(&self, tenant: &Tenant, id: &ObjectId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(self.all().get(&(tenant.clone(), *id)).cloned())
    }

    async fn delete(&self, tenant: &Tenant, id: &ObjectId) -> Result<(), StoreError> {
        self.all().remove(&(tenant.clone(), *id));
        Ok(())
    }

    async fn exists(&self, tenant: &Tenant, id: &ObjectId) -> Result<bool, StoreError> {
        Ok(self.all().contains_key(&(tenant.clone(), *id)))
    }

    async fn list(&self, tenant: &Tenant) -> Result<Vec<ObjectId>, StoreError> {
        let all = self.all();
        let of_tenant = all.keys().filter(|(t, _)| t == tenant);
        Ok(of_tenant.map(|(_, id)| *id).collect())
    }
}
