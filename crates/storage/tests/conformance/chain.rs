//! The audit chain: what is seen of what somebody does to it who can write the database.

use super::{
    place::{key, past},
    streams::TENANT,
    tenants::entry,
};
use enmusubi_storage::{
    Error, Store,
    audit::{Broken, Entry, Head, Key, Wanted},
};
use enmusubi_vault::Keys;

async fn write(store: &Store, numbers: std::ops::Range<usize>) {
    for n in numbers {
        let mut tx = store.begin(TENANT).await.unwrap();
        assert_eq!(tx.audit(&entry(n)).await.unwrap(), n as i64 + 1);
        tx.commit().await.unwrap();
    }
}

async fn verified(store: &Store, heads: &[Head]) -> Result<Head, Broken> {
    store.audit_verify(TENANT, heads).await.unwrap()
}

pub async fn verifies(store: Store) {
    let none = Head {
        seq: 0,
        mac: String::new(),
    };
    assert_eq!(verified(&store, &[]).await, Ok(none));
    write(&store, 0..7).await;
    let head = store.audit_head(TENANT).await.unwrap();
    assert_eq!((head.seq, head.mac.len()), (7, 64));
    assert_eq!(
        verified(&store, std::slice::from_ref(&head)).await,
        Ok(head)
    );
}

pub async fn lists_what_is_wanted(store: Store) {
    write(&store, 0..7).await;
    let seqs = async |wanted: Wanted| {
        let links = store
            .audit_list(TENANT, &Wanted { most: 50, ..wanted })
            .await
            .unwrap();
        links.into_iter().map(|l| l.seq).collect::<Vec<_>>()
    };
    let all = Wanted::default();
    assert_eq!(seqs(all.clone()).await, [7, 6, 5, 4, 3, 2, 1]);
    assert_eq!(
        seqs(Wanted {
            actor: "tanaka".into(),
            ..all.clone()
        })
        .await,
        [6, 4, 2]
    );
    assert_eq!(
        seqs(Wanted {
            subject: "R9-000".into(),
            ..all.clone()
        })
        .await,
        [7, 5, 3, 1]
    );
    assert_eq!(
        seqs(Wanted {
            action: "household.".into(),
            ..all.clone()
        })
        .await,
        [5, 2]
    );
    for nothing in ["%", "_iew", "VIEW", "iew"] {
        assert!(
            seqs(Wanted {
                action: nothing.into(),
                ..all.clone()
            })
            .await
            .is_empty(),
            "{nothing}"
        );
    }
    assert_eq!(
        seqs(Wanted {
            before: 3,
            ..all.clone()
        })
        .await,
        [2, 1]
    );
    let two = store
        .audit_list(TENANT, &Wanted { most: 2, ..all })
        .await
        .unwrap();
    assert_eq!(two.len(), 2);
    assert_eq!(two[1].entry, entry(5));
}

pub async fn tells_where_it_is_broken(store: Store) {
    write(&store, 0..7).await;
    let good = store.audit_head(TENANT).await.unwrap();
    let wanted = Wanted {
        before: 4,
        most: 1,
        ..Wanted::default()
    };
    let third = store.audit_list(TENANT, &wanted);
    let third = third.await.unwrap().remove(0);
    let head = |seq, mac: &str| format!("UPDATE audit_head SET seq = {seq}, mac = '{mac}'");
    let back = head(7, &good.mac);
    let swap = |a: i64, b: i64| format!("UPDATE audit SET seq = {b} WHERE seq = {a}");
    // What somebody does, how it is mended, what is said.
    let cases: Vec<(Vec<String>, Vec<String>, Broken)> = vec![
        (
            vec!["UPDATE audit SET detail = 'x' WHERE seq = 4".into()],
            vec![format!(
                "UPDATE audit SET detail = '{}' WHERE seq = 4",
                entry(3).detail.replace('\'', "''")
            )],
            Broken::Changed(4),
        ),
        (
            vec!["UPDATE audit SET actor = 'tanaka' WHERE seq = 1".into()],
            vec!["UPDATE audit SET actor = 'suzuki' WHERE seq = 1".into()],
            Broken::Changed(1),
        ),
        (vec![swap(2, 99)], vec![swap(99, 2)], Broken::Missing(2)),
        (vec![swap(7, 99)], vec![swap(99, 7)], Broken::Missing(7)),
        (
            vec![swap(3, 99), swap(4, 3), swap(99, 4)],
            vec![swap(3, 99), swap(4, 3), swap(99, 4)],
            Broken::Changed(3),
        ),
        (
            vec![head(3, &third.mac)],
            vec![back.clone()],
            Broken::Head { last: 7, head: 3 },
        ),
        (
            vec![head(9, &good.mac)],
            vec![back.clone()],
            Broken::Head { last: 7, head: 9 },
        ),
        (
            vec![head(7, &third.mac)],
            vec![back.clone()],
            Broken::HeadDigest(7),
        ),
        (vec![head(7, "")], vec![back.clone()], Broken::HeadDigest(7)),
    ];
    for (done, mended, said) in cases {
        for sql in &done {
            assert_eq!(past(&store, sql).await, 1, "{sql}");
        }
        assert_eq!(verified(&store, &[]).await, Err(said.clone()), "{done:?}");
        for sql in &mended {
            past(&store, sql).await;
        }
        assert_eq!(
            verified(&store, &[]).await,
            Ok(good.clone()),
            "after {done:?}"
        );
    }
    // Nothing is appended to what is no end of a chain.
    past(&store, &head(7, "forged")).await;
    let mut tx = store.begin(TENANT).await.unwrap();
    let refused = tx.audit(&entry(7)).await.unwrap_err();
    assert!(matches!(refused, Error::ChainEnd { seq: 7 }), "{refused:?}");
    drop(tx);
    past(&store, "DELETE FROM audit WHERE seq > 5").await;
    past(&store, &back).await;
    assert_eq!(
        verified(&store, &[]).await,
        Err(Broken::Head { last: 5, head: 7 })
    );
    past(&store, "DELETE FROM audit_head").await;
    assert_eq!(
        verified(&store, &[]).await,
        Err(Broken::Head { last: 5, head: 0 })
    );
}

pub async fn has_no_holes_when_many_write(store: Store) {
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                for round in 0..6 {
                    let mut tx = store.begin(TENANT).await.unwrap();
                    tx.audit(&entry(n)).await.unwrap();
                    if (n + round) % 4 == 0 {
                        drop(tx);
                    } else {
                        tx.commit().await.unwrap();
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let head = store.audit_head(TENANT).await.unwrap();
    assert_eq!(head.seq, 36);
    assert_eq!(verified(&store, &[]).await, Ok(head));
}

/// Looks of many people at once share transactions with each other and wait for changes; none is lost, none is there twice.
pub async fn looks_at_once_are_each_recorded(store: Store) {
    const PEOPLE: usize = 24;
    const LOOKS: usize = 5;
    let neighbour = "999998";
    let changes = {
        let store = store.clone();
        tokio::spawn(async move {
            for n in 0..10 {
                let mut tx = store.begin(TENANT).await.unwrap();
                tokio::task::yield_now().await;
                tx.audit(&entry(n)).await.unwrap();
                tx.commit().await.unwrap();
            }
        })
    };
    let tasks: Vec<_> = (0..PEOPLE)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                for look in 0..LOOKS {
                    let tenant = if n % 6 == 0 { neighbour } else { TENANT };
                    let said = Entry {
                        detail: format!("{n}/{look}"),
                        ..entry(n)
                    };
                    let seq = store.record(tenant, said.clone()).await.unwrap();
                    // It is there for everybody as soon as it is said to be.
                    let wanted = Wanted {
                        before: seq + 1,
                        most: 1,
                        ..Wanted::default()
                    };
                    let there = store.audit_list(tenant, &wanted).await.unwrap();
                    assert_eq!((there[0].seq, &there[0].entry), (seq, &said));
                    mine.push(seq);
                }
                assert!(mine.is_sorted_by(|a, b| a < b), "{mine:?}");
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    changes.await.unwrap();
    let head = store.audit_head(TENANT).await.unwrap();
    assert_eq!(head.seq, (PEOPLE * 5 / 6 * LOOKS + 10) as i64);
    assert_eq!(verified(&store, &[]).await, Ok(head));
    let there = store.audit_head(neighbour).await.unwrap();
    assert_eq!(there.seq, (PEOPLE / 6 * LOOKS) as i64);
    assert_eq!(store.audit_verify(neighbour, &[]).await.unwrap(), Ok(there));
    // Nothing is added to what is no end of a chain; whoever waits for another municipality is not held up by it.
    past(
        &store,
        &format!("UPDATE audit_head SET mac = 'forged' WHERE tenant = '{neighbour}'"),
    )
    .await;
    let (forged, good) = tokio::join!(
        store.record(neighbour, entry(1)),
        store.record(TENANT, entry(1))
    );
    assert!(matches!(forged, Err(Error::ChainEnd { .. })), "{forged:?}");
    good.unwrap();
}

pub async fn is_held_against_ends_from_elsewhere(store: Store) {
    write(&store, 0..4).await;
    let early = store.audit_head(TENANT).await.unwrap();
    write(&store, 4..7).await;
    let good = store.audit_head(TENANT).await.unwrap();
    assert_eq!(
        verified(&store, &[early.clone(), good.clone()]).await,
        Ok(good.clone())
    );
    let other = Head {
        seq: 4,
        mac: good.mac.clone(),
    };
    assert_eq!(verified(&store, &[other]).await, Err(Broken::Elsewhere(4)));
    // Cut off so that the rest is a chain: only what was written elsewhere tells.
    past(&store, "DELETE FROM audit WHERE seq > 4").await;
    past(
        &store,
        &format!("UPDATE audit_head SET seq = 4, mac = '{}'", early.mac),
    )
    .await;
    assert_eq!(verified(&store, &[]).await, Ok(early.clone()));
    let said = verified(&store, &[early, good]).await;
    assert_eq!(said, Err(Broken::Head { last: 4, head: 7 }));
}

pub async fn outlives_a_rotation_of_keys(store: Store) {
    write(&store, 0..3).await;
    let wrong = Store::open(store.url(), Key::new([8; 32])).await.unwrap();
    assert_eq!(verified(&wrong, &[]).await, Err(Broken::Changed(1)));
    wrong.close().await;
    let keys = Keys::of_bytes([7; 32]).rotated().unwrap();
    let rotated = Store::open(store.url(), Key::from(keys)).await.unwrap();
    write(&rotated, 3..5).await;
    let head = rotated.audit_head(TENANT).await.unwrap();
    assert_eq!(verified(&rotated, &[]).await, Ok(head));
    rotated.close().await;
    assert_eq!(verified(&store, &[]).await, Err(Broken::Changed(4)));
    assert_eq!(format!("{:?}", key()), "Key(…)");
}
