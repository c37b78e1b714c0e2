//! Papers of a case: attached, looked at beside a form, set aside.

use super::show::{frame, open, version};
use crate::{
    gate::{Answer, Ctx},
    kit::{self, Field, Form, Look, Tone},
    rooms::read,
    say,
    site::Site,
    words::{Lang, Words},
};
use axum::{
    Form as Body,
    extract::{Multipart, Path, State, multipart::MultipartError},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use enmusubi_app::{
    Action, Fault,
    evidence::{Attached, NewPaper, Which, Whose},
};
use enmusubi_casefile::{Refusal, paper::PaperKind};
use enmusubi_interchange::{Diagnostic, Language};
use maud::{Markup, html};
use std::collections::BTreeMap;

pub(super) fn language(w: &Words) -> Language {
    match w.lang {
        Lang::Ja => Language::Japanese,
        Lang::En => Language::English,
    }
}

/// A body that is too large or was cut off.
fn broken(error: &MultipartError) -> Fault {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Refusal::of("refusal.file_too_large").into()
    } else {
        Refusal::of("refusal.file_cut").into()
    }
}

pub(super) async fn attach(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    mut parts: Multipart,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let mut form = Form::new();
    let (mut file_name, mut bytes) = (String::new(), Vec::new());
    while let Some(part) = parts.next_field().await.map_err(|e| broken(&e))? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            file_name = part.file_name().unwrap_or_default().to_owned();
            bytes = part.bytes().await.map_err(|e| broken(&e))?.to_vec();
        } else {
            form.add(name, part.text().await.map_err(|e| broken(&e))?);
        }
    }
    if bytes.is_empty() {
        return Err(Fault::from(Refusal::of("refusal.no_file")).into());
    }
    let subject = read::subject(&form)?;
    let new = NewPaper {
        kind: PaperKind::of(form.get("kind")).unwrap_or(PaperKind::Other),
        subject,
        file_name,
        bytes,
    };
    let version = read::version(&form);
    let attached = site.office.attach(actor, &number, version, new).await?;
    outcome(&site, &ctx, &number, &attached, w).await
}

/// What a paper said, and what to look at: shown once, right after it was read.
async fn outcome(site: &Site, ctx: &Ctx, number: &str, attached: &Attached, w: &Words) -> Answer {
    let case = open(site, ctx.actor()?, number).await?;
    let to = format!("/cases/{number}/papers/{}", attached.paper.id);
    let facts = attached.stated.len() + attached.agreed.len();
    if attached.diagnostics.is_empty()
        && attached.remarks.is_empty()
        && attached.to_type.is_empty()
        && matches!(attached.whose, Whose::Own | Whose::Unknown)
    {
        let text = if facts > 0 {
            w.say(
                "papers.read",
                &[
                    ("stated", &attached.stated.len()),
                    ("agreed", &attached.agreed.len()),
                ],
            )
        } else {
            w.t("papers.attached")
        };
        return ctx.done(&to, text).await;
    }
    let body = html! {
        (kit::notice(Tone::Info, &w.t("papers.attached"), html! {
            @if facts > 0 { p { (w.say("papers.read", &[("stated", &attached.stated.len()), ("agreed", &attached.agreed.len())])) } }
        }))
        (whose(w, &case, attached))
        @if !attached.diagnostics.is_empty() {
            (kit::notice(Tone::Wait, &w.t("papers.look"), html! { ul { @for d in &attached.diagnostics { li { (diagnostic(w, d)) } } } }))
        }
        @if !attached.remarks.is_empty() {
            (kit::notice(Tone::Wait, &w.t("papers.remarks"), html! { ul { @for r in &attached.remarks { li { (say::twin(w, &r.text())) } } } }))
        }
        (kit::acts(html! {
            (kit::link_button(&to, &w.t("papers.open"), Look::Primary))
            (kit::link_button(&format!("/cases/{number}/facts"), &w.t("papers.to_facts"), Look::Secondary))
        }))
    };
    frame(ctx, &case, "overview", body)
}

fn diagnostic(w: &Words, d: &Diagnostic) -> String {
    d.message(language(w)).trim().replace('\n', " ")
}

fn whose(w: &Words, case: &super::show::Case, attached: &Attached) -> Markup {
    match &attached.whose {
        Whose::Own | Whose::Unknown => html! {},
        Whose::Other(person) => {
            let found = case.opened.case.state.person(person);
            let name = found.map_or(person.as_str(), |p| p.name.shown());
            kit::notice(
                Tone::Stop,
                &w.t("papers.another"),
                html! { p { (w.say("papers.another_more", &[("name", &name)])) } },
            )
        }
        Whose::Differs(_) => kit::notice(
            Tone::Stop,
            &w.t("papers.nobody"),
            html! { p { (w.t("papers.nobody_more")) } },
        ),
    }
}

pub(super) async fn show(
    State(site): State<Site>,
    ctx: Ctx,
    Path((number, paper)): Path<(String, String)>,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let case = open(&site, actor, &number).await?;
    let state = &case.opened.case.state;
    let p = state
        .papers
        .iter()
        .find(|p| p.id == paper)
        .ok_or(Fault::NotThere)?;
    let form = Form::new().speaking(w);
    let at = format!("/cases/{number}/papers/{paper}");
    let rows = [
        (
            w.t("case.which_paper"),
            html! { (say::paper_kind(w, p.kind)) },
        ),
        (
            w.t("case.about_whom"),
            html! { (say::subject(w, state, &p.subject)) },
        ),
        (w.t("case.file"), html! { (p.name) }),
        (
            w.t("case.issued"),
            html! { @if let Some(d) = p.issued { (say::day(w, d)) } },
        ),
        (
            w.t("case.valid_until"),
            html! { @if let Some(d) = p.valid_until { (say::day(w, d)) } },
        ),
        (
            w.t("papers.by"),
            html! { (p.by) " " (say::moment(w, p.at)) },
        ),
    ];
    let picture = p.content == "image";
    let left = html! {
        @if picture {
            a href={ (at) "/shown" } { img.paper src={ (at) "/shown" } alt=(w.say("papers.picture", &[("name", &say::paper_kind(w, p.kind))])); }
        } @else {
            (kit::notice(Tone::Plain, &w.t("papers.no_picture"), html! { p { a href={ (at) "/original" } { (w.t("papers.original")) } } }))
        }
        (kit::details_list(&rows))
        @if actor.may(Action::Attach) && p.removed.is_none() {
            details {
                summary { (w.t("papers.remove")) }
                (kit::post(&format!("{at}/remove"), html! {
                    (version(&case))
                    (kit::text(&form, Field::new("reason", &w.t("case.reason")).required()))
                    (kit::acts(kit::button(&w.t("papers.remove_go"), Look::Danger)))
                }))
            }
        }
    };
    let right = if p.kind == PaperKind::Employment && actor.may(Action::StateFact) && !p.read {
        transcription(w, &form, &at, &case)
    } else {
        html! { p { (kit::link_button(&format!("/cases/{number}/facts"), &w.t("papers.to_facts"), Look::Primary)) } }
    };
    frame(&ctx, &case, "overview", kit::beside(left, right))
}

/// Items of the certificate that a clerk types most, in the order of the form; by the ids of the certificate's reader.
const ITEMS: [(&str, &str); 17] = [
    ("date", "papers.cert_date"),
    ("employer.name", "papers.employer"),
    ("person.name", "entry.name"),
    ("person.birth", "entry.birth"),
    ("period.kind", "papers.period_kind"),
    ("period.from", "papers.employed_from"),
    ("period.to", "papers.employed_to"),
    ("employment_type", "papers.employment_type"),
    ("fixed.hours", "papers.monthly_hours"),
    ("fixed.minutes", "papers.monthly_minutes"),
    ("fixed.break", "papers.monthly_break"),
    ("fixed.days_per_month", "papers.days_per_month"),
    ("fixed.days_per_week", "papers.days_per_week"),
    ("childcare.from", "papers.leave_from"),
    ("childcare.to", "papers.leave_to"),
    ("return.date", "papers.return_date"),
    ("remarks", "papers.cert_remarks"),
];

fn transcription(w: &Words, form: &Form, at: &str, case: &super::show::Case) -> Markup {
    kit::section(
        "type",
        &w.t("papers.type"),
        html! {
            p { (w.t("papers.type_more")) }
            (kit::post_entry(&format!("{at}/transcribe"), html! {
                (version(case))
                div.row {
                    @for (id, key) in ITEMS { (kit::text(form, Field::new(id, &w.t(key)))) }
                }
                (kit::acts(kit::button(&w.t("papers.type_go"), Look::Primary)))
            }))
        },
    )
}

pub(super) async fn transcribe(
    State(site): State<Site>,
    ctx: Ctx,
    Path((number, paper)): Path<(String, String)>,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let form = Form::of(values.clone());
    let values: BTreeMap<String, String> =
        values.into_iter().filter(|(n, _)| n != "version").collect();
    let version = read::version(&form);
    let attached = site
        .office
        .transcribe(ctx.actor()?, &number, version, &paper, &values)
        .await?;
    outcome(&site, &ctx, &number, &attached, ctx.words).await
}

pub(super) async fn remove(
    State(site): State<Site>,
    ctx: Ctx,
    Path((number, paper)): Path<(String, String)>,
    Body(values): Body<Vec<(String, String)>>,
) -> Answer {
    let form = Form::of(values);
    let version = read::version(&form);
    site.office
        .remove_paper(ctx.actor()?, &number, version, &paper, form.get("reason"))
        .await?;
    ctx.done(
        &format!("/cases/{number}"),
        ctx.words.t("papers.removed_done"),
    )
    .await
}

pub(super) async fn shown(
    State(site): State<Site>,
    ctx: Ctx,
    Path((number, paper)): Path<(String, String)>,
) -> Answer {
    let bytes = site
        .office
        .paper(ctx.actor()?, &number, &paper, Which::Shown)
        .await?;
    // Only pictures we made ourselves are shown within a page; everything else is a download.
    let inline = bytes.media.starts_with("image/");
    Ok(file(&bytes.media, &bytes.name, bytes.bytes, inline))
}

pub(super) async fn original(
    State(site): State<Site>,
    ctx: Ctx,
    Path((number, paper)): Path<(String, String)>,
) -> Answer {
    let bytes = site
        .office
        .paper(ctx.actor()?, &number, &paper, Which::Original)
        .await?;
    Ok(file(&bytes.media, &bytes.name, bytes.bytes, false))
}

/// A file as an answer. Names with other characters go in the form of RFC 5987.
pub(super) fn file(media: &str, name: &str, bytes: Vec<u8>, inline: bool) -> Response {
    let way = if inline { "inline" } else { "attachment" };
    let encoded: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_') {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    let disposition = format!("{way}; filename*=UTF-8''{encoded}");
    let mut response = bytes.into_response();
    for (name, value) in [
        (header::CONTENT_TYPE, media),
        (header::CONTENT_DISPOSITION, disposition.as_str()),
    ] {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}
