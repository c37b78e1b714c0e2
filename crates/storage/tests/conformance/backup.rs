//! Every table as lines, and back, from one database to the other.

use super::{
    people,
    place::{Place, postgres, sqlite},
    tenants::{furnish, tenant},
};
use enmusubi_storage::{Error, Kind, Store, audit::Broken, dump::TABLES};
use std::collections::BTreeSet;

type Lines = Vec<(String, String)>;

async fn lines(store: &Store) -> Lines {
    let mut all = Lines::new();
    let line = |table: &'static enmusubi_storage::dump::Table, text: &str| {
        all.push((table.name.to_owned(), text.to_owned()));
        Ok::<_, Error>(())
    };
    store.dump(line).await.unwrap();
    all
}

async fn put_back(store: &Store, lines: &Lines) -> Result<u64, Error> {
    store.restore(lines.iter().cloned().map(Ok)).await
}

/// The other database where there is one; else another one of the same kind.
async fn other(kind: Kind) -> Place {
    match kind {
        Kind::Sqlite => match postgres().await {
            Some(place) => place,
            None => sqlite().await,
        },
        Kind::Postgres => sqlite().await,
    }
}

pub async fn lines_come_back(store: Store) {
    for id in ["131024", "131016"] {
        furnish(&store, id).await;
    }
    store
        .put_session(&people::session("s", "suzuki", "2026-11-03T00:00:00Z"))
        .await
        .unwrap();
    let before = lines(&store).await;
    let tables: BTreeSet<_> = before.iter().map(|l| l.0.as_str()).collect();
    assert_eq!(
        tables,
        TABLES.iter().map(|t| t.name).collect(),
        "every table has rows"
    );
    assert!(
        before.iter().any(|l| l.1.contains("null")) && before.iter().any(|l| l.1.contains("-1500"))
    );
    let there = other(store.kind()).await;
    assert_eq!(
        put_back(&there.store, &before).await.unwrap(),
        before.len() as u64
    );
    assert_eq!(lines(&there.store).await, before);
    let back = sqlite().await;
    put_back(&back.store, &lines(&there.store).await)
        .await
        .unwrap();
    assert_eq!(lines(&back.store).await, before);
    for place in [&there, &back] {
        let head = place.store.audit_head("131016").await.unwrap();
        assert_eq!(
            place.store.audit_verify("131016", &[]).await.unwrap(),
            Ok::<_, Broken>(head)
        );
        let full = put_back(&place.store, &before).await.unwrap_err();
        assert!(
            matches!(full, Error::NotEmpty { table: "tenant" }),
            "{full:?}"
        );
        assert_eq!(lines(&place.store).await, before);
    }
    there.end().await;
    back.end().await;
}

pub async fn wrong_lines_store_nothing(store: Store) {
    let good = (
        "tenant".to_owned(),
        r#"["131016","千代田","{}"]"#.to_owned(),
    );
    for (table, text) in [
        ("tenants", "[]"),
        ("tenant", "[\"131024\""),
        ("tenant", r#"["131024","中央"]"#),
        ("tenant", r#"["131024","中央",null]"#),
        ("counter", r#"["131024","receipt","7"]"#),
        ("counter", r#"["131024","receipt",7.5]"#),
        ("counter", r#"["131024","receipt",null]"#),
        ("counter", r#"["131024",3,7]"#),
    ] {
        let wrong = vec![good.clone(), (table.to_owned(), text.to_owned())];
        let said = put_back(&store, &wrong).await.unwrap_err();
        assert!(
            matches!(
                said,
                Error::Damaged {
                    table: "backup",
                    ..
                }
            ),
            "{text}: {said:?}"
        );
        assert!(store.is_empty().await.unwrap(), "{text}");
    }
    // Two rows of one key.
    assert!(
        put_back(&store, &vec![good.clone(), good.clone()])
            .await
            .is_err()
    );
    assert!(store.is_empty().await.unwrap());
    assert_eq!(put_back(&store, &vec![good]).await.unwrap(), 1);
    assert_eq!(store.tenants().await.unwrap(), [tenant("131016", "千代田")]);
}
