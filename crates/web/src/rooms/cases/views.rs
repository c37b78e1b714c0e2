//! Views of the list of applications: filters kept under a name, by and for one account.

use crate::{
    gate::{Answer, Ctx, Trouble},
    kit::{self, Field, Form, ListState, Look},
    site::Site,
};
use axum::{Form as Body, extract::State};
use maud::{Markup, html};

/// What a view keeps of an address: filters and order. A page is no part of it, and nothing else is taken over.
const KEPT: [&str; 10] = [
    "q", "round", "stage", "channel", "age", "facility", "on_time", "similar", "sort", "desc",
];

/// The query of an address with what a view keeps.
fn kept(query: &str) -> String {
    let mut kept = form_urlencoded::Serializer::new(String::new());
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        if KEPT.contains(&&*name) && !value.is_empty() {
            kept.append_pair(&name, &value);
        }
    }
    kept.finish()
}

pub(super) async fn keep(
    State(site): State<Site>,
    ctx: Ctx,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let form = Form::of(values);
    let (name, query) = (form.get("name").trim(), kept(form.get("query")));
    site.office.keep_view(ctx.actor()?, name, &query).await?;
    let text = ctx.words.say("cases.view_kept", &[("name", &name)]);
    ctx.done(&format!("/cases?{query}"), text).await
}

pub(super) async fn remove(
    State(site): State<Site>,
    ctx: Ctx,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let form = Form::of(values);
    site.office.drop_view(ctx.actor()?, form.get("id")).await?;
    ctx.done("/cases", ctx.words.t("cases.view_removed")).await
}

/// The views of whoever reads, and the form that keeps what is shown.
pub(super) async fn shown(site: &Site, ctx: &Ctx, state: &ListState) -> Result<Markup, Trouble> {
    let w = ctx.words;
    let views = site.office.views(ctx.actor()?).await?;
    let list = state.to_page(1);
    let query = kept(list.split_once('?').map_or("", |(_, q)| q));
    let form = Form::new().speaking(w);
    Ok(html! {
        @if !views.is_empty() || !query.is_empty() {
            details.views {
                summary { (w.say("cases.views", &[("count", &views.len())])) }
                @if !views.is_empty() {
                    ul { @for view in &views {
                        li {
                            a href={ "/cases?" (view.query) } { (view.name) } " "
                            (kit::post("/cases/views/remove", html! {
                                (kit::hidden("id", &view.id))
                                (kit::button(&w.say("cases.view_remove", &[("name", &view.name)]), Look::Quiet))
                            }))
                        }
                    } }
                }
                @if !query.is_empty() {
                    (kit::post("/cases/views", html! {
                        (kit::hidden("query", &query))
                        (kit::text(&form, Field::new("name", &w.t("cases.view_name")).required().hint(&w.t("cases.view_hint"))))
                        (kit::acts(kit::button(&w.t("cases.view_keep"), Look::Secondary)))
                    }))
                }
            }
        }
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_view_keeps_filters_and_order_only() {
        for (query, kept) in [
            ("", ""),
            ("q=&page=3&lang=en", ""),
            (
                "stage=facts&page=2&sort=birth&desc=1",
                "stage=facts&sort=birth&desc=1",
            ),
            ("q=%E5%9C%92+1&x=%22", "q=%E5%9C%92+1"),
        ] {
            assert_eq!(super::kept(query), kept, "{query}");
        }
    }
}
