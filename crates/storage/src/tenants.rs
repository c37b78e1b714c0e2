//! Municipalities.

use crate::{Error, Store};
use sqlx::Row as _;

/// A municipality.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// 全国地方公共団体コード, six digits.
    pub id: String,
    /// Name.
    pub name: String,
    /// Settings, as JSON: names of documents, title of the head.
    pub settings: String,
}

impl Store {
    /// Municipalities of this installation, by id.
    ///
    /// # Errors
    /// The database could not.
    pub async fn tenants(&self) -> Result<Vec<Tenant>, Error> {
        let rows = sqlx::query("SELECT id, name, settings FROM tenant ORDER BY id")
            .fetch_all(self.read())
            .await
            .map_err(Error::query("listing municipalities"))?;
        Ok(rows
            .iter()
            .map(|r| Tenant {
                id: r.get(0),
                name: r.get(1),
                settings: r.get(2),
            })
            .collect())
    }

    /// Stores a municipality, in place of the one of its id.
    ///
    /// # Errors
    /// The database could not.
    pub async fn put_tenant(&self, tenant: &Tenant) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO tenant (id, name, settings) VALUES ($1, $2, $3) \
             ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings",
        )
        .bind(&tenant.id)
        .bind(&tenant.name)
        .bind(&tenant.settings)
        .execute(self.writer())
        .await
        .map_err(Error::query("storing a municipality"))?;
        Ok(())
    }
}
