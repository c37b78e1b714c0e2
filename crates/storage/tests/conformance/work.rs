//! Jobs and saved views.

use super::streams::TENANT;
use enmusubi_storage::{Store, jobs::Job, views::View};

pub fn view(id: &str, owner: &str, name: &str) -> View {
    View {
        id: id.to_owned(),
        owner: owner.to_owned(),
        room: "inbox".to_owned(),
        name: name.to_owned(),
        query: "stage=confirm&text=%E6%B5%A6".to_owned(),
    }
}

pub async fn jobs_go_their_way(store: Store) {
    let asked = "2026-11-02T09:00:00Z";
    let mut tx = store.begin(TENANT).await.unwrap();
    for (id, at) in [("j1", asked), ("j2", asked), ("j3", "2026-11-02T09:00:01Z")] {
        tx.ask_job(id, "import", "{\"rows\":3}", "suzuki", at)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let ids = |jobs: Vec<Job>| jobs.into_iter().map(|j| j.id).collect::<Vec<_>>();
    assert_eq!(
        ids(store.jobs(TENANT, 10).await.unwrap()),
        ["j3", "j1", "j2"]
    );
    assert_eq!(ids(store.jobs(TENANT, 1).await.unwrap()), ["j3"]);
    assert_eq!(ids(store.open_jobs().await.unwrap()), ["j1", "j2", "j3"]);
    let first = store.job(TENANT, "j1").await.unwrap().unwrap();
    let expected = Job {
        tenant: TENANT.to_owned(),
        id: "j1".to_owned(),
        kind: "import".to_owned(),
        state: "waiting".to_owned(),
        input: "{\"rows\":3}".to_owned(),
        actor: "suzuki".to_owned(),
        created: asked.to_owned(),
        ..Job::default()
    };
    assert_eq!(first, expected);
    let mut tx = store.begin(TENANT).await.unwrap();
    assert!(tx.job_step("j1", 1, 3).await.unwrap());
    tx.cancel_job("j2").await.unwrap();
    assert!(!tx.job_step("j2", 1, 3).await.unwrap(), "asked to stop");
    assert!(!tx.job_step("j9", 1, 3).await.unwrap(), "no such job");
    tx.job_end("j1", "done", "{\"ok\":true}", "2026-11-02T09:01:00Z")
        .await
        .unwrap();
    assert!(!tx.job_step("j1", 2, 3).await.unwrap(), "it has ended");
    tx.job_end("j1", "failed", "", "2026-11-02T09:02:00Z")
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let first = store.job(TENANT, "j1").await.unwrap().unwrap();
    assert_eq!((&*first.state, first.done, first.total), ("done", 1, 3));
    assert_eq!(
        (&*first.result, &*first.finished),
        ("{\"ok\":true}", "2026-11-02T09:01:00Z")
    );
    let second = store.job(TENANT, "j2").await.unwrap().unwrap();
    assert_eq!((&*second.state, second.cancel), ("running", 1));
    assert_eq!(ids(store.open_jobs().await.unwrap()), ["j2", "j3"]);
    assert_eq!(store.job(TENANT, "j9").await.unwrap(), None);
}

pub async fn views_belong_to_their_owner(store: Store) {
    let put = async |v: &View| {
        let mut tx = store.begin(TENANT).await.unwrap();
        tx.put_view(v).await.unwrap();
        tx.commit().await.unwrap();
    };
    for v in [
        view("v1", "suzuki", "日本"),
        view("v2", "suzuki", "あ"),
        view("v3", "tanaka", "あ"),
    ] {
        put(&v).await;
    }
    let of = async |owner: &str| store.views(TENANT, owner, "inbox").await.unwrap();
    assert_eq!(
        of("suzuki").await,
        [view("v2", "suzuki", "あ"), view("v1", "suzuki", "日本")]
    );
    assert!(
        store
            .views(TENANT, "suzuki", "rounds")
            .await
            .unwrap()
            .is_empty()
    );
    let renamed = View {
        query: String::new(),
        ..view("v1", "suzuki", "い")
    };
    put(&renamed).await;
    let mut tx = store.begin(TENANT).await.unwrap();
    tx.drop_view("v2", "tanaka").await.unwrap();
    tx.drop_view("v3", "tanaka").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(
        of("suzuki").await,
        [view("v2", "suzuki", "あ"), renamed.clone()]
    );
    assert!(of("tanaka").await.is_empty());
    // Nobody saves over somebody else's.
    put(&View {
        owner: "tanaka".to_owned(),
        name: "奪".to_owned(),
        ..renamed.clone()
    })
    .await;
    assert_eq!(of("suzuki").await, [view("v2", "suzuki", "あ"), renamed]);
}
