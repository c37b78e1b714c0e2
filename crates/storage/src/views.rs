//! Saved views of lists.

use crate::{Error, Store, Tx};
use sqlx::Row as _;

/// A saved view: a room's filters under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its id.
    pub id: String,
    /// Account it belongs to.
    pub owner: String,
    /// The room.
    pub room: String,
    /// Its name.
    pub name: String,
    /// The query of the address.
    pub query: String,
}

impl Tx {
    /// Saves a view, in place of the one of its id; somebody else's stays as it is.
    ///
    /// # Errors
    /// The database could not.
    pub async fn put_view(&mut self, view: &View) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO saved_view (tenant, id, owner, room, name, query) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, id) \
             DO UPDATE SET name = excluded.name, query = excluded.query \
             WHERE saved_view.owner = excluded.owner",
        )
        .bind(&self.tenant)
        .bind(&view.id)
        .bind(&view.owner)
        .bind(&view.room)
        .bind(&view.name)
        .bind(&view.query)
        .execute(&mut *self.inner)
        .await
        .map_err(Error::query("saving a view"))?;
        Ok(())
    }

    /// Deletes a view of an account.
    ///
    /// # Errors
    /// The database could not.
    pub async fn drop_view(&mut self, id: &str, owner: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM saved_view WHERE tenant = $1 AND id = $2 AND owner = $3")
            .bind(&self.tenant)
            .bind(id)
            .bind(owner)
            .execute(&mut *self.inner)
            .await
            .map_err(Error::query("deleting a view"))?;
        Ok(())
    }
}

impl Store {
    /// Views of an account in a room, by name.
    ///
    /// # Errors
    /// The database could not.
    pub async fn views(&self, tenant: &str, owner: &str, room: &str) -> Result<Vec<View>, Error> {
        let rows = sqlx::query(
            "SELECT id, owner, room, name, query FROM saved_view \
             WHERE tenant = $1 AND owner = $2 AND room = $3 ORDER BY name, id",
        )
        .bind(tenant)
        .bind(owner)
        .bind(room)
        .fetch_all(self.read())
        .await
        .map_err(Error::query("listing views"))?;
        Ok(rows
            .iter()
            .map(|r| View {
                id: r.get(0),
                owner: r.get(1),
                room: r.get(2),
                name: r.get(3),
                query: r.get(4),
            })
            .collect())
    }
}
