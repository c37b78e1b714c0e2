//! Names of the case file in words: stages, channels, roles, refusals, problems of fields.

use crate::words::Lang;
use crate::words::Words;
use enmusubi_app::Actor;
use enmusubi_casefile::{
    Refusal, account::Role, application::Channel, entry::FieldProblem, fact::Subject,
    household::Household, paper::PaperKind, person::Part, readiness::Stage,
};
use enmusubi_domain::facts::words::{Tongue, day_of};
use jiff::civil::Date;
use std::fmt::Display;

/// Language of facts.
pub fn tongue(w: &Words) -> Tongue {
    match w.lang {
        Lang::Ja => Tongue::Japanese,
        Lang::En => Tongue::English,
    }
}

/// A day as people write it.
pub fn day(w: &Words, day: Date) -> String {
    day_of(day, tongue(w))
}

/// A day stored as ISO, as people write it; as it is where it is none.
pub fn iso_day(w: &Words, text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |d| day(w, d))
}

/// A moment in Japan: `令和8年11月27日 14:05`.
pub fn moment(w: &Words, at: jiff::Timestamp) -> String {
    let local = jiff::tz::Offset::constant(9).to_datetime(at);
    format!(
        "{} {:02}:{:02}",
        day(w, local.date()),
        local.hour(),
        local.minute()
    )
}

/// A moment stored as ISO.
pub fn iso_moment(w: &Words, text: &str) -> String {
    text.parse()
        .map_or_else(|_| text.to_owned(), |at| moment(w, at))
}

/// What a case waits for.
pub fn stage(w: &Words, stage: Stage) -> String {
    w.t(match stage {
        Stage::Correction => "stage.correction",
        Stage::Facts => "stage.facts",
        Stage::Judgement => "stage.judgement",
        Stage::Certification => "stage.certification",
        Stage::Approval => "stage.approval",
        Stage::Undecided => "stage.undecided",
        Stage::Ready => "stage.ready",
        Stage::Out => "stage.out",
    })
}

/// A channel.
pub fn channel(w: &Words, channel: Channel) -> String {
    w.t(match channel {
        Channel::Paper => "channel.paper",
        Channel::Counter => "channel.counter",
        Channel::Online => "channel.online",
        Channel::File => "channel.file",
    })
}

/// A role.
pub fn role(w: &Words, role: Role) -> String {
    w.t(match role {
        Role::Reception => "role.reception",
        Role::Examiner => "role.examiner",
        Role::Approver => "role.approver",
        Role::Administrator => "role.administrator",
        Role::Auditor => "role.auditor",
        Role::Nursery => "role.nursery",
    })
}

/// Roles of an actor as one text.
pub fn roles(w: &Words, actor: &Actor) -> String {
    let all: Vec<String> = actor.roles.iter().map(|r| role(w, *r)).collect();
    all.join("・")
}

/// What a paper is.
pub fn paper_kind(w: &Words, kind: PaperKind) -> String {
    w.t(match kind {
        PaperKind::Application => "paper.application",
        PaperKind::Employment => "paper.employment",
        PaperKind::Medical => "paper.medical",
        PaperKind::Maternity => "paper.maternity",
        PaperKind::Study => "paper.study",
        PaperKind::Care => "paper.care",
        PaperKind::Tax => "paper.tax",
        PaperKind::Family => "paper.family",
        PaperKind::Attendance => "paper.attendance",
        PaperKind::Other => "paper.other",
    })
}

/// Part in the household.
pub fn part(w: &Words, part: Part) -> String {
    w.t(match part {
        Part::Guardian => "part.guardian",
        Part::Adult => "part.adult",
        Part::Child => "part.child",
    })
}

/// Whom a fact is about, by name.
pub fn subject(w: &Words, case: &Household, subject: &Subject) -> String {
    let name = |id: &str| {
        let person = case.person(id);
        person.map_or_else(|| id.to_owned(), |p| p.name.shown().to_owned())
    };
    match subject {
        Subject::Household => w.t("part.household"),
        Subject::Guardian(id) | Subject::Adult(id) | Subject::Child(id) => name(id),
        Subject::Choice(id, facility) => w.say(
            "part.choice",
            &[("name", &name(id)), ("facility", facility)],
        ),
    }
}

/// Why something was refused, and how to mend it.
pub fn refusal(w: &Words, refusal: &Refusal) -> String {
    let values: Vec<(&str, &dyn Display)> = refusal
        .values
        .iter()
        .map(|(n, v)| (*n, v as &dyn Display))
        .collect();
    w.say(refusal.key, &values)
}

/// What is wrong with a field.
pub fn field_problem(w: &Words, problem: &FieldProblem) -> String {
    let values: Vec<(&str, &dyn Display)> = problem
        .values
        .iter()
        .map(|(n, v)| (*n, v as &dyn Display))
        .collect();
    w.say(problem.key, &values)
}

/// What is written in both languages.
pub fn twin<'t>(w: &Words, twin: &'t enmusubi_domain::template::Twin) -> &'t str {
    match w.lang {
        Lang::Ja => &twin.ja,
        Lang::En => &twin.en,
    }
}
