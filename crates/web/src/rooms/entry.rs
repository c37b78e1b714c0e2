//! Keying a paper application: one page, the keyboard alone, every problem at its field.

use crate::{
    gate::{Answer, Ctx, Trouble},
    kit::{self, Field, Form, Look, Tone, Width},
    route::{self, Need, Route},
    say,
    site::Site,
};
use axum::{
    Form as Body,
    extract::{Query, State},
};
use enmusubi_app::{Action, Fault};
use enmusubi_casefile::{application::Channel, entry::Severity, household::Household};
use maud::{Markup, html};
use std::collections::{BTreeMap, HashMap};

/// Children and adults the form shows when nobody asked for more.
const CHILDREN: usize = 1;

pub(super) fn routes() -> Vec<Route> {
    const NEED: Need = Need::Right(&[Action::EnterApplication]);
    vec![
        route::get("/entry", NEED, show),
        route::post("/entry", NEED, store),
    ]
}

async fn show(
    State(site): State<Site>,
    ctx: Ctx,
    Query(query): Query<HashMap<String, String>>,
) -> Answer {
    let mut form = Form::new().speaking(ctx.words);
    let actor = ctx.actor()?;
    let today = site.office.today();
    form.set(
        "channel",
        query
            .get("channel")
            .cloned()
            .unwrap_or_else(|| "paper".into()),
    );
    form.set(
        "arrived",
        query
            .get("arrived")
            .cloned()
            .unwrap_or_else(|| today.to_string()),
    );
    form.set(
        "children",
        query.get("children").cloned().unwrap_or_default(),
    );
    if let Some(number) = query.get("from") {
        let before = site.office.open_case(actor, number).await?;
        form.set("continues", &before.case.id);
        offer(&mut form, &before.case.state);
    }
    page(&site, &ctx, &form).await
}

/// What last year's case offers: people, address, telephone. Facts are asked for again: they are of another year.
fn offer(form: &mut Form, case: &Household) {
    form.set("address.postcode", &case.address.postcode);
    form.set("address.text", &case.address.text);
    form.set("address.building", &case.address.building);
    form.set("phone", &case.contact.phone);
    form.set("email", &case.contact.email);
    let mut children = 0;
    for p in &case.people {
        form.set(format!("{}.name", p.id), &p.name.written);
        form.set(format!("{}.kana", p.id), &p.name.kana);
        form.set(format!("{}.relation", p.id), &p.relation);
        if let Some(birth) = p.birth {
            form.set(format!("{}.birth", p.id), birth.to_string());
        }
        children += usize::from(p.part == enmusubi_casefile::person::Part::Child);
    }
    form.set("children", children.to_string());
}

async fn page(site: &Site, ctx: &Ctx, form: &Form) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let rounds = site.office.rounds(&actor.tenant).await?;
    let current = site.office.current_round(&actor.tenant).await?;
    let mut form = form.clone();
    if form.get("round").is_empty()
        && let Some(current) = &current
    {
        form.set("round", &current.id);
    }
    let rounds: Vec<(&str, &str)> = rounds
        .iter()
        .map(|l| (l.id.as_str(), l.state.name.as_str()))
        .collect();
    let children: usize = form.get("children").parse().unwrap_or(CHILDREN);
    let children = children.clamp(CHILDREN, 8);
    let warned = form.get("warned") == "yes";
    let body = html! {
        (kit::error_summary(w, &form))
        p { (w.t("entry.how")) }
        (kit::post_entry("/entry", html! {
            (kit::hidden("children", &children.to_string()))
            (kit::hidden("continues", form.get("continues")))
            (receipt(w, &form, &rounds))
            @for n in 1..=2 { (guardian(w, &form, n)) }
            (household(w, &form))
            @for n in 1..=children { (child(w, &form, n)) }
            (asked(w, &form))
            @if warned {
                (kit::notice(Tone::Wait, &w.t("entry.look_again"), html! {
                    p { (w.t("entry.look_again_more")) }
                    (kit::check(&form, Field::new("seen", &w.t("entry.seen"))))
                }))
            }
            (kit::acts(html! {
                (kit::button(&w.t("entry.store"), Look::Primary))
                (kit::button_named("more", "child", &w.t("entry.one_more_child"), Look::Secondary))
            }))
        }))
    };
    let page = ctx.page(w.t("entry.title"), "entry", body).wide();
    if form.has_problems() {
        page.unfit()
    } else {
        page.ok()
    }
}

fn receipt(w: &crate::words::Words, form: &Form, rounds: &[(&str, &str)]) -> Markup {
    let channels: Vec<(&str, String)> = Channel::ALL
        .iter()
        .map(|c| (c.name(), say::channel(w, *c)))
        .collect();
    let channels: Vec<(&str, &str)> = channels.iter().map(|(n, l)| (*n, l.as_str())).collect();
    kit::group(
        &w.t("entry.receipt"),
        None,
        html! {
            div.row {
                (kit::select(form, Field::new("round", &w.t("entry.round")).required(), rounds))
                (kit::select(form, Field::new("channel", &w.t("entry.channel")).required(), &channels))
                (kit::date(form, Field::new("arrived", &w.t("entry.arrived")).required()))
                (kit::date(form, Field::new("postmark", &w.t("entry.postmark"))))
            }
        },
    )
}

fn person(w: &crate::words::Words, form: &Form, id: &str, required: bool, more: Markup) -> Markup {
    let name = format!("{id}.name");
    let kana = format!("{id}.kana");
    let birth = format!("{id}.birth");
    let need = |f: Field<'_>| {
        if required {
            html! { (kit::text(form, f.required())) }
        } else {
            html! { (kit::text(form, f)) }
        }
    };
    html! {
        div.row {
            (need(Field::new(&kana, &w.t("entry.kana_label"))))
            (need(Field::new(&name, &w.t("entry.name"))))
            @if required && id.starts_with('c') {
                (kit::date(form, Field::new(&birth, &w.t("entry.birth")).required()))
            } @else {
                (kit::date(form, Field::new(&birth, &w.t("entry.birth"))))
            }
            (more)
        }
    }
}

fn guardian(w: &crate::words::Words, form: &Form, n: usize) -> Markup {
    let id = format!("g{n}");
    let reasons = format!("{id}.reasons");
    let relation = format!("{id}.relation");
    let options: Vec<(&str, &str)> = enmusubi_domain::facts::vocabulary::REASON
        .values
        .iter()
        .map(|(_, label)| (*label, *label))
        .collect();
    let legend = if n == 1 {
        w.t("entry.guardian")
    } else {
        w.t("entry.other_guardian")
    };
    kit::group(
        &legend,
        None,
        html! {
            (person(w, form, &id, n == 1, html! {
                (kit::text(form, Field::new(&relation, &w.t("entry.relation")).width(Width::Short)))
            }))
            (kit::checks(form, Field::new(&reasons, &w.t("entry.reasons")), &options))
        },
    )
}

fn household(w: &crate::words::Words, form: &Form) -> Markup {
    kit::group(
        &w.t("entry.household"),
        None,
        html! {
            div.row {
                (kit::text(form, Field::new("address.postcode", &w.t("entry.postcode_label")).width(Width::Short).inputmode("numeric")))
                (kit::text(form, Field::new("address.text", &w.t("entry.address")).required()))
                (kit::text(form, Field::new("address.building", &w.t("entry.building"))))
                (kit::text(form, Field::new("phone", &w.t("entry.phone_label")).width(Width::Short).inputmode("tel")))
                (kit::text(form, Field::new("email", &w.t("entry.email_label")).inputmode("email")))
            }
        },
    )
}

fn child(w: &crate::words::Words, form: &Form, n: usize) -> Markup {
    let id = format!("c{n}");
    let kind = format!("{id}.kind");
    let choices = format!("{id}.choices");
    let desired = format!("{id}.desired_from");
    let enrolled = format!("{id}.enrolled");
    let special = format!("{id}.special_need");
    let (new, transfer, none) = (
        w.t("entry.kind_new"),
        w.t("entry.kind_transfer"),
        w.t("entry.kind_none"),
    );
    let options = [
        ("new", new.as_str()),
        ("transfer", transfer.as_str()),
        ("none", none.as_str()),
    ];
    let specials: Vec<(&str, &str)> = enmusubi_domain::facts::vocabulary::SPECIAL_NEED
        .values
        .iter()
        .map(|(_, label)| (*label, *label))
        .collect();
    let number = w.say("entry.child", &[("n", &n)]);
    kit::group(
        &number,
        None,
        html! {
            (person(w, form, &id, n == 1, html! {
                (kit::select(form, Field::new(&kind, &w.t("entry.kind_label")).required(), &options))
            }))
            div.row {
                (kit::text(form, Field::new(&choices, &w.t("entry.choices")).hint(&w.t("entry.choices_hint")).inputmode("numeric")))
                (kit::date(form, Field::new(&desired, &w.t("entry.desired"))))
                (kit::text(form, Field::new(&enrolled, &w.t("entry.enrolled")).width(Width::Short)))
                (kit::select(form, Field::new(&special, &w.t("entry.special")), &specials))
            }
        },
    )
}

fn asked(w: &crate::words::Words, form: &Form) -> Markup {
    let (yes, no) = (w.t("entry.yes"), w.t("entry.no"));
    let options = [("はい", yes.as_str()), ("いいえ", no.as_str())];
    kit::group(
        &w.t("entry.asked"),
        None,
        html! {
            div.row {
                (kit::radios(form, Field::new("h.extension_acceptable", &w.t("entry.extension")), &options))
                (kit::text(form, Field::new("wish.code", &w.t("entry.wish")).hint(&w.t("entry.wish_hint")).width(Width::Short)))
            }
        },
    )
}

async fn store(
    State(site): State<Site>,
    ctx: Ctx,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let mut form = Form::of(values.clone()).speaking(w);
    if form.get("more") == "child" {
        let children: usize = form.get("children").parse().unwrap_or(CHILDREN);
        form.set("children", (children + 1).to_string());
        return page(&site, &ctx, &form).await;
    }
    let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let own = ["round", "children", "continues", "seen", "warned", "more"];
    for (name, value) in values {
        if !own.contains(&name.as_str()) {
            fields.entry(name).or_default().push(value);
        }
    }
    let continues = Some(form.get("continues").to_owned()).filter(|c| !c.is_empty());
    let seen = form.get("seen") == "yes";
    let round = form.get("round").to_owned();
    match site
        .office
        .receive(actor, &round, &fields, seen, continues)
        .await
    {
        Ok(received) => {
            let number = received.numbers.join("、");
            let first = received.numbers.first().cloned().unwrap_or_default();
            let text = w.say("entry.stored", &[("number", &number)]);
            ctx.done(&format!("/cases/{first}"), text).await
        }
        Err(Fault::Fields(problems)) => {
            let stopped = problems.iter().any(|p| p.severity == Severity::Error);
            for p in &problems {
                let text = say::field_problem(w, p);
                form.problem(&p.field, text);
            }
            if !stopped {
                form.set("warned", "yes");
            }
            page(&site, &ctx, &form).await
        }
        Err(other) => Err(Trouble(other)),
    }
}
