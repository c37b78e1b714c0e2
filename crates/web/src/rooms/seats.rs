//! Seats of every facility: computed, confirmed, alarms; and the nursery's own page.

use crate::{
    gate::{Answer, Ctx},
    kit::{self, Column, Field, Form, Look, Row, Tone},
    rooms::read,
    route::{self, Need, Route},
    say,
    site::Site,
    words::Words,
};
use axum::{
    Form as Body,
    extract::{Path, State},
};
use enmusubi_app::{Action, Fault, seats::Shown};
use enmusubi_casefile::{
    Refusal,
    seats::{Alarm, AlarmKind, Held},
};
use maud::{Markup, html};

pub(super) fn routes() -> Vec<Route> {
    const VIEW: Need = Need::Right(&[Action::ViewSeats]);
    vec![
        route::get("/seats", VIEW, list),
        route::get("/seats/{round}/{facility}", VIEW, show).facility(),
        route::post(
            "/seats/{round}/{facility}/hold",
            Need::Right(&[Action::EditSeats]),
            hold,
        )
        .facility(),
        route::post(
            "/seats/{round}/{facility}/explain",
            Need::Right(&[Action::ExplainAlarm]),
            explain,
        )
        .facility(),
    ]
}

async fn list(State(site): State<Site>, ctx: Ctx) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let Some(round) = site.office.current_round(&actor.tenant).await? else {
        return ctx
            .page(
                w.t("seats.title"),
                "seats",
                kit::empty(&w.t("home.no_round")),
            )
            .ok();
    };
    let standing = site.office.standing(&actor.tenant, &round.id).await?;
    let mut rows = Vec::new();
    let mut totals = [0u32; 6];
    for id in standing.facilities.keys() {
        let shown = site.office.seats(actor, &round.id, id).await?;
        let current = shown.seats.is_current(&shown.computed);
        let alarms = shown
            .seats
            .open_alarms(&shown.facility, &shown.computed)
            .len();
        let of = |age: u8| {
            let said = shown.seats.answer.as_ref().filter(|_| current);
            let said = said
                .and_then(|a| a.classes.iter().find(|c| c.age == age))
                .map(|c| c.seats);
            said.or_else(|| {
                shown
                    .computed
                    .iter()
                    .find(|c| c.age == age)
                    .map(|c| c.seats)
            })
        };
        let mut cells = vec![
            html! { (id) },
            html! { span lang="ja" { (shown.facility.name()) } },
        ];
        for age in 0..6u8 {
            let seats = of(age);
            totals[usize::from(age)] += seats.unwrap_or(0);
            cells.push(html! { @if let Some(n) = seats { (n) } @else { span aria-label=(w.t("seats.no_class")) { "―" } } });
        }
        cells.push(html! {
            @if current { (kit::badge(&w.t("seats.confirmed"), Tone::Good)) }
            @else if shown.seats.answer.is_some() { (kit::badge(&w.t("seats.outdated"), Tone::Wait)) }
            @else { (kit::badge(&w.t("seats.waits"), Tone::Wait)) }
            @if alarms > 0 { " " (kit::badge(&w.say("seats.alarms", &[("count", &alarms)]), Tone::Stop)) }
        });
        rows.push(Row {
            href: Some(format!("/seats/{}/{id}", round.id)),
            cells,
        });
    }
    let mut columns = vec![Column::new(w.t("seats.id")), Column::new(w.t("seats.name"))];
    columns.extend((0..6).map(|age| Column::new(w.say("seats.age", &[("age", &age)])).numeric()));
    columns.push(Column::new(w.t("seats.state")));
    let mut sum = vec![html! { (w.t("seats.total")) }, html! {}];
    sum.extend(totals.iter().map(|n| html! { (n) }));
    sum.push(html! {});
    rows.push(Row {
        href: None,
        cells: sum,
    });
    let body = html! {
        p { (w.t("seats.more")) }
        (kit::table(w, &w.say("seats.caption", &[("round", &round.state.name)]), &columns, rows, None))
    };
    ctx.page(w.t("seats.title"), "seats", body).wide().ok()
}

/// The table of a facility's seats.
pub(super) fn computed(w: &Words, shown: &Shown) -> Markup {
    let columns = [
        Column::new(w.t("seats.class")),
        Column::new(w.t("seats.capacity")).numeric(),
        Column::new(w.t("seats.acceptable")).numeric(),
        Column::new(w.t("seats.continuing")).numeric(),
        Column::new(w.t("seats.held")).numeric(),
        Column::new(w.t("seats.computed")).numeric(),
        Column::new(w.t("seats.said")).numeric(),
        Column::new(w.t("seats.last_year")).numeric(),
    ];
    let rows = shown.computed.iter().map(|c| {
        let said = shown.seats.answer.as_ref().and_then(|a| a.classes.iter().find(|x| x.age == c.age));
        let last = shown.facility.last_year.get(&c.age);
        Row {
            href: None,
            cells: vec![
                html! { (w.say("seats.age", &[("age", &c.age)])) },
                html! { (c.capacity) },
                html! { (c.acceptable) },
                html! { (c.continuing) },
                html! { (c.held) },
                html! { strong { (c.seats) } },
                html! { @if let Some(s) = said { (s.seats) @if !s.reason.is_empty() { " " (s.reason) } } },
                html! { @if let Some(n) = last { (n) } },
            ],
        }
    });
    html! {
        (kit::table(w, &w.t("seats.table"), &columns, rows.collect(), None))
        @if let Some(of) = shown.facility.roster_of { p { (w.say("seats.roster_of", &[("day", &say::day(w, of))])) } }
    }
}

/// An alarm as a sentence.
pub(super) fn alarm(w: &Words, a: &Alarm) -> String {
    let key = match a.kind {
        AlarmKind::ClassMissing => "alarm.class_missing",
        AlarmKind::UnlikeLastYear => "alarm.unlike_last_year",
        AlarmKind::OverCapacity => "alarm.over_capacity",
        AlarmKind::StaffRatio => "alarm.staff_ratio",
        AlarmKind::Differs => "alarm.differs",
        AlarmKind::TooMany => "alarm.too_many",
    };
    w.say(
        key,
        &[("age", &a.age), ("is", &a.is), ("against", &a.against)],
    )
}

async fn show(
    State(site): State<Site>,
    ctx: Ctx,
    Path((round, facility)): Path<(String, String)>,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let shown = site.office.seats(actor, &round, &facility).await?;
    let open = shown.seats.open_alarms(&shown.facility, &shown.computed);
    let form = Form::new().speaking(w);
    let at = format!("/seats/{round}/{facility}");
    let version = shown.version.to_string();
    let ages: Vec<(String, String)> = shown
        .computed
        .iter()
        .map(|c| (c.age.to_string(), w.say("seats.age", &[("age", &c.age)])))
        .collect();
    let ages: Vec<(&str, &str)> = ages.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let body = html! {
        @for a in &open {
            (kit::notice(Tone::Stop, &alarm(w, a), html! {
                @if actor.may(Action::ExplainAlarm) {
                    (kit::post(&format!("{at}/explain"), html! {
                        (kit::hidden("version", &version)) (kit::hidden("key", &a.key()))
                        (kit::text(&form, Field::new("reason", &w.t("seats.explain_reason")).required()))
                        (kit::acts(kit::button(&w.t("seats.explain"), Look::Primary)))
                    }))
                } @else { p { (w.t("seats.alarm_waits")) } }
            }))
        }
        (computed(w, &shown))
        @if !shown.seats.explained.is_empty() {
            (kit::section("explained", &w.t("seats.explained"), html! { ul { @for (key, (reason, by)) in &shown.seats.explained { li { (key) " " (reason) " " (by) } } } }))
        }
        @if actor.may(Action::EditSeats) {
            (kit::section("hold", &w.t("seats.hold"), kit::post(&format!("{at}/hold"), html! {
                (kit::hidden("version", &version))
                div.row {
                    (kit::select(&form, Field::new("age", &w.t("seats.class")).required(), &ages))
                    (kit::number(&form, Field::new("seats", &w.t("seats.held")).required(), &w.t("seats.unit")))
                    (kit::text(&form, Field::new("reason", &w.t("case.reason")).required()))
                }
                (kit::acts(kit::button(&w.t("seats.hold_go"), Look::Primary)))
            })))
        }
    };
    ctx.page(
        format!("{facility} {}", shown.facility.name()),
        "seats",
        body,
    )
    .back("/seats", w.t("seats.title"))
    .wide()
    .ok()
}

async fn hold(
    State(site): State<Site>,
    ctx: Ctx,
    Path((round, facility)): Path<(String, String)>,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let form = Form::of(values);
    let number = |name: &str| form.get(name).trim().parse::<u32>();
    let (Ok(age), Ok(seats)) = (number("age"), number("seats")) else {
        return Err(Fault::from(Refusal::of("refusal.no_number")).into());
    };
    let held = Held {
        seats,
        reason: form.get("reason").to_owned(),
    };
    let version = read::version(&form);
    site.office
        .hold_seats(ctx.actor()?, &round, &facility, version, age as u8, held)
        .await?;
    ctx.done(
        &format!("/seats/{round}/{facility}"),
        ctx.words.t("seats.held_done"),
    )
    .await
}

async fn explain(
    State(site): State<Site>,
    ctx: Ctx,
    Path((round, facility)): Path<(String, String)>,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let form = Form::of(values);
    let version = read::version(&form);
    site.office
        .explain_alarm(
            ctx.actor()?,
            &round,
            &facility,
            version,
            form.get("key"),
            form.get("reason"),
        )
        .await?;
    ctx.done(
        &format!("/seats/{round}/{facility}"),
        ctx.words.t("seats.explained_done"),
    )
    .await
}
