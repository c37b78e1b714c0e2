//! The list of applications as a file: CSV (UTF-8 or CP932) or XLSX, with the filters of its address.

use super::list::query_of;
use crate::{
    gate::{Answer, Ctx},
    kit::{self, Form, ListState, Look},
    say,
    site::Site,
    words::Words,
};
use axum::{
    extract::{Query, State},
    http::header,
    response::IntoResponse as _,
};
use enmusubi_app::Fault;
use enmusubi_casefile::{Refusal, application::Channel, readiness::Stage};
use enmusubi_domain::facts::Exact;
use enmusubi_interchange::{
    Format, cp932,
    sheet::{Cell, write_sheet},
};
use enmusubi_storage::cases::CaseRow;
use maud::{Markup, html};

/// How many characters that CP932 does not have are named; whoever sees these knows to take another form.
const NAMED: usize = 10;

/// Form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Csv,
    Cp932,
    Xlsx,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Xlsx, Self::Csv, Self::Cp932];

    /// As it stands in the address.
    fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Cp932 => "csv-cp932",
            Self::Xlsx => "xlsx",
        }
    }

    fn label(self, w: &Words) -> String {
        match self {
            Self::Csv => w.t("cases.export_csv"),
            Self::Cp932 => w.t("cases.export_cp932"),
            Self::Xlsx => w.t("cases.export_xlsx"),
        }
    }

    /// Content type, and the end of the file's name.
    fn media(self) -> (&'static str, &'static str) {
        match self {
            Self::Csv => ("text/csv; charset=utf-8", "csv"),
            Self::Cp932 => ("text/csv; charset=windows-31j", "csv"),
            Self::Xlsx => (
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                "xlsx",
            ),
        }
    }
}

pub(super) async fn file(
    State(site): State<Site>,
    ctx: Ctx,
    Query(values): Query<Vec<(String, String)>>,
) -> Answer {
    let w = ctx.words;
    let form = Form::of(values.clone());
    let asked = form.get("format");
    let kind = Kind::ALL.into_iter().find(|k| k.name() == asked);
    let kind = kind.unwrap_or(Kind::Csv);
    let query = query_of(&form, &ListState::of("/cases", values, 1));
    let bytes = site
        .office
        .export_list(ctx.actor()?, query, kind.name(), |rows| made(w, rows, kind))
        .await?;
    let (media, end) = kind.media();
    let day = site.office.today();
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"applications-{day}.{end}\""),
        ),
        // A list of people stays in no cache on the way.
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

fn made(w: &Words, rows: &[CaseRow], kind: Kind) -> Result<Vec<u8>, Fault> {
    let header = header_of(w);
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    let format = match kind {
        Kind::Xlsx => Format::Xlsx,
        Kind::Csv | Kind::Cp932 => Format::Csv,
    };
    let bytes = write_sheet(&w.t("cases.caption"), &header, format, &mut |row| {
        for r in rows {
            row(&cells(w, r));
        }
    })
    .map_err(|d| Fault::File(Box::new(d)))?;
    if kind != Kind::Cp932 {
        return Ok(bytes);
    }
    let text = String::from_utf8(bytes).map_err(|e| Fault::Internal(e.to_string()))?;
    // CP932 has no byte order mark.
    let text = text.trim_start_matches('\u{FEFF}');
    cp932::encode(text).map_err(|missing| {
        let mut named: Vec<String> = missing
            .iter()
            .take(NAMED)
            .map(|c| match first_with(w, rows, c) {
                Some(number) => w.say(
                    "cases.export_character",
                    &[("character", c), ("number", &number)],
                ),
                None => c.clone(),
            })
            .collect();
        if missing.len() > NAMED {
            named.push(w.say("cases.export_more", &[("count", &(missing.len() - NAMED))]));
        }
        let characters = named.join(&w.t("cases.export_between"));
        Refusal::of("refusal.not_in_cp932")
            .with("characters", characters)
            .into()
    })
}

/// The number of the first row that has a character.
fn first_with<'r>(w: &Words, rows: &'r [CaseRow], character: &str) -> Option<&'r str> {
    let has = |r: &&CaseRow| {
        cells(w, r)
            .iter()
            .any(|c| matches!(c, Cell::Text(text) if text.contains(character)))
    };
    rows.iter().find(has).map(|r| r.number.as_str())
}

fn header_of(w: &Words) -> Vec<String> {
    vec![
        w.t("cases.number"),
        w.t("cases.name"),
        w.t("cases.kana"),
        w.t("cases.birth"),
        w.t("cases.age"),
        w.t("cases.round"),
        w.t("cases.kind"),
        w.t("cases.channel"),
        w.t("cases.arrived"),
        w.t("cases.receipt"),
        w.t("cases.first_choice"),
        w.t("cases.points"),
        w.t("cases.stage"),
        w.t("cases.unconfirmed"),
        w.t("cases.corrections"),
        w.t("cases.papers"),
        w.t("cases.certified"),
        w.t("cases.protected"),
        w.t("cases.similar"),
    ]
}

/// A row, in the order of [`header_of`]. Days are ISO 8601, which spreadsheets and programs read alike.
fn cells<'r>(w: &Words, r: &'r CaseRow) -> Vec<Cell<'r>> {
    let whole = |n: i64| Cell::number(i32::try_from(n).ok().map(|n| Exact::whole(n.into())));
    let yes = |n: i64| {
        Cell::text(if n == 0 {
            String::new()
        } else {
            w.t("cases.yes")
        })
    };
    let points = Exact::parse(&r.points_text);
    vec![
        Cell::text(&r.number),
        Cell::text(&r.name),
        Cell::text(&r.kana),
        Cell::text(&r.birth),
        whole(r.age),
        Cell::text(&r.round),
        Cell::text(if r.kind == "transfer" {
            w.t("cases.transfer")
        } else {
            w.t("cases.new")
        }),
        Cell::text(Channel::of(&r.channel).map_or_else(String::new, |c| say::channel(w, c))),
        Cell::text(&r.arrived),
        Cell::text(if r.on_time == 0 {
            w.t("cases.late")
        } else {
            w.t("cases.in_time")
        }),
        Cell::text(&r.first_choice),
        match points {
            Some(points) => Cell::Number(points),
            None => Cell::text(&r.points_text),
        },
        Cell::text(say::stage(w, Stage::of(&r.stage).unwrap_or(Stage::Out))),
        whole(r.unconfirmed),
        whole(r.corrections),
        whole(r.papers),
        Cell::text(&r.certified),
        yes(r.protected),
        yes(r.similar),
    ]
}

/// Links to the files of a list, with its filters and order.
pub(super) fn links(w: &Words, state: &ListState) -> Markup {
    let href = |kind: Kind| {
        let list = state.to_page(1);
        let (_, query) = list.split_once('?').unwrap_or(("", ""));
        let and = if query.is_empty() { "" } else { "&" };
        format!("/cases/export?{query}{and}format={}", kind.name())
    };
    html! {
        p.exports {
            (w.t("cases.export")) " "
            @for kind in Kind::ALL { (kit::link_button(&href(kind), &kind.label(w), Look::Quiet)) " " }
        }
    }
}
