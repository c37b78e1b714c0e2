//! A nursery's own page: its seats as computed; it confirms them or says what is different and why.

use super::seats::computed;
use crate::{
    gate::{Answer, Ctx, Trouble},
    kit::{self, Field, Form, Look, Tone, Width},
    rooms::read,
    route::{self, Need, Route},
    say,
    site::Site,
};
use axum::{Form as Body, extract::State};
use enmusubi_app::{Action, Fault};
use maud::html;
use std::collections::BTreeMap;

pub(super) fn routes() -> Vec<Route> {
    const NEED: Need = Need::Right(&[Action::AnswerSeats]);
    vec![
        route::get("/nursery", NEED, show),
        route::post("/nursery", NEED, answer),
    ]
}

async fn show(State(site): State<Site>, ctx: Ctx) -> Answer {
    page(&site, &ctx, Form::new().speaking(ctx.words)).await
}

async fn page(site: &Site, ctx: &Ctx, mut form: Form) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let round = site
        .office
        .current_round(&actor.tenant)
        .await?
        .ok_or(Fault::NotThere)?;
    let own = actor.facility.clone().ok_or(Fault::NotThere)?;
    let shown = site.office.seats(actor, &round.id, &own).await?;
    site.office.record(actor, "view", &own, "seats").await?;
    let current = shown.seats.is_current(&shown.computed);
    for c in &shown.computed {
        let name = format!("seats-{}", c.age);
        if form.get(&name).is_empty() {
            let said = shown.seats.answer.as_ref().filter(|_| current);
            let said = said.and_then(|a| a.classes.iter().find(|x| x.age == c.age));
            form.set(&name, said.map_or(c.seats, |s| s.seats).to_string());
            if let Some(s) = said {
                form.set(format!("reason-{}", c.age), &s.reason);
            }
        }
    }
    let body = html! {
        (kit::error_summary(w, &form))
        @if current {
            @if let Some(a) = &shown.seats.answer {
                (kit::notice(Tone::Good, &w.t("nursery.answered"), html! { p { (w.say("nursery.answered_at", &[("at", &say::moment(w, a.at))])) } }))
            }
        } @else if shown.seats.answer.is_some() {
            (kit::notice(Tone::Wait, &w.t("nursery.changed"), html! { p { (w.t("nursery.changed_more")) } }))
        }
        p { (w.say("nursery.how", &[("round", &round.state.name)])) }
        (computed(w, &shown))
        (kit::post("/nursery", html! {
            (kit::hidden("version", &shown.version.to_string()))
            @for c in &shown.computed {
                @let seats = format!("seats-{}", c.age);
                @let reason = format!("reason-{}", c.age);
                (kit::group(&w.say("seats.age", &[("age", &c.age)]), None, html! {
                    div.row {
                        (kit::number(&form, Field::new(&seats, &w.t("nursery.seats")).required().width(Width::Short), &w.t("seats.unit")))
                        (kit::text(&form, Field::new(&reason, &w.t("nursery.reason")).hint(&w.t("nursery.reason_hint"))))
                    }
                }))
            }
            (kit::acts(kit::button(&w.t("nursery.go"), Look::Primary)))
        }))
    };
    let title = w.say("nursery.title", &[("name", &shown.facility.name())]);
    let page = ctx.page(title, "own", body);
    if form.has_problems() {
        page.unfit()
    } else {
        page.ok()
    }
}

async fn answer(
    State(site): State<Site>,
    ctx: Ctx,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let round = site
        .office
        .current_round(&actor.tenant)
        .await?
        .ok_or(Fault::NotThere)?;
    let own = actor.facility.clone().ok_or(Fault::NotThere)?;
    let mut form = Form::of(values).speaking(w);
    let shown = site.office.seats(actor, &round.id, &own).await?;
    let mut said = BTreeMap::new();
    for c in &shown.computed {
        let field = format!("seats-{}", c.age);
        let reason = form.get(&format!("reason-{}", c.age)).trim().to_owned();
        match form.get(&field).trim().parse::<u32>() {
            Ok(seats) => {
                if seats != c.seats && reason.is_empty() {
                    form.problem(
                        format!("reason-{}", c.age),
                        w.say("refusal.seats_reason", &[("age", &c.age)]),
                    );
                }
                said.insert(c.age, (seats, reason));
            }
            Err(_) => form.problem(field, w.t("refusal.no_number")),
        }
    }
    if form.has_problems() {
        return page(&site, &ctx, form).await;
    }
    let version = read::version(&form);
    match site
        .office
        .answer_seats(actor, &round.id, &own, version, said)
        .await
    {
        Ok(_) => ctx.done("/nursery", w.t("nursery.done")).await,
        Err(fault) => Err(Trouble(fault)),
    }
}
