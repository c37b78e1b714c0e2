//! Applications: the queue, and each case.

mod act;
mod export;
mod list;
mod papers;
mod show;
mod views;

use crate::route::{self, Need, Route};
use enmusubi_app::Action;
use enmusubi_casefile::account::Columns;

pub(super) fn routes() -> Vec<Route> {
    const OPEN: Need = Need::Right(&[Action::OpenCase]);
    const ATTACH: Need = Need::Right(&[Action::Attach]);
    vec![
        route::get("/cases", Need::Right(&[Action::ListCases]), list::show),
        route::get(
            "/cases/export",
            Need::Right(&[Action::Export]),
            export::file,
        ),
        route::post(
            "/cases/views",
            Need::Right(&[Action::ListCases]),
            views::keep,
        ),
        route::post(
            "/cases/views/remove",
            Need::Right(&[Action::ListCases]),
            views::remove,
        ),
        route::get("/cases/{number}", OPEN, show::overview).case(),
        route::get("/cases/{number}/facts", OPEN, show::facts).case(),
        route::get("/cases/{number}/index", OPEN, show::index).case(),
        route::get("/cases/{number}/certification", OPEN, show::certification).case(),
        route::get("/cases/{number}/history", OPEN, show::history).case(),
        route::post(
            "/cases/{number}/facts/confirm",
            Need::Right(&[Action::ConfirmFact]),
            act::confirm,
        )
        .case(),
        route::post(
            "/cases/{number}/facts/state",
            Need::Right(&[Action::StateFact]),
            act::state,
        )
        .case(),
        route::post(
            "/cases/{number}/certification/propose",
            Need::Right(&[Action::ProposeCertification]),
            act::propose,
        )
        .case(),
        route::post(
            "/cases/{number}/certification/decide",
            Need::Right(&[Action::ApproveCertification]),
            act::decide,
        )
        .case(),
        route::post(
            "/cases/{number}/corrections/ask",
            Need::Right(&[Action::AskCorrection]),
            act::ask,
        )
        .case(),
        route::post(
            "/cases/{number}/corrections/settle",
            Need::Right(&[Action::AskCorrection]),
            act::settle,
        )
        .case(),
        route::post(
            "/cases/{number}/judgements/propose",
            Need::Right(&[Action::Judge]),
            act::judge,
        )
        .case(),
        route::post(
            "/cases/{number}/judgements/sign",
            Need::Right(&[Action::SignJudgement]),
            act::sign,
        )
        .case(),
        route::post("/cases/{number}/papers", ATTACH, papers::attach).case(),
        route::get("/cases/{number}/papers/{paper}", OPEN, papers::show).case(),
        route::get("/cases/{number}/papers/{paper}/shown", OPEN, papers::shown).case(),
        route::get(
            "/cases/{number}/papers/{paper}/original",
            OPEN,
            papers::original,
        )
        .case(),
        route::post(
            "/cases/{number}/papers/{paper}/remove",
            ATTACH,
            papers::remove,
        )
        .case(),
        route::post(
            "/cases/{number}/papers/{paper}/transcribe",
            Need::Right(&[Action::StateFact]),
            papers::transcribe,
        )
        .case(),
        route::post(
            "/cases/{number}/notes",
            Need::Right(&[Action::WriteNote]),
            act::note,
        )
        .case(),
        route::post(
            "/cases/{number}/withdraw",
            Need::Right(&[Action::CorrectCase]),
            act::withdraw,
        )
        .case(),
        route::post(
            "/cases/{number}/protect",
            Need::Right(&[Action::Protect]),
            act::protect,
        )
        .case()
        .seeing(Columns::Protected),
        route::post(
            "/cases/{number}/choices",
            Need::Right(&[Action::CorrectCase]),
            act::choose,
        )
        .case(),
    ]
}
