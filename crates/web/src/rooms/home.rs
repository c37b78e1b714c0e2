//! The first page: what waits for whom, and what keeps the round from running.

use crate::{
    gate::{Answer, Ctx},
    kit::{self, Look, Tone},
    route::{self, Need, Route},
    say,
    site::Site,
    words::Words,
};
use axum::extract::State;
use enmusubi_app::{Action, rounds::Missing};
use enmusubi_casefile::{readiness::Stage, round::Calendar};
use maud::{Markup, html};

pub(super) fn routes() -> Vec<Route> {
    vec![route::get("/", Need::Right(&[Action::Home]), show)]
}

async fn show(State(site): State<Site>, ctx: Ctx) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let round = site.office.current_round(&actor.tenant).await?;
    let Some(round) = round else {
        let body = kit::empty(&w.t("home.no_round"));
        return ctx.page(w.t("home.title"), "home", body).ok();
    };
    let calendar = round.state.calendar.as_ref();
    let mut parts = Vec::new();
    if actor.may(Action::ViewRounds) {
        let ready = site.office.readiness(actor, &round.id).await?;
        let list = actor.may(Action::ListCases);
        let stages = ready.stages.iter().filter(|(s, _)| *s != Stage::Out);
        let cards: Vec<Markup> = stages
            .map(|(stage, count)| {
                let label = say::stage(w, *stage);
                let number = w.say("home.count", &[("count", count)]);
                html! {
                    li {
                        @if list {
                            a href={ "/cases?round=" (round.id) "&stage=" (stage.name()) } { (label) }
                        } @else { (label) }
                        " " strong { (number) }
                    }
                }
            })
            .collect();
        let (tone, heading) = if ready.missing.is_empty() {
            (Tone::Good, w.t("home.ready"))
        } else {
            let n = ready.missing.len();
            (Tone::Wait, w.say("home.not_ready", &[("count", &n)]))
        };
        let body = html! {
            ul.plain { @for card in &cards { (card) } }
            p {
                (w.say("home.confirmed", &[("confirmed", &ready.confirmed), ("all", &ready.facilities)]))
                @let alarms = ready.missing.iter().filter(|m| matches!(m, Missing::Alarm(..))).count();
                @if alarms > 0 { " " (w.say("home.alarms", &[("count", &alarms)])) }
            }
            p { (kit::link_button(&format!("/rounds/{}", round.id), &w.t("home.readiness"), Look::Secondary)) }
        };
        parts.push(kit::section(
            "stages",
            &w.t("home.stages"),
            html! { (kit::notice(tone, &heading, body)) },
        ));
    }
    if let Some(c) = calendar {
        parts.push(kit::section(
            "calendar",
            &w.t("home.calendar"),
            self::calendar(w, c),
        ));
    }
    let title = w.say("home.round", &[("name", &round.state.name)]);
    ctx.page(title, "home", html! { @for part in &parts { (part) } })
        .ok()
}

/// The days of a round.
pub(super) fn calendar(w: &Words, c: &Calendar) -> Markup {
    let days = [
        ("home.opens", c.opens),
        ("home.deadline", c.deadline),
        ("home.correction", c.correction_deadline),
        ("home.change", c.change_deadline),
        ("home.base", c.base),
        ("home.entry", c.entry),
        ("home.answer", c.answer_deadline),
    ];
    let mut rows: Vec<(String, Markup)> = days
        .into_iter()
        .map(|(key, day)| (w.t(key), html! { (say::day(w, day)) }))
        .collect();
    rows.push((
        w.t("home.publication"),
        html! { (say::moment(w, c.publication)) },
    ));
    kit::details_list(&rows)
}
