//! Certifications that wait for approval: one page, one decision each.

use crate::{
    gate::{Answer, Ctx},
    kit::{self, Column, ListState, Row},
    route::{self, Need, Route},
    say,
    site::Site,
};
use axum::extract::{Query, State};
use enmusubi_app::Action;
use enmusubi_casefile::readiness::Stage;
use enmusubi_storage::cases::CaseQuery;
use maud::html;

const PER_PAGE: u32 = 50;

pub(super) fn routes() -> Vec<Route> {
    vec![route::get(
        "/certifications",
        Need::Right(&[Action::ApproveCertification]),
        show,
    )]
}

async fn show(
    State(site): State<Site>,
    ctx: Ctx,
    Query(values): Query<Vec<(String, String)>>,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let mut state = ListState::of("/certifications", values, PER_PAGE);
    let query = CaseQuery {
        stage: Stage::Approval.name().to_owned(),
        sort: state.sort.clone().unwrap_or_default(),
        descending: state.descending,
        skip: state.skipped() as i64,
        most: i64::from(PER_PAGE),
        ..CaseQuery::default()
    };
    let found = site.office.list(actor, query).await?;
    state.total = found.total.max(0) as u64;
    let columns = [
        Column::new(w.t("cases.number")).sorted_by("number"),
        Column::new(w.t("cases.name")).sorted_by("kana_key"),
        Column::new(w.t("cases.birth")).sorted_by("birth"),
        Column::new(w.t("cases.arrived")).sorted_by("arrived"),
        Column::new(w.t("certify.due")),
    ];
    let rows: Vec<Row> = found
        .rows
        .iter()
        .map(|r| Row {
            href: Some(format!("/cases/{}/certification", r.number)),
            cells: vec![
                html! { (r.number) },
                html! { span lang="ja" { (r.name) } },
                html! { (say::iso_day(w, &r.birth)) },
                html! { (say::iso_day(w, &r.arrived)) },
                html! { @if let Ok(d) = r.arrived.parse() { (say::day(w, enmusubi_casefile::certification::answer_due(d))) } },
            ],
        })
        .collect();
    let body = html! {
        p { (w.t("certify.list_more")) }
        @if rows.is_empty() { (kit::empty(&w.t("certify.list_none"))) }
        @else {
            (kit::table(w, &w.t("certify.list"), &columns, rows, Some(&state)))
            (kit::pages(w, &state))
        }
    };
    ctx.page(w.t("certify.list"), "certify", body).wide().ok()
}
