//! Logins, secrets, sessions, failed attempts, held forms.

use super::streams::TENANT;
use enmusubi_storage::{
    Store,
    people::{HeldForm, Secret, SessionRow},
};

const NOW: &str = "2026-11-02T09:00:00Z";
const LATER: &str = "2026-11-02T10:00:00Z";

pub fn session(id: &str, account: &str, expires: &str) -> SessionRow {
    SessionRow {
        id: id.to_owned(),
        tenant: TENANT.to_owned(),
        account: account.to_owned(),
        body: "{}".to_owned(),
        created: format!("2026-11-02T08:00:00{id}"),
        expires: expires.to_owned(),
    }
}

pub fn form(id: &str) -> HeldForm {
    HeldForm {
        id: id.to_owned(),
        account: "suzuki".to_owned(),
        path: "/cases/R9-001".to_owned(),
        body: "sealed".to_owned(),
        expires: LATER.to_owned(),
    }
}

pub fn secret(id: &str, kind: &str) -> Secret {
    Secret {
        id: id.to_owned(),
        kind: kind.to_owned(),
        body: "made-up".to_owned(),
        created: NOW.to_owned(),
    }
}

pub async fn logins_belong_to_one(store: Store) {
    let mut tx = store.begin(TENANT).await.unwrap();
    assert!(tx.take_login("鈴木", "suzuki").await.unwrap());
    assert!(!tx.take_login("鈴木", "tanaka").await.unwrap());
    tx.commit().await.unwrap();
    let account = store.account_of(TENANT, "鈴木").await.unwrap();
    assert_eq!(account.as_deref(), Some("suzuki"));
    assert_eq!(store.account_of(TENANT, "田中").await.unwrap(), None);
}

pub async fn secrets_come_and_go(store: Store) {
    let put = async |s: &Secret| {
        let mut tx = store.begin(TENANT).await.unwrap();
        tx.put_secret("suzuki", s).await.unwrap();
        tx.commit().await.unwrap();
    };
    for s in [
        secret("b", "passkey"),
        secret("a", "passkey"),
        secret("p", "password"),
    ] {
        put(&s).await;
    }
    let passkeys = store.secrets(TENANT, "suzuki", "passkey").await.unwrap();
    assert_eq!(passkeys, [secret("a", "passkey"), secret("b", "passkey")]);
    let newer = Secret {
        body: "newer".to_owned(),
        created: LATER.to_owned(),
        ..secret("a", "passkey")
    };
    put(&newer).await;
    let mut tx = store.begin(TENANT).await.unwrap();
    tx.drop_secret("suzuki", "b").await.unwrap();
    tx.drop_secret("tanaka", "a").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        store.secrets(TENANT, "suzuki", "passkey").await.unwrap(),
        [newer]
    );
    assert_eq!(
        store
            .secrets(TENANT, "suzuki", "password")
            .await
            .unwrap()
            .len(),
        1
    );
    assert!(
        store
            .secrets(TENANT, "tanaka", "passkey")
            .await
            .unwrap()
            .is_empty()
    );
}

pub async fn sessions_end(store: Store) {
    for id in ["b", "a"] {
        store
            .put_session(&session(id, "suzuki", LATER))
            .await
            .unwrap();
    }
    store
        .put_session(&session("over", "suzuki", NOW))
        .await
        .unwrap();
    store.put_session(&session("c", "", LATER)).await.unwrap();
    let signed_in = SessionRow {
        body: "{\"x\":1}".to_owned(),
        ..session("c", "tanaka", LATER)
    };
    store.put_session(&signed_in).await.unwrap();
    assert_eq!(store.session("c", NOW).await.unwrap(), Some(signed_in));
    assert_eq!(store.session("over", NOW).await.unwrap(), None);
    assert_eq!(store.session("c", LATER).await.unwrap(), None);
    let of = store.sessions(TENANT, "suzuki", NOW).await.unwrap();
    assert_eq!(
        of,
        [session("a", "suzuki", LATER), session("b", "suzuki", LATER)]
    );
    store.end_session("a").await.unwrap();
    assert_eq!(store.session("a", NOW).await.unwrap(), None);
    let mut tx = store.begin(TENANT).await.unwrap();
    assert_eq!(tx.end_sessions("suzuki").await.unwrap(), 2);
    tx.commit().await.unwrap();
    assert!(
        store
            .sessions(TENANT, "suzuki", NOW)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(store.session("c", NOW).await.unwrap().is_some());
    store.sweep(LATER).await.unwrap();
    assert_eq!(store.session("c", NOW).await.unwrap(), None);
}

pub async fn failures_count_until_they_are_over(store: Store) {
    assert_eq!(store.failures("login:suzuki", NOW).await.unwrap(), 0);
    for n in 1..=3 {
        assert_eq!(store.fail("login:suzuki", NOW, LATER).await.unwrap(), n);
    }
    assert_eq!(store.failures("login:suzuki", NOW).await.unwrap(), 3);
    assert_eq!(store.failures("login:tanaka", NOW).await.unwrap(), 0);
    assert_eq!(store.failures("login:suzuki", LATER).await.unwrap(), 0);
    assert_eq!(
        store
            .fail("login:suzuki", LATER, "2026-11-02T11:00:00Z")
            .await
            .unwrap(),
        1
    );
    store.forgive("login:suzuki").await.unwrap();
    assert_eq!(store.failures("login:suzuki", LATER).await.unwrap(), 0);
    // None is lost where many fail at once.
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { store.fail("address", NOW, LATER).await.unwrap() })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(store.failures("address", NOW).await.unwrap(), 8);
    store.sweep(LATER).await.unwrap();
    assert_eq!(store.failures("address", NOW).await.unwrap(), 0);
}

pub async fn held_forms_are_given_once(store: Store) {
    let mut tx = store.begin(TENANT).await.unwrap();
    for id in ["a", "b", "c"] {
        tx.hold_form(&form(id)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = store.begin(TENANT).await.unwrap();
    assert_eq!(tx.take_form("a", "tanaka", NOW).await.unwrap(), None);
    assert_eq!(tx.take_form("b", "suzuki", LATER).await.unwrap(), None);
    assert_eq!(
        tx.take_form("a", "suzuki", NOW).await.unwrap(),
        Some(form("a"))
    );
    assert_eq!(tx.take_form("a", "suzuki", NOW).await.unwrap(), None);
    tx.commit().await.unwrap();
    store.sweep(LATER).await.unwrap();
    let mut tx = store.begin(TENANT).await.unwrap();
    assert_eq!(tx.take_form("c", "suzuki", NOW).await.unwrap(), None);
}
