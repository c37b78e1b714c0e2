//! Criteria on screen: what is in force, what is proposed, what changed, released by another.

use crate::{
    gate::{Answer, Ctx, Trouble},
    kit::{self, Column, Field, Form, Look, Row, Tone, Width},
    rooms::read,
    route::{self, Need, Route},
    say,
    site::Site,
    words::{Lang, Words},
};
use axum::{
    Form as Body,
    extract::{Multipart, Path, State},
    http::header,
    response::IntoResponse,
};
use enmusubi_app::{Action, Fault, criteria};
use enmusubi_casefile::{
    Refusal,
    release::{Control, Release},
};
use enmusubi_criteria::{Criteria, Language, row_in_words};
use enmusubi_interchange::criteria_workbook;
use maud::{Markup, html};
use std::collections::BTreeMap;

pub(super) fn routes() -> Vec<Route> {
    const VIEW: Need = Need::Right(&[Action::ViewCriteria]);
    const PROPOSE: Need = Need::Right(&[Action::ProposeCriteria]);
    vec![
        route::get("/criteria", VIEW, list),
        route::post("/criteria", PROPOSE, propose),
        route::get("/criteria/{id}", VIEW, show),
        route::get("/criteria/{id}/workbook", VIEW, workbook),
        route::post(
            "/criteria/{id}/release",
            Need::Right(&[Action::ReleaseCriteria]),
            release,
        ),
    ]
}

fn language(w: &Words) -> Language {
    match w.lang {
        Lang::Ja => Language::Japanese,
        Lang::En => Language::English,
    }
}

async fn list(State(site): State<Site>, ctx: Ctx) -> Answer {
    list_page(&site, &ctx, &Form::new().speaking(ctx.words), None).await
}

async fn list_page(site: &Site, ctx: &Ctx, form: &Form, told: Option<String>) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let mut all = site.office.releases(actor).await?;
    all.sort_by_key(|l| {
        std::cmp::Reverse((l.state.fiscal_year, l.state.proposed.as_ref().map(|p| p.1)))
    });
    let rows: Vec<Row> = all
        .iter()
        .map(|l| Row {
            href: Some(format!("/criteria/{}", l.id)),
            cells: vec![
                html! { (l.state.title) },
                html! { (w.say("criteria.year", &[("year", &l.state.fiscal_year)])) },
                html! { (l.state.reason) },
                html! { @if let Some((by, at)) = &l.state.proposed { (by) " " (say::moment(w, *at)) } },
                html! { (state(w, &l.state)) },
            ],
        })
        .collect();
    let columns = [
        Column::new(w.t("criteria.file")),
        Column::new(w.t("criteria.for_year")),
        Column::new(w.t("criteria.reason")),
        Column::new(w.t("criteria.proposed")),
        Column::new(w.t("criteria.state")),
    ];
    let body = html! {
        (kit::error_summary(w, form))
        @if let Some(told) = &told { (kit::notice(Tone::Stop, &w.t("criteria.errors"), html! { pre tabindex="0" { (told) } })) }
        @if rows.is_empty() { (kit::empty(&w.t("criteria.none"))) }
        @else { (kit::table(w, &w.t("criteria.title"), &columns, rows, None)) }
        @if actor.may(Action::ProposeCriteria) {
            (kit::section("propose", &w.t("criteria.propose"), html! {
                p { (w.t("criteria.propose_more")) }
                (kit::post_multipart("/criteria", html! {
                    (kit::file(form, Field::new("file", &w.t("criteria.choose")).required(), ".xlsx,.toml", false))
                    (kit::text(form, Field::new("reason", &w.t("criteria.why")).required().hint(&w.t("criteria.why_hint"))))
                    (kit::acts(kit::button(&w.t("criteria.propose_go"), Look::Primary)))
                }))
            }))
        }
    };
    let page = ctx.page(w.t("criteria.title"), "criteria", body).wide();
    if form.has_problems() || told.is_some() {
        page.unfit()
    } else {
        page.ok()
    }
}

fn state(w: &Words, r: &Release) -> Markup {
    if r.ended.is_some() {
        kit::badge(&w.t("criteria.ended"), Tone::Plain)
    } else if r.released.is_some() {
        kit::badge(&w.t("criteria.released"), Tone::Good)
    } else {
        kit::badge(&w.t("criteria.waits"), Tone::Wait)
    }
}

async fn propose(State(site): State<Site>, ctx: Ctx, mut parts: Multipart) -> Answer {
    let w = ctx.words;
    let mut form = Form::new().speaking(w);
    let (mut name, mut bytes) = (String::new(), Vec::new());
    while let Some(part) = parts
        .next_field()
        .await
        .map_err(|e| Fault::Internal(e.to_string()))?
    {
        match part.name() {
            Some("file") => {
                name = part.file_name().unwrap_or_default().to_owned();
                bytes = part
                    .bytes()
                    .await
                    .map_err(|e| Fault::Internal(e.to_string()))?
                    .to_vec();
            }
            Some("reason") => {
                let text = part
                    .text()
                    .await
                    .map_err(|e| Fault::Internal(e.to_string()))?;
                form.set("reason", text);
            }
            _ => {}
        }
    }
    if bytes.is_empty() {
        form.problem("file", w.t("criteria.no_file"));
    }
    if form.get("reason").trim().is_empty() {
        form.problem("reason", w.t("refusal.no_reason"));
    }
    if form.has_problems() {
        return list_page(&site, &ctx, &form, None).await;
    }
    let given = criteria::read(&bytes, &name);
    if given.criteria.is_none() {
        let text = enmusubi_criteria::text_of(&bytes).into_owned();
        let text = if bytes.starts_with(b"PK") {
            String::new()
        } else {
            text
        };
        let told = given.diagnostics.render(&name, &text, language(w));
        return list_page(&site, &ctx, &form, Some(told)).await;
    }
    let reason = form.get("reason").to_owned();
    let made = site
        .office
        .propose_criteria(ctx.actor()?, &name, &bytes, &reason)
        .await?;
    ctx.done(
        &format!("/criteria/{}", made.id),
        w.t("criteria.proposed_done"),
    )
    .await
}

async fn show(State(site): State<Site>, ctx: Ctx, Path(id): Path<String>) -> Answer {
    page(&site, &ctx, &id, Form::new().speaking(ctx.words)).await
}

async fn page(site: &Site, ctx: &Ctx, id: &str, form: Form) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let loaded = site
        .office
        .store()
        .load::<Release>(&actor.tenant, id)
        .await?;
    let loaded = loaded.ok_or(Fault::NotThere)?;
    let r = &loaded.state;
    let given = criteria::read(r.text.as_bytes(), &r.title);
    let before = match site.office.in_force(&actor.tenant, r.fiscal_year).await? {
        Some(b) if b.id != id => Some(b),
        _ => {
            site.office
                .in_force(&actor.tenant, r.fiscal_year - 1)
                .await?
        }
    };
    let changes = before.as_ref().map(|b| {
        let before = criteria::read(b.state.text.as_bytes(), &b.state.title);
        enmusubi_criteria::diff(&before.document, &given.document)
    });
    let f = &r.findings;
    let own = r
        .proposed
        .as_ref()
        .is_some_and(|(by, _)| *by == actor.account);
    let body = html! {
        (kit::error_summary(w, &form))
        p.lead { (state(w, r)) " " (w.say("criteria.year", &[("year", &r.fiscal_year)])) " " (r.reason) }
        p { a href={ "/criteria/" (id) "/workbook" } { (w.t("criteria.workbook")) } }
        (findings(w, "failed", &w.t("criteria.failed"), &f.failed))
        (findings(w, "untested", &w.t("criteria.untested"), &f.untested))
        (findings(w, "holes", &w.t("criteria.holes"), &f.holes))
        @if f.failed.is_empty() && f.untested.is_empty() && f.holes.is_empty() {
            (kit::notice(Tone::Good, &w.t("criteria.sound"), html! { p { (w.t("criteria.sound_more")) } }))
        }
        @if let (Some(changes), Some(before)) = (&changes, &before) {
            (kit::section("changes", &w.say("criteria.changes", &[("count", &changes.len()), ("title", &before.state.title)]), html! {
                @if changes.is_empty() { (kit::empty(&w.t("criteria.no_changes"))) }
                @else { ul { @for c in changes { li { (c.text(language(w))) } } } }
            }))
        }
        @if r.released.is_none() && r.ended.is_none() && actor.may(Action::ReleaseCriteria) {
            @if own { (kit::notice(Tone::Info, &w.t("criteria.own"), html! { p { (w.t("refusal.same_person")) } })) }
            @else { (release_form(w, id, loaded.version, given.criteria.as_ref(), &form)) }
        }
        @if let Some(c) = &given.criteria { (tables(w, c)) }
    };
    let title = r.title.clone();
    let page = ctx
        .page(title, "criteria", body)
        .back("/criteria", w.t("criteria.title"))
        .wide();
    if form.has_problems() {
        page.unfit()
    } else {
        page.ok()
    }
}

fn findings(w: &Words, id: &str, heading: &str, list: &[String]) -> Markup {
    if list.is_empty() {
        return html! {};
    }
    let heading = format!(
        "{heading}{}",
        w.say("criteria.count", &[("count", &list.len())])
    );
    html! { div id=(id) { (kit::notice(Tone::Stop, &heading, html! { ul { @for f in list { li { (f) } } } })) } }
}

fn release_form(
    w: &Words,
    id: &str,
    version: i64,
    criteria: Option<&Criteria>,
    form: &Form,
) -> Markup {
    kit::section(
        "release",
        &w.t("criteria.release"),
        html! {
            p { (w.t("criteria.release_more")) }
            (kit::post(&format!("/criteria/{id}/release"), html! {
                (kit::hidden("version", &version.to_string()))
                @if let Some(c) = criteria {
                    @for t in &c.tables {
                        @let rows = format!("rows-{}", t.id);
                        @let points = format!("points-{}", t.id);
                        (kit::group(&t.label, None, html! { div.row {
                            (kit::number(form, Field::new(&rows, &w.t("criteria.rows")).required().width(Width::Short), &w.t("criteria.rows_unit")))
                            (kit::text(form, Field::new(&points, &w.t("criteria.sum")).required().width(Width::Short).inputmode("decimal")))
                        } }))
                    }
                }
                (kit::acts(kit::button(&w.t("criteria.release_go"), Look::Primary)))
            }))
        },
    )
}

/// The tables of a file as people read them.
fn tables(w: &Words, c: &Criteria) -> Markup {
    let columns = [
        Column::new(w.t("criteria.row")),
        Column::new(w.t("criteria.condition")),
        Column::new(w.t("criteria.points")).numeric(),
    ];
    html! {
        @for t in &c.tables {
            (kit::section(&format!("table-{}", t.id), &t.label, kit::table(w, &t.label, &columns, t.rows.iter().map(|r| Row {
                href: None,
                cells: vec![
                    html! { (r.label) },
                    html! { (row_in_words(c, t, r)) },
                    html! { @if let Some(p) = r.plain_points() { (p) } },
                ],
            }).collect(), None)))
        }
    }
}

async fn workbook(State(site): State<Site>, ctx: Ctx, Path(id): Path<String>) -> Answer {
    let actor = ctx.actor()?;
    let loaded = site
        .office
        .store()
        .load::<Release>(&actor.tenant, &id)
        .await?;
    let loaded = loaded.ok_or(Fault::NotThere)?;
    let given = criteria::read(loaded.state.text.as_bytes(), &loaded.state.title);
    let bytes = criteria_workbook::export(given.criteria.as_ref(), &given.document)
        .map_err(|e| Fault::Internal(format!("writing a workbook: {e:?}")))?;
    site.office
        .record(actor, "export", &id, "criteria workbook")
        .await?;
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"criteria-{id}.xlsx\""),
        ),
    ];
    Ok((headers, bytes).into_response())
}

async fn release(
    State(site): State<Site>,
    ctx: Ctx,
    Path(id): Path<String>,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let w = ctx.words;
    let mut form = Form::of(values.clone()).speaking(w);
    let mut controls: BTreeMap<String, Control> = BTreeMap::new();
    for (name, value) in &values {
        if let Some(table) = name.strip_prefix("rows-") {
            let points = form
                .get(&format!("points-{table}"))
                .trim()
                .replace('−', "-");
            match value.trim().parse() {
                Ok(rows) => {
                    controls.insert(table.to_owned(), Control { rows, points });
                }
                Err(_) => form.problem(name.clone(), w.t("refusal.no_number")),
            }
        }
    }
    if form.has_problems() {
        return page(&site, &ctx, &id, form).await;
    }
    let version = read::version(&form);
    match site
        .office
        .release_criteria(ctx.actor()?, &id, version, controls)
        .await
    {
        Ok(_) => {
            ctx.done(&format!("/criteria/{id}"), w.t("criteria.released_done"))
                .await
        }
        Err(Fault::Refused(refusal)) => {
            let table = refusal
                .values
                .iter()
                .find(|(n, _)| *n == "table")
                .map(|(_, v)| v.clone());
            let text = say::refusal(w, &refusal);
            match table {
                Some(table)
                    if refusal == Refusal::of("refusal.control_differs").with("table", &table) =>
                {
                    form.problem(format!("rows-{table}"), text);
                }
                _ => form.problem_of_form(text),
            }
            page(&site, &ctx, &id, form).await
        }
        Err(other) => Err(Trouble(other)),
    }
}
