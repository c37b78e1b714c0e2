//! The first start: the municipality and its first two administrators. Open only while nothing is set up, and only to whoever
//! read the word on the server's console.

use crate::{
    gate::{Answer, Ctx, Trouble},
    kit::{self, Field, Form, Look},
    route::{self, Need, Route},
    say,
    site::Site,
};
use axum::{
    Form as Body,
    extract::{Query, State},
};
use enmusubi_app::{
    Fault,
    accounts::{NewAccount, PASSWORD_LEAST},
};
use maud::html;
use std::collections::HashMap;

pub(super) fn routes() -> Vec<Route> {
    vec![
        route::get("/setup", Need::Nobody, show),
        route::post("/setup", Need::Nobody, set_up),
    ]
}

/// Whether the word is the console's and nothing is set up yet; else there is no such page.
async fn allowed(site: &Site, word: &str) -> Result<(), Fault> {
    let right = site.settings.setup.as_deref().is_some_and(|w| w == word);
    if right && site.office.is_new().await? {
        Ok(())
    } else {
        Err(Fault::NotThere)
    }
}

async fn show(
    State(site): State<Site>,
    ctx: Ctx,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let word = query.get("word").map_or("", String::as_str);
    allowed(&site, word).await?;
    let mut form = Form::new().speaking(ctx.words);
    form.set("word", word);
    page(&ctx, &form)
}

fn page(ctx: &Ctx, form: &Form) -> Answer {
    let w = ctx.words;
    let least = w.say("accounts.password_hint", &[("least", &PASSWORD_LEAST)]);
    let body = html! {
        (kit::error_summary(w, form))
        p { (w.t("setup.how")) }
        (kit::post("/setup", html! {
            (kit::hidden("word", form.get("word")))
            (kit::group(&w.t("setup.municipality"), None, html! { div.row {
                (kit::text(form, Field::new("code", &w.t("setup.code")).required().hint(&w.t("setup.code_hint")).inputmode("numeric")))
                (kit::text(form, Field::new("name", &w.t("setup.name")).required()))
            } }))
            @for n in 1..=2 {
                @let (login, who, password) = (format!("login{n}"), format!("name{n}"), format!("password{n}"));
                (kit::group(&w.say("setup.administrator", &[("n", &n)]), None, html! { div.row {
                    (kit::text(form, Field::new(&login, &w.t("sign_in.login")).required().autocomplete("off")))
                    (kit::text(form, Field::new(&who, &w.t("accounts.name")).required()))
                    (kit::password(form, Field::new(&password, &w.t("sign_in.password")).required().hint(&least).autocomplete("new-password")))
                } }))
            }
            (kit::acts(kit::button(&w.t("setup.go"), Look::Primary)))
        }))
    };
    let page = ctx.page(w.t("setup.title"), "", body);
    if form.has_problems() {
        page.unfit()
    } else {
        page.ok()
    }
}

async fn set_up(
    State(site): State<Site>,
    ctx: Ctx,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let w = ctx.words;
    let mut form = Form::of(values).speaking(w);
    allowed(&site, form.get("word")).await?;
    let account = |n: u8| NewAccount {
        login: form.get(&format!("login{n}")).to_owned(),
        name: form.get(&format!("name{n}")).to_owned(),
        post: w.t("role.administrator"),
        password: form.get(&format!("password{n}")).to_owned(),
    };
    let administrators = [account(1), account(2)];
    let (code, name) = (
        form.get("code").trim().to_owned(),
        form.get("name").to_owned(),
    );
    match site.office.set_up(&code, &name, administrators).await {
        Ok(()) => ctx.done("/sign-in", w.t("setup.done")).await,
        Err(Fault::Refused(refusal)) => {
            form.problem_of_form(say::refusal(w, &refusal));
            page(&ctx, &form)
        }
        Err(other) => Err(Trouble(other)),
    }
}
