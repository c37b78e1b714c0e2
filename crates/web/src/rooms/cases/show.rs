//! A case: overview, facts, index, certification, history.

use super::list::stage_badge;
use crate::{
    gate::{Answer, Ctx},
    kit::{self, Column, Field, Form, Look, Row, Tone},
    say,
    site::Site,
    words::Words,
};
use axum::extract::{Path, State};
use enmusubi_app::{Action, Actor, cases::Opened, standing::Standing};
use enmusubi_casefile::{
    certification::{self, Class, Hours, class_on, longest},
    fact::{self, Source, Statement, Subject},
    household::Household,
    paper::PaperKind,
    papers_needed::{Lack, missing_papers},
    person::Part,
    readiness::Stage,
    seats::class_age,
};
use enmusubi_domain::facts::{
    Entity, Symbols,
    vocabulary::{Origin, of_entity},
    words::{self as facts_words, label},
};
use enmusubi_interchange::workbook;
use enmusubi_scoring::{
    Derivation,
    text::{Reader, derivation_text},
};
use maud::{Markup, html};
use std::sync::Arc;

/// A case at hand, with the round it is in.
pub(super) struct Case {
    pub opened: Opened,
    pub standing: Arc<Standing>,
}

pub(super) async fn open(
    site: &Site,
    actor: &Actor,
    number: &str,
) -> Result<Case, crate::gate::Trouble> {
    let opened = site.office.open_case(actor, number).await?;
    let standing = site
        .office
        .standing(&actor.tenant, &opened.row.round)
        .await?;
    Ok(Case { opened, standing })
}

/// The tabs and the heading every page of a case has.
pub(super) fn frame(ctx: &Ctx, case: &Case, tab: &str, body: Markup) -> Answer {
    let w = ctx.words;
    let row = &case.opened.row;
    let state = &case.opened.case.state;
    let at = |end: &str| format!("/cases/{}{end}", row.number);
    let tabs = [
        ("overview", w.t("case.overview"), at(""), None),
        (
            "facts",
            w.t("case.facts"),
            at("/facts"),
            Some(row.unconfirmed.max(0) as u64),
        ),
        (
            "certification",
            w.t("case.certification"),
            at("/certification"),
            None,
        ),
        ("index", w.t("case.index"), at("/index"), None),
        ("history", w.t("case.history"), at("/history"), None),
    ];
    let stage = Stage::of(&row.stage).unwrap_or(Stage::Out);
    let body = html! {
        p.lead {
            (stage_badge(w, stage)) " "
            @if row.on_time == 0 { (kit::badge(&w.t("cases.late"), Tone::Stop)) " " }
            @if state.protection.is_some() { (kit::badge(&w.t("cases.protected"), Tone::Stop)) " " }
            @if row.similar > 0 { (kit::badge(&w.t("cases.similar"), Tone::Wait)) " " }
            (w.say("case.line", &[("kana", &row.kana), ("birth", &say::iso_day(w, &row.birth)), ("age", &row.age)]))
        }
        (kit::tabs(tab, &tabs))
        (body)
    };
    let title = w.say(
        "case.title",
        &[("number", &row.number), ("name", &row.name)],
    );
    ctx.page(title, "cases", body)
        .back("/cases", w.t("case.to_list"))
        .wide()
        .ok()
}

/// The version a form is made from.
pub(super) fn version(case: &Case) -> Markup {
    kit::hidden("version", &case.opened.case.version.to_string())
}

pub(super) async fn overview(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let case = open(&site, actor, &number).await?;

    let similar = site.office.similar_to(actor, &number).await?;
    let body = html! {
        @if !similar.is_empty() {
            (kit::notice(Tone::Wait, &w.t("case.similar"), html! {
                p { (w.t("case.similar_more")) }
                ul { @for (row, alike) in &similar {
                    li { a href={ "/cases/" (row.number) } { (row.number) " " (row.name) } " "
                        (alike.iter().map(|a| alike_words(w, a)).collect::<Vec<_>>().join("、")) }
                } }
            }))
        }
        (applications(w, &case))
        (people(w, &case))
        (corrections(w, actor, &case))
        (papers(w, actor, &case))
        (notes(w, actor, &case))
        (more(w, actor, &case))
    };
    frame(&ctx, &case, "overview", body)
}

fn alike_words(w: &Words, alike: &str) -> String {
    match alike {
        "name_birth" => w.t("case.alike_name"),
        "kana_birth" => w.t("case.alike_kana"),
        "birth_address" => w.t("case.alike_address"),
        _ => w.t("case.alike_phone"),
    }
}

fn facility_name(standing: &Standing, id: &str) -> String {
    match standing.facilities.get(id) {
        Some((facility, _)) => format!("{id} {}", facility.name()),
        None => id.to_owned(),
    }
}

fn applications(w: &Words, case: &Case) -> Markup {
    let state = &case.opened.case.state;
    let rows = state.applications.iter().map(|a| {
        let name = state.person(&a.child).map_or("", |p| p.name.shown());
        let chosen = state.choices.get(&a.child);
        let chosen: Vec<String> = chosen
            .into_iter()
            .flatten()
            .map(|id| facility_name(&case.standing, id))
            .collect();
        Row {
            href: Some(format!("/cases/{}", a.number)),
            cells: vec![
                html! { (a.number) },
                html! { (name) },
                html! { (a.kind.label()) },
                html! { (say::channel(w, a.channel)) " " (say::day(w, a.receipt.arrived))
                    @if let Some(mark) = a.receipt.postmark { " " (w.say("case.postmark", &[("day", &say::day(w, mark))])) } },
                html! { ol { @for c in &chosen { li { (c) } } } },
                html! { @if let Some(x) = &a.withdrawn { (w.say("case.withdrawn", &[("reason", &x.reason)])) } },
            ],
        }
    });
    let columns = [
        Column::new(w.t("cases.number")),
        Column::new(w.t("cases.name")),
        Column::new(w.t("case.kind")),
        Column::new(w.t("case.receipt")),
        Column::new(w.t("case.choices")),
        Column::new(w.t("case.state")),
    ];
    kit::section(
        "applications",
        &w.t("case.applications"),
        kit::table(w, &w.t("case.applications"), &columns, rows.collect(), None),
    )
}

fn people(w: &Words, case: &Case) -> Markup {
    let state = &case.opened.case.state;
    let entry = case.standing.state.calendar.as_ref().map(|c| c.entry);
    let rows = state.people.iter().map(|p| Row {
        href: None,
        cells: vec![
            html! { (say::part(w, p.part)) },
            html! { span lang="ja" { (p.name.written) } },
            html! { span lang="ja" { (p.name.kana) } },
            html! { @if let Some(b) = p.birth { (say::day(w, b))
                @if p.part == Part::Child { @if let Some(e) = entry { " " (w.say("case.class", &[("age", &class_age(b, e))])) } } } },
            html! { (p.relation) },
        ],
    });
    let columns = [
        Column::new(w.t("case.part")),
        Column::new(w.t("cases.name")),
        Column::new(w.t("entry.kana_label")),
        Column::new(w.t("cases.birth")),
        Column::new(w.t("entry.relation")),
    ];
    let a = &state.address;
    let mut details = vec![
        (
            w.t("entry.address"),
            html! { @if !a.postcode.is_empty() { "〒" (a.postcode) " " } (a.text) " " (a.building) },
        ),
        (w.t("entry.phone_label"), html! { (state.contact.phone) }),
    ];
    if !state.contact.email.is_empty() {
        details.push((w.t("entry.email_label"), html! { (state.contact.email) }));
    }
    kit::section(
        "people",
        &w.t("case.people"),
        html! {
            (kit::table(w, &w.t("case.people"), &columns, rows.collect(), None))
            (kit::details_list(&details))
        },
    )
}

fn corrections(w: &Words, actor: &Actor, case: &Case) -> Markup {
    let state = &case.opened.case.state;
    let number = &case.opened.row.number;
    let form = Form::new().speaking(w);
    let kinds: Vec<(&str, String)> = PaperKind::ALL
        .iter()
        .map(|k| (k.name(), say::paper_kind(w, *k)))
        .collect();
    let kinds: Vec<(&str, &str)> = kinds.iter().map(|(n, l)| (*n, l.as_str())).collect();
    let subjects: Vec<(String, String)> = state
        .people
        .iter()
        .map(|p| (p.id.clone(), p.name.shown().to_owned()))
        .collect();
    let subjects: Vec<(&str, &str)> = subjects
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    kit::section(
        "corrections",
        &w.t("case.corrections"),
        html! {
            @for c in &state.corrections {
                (kit::notice(if c.settled.is_some() { Tone::Good } else { Tone::Wait },
                    &w.say("case.correction", &[("id", &c.id), ("deadline", &say::day(w, c.deadline))]), html! {
                    ul { @for i in &c.items { li { (say::subject(w, state, &i.subject)) " " (say::paper_kind(w, i.paper)) " " (i.what) } } }
                    @if let Some(s) = &c.settled {
                        p { (if s.received { w.t("case.settled_received") } else { w.t("case.settled_without") }) " " (s.how) }
                    } @else if actor.may(Action::AskCorrection) {
                        (kit::post(&format!("/cases/{number}/corrections/settle"), html! {
                            (version(case)) (kit::hidden("id", &c.id.to_string()))
                            (kit::text(&form, Field::new("how", &w.t("case.settle_how"))))
                            (kit::acts(html! {
                                (kit::button_named("received", "yes", &w.t("case.settle_received"), Look::Primary))
                                (kit::button_named("received", "no", &w.t("case.settle_without"), Look::Secondary))
                            }))
                        }))
                    }
                }))
            }
            @if actor.may(Action::AskCorrection) {
                details {
                    summary { (w.t("case.ask")) }
                    (kit::post(&format!("/cases/{number}/corrections/ask"), html! {
                        (version(case))
                        div.row {
                            (kit::select(&form, Field::new("subject", &w.t("case.about_whom")).required(), &subjects))
                            (kit::select(&form, Field::new("paper", &w.t("case.which_paper")).required(), &kinds))
                            (kit::text(&form, Field::new("what", &w.t("case.what")).required().hint(&w.t("case.what_hint"))))
                            (kit::date(&form, Field::new("deadline", &w.t("case.deadline")).hint(&w.t("case.deadline_hint"))))
                        }
                        (kit::acts(kit::button(&w.t("case.ask_go"), Look::Primary)))
                    }))
                }
            }
        },
    )
}

fn papers(w: &Words, actor: &Actor, case: &Case) -> Markup {
    let state = &case.opened.case.state;
    let number = &case.opened.row.number;
    let form = Form::new().speaking(w);
    let rows: Vec<Row> = state
        .papers_in_use()
        .map(|p| Row {
            href: Some(format!("/cases/{number}/papers/{}", p.id)),
            cells: vec![
                html! { (say::paper_kind(w, p.kind)) },
                html! { (say::subject(w, state, &p.subject)) },
                html! { (p.name) },
                html! { @if let Some(d) = p.issued { (say::day(w, d)) } },
                html! { @if let Some(d) = p.valid_until { (say::day(w, d)) } },
            ],
        })
        .collect();
    let columns = [
        Column::new(w.t("case.which_paper")),
        Column::new(w.t("case.about_whom")),
        Column::new(w.t("case.file")),
        Column::new(w.t("case.issued")),
        Column::new(w.t("case.valid_until")),
    ];
    let missing = case
        .standing
        .state
        .calendar
        .as_ref()
        .map(|c| missing_papers(state, c))
        .unwrap_or_default();
    let kinds: Vec<(&str, String)> = PaperKind::ALL
        .iter()
        .skip(1)
        .map(|k| (k.name(), say::paper_kind(w, *k)))
        .collect();
    let kinds: Vec<(&str, &str)> = kinds.iter().map(|(n, l)| (*n, l.as_str())).collect();
    let subjects: Vec<(String, String)> = state
        .people
        .iter()
        .map(|p| (p.id.clone(), p.name.shown().to_owned()))
        .collect();
    let subjects: Vec<(&str, &str)> = subjects
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    kit::section(
        "papers",
        &w.t("case.papers"),
        html! {
            @if !missing.is_empty() {
                (kit::notice(Tone::Wait, &w.t("papers.missing"), html! { ul { @for (need, lack) in &missing {
                    li { (say::subject(w, state, &need.subject)) " " (say::paper_kind(w, need.paper)) " " (lack_words(w, lack)) }
                } } }))
            }
            @if rows.is_empty() { (kit::empty(&w.t("case.no_papers"))) }
            @else { (kit::table(w, &w.t("case.papers"), &columns, rows, None)) }
            @if actor.may(Action::Attach) {
                details {
                    summary { (w.t("papers.attach")) }
                    (kit::post_multipart(&format!("/cases/{number}/papers"), html! {
                        (version(case))
                        div.row {
                            (kit::select(&form, Field::new("kind", &w.t("case.which_paper")).required(), &kinds))
                            (kit::select(&form, Field::new("subject", &w.t("case.about_whom")).required(), &subjects))
                            (kit::file(&form, Field::new("file", &w.t("papers.file")).required().hint(&w.t("papers.file_hint")), ".pdf,.png,.jpg,.jpeg,.webp,.tif,.tiff,.xlsx", false))
                        }
                        (kit::acts(kit::button(&w.t("papers.attach_go"), Look::Primary)))
                    }))
                }
            }
        },
    )
}

fn lack_words(w: &Words, lack: &Lack) -> String {
    match lack {
        Lack::None => w.t("papers.lacks"),
        Lack::Expired { .. } => w.t("papers.expired"),
    }
}

fn notes(w: &Words, actor: &Actor, case: &Case) -> Markup {
    let state = &case.opened.case.state;
    let form = Form::new().speaking(w);
    let (call, visit, counter, other) = (
        w.t("case.note_call"),
        w.t("case.note_visit"),
        w.t("case.note_counter"),
        w.t("case.note_other"),
    );
    let kinds = [
        ("call", call.as_str()),
        ("visit", visit.as_str()),
        ("counter", counter.as_str()),
        ("other", other.as_str()),
    ];
    let told = |kind: &str| {
        kinds
            .iter()
            .find(|k| k.0 == kind)
            .map_or(kind.to_owned(), |k| k.1.to_owned())
    };
    kit::section(
        "notes",
        &w.t("case.notes"),
        html! {
            @if !state.notes.is_empty() {
                (kit::timeline(state.notes.iter().rev().map(|n| (say::moment(w, n.at), format!("{} {}", told(&n.kind), n.by), html! { (n.text) })).collect()))
            }
            @if actor.may(Action::WriteNote) {
                details {
                    summary { (w.t("case.note_write")) }
                    (kit::post(&format!("/cases/{}/notes", case.opened.row.number), html! {
                        (version(case))
                        (kit::select(&form, Field::new("kind", &w.t("case.note_kind")), &kinds))
                        (kit::area(&form, Field::new("text", &w.t("case.note_text")).required(), 3))
                        (kit::acts(kit::button(&w.t("case.note_go"), Look::Primary)))
                    }))
                }
            }
        },
    )
}

fn more(w: &Words, actor: &Actor, case: &Case) -> Markup {
    let row = &case.opened.row;
    let number = &row.number;
    let form = Form::new().speaking(w);
    let protected = case.opened.case.state.protection.is_some();
    html! {
        @if actor.may(Action::CorrectCase) {
            (kit::section("change", &w.t("case.change"), html! {
                details {
                    summary { (w.t("case.choices_change")) }
                    (kit::post(&format!("/cases/{number}/choices"), html! {
                        (version(case))
                        (kit::text(&form, Field::new("choices", &w.t("entry.choices")).required().hint(&w.t("entry.choices_hint"))))
                        (kit::text(&form, Field::new("reason", &w.t("case.reason")).required()))
                        (kit::acts(kit::button(&w.t("case.choices_go"), Look::Primary)))
                    }))
                }
                details {
                    summary { (w.t("case.withdraw")) }
                    (kit::post(&format!("/cases/{number}/withdraw"), html! {
                        (version(case))
                        (kit::date(&form, Field::new("on", &w.t("case.withdraw_on")).required()))
                        (kit::text(&form, Field::new("reason", &w.t("case.reason")).required()))
                        (kit::acts(kit::button(&w.t("case.withdraw_go"), Look::Danger)))
                    }))
                }
            }))
        }
        @if actor.may(Action::Protect) && actor.sees(enmusubi_casefile::account::Columns::Protected) {
            (kit::section("protect", &w.t("case.protection"), html! {
                (kit::post(&format!("/cases/{number}/protect"), html! {
                    (version(case))
                    (kit::text(&form, Field::new("reason", &w.t("case.reason")).required()))
                    @if protected { (kit::acts(kit::button_named("on", "no", &w.t("case.unprotect"), Look::Danger))) }
                    @else { (kit::acts(kit::button_named("on", "yes", &w.t("case.protect"), Look::Secondary))) }
                }))
            }))
        }
    }
}

pub(super) async fn facts(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let case = open(&site, actor, &number).await?;
    let state = &case.opened.case.state;
    let form = Form::new().speaking(w);
    let open: Vec<&Statement> = state.unconfirmed().collect();
    let may = actor.may(Action::ConfirmFact);
    let body = html! {
        (kit::section("open", &w.say("facts.open", &[("count", &open.len())]), html! {
            @if open.is_empty() { (kit::empty(&w.t("facts.none_open"))) }
            @else {
                p { (w.t("facts.how")) }
                (kit::post(&format!("/cases/{number}/facts/confirm"), html! {
                    (version(&case))
                    (kit::table(w, &w.t("facts.open_caption"), &statement_columns(w, true), open.iter().map(|s| open_row(w, state, s)).collect(), None))
                    @if may {
                        (kit::text(&form, Field::new("reason", &w.t("facts.reason")).hint(&w.t("facts.reason_hint"))))
                        (kit::acts(html! {
                            (kit::button_named("act", "confirm", &w.t("facts.confirm"), Look::Primary))
                            (kit::button_named("act", "reject", &w.t("facts.reject"), Look::Danger))
                        }))
                    }
                }))
            }
        }))
        (kit::section("held", &w.t("facts.held"), held(w, state)))
        @if actor.may(Action::StateFact) { (state_form(w, &case)) }
    };
    frame(&ctx, &case, "facts", body)
}

fn statement_columns(w: &Words, choose: bool) -> Vec<Column> {
    let mut list = Vec::new();
    if choose {
        list.push(Column::new(w.t("facts.choose")));
    }
    list.extend([
        Column::new(w.t("facts.who")),
        Column::new(w.t("facts.what")),
        Column::new(w.t("facts.value")),
        Column::new(w.t("facts.from")),
        Column::new(w.t("facts.to")),
        Column::new(w.t("facts.source")),
    ]);
    list
}

fn source(w: &Words, state: &Household, source: &Source) -> String {
    match source {
        Source::Application => w.t("facts.source_form"),
        Source::Paper { paper, place } => {
            let name = state.papers.iter().find(|p| p.id == *paper);
            let name = name.map_or(String::new(), |p| say::paper_kind(w, p.kind));
            w.say("facts.source_paper", &[("name", &name), ("place", place)])
        }
        Source::Extract { name, place } => {
            w.say("facts.source_extract", &[("name", name), ("place", place)])
        }
        Source::Staff { reason } => w.say("facts.source_staff", &[("reason", reason)]),
    }
}

/// Where a statement comes from, and what else says the same.
fn sources(w: &Words, state: &Household, s: &Statement) -> String {
    let all = std::iter::once(&s.said.source).chain(s.agreed.iter().map(|a| &a.source));
    let all: Vec<String> = all.map(|x| source(w, state, x)).collect();
    all.join("＝")
}

/// A value as people read it, with its unit.
fn value(w: &Words, s: &Statement) -> String {
    let Some((_, attribute)) = s.said.attribute() else {
        return s.said.value.clone();
    };
    let mut symbols = Symbols::default();
    let read = workbook::value(attribute.ty, &s.said.value, &mut symbols).ok();
    let shown = read.and_then(|v| facts_words::value(&symbols, attribute, v, say::tongue(w)));
    shown.unwrap_or_else(|| s.said.value.clone())
}

/// Whether a paper or an extract stands behind a statement, so that confirming it is the likely decision.
fn backed(s: &Statement) -> bool {
    let paper = |source: &Source| matches!(source, Source::Paper { .. } | Source::Extract { .. });
    !s.check && (paper(&s.said.source) || s.agreed.iter().any(|a| paper(&a.source)))
}

fn what(w: &Words, s: &Statement) -> String {
    s.said.attribute().map_or_else(
        || s.said.attribute.clone(),
        |(_, a)| label(a, say::tongue(w)),
    )
}

fn open_row(w: &Words, state: &Household, s: &Statement) -> Row {
    let name = format!("{} {}", say::subject(w, state, &s.said.subject), what(w, s));
    let day = |d: Option<jiff::civil::Date>| d.map(|d| d.to_string()).unwrap_or_default();
    Row {
        href: None,
        cells: vec![
            html! { input type="checkbox" name="id" value=(s.id) checked[backed(s)] aria-label=(w.say("facts.choose_one", &[("name", &name)])); },
            html! { (say::subject(w, state, &s.said.subject)) },
            html! { (what(w, s)) },
            html! { (value(w, s)) },
            html! { input.short type="text" name={ "from-" (s.id) } value=(day(s.said.from)) aria-label=(w.say("facts.from_of", &[("name", &name)])); },
            html! { input.short type="text" name={ "to-" (s.id) } value=(day(s.said.to)) aria-label=(w.say("facts.to_of", &[("name", &name)])); },
            html! {
                (sources(w, state, s))
                @if s.check { " " (kit::badge(&w.t("facts.doubted"), Tone::Wait)) }
                @else if !s.agreed.is_empty() { " " (kit::badge(&w.t("facts.agrees"), Tone::Good)) }
            },
        ],
    }
}

/// What is confirmed, subject by subject.
fn held(w: &Words, state: &Household) -> Markup {
    let confirmed = state
        .statements
        .iter()
        .filter(|s| matches!(s.state, fact::State::Confirmed { .. }));
    let mut rows: Vec<(&Subject, Row)> = confirmed
        .map(|s| {
            let day = |d: Option<jiff::civil::Date>| d.map(|d| say::day(w, d)).unwrap_or_default();
            let row = Row {
                href: None,
                cells: vec![
                    html! { (say::subject(w, state, &s.said.subject)) },
                    html! { (what(w, s)) },
                    html! { (value(w, s)) },
                    html! { (day(s.said.from)) },
                    html! { (day(s.said.to)) },
                    html! { (sources(w, state, s)) },
                ],
            };
            (&s.said.subject, row)
        })
        .collect();
    rows.sort_by_key(|(subject, _)| (*subject).clone());
    let rows: Vec<Row> = rows.into_iter().map(|(_, row)| row).collect();
    if rows.is_empty() {
        return kit::empty(&w.t("facts.none_held"));
    }
    kit::table(
        w,
        &w.t("facts.held"),
        &statement_columns(w, false),
        rows,
        None,
    )
}

/// Stating a fact by hand. Attributes of every subject in one list, named with their subject.
fn state_form(w: &Words, case: &Case) -> Markup {
    let state = &case.opened.case.state;
    let form = Form::new().speaking(w);
    let mut options: Vec<(String, String)> = Vec::new();
    let mut add = |subject: &Subject, entity: Entity| {
        let who = say::subject(w, state, subject);
        for (_, a) in of_entity(entity).filter(|(_, a)| a.origin == Origin::Stated) {
            if a.name == "birth_date" || a.name == "application" {
                continue;
            }
            options.push((
                format!("{subject}.{}", a.name),
                format!("{who}: {}", label(a, say::tongue(w))),
            ));
        }
    };
    add(&Subject::Household, Entity::Household);
    for p in &state.people {
        if let Some(subject) = Subject::of_person(&p.id) {
            add(&subject, subject.entity());
        }
    }
    let options: Vec<(&str, &str)> = options
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    kit::section(
        "state",
        &w.t("facts.state"),
        html! {
            details {
                summary { (w.t("facts.state_open")) }
                (kit::post(&format!("/cases/{}/facts/state", case.opened.row.number), html! {
                    (version(case))
                    div.row {
                        (kit::select(&form, Field::new("what", &w.t("facts.what")).required(), &options))
                        (kit::text(&form, Field::new("value", &w.t("facts.value")).required()))
                        (kit::date(&form, Field::new("from", &w.t("facts.from"))))
                        (kit::date(&form, Field::new("to", &w.t("facts.to"))))
                        (kit::text(&form, Field::new("reason", &w.t("facts.how_known")).required()))
                    }
                    (kit::acts(kit::button(&w.t("facts.state_go"), Look::Primary)))
                }))
            }
        },
    )
}

pub(super) async fn index(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let case = open(&site, actor, &number).await?;
    let row = &case.opened.row;
    let id = &case.opened.case.id;
    let state = &case.opened.case.state;
    let reader = match w.lang {
        crate::words::Lang::Ja => Reader::Staff,
        crate::words::Lang::En => Reader::StaffEnglish,
    };
    let derive = |stated| case.standing.derivation(id, state, &row.child, 0, stated);
    let confirmed = derive(false);
    // What is stated and not confirmed is told apart only where it makes a difference.
    let stated = derive(true).filter(|s| Some(s) != confirmed.as_ref());
    let body = html! {
        @if case.standing.criteria.is_none() { (kit::notice(Tone::Stop, &w.t("index.no_criteria"), html! { p { (w.t("index.no_criteria_more")) } })) }
        @if let Some(d) = &confirmed {
            (kit::section("confirmed", &w.t("index.confirmed"), derivation(w, d, reader)))
        }
        @if let Some(d) = &stated {
            (kit::section("stated", &w.t("index.stated"), html! { p { (w.t("index.stated_more")) } (derivation(w, d, reader)) }))
        }
        (judgements(w, actor, &case))
    };
    frame(&ctx, &case, "index", body)
}

/// The keys that are compared, and how they came about.
fn derivation(w: &Words, d: &Derivation, reader: Reader) -> Markup {
    let english = reader == Reader::StaffEnglish;
    let keys = d.key.iter().filter(|k| !k.to_be_filled).map(|k| {
        let value = if english {
            k.value_en.as_deref()
        } else {
            k.value.as_deref()
        };
        let unknown = w.t("index.unknown");
        (
            k.label.to_string(),
            html! { strong { (value.unwrap_or(&unknown)) } },
        )
    });
    let keys: Vec<(String, Markup)> = keys.collect();
    // Whose it is, what, and the paper: the number of a spreadsheet's row means nothing here.
    let missing = d.missing.iter().map(|m| {
        if english {
            return m.what.to_string() + " (" + &m.path + ")";
        }
        let values: [(&str, &dyn std::fmt::Display); 3] =
            [("who", &m.subject), ("what", &m.what), ("paper", &m.paper)];
        w.say("index.missing_one", &values)
    });
    let missing: Vec<String> = missing.collect();
    html! {
        @if !missing.is_empty() {
            (kit::notice(Tone::Stop, &w.t("index.missing"), html! {
                ul { @for m in &missing { li { (m) } } }
                p { a href="facts" { (w.t("index.to_facts")) } }
            }))
        }
        (kit::details_list(&keys))
        details {
            summary { (w.t("index.whole")) }
            pre.derivation tabindex="0" { (derivation_text(d, reader)) }
        }
    }
}

fn judgements(w: &Words, actor: &Actor, case: &Case) -> Markup {
    let state = &case.opened.case.state;
    let number = &case.opened.row.number;
    let form = Form::new().speaking(w);
    let subjects: Vec<(String, String)> = std::iter::once(("h".to_owned(), w.t("part.household")))
        .chain(
            state
                .people
                .iter()
                .map(|p| (p.id.clone(), p.name.shown().to_owned())),
        )
        .collect();
    let subjects: Vec<(&str, &str)> = subjects
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    kit::section(
        "judgements",
        &w.t("index.judgements"),
        html! {
            @for j in &state.judgements {
                (kit::notice(if j.counts() { Tone::Good } else if j.is_open() { Tone::Wait } else { Tone::Plain },
                    &w.say("index.judgement", &[("item", &j.item), ("value", &j.value), ("who", &say::subject(w, state, &j.subject))]), html! {
                    p { (j.reason) }
                    @if j.is_open() && actor.may(Action::SignJudgement) {
                        (kit::post(&format!("/cases/{number}/judgements/sign"), html! {
                            (version(case)) (kit::hidden("id", &j.id.to_string()))
                            (kit::text(&form, Field::new("reason", &w.t("index.refuse_reason"))))
                            (kit::acts(html! {
                                (kit::button_named("act", "sign", &w.t("index.sign"), Look::Primary))
                                (kit::button_named("act", "refuse", &w.t("index.refuse"), Look::Danger))
                            }))
                        }))
                    }
                }))
            }
            @if actor.may(Action::Judge) {
                details {
                    summary { (w.t("index.judge")) }
                    (kit::post(&format!("/cases/{number}/judgements/propose"), html! {
                        (version(case))
                        div.row {
                            (kit::select(&form, Field::new("subject", &w.t("case.about_whom")).required(), &subjects))
                            (kit::text(&form, Field::new("item", &w.t("index.item")).required()))
                            (kit::text(&form, Field::new("value", &w.t("index.value")).required().inputmode("decimal")))
                            (kit::text(&form, Field::new("reason", &w.t("case.reason")).required()))
                        }
                        (kit::acts(kit::button(&w.t("index.judge_go"), Look::Primary)))
                    }))
                }
            }
        },
    )
}

pub(super) async fn certification(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let case = open(&site, actor, &number).await?;
    let row = &case.opened.row;
    let state = &case.opened.case.state;
    let own: Vec<_> = state
        .certifications
        .iter()
        .filter(|c| c.child == row.child)
        .collect();
    let waiting = state.proposed(&row.child);
    let body = html! {
        @for c in own.iter().rev() { (certificate(w, c)) }
        @if own.is_empty() { (kit::empty(&w.t("certify.none"))) }
        @if let Some(c) = waiting {
            @if actor.may(Action::ApproveCertification) { (decide_form(w, &case, c.id)) }
        } @else if actor.may(Action::ProposeCertification) {
            (propose_form(w, &case))
        }
    };
    frame(&ctx, &case, "certification", body)
}

fn hours_words(w: &Words, hours: Option<Hours>) -> String {
    match hours {
        Some(Hours::Standard) => w.t("certify.standard"),
        Some(Hours::Short) => w.t("certify.short"),
        None => String::new(),
    }
}

fn certificate(w: &Words, c: &certification::Certification) -> Markup {
    use certification::State as S;
    let (tone, state) = match &c.state {
        S::Proposed => (Tone::Wait, w.t("certify.proposed")),
        S::Approved { number, .. } => {
            (Tone::Good, w.say("certify.approved", &[("number", number)]))
        }
        S::Returned { reason, .. } => {
            (Tone::Stop, w.say("certify.returned", &[("reason", reason)]))
        }
        S::Refused { reason, .. } => (Tone::Stop, w.say("certify.refused", &[("reason", reason)])),
        S::Cancelled { reason, .. } => (
            Tone::Stop,
            w.say("certify.cancelled", &[("reason", reason)]),
        ),
        S::Replaced { by_id } => (Tone::Plain, w.say("certify.replaced", &[("id", by_id)])),
    };
    let act = match c.act {
        certification::Act::Certify => w.t("certify.act_certify"),
        certification::Act::Refuse => w.t("certify.act_refuse"),
        certification::Act::Cancel => w.t("certify.act_cancel"),
    };
    let rows = [
        (w.t("certify.act"), html! { (act) }),
        (
            w.t("certify.class"),
            html! { (c.content.class.label()) " " (hours_words(w, c.content.hours)) },
        ),
        (
            w.t("certify.reasons"),
            html! { (c.content.reasons.join("、")) },
        ),
        (
            w.t("certify.validity"),
            html! { (say::day(w, c.content.from)) "〜" (say::day(w, c.content.to)) },
        ),
        (
            w.t("certify.by"),
            html! { (c.proposed_by) " " (say::moment(w, c.proposed_at)) },
        ),
        (w.t("certify.why"), html! { (c.why) }),
    ];
    kit::notice(tone, &state, kit::details_list(&rows))
}

fn decide_form(w: &Words, case: &Case, id: u32) -> Markup {
    let form = Form::new().speaking(w);
    kit::post(
        &format!("/cases/{}/certification/decide", case.opened.row.number),
        html! {
            (version(case)) (kit::hidden("id", &id.to_string()))
            (kit::text(&form, Field::new("reason", &w.t("certify.return_reason"))))
            (kit::acts(html! {
                (kit::button_named("act", "approve", &w.t("certify.approve"), Look::Primary))
                (kit::button_named("act", "return", &w.t("certify.return"), Look::Danger))
            }))
        },
    )
}

/// What the facts propose.
pub(super) fn proposed(case: &Case) -> Form {
    let mut form = Form::new();
    let state = &case.opened.case.state;
    let Some(calendar) = &case.standing.state.calendar else {
        return form;
    };
    let child = &case.opened.row.child;
    let Some(birth) = state.person(child).and_then(|p| p.birth) else {
        return form;
    };
    let class = class_on(birth, calendar.entry);
    form.set("class", class.name());
    form.set("from", calendar.entry.to_string());
    if let Ok(last) = longest(class, birth, calendar.entry) {
        form.set("to", last.to_string());
    }
    let mut reasons: Vec<String> = Vec::new();
    let mut least: Option<i64> = None;
    for g in state.of_part(Part::Guardian) {
        let subject = Subject::Guardian(g.id.clone());
        if let Some(s) = state.holds(&subject, "reasons", calendar.base, true) {
            for reason in s.said.value.split('、') {
                if !reasons.iter().any(|r| r == reason) {
                    reasons.push(reason.to_owned());
                }
            }
        }
        let hours = state.holds(&subject, "work_hours_per_month", calendar.base, true);
        if let Some(n) = hours.and_then(|s| s.said.value.parse::<f64>().ok()) {
            let n = n as i64;
            least = Some(least.map_or(n, |l| l.min(n)));
        }
    }
    // The guardian with fewer hours decides; without hours (illness, birth …) standard hours are usual.
    let short = least.is_some_and(|n| n < certification::STANDARD_HOURS_PER_MONTH);
    form.set(
        "hours",
        if short {
            Hours::Short.name()
        } else {
            Hours::Standard.name()
        },
    );
    for reason in reasons {
        form.add("reasons", reason);
    }
    form
}

fn propose_form(w: &Words, case: &Case) -> Markup {
    let form = proposed(case).speaking(w);
    let classes: Vec<(&str, &str)> = Class::ALL.iter().map(|c| (c.name(), c.label())).collect();
    let (standard, short) = (w.t("certify.standard"), w.t("certify.short"));
    let hours = [("standard", standard.as_str()), ("short", short.as_str())];
    let reasons: Vec<(&str, &str)> = enmusubi_domain::facts::vocabulary::REASON
        .values
        .iter()
        .map(|(_, l)| (*l, *l))
        .collect();
    let (certify, refuse, cancel) = (
        w.t("certify.act_certify"),
        w.t("certify.act_refuse"),
        w.t("certify.act_cancel"),
    );
    let acts = [
        ("certify", certify.as_str()),
        ("refuse", refuse.as_str()),
        ("cancel", cancel.as_str()),
    ];
    kit::section(
        "propose",
        &w.t("certify.propose"),
        html! {
            p { (w.t("certify.propose_more")) }
            (kit::post(&format!("/cases/{}/certification/propose", case.opened.row.number), html! {
                (version(case))
                (kit::radios(&form, Field::new("certify", &w.t("certify.act")).required(), &acts))
                div.row {
                    (kit::select(&form, Field::new("class", &w.t("certify.class")).required(), &classes))
                    (kit::select(&form, Field::new("hours", &w.t("certify.hours")), &hours))
                    (kit::date(&form, Field::new("from", &w.t("certify.from")).required()))
                    (kit::date(&form, Field::new("to", &w.t("certify.to")).required()))
                }
                (kit::checks(&form, Field::new("reasons", &w.t("certify.reasons")), &reasons))
                (kit::text(&form, Field::new("why", &w.t("certify.why")).hint(&w.t("certify.why_hint"))))
                (kit::acts(kit::button(&w.t("certify.propose_go"), Look::Primary)))
            }))
        },
    )
}

pub(super) async fn history(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
) -> Answer {
    let w = ctx.words;
    let actor = ctx.actor()?;
    let case = open(&site, actor, &number).await?;
    let events = site.office.history(actor, &case.opened).await?;
    let items = events
        .into_iter()
        .rev()
        .map(|e| {
            let what = event_words(w, &e.name);
            (
                say::iso_moment(w, &e.at),
                e.actor,
                html! { (what) " " span.version { (w.say("case.version", &[("n", &e.version)])) } },
            )
        })
        .collect();
    frame(&ctx, &case, "history", kit::timeline(items))
}

/// An event's name in words.
fn event_words(w: &Words, name: &str) -> String {
    w.t(match name {
        "opened" => "event.opened",
        "moved" => "event.moved",
        "person_added" => "event.person_added",
        "person_corrected" => "event.person_corrected",
        "applied" => "event.applied",
        "choices_set" => "event.choices_set",
        "wish_set" => "event.wish_set",
        "combinations_set" => "event.combinations_set",
        "enrolled" => "event.enrolled",
        "stated" => "event.stated",
        "confirmed" => "event.confirmed",
        "rejected" => "event.rejected",
        "attached" => "event.attached",
        "read" => "event.read",
        "removed" => "event.removed",
        "correction_asked" => "event.correction_asked",
        "correction_settled" => "event.correction_settled",
        "certification_proposed" => "event.certification_proposed",
        "certification_approved" => "event.certification_approved",
        "certification_returned" => "event.certification_returned",
        "judged" => "event.judged",
        "judgement_signed" => "event.judgement_signed",
        "judgement_ended" => "event.judgement_ended",
        "noted" => "event.noted",
        "withdrawn" => "event.withdrawn",
        "found_duplicate" => "event.found_duplicate",
        "protected" => "event.protected",
        "unprotected" => "event.unprotected",
        "closed_to" => "event.closed_to",
        _ => "event.joined_into",
    })
}
