//! A database of its own for each test.

use enmusubi_storage::{Store, audit::Key};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _};
use std::{
    future::Future,
    sync::atomic::{AtomicU32, Ordering},
};

/// Key of the chains in tests.
pub fn key() -> Key {
    Key::new([7; 32])
}

/// A database, and what has to go with it.
pub struct Place {
    pub store: Store,
    folder: Option<tempfile::TempDir>,
    /// Address of the server, name of the database.
    database: Option<(String, String)>,
}

/// SQLite in a folder of its own.
pub async fn sqlite() -> Place {
    let folder = tempfile::tempdir().unwrap();
    Place {
        store: Store::in_folder(folder.path(), key()).await.unwrap(),
        folder: Some(folder),
        database: None,
    }
}

/// A database of its own on the server, if there is a server.
pub async fn postgres() -> Option<Place> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let Ok(server) = std::env::var("ENMUSUBI_TEST_POSTGRES") else {
        assert!(
            std::env::var("CI").is_err(),
            "ENMUSUBI_TEST_POSTGRES is not set: run the tests by scripts/with-postgres"
        );
        eprintln!("skipped: ENMUSUBI_TEST_POSTGRES is not set (scripts/with-postgres sets it)");
        return None;
    };
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("enmusubi_storage_{}_{number}", std::process::id());
    run(&server, &format!("CREATE DATABASE {name}")).await;
    let (base, _) = server.rsplit_once('/').unwrap();
    let url = format!("{base}/{name}");
    Some(Place {
        store: Store::open(&url, key()).await.unwrap(),
        folder: None,
        database: Some((server, name)),
    })
}

async fn run(server: &str, sql: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(server).await.unwrap();
    connection
        .execute(AssertSqlSafe(sql.to_owned()))
        .await
        .unwrap();
    connection.close().await.unwrap();
}

impl Place {
    /// Runs a case, then takes the database away, also where the case failed.
    pub async fn run<F>(self, case: impl FnOnce(Store) -> F)
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let ended = tokio::spawn(case(self.store.clone())).await;
        self.end().await;
        if let Err(panic) = ended {
            std::panic::resume_unwind(panic.into_panic());
        }
    }

    /// Takes the database away.
    pub async fn end(self) {
        self.store.close().await;
        if let Some((server, name)) = self.database {
            run(&server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
        drop(self.folder);
    }
}

/// Writes past the program, as somebody with a database tool would.
pub async fn past(store: &Store, sql: &str) -> u64 {
    let mut connection = AnyConnection::connect(store.url()).await.unwrap();
    let done = connection
        .execute(AssertSqlSafe(sql.to_owned()))
        .await
        .unwrap();
    connection.close().await.unwrap();
    done.rows_affected()
}
