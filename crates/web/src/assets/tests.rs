//! Files are served for ever under names of their content, pages never kept, and every answer is guarded.

use super::*;
use axum::body::Body;
use axum::http::Request as Asked;
use tower::ServiceExt;

async fn ask(address: &str) -> Response {
    let page = Router::new().route("/", get(async || "page"));
    let server = secured(page.merge(routes()));
    let asked = Asked::get(address).body(Body::empty()).unwrap();
    server.oneshot(asked).await.unwrap()
}

fn header<'r>(response: &'r Response, name: &str) -> &'r str {
    let mut values = response.headers().get_all(name).iter();
    let value = values.next().map_or("", |v| v.to_str().unwrap());
    assert_eq!(values.next(), None, "{name} comes twice");
    value
}

#[tokio::test]
async fn files_are_kept_and_pages_are_not() {
    for asset in &ASSETS {
        let address = path(asset.name);
        assert!(
            address.starts_with("/assets/") && address.len() > 24,
            "{address}"
        );
        let response = ask(address).await;
        assert_eq!(response.status(), StatusCode::OK, "{address}");
        assert_eq!(header(&response, "content-type"), asset.kind);
        assert!(header(&response, "cache-control").contains("immutable"));
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await;
        assert_eq!(body.unwrap(), asset.content);
    }
    for (address, status) in [
        ("/", StatusCode::OK),
        ("/assets/app.css", StatusCode::NOT_FOUND),
        ("/assets/app.0123456789abcdef.css", StatusCode::NOT_FOUND),
        ("/nowhere", StatusCode::NOT_FOUND),
    ] {
        let response = ask(address).await;
        assert_eq!(response.status(), status, "{address}");
        assert_eq!(header(&response, "cache-control"), "no-store", "{address}");
    }
}

#[tokio::test]
async fn every_answer_has_the_headers() {
    for address in ["/", "/nowhere", path("app.js")] {
        let response = ask(address).await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(header(&response, name), value, "{address}");
        }
        let policy = header(&response, "content-security-policy");
        let parts: Vec<&str> = policy.split(';').map(str::trim).collect();
        for part in [
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "connect-src 'self'",
        ] {
            assert!(parts.contains(&part), "{address}: {part}");
        }
        assert!(!policy.contains("unsafe"));
    }
}

#[test]
fn unknown_names_show_themselves() {
    assert_eq!(path("missing.css"), "missing.css");
}
