//! Signing in and out.

use crate::{
    gate::{Answer, Ctx},
    kit::{self, Field, Form, Look, Tone},
    route::{self, Need, Route},
    session::key,
    site::Site,
};
use axum::{
    Form as Body,
    extract::{Query, State},
    response::{IntoResponse, Redirect},
};
use enmusubi_app::{Fault, accounts::SignIn};
use maud::html;
use std::collections::HashMap;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route::get("/sign-in", Need::Nobody, show),
        route::post("/sign-in", Need::Nobody, sign_in),
        route::post(kit::SIGN_OUT, Need::Nobody, sign_out),
    ]
}

async fn show(
    State(site): State<Site>,
    ctx: Ctx,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let mut form = Form::new().speaking(ctx.words);
    for name in ["next", "held"] {
        form.set(name, query.get(name).cloned().unwrap_or_default());
    }
    page(&site, &ctx, &form).await
}

async fn page(site: &Site, ctx: &Ctx, form: &Form) -> Answer {
    let w = ctx.words;
    let tenants = site.office.store().tenants().await?;
    let options: Vec<(&str, &str)> = tenants
        .iter()
        .map(|t| (t.id.as_str(), t.name.as_str()))
        .collect();
    let body = html! {
        (kit::error_summary(w, form))
        @if !form.get("held").is_empty() {
            (kit::notice(Tone::Info, &w.t("sign_in.held"), html! { p { (w.t("sign_in.held_more")) } }))
        }
        (kit::post("/sign-in", html! {
            (kit::hidden("next", form.get("next")))
            (kit::hidden("held", form.get("held")))
            @if let [only] = &options[..] {
                (kit::hidden("tenant", only.0))
            } @else {
                (kit::select(form, Field::new("tenant", &w.t("sign_in.tenant")).required(), &options))
            }
            (kit::text(form, Field::new("login", &w.t("sign_in.login")).required().autocomplete("username")))
            (kit::password(form, Field::new("password", &w.t("sign_in.password")).required().autocomplete("current-password")))
            (kit::acts(kit::button(&w.t("sign_in.go"), Look::Primary)))
        }))
        @if !site.settings.demo.is_empty() {
            (kit::section("demo", &w.t("sign_in.demo"), html! {
                p { (w.t("sign_in.demo_more")) }
                (kit::table(w, &w.t("sign_in.demo_accounts"), &[
                    kit::Column::new(w.t("sign_in.demo_who")),
                    kit::Column::new(w.t("sign_in.login")),
                    kit::Column::new(w.t("sign_in.password")),
                ], site.settings.demo.iter().map(|(login, name, password)| kit::Row {
                    cells: vec![html! { (name) }, html! { code { (login) } }, html! { code { (password) } }],
                    href: None,
                }).collect(), None))
            }))
        }
    };
    let page = ctx.page(w.t("sign_in.title"), "", body);
    if form.has_problems() {
        page.unfit()
    } else {
        page.ok()
    }
}

async fn sign_in(
    State(site): State<Site>,
    ctx: Ctx,
    headers: axum::http::HeaderMap,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let w = ctx.words;
    let mut form = Form::of(values).speaking(w);
    let (tenant, login) = (
        form.get("tenant").to_owned(),
        form.get("login").trim().to_owned(),
    );
    // A proxy before us says whom it speaks for; without one, everybody on this machine counts as one address.
    let address = headers
        .get("x-real-ip")
        .and_then(|v| v.to_str().ok())
        .unwrap_or("local")
        .to_owned();
    let signed = site
        .office
        .sign_in(&tenant, &login, form.get("password"), &address)
        .await;
    let actor = match signed {
        Ok(actor) => actor,
        Err(SignIn::Fault(fault)) => return Err(fault.into()),
        Err(SignIn::Wrong) => {
            form.problem("login", w.t("sign_in.wrong"));
            return page(&site, &ctx, &form).await;
        }
        Err(SignIn::Waits) => {
            form.problem_of_form(w.t("sign_in.waits"));
            return page(&site, &ctx, &form).await;
        }
        Err(SignIn::NoRight) => {
            form.problem_of_form(w.t("sign_in.no_right"));
            return page(&site, &ctx, &form).await;
        }
    };
    let session = ctx.session();
    let wrong =
        |e: tower_sessions::session::Error| Fault::Internal(format!("writing a session: {e}"));
    // A session that existed before must not become this person's.
    session.cycle_id().await.map_err(wrong)?;
    session
        .insert(key::TENANT, &actor.tenant)
        .await
        .map_err(wrong)?;
    session
        .insert(key::ACCOUNT, &actor.account)
        .await
        .map_err(wrong)?;
    let held = form.get("held").to_owned();
    if !held.is_empty() {
        let mut tx = site.office.store().begin(&actor.tenant).await?;
        let now = site.office.now().to_string();
        let form = tx.take_form(&held, &actor.account, &now).await?;
        tx.commit().await?;
        if let Some(held) = form {
            let values: Vec<(String, String)> = form_urlencoded::parse(held.body.as_bytes())
                .into_owned()
                .collect();
            let body = html! {
                (kit::notice(Tone::Info, &w.t("sign_in.again"), html! { p { (w.t("sign_in.again_more")) } }))
                (kit::post(&held.path, html! {
                    @for (name, value) in &values { (kit::hidden(name, value)) }
                    (kit::acts(kit::button(&w.t("sign_in.send_again"), Look::Primary)))
                }))
            };
            return ctx.page(w.t("sign_in.again_title"), "", body).ok();
        }
    }
    Ok(Redirect::to(safe(form.get("next"))).into_response())
}

/// An address of ours, else the first page: nobody is led elsewhere.
fn safe(next: &str) -> &str {
    let ours = next.starts_with('/') && !next.starts_with("//") && !next.contains('\\');
    if ours { next } else { "/" }
}

async fn sign_out(State(site): State<Site>, ctx: Ctx) -> Answer {
    if let Some(actor) = &ctx.actor {
        site.office
            .record(actor, "sign_out", &actor.account, "")
            .await?;
    }
    let wrong =
        |e: tower_sessions::session::Error| Fault::Internal(format!("ending a session: {e}"));
    ctx.session().flush().await.map_err(wrong)?;
    Ok(Redirect::to("/sign-in").into_response())
}

#[cfg(test)]
mod tests {
    #[test]
    fn nobody_is_led_elsewhere() {
        for (next, to) in [
            ("/cases?stage=facts", "/cases?stage=facts"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("", "/"),
        ] {
            assert_eq!(super::safe(next), to, "{next}");
        }
    }
}
