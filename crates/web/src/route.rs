//! Routes, each declared with what it needs.

use crate::{gate, site::Site};
use axum::{Router, middleware::from_fn_with_state, routing::MethodRouter};
use enmusubi_app::Action;
use enmusubi_casefile::account::Columns;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Everybody (signing in).
    Nobody,
    /// Whoever has one of these rights.
    Right(&'static [Action]),
}

/// What the address names; the gate looks whether the actor may know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// No one thing.
    Nothing,
    /// An application, by `{number}`: protection and own family are looked at before the handler runs.
    Case,
    /// A facility, by `{facility}`: a nursery has its own only.
    Facility,
}

/// Reading or changing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// GET.
    Get,
    /// POST.
    Post,
}

/// A route.
#[derive(Clone)]
pub struct Route {
    /// Reading or changing.
    pub way: Way,
    /// Its address, with `{parts}`.
    pub path: &'static str,
    /// Who may.
    pub need: Need,
    /// What it names.
    pub about: About,
    /// Columns the account has to see besides.
    pub sees: Option<Columns>,
    handler: MethodRouter<Site>,
}

impl std::fmt::Debug for Route {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} {} {:?} {:?}",
            self.way, self.path, self.need, self.about
        )
    }
}

/// A page.
#[must_use]
pub fn get<H, T>(path: &'static str, need: Need, handler: H) -> Route
where
    H: axum::handler::Handler<T, Site>,
    T: 'static,
{
    Route {
        way: Way::Get,
        path,
        need,
        about: About::Nothing,
        sees: None,
        handler: axum::routing::get(handler),
    }
}

/// Something that changes.
#[must_use]
pub fn post<H, T>(path: &'static str, need: Need, handler: H) -> Route
where
    H: axum::handler::Handler<T, Site>,
    T: 'static,
{
    Route {
        way: Way::Post,
        path,
        need,
        about: About::Nothing,
        sees: None,
        handler: axum::routing::post(handler),
    }
}

impl Route {
    /// It names an application.
    #[must_use]
    pub fn case(mut self) -> Self {
        self.about = About::Case;
        self
    }

    /// Whoever uses it has to see a group of columns.
    #[must_use]
    pub fn seeing(mut self, columns: Columns) -> Self {
        self.sees = Some(columns);
        self
    }

    /// It names a facility.
    #[must_use]
    pub fn facility(mut self) -> Self {
        self.about = About::Facility;
        self
    }
}

/// The router of a list of routes, each behind the gate.
pub fn router(site: &Site, routes: Vec<Route>) -> Router<Site> {
    let mut router = Router::new();
    for route in routes {
        let guard = gate::Guard {
            site: site.clone(),
            way: route.way,
            need: route.need,
            about: route.about,
            sees: route.sees,
        };
        let handler = route.handler.layer(from_fn_with_state(guard, gate::gate));
        router = router.route(route.path, handler);
    }
    router
}
