//! The queue of applications: filter, sort, page.

use super::{export, views};
use crate::{
    gate::{Answer, Ctx},
    kit::{self, Column, Field, Form, ListState, Look, Row, Tone},
    say,
    site::Site,
};
use axum::extract::{Query, State};
use enmusubi_app::Action;
use enmusubi_casefile::{application::Channel, readiness::Stage};
use enmusubi_storage::cases::CaseQuery;
use maud::{Markup, html};

/// Rows of a page.
const PER_PAGE: u32 = 50;

/// The query of an address.
pub(super) fn query_of(form: &Form, state: &ListState) -> CaseQuery {
    CaseQuery {
        round: form.get("round").to_owned(),
        stage: form.get("stage").to_owned(),
        channel: form.get("channel").to_owned(),
        age: form.get("age").parse().ok(),
        facility: form.get("facility").to_owned(),
        on_time: match form.get("on_time") {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        },
        similar: form.get("similar") == "yes",
        text: form.get("q").to_owned(),
        sort: state.sort.clone().unwrap_or_default(),
        descending: state.descending,
        skip: state.skipped() as i64,
        most: i64::from(state.per_page),
        ..CaseQuery::default()
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    ctx: Ctx,
    Query(values): Query<Vec<(String, String)>>,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let form = Form::of(values.clone()).speaking(w);
    let mut state = ListState::of("/cases", values, PER_PAGE);
    let query = query_of(&form, &state);
    let found = site.office.list(actor, query).await?;
    state.total = found.total.max(0) as u64;
    let columns = [
        Column::new(w.t("cases.number")).sorted_by("number"),
        Column::new(w.t("cases.name")).sorted_by("kana_key"),
        Column::new(w.t("cases.birth")).sorted_by("birth"),
        Column::new(w.t("cases.age")).sorted_by("age").numeric(),
        Column::new(w.t("cases.channel")).sorted_by("channel"),
        Column::new(w.t("cases.arrived")).sorted_by("arrived"),
        Column::new(w.t("cases.first_choice")).sorted_by("first_choice"),
        Column::new(w.t("cases.points"))
            .sorted_by("points")
            .numeric(),
        Column::new(w.t("cases.stage")).sorted_by("stage"),
    ];
    let rows: Vec<Row> = found
        .rows
        .iter()
        .map(|r| {
            let stage = Stage::of(&r.stage).unwrap_or(Stage::Out);
            let channel = Channel::of(&r.channel).map(|c| say::channel(w, c));
            Row {
                href: Some(format!("/cases/{}", r.number)),
                cells: vec![
                    html! { (r.number) },
                    html! { span lang="ja" { (r.name) } @if r.protected != 0 { " " (kit::badge(&w.t("cases.protected"), Tone::Stop)) }
                        @if r.similar > 0 { " " (kit::badge(&w.t("cases.similar"), Tone::Wait)) } },
                    html! { (say::iso_day(w, &r.birth)) },
                    html! { (r.age) },
                    html! { (channel.unwrap_or_default()) @if r.on_time == 0 { " " (kit::badge(&w.t("cases.late"), Tone::Stop)) } },
                    html! { (say::iso_day(w, &r.arrived)) },
                    html! { (r.first_choice) },
                    html! { (r.points_text) },
                    html! { (stage_badge(w, stage)) },
                ],
            }
        })
        .collect();
    let body = html! {
        (filters(&site, &ctx, &form).await?)
        (views::shown(&site, &ctx, &state).await?)
        p role="status" { (w.say("cases.found", &[("count", &state.total)])) }
        @if rows.is_empty() {
            (kit::empty(&w.t("cases.none")))
        } @else {
            (kit::table(w, &w.t("cases.caption"), &columns, rows, Some(&state)))
            (kit::pages(w, &state))
            @if actor.may(Action::Export) { (export::links(w, &state)) }
        }
    };
    ctx.page(w.t("cases.title"), "cases", body).wide().ok()
}

/// What a case waits for, with its tone.
pub(super) fn stage_badge(w: &crate::words::Words, stage: Stage) -> Markup {
    let tone = match stage {
        Stage::Ready => Tone::Good,
        Stage::Out => Tone::Plain,
        Stage::Approval => Tone::Info,
        Stage::Undecided => Tone::Stop,
        _ => Tone::Wait,
    };
    kit::badge(&say::stage(w, stage), tone)
}

async fn filters(site: &Site, ctx: &Ctx, form: &Form) -> Result<Markup, crate::gate::Trouble> {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let all = w.t("cases.all");
    let rounds = site.office.rounds(&actor.tenant).await?;
    let rounds: Vec<(&str, &str)> = std::iter::once(("", all.as_str()))
        .chain(
            rounds
                .iter()
                .map(|l| (l.id.as_str(), l.state.name.as_str())),
        )
        .collect();
    let stages: Vec<(&str, String)> = Stage::ALL
        .iter()
        .map(|s| (s.name(), say::stage(w, *s)))
        .collect();
    let stages: Vec<(&str, &str)> = std::iter::once(("", all.as_str()))
        .chain(stages.iter().map(|(n, l)| (*n, l.as_str())))
        .collect();
    let channels: Vec<(&str, String)> = Channel::ALL
        .iter()
        .map(|c| (c.name(), say::channel(w, *c)))
        .collect();
    let channels: Vec<(&str, &str)> = std::iter::once(("", all.as_str()))
        .chain(channels.iter().map(|(n, l)| (*n, l.as_str())))
        .collect();
    let ages = [
        ("", all.as_str()),
        ("0", "0"),
        ("1", "1"),
        ("2", "2"),
        ("3", "3"),
        ("4", "4"),
        ("5", "5"),
    ];
    let (in_time, late) = (w.t("cases.in_time"), w.t("cases.late"));
    let times = [
        ("", all.as_str()),
        ("yes", in_time.as_str()),
        ("no", late.as_str()),
    ];
    Ok(kit::get_form(
        "/cases",
        html! {
            div.row {
                (kit::text(form, Field::new("q", &w.t("cases.search")).hint(&w.t("cases.search_hint"))))
                (kit::select(form, Field::new("round", &w.t("cases.round")), &rounds))
                (kit::select(form, Field::new("stage", &w.t("cases.stage")), &stages))
                (kit::select(form, Field::new("channel", &w.t("cases.channel")), &channels))
                (kit::select(form, Field::new("age", &w.t("cases.age")), &ages))
                (kit::select(form, Field::new("on_time", &w.t("cases.receipt")), &times))
                (kit::check(form, Field::new("similar", &w.t("cases.similar_only"))))
            }
            (kit::acts(kit::button(&w.t("cases.filter"), Look::Primary)))
        },
    ))
}
