//! What goes on in the background: the row of a job is ours and written in the caller's transaction; the job library runs it.

use crate::{Error, Store, Tx};
use sqlx::Row as _;

/// A job.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Job {
    /// Municipality.
    pub tenant: String,
    /// Its id.
    pub id: String,
    /// What it does.
    pub kind: String,
    /// `waiting`, `running`, `done`, `failed`, `cancelled`.
    pub state: String,
    /// What it works on, as JSON.
    pub input: String,
    /// Steps done.
    pub done: i64,
    /// Steps in all; 0: not known yet.
    pub total: i64,
    /// 1: somebody asked it to stop.
    pub cancel: i64,
    /// What came out, as JSON.
    pub result: String,
    /// Who asked for it.
    pub actor: String,
    /// When.
    pub created: String,
    /// When it ended; empty: it has not.
    pub finished: String,
}

const COLUMNS: &str = "tenant, id, kind, state, input, done, total, cancel, result, actor, \
                       created, finished";

impl Tx {
    /// Asks for a job.
    ///
    /// # Errors
    /// The database could not.
    pub async fn ask_job(
        &mut self,
        id: &str,
        kind: &str,
        input: &str,
        actor: &str,
        now: &str,
    ) -> Result<(), Error> {
        sqlx::query(
            "INSERT INTO job (tenant, id, kind, state, input, done, total, cancel, result, actor, \
             created, finished) VALUES ($1, $2, $3, 'waiting', $4, 0, 0, 0, '', $5, $6, '')",
        )
        .bind(&self.tenant)
        .bind(id)
        .bind(kind)
        .bind(input)
        .bind(actor)
        .bind(now)
        .execute(&mut *self.inner)
        .await
        .map_err(Error::query("asking for a job"))?;
        Ok(())
    }

    /// Notes how far a job is, in the transaction of its step. `false`: somebody asked it to stop.
    ///
    /// # Errors
    /// The database could not.
    pub async fn job_step(&mut self, id: &str, done: i64, total: i64) -> Result<bool, Error> {
        let cancel: Option<i64> = sqlx::query_scalar(
            "UPDATE job SET state = 'running', done = $3, total = $4 \
             WHERE tenant = $1 AND id = $2 AND finished = '' RETURNING cancel",
        )
        .bind(&self.tenant)
        .bind(id)
        .bind(done)
        .bind(total)
        .fetch_optional(&mut *self.inner)
        .await
        .map_err(Error::query("noting a step of a job"))?;
        Ok(cancel == Some(0))
    }

    /// Ends a job.
    ///
    /// # Errors
    /// The database could not.
    pub async fn job_end(
        &mut self,
        id: &str,
        state: &str,
        result: &str,
        now: &str,
    ) -> Result<(), Error> {
        sqlx::query(
            "UPDATE job SET state = $3, result = $4, finished = $5 \
             WHERE tenant = $1 AND id = $2 AND finished = ''",
        )
        .bind(&self.tenant)
        .bind(id)
        .bind(state)
        .bind(result)
        .bind(now)
        .execute(&mut *self.inner)
        .await
        .map_err(Error::query("ending a job"))?;
        Ok(())
    }

    /// Asks a job to stop.
    ///
    /// # Errors
    /// The database could not.
    pub async fn cancel_job(&mut self, id: &str) -> Result<(), Error> {
        sqlx::query("UPDATE job SET cancel = 1 WHERE tenant = $1 AND id = $2 AND finished = ''")
            .bind(&self.tenant)
            .bind(id)
            .execute(&mut *self.inner)
            .await
            .map_err(Error::query("cancelling a job"))?;
        Ok(())
    }
}

impl Store {
    /// A job.
    ///
    /// # Errors
    /// The database could not.
    pub async fn job(&self, tenant: &str, id: &str) -> Result<Option<Job>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM job WHERE tenant = $1 AND id = $2");
        let row = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(tenant)
            .bind(id)
            .fetch_optional(self.read())
            .await
            .map_err(Error::query("reading a job"))?;
        Ok(row.as_ref().map(job))
    }

    /// Jobs of a municipality, newest first.
    ///
    /// # Errors
    /// The database could not.
    pub async fn jobs(&self, tenant: &str, most: i64) -> Result<Vec<Job>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM job WHERE tenant = $1 ORDER BY created DESC, id LIMIT $2"
        );
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .bind(tenant)
            .bind(most)
            .fetch_all(self.read())
            .await
            .map_err(Error::query("listing jobs"))?;
        Ok(rows.iter().map(job).collect())
    }

    /// Jobs of every municipality that have not ended: what a worker takes up again after a crash.
    ///
    /// # Errors
    /// The database could not.
    pub async fn open_jobs(&self) -> Result<Vec<Job>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM job WHERE finished = '' ORDER BY created, id");
        let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
            .fetch_all(self.read())
            .await
            .map_err(Error::query("listing open jobs"))?;
        Ok(rows.iter().map(job).collect())
    }
}

fn job(r: &sqlx::any::AnyRow) -> Job {
    Job {
        tenant: r.get(0),
        id: r.get(1),
        kind: r.get(2),
        state: r.get(3),
        input: r.get(4),
        done: r.get(5),
        total: r.get(6),
        cancel: r.get(7),
        result: r.get(8),
        actor: r.get(9),
        created: r.get(10),
        finished: r.get(11),
    }
}
