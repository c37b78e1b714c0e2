//! Backups from one database to the other, and what is wrong with bad ones. PostgreSQL as in the storage crate's tests.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_operation::{
    Error, Grade, Installation, backup, examine, heads, rebuild, restore, verify,
};
use enmusubi_storage::{audit::Entry, tenants::Tenant};
use enmusubi_vault::{Keys, ObjectId, PaperStore as _};
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Executor as _};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

const NOW: &str = "2026-11-02T00:30:00Z";

/// Where an installation of a test is.
struct Place {
    folder: tempfile::TempDir,
    database: Option<(String, String)>,
}

impl Place {
    async fn sqlite() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            database: None,
        }
    }

    async fn postgres() -> Option<Self> {
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
        let name = format!("enmusubi_operation_{}_{number}", std::process::id());
        run(&server, &format!("CREATE DATABASE {name}")).await;
        Some(Self {
            folder: tempfile::tempdir().unwrap(),
            database: Some((server, name)),
        })
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn url(&self) -> Option<String> {
        let (server, name) = self.database.as_ref()?;
        Some(format!("{}/{name}", server.rsplit_once('/').unwrap().0))
    }

    async fn open(&self, key: &Path) -> Installation {
        let url = self.url();
        Installation::open_or_begin(&self.data(), url.as_deref(), Some(key))
            .await
            .unwrap()
    }

    async fn end(self) {
        if let Some((server, name)) = &self.database {
            run(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
    }
}

async fn run(address: &str, sql: &str) {
    sqlx::any::install_default_drivers();
    let mut connection = AnyConnection::connect(address).await.unwrap();
    connection
        .execute(AssertSqlSafe(sql.to_owned()))
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// Two municipalities with papers and entries.
async fn furnish(there: &Installation) {
    for (tenant, papers) in [("131016", 3u8), ("131024", 1)] {
        let row = Tenant {
            id: tenant.to_owned(),
            name: "作りもの市".to_owned(),
            settings: "{}".to_owned(),
        };
        there.store.put_tenant(&row).await.unwrap();
        for n in 0..papers {
            // One is larger than a chunk of the seal, one is empty, all hold line ends.
            let bytes = vec![b'\n' + n; [0, 3, 2_500_000][usize::from(n)]];
            let id = ObjectId::from_bytes([n + 1; 16]);
            there
                .papers
                .put(&tenant.parse().unwrap(), &id, &bytes)
                .await
                .unwrap();
        }
        for n in 0..5 {
            let mut tx = there.store.begin(tenant).await.unwrap();
            tx.next("receipt").await.unwrap();
            tx.audit(&Entry {
                at: NOW.to_owned(),
                actor: "suzuki".to_owned(),
                action: "view".to_owned(),
                subject: format!("R9-{n}"),
                detail: "改行\nと \"引用\"".to_owned(),
            })
            .await
            .unwrap();
            tx.commit().await.unwrap();
        }
    }
}

async fn written(from: &Installation, to: &Path) -> enmusubi_operation::Manifest {
    let file = std::fs::File::create(to).unwrap();
    backup(from, file).await.unwrap()
}

async fn there_and_back(first: Place, second: Place) {
    let safe = tempfile::tempdir().unwrap();
    let key = safe.path().join("key");
    let one = first.open(&key).await;
    furnish(&one).await;
    let file = safe.path().join("backup");
    let made = written(&one, &file).await;
    assert_eq!((made.papers.len(), made.tables["audit"].rows), (4, 10));
    assert_eq!(made.tables["stream"].rows, 0);
    assert_eq!(verify(&file, &one.keys).unwrap(), made);
    // Nothing of it is readable.
    let bytes = std::fs::read(&file).unwrap();
    let readable = |text: &str| bytes.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(readable("enmusubi-backup 1\n") && !readable("131016") && !readable("suzuki"));

    let two = second.open(&key).await;
    assert_eq!(restore(&file, &two).await.unwrap(), made);
    let again = written(&two, &safe.path().join("again")).await;
    assert_eq!(again, made, "another database, the same digests");
    let (tenant, id) = ("131016".parse().unwrap(), ObjectId::from_bytes([3; 16]));
    let large = two.papers.get(&tenant, &id).await.unwrap().unwrap();
    assert_eq!(large, vec![b'\n' + 2; 2_500_000]);
    for (tenant, verified) in heads::verify(&two.store, &[]).await.unwrap() {
        assert_eq!(
            verified.unwrap(),
            one.store.audit_head(&tenant).await.unwrap()
        );
    }
    // Work goes on, and the chain with it.
    furnish(&two).await;
    assert!(
        heads::verify(&two.store, &[])
            .await
            .unwrap()
            .iter()
            .all(|v| v.1.is_ok())
    );
    let full = restore(&file, &two).await.unwrap_err();
    assert!(matches!(full, Error::NotEmpty { .. }), "{full:?}");
    for place in [&one, &two] {
        place.store.close().await;
    }
    first.end().await;
    second.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sqlite_to_postgres() {
    if let Some(second) = Place::postgres().await {
        there_and_back(Place::sqlite().await, second).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_postgres_to_sqlite() {
    if let Some(first) = Place::postgres().await {
        there_and_back(first, Place::sqlite().await).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn from_sqlite_to_sqlite() {
    there_and_back(Place::sqlite().await, Place::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_backups_are_told_apart_and_store_nothing() {
    let safe = tempfile::tempdir().unwrap();
    let key = safe.path().join("key");
    let first = Place::sqlite().await;
    let one = first.open(&key).await;
    furnish(&one).await;
    let file = safe.path().join("backup");
    written(&one, &file).await;
    let whole = std::fs::read(&file).unwrap();
    let with = |bytes: Vec<u8>| {
        let path = safe.path().join("bad");
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let second = Place::sqlite().await;
    let two = second.open(&key).await;
    type Is = fn(&Error) -> bool;
    let damaged: Is = |e| matches!(e, Error::Damaged);
    let mut cases: Vec<(Vec<u8>, Is)> = vec![
        (Vec::new(), |e| matches!(e, Error::NoBackup)),
        (b"PK\x03\x04 some workbook".to_vec(), |e| {
            matches!(e, Error::NoBackup)
        }),
        (
            b"enmusubi-backup 2\nxyz".to_vec(),
            |e| matches!(e, Error::Version { version } if version == "2"),
        ),
    ];
    for cut in [20, 60, 1_000_000, whole.len() - 1] {
        cases.push((whole[..cut].to_vec(), damaged));
    }
    for at in [100, 1_500_000, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[at] ^= 1;
        cases.push((changed, damaged));
    }
    for (bytes, is) in cases {
        let length = bytes.len();
        let said = restore(&with(bytes), &two).await.unwrap_err();
        assert!(is(&said), "{length}: {said:?}");
        assert!(said.text().ja != said.text().en);
        assert!(two.store.is_empty().await.unwrap(), "{length}");
        assert!(
            two.papers
                .list(&"131016".parse().unwrap())
                .await
                .unwrap()
                .is_empty()
        );
    }
    let other = verify(&file, &Keys::of_bytes([9; 32])).unwrap_err();
    assert!(matches!(other, Error::WrongKey), "{other:?}");
    let missing = verify(&safe.path().join("none"), &one.keys).unwrap_err();
    assert!(matches!(missing, Error::Read(_)), "{missing:?}");
    // A key that was added since opens what an older one sealed.
    assert!(verify(&file, &one.keys.rotated().unwrap()).is_ok());
    // Papers of an interrupted restore are no hindrance, others are.
    let tenant = "131016".parse().unwrap();
    let stray = ObjectId::from_bytes([99; 16]);
    two.papers.put(&tenant, &stray, b"x").await.unwrap();
    let said = restore(&file, &two).await.unwrap_err();
    assert!(matches!(said, Error::NotEmpty { .. }), "{said:?}");
    two.papers.delete(&tenant, &stray).await.unwrap();
    two.papers
        .put(&tenant, &ObjectId::from_bytes([1; 16]), b"")
        .await
        .unwrap();
    restore(&file, &two).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_folders_are_looked_after() {
    let place = Place::sqlite().await;
    let data = place.data();
    let none = Installation::open(&data, None, None).await.unwrap_err();
    assert!(matches!(none, Error::NoData { .. }), "{none:?}");
    let begun = Installation::open_or_begin(&data, None, None)
        .await
        .unwrap();
    assert_eq!(begun.key_file, enmusubi_operation::key_beside(&data));
    assert_eq!(
        begun.key_file.parent(),
        data.canonicalize().unwrap().parent()
    );
    begun.store.close().await;
    let inside = data.join("key");
    let refused = Installation::open_or_begin(&data, None, Some(&inside))
        .await
        .unwrap_err();
    assert!(matches!(refused, Error::Keys(_)), "{refused:?}");
    // Data whose keys are gone are not gone on with under new ones.
    std::fs::rename(&begun.key_file, place.folder.path().join("elsewhere")).unwrap();
    let gone = Installation::open_or_begin(&data, None, None)
        .await
        .unwrap_err();
    assert!(matches!(gone, Error::Keys(_)), "{gone:?}");
    assert!(!begun.key_file.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_finds_what_is_wrong() {
    let place = Place::sqlite().await;
    let key = place.folder.path().join("key");
    let one = place.open(&key).await;
    let now = NOW.parse().unwrap();
    let keys = async |now| {
        let found = examine(&one, now).await.unwrap();
        assert!(
            found.iter().all(|f| !f.text().ja.contains('{')),
            "{found:?}"
        );
        let of = |grade| {
            let with = found
                .iter()
                .filter(|f| f.grade == grade && f.key != "space-low");
            with.map(|f| f.key).collect::<Vec<_>>()
        };
        (of(Grade::Problem), of(Grade::Note))
    };
    assert_eq!(keys(now).await, (vec![], vec!["no-tenant"]));
    furnish(&one).await;
    assert_eq!(keys(now).await, (vec![], vec!["paper-orphans"; 2]));
    let early = "2026-11-01T00:00:00Z".parse().unwrap();
    assert_eq!(keys(early).await.0, ["clock-behind"; 2]);
    let clock: enmusubi_app::Clock = Arc::new(move || now);
    assert_eq!(rebuild(&one, clock).await.unwrap(), 0);
    assert!(keys(now).await.0.is_empty());

    let ends = place.folder.path().join("heads");
    for _ in 0..2 {
        heads::append(&ends, &heads::now(&one.store, NOW).await.unwrap()).unwrap();
    }
    let lines = heads::read(&ends).unwrap();
    assert_eq!(lines.len(), 4);
    assert!(
        heads::verify(&one.store, &lines)
            .await
            .unwrap()
            .iter()
            .all(|v| v.1.is_ok())
    );
    let url = format!("sqlite://{}", place.data().join("enmusubi.db").display());
    run(&url, "DELETE FROM tenant WHERE id = '131024'").await;
    run(&url, "DELETE FROM audit WHERE tenant = '131024'").await;
    run(&url, "DELETE FROM audit_head WHERE tenant = '131024'").await;
    let verified = heads::verify(&one.store, &lines).await.unwrap();
    assert!(
        verified[0].1.is_ok() && verified[1].1.is_err(),
        "{verified:?}"
    );
    run(&url, "UPDATE audit SET actor = 'x' WHERE seq = 2").await;
    run(
        &url,
        "INSERT INTO event VALUES ('131016', 'round', 'r', 1, '2026-11-02T00:30:00Z', 'x', 'x', '{}')",
    )
    .await;
    run(
        &url,
        "INSERT INTO stream VALUES ('131016', 'round', 'r', 1, '2026-11-02T00:30:00Z', '{')",
    )
    .await;
    assert_eq!(keys(now).await.0, ["chain-broken", "stream-damaged"]);
    std::fs::write(&ends, "{}\n").unwrap();
    let said = heads::read(&ends).unwrap_err();
    assert!(
        matches!(said, Error::Heads(ref l) if l.line == 1),
        "{said:?}"
    );
}
