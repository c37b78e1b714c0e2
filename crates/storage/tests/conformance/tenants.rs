//! Municipalities, and what one sees of another: nothing.

use super::{people, streams, work};
use enmusubi_storage::{
    Error, Store,
    audit::{Entry, Wanted},
    cases::{CaseQuery, CaseRow, Projected},
    tenants::Tenant,
};

pub fn tenant(id: &str, name: &str) -> Tenant {
    Tenant {
        id: id.to_owned(),
        name: name.to_owned(),
        settings: "{}".to_owned(),
    }
}

pub fn entry(n: usize) -> Entry {
    Entry {
        at: format!("2026-11-02T09:00:{n:02}Z"),
        actor: ["suzuki", "tanaka"][n % 2].to_owned(),
        action: ["view", "household.entered", "search"][n % 3].to_owned(),
        subject: format!("R9-00{}", n % 2),
        detail: "文字 %_'".to_owned(),
    }
}

/// Everything a municipality has, once.
pub async fn furnish(store: &Store, id: &str) {
    store.put_tenant(&tenant(id, id)).await.unwrap();
    streams::note(store, id, "a", &["一", "二"]).await;
    let mut tx = store.begin(id).await.unwrap();
    tx.next("receipt").await.unwrap();
    let row = CaseRow {
        number: "R9-001".to_owned(),
        household: "h1".to_owned(),
        round: "r".to_owned(),
        stage: "ready".to_owned(),
        name: format!("浦田 {id}"),
        points: Some(-1500),
        ..CaseRow::default()
    };
    let made = Projected {
        rows: vec![
            row.clone(),
            CaseRow {
                number: "R9-002".to_owned(),
                points: None,
                ..row
            },
        ],
        keys: vec![("k".to_owned(), "R9-001".to_owned())],
        closed_to: vec!["suzuki".to_owned()],
    };
    tx.project("h1", &made).await.unwrap();
    tx.take_login("suzuki", "suzuki").await.unwrap();
    tx.put_secret("suzuki", &people::secret("p", "password"))
        .await
        .unwrap();
    tx.hold_form(&people::form("f")).await.unwrap();
    tx.ask_job("j", "import", "", "suzuki", "2026-11-02T09:00:00Z")
        .await
        .unwrap();
    tx.put_view(&work::view("v", "suzuki", "名")).await.unwrap();
    for n in 0..3 {
        tx.audit(&entry(n)).await.unwrap();
    }
    tx.commit().await.unwrap();
}

pub async fn are_listed_and_replaced(store: Store) {
    assert!(store.is_empty().await.unwrap());
    for t in [
        tenant("131024", "中央"),
        tenant("131016", "千代田"),
        tenant("131024", "中央区"),
    ] {
        store.put_tenant(&t).await.unwrap();
    }
    let all = store.tenants().await.unwrap();
    assert_eq!(
        all,
        [tenant("131016", "千代田"), tenant("131024", "中央区")]
    );
    assert_eq!(store.filled().await.unwrap(), Some("tenant"));
    let mut tx = store.begin("Ä/..").await.unwrap();
    let refused = tx.audit(&entry(0)).await.unwrap_err();
    assert!(matches!(refused, Error::Tenant { .. }), "{refused:?}");
}

pub async fn never_see_each_other(store: Store) {
    let (own, other) = ("131016", "131024");
    furnish(&store, own).await;
    store.put_tenant(&tenant(other, other)).await.unwrap();
    let query = CaseQuery {
        most: 100,
        sees_protected: true,
        ..CaseQuery::default()
    };
    let now = "2026-11-02T00:00:00Z";
    let wanted = Wanted {
        most: 100,
        ..Wanted::default()
    };
    store
        .put_session(&people::session("s", "suzuki", "2026-11-03T00:00:00Z"))
        .await
        .unwrap();
    // How many of everything a municipality sees.
    let sees = async |id: &str| {
        let t = store.clone();
        let mut tx = t.begin(id).await.unwrap();
        let held = tx.take_form("f", "suzuki", now).await.unwrap().is_some();
        let within = tx.load::<streams::Notes>("a").await.unwrap().is_some();
        let alike = tx.count_similar(&["k".to_owned()], "h9").await.unwrap();
        drop(tx);
        [
            i64::from(held),
            i64::from(within),
            alike,
            i64::from(t.load::<streams::Notes>(id, "a").await.unwrap().is_some()),
            t.all::<streams::Notes>(id).await.unwrap().len() as i64,
            t.events(id, "notes", "a").await.unwrap().len() as i64,
            t.stamp(id, ["notes", "", "", ""]).await.unwrap().0,
            t.cases(id, &query).await.unwrap().len() as i64,
            t.count_cases(id, &query).await.unwrap(),
            t.stages(id, "r").await.unwrap().len() as i64,
            i64::from(t.case(id, "R9-001").await.unwrap().is_some()),
            i64::from(t.is_closed(id, "h1", "suzuki").await.unwrap()),
            i64::from(t.account_of(id, "suzuki").await.unwrap().is_some()),
            t.secrets(id, "suzuki", "password").await.unwrap().len() as i64,
            t.sessions(id, "suzuki", now).await.unwrap().len() as i64,
            i64::from(t.job(id, "j").await.unwrap().is_some()),
            t.jobs(id, 9).await.unwrap().len() as i64,
            t.views(id, "suzuki", "inbox").await.unwrap().len() as i64,
            t.audit_list(id, &wanted).await.unwrap().len() as i64,
            t.audit_head(id).await.unwrap().seq,
        ]
    };
    assert!(
        sees(own).await.iter().all(|n| *n > 0),
        "{:?}",
        sees(own).await
    );
    assert_eq!(sees(other).await, [0; 20]);
    // Nor does it change anything of it.
    let before = sees(own).await;
    let mut tx = store.begin(other).await.unwrap();
    tx.project("h1", &Projected::default()).await.unwrap();
    tx.drop_secret("suzuki", "p").await.unwrap();
    tx.end_sessions("suzuki").await.unwrap();
    tx.drop_view("v", "suzuki").await.unwrap();
    tx.cancel_job("j").await.unwrap();
    tx.job_end("j", "failed", "", now).await.unwrap();
    assert_eq!(tx.next("receipt").await.unwrap(), 1);
    assert!(tx.take_login("suzuki", "someone").await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(sees(own).await, before);
    let job = store.job(own, "j").await.unwrap().unwrap();
    assert_eq!((job.cancel, &*job.finished), (0, ""));
    // The same content of both is told apart, and so are their cases that look alike.
    furnish(&store, "131032").await;
    assert!(store.similar(own, "R9-001").await.unwrap().is_empty());
    let chains = [own, "131032"].map(|id| store.audit_head(id));
    let [a, b] = chains;
    assert_ne!(a.await.unwrap().mac, b.await.unwrap().mac);
}
