//! Accounts: made, granted by two, transferred, locked; and everybody's own page.

use crate::{
    gate::{Answer, Ctx, Trouble},
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
    response::{IntoResponse, Redirect},
};
use enmusubi_app::{
    Action, Fault,
    accounts::{NewAccount, NewGrant, PASSWORD_LEAST},
};
use enmusubi_casefile::account::{Account, Columns, Grant, Role};
use maud::{Markup, html};

pub(super) fn routes() -> Vec<Route> {
    const MANAGE: Need = Need::Right(&[Action::ManageAccounts]);
    const OWN: Need = Need::Right(&[Action::OwnAccount]);
    vec![
        route::get("/accounts", MANAGE, list),
        route::post("/accounts", MANAGE, make),
        route::get("/accounts/{account}", MANAGE, show),
        route::post("/accounts/{account}/grants", MANAGE, propose),
        route::post(
            "/accounts/{account}/grants/approve",
            Need::Right(&[Action::ApproveGrant]),
            approve,
        ),
        route::post("/accounts/{account}/grants/end", MANAGE, end),
        route::post("/accounts/{account}/lock", MANAGE, lock),
        route::post("/accounts/{account}/transfer", MANAGE, transfer),
        route::get("/account", OWN, own),
        route::post("/account/password", OWN, password),
        route::post("/account/sessions/end", OWN, end_sessions),
    ]
}

async fn list(State(site): State<Site>, ctx: Ctx) -> Answer {
    list_page(&site, &ctx, &Form::new().speaking(ctx.words)).await
}

async fn list_page(site: &Site, ctx: &Ctx, form: &Form) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let today = site.office.today();
    let all = site.office.store().all::<Account>(&actor.tenant).await?;
    let rows: Vec<Row> = all
        .iter()
        .map(|l| {
            let a = &l.state;
            let roles: Vec<String> = a.in_force(today).map(|g| say::role(w, g.role)).collect();
            let waits = a
                .grants
                .iter()
                .any(|g| g.approved_by.is_none() && g.ended.is_none());
            Row {
                href: Some(format!("/accounts/{}", l.id)),
                cells: vec![
                    html! { (a.login) },
                    html! { (a.name) },
                    html! { (a.post) },
                    html! { (roles.join("・")) },
                    html! {
                        @if a.locked { (kit::badge(&w.t("accounts.locked"), Tone::Stop)) " " }
                        @if waits { (kit::badge(&w.t("accounts.waits"), Tone::Wait)) }
                    },
                ],
            }
        })
        .collect();
    let columns = [
        Column::new(w.t("sign_in.login")),
        Column::new(w.t("accounts.name")),
        Column::new(w.t("accounts.post")),
        Column::new(w.t("accounts.roles")),
        Column::new(w.t("accounts.state")),
    ];
    let least = w.say("accounts.password_hint", &[("least", &PASSWORD_LEAST)]);
    let body = html! {
        (kit::error_summary(w, form))
        (kit::table(w, &w.t("accounts.title"), &columns, rows, None))
        (kit::section("make", &w.t("accounts.make"), kit::post("/accounts", html! {
            div.row {
                (kit::text(form, Field::new("login", &w.t("sign_in.login")).required()))
                (kit::text(form, Field::new("name", &w.t("accounts.name")).required()))
                (kit::text(form, Field::new("post", &w.t("accounts.post")).required()))
                (kit::password(form, Field::new("password", &w.t("accounts.first_password")).required().hint(&least).autocomplete("new-password")))
            }
            (kit::acts(kit::button(&w.t("accounts.make_go"), Look::Primary)))
        })))
    };
    let page = ctx.page(w.t("accounts.title"), "accounts", body).wide();
    if form.has_problems() {
        page.unfit()
    } else {
        page.ok()
    }
}

async fn make(
    State(site): State<Site>,
    ctx: Ctx,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let w = ctx.words;
    let mut form = Form::of(values).speaking(w);
    let new = NewAccount {
        login: form.get("login").to_owned(),
        name: form.get("name").to_owned(),
        post: form.get("post").to_owned(),
        password: form.get("password").to_owned(),
    };
    match site.office.make_account(ctx.actor()?, new).await {
        Ok(id) => {
            ctx.done(&format!("/accounts/{id}"), w.t("accounts.made"))
                .await
        }
        Err(Fault::Refused(refusal)) => {
            form.problem_of_form(say::refusal(w, &refusal));
            list_page(&site, &ctx, &form).await
        }
        Err(other) => Err(Trouble(other)),
    }
}

async fn show(State(site): State<Site>, ctx: Ctx, Path(account): Path<String>) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let loaded = site
        .office
        .store()
        .load::<Account>(&actor.tenant, &account)
        .await?;
    let loaded = loaded.ok_or(Fault::NotThere)?;
    let a = &loaded.state;
    let form = Form::new().speaking(w);
    let version = loaded.version.to_string();
    let today = site.office.today();
    let roles: Vec<(&str, String)> = Role::ALL
        .iter()
        .map(|r| (r.name(), say::role(w, *r)))
        .collect();
    let roles: Vec<(&str, &str)> = roles.iter().map(|(n, l)| (*n, l.as_str())).collect();
    let columns: Vec<(&str, String)> = Columns::ALL
        .iter()
        .map(|c| (c.name(), columns_words(w, *c)))
        .collect();
    let columns: Vec<(&str, &str)> = columns.iter().map(|(n, l)| (*n, l.as_str())).collect();
    let at = format!("/accounts/{account}");
    let body = html! {
        (kit::details_list(&[
            (w.t("sign_in.login"), html! { (a.login) }),
            (w.t("accounts.post"), html! { (a.post) }),
            (w.t("accounts.state"), html! { (if a.locked { w.t("accounts.locked") } else { w.t("accounts.usable") }) }),
        ]))
        (kit::section("grants", &w.t("accounts.grants"), html! {
            @if a.grants.is_empty() { (kit::empty(&w.t("accounts.no_grants"))) }
            @for g in &a.grants { (grant(w, &at, &version, g, g.in_force(today), actor.account == g.proposed_by)) }
        }))
        (kit::section("propose", &w.t("accounts.propose"), html! {
            p { (w.t("accounts.propose_more")) }
            (kit::post(&format!("{at}/grants"), html! {
                (kit::hidden("version", &version))
                div.row {
                    (kit::select(&form, Field::new("role", &w.t("accounts.role")).required(), &roles))
                    (kit::text(&form, Field::new("facility", &w.t("accounts.facility")).hint(&w.t("accounts.facility_hint"))))
                    (kit::date(&form, Field::new("from", &w.t("facts.from")).required()))
                    (kit::date(&form, Field::new("until", &w.t("facts.to")).required().hint(&w.t("accounts.until_hint"))))
                }
                (kit::checks(&form, Field::new("columns", &w.t("accounts.columns")), &columns))
                (kit::acts(kit::button(&w.t("accounts.propose_go"), Look::Primary)))
            }))
        }))
        (kit::section("transfer", &w.t("accounts.transfer"), kit::post(&format!("{at}/transfer"), html! {
            (kit::hidden("version", &version))
            div.row {
                (kit::text(&form, Field::new("post", &w.t("accounts.new_post")).required()))
                (kit::date(&form, Field::new("on", &w.t("accounts.transfer_on")).required()))
            }
            (kit::acts(kit::button(&w.t("accounts.transfer_go"), Look::Secondary)))
        })))
        (kit::section("lock", &w.t("accounts.lock"), kit::post(&format!("{at}/lock"), html! {
            (kit::hidden("version", &version))
            (kit::text(&form, Field::new("reason", &w.t("case.reason")).required()))
            (kit::acts(html! {
                @if a.locked { (kit::button_named("locked", "no", &w.t("accounts.unlock_go"), Look::Secondary)) }
                @else { (kit::button_named("locked", "yes", &w.t("accounts.lock_go"), Look::Danger)) }
            }))
        })))
    };
    ctx.page(a.name.clone(), "accounts", body)
        .back("/accounts", w.t("accounts.title"))
        .ok()
}

fn columns_words(w: &Words, c: Columns) -> String {
    w.t(match c {
        Columns::Money => "accounts.columns_money",
        Columns::Health => "accounts.columns_health",
        Columns::Family => "accounts.columns_family",
        Columns::Protected => "accounts.columns_protected",
    })
}

fn grant(w: &Words, at: &str, version: &str, g: &Grant, in_force: bool, own: bool) -> Markup {
    let form = Form::new().speaking(w);
    let waits = g.approved_by.is_none() && g.ended.is_none();
    let tone = if in_force {
        Tone::Good
    } else if waits {
        Tone::Wait
    } else {
        Tone::Plain
    };
    let period = w.say(
        "accounts.period",
        &[
            ("from", &say::day(w, g.from)),
            ("until", &say::day(w, g.until)),
        ],
    );
    let columns: Vec<String> = g.columns.iter().map(|c| columns_words(w, *c)).collect();
    kit::notice(
        tone,
        &say::role(w, g.role),
        html! {
            p { (period) @if let Some(f) = &g.facility { " " (f) } @if !columns.is_empty() { " " (columns.join("、")) } }
            p { (w.say("accounts.proposed_by", &[("by", &g.proposed_by)]))
                @if let Some(by) = &g.approved_by { " " (w.say("accounts.approved_by", &[("by", by)])) }
                @if let Some(why) = &g.ended { " " (w.say("accounts.ended", &[("reason", why)])) } }
            @if waits && !own {
                (kit::post(&format!("{at}/grants/approve"), html! {
                    (kit::hidden("version", version)) (kit::hidden("id", &g.id.to_string()))
                    (kit::acts(kit::button(&w.t("accounts.approve_go"), Look::Primary)))
                }))
            }
            @if g.ended.is_none() && (in_force || waits) {
                details {
                    summary { (w.t("accounts.end")) }
                    (kit::post(&format!("{at}/grants/end"), html! {
                        (kit::hidden("version", version)) (kit::hidden("id", &g.id.to_string()))
                        (kit::text(&form, Field::new("reason", &w.t("case.reason")).required()))
                        (kit::acts(kit::button(&w.t("accounts.end_go"), Look::Danger)))
                    }))
                }
            }
        },
    )
}

async fn propose(
    State(site): State<Site>,
    ctx: Ctx,
    Path(account): Path<String>,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let form = Form::of(values);
    let facility = form.get("facility").trim();
    let grant = NewGrant {
        role: Role::of(form.get("role")).ok_or(Fault::NotThere)?,
        columns: form.all("columns").filter_map(Columns::of).collect(),
        facility: (!facility.is_empty()).then(|| facility.to_owned()),
        from: read::needed(&form, "from")?,
        until: read::needed(&form, "until")?,
    };
    site.office
        .propose_grant(ctx.actor()?, &account, read::version(&form), grant)
        .await?;
    ctx.done(
        &format!("/accounts/{account}"),
        ctx.words.t("accounts.proposed_done"),
    )
    .await
}

async fn approve(
    State(site): State<Site>,
    ctx: Ctx,
    Path(account): Path<String>,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let form = Form::of(values);
    let id = form.get("id").parse().unwrap_or(0);
    site.office
        .approve_grant(ctx.actor()?, &account, read::version(&form), id)
        .await?;
    ctx.done(
        &format!("/accounts/{account}"),
        ctx.words.t("accounts.approved_done"),
    )
    .await
}

async fn end(
    State(site): State<Site>,
    ctx: Ctx,
    Path(account): Path<String>,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let form = Form::of(values);
    let id = form.get("id").parse().unwrap_or(0);
    site.office
        .end_grant(
            ctx.actor()?,
            &account,
            read::version(&form),
            id,
            form.get("reason"),
        )
        .await?;
    ctx.done(
        &format!("/accounts/{account}"),
        ctx.words.t("accounts.ended_done"),
    )
    .await
}

async fn lock(
    State(site): State<Site>,
    ctx: Ctx,
    Path(account): Path<String>,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let form = Form::of(values);
    let locked = form.get("locked") == "yes";
    site.office
        .lock_account(
            ctx.actor()?,
            &account,
            read::version(&form),
            locked,
            form.get("reason"),
        )
        .await?;
    let key = if locked {
        "accounts.locked_done"
    } else {
        "accounts.unlocked_done"
    };
    ctx.done(&format!("/accounts/{account}"), ctx.words.t(key))
        .await
}

async fn transfer(
    State(site): State<Site>,
    ctx: Ctx,
    Path(account): Path<String>,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let form = Form::of(values);
    let on = read::needed(&form, "on")?;
    site.office
        .transfer_account(
            ctx.actor()?,
            &account,
            read::version(&form),
            form.get("post"),
            on,
        )
        .await?;
    ctx.done(
        &format!("/accounts/{account}"),
        ctx.words.t("accounts.transferred_done"),
    )
    .await
}

async fn own(State(site): State<Site>, ctx: Ctx) -> Answer {
    own_page(&site, &ctx, &Form::new().speaking(ctx.words)).await
}

async fn own_page(site: &Site, ctx: &Ctx, form: &Form) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let now = jiff::Timestamp::now().to_string();
    let sessions = site
        .office
        .store()
        .sessions(&actor.tenant, &actor.account, &now)
        .await?;
    let least = w.say("accounts.password_hint", &[("least", &PASSWORD_LEAST)]);
    let body = html! {
        (kit::error_summary(w, form))
        (kit::section("password", &w.t("accounts.password"), kit::post("/account/password", html! {
            (kit::password(form, Field::new("old", &w.t("accounts.old_password")).required().autocomplete("current-password")))
            (kit::password(form, Field::new("new", &w.t("accounts.new_password")).required().hint(&least).autocomplete("new-password")))
            (kit::acts(kit::button(&w.t("accounts.password_go"), Look::Primary)))
        })))
        (kit::section("sessions", &w.t("accounts.sessions"), html! {
            p { (w.say("accounts.sessions_count", &[("count", &sessions.len())])) }
            (kit::post("/account/sessions/end", kit::acts(kit::button(&w.t("accounts.sessions_go"), Look::Danger))))
        }))
    };
    let page = ctx.page(w.t("accounts.own"), "account", body);
    if form.has_problems() {
        page.unfit()
    } else {
        page.ok()
    }
}

async fn password(
    State(site): State<Site>,
    ctx: Ctx,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let w = ctx.words;
    let mut form = Form::of(values).speaking(w);
    match site
        .office
        .change_password(ctx.actor()?, form.get("old"), form.get("new"))
        .await
    {
        Ok(()) => Ok(Redirect::to("/sign-in").into_response()),
        Err(Fault::Refused(refusal)) => {
            let field = if refusal.key == "refusal.password_wrong" {
                "old"
            } else {
                "new"
            };
            form.problem(field, say::refusal(w, &refusal));
            own_page(&site, &ctx, &form).await
        }
        Err(other) => Err(Trouble(other)),
    }
}

async fn end_sessions(State(site): State<Site>, ctx: Ctx) -> Answer {
    let actor = ctx.actor()?;
    site.office.end_all_sessions(actor, &actor.account).await?;
    Ok(Redirect::to("/sign-in").into_response())
}
