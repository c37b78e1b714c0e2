//! Streams of events, transactions, counters.

use super::place::past;
use enmusubi_casefile::{Aggregate, Meta};
use enmusubi_storage::{Store, events::Loaded};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

pub const TENANT: &str = "131016";

/// A stream that remembers who wrote what.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Notes(pub Vec<(String, String)>);

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Written(pub String);

impl Aggregate for Notes {
    type Event = Written;
    const KIND: &'static str = "notes";

    fn apply(&mut self, event: &Written, meta: &Meta) {
        self.0.push((event.0.clone(), meta.by.clone()));
    }

    fn name(_: &Written) -> &'static str {
        "written"
    }
}

pub fn meta(by: &str) -> Meta {
    Meta {
        at: "2026-11-02T00:30:00Z".parse().unwrap(),
        by: by.to_owned(),
    }
}

pub fn written(texts: &[&str]) -> Vec<Written> {
    texts.iter().map(|t| Written((*t).to_owned())).collect()
}

/// Appends to a stream as it is now.
pub async fn note(store: &Store, tenant: &str, id: &str, texts: &[&str]) -> Loaded<Notes> {
    let mut tx = store.begin(tenant).await.unwrap();
    let loaded = tx.load::<Notes>(id).await.unwrap();
    let loaded = loaded.unwrap_or_else(|| Loaded::new(id.to_owned()));
    let after = tx.append(loaded, &written(texts), &meta("suzuki")).await;
    tx.commit().await.unwrap();
    after.unwrap()
}

pub async fn what_is_appended_is_there(store: Store) {
    assert_eq!(store.load::<Notes>(TENANT, "a").await.unwrap(), None);
    let after = note(&store, TENANT, "a", &["一", "二"]).await;
    assert_eq!(after.version, 2);
    let after = note(&store, TENANT, "a", &["𠮷田 葛\u{E0100}飾"]).await;
    assert_eq!(after.version, 3);
    note(&store, TENANT, "Z", &["先"]).await;
    assert_eq!(store.load(TENANT, "a").await.unwrap(), Some(after.clone()));
    // By bytes: capitals come first.
    let all = store.all::<Notes>(TENANT).await.unwrap();
    let ids: Vec<_> = all.iter().map(|l| l.id.as_str()).collect();
    assert_eq!(ids, ["Z", "a"]);
    assert_eq!(all[1], after);
    let events = store.events(TENANT, "notes", "a").await.unwrap();
    let versions: Vec<_> = events.iter().map(|e| e.version).collect();
    assert_eq!(versions, [1, 2, 3]);
    assert_eq!(events[2].body, "\"𠮷田 葛\u{E0100}飾\"");
    assert_eq!((&*events[0].actor, &*events[0].name), ("suzuki", "written"));
    assert_eq!(events[0].at, "2026-11-02T00:30:00Z");
    assert!(store.events(TENANT, "other", "a").await.unwrap().is_empty());
    // Nothing to append is nothing.
    let same = note(&store, TENANT, "a", &[]).await;
    assert_eq!(same, after);
}

pub async fn of_two_writers_one_wins(store: Store) {
    let start = note(&store, TENANT, "a", &["始"]).await;
    for (first, second) in [
        (start.clone(), start),
        (Loaded::new("b".to_owned()), Loaded::new("b".to_owned())),
    ] {
        let id = first.id.clone();
        let before = first.version;
        let mut tx = store.begin(TENANT).await.unwrap();
        tx.append(first, &written(&["勝"]), &meta("suzuki"))
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut tx = store.begin(TENANT).await.unwrap();
        let late = tx
            .append(second, &written(&["負"]), &meta("tanaka"))
            .await
            .unwrap_err();
        assert!(late.is_conflict(), "{late}");
        assert!(!late.is_full());
        drop(tx);
        let there = store.load::<Notes>(TENANT, &id).await.unwrap().unwrap();
        assert_eq!(there.version, before + 1);
        assert_eq!(
            there.state.0.last().unwrap(),
            &("勝".to_owned(), "suzuki".to_owned())
        );
        assert_eq!(
            store.events(TENANT, "notes", &id).await.unwrap().len() as i64,
            there.version
        );
    }
}

pub async fn of_eight_tasks_one_wins_each_round(store: Store) {
    let mut loaded = Loaded::<Notes>::new("a".to_owned());
    for round in 0..5 {
        let tasks: Vec<_> = (0..8)
            .map(|n| {
                let (store, loaded) = (store.clone(), loaded.clone());
                tokio::spawn(async move {
                    let mut tx = store.begin(TENANT).await.unwrap();
                    let by = format!("account{n}");
                    let after = tx
                        .append(loaded, &written(&["一", "二"]), &meta(&by))
                        .await?;
                    tx.commit().await.map(|()| after)
                })
            })
            .collect();
        let mut won = Vec::new();
        for task in tasks {
            match task.await.unwrap() {
                Ok(after) => won.push(after),
                Err(e) => assert!(e.is_conflict(), "{e:?}"),
            }
        }
        assert_eq!(won.len(), 1, "round {round}");
        loaded = won.remove(0);
        assert_eq!(store.load(TENANT, "a").await.unwrap(), Some(loaded.clone()));
    }
    assert_eq!(loaded.version, 10);
    assert!(store.differing::<Notes>(TENANT).await.unwrap().is_empty());
}

pub async fn a_transaction_that_was_dropped_never_was(store: Store) {
    let mut tx = store.begin(TENANT).await.unwrap();
    assert_eq!(tx.tenant(), TENANT);
    tx.append(
        Loaded::<Notes>::new("a".to_owned()),
        &written(&["無"]),
        &meta("suzuki"),
    )
    .await
    .unwrap();
    assert_eq!(tx.next("receipt").await.unwrap(), 1);
    assert!(tx.load::<Notes>("a").await.unwrap().is_some());
    drop(tx);
    assert_eq!(store.load::<Notes>(TENANT, "a").await.unwrap(), None);
    assert!(store.events(TENANT, "notes", "a").await.unwrap().is_empty());
    // The number was not used up.
    let mut tx = store.begin(TENANT).await.unwrap();
    assert_eq!(tx.next("receipt").await.unwrap(), 1);
    tx.commit().await.unwrap();
}

pub async fn a_snapshot_that_differs_is_named(store: Store) {
    note(&store, TENANT, "a", &["一"]).await;
    note(&store, TENANT, "b", &["二"]).await;
    assert!(store.differing::<Notes>(TENANT).await.unwrap().is_empty());
    assert_eq!(
        past(&store, "UPDATE stream SET body = '[]' WHERE id = 'b'").await,
        1
    );
    assert_eq!(store.differing::<Notes>(TENANT).await.unwrap(), ["b"]);
    past(&store, "UPDATE stream SET body = '{' WHERE id = 'b'").await;
    let damaged = store.load::<Notes>(TENANT, "b").await.unwrap_err();
    assert_eq!(damaged.to_string(), "stream notes b cannot be read");
}

pub async fn the_stamp_moves_with_every_change(store: Store) {
    let kinds = ["notes", "x", "y", "z"];
    let mut seen = BTreeSet::from([store.stamp(TENANT, kinds).await.unwrap()]);
    for id in ["a", "b", "a", "b"] {
        note(&store, TENANT, id, &["変"]).await;
        assert!(
            seen.insert(store.stamp(TENANT, kinds).await.unwrap()),
            "{id}"
        );
    }
    // What is of other kinds or municipalities does not count.
    let other = ["w", "x", "y", "z"];
    assert_eq!(store.stamp(TENANT, other).await.unwrap(), (0, 0));
    assert_eq!(store.stamp("131024", kinds).await.unwrap(), (0, 0));
}

pub async fn counters_have_no_holes(store: Store) {
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut taken = Vec::new();
                for round in 0..10 {
                    let mut tx = store.begin(TENANT).await.unwrap();
                    let number = tx.next("receipt").await.unwrap();
                    // Some change their mind; their number is the next one's.
                    if (n + round) % 3 == 0 {
                        drop(tx);
                    } else {
                        tx.commit().await.unwrap();
                        taken.push(number);
                    }
                }
                taken
            })
        })
        .collect();
    let mut all = Vec::new();
    for task in tasks {
        all.extend(task.await.unwrap());
    }
    all.sort_unstable();
    assert!(all.len() > 50);
    assert_eq!(all, (1..=all.len() as i64).collect::<Vec<_>>());
    let mut tx = store.begin(TENANT).await.unwrap();
    assert_eq!(tx.next("other").await.unwrap(), 1);
}
