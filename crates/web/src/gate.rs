//! What stands before every handler: language, session, right, protection, own family; and what a refusal looks like.

use crate::{
    kit::{self, Flash, NavItem, Page, UserBox},
    route::{About, Need, Way},
    say,
    session::{self, key},
    site::Site,
    words::{Lang, Words},
};
use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, RawPathParams, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use enmusubi_app::{Action, Actor, Fault};
use enmusubi_casefile::account::Columns;
use enmusubi_storage::people::HeldForm;
use jiff::ToSpan as _;
use maud::{Markup, html};
use std::sync::Arc;
use tower_sessions::Session;

/// What a route's gate knows.
#[derive(Clone)]
pub(crate) struct Guard {
    pub site: Site,
    pub way: Way,
    pub need: Need,
    pub about: About,
    pub sees: Option<Columns>,
}

/// What a handler knows of the request.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// Words of its language.
    pub words: &'static Words,
    /// Who acts; `None` on pages for everybody.
    pub actor: Option<Actor>,
    /// Municipality as people call it.
    pub municipality: String,
    /// What the last act came to.
    pub flash: Option<Flash>,
    session: Session,
}

/// A handler's answer.
pub type Answer = Result<Response, Trouble>;

/// A fault on its way to a page that says what to do next.
#[derive(Debug)]
pub struct Trouble(pub Fault);

impl<E: Into<Fault>> From<E> for Trouble {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        // The gate, which knows language and reader, makes the page of it.
        let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
        response.extensions_mut().insert(Arc::new(self.0));
        response
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Ctx {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, StatusCode> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl Ctx {
    /// Who acts. The gate has let nobody else through.
    ///
    /// # Errors
    /// [`Fault::Forbidden`] on a page for everybody.
    pub fn actor(&self) -> Result<&Actor, Fault> {
        self.actor.as_ref().ok_or(Fault::Forbidden)
    }

    /// The session, for signing in and out.
    #[must_use]
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// A page of this reader.
    #[must_use]
    pub fn page(&self, title: String, place: kit::Place, body: Markup) -> Page2<'_> {
        Page2 {
            ctx: self,
            title,
            place,
            body,
            back: None,
            wide: false,
        }
    }

    /// Goes on to another page and says there what was done.
    pub async fn done(&self, to: &str, text: String) -> Answer {
        self.flash(("done", text)).await;
        Ok(Redirect::to(to).into_response())
    }

    async fn flash(&self, flash: (&str, String)) {
        if let Err(e) = self.session.insert(key::FLASH, flash).await {
            tracing::warn!("a message for the next page is lost: {e}");
        }
    }

    fn nav(&self) -> Vec<NavItem> {
        let Some(actor) = &self.actor else {
            return Vec::new();
        };
        let w = self.words;
        let items: [(&'static str, &str, String, Action); 11] = [
            ("home", "/", w.t("nav.home"), Action::Home),
            (
                "entry",
                "/entry",
                w.t("nav.entry"),
                Action::EnterApplication,
            ),
            ("cases", "/cases", w.t("nav.cases"), Action::ListCases),
            (
                "certify",
                "/certifications",
                w.t("nav.certify"),
                Action::ApproveCertification,
            ),
            ("seats", "/seats", w.t("nav.seats"), Action::ViewSeats),
            ("own", "/nursery", w.t("nav.own"), Action::AnswerSeats),
            ("rounds", "/rounds", w.t("nav.rounds"), Action::ViewRounds),
            (
                "criteria",
                "/criteria",
                w.t("nav.criteria"),
                Action::ViewCriteria,
            ),
            (
                "accounts",
                "/accounts",
                w.t("nav.accounts"),
                Action::ManageAccounts,
            ),
            ("audit", "/audit", w.t("nav.audit"), Action::ViewAudit),
            (
                "account",
                "/account",
                w.t("nav.account"),
                Action::OwnAccount,
            ),
        ];
        items
            .into_iter()
            .filter(|(.., action)| actor.may(*action))
            .map(|(key, href, label, _)| NavItem {
                key,
                label,
                href: href.to_owned(),
                count: None,
            })
            .collect()
    }
}

/// A page on its way: what it says, for whom.
pub struct Page2<'c> {
    ctx: &'c Ctx,
    title: String,
    place: kit::Place,
    body: Markup,
    back: Option<(String, String)>,
    wide: bool,
}

impl Page2<'_> {
    /// As wide as the window.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// The page above.
    #[must_use]
    pub fn back(mut self, href: impl Into<String>, label: String) -> Self {
        self.back = Some((href.into(), label));
        self
    }

    /// The answer.
    pub fn ok(self) -> Answer {
        Ok(self.with(StatusCode::OK))
    }

    /// The answer to a form with problems.
    pub fn unfit(self) -> Answer {
        Ok(self.with(StatusCode::UNPROCESSABLE_ENTITY))
    }

    fn with(self, status: StatusCode) -> Response {
        let ctx = self.ctx;
        let nav = ctx.nav();
        let user = ctx.actor.as_ref().map(|a| UserBox {
            name: a.name.clone(),
            municipality: ctx.municipality.clone(),
            roles: say::roles(ctx.words, a),
        });
        let page = Page {
            words: ctx.words,
            title: self.title,
            place: self.place,
            nav: &nav,
            user,
            flash: ctx.flash.clone(),
            back: self.back,
            wide: self.wide,
        };
        (status, page.render(self.body)).into_response()
    }
}

/// The gate of a route.
pub(crate) async fn gate(
    State(guard): State<Guard>,
    session: Session,
    params: RawPathParams,
    mut request: Request,
    next: Next,
) -> Response {
    let (words, chosen) = language(&request);
    let mut ctx = Ctx {
        words,
        actor: None,
        municipality: String::new(),
        flash: None,
        session,
    };
    let passed = pass(&guard, &mut ctx, &params).await;
    let mut response = match passed {
        Ok(true) => {
            request.extensions_mut().insert(ctx.clone());
            let mut response = next.run(request).await;
            let fault = response.extensions_mut().remove::<Arc<Fault>>();
            match fault {
                Some(fault) => fault_page(&ctx, &fault),
                None => response,
            }
        }
        // Nobody is signed in.
        Ok(false) => match guard.way {
            Way::Get => {
                let to = request.uri().path_and_query().map_or("/", |p| p.as_str());
                sign_in_first(to, None)
            }
            Way::Post => hold(&guard, &ctx, request).await,
        },
        Err(fault) => fault_page(&ctx, &fault),
    };
    if let Some(lang) = chosen
        && let Ok(value) = HeaderValue::from_str(&format!(
            "lang={}; Path=/; SameSite=Strict; Max-Age=31536000",
            lang.tag()
        ))
    {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Whether the request goes on; `false`: somebody has to sign in first.
async fn pass(guard: &Guard, ctx: &mut Ctx, params: &RawPathParams) -> Result<bool, Fault> {
    let text = |name: &'static str| {
        let session = ctx.session.clone();
        async move {
            match session.get::<String>(name).await {
                Ok(value) => Ok(value),
                Err(e) => Err(session_fault(&guard.site, &e).await),
            }
        }
    };
    let tenant = text(key::TENANT).await?;
    let account = text(key::ACCOUNT).await?;
    if let Some((tenant, account)) = tenant.zip(account) {
        ctx.actor = guard.site.office.actor(&tenant, &account).await?;
        if ctx.actor.is_some() {
            let all = guard.site.office.store().tenants().await?;
            let own = all.into_iter().find(|t| t.id == tenant);
            ctx.municipality = own.map(|t| t.name).unwrap_or_default();
        }
    }
    if ctx.actor.is_some() {
        touch(&ctx.session).await?;
    }
    if guard.way == Way::Get {
        ctx.flash = flash(&ctx.session)
            .await?
            .map(|(tone, text)| match tone.as_str() {
                "done" => Flash::Done(text),
                "problem" => Flash::Problem(text),
                _ => Flash::Note(text),
            });
    }
    let Need::Right(actions) = guard.need else {
        return Ok(true);
    };
    let Some(actor) = &ctx.actor else {
        return Ok(false);
    };
    if !actions.iter().any(|a| actor.may(*a)) {
        return Err(Fault::Forbidden);
    }
    if guard.sees.is_some_and(|c| !actor.sees(c)) {
        return Err(Fault::Forbidden);
    }
    let param = |name: &str| {
        let found = params.iter().find(|(n, _)| *n == name);
        found.map(|(_, value)| value.to_owned()).unwrap_or_default()
    };
    match guard.about {
        About::Nothing => {}
        About::Case => {
            guard.site.office.visible(actor, &param("number")).await?;
        }
        About::Facility => {
            let own = actor.facility.as_deref() == Some(&param("facility"));
            if !own && !actor.may(Action::ViewSeats) {
                return Err(Fault::NotThere);
            }
        }
    }
    Ok(true)
}

/// What the last act came to, once. Removing what is not there would have the session written at every look.
async fn flash(session: &Session) -> Result<Option<(String, String)>, Fault> {
    let wrong =
        |e: tower_sessions::session::Error| Fault::Internal(format!("reading a session: {e}"));
    let there = session.get_value(key::FLASH).await.map_err(wrong)?;
    if there.is_none() {
        return Ok(None);
    }
    session.remove(key::FLASH).await.map_err(wrong)
}

/// Lets the session go on: it is written, with its new end, where that was not done lately.
async fn touch(session: &Session) -> Result<(), Fault> {
    let wrong =
        |e: tower_sessions::session::Error| Fault::Internal(format!("writing a session: {e}"));
    let now = jiff::Timestamp::now().as_second();
    let seen = session.get::<i64>(key::SEEN).await.map_err(wrong)?;
    if seen.is_some_and(|s| (0..session::TOUCH_MINUTES * 60).contains(&(now - s))) {
        return Ok(());
    }
    session.insert(key::SEEN, now).await.map_err(wrong)
}

/// Why a session could not be read. The session library has words only; the database itself says what ails it.
async fn session_fault(site: &Site, error: &tower_sessions::session::Error) -> Fault {
    match site.office.store().tenants().await {
        Err(e) => e.into(),
        Ok(_) => Fault::Internal(format!("reading a session: {error}")),
    }
}

/// Language of a request: asked for in the address, else as chosen before, else Japanese.
fn language(request: &Request) -> (&'static Words, Option<Lang>) {
    let query = request.uri().query().unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "lang")
        .and_then(|(_, value)| Lang::of(&value));
    let before = cookie(request.headers(), "lang").and_then(|v| Lang::of(&v));
    let lang = asked.or(before).unwrap_or_default();
    (Words::of(lang), asked)
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let all = headers.get_all(header::COOKIE).iter();
    all.filter_map(|v| v.to_str().ok())
        .flat_map(|v| v.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(n, _)| *n == name)
        .map(|(_, value)| value.to_owned())
}

fn sign_in_first(to: &str, held: Option<&str>) -> Response {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("next", to);
    if let Some(held) = held {
        query.append_pair("held", held);
    }
    Redirect::to(&format!("/sign-in?{}", query.finish())).into_response()
}

/// Most bytes of a form that is kept while somebody signs in again.
const HELD_MOST: usize = 1 << 20;

/// Keeps a form whose session has ended, so that nothing typed is lost: it is sent on once its account has signed in again.
async fn hold(guard: &Guard, ctx: &Ctx, request: Request) -> Response {
    let path = request.uri().path().to_owned();
    let kind = request.headers().get(header::CONTENT_TYPE);
    let is_form = kind.is_some_and(|k| {
        k.as_bytes()
            .starts_with(b"application/x-www-form-urlencoded")
    });
    let id = cookie(request.headers(), session::COOKIE);
    let body = to_bytes(request.into_body(), HELD_MOST).await;
    let (Some(id), Ok(body), true) = (id, body, is_form) else {
        return sign_in_first("/", None);
    };
    let office = &guard.site.office;
    // The session is over, but its row is still there: it says whose form this is.
    let kept = async {
        let row = office.store().session(&session::digest(&id), "").await?;
        let Some(row) = row.filter(|r| !r.account.is_empty()) else {
            return Ok::<_, Fault>(None);
        };
        let form = HeldForm {
            id: enmusubi_app::office::random_id(16)?,
            account: row.account,
            path: path.clone(),
            body: String::from_utf8_lossy(&body).into_owned(),
            expires: office
                .now()
                .saturating_add(8.hours())
                .unwrap_or(office.now())
                .to_string(),
        };
        let mut tx = office.store().begin(&row.tenant).await?;
        tx.hold_form(&form).await?;
        tx.commit().await?;
        Ok(Some(form.id))
    };
    match kept.await {
        Ok(held) => sign_in_first(&path, held.as_deref()),
        Err(fault) => fault_page(ctx, &fault),
    }
}

/// A page that says what went wrong and what to do next.
pub(crate) fn fault_page(ctx: &Ctx, fault: &Fault) -> Response {
    let w = ctx.words;
    let (status, title, text) = match fault {
        Fault::Forbidden => (
            StatusCode::FORBIDDEN,
            w.t("fault.forbidden"),
            w.t("fault.forbidden_next"),
        ),
        Fault::NotThere => (
            StatusCode::NOT_FOUND,
            w.t("fault.not_there"),
            w.t("fault.not_there_next"),
        ),
        Fault::Refused(refusal) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            w.t("fault.refused"),
            say::refusal(w, refusal),
        ),
        Fault::Fields(problems) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            w.t("fault.refused"),
            problems.iter().map(|p| say::field_problem(w, p)).collect(),
        ),
        Fault::Paper(refused) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            w.t("fault.paper"),
            say::twin(w, &refused.text("")).to_owned(),
        ),
        Fault::File(diagnostics) => (
            StatusCode::UNPROCESSABLE_ENTITY,
            w.t("fault.paper"),
            diagnostics.render(match w.lang {
                Lang::Ja => enmusubi_interchange::Language::Japanese,
                Lang::En => enmusubi_interchange::Language::English,
            }),
        ),
        Fault::Conflict { .. } => (
            StatusCode::CONFLICT,
            w.t("fault.conflict"),
            w.t("fault.conflict_next"),
        ),
        full if full.is_full() => {
            tracing::error!("{}", chain(fault));
            (
                StatusCode::INSUFFICIENT_STORAGE,
                w.t("fault.full"),
                w.t("fault.full_next"),
            )
        }
        away if away.is_away() => {
            tracing::error!("{}", chain(fault));
            (
                StatusCode::SERVICE_UNAVAILABLE,
                w.t("fault.away"),
                w.t("fault.away_next"),
            )
        }
        other => {
            tracing::error!("{}", chain(other));
            (
                StatusCode::INTERNAL_SERVER_ERROR,
                w.t("fault.internal"),
                w.t("fault.internal_next"),
            )
        }
    };
    let body = html! { p { (text) } p { a href="/" { (w.t("fault.home")) } } };
    ctx.page(title, "", body).with(status)
}

/// An error with what is behind it.
fn chain(fault: &Fault) -> String {
    let mut text = fault.to_string();
    let mut source = std::error::Error::source(fault);
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

/// An address that is none.
pub(crate) async fn nowhere(session: Session, request: Request<Body>) -> Response {
    let (words, _) = language(&request);
    let ctx = Ctx {
        words,
        actor: None,
        municipality: String::new(),
        flash: None,
        session,
    };
    fault_page(&ctx, &Fault::NotThere)
}
