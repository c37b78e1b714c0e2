//! Every route × role × municipality × protected and closed case, made from the router's own list.

mod support;

use axum::http::StatusCode;
use enmusubi_casefile::{
    account::Role,
    household::{Event, Protection},
};
use enmusubi_web::{
    Site,
    route::{About, Need, Way},
};
use jiff::civil::date;
use support::{CITY, City, NEIGHBOUR};

/// The address of a route for a case and a facility.
fn filled(path: &str, number: &str, round: &str, facility: &str) -> String {
    path.replace("{number}", number)
        .replace("{round}", round)
        .replace("{facility}", facility)
        .replace("{id}", "unknown")
        .replace("{account}", "unknown")
        .replace("{paper}", "00000000000000000000000000000000")
}

async fn ask(city: &City, way: Way, path: &str, cookie: &str) -> support::Answer {
    match way {
        Way::Get => city.get(path, cookie).await,
        Way::Post => city.post(path, cookie, &[("version", "-7")]).await,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_is_closed_to_whoever_has_no_right() {
    let city = City::new().await;
    let number = city.paper(&[]).await;
    let (mut denied, mut passed) = (0, 0);
    let mut cookies = Vec::new();
    for role in Role::ALL {
        cookies.push((role, city.sign_in(CITY, role.name()).await));
    }
    // What ends the own sessions comes last.
    let mut routes = Site::routes();
    routes.sort_by_key(|r| r.path.starts_with("/account/"));
    for route in routes {
        let path = filled(route.path, &number, &city.round, "N001");
        let Need::Right(actions) = route.need else {
            continue;
        };
        // Nobody is signed in: led to the sign-in page, nothing is shown.
        let answer = ask(&city, route.way, &path, "").await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{route:?}");
        assert!(answer.to.unwrap().starts_with("/sign-in"), "{route:?}");
        for (role, cookie) in &cookies {
            // None of them sees more columns than its role brings by itself: none.
            let may = route.sees.is_none() && actions.iter().any(|a| a.roles().contains(role));
            let answer = ask(&city, route.way, &path, cookie).await;
            let forbidden = answer.status == StatusCode::FORBIDDEN;
            assert_eq!(
                forbidden,
                !may,
                "{route:?} as {}: {}",
                role.name(),
                answer.status
            );
            assert_ne!(
                answer.status,
                StatusCode::INTERNAL_SERVER_ERROR,
                "{route:?}: {}",
                answer.body
            );
            if may {
                passed += 1;
            } else {
                denied += 1;
            }
        }
    }
    // The table is not empty, and neither all open nor all closed.
    assert!(
        denied > 50 && passed > 50,
        "{denied} denied, {passed} passed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_not_know_of_does_not_exist() {
    let city = City::new().await;
    let open = city.paper(&[]).await;
    let protected = city
        .paper(&[("c1.birth", "R6.6.1"), ("c1.name", "霧雨　つぐみ")])
        .await;
    let protection = Protection {
        since: date(2026, 12, 1),
        reason: "住民票の閲覧制限".into(),
        by: "system".into(),
    };
    city.event(&protected, Event::Protected { protection })
        .await;
    let own = city
        .paper(&[("c1.birth", "R5.6.1"), ("c1.name", "木陰　すずめ")])
        .await;
    let examiner = city
        .office
        .store()
        .account_of(CITY, "examiner")
        .await
        .unwrap()
        .unwrap();
    city.event(&own, Event::ClosedTo { account: examiner })
        .await;

    let mut looked = 0;
    for role in Role::ALL {
        let cookie = city.sign_in(CITY, role.name()).await;
        let neighbour = city.sign_in(NEIGHBOUR, role.name()).await;
        for route in Site::routes().iter().filter(|r| r.about == About::Case) {
            let Need::Right(actions) = route.need else {
                panic!("{route:?} names a case and needs nothing");
            };
            if route.sees.is_some() || !actions.iter().any(|a| a.roles().contains(&role)) {
                continue;
            }
            looked += 1;
            let path = |number: &str| filled(route.path, number, &city.round, "N001");
            let answer = ask(&city, route.way, &path(&protected), &cookie).await;
            assert_eq!(
                answer.status,
                StatusCode::NOT_FOUND,
                "{route:?} protected as {}",
                role.name()
            );
            assert!(!answer.body.contains("つぐみ"), "{route:?}");
            let answer = ask(&city, route.way, &path(&open), &neighbour).await;
            assert_eq!(
                answer.status,
                StatusCode::NOT_FOUND,
                "{route:?} of another municipality"
            );
            if role == Role::Examiner {
                let answer = ask(&city, route.way, &path(&own), &cookie).await;
                assert_eq!(
                    answer.status,
                    StatusCode::NOT_FOUND,
                    "{route:?} of the own family"
                );
            }
        }
        for list in [
            "/cases",
            "/cases?q=%E3%81%A4%E3%81%90%E3%81%BF",
            "/certifications",
        ] {
            let answer = city.get(list, &cookie).await;
            assert!(!answer.body.contains("霧雨"), "{list} as {}", role.name());
        }
    }
    assert!(looked > 30, "{looked}");
    // Whoever has the right sees it, and a total counts it for everybody.
    let trusted = city.sign_in(CITY, "trusted").await;
    let answer = city.get(&format!("/cases/{protected}"), &trusted).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("霧雨"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_nursery_knows_its_own_seats_only() {
    let city = City::new().await;
    let cookie = city.sign_in(CITY, "nursery").await;
    assert_eq!(city.get("/nursery", &cookie).await.status, StatusCode::OK);
    for path in ["/seats", "/cases", "/entry"] {
        assert_eq!(
            city.get(path, &cookie).await.status,
            StatusCode::FORBIDDEN,
            "{path}"
        );
    }
    let at = format!("/seats/{}/N002", city.round);
    assert_eq!(city.get(&at, &cookie).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_from_other_sites_change_nothing() {
    use axum::{
        body::Body,
        http::{Request, header},
    };
    let city = City::new().await;
    let cookie = city.sign_in(CITY, "reception").await;
    let request = Request::post("/entry")
        .header(header::COOKIE, &cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site")
        .header(header::ORIGIN, "https://elsewhere.example")
        .body(Body::from("round=2027-04-1"))
        .unwrap();
    assert_eq!(city.send(request).await.status, StatusCode::FORBIDDEN);
}
