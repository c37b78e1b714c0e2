//! The auditor's screen: who did what, and whether the chain is whole.

use crate::{
    gate::{Answer, Ctx},
    kit::{self, Column, Field, Form, Look, Row, Tone},
    route::{self, Need, Route},
    say,
    site::Site,
};
use axum::extract::{Query, State};
use enmusubi_app::Action;
use enmusubi_casefile::account::Account;
use enmusubi_storage::audit::{Broken, Wanted};
use maud::html;
use std::collections::HashMap;

const PER_PAGE: i64 = 100;

pub(super) fn routes() -> Vec<Route> {
    const NEED: Need = Need::Right(&[Action::ViewAudit]);
    vec![
        route::get("/audit", NEED, show),
        route::get("/audit/verify", NEED, verify),
    ]
}

async fn show(
    State(site): State<Site>,
    ctx: Ctx,
    Query(values): Query<Vec<(String, String)>>,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let form = Form::of(values).speaking(w);
    let accounts = site.office.store().all::<Account>(&actor.tenant).await?;
    let names: HashMap<&str, &str> = accounts
        .iter()
        .map(|l| (l.id.as_str(), l.state.name.as_str()))
        .collect();
    let who = accounts
        .iter()
        .find(|l| l.state.login == form.get("who").trim())
        .map(|l| l.id.clone());
    let wanted = Wanted {
        actor: who.unwrap_or_else(|| form.get("who").trim().to_owned()),
        subject: form.get("subject").trim().to_owned(),
        action: form.get("action").trim().to_owned(),
        before: form.get("before").parse().unwrap_or(0),
        most: PER_PAGE,
    };
    let links = site
        .office
        .store()
        .audit_list(&actor.tenant, &wanted)
        .await?;
    let head = site.office.store().audit_head(&actor.tenant).await?;
    // A look at the log is a look, too; its own entry is seen by the next.
    site.office
        .record(actor, "audit", &wanted.subject, &wanted.action)
        .await?;
    let next = links
        .last()
        .map(|l| l.seq)
        .filter(|_| links.len() as i64 == PER_PAGE);
    let rows: Vec<Row> = links
        .iter()
        .map(|l| {
            let e = &l.entry;
            let name = names.get(e.actor.as_str()).copied().unwrap_or(&e.actor);
            Row {
                href: None,
                cells: vec![
                    html! { (l.seq) },
                    html! { (say::iso_moment(w, &e.at)) },
                    html! { (name) },
                    html! { code { (e.action) } },
                    html! { (e.subject) },
                    html! { (e.detail) },
                ],
            }
        })
        .collect();
    let columns = [
        Column::new(w.t("audit.seq")).numeric(),
        Column::new(w.t("audit.at")),
        Column::new(w.t("audit.who")),
        Column::new(w.t("audit.action")),
        Column::new(w.t("audit.subject")),
        Column::new(w.t("audit.detail")),
    ];
    let query = |before: i64| {
        let mut q = form_urlencoded::Serializer::new(String::new());
        for name in ["who", "subject", "action"] {
            if !form.get(name).is_empty() {
                q.append_pair(name, form.get(name));
            }
        }
        q.append_pair("before", &before.to_string());
        format!("/audit?{}", q.finish())
    };
    let body = html! {
        p { (w.say("audit.head", &[("seq", &head.seq), ("mac", &head.mac.get(..16).unwrap_or_default())])) " "
            a href="/audit/verify" { (w.t("audit.verify")) } }
        (kit::get_form("/audit", html! {
            div.row {
                (kit::text(&form, Field::new("who", &w.t("audit.who_login"))))
                (kit::text(&form, Field::new("subject", &w.t("audit.subject_number"))))
                (kit::text(&form, Field::new("action", &w.t("audit.action")).hint(&w.t("audit.action_hint"))))
            }
            (kit::acts(kit::button(&w.t("cases.filter"), Look::Primary)))
        }))
        @if rows.is_empty() { (kit::empty(&w.t("audit.none"))) }
        @else { (kit::table(w, &w.t("audit.title"), &columns, rows, None)) }
        @if let Some(before) = next { p { (kit::link_button(&query(before), &w.t("audit.older"), Look::Secondary)) } }
    };
    ctx.page(w.t("audit.title"), "audit", body).wide().ok()
}

async fn verify(State(site): State<Site>, ctx: Ctx) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let found = site.office.store().audit_verify(&actor.tenant, &[]).await?;
    let outcome = if found.is_ok() { "whole" } else { "broken" };
    site.office
        .record(actor, "audit.verified", "", outcome)
        .await?;
    let body = match found {
        Ok(head) => kit::notice(
            Tone::Good,
            &w.t("audit.whole"),
            html! {
                p { (w.say("audit.whole_more", &[("seq", &head.seq)])) } p { code { (head.mac) } }
            },
        ),
        Err(broken) => {
            let text = match broken {
                Broken::Missing(n) => w.say("audit.missing", &[("seq", &n)]),
                Broken::Changed(n) | Broken::HeadDigest(n) | Broken::Elsewhere(n) => {
                    w.say("audit.changed", &[("seq", &n)])
                }
                Broken::Head { last, head } => {
                    w.say("audit.cut", &[("last", &last), ("head", &head)])
                }
            };
            kit::notice(
                Tone::Stop,
                &w.t("audit.broken"),
                html! { p { (text) } p { (w.t("audit.broken_more")) } },
            )
        }
    };
    ctx.page(w.t("audit.verify"), "audit", body)
        .back("/audit", w.t("audit.title"))
        .ok()
}
