//! From the first paper to a round that is ready, through the routes, by the people whose work it is; on both databases.

#![expect(
    clippy::unwrap_used,
    reason = "steps of tests, where a panic is the failure"
)]

mod support;

use axum::http::StatusCode;
use enmusubi_app::Actor;
use enmusubi_casefile::{household::Household, release::Release, seats::compute};
use enmusubi_storage::{Store, audit::Key};
use support::{CITY, City, PAPER};

/// The made-up city's criteria, and what its published document would say of each table.
const CRITERIA: &str = include_str!("../../../criteria/example/r9.toml");

/// The version of a case now.
async fn version(city: &City, number: &str) -> String {
    let system = Actor::system(CITY);
    let opened = city.office.peek_case(&system, number).await.unwrap();
    opened.case.version.to_string()
}

async fn case(city: &City, number: &str) -> Household {
    let system = Actor::system(CITY);
    let opened = city.office.peek_case(&system, number).await.unwrap();
    opened.case.state
}

async fn journey(city: City) {
    let reception = city.sign_in(CITY, "reception").await;
    let examiner = city.sign_in(CITY, "examiner").await;
    let approver = city.sign_in(CITY, "approver").await;
    let nursery = city.sign_in(CITY, "nursery").await;

    // A paper with a day that does not exist: everything typed is shown again.
    let mut paper: Vec<(&str, &str)> = vec![("round", &city.round)];
    paper.extend_from_slice(PAPER);
    let wrong: Vec<(&str, &str)> = paper
        .iter()
        .map(|(n, v)| {
            if *n == "c1.birth" {
                (*n, "R7.6.31")
            } else {
                (*n, *v)
            }
        })
        .collect();
    let answer = city.post("/entry", &reception, &wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("R7.6.31") && answer.body.contains("ミナモ　カツコ"));
    let answer = city.post("/entry", &reception, &paper).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let at = answer.to.unwrap();
    let number = at.rsplit('/').next().unwrap().to_owned();

    // Nobody enters a round without a certified need, and the round says so.
    let ready = city
        .get(&format!("/rounds/{}", city.round), &approver)
        .await;
    assert!(ready.body.contains("事実の確認待ち"), "{}", ready.body);

    // The guardian's reasons and hours are stated and confirmed.
    for (what, value) in [
        ("g1.work_hours_per_month", "160"),
        ("g1.work_days_per_month", "20"),
    ] {
        let v = version(&city, &number).await;
        let form = [
            ("version", v.as_str()),
            ("what", what),
            ("value", value),
            ("reason", "証明書を見た"),
        ];
        let answer = city
            .post(&format!("{at}/facts/state"), &reception, &form)
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }
    let v = version(&city, &number).await;
    let open: Vec<String> = case(&city, &number)
        .await
        .unconfirmed()
        .map(|s| s.id.to_string())
        .collect();
    assert_eq!(open.len(), 3);
    let mut form = vec![("version", v.as_str()), ("act", "confirm")];
    form.extend(open.iter().map(|id| ("id", id.as_str())));
    let answer = city
        .post(&format!("{at}/facts/confirm"), &examiner, &form)
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);

    // Certified: the proposer cannot approve.
    let v = version(&city, &number).await;
    let form = [
        ("version", v.as_str()),
        ("certify", "certify"),
        ("class", "third"),
        ("hours", "standard"),
        ("from", "2027-04-01"),
        ("to", "2028-05-30"),
        ("reasons", "就労"),
    ];
    let answer = city
        .post(&format!("{at}/certification/propose"), &examiner, &form)
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let v = version(&city, &number).await;
    let form = [("version", v.as_str()), ("id", "1"), ("act", "approve")];
    let answer = city
        .post(&format!("{at}/certification/decide"), &examiner, &form)
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let answer = city
        .post(&format!("{at}/certification/decide"), &approver, &form)
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);

    criteria(&city, &approver).await;

    // The nursery's answer; the other one's is given by hand as it has no account here.
    let answer = city.get("/nursery", &nursery).await;
    assert_eq!(answer.status, StatusCode::OK);
    let form = [
        ("version", "0"),
        ("seats-0", "9"),
        ("seats-1", "8"),
        ("seats-2", "4"),
    ];
    let answer = city.post("/nursery", &nursery, &form).await;
    assert_eq!(
        answer.status,
        StatusCode::UNPROCESSABLE_ENTITY,
        "a difference needs a reason"
    );
    let form = [
        ("version", "0"),
        ("seats-0", "9"),
        ("seats-1", "8"),
        ("seats-2", "4"),
        ("reason-2", "保育室の工事"),
    ];
    let answer = city.post("/nursery", &nursery, &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let standing = city.office.standing(CITY, &city.round).await.unwrap();
    let calendar = standing.state.calendar.clone().unwrap();
    let other = Actor {
        facility: Some("N002".into()),
        ..Actor::system(CITY)
    };
    let computed = compute(
        &standing.facilities["N002"].0,
        calendar.entry,
        &Default::default(),
    );
    let said = computed
        .iter()
        .map(|c| (c.age, (c.seats, String::new())))
        .collect();
    city.office
        .answer_seats(&other, &city.round, "N002", 0, said)
        .await
        .unwrap();

    // 豊橋: a number that differs keeps the round from running until an approver explains it.
    let ready = city
        .get(&format!("/rounds/{}", city.round), &approver)
        .await;
    assert!(ready.body.contains("園の回答は4人"), "{}", ready.body);
    let answer = city
        .post(
            &format!("/rounds/{}/ready", city.round),
            &approver,
            &[("version", "1")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let shown = city
        .office
        .seats(&Actor::system(CITY), &city.round, "N001")
        .await
        .unwrap();
    for alarm in shown.seats.open_alarms(&shown.facility, &shown.computed) {
        let now = city
            .office
            .seats(&Actor::system(CITY), &city.round, "N001")
            .await
            .unwrap();
        let v = now.version.to_string();
        let key = alarm.key();
        let form = [
            ("version", v.as_str()),
            ("key", key.as_str()),
            ("reason", "工事を確かめた"),
        ];
        let at = format!("/seats/{}/N001/explain", city.round);
        let answer = city.post(&at, &approver, &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }

    // The index can be worked out, or the page says which paper would settle it.
    let page = city.get(&format!("{at}/index"), &examiner).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("derivation"), "{}", page.body);
    settle(&city, &number, &examiner).await;

    let ready = city
        .get(&format!("/rounds/{}", city.round), &approver)
        .await;
    assert!(ready.body.contains("選考を実行できます"), "{}", ready.body);
    let answer = city
        .post(
            &format!("/rounds/{}/ready", city.round),
            &approver,
            &[("version", "1")],
        )
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);

    // Everything that happened is in a chain that is whole.
    let verified = city.office.store().audit_verify(CITY, &[]).await.unwrap();
    assert!(verified.unwrap().seq > 20);
}

/// Criteria proposed by an examiner and released by an approver, who types what the published document says. 甲賀: a wrong
/// number of points stops it.
async fn criteria(city: &City, approver: &str) {
    let proposer = Actor {
        account: "someone-else".into(),
        ..Actor::system(CITY)
    };
    let made = city
        .office
        .propose_criteria(&proposer, "r9.toml", CRITERIA.as_bytes(), "令和9年度の改定")
        .await
        .unwrap();
    let release: &Release = &made.state;
    assert!(release.findings.failed.is_empty(), "{:?}", release.findings);
    let v = made.version.to_string();
    let mut form = vec![("version".to_owned(), v)];
    for (table, control) in &release.findings.controls {
        form.push((format!("rows-{table}"), control.rows.to_string()));
        form.push((format!("points-{table}"), control.points.clone()));
    }
    let mut wrong = form.clone();
    wrong[2].1 = "9999".into();
    let at = format!("/criteria/{}/release", made.id);
    let send = |form: &[(String, String)]| {
        let form: Vec<(String, String)> = form.to_vec();
        let at = at.clone();
        async move {
            let form: Vec<(&str, &str)> =
                form.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
            city.post(&at, approver, &form).await
        }
    };
    let answer = send(&wrong).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("公表された基準書"), "{}", answer.body);
    let answer = send(&form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

/// States and confirms what the index still lacks, until it can be worked out.
async fn settle(city: &City, number: &str, examiner: &str) {
    let more = [
        ("h.residence", "市内在住"),
        ("g1.main_reason", "就労"),
        ("g1.birth_date", "1993-01-01"),
        ("h.fee_tier", "5"),
        ("h.tax_levy", "200000"),
        ("h.income", "5000000"),
        ("h.resident_since", "2020-04-01"),
        ("g1.proof", "就労証明書等あり"),
        ("g1.employment_kind", "正社員"),
        ("g1.work_place", "居宅外"),
        ("g1.work_days_per_week", "5"),
        ("g1.work_hours_per_day", "8"),
        ("c1.lottery_number", "1"),
        ("g1.commute_minutes", "30"),
    ];
    for (what, value) in more {
        let row = city
            .office
            .store()
            .case(CITY, number)
            .await
            .unwrap()
            .unwrap();
        if row.stage == "ready" {
            return;
        }
        let at = format!("/cases/{number}/facts");
        let v = version(city, number).await;
        let form = [
            ("version", v.as_str()),
            ("what", what),
            ("value", value),
            ("reason", "書類を見た"),
        ];
        let answer = city.post(&format!("{at}/state"), examiner, &form).await;
        if answer.status != StatusCode::SEE_OTHER {
            continue;
        }
        let v = version(city, number).await;
        let id = case(city, number).await.statements.len().to_string();
        let form = [
            ("version", v.as_str()),
            ("act", "confirm"),
            ("id", id.as_str()),
        ];
        let answer = city.post(&format!("{at}/confirm"), examiner, &form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    }
    let row = city
        .office
        .store()
        .case(CITY, number)
        .await
        .unwrap()
        .unwrap();
    let page = city.get(&format!("/cases/{number}/index"), examiner).await;
    assert_eq!(row.stage, "ready", "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn from_paper_to_a_round_that_is_ready_on_sqlite() {
    journey(City::new().await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn from_paper_to_a_round_that_is_ready_on_postgresql() {
    let Ok(server) = std::env::var("ENMUSUBI_TEST_POSTGRES") else {
        assert!(
            std::env::var("CI").is_err(),
            "ENMUSUBI_TEST_POSTGRES is not set: run through scripts/with-postgres"
        );
        eprintln!("skipped: ENMUSUBI_TEST_POSTGRES is not set");
        return;
    };
    let database = support::fresh_database(&server).await;
    let store = Store::open(&database, Key::new([7; 32])).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    journey(City::on(store, folder).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ended_session_loses_nothing_that_was_typed() {
    let city = City::new().await;
    let cookie = city.sign_in(CITY, "reception").await;
    // The session ends on the server while the form is being filled.
    let id = city
        .office
        .store()
        .account_of(CITY, "reception")
        .await
        .unwrap()
        .unwrap();
    let value = cookie.split('=').nth(1).unwrap().to_owned();
    let digest = support::digest(&value);
    let mut row = city
        .office
        .store()
        .session(&digest, "")
        .await
        .unwrap()
        .unwrap();
    assert_eq!(row.account, id);
    row.expires = "2026-01-01T00:00:00Z".into();
    city.office.store().put_session(&row).await.unwrap();
    let mut paper: Vec<(&str, &str)> = vec![("round", &city.round)];
    paper.extend_from_slice(PAPER);
    let answer = city.post("/entry", &cookie, &paper).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let to = answer.to.unwrap();
    assert!(to.starts_with("/sign-in?") && to.contains("held="), "{to}");
    let held = to.split("held=").nth(1).unwrap();
    let form = [
        ("tenant", CITY),
        ("login", "reception"),
        ("password", support::PASSWORD),
        ("held", held),
    ];
    // Another account does not get it.
    let mut other = form;
    other[1].1 = "examiner";
    let answer = city.post("/sign-in", "", &other).await;
    assert!(!answer.body.contains("ミナモ"), "{}", answer.body);
    let answer = city.post("/sign-in", "", &form).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(
        answer.body.contains("ミナモ　カツコ") && answer.body.contains("もう一度送る"),
        "{}",
        answer.body
    );
}
