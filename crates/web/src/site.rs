//! The whole site: what its handlers share, and the router.

use crate::{
    assets, gate, rooms,
    route::{self, Route},
    session::{self, Sessions},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::HeaderValue,
    middleware::{Next, from_fn},
    response::Response,
};
use enmusubi_app::Office;
use std::{sync::Arc, time::Instant};
use tower_http::csrf::CsrfLayer;

/// Largest body of a request in bytes: a paper of 20 MB with what surrounds it. More is refused before it is read.
pub const BODY_MOST: usize = 24 << 20;

/// What an installation decides about its screens.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Served over TLS (by a proxy before it): cookies are sent over TLS only.
    pub secure: bool,
    /// A made-up city; the sign-in page says so and lists its accounts (login, name, password).
    pub demo: Vec<(String, String, String)>,
    /// Word that opens the set-up page of an empty installation, as its console said it.
    pub setup: Option<String>,
}

/// What handlers share.
#[derive(Debug, Clone)]
pub struct Site {
    /// Use cases.
    pub office: Office,
    /// Settings.
    pub settings: Arc<Settings>,
}

impl Site {
    /// A site on an office.
    #[must_use]
    pub fn new(office: Office, settings: Settings) -> Self {
        Self {
            office,
            settings: Arc::new(settings),
        }
    }

    /// Every route there is, but for styles and scripts.
    #[must_use]
    pub fn routes() -> Vec<Route> {
        rooms::routes()
    }

    /// The router.
    pub fn router(self) -> Router {
        let sessions = session::layer(
            Sessions::new(self.office.store().clone()),
            self.settings.secure,
        );
        let routes = route::router(&self, Self::routes())
            .fallback(gate::nowhere)
            .layer(sessions)
            .layer(CsrfLayer::new())
            .layer(DefaultBodyLimit::max(BODY_MOST))
            // Last, so that it stands before everything else and counts the session's writes too.
            .layer(from_fn(timed));
        assets::secured(routes.merge(assets::routes())).with_state(self)
    }
}

/// Tells in `Server-Timing` how many milliseconds the answer took, from the request's arrival.
async fn timed(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let mut response = next.run(request).await;
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    if let Ok(value) = HeaderValue::from_str(&format!("app;dur={took:.1}")) {
        response.headers_mut().insert("server-timing", value);
    }
    response
}
