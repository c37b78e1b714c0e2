//! `enmusubi backup`, `restore`, `doctor` and `audit …`, as they are run.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_operation::Installation;
use enmusubi_storage::{audit::Entry, tenants::Tenant};
use enmusubi_vault::{ObjectId, PaperStore as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

const TENANT: &str = "131016";

fn enmusubi(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_enmusubi"));
    command
        .current_dir(folder)
        .args(["--lang", "en"])
        .args(args);
    command
}

fn run(folder: &Path, args: &[&str], code: i32) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = enmusubi(folder, args).output().unwrap();
    let text = String::from_utf8(stdout).unwrap() + &String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(code), "{args:?}: {text}");
    text
}

/// An installation at the default place, with so many papers of a megabyte.
fn furnished(papers: u8) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let data = folder.path().join("enmusubi-data");
        let there = Installation::open_or_begin(&data, None, None)
            .await
            .unwrap();
        let tenant = Tenant {
            id: TENANT.to_owned(),
            name: "作りもの市".to_owned(),
            settings: "{}".to_owned(),
        };
        there.store.put_tenant(&tenant).await.unwrap();
        for n in 0..papers {
            let bytes = vec![n; 1 << 20];
            let id = ObjectId::from_bytes([n; 16]);
            there
                .papers
                .put(&TENANT.parse().unwrap(), &id, &bytes)
                .await
                .unwrap();
        }
        let mut tx = there.store.begin(TENANT).await.unwrap();
        tx.audit(&Entry {
            at: "2026-11-02T00:30:00Z".to_owned(),
            actor: "suzuki".to_owned(),
            action: "view".to_owned(),
            subject: "R9-001".to_owned(),
            detail: String::new(),
        })
        .await
        .unwrap();
        tx.commit().await.unwrap();
        there.store.close().await;
    });
    folder
}

/// Lines with digests.
fn digests(text: &str) -> Vec<&str> {
    text.lines().filter(|l| l.starts_with("  ")).collect()
}

#[test]
fn a_backup_restores_to_the_same_digests() {
    let folder = furnished(2);
    let at = folder.path();
    let made = run(at, &["backup", "--out", "b"], 0);
    assert!(digests(&made).len() > 10, "{made}");
    run(at, &["backup", "--out", "b"], 5);
    let key = at.join("enmusubi-data.key");
    let key = key.to_str().unwrap();
    let new = ["--data", "new", "--key", key];
    let restored = run(at, &[&["restore", "--in", "b"][..], &new].concat(), 0);
    assert_eq!(digests(&restored), digests(&made));
    run(at, &[&["restore", "--in", "b"][..], &new].concat(), 2);
    run(
        at,
        &[&["audit", "head", "--out", "heads"][..], &new].concat(),
        0,
    );
    run(
        at,
        &[&["audit", "verify", "--heads", "heads"][..], &new].concat(),
        0,
    );
    std::fs::write(at.join("bad"), "enmusubi-backup 9\n").unwrap();
    let said = run(
        at,
        &["restore", "--in", "bad", "--data", "other", "--key", key],
        2,
    );
    assert!(said.contains("version 9"), "{said}");
    let said = run(at, &["doctor", "--data", "none"], 2);
    assert!(said.contains("There is no data folder"), "{said}");
    let said = enmusubi(at, &[&["doctor", "--rebuild"][..], &new].concat())
        .output()
        .unwrap();
    let said = String::from_utf8(said.stdout).unwrap();
    assert!(said.contains("good: ") && said.contains("whole"), "{said}");
}

#[cfg(unix)]
#[test]
fn killed_in_the_middle_it_leaves_no_half_file() {
    use std::os::unix::process::ExitStatusExt as _;
    let folder = furnished(120);
    let out = folder.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let mut child = enmusubi(folder.path(), &["backup", "--out", "out/b"])
        .spawn()
        .unwrap();
    // Begun: something is written, under another name.
    let begun = || {
        let mut files = std::fs::read_dir(&out).unwrap().flatten();
        files.any(|f| f.metadata().is_ok_and(|m| m.len() > 1 << 20))
    };
    while !begun() && child.try_wait().unwrap().is_none() {
        std::thread::sleep(Duration::from_millis(1));
    }
    child.kill().unwrap();
    assert_eq!(
        child.wait().unwrap().signal(),
        Some(9),
        "it was not killed in the middle"
    );
    let target: PathBuf = out.join("b");
    assert!(!target.exists());
    // What is left is no hindrance.
    run(folder.path(), &["backup", "--out", "out/b"], 0);
    assert!(target.exists());
}
