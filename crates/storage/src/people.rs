//! Logins, secrets, sessions, failed attempts, held forms: what belongs to accounts and is no event.

use crate::{Error, Store, Tx};
use sqlx::Row as _;

/// A secret of an account: a password's hash or a passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its id within the account.
    pub id: String,
    /// `password`, `passkey`.
    pub kind: String,
    /// The hash, or the key as JSON.
    pub body: String,
    /// When it was made.
    pub created: String,
}

/// A session as stored. Its id is a digest of what the browser holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// Digest of the cookie's value.
    pub id: String,
    /// Municipality; empty until somebody has signed in.
    pub tenant: String,
    /// Account; empty until somebody has signed in.
    pub account: String,
    /// What it remembers, as JSON.
    pub body: String,
    /// When it began.
    pub created: String,
    /// When it ends.
    pub expires: String,
}

/// A form that came in after its session had ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldForm {
    /// Its id, a random secret.
    pub id: String,
    /// The account whose session had ended.
    pub account: String,
    /// Where it was sent.
    pub path: String,
    /// What was typed, sealed.
    pub body: String,
    /// When it is dropped.
    pub expires: String,
}

impl Tx {
    /// Gives a login to an account. `false`: somebody has it.
    ///
    /// # Errors
    /// The database could not.
    pub async fn take_login(&mut self, login: &str, account: &str) -> Result<bool, Error> {
        let done = sqlx::query(
            "INSERT INTO login (tenant, login, account) VALUES ($1, $2, $3) \
             ON CONFLICT (tenant, login) DO NOTHING",
        )
        .bind(&self.tenant)
        .bind(login)
        .bind(account)
        .execute(&mut *self.inner)
        .await
        .map_err(Error::query("giving a login"))?;
        Ok(done.rows_affected() == 1)
    }

    /// Stores a secret, in place of one of the same id.
    ///
    /// # Errors
    /// The database could not.
    pub async fn put_secret(&mut self, account: &str, secret: &Secret) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO secret (tenant, account, id, kind, body, created) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (tenant, account, id) \
             DO UPDATE SET body = excluded.body, created = excluded.created",
        )
        .bind(&self.tenant)
        .bind(account)
        .bind(&secret.id)
        .bind(&secret.kind)
        .bind(&secret.body)
        .bind(&secret.created)
        .execute(&mut *self.inner)
        .await
        .map_err(Error::query("storing a secret"))?;
        Ok(())
    }

    /// Deletes a secret.
    ///
    /// # Errors
    /// The database could not.
    pub async fn drop_secret(&mut self, account: &str, id: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM secret WHERE tenant = $1 AND account = $2 AND id = $3")
            .bind(&self.tenant)
            .bind(account)
            .bind(id)
            .execute(&mut *self.inner)
            .await
            .map_err(Error::query("deleting a secret"))?;
        Ok(())
    }

    /// Ends every session of an account.
    ///
    /// # Errors
    /// The database could not.
    pub async fn end_sessions(&mut self, account: &str) -> Result<u64, Error> {
        let done = sqlx::query("DELETE FROM session WHERE tenant = $1 AND account = $2")
            .bind(&self.tenant)
            .bind(account)
            .execute(&mut *self.inner)
            .await
            .map_err(Error::query("ending sessions"))?;
        Ok(done.rows_affected())
    }

    /// Keeps a form that came in after its session had ended.
    ///
    /// # Errors
    /// The database could not.
    pub async fn hold_form(&mut self, form: &HeldForm) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO held_form (tenant, id, account, path, body, expires) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&self.tenant)
        .bind(&form.id)
        .bind(&form.account)
        .bind(&form.path)
        .bind(&form.body)
        .bind(&form.expires)
        .execute(&mut *self.inner)
        .await
        .map_err(Error::query("keeping a form"))?;
        Ok(())
    }

    /// Takes a kept form back, once, by the account it belongs to.
    ///
    /// # Errors
    /// The database could not.
    pub async fn take_form(
        &mut self,
        id: &str,
        account: &str,
        now: &str,
    ) -> Result<Option<HeldForm>, Error> {
        let row = sqlx::query(
            "DELETE FROM held_form WHERE tenant = $1 AND id = $2 AND account = $3 AND expires > $4 \
             RETURNING path, body, expires",
        )
        .bind(&self.tenant)
        .bind(id)
        .bind(account)
        .bind(now)
        .fetch_optional(&mut *self.inner)
        .await
        .map_err(Error::query("taking a form back"))?;
        Ok(row.map(|row| HeldForm {
            id: id.to_owned(),
            account: account.to_owned(),
            path: row.get(0),
            body: row.get(1),
            expires: row.get(2),
        }))
    }
}

impl Store {
    /// The account of a login.
    ///
    /// # Errors
    /// The database could not.
    pub async fn account_of(&self, tenant: &str, login: &str) -> Result<Option<String>, Error> {
        sqlx::query_scalar("SELECT account FROM login WHERE tenant = $1 AND login = $2")
            .bind(tenant)
            .bind(login)
            .fetch_optional(self.read())
            .await
            .map_err(Error::query("looking a login up"))
    }

    /// Secrets of an account, of a kind.
    ///
    /// # Errors
    /// The database could not.
    pub async fn secrets(
        &self,
        tenant: &str,
        account: &str,
        kind: &str,
    ) -> Result<Vec<Secret>, Error> {
        let rows = sqlx::query(
            "SELECT id, kind, body, created FROM secret \
             WHERE tenant = $1 AND account = $2 AND kind = $3 ORDER BY created, id",
        )
        .bind(tenant)
        .bind(account)
        .bind(kind)
        .fetch_all(self.read())
        .await
        .map_err(Error::query("reading secrets"))?;
        Ok(rows
            .iter()
            .map(|r| Secret {
                id: r.get(0),
                kind: r.get(1),
                body: r.get(2),
                created: r.get(3),
            })
            .collect())
    }

    /// Stores a session, in place of the one of its id. The id is the only key: it is known before anybody is.
    ///
    /// # Errors
    /// The database could not.
    pub async fn put_session(&self, s: &SessionRow) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO session (id, tenant, account, body, created, expires) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET \
             tenant = excluded.tenant, account = excluded.account, body = excluded.body, \
             expires = excluded.expires",
        )
        .bind(&s.id)
        .bind(&s.tenant)
        .bind(&s.account)
        .bind(&s.body)
        .bind(&s.created)
        .bind(&s.expires)
        .execute(self.writer())
        .await
        .map_err(Error::query("storing a session"))?;
        Ok(())
    }

    /// A session that has not ended.
    ///
    /// # Errors
    /// The database could not.
    pub async fn session(&self, id: &str, now: &str) -> Result<Option<SessionRow>, Error> {
        let row = sqlx::query(
            "SELECT id, tenant, account, body, created, expires FROM session \
             WHERE id = $1 AND expires > $2",
        )
        .bind(id)
        .bind(now)
        .fetch_optional(self.read())
        .await
        .map_err(Error::query("reading a session"))?;
        Ok(row.as_ref().map(session))
    }

    /// Sessions of an account that have not ended.
    ///
    /// # Errors
    /// The database could not.
    pub async fn sessions(
        &self,
        tenant: &str,
        account: &str,
        now: &str,
    ) -> Result<Vec<SessionRow>, Error> {
        let rows = sqlx::query(
            "SELECT id, tenant, account, body, created, expires FROM session \
             WHERE tenant = $1 AND account = $2 AND expires > $3 ORDER BY created",
        )
        .bind(tenant)
        .bind(account)
        .bind(now)
        .fetch_all(self.read())
        .await
        .map_err(Error::query("listing sessions"))?;
        Ok(rows.iter().map(session).collect())
    }

    /// Ends a session.
    ///
    /// # Errors
    /// The database could not.
    pub async fn end_session(&self, id: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM session WHERE id = $1")
            .bind(id)
            .execute(self.writer())
            .await
            .map_err(Error::query("ending a session"))?;
        Ok(())
    }

    /// Drops sessions, held forms and failed attempts that are over.
    ///
    /// # Errors
    /// The database could not.
    pub async fn sweep(&self, now: &str) -> Result<(), Error> {
        for sql in [
            "DELETE FROM session WHERE expires <= $1",
            "DELETE FROM held_form WHERE expires <= $1",
            "DELETE FROM throttle WHERE until <= $1",
        ] {
            sqlx::query(sql)
                .bind(now)
                .execute(self.writer())
                .await
                .map_err(Error::query("sweeping what is over"))?;
        }
        Ok(())
    }

    /// Failed attempts of a key that still count.
    ///
    /// # Errors
    /// The database could not.
    pub async fn failures(&self, key: &str, now: &str) -> Result<i64, Error> {
        let found: Option<i64> =
            sqlx::query_scalar("SELECT failures FROM throttle WHERE key = $1 AND until > $2")
                .bind(key)
                .bind(now)
                .fetch_optional(self.read())
                .await
                .map_err(Error::query("counting failed attempts"))?;
        Ok(found.unwrap_or(0))
    }

    /// Counts a failed attempt; those before `now` that are over count no more.
    ///
    /// # Errors
    /// The database could not.
    pub async fn fail(&self, key: &str, now: &str, until: &str) -> Result<i64, Error> {
        sqlx::query_scalar(
            "INSERT INTO throttle (key, failures, until) VALUES ($1, 1, $3) \
             ON CONFLICT (key) DO UPDATE SET failures = CASE WHEN throttle.until > $2 \
             THEN throttle.failures + 1 ELSE 1 END, until = excluded.until RETURNING failures",
        )
        .bind(key)
        .bind(now)
        .bind(until)
        .fetch_one(self.writer())
        .await
        .map_err(Error::query("counting a failed attempt"))
    }

    /// Forgets failed attempts of a key.
    ///
    /// # Errors
    /// The database could not.
    pub async fn forgive(&self, key: &str) -> Result<(), Error> {
        sqlx::query("DELETE FROM throttle WHERE key = $1")
            .bind(key)
            .execute(self.writer())
            .await
            .map_err(Error::query("forgetting failed attempts"))?;
        Ok(())
    }
}

fn session(r: &sqlx::any::AnyRow) -> SessionRow {
    SessionRow {
        id: r.get(0),
        tenant: r.get(1),
        account: r.get(2),
        body: r.get(3),
        created: r.get(4),
        expires: r.get(5),
    }
}
