//! Rows of the lists of applications.

use super::streams::TENANT;
use enmusubi_storage::{
    Store,
    cases::{CaseQuery, CaseRow, Projected},
};

fn all() -> CaseQuery {
    CaseQuery {
        most: 100,
        sees_protected: true,
        ..CaseQuery::default()
    }
}

/// A row whose columns differ from those of the next.
fn row(n: i64) -> CaseRow {
    let names = [
        "浦田 さくら",
        "安西 ゆう",
        "Élise Martin",
        "𠮷田 100%",
        "zz_top",
        "ABE Ken",
    ];
    let kana = [
        "ウラタサクラ",
        "アンザイユウ",
        "エリーズマルタン",
        "ヨシダ",
        "ズズ",
        "アベケン",
    ];
    let at = n as usize % names.len();
    CaseRow {
        number: format!("R9-{n:03}"),
        household: format!("h{n}"),
        child: "c1".to_owned(),
        round: format!("round{}", n % 2),
        kind: ["new", "transfer"][n as usize % 2].to_owned(),
        channel: ["paper", "counter", "file"][n as usize % 3].to_owned(),
        arrived: format!("2026-11-{:02}", 30 - n),
        on_time: i64::from(n % 3 != 0),
        entered: format!("2026-11-02T00:{n:02}:00Z"),
        name: names[at].to_owned(),
        kana: kana[at].to_owned(),
        name_key: names[at].to_lowercase().replace(' ', ""),
        kana_key: kana[at].to_owned(),
        birth: format!("2025-{:02}-01", 12 - n),
        age: n % 6,
        first_choice: format!("n{}", n % 4),
        stage: ["papers", "confirm", "ready"][n as usize % 3].to_owned(),
        points: (n % 4 != 1).then_some(n * -500 + 900),
        points_text: format!("{n}"),
        unconfirmed: n % 5,
        corrections: n % 2,
        papers: 10 - n,
        certified: if n % 2 == 0 {
            String::new()
        } else {
            "2027-03-31".to_owned()
        },
        protected: 0,
        similar: 0,
    }
}

async fn put(store: &Store, rows: Vec<CaseRow>, keys: &[&str], closed_to: &[&str]) {
    let household = rows[0].household.clone();
    let number = rows[0].number.clone();
    let made = Projected {
        rows,
        keys: keys
            .iter()
            .map(|k| ((*k).to_owned(), number.clone()))
            .collect(),
        closed_to: closed_to.iter().map(|a| (*a).to_owned()).collect(),
    };
    let mut tx = store.begin(TENANT).await.unwrap();
    tx.project(&household, &made).await.unwrap();
    tx.commit().await.unwrap();
}

async fn filled(store: &Store) -> Vec<CaseRow> {
    let rows: Vec<CaseRow> = (0..12).map(row).collect();
    for r in &rows {
        put(store, vec![r.clone()], &[], &[]).await;
    }
    rows
}

async fn found(store: &Store, query: &CaseQuery) -> Vec<CaseRow> {
    let rows = store.cases(TENANT, query).await.unwrap();
    let unlimited = query.skip == 0 && query.most >= 100;
    assert!(!unlimited || store.count_cases(TENANT, query).await.unwrap() == rows.len() as i64);
    rows
}

pub async fn every_filter_finds_what_it_says(store: Store) {
    let rows = filled(&store).await;
    assert_eq!(found(&store, &all()).await, rows);
    assert_eq!(
        store.case(TENANT, "R9-003").await.unwrap().as_ref(),
        Some(&rows[3])
    );
    assert_eq!(store.case(TENANT, "R9-999").await.unwrap(), None);
    type Holds = fn(&CaseRow) -> bool;
    let cases: [(CaseQuery, Holds); 8] = [
        (
            CaseQuery {
                round: "round1".into(),
                ..all()
            },
            |r| r.round == "round1",
        ),
        (
            CaseQuery {
                stage: "confirm".into(),
                ..all()
            },
            |r| r.stage == "confirm",
        ),
        (
            CaseQuery {
                channel: "file".into(),
                ..all()
            },
            |r| r.channel == "file",
        ),
        (
            CaseQuery {
                age: Some(2),
                ..all()
            },
            |r| r.age == 2,
        ),
        (
            CaseQuery {
                facility: "n3".into(),
                ..all()
            },
            |r| r.first_choice == "n3",
        ),
        (
            CaseQuery {
                on_time: Some(true),
                ..all()
            },
            |r| r.on_time == 1,
        ),
        (
            CaseQuery {
                on_time: Some(false),
                ..all()
            },
            |r| r.on_time == 0,
        ),
        (
            CaseQuery {
                round: "round0".into(),
                channel: "paper".into(),
                text: "浦".into(),
                ..all()
            },
            |r| r.round == "round0" && r.channel == "paper" && r.name.contains('浦'),
        ),
    ];
    for (query, holds) in cases {
        let right: Vec<_> = rows.iter().filter(|r| holds(r)).cloned().collect();
        assert!(!right.is_empty() && right.len() < rows.len(), "{query:?}");
        assert_eq!(found(&store, &query).await, right, "{query:?}");
    }
    let stages = store.stages(TENANT, "round0").await.unwrap();
    let count = |stage: &str| {
        let of = |r: &&CaseRow| r.round == "round0" && r.stage == stage;
        (stage.to_owned(), rows.iter().filter(of).count() as i64)
    };
    assert_eq!(stages, [count("confirm"), count("papers"), count("ready")]);
}

pub async fn every_column_sorts_both_ways(store: Store) {
    let rows = filled(&store).await;
    type Key = fn(&CaseRow) -> (String, i64);
    let columns: [(&str, Key); 20] = [
        ("number", |r| (r.number.clone(), 0)),
        ("household", |r| (r.household.clone(), 0)),
        ("round", |r| (r.round.clone(), 0)),
        ("kind", |r| (r.kind.clone(), 0)),
        ("channel", |r| (r.channel.clone(), 0)),
        ("arrived", |r| (r.arrived.clone(), 0)),
        ("on_time", |r| (String::new(), r.on_time)),
        ("entered", |r| (r.entered.clone(), 0)),
        ("name", |r| (r.name.clone(), 0)),
        ("kana", |r| (r.kana.clone(), 0)),
        ("name_key", |r| (r.name_key.clone(), 0)),
        ("kana_key", |r| (r.kana_key.clone(), 0)),
        ("birth", |r| (r.birth.clone(), 0)),
        ("age", |r| (String::new(), r.age)),
        ("first_choice", |r| (r.first_choice.clone(), 0)),
        ("stage", |r| (r.stage.clone(), 0)),
        ("unconfirmed", |r| (String::new(), r.unconfirmed)),
        ("corrections", |r| (String::new(), r.corrections)),
        ("papers", |r| (String::new(), r.papers)),
        ("certified", |r| (r.certified.clone(), 0)),
    ];
    for (column, key) in columns {
        for descending in [false, true] {
            let mut right = rows.clone();
            right.sort_by(|a, b| {
                let order = key(a).cmp(&key(b));
                let order = if descending { order.reverse() } else { order };
                order.then_with(|| a.number.cmp(&b.number))
            });
            let query = CaseQuery {
                sort: column.into(),
                descending,
                ..all()
            };
            assert_eq!(found(&store, &query).await, right, "{column} {descending}");
        }
    }
    for descending in [false, true] {
        let query = CaseQuery {
            sort: "points".into(),
            descending,
            ..all()
        };
        let points: Vec<_> = found(&store, &query)
            .await
            .iter()
            .map(|r| r.points)
            .collect();
        let (known, unknown) = points.split_at(9);
        assert_eq!(unknown, [None; 3], "without points, last");
        assert!(known.is_sorted_by(|a, b| if descending { a >= b } else { a <= b }));
    }
    // What is no column sorts by number, and is never in the query.
    let query = CaseQuery {
        sort: "1; DROP TABLE case_row".into(),
        ..all()
    };
    assert_eq!(found(&store, &query).await, rows);
}

pub async fn searches_take_letters_as_letters(store: Store) {
    filled(&store).await;
    for (text, expected) in [
        ("%", 2),
        ("_", 2),
        ("100%", 2),
        ("zz_t", 2),
        ("zzxt", 0),
        ("\\", 0),
        ("'", 0),
        ("𠮷", 2),
        ("吉", 0),
        ("ウラタ", 2),
        ("abe", 2),
        ("ABE", 2),
        ("élise", 2),
        ("r9-00", 10),
        ("R9-011", 1),
    ] {
        let query = CaseQuery {
            text: text.into(),
            ..all()
        };
        assert_eq!(found(&store, &query).await.len(), expected, "{text}");
    }
}

pub async fn pages_do_not_overlap(store: Store) {
    let rows = filled(&store).await;
    let mut paged = Vec::new();
    for skip in [0, 5, 10, 15] {
        let query = CaseQuery {
            skip,
            most: 5,
            sort: "kind".into(),
            ..all()
        };
        paged.extend(found(&store, &query).await);
    }
    paged.sort_by(|a, b| a.number.cmp(&b.number));
    assert_eq!(paged, rows);
}

pub async fn protected_and_closed_cases_are_not_there(store: Store) {
    filled(&store).await;
    put(
        &store,
        vec![CaseRow {
            protected: 1,
            ..row(3)
        }],
        &[],
        &[],
    )
    .await;
    put(&store, vec![row(4)], &[], &["suzuki"]).await;
    let numbers = async |query: CaseQuery| {
        let rows = found(&store, &query).await;
        rows.into_iter().map(|r| r.number).collect::<Vec<_>>()
    };
    let clerk = CaseQuery {
        sees_protected: false,
        ..all()
    };
    let seen = numbers(clerk.clone()).await;
    assert!(seen.len() == 11 && !seen.contains(&"R9-003".to_owned()));
    let seen = numbers(CaseQuery {
        account: "suzuki".into(),
        ..clerk.clone()
    })
    .await;
    assert!(seen.len() == 10 && !seen.contains(&"R9-004".to_owned()));
    assert_eq!(
        numbers(CaseQuery {
            account: "tanaka".into(),
            ..clerk
        })
        .await
        .len(),
        11
    );
    assert_eq!(numbers(all()).await.len(), 12);
    // Totals never say where protected cases are.
    let stages = store.stages(TENANT, "round1").await.unwrap();
    assert_eq!(stages.iter().map(|s| s.1).sum::<i64>(), 6);
    assert!(store.is_closed(TENANT, "h4", "suzuki").await.unwrap());
    assert!(!store.is_closed(TENANT, "h4", "tanaka").await.unwrap());
    assert!(!store.is_closed(TENANT, "h5", "suzuki").await.unwrap());
}

pub async fn similar_applications_meet(store: Store) {
    put(&store, vec![row(0)], &["name|a", "birth|b"], &[]).await;
    assert_eq!(
        store.case(TENANT, "R9-000").await.unwrap().unwrap().similar,
        0
    );
    put(&store, vec![row(1)], &["name|a", "birth|b"], &[]).await;
    put(
        &store,
        vec![CaseRow {
            protected: 1,
            ..row(2)
        }],
        &["name|a"],
        &[],
    )
    .await;
    put(&store, vec![row(3)], &["name|a"], &["suzuki"]).await;
    let others = store.similar(TENANT, "R9-000").await.unwrap();
    let of = |n: &str, h: &str, k: &str| (n.to_owned(), h.to_owned(), k.to_owned());
    assert_eq!(
        others,
        [
            of("R9-001", "h1", "birth|b"),
            of("R9-001", "h1", "name|a"),
            of("R9-002", "h2", "name|a"),
            of("R9-003", "h3", "name|a"),
        ]
    );
    // The one that was first knows of those after it, and nobody is told of what they may not see.
    let counted = async |query: CaseQuery| {
        let rows = found(
            &store,
            &CaseQuery {
                similar: true,
                ..query
            },
        )
        .await;
        rows.iter().find(|r| r.number == "R9-000").unwrap().similar
    };
    let clerk = CaseQuery {
        sees_protected: false,
        ..all()
    };
    assert_eq!(counted(all()).await, 3);
    assert_eq!(counted(clerk.clone()).await, 2);
    assert_eq!(
        counted(CaseQuery {
            account: "suzuki".into(),
            ..clerk
        })
        .await,
        1
    );
    assert_eq!(
        store.case(TENANT, "R9-000").await.unwrap().unwrap().similar,
        2
    );
    put(&store, vec![row(5)], &["else|x"], &[]).await;
    let sorted = CaseQuery {
        sort: "similar".into(),
        ..all()
    };
    assert_eq!(found(&store, &sorted).await[0].number, "R9-005");
    assert_eq!(
        found(
            &store,
            &CaseQuery {
                similar: true,
                ..all()
            }
        )
        .await
        .len(),
        4
    );
    let mut tx = store.begin(TENANT).await.unwrap();
    let keys = ["name|a".to_owned(), "birth|b".to_owned()];
    assert_eq!(tx.count_similar(&keys, "h0").await.unwrap(), 4);
    assert_eq!(tx.count_similar(&keys, "h9").await.unwrap(), 6);
    assert_eq!(tx.count_similar(&[], "h0").await.unwrap(), 0);
}

pub async fn rows_are_replaced(store: Store) {
    let second = CaseRow {
        household: "h0".into(),
        ..row(1)
    };
    put(
        &store,
        vec![row(0), second.clone()],
        &["k"],
        &["suzuki", "tanaka"],
    )
    .await;
    put(&store, vec![row(2)], &["k"], &[]).await;
    assert_eq!(found(&store, &all()).await.len(), 3);
    put(&store, vec![second.clone()], &["l"], &["tanaka"]).await;
    let numbers: Vec<_> = found(&store, &all())
        .await
        .into_iter()
        .map(|r| r.number)
        .collect();
    assert_eq!(numbers, ["R9-001", "R9-002"]);
    assert!(store.similar(TENANT, "R9-002").await.unwrap().is_empty());
    assert!(!store.is_closed(TENANT, "h0", "suzuki").await.unwrap());
    assert!(store.is_closed(TENANT, "h0", "tanaka").await.unwrap());
}
