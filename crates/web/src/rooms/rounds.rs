//! Rounds: calendar, and what is still missing before one can run, each a link to the work.

use crate::{
    gate::{Answer, Ctx, Trouble},
    kit::{self, Column, Field, Form, Look, Row, Tone, Width},
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
use enmusubi_app::{
    Action, Fault,
    rounds::{Missing, Unstaged, round_id},
};
use enmusubi_casefile::{
    application::{Channel, ReceiptRule},
    round::{Calendar, Round},
};
use enmusubi_interchange::dates;
use jiff::{civil::Date, tz::Offset};
use maud::{Markup, html};

pub(super) fn routes() -> Vec<Route> {
    const VIEW: Need = Need::Right(&[Action::ViewRounds]);
    const PLAN: Need = Need::Right(&[Action::PlanRound]);
    vec![
        route::get("/rounds", VIEW, list),
        route::get("/rounds/new", PLAN, new),
        route::post("/rounds/new", PLAN, plan),
        route::get("/rounds/{round}", VIEW, show),
        route::post(
            "/rounds/{round}/ready",
            Need::Right(&[Action::MarkReady]),
            ready,
        ),
    ]
}

async fn list(State(site): State<Site>, ctx: Ctx) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let mut all = site.office.rounds(&actor.tenant).await?;
    all.reverse();
    let rows: Vec<Row> = all
        .iter()
        .map(|l| {
            let c = l.state.calendar.as_ref();
            let day = |d: Option<Date>| d.map(|d| say::day(w, d)).unwrap_or_default();
            Row {
                href: Some(format!("/rounds/{}", l.id)),
                cells: vec![
                    html! { (l.state.name) },
                    html! { (day(c.map(|c| c.entry))) },
                    html! { (day(c.map(|c| c.opens))) },
                    html! { (day(c.map(|c| c.deadline))) },
                    html! { @if l.state.ready.is_some() { (kit::badge(&w.t("rounds.ready"), Tone::Good)) } @else { (kit::badge(&w.t("rounds.preparing"), Tone::Wait)) } },
                ],
            }
        })
        .collect();
    let columns = [
        Column::new(w.t("rounds.name")),
        Column::new(w.t("home.entry")),
        Column::new(w.t("home.opens")),
        Column::new(w.t("home.deadline")),
        Column::new(w.t("rounds.state")),
    ];
    let body = html! {
        @if rows.is_empty() { (kit::empty(&w.t("home.no_round"))) }
        @else { (kit::table(w, &w.t("rounds.title"), &columns, rows, None)) }
        @if actor.may(Action::PlanRound) { p { (kit::link_button("/rounds/new", &w.t("rounds.new"), Look::Primary)) } }
    };
    ctx.page(w.t("rounds.title"), "rounds", body).wide().ok()
}

async fn show(State(site): State<Site>, ctx: Ctx, Path(round): Path<String>) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let loaded = site
        .office
        .store()
        .load::<Round>(&actor.tenant, &round)
        .await?;
    let loaded = loaded.ok_or(Fault::NotThere)?;
    let ready = site.office.readiness_in_full(actor, &round).await?;
    let standing = site.office.standing(&actor.tenant, &round).await?;
    let cases = actor.may(Action::ListCases);
    let seats = actor.may(Action::ViewSeats);
    let link = |may: bool, href: String, text: String| -> Markup {
        if may {
            html! { a href=(href) { (text) } }
        } else {
            html! { (text) }
        }
    };
    let mut items: Vec<Markup> = Vec::new();
    let mut unconfirmed = Vec::new();
    for m in &ready.missing {
        match m {
            Missing::Waiting(stage, count) => items.push(link(
                cases,
                format!("/cases?round={round}&stage={}", stage.name()),
                w.say(
                    "rounds.waiting",
                    &[("stage", &say::stage(w, *stage)), ("count", count)],
                ),
            )),
            Missing::Unconfirmed(id) => unconfirmed.push(id.clone()),
            Missing::Alarm(id, alarm) => items.push(link(
                seats,
                format!("/seats/{round}/{id}"),
                w.say(
                    "rounds.alarm",
                    &[("facility", id), ("alarm", &super::seats::alarm(w, alarm))],
                ),
            )),
            Missing::NoCriteria => items.push(link(
                actor.may(Action::ViewCriteria),
                "/criteria".into(),
                w.t("rounds.no_criteria"),
            )),
            Missing::Similar(count) => items.push(link(
                cases,
                format!("/cases?round={round}&similar=yes"),
                w.say("rounds.similar", &[("count", count)]),
            )),
            Missing::Staging(problem) => items.push(link(
                cases && problem.number().is_some(),
                format!("/cases/{}", problem.number().unwrap_or_default()),
                unstaged(w, problem),
            )),
        }
    }
    for id in &unconfirmed {
        let name = standing.facilities.get(id).map_or("", |(f, _)| f.name());
        let text = w.say("rounds.unconfirmed", &[("facility", id), ("name", &name)]);
        items.push(link(seats, format!("/seats/{round}/{id}"), text));
    }
    let body = html! {
        @if items.is_empty() {
            (kit::notice(Tone::Good, &w.t("home.ready"), html! {
                @if let Some((by, at, _)) = &loaded.state.ready { p { (w.say("rounds.marked", &[("by", by), ("at", &say::moment(w, *at))])) } }
                @else if actor.may(Action::MarkReady) {
                    (kit::post(&format!("/rounds/{round}/ready"), html! {
                        (kit::hidden("version", &loaded.version.to_string()))
                        (kit::acts(kit::button(&w.t("rounds.mark"), Look::Primary)))
                    }))
                }
            }))
        } @else {
            (kit::section("missing", &w.say("rounds.missing", &[("count", &items.len())]), html! { ul { @for i in &items { li { (i) } } } }))
        }
        (kit::section("state", &w.t("rounds.numbers"), html! {
            (kit::details_list(&ready.stages.iter().map(|(s, n)| (say::stage(w, *s), html! { (n) })).collect::<Vec<_>>()))
            p { (w.say("home.confirmed", &[("confirmed", &ready.confirmed), ("all", &ready.facilities)])) }
            @if ready.fewer.0 > 0 { p { (w.say("rounds.fewer", &[("facilities", &ready.fewer.0), ("seats", &ready.fewer.1)])) } }
            @if let Some(c) = &standing.criteria { p { (w.say("rounds.criteria", &[("title", &c.criteria.head.title), ("digest", &&c.digest[..12])])) } }
        }))
        @if let Some(c) = &loaded.state.calendar { (kit::section("calendar", &w.t("home.calendar"), super::home::calendar(w, c))) }
    };
    ctx.page(loaded.state.name.clone(), "rounds", body)
        .back("/rounds", w.t("rounds.title"))
        .ok()
}

/// Why the round cannot be staged, and how to mend it.
fn unstaged(w: &Words, problem: &Unstaged) -> String {
    match problem {
        Unstaged::Said(what, mend) => {
            let what = say::twin(w, what);
            w.say(
                "rounds.unstaged",
                &[("what", &what), ("mend", &say::twin(w, mend))],
            )
        }
        Unstaged::NotScored(item) => w.say("rounds.not_scored", &[("item", item)]),
        Unstaged::NoChild(number, rank, child) => w.say(
            "rounds.combination_child",
            &[("number", number), ("rank", rank), ("child", child)],
        ),
        Unstaged::NoFacility(number, rank, facility) => w.say(
            "rounds.combination_facility",
            &[("number", number), ("rank", rank), ("facility", facility)],
        ),
        Unstaged::AgainstWish(number, rank) => w.say(
            "rounds.combination_wish",
            &[("number", number), ("rank", rank)],
        ),
    }
}

async fn ready(
    State(site): State<Site>,
    ctx: Ctx,
    Path(round): Path<String>,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let form = Form::of(values);
    let version = read::version(&form);
    site.office
        .mark_ready(ctx.actor()?, &round, version)
        .await?;
    ctx.done(
        &format!("/rounds/{round}"),
        ctx.words.t("rounds.marked_done"),
    )
    .await
}

async fn new(ctx: Ctx) -> Answer {
    page(&ctx, &Form::new().speaking(ctx.words))
}

const DAYS: [(&str, &str); 7] = [
    ("entry", "home.entry"),
    ("base", "home.base"),
    ("opens", "home.opens"),
    ("deadline", "home.deadline"),
    ("correction", "home.correction"),
    ("change", "home.change"),
    ("answer", "home.answer"),
];

fn page(ctx: &Ctx, form: &Form) -> Answer {
    let w = ctx.words;
    let (postmark, arrival) = (w.t("rounds.postmark"), w.t("rounds.arrival"));
    let rules = [
        ("arrival", arrival.as_str()),
        ("postmark", postmark.as_str()),
    ];
    let body = html! {
        (kit::error_summary(w, form))
        (kit::post("/rounds/new", html! {
            div.row {
                (kit::text(form, Field::new("name", &w.t("rounds.name")).required().hint(&w.t("rounds.name_hint"))))
                (kit::number(form, Field::new("number", &w.t("rounds.number")).required().width(Width::Short), &w.t("rounds.number_unit")))
            }
            (kit::group(&w.t("home.calendar"), None, html! { div.row {
                @for (name, key) in DAYS { (kit::date(form, Field::new(name, &w.t(key)).required())) }
                (kit::date(form, Field::new("publication", &w.t("rounds.publication_day")).required()))
                (kit::text(form, Field::new("hour", &w.t("rounds.publication_hour")).required().width(Width::Short).hint(&w.t("rounds.hour_hint"))))
            } }))
            (kit::group(&w.t("rounds.rules"), None, html! { div.row {
                (kit::select(form, Field::new("rule", &w.t("rounds.receipt")).required(), &rules))
                (kit::text(form, Field::new("late", &w.t("rounds.late")).required()))
                (kit::number(form, Field::new("valid", &w.t("rounds.valid")).required().width(Width::Short), &w.t("rounds.months")))
            } }))
            (kit::acts(kit::button(&w.t("rounds.plan"), Look::Primary)))
        }))
    };
    let page = ctx
        .page(w.t("rounds.new"), "rounds", body)
        .back("/rounds", w.t("rounds.title"));
    if form.has_problems() {
        page.unfit()
    } else {
        page.ok()
    }
}

async fn plan(
    State(site): State<Site>,
    ctx: Ctx,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let w = ctx.words;
    let mut form = Form::of(values).speaking(w);
    let Some((name, calendar)) = read(w, &mut form) else {
        return page(&ctx, &form);
    };
    let id = round_id(&calendar);
    match site
        .office
        .plan_round(ctx.actor()?, 0, &name, calendar)
        .await
    {
        Ok(_) => {
            ctx.done(&format!("/rounds/{id}"), w.t("rounds.planned"))
                .await
        }
        Err(Fault::Refused(refusal)) => {
            form.problem_of_form(say::refusal(w, &refusal));
            page(&ctx, &form)
        }
        Err(Fault::Conflict { .. }) => {
            form.problem_of_form(w.t("rounds.there"));
            page(&ctx, &form)
        }
        Err(other) => Err(Trouble(other)),
    }
}

fn read(w: &Words, form: &mut Form) -> Option<(String, Calendar)> {
    let name = form.get("name").trim().to_owned();
    if name.is_empty() {
        form.problem("name", w.t("entry.missing"));
    }
    let day = |form: &mut Form, field: &str| {
        let text = form.get(field).trim().to_owned();
        let found = dates::parse(&text).ok();
        if found.is_none() {
            form.problem(field, w.say("entry.day_form", &[("value", &text)]));
        }
        found
    };
    let days: Vec<Option<Date>> = DAYS.iter().map(|(field, _)| day(form, field)).collect();
    let published = day(form, "publication");
    let whole = |form: &mut Form, field: &str| {
        let found = form
            .get(field)
            .trim()
            .parse::<u32>()
            .ok()
            .filter(|n| *n > 0);
        if found.is_none() {
            form.problem(field, w.t("refusal.no_number"));
        }
        found
    };
    let number = whole(form, "number");
    let valid = whole(form, "valid");
    let time = form.get("hour").trim().split_once(':').and_then(|(h, m)| {
        let (h, m) = (h.parse::<i8>().ok()?, m.parse::<i8>().ok()?);
        ((0..24).contains(&h) && (0..60).contains(&m)).then_some((h, m))
    });
    if time.is_none() {
        form.problem("hour", w.t("rounds.hour_wrong"));
    }
    if form.has_problems() {
        return None;
    }
    let (hour, minute) = time?;
    let publication = Offset::constant(9)
        .to_timestamp(published?.at(hour, minute, 0, 0))
        .ok()?;
    let rule = if form.get("rule") == "postmark" {
        ReceiptRule::Postmark
    } else {
        ReceiptRule::Arrival
    };
    Some((
        name,
        Calendar {
            entry: days[0]?,
            number: number?,
            base: days[1]?,
            opens: days[2]?,
            deadline: days[3]?,
            correction_deadline: days[4]?,
            change_deadline: days[5]?,
            answer_deadline: days[6]?,
            publication,
            receipt: [(Channel::Paper, rule)].into(),
            late_rule: form.get("late").trim().to_owned(),
            valid_months: valid?,
        },
    ))
}
