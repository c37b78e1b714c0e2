//! The made-up city, filled into a database: everything is there, nothing contradicts itself.

use enmusubi_app::{Office, rounds::Missing};
use enmusubi_casefile::{account::Role, household::Household, readiness::Stage};
use enmusubi_demo::{TENANT, fill};
use enmusubi_storage::{Store, audit::Key, cases::CaseQuery};
use jiff::Timestamp;
use std::{collections::BTreeSet, sync::Arc};

async fn city(size: usize) -> (tempfile::TempDir, Office, enmusubi_demo::Demo) {
    let folder = tempfile::tempdir().expect("a folder");
    let key = Key::new([7; 32]);
    let store = Store::in_folder(folder.path(), key)
        .await
        .expect("a database");
    let now: Timestamp = "2026-12-08T03:00:00Z".parse().expect("a moment");
    let office = Office::new(store, Arc::new(move || now));
    let demo = fill(&office, TENANT, 1, size).await.expect("a city");
    (folder, office, demo)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_screen_has_something_to_show() {
    let (_folder, office, demo) = city(260).await;
    let store = office.store();
    // Everybody can sign in, with the rights of the role, and passwords are long enough for the real use case.
    for account in &demo.accounts[..10] {
        let actor = office
            .sign_in(TENANT, &account.login, &account.password, "here")
            .await
            .expect("a right password");
        assert!(account.roles.iter().all(|r| actor.roles.contains(r)));
    }
    let nurseries = demo.accounts.iter().filter(|a| a.roles == [Role::Nursery]);
    assert_eq!(nurseries.count(), 40);
    let by = |login: &str| demo.accounts.iter().find(|a| a.login == login).expect("it");
    let actor = |login: &'static str| {
        let account = by(login);
        let (office, password) = (office.clone(), account.password.clone());
        async move {
            office
                .sign_in(TENANT, login, &password, "x")
                .await
                .expect("in")
        }
    };
    let approver = actor("kessai1").await;
    let readiness = office
        .readiness(&approver, &demo.round)
        .await
        .expect("a round");
    let stages: BTreeSet<Stage> = readiness.stages.iter().map(|(s, _)| *s).collect();
    assert_eq!(stages, Stage::ALL.into(), "{:?}", readiness.stages);
    let total: i64 = readiness.stages.iter().map(|(_, n)| n).sum();
    assert_eq!(total as usize, demo.applications);
    let ready = readiness.stages.iter().find(|(s, _)| *s == Stage::Ready);
    let ready = ready.expect("some are ready").1;
    assert!(
        ready * 10 > total * 6,
        "nearly ready: {:?}",
        readiness.stages
    );
    assert!(readiness.confirmed > 30 && readiness.confirmed < readiness.facilities);
    let of = |f: fn(&Missing) -> bool| readiness.missing.iter().filter(|m| f(m)).count();
    assert!(
        (1..20).contains(&of(|m| matches!(m, Missing::Alarm(..)))),
        "{:?}",
        readiness.missing
    );
    assert_eq!(of(|m| matches!(m, Missing::NoCriteria)), 0);
    // Protected cases are listed for those with the right only, closed ones not for the clerk of the family.
    let count = |actor: enmusubi_app::Actor, query: CaseQuery| {
        let office = office.clone();
        async move {
            office
                .list(&actor, CaseQuery { most: 1, ..query })
                .await
                .expect("a list")
                .total
        }
    };
    let all = CaseQuery::default;
    let sees = count(approver.clone(), all()).await;
    assert_eq!(sees, total);
    assert!(count(actor("kessai2").await, all()).await < sees);
    assert!(
        count(actor("shinsa2").await, all()).await < count(actor("kessai2").await, all()).await
    );
    for channel in ["paper", "counter", "online", "file"] {
        let channel = channel.to_owned();
        assert!(count(approver.clone(), CaseQuery { channel, ..all() }).await > 0);
    }
    let late = CaseQuery {
        on_time: Some(false),
        ..all()
    };
    assert!(count(approver.clone(), late).await > 0);
    let twice = CaseQuery {
        similar: true,
        ..all()
    };
    assert!(count(approver.clone(), twice).await >= 4);
    // What is stored is what the events say, and the chain holds.
    assert_eq!(
        store.differing::<Household>(TENANT).await.expect("events"),
        [""; 0]
    );
    assert!(
        store
            .audit_verify(TENANT, &[])
            .await
            .expect("a chain")
            .is_ok()
    );
    // Nothing was done in the future, and the log goes forward.
    let wanted = enmusubi_storage::audit::Wanted {
        most: 100_000,
        ..Default::default()
    };
    let log = store.audit_list(TENANT, &wanted).await.expect("a log");
    let times: Vec<Timestamp> = log
        .iter()
        .rev()
        .map(|l| l.entry.at.parse().expect("a moment"))
        .collect();
    assert!(times.is_sorted() && times.last().is_some_and(|t| *t <= office.now()));
}
