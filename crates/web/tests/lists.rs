//! Lists as files, and filters kept under a name.

#![expect(
    clippy::unwrap_used,
    reason = "steps of tests, where a panic is the failure"
)]

mod support;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use enmusubi_casefile::household::{Event, Protection};
use enmusubi_storage::audit::Wanted;
use jiff::civil::date;
use support::{CITY, City};
use tower::ServiceExt as _;

/// Status, headers and bytes of a page.
async fn bytes(city: &City, path: &str, cookie: &str) -> (StatusCode, HeaderMap, Vec<u8>) {
    let request = Request::get(path)
        .header(header::COOKIE, cookie)
        .body(Body::empty())
        .unwrap();
    let response = city.site.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, 8 << 20).await.unwrap();
    (parts.status, parts.headers, body.to_vec())
}

/// What the audit log tells of exports, newest first.
async fn exported(city: &City) -> Vec<String> {
    let wanted = Wanted {
        action: "export".into(),
        most: 100,
        ..Wanted::default()
    };
    let list = city.office.store().audit_list(CITY, &wanted).await.unwrap();
    list.into_iter().map(|l| l.entry.detail).collect()
}

/// Three children: one whose name CP932 has, one whose it has not, one under protection.
async fn three(city: &City) -> [String; 3] {
    let plain = city.paper(&[("c1.name", "霧雨　つぐみ")]).await;
    let rare = city
        .paper(&[("c1.name", "𠮷野　すずめ"), ("c1.birth", "R6.6.1")])
        .await;
    let protected = city
        .paper(&[("c1.name", "木陰　かもめ"), ("c1.birth", "R5.6.1")])
        .await;
    let protection = Protection {
        since: date(2026, 12, 1),
        reason: "住民票の閲覧制限".into(),
        by: "system".into(),
    };
    city.event(&protected, Event::Protected { protection })
        .await;
    [plain, rare, protected]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_exported_as_it_is_filtered_by_whom_it_is_seen_and_recorded() {
    let city = City::new().await;
    let [plain, rare, protected] = three(&city).await;
    let examiner = city.sign_in(CITY, "examiner").await;
    let trusted = city.sign_in(CITY, "trusted").await;

    let (status, headers, body) = bytes(&city, "/cases/export?format=csv", &examiner).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(
        headers[header::CONTENT_DISPOSITION],
        "attachment; filename=\"applications-2026-12-01.csv\""
    );
    let text = String::from_utf8(body).unwrap();
    assert!(
        text.starts_with("\u{FEFF}受付番号,氏名,フリガナ,"),
        "{text}"
    );
    let numbers = |text: &str| -> Vec<String> {
        let rows = text.split("\r\n").skip(1).filter(|l| !l.is_empty());
        rows.map(|l| l.split(',').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(numbers(&text), [plain.clone(), rare.clone()]);
    assert!(text.contains("𠮷野　すずめ") && !text.contains("木陰"));
    assert_eq!(exported(&city).await, ["csv count=2 protected=0 "]);

    // Who may see protected ones gets them, and the log says how many.
    let (_, _, body) = bytes(&city, "/cases/export?sort=birth", &trusted).await;
    let text = String::from_utf8(body).unwrap();
    assert_eq!(numbers(&text), [protected, rare.clone(), plain.clone()]);
    assert_eq!(exported(&city).await[0], "csv count=3 protected=1 ");

    // Filters, whatever page is shown.
    let path = "/cases/export?format=csv&age=1&page=7&sort=number&desc=1";
    let (_, _, body) = bytes(&city, path, &examiner).await;
    let filtered = String::from_utf8(body).unwrap();
    let all = numbers(&text);
    assert!(numbers(&filtered).len() < all.len(), "{filtered}");
    assert!(exported(&city).await[0].ends_with("age=1"));

    let (status, headers, body) = bytes(&city, "/cases/export?format=xlsx", &examiner).await;
    assert_eq!(status, StatusCode::OK);
    let media = headers[header::CONTENT_TYPE].to_str().unwrap();
    assert!(media.contains("spreadsheetml"), "{media}");
    assert!(body.starts_with(b"PK"), "a workbook is a ZIP");
    assert_eq!(exported(&city).await[0], "xlsx count=2 protected=0 ");

    // Reception may list but not export, and is shown no link.
    let reception = city.sign_in(CITY, "reception").await;
    let (status, ..) = bytes(&city, "/cases/export?format=csv", &reception).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert_eq!(exported(&city).await.len(), 4);
    let link = "/cases/export?stage=facts&amp;format=xlsx";
    let list = city.get("/cases?stage=facts", &reception).await;
    assert!(!list.body.contains("/cases/export"));
    let list = city.get("/cases?stage=facts&page=1", &examiner).await;
    assert!(list.body.contains(link), "{}", list.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_character_that_cp932_has_not_is_named_and_nothing_is_written() {
    let city = City::new().await;
    let [plain, rare, _] = three(&city).await;
    let examiner = city.sign_in(CITY, "examiner").await;
    let (status, _, body) = bytes(&city, "/cases/export?format=csv-cp932", &examiner).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let page = String::from_utf8(body).unwrap();
    assert!(page.contains(&format!("「𠮷」（{rare}）")), "{page}");
    assert!(!page.contains("「霧」"));
    assert!(exported(&city).await.is_empty());
    // The one that can be written is.
    let path = format!("/cases/export?format=csv-cp932&q={plain}");
    let (status, headers, body) = bytes(&city, &path, &examiner).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        headers[header::CONTENT_TYPE],
        "text/csv; charset=windows-31j"
    );
    // 受付番号 in CP932, without a byte order mark.
    assert!(body.starts_with(&[0x8E, 0xF3, 0x95, 0x74, 0x94, 0xD4, 0x8D, 0x86]));
    assert_eq!(exported(&city).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_are_kept_opened_replaced_and_removed_by_their_owner() {
    let city = City::new().await;
    city.paper(&[]).await;
    let examiner = city.sign_in(CITY, "examiner").await;
    let other = city.sign_in(CITY, "trusted").await;
    let keep = async |cookie: &str, name: &str, query: &str| {
        let form = [("name", name), ("query", query)];
        city.post("/cases/views", cookie, &form).await
    };
    let answer = keep(
        &examiner,
        "わたしの分",
        "stage=facts&page=4&evil=1&sort=birth",
    )
    .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.to.as_deref(), Some("/cases?stage=facts&sort=birth"));
    let list = city.get("/cases", &examiner).await.body;
    assert!(list.contains("href=\"/cases?stage=facts&amp;sort=birth\""));
    assert!(list.contains("わたしの分"));
    assert!(!city.get("/cases", &other).await.body.contains("わたしの分"));

    // The same name again takes its place.
    keep(&examiner, "わたしの分", "stage=ready").await;
    let list = city.get("/cases", &examiner).await.body;
    assert!(list.contains("href=\"/cases?stage=ready\""));
    assert!(!list.contains("stage=facts&amp;sort"));

    for name in ["", &"長".repeat(61)] {
        let answer = keep(&examiner, name, "age=1").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
        assert!(answer.body.contains("60字以内"), "{}", answer.body);
    }

    let id = list
        .split("name=\"id\" value=\"")
        .nth(1)
        .and_then(|t| t.split('"').next())
        .unwrap()
        .to_owned();
    let form = [("id", id.as_str())];
    city.post("/cases/views/remove", &other, &form).await;
    let list = city.get("/cases", &examiner).await.body;
    assert!(list.contains("わたしの分"), "somebody else's stays");
    city.post("/cases/views/remove", &examiner, &form).await;
    // What was done is told once, with no name in it.
    assert!(
        !city
            .get("/cases", &examiner)
            .await
            .body
            .contains("わたしの分")
    );
    for n in 0..50 {
        let answer = keep(&examiner, &format!("条件{n}"), "age=1").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{n}");
    }
    let answer = keep(&examiner, "もう一つ", "age=1").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("50件まで"), "{}", answer.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_look_writes_no_session_and_tells_how_long_it_took() {
    let city = City::new().await;
    let examiner = city.sign_in(CITY, "examiner").await;
    // The first look after signing in may write when it was.
    city.get("/cases", &examiner).await;
    let (status, headers, _) = bytes(&city, "/cases", &examiner).await;
    assert_eq!(status, StatusCode::OK);
    assert!(headers.get(header::SET_COOKIE).is_none(), "{headers:?}");
    let timing = headers["server-timing"].to_str().unwrap();
    let took = timing.strip_prefix("app;dur=").unwrap();
    assert!(took.parse::<f64>().unwrap() > 0.0, "{timing}");
}
