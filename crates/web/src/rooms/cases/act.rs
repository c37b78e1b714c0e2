//! What is done to a case. Each form carries the version it was made from.

use crate::{
    gate::{Answer, Ctx},
    kit::Form,
    rooms::read::{day, needed, subject, version},
    say,
    site::Site,
    words::Words,
};
use axum::{
    Form as Body,
    extract::{Path, State},
};
use enmusubi_app::{Fault, receive::offered};
use enmusubi_casefile::{
    Refusal,
    certification::{Act, Class, Hours},
    fact::{Said, Source, Subject},
    household::{Proposal, Right},
    paper::{CorrectionItem, PaperKind},
    person::search_key,
};
use jiff::civil::Date;

type Values = Body<Vec<(String, String)>>;

fn whole(form: &Form, name: &str) -> u32 {
    form.get(name).parse().unwrap_or(0)
}

pub(super) async fn confirm(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    Body(values): Values,
) -> Answer {
    let form = Form::of(values);
    let ids: Vec<u32> = form.all("id").filter_map(|t| t.parse().ok()).collect();
    if ids.is_empty() {
        return Err(Fault::from(Refusal::of("refusal.nothing_chosen")).into());
    }
    let reject = form.get("act") == "reject";
    let mut periods = Vec::new();
    for id in &ids {
        periods.push((
            *id,
            day(&form, &format!("from-{id}"))?,
            day(&form, &format!("to-{id}"))?,
        ));
    }
    let reason = form.get("reason").to_owned();
    let decide = |case: &enmusubi_casefile::household::Household| {
        let mut events = Vec::new();
        for (id, from, to) in periods {
            events.extend(if reject {
                case.reject(id, &reason)?
            } else {
                case.confirm(id, from, to)?
            });
        }
        Ok(events)
    };
    site.office
        .change_case(ctx.actor()?, &number, version(&form), decide)
        .await?;
    let key = if reject {
        "facts.rejected"
    } else {
        "facts.confirmed"
    };
    let text = ctx.words.say(key, &[("count", &ids.len())]);
    ctx.done(&format!("/cases/{number}/facts"), text).await
}

pub(super) async fn state(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    Body(values): Values,
) -> Answer {
    let form = Form::of(values);
    let (subject, attribute) = form.get("what").rsplit_once('.').unwrap_or(("", ""));
    let subject = Subject::try_from(subject.to_owned())
        .map_err(|_| Refusal::of("refusal.no_person").with("person", subject))?;
    let reason = form.get("reason").trim().to_owned();
    if reason.is_empty() {
        return Err(Fault::from(Refusal::of("refusal.no_reason")).into());
    }
    let said = Said {
        subject,
        attribute: attribute.to_owned(),
        value: form.get("value").trim().to_owned(),
        from: day(&form, "from")?,
        to: day(&form, "to")?,
        source: Source::Staff { reason },
    };
    site.office
        .change_case(ctx.actor()?, &number, version(&form), |case| {
            case.state(said, false)
        })
        .await?;
    ctx.done(
        &format!("/cases/{number}/facts"),
        ctx.words.t("facts.stated_done"),
    )
    .await
}

pub(super) async fn propose(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    Body(values): Values,
) -> Answer {
    let form = Form::of(values);
    let actor = ctx.actor()?;
    let opened = site.office.peek_case(actor, &number).await?;
    let child = opened.row.child.clone();
    let act = match form.get("certify") {
        "refuse" => Act::Refuse,
        "cancel" => Act::Cancel,
        _ => Act::Certify,
    };
    let approved = opened.case.state.certifications.iter().rev().find(|c| {
        c.child == child
            && matches!(
                c.state,
                enmusubi_casefile::certification::State::Approved { .. }
            )
    });
    let proposal = Proposal {
        child,
        act,
        class: Class::of(form.get("class")).unwrap_or(Class::Second),
        hours: Hours::of(form.get("hours")),
        reasons: form.all("reasons").map(str::to_owned).collect(),
        from: needed(&form, "from")?,
        to: needed(&form, "to")?,
        why: form.get("why").to_owned(),
        changes: approved.filter(|_| act != Act::Refuse).map(|c| c.id),
    };
    let (by, at) = (actor.account.clone(), site.office.now());
    site.office
        .change_case(actor, &number, version(&form), |case| {
            case.propose_certification(proposal, &by, at)
        })
        .await?;
    ctx.done(
        &format!("/cases/{number}/certification"),
        ctx.words.t("certify.proposed_done"),
    )
    .await
}

pub(super) async fn decide(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    Body(values): Values,
) -> Answer {
    let form = Form::of(values);
    let actor = ctx.actor()?;
    let id = whole(&form, "id");
    if form.get("act") == "return" {
        let reason = form.get("reason").to_owned();
        site.office
            .change_case(actor, &number, version(&form), |case| {
                case.return_certification(id, &reason)
            })
            .await?;
        return ctx
            .done(
                &format!("/cases/{number}/certification"),
                ctx.words.t("certify.returned_done"),
            )
            .await;
    }
    site.office
        .approve_certification(actor, &number, version(&form), id)
        .await?;
    ctx.done(
        &format!("/cases/{number}/certification"),
        ctx.words.t("certify.approved_done"),
    )
    .await
}

pub(super) async fn ask(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    Body(values): Values,
) -> Answer {
    let form = Form::of(values);
    let w = ctx.words;
    let actor = ctx.actor()?;
    let opened = site.office.peek_case(actor, &number).await?;
    let standing = site
        .office
        .standing(&actor.tenant, &opened.row.round)
        .await?;
    let subject = subject(&form)?;
    let item = CorrectionItem {
        subject,
        paper: PaperKind::of(form.get("paper")).unwrap_or(PaperKind::Other),
        what: form.get("what").trim().to_owned(),
    };
    let usual = standing
        .state
        .calendar
        .as_ref()
        .map(|c| c.correction_deadline);
    let deadline = day(&form, "deadline")?
        .or(usual)
        .ok_or_else(|| Refusal::of("refusal.no_day").with("value", ""))?;
    let letter = letter(w, &opened.case.state, &item, deadline);
    site.office
        .ask_correction(actor, &number, version(&form), vec![item], deadline, letter)
        .await?;
    ctx.done(&format!("/cases/{number}"), w.t("case.asked_done"))
        .await
}

/// Text of the letter to the family. Always Japanese: it is the municipality's letter.
fn letter(
    _: &Words,
    case: &enmusubi_casefile::household::Household,
    item: &CorrectionItem,
    deadline: Date,
) -> String {
    let w = Words::of(crate::words::Lang::Ja);
    let who = say::subject(w, case, &item.subject);
    let paper = say::paper_kind(w, item.paper);
    w.say(
        "letter.correction",
        &[
            ("who", &who),
            ("paper", &paper),
            ("what", &item.what),
            ("deadline", &say::day(w, deadline)),
        ],
    )
}

pub(super) async fn settle(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    Body(values): Values,
) -> Answer {
    let form = Form::of(values);
    let (id, received, how) = (
        whole(&form, "id"),
        form.get("received") == "yes",
        form.get("how").to_owned(),
    );
    site.office
        .settle_correction(ctx.actor()?, &number, version(&form), id, received, &how)
        .await?;
    ctx.done(
        &format!("/cases/{number}"),
        ctx.words.t("case.settled_done"),
    )
    .await
}

pub(super) async fn judge(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    Body(values): Values,
) -> Answer {
    let form = Form::of(values);
    let subject = subject(&form)?;
    let (item, value, reason) = (
        form.get("item").trim(),
        form.get("value").trim(),
        form.get("reason"),
    );
    site.office
        .change_case(ctx.actor()?, &number, version(&form), |case| {
            case.judge(subject, item, value, reason)
        })
        .await?;
    ctx.done(
        &format!("/cases/{number}/index"),
        ctx.words.t("index.judged_done"),
    )
    .await
}

pub(super) async fn sign(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    Body(values): Values,
) -> Answer {
    let form = Form::of(values);
    let actor = ctx.actor()?;
    let id = whole(&form, "id");
    let refuse = form.get("act") == "refuse";
    let by = actor.account.clone();
    let reason = form.get("reason").to_owned();
    site.office
        .change_case(actor, &number, version(&form), |case| {
            if refuse {
                case.end_judgement(id, &reason)
            } else {
                case.sign_judgement(id, Right { by: &by })
            }
        })
        .await?;
    let key = if refuse {
        "index.refused_done"
    } else {
        "index.signed_done"
    };
    ctx.done(&format!("/cases/{number}/index"), ctx.words.t(key))
        .await
}

pub(super) async fn note(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    Body(values): Values,
) -> Answer {
    let form = Form::of(values);
    let (kind, text) = (form.get("kind"), form.get("text"));
    site.office
        .change_case(ctx.actor()?, &number, version(&form), |case| {
            case.note(kind, text)
        })
        .await?;
    ctx.done(&format!("/cases/{number}"), ctx.words.t("case.noted_done"))
        .await
}

pub(super) async fn withdraw(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    Body(values): Values,
) -> Answer {
    let form = Form::of(values);
    let (on, reason) = (needed(&form, "on")?, form.get("reason").to_owned());
    site.office
        .change_case(ctx.actor()?, &number, version(&form), |case| {
            case.withdraw(&number, on, &reason)
        })
        .await?;
    ctx.done(
        &format!("/cases/{number}"),
        ctx.words.t("case.withdrawn_done"),
    )
    .await
}

pub(super) async fn protect(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    Body(values): Values,
) -> Answer {
    let form = Form::of(values);
    let actor = ctx.actor()?;
    let on = form.get("on") == "yes";
    let (reason, today, by) = (
        form.get("reason").to_owned(),
        site.office.today(),
        actor.account.clone(),
    );
    site.office
        .change_case(actor, &number, version(&form), |case| {
            if on {
                case.protect(today, &reason, &by)
            } else {
                case.unprotect(&reason)
            }
        })
        .await?;
    let key = if on {
        "case.protected_done"
    } else {
        "case.unprotected_done"
    };
    ctx.done(&format!("/cases/{number}"), ctx.words.t(key))
        .await
}

pub(super) async fn choose(
    State(site): State<Site>,
    ctx: Ctx,
    Path(number): Path<String>,
    Body(values): Values,
) -> Answer {
    let form = Form::of(values);
    let actor = ctx.actor()?;
    let opened = site.office.peek_case(actor, &number).await?;
    let standing = site
        .office
        .standing(&actor.tenant, &opened.row.round)
        .await?;
    let known = offered(&standing);
    let mut wanted = Vec::new();
    for text in form
        .get("choices")
        .split([' ', '　', ',', '、', '，'])
        .filter(|t| !t.is_empty())
    {
        let key = search_key(text);
        let bare = |t: &str| {
            t.trim_start_matches(|c: char| !c.is_ascii_digit())
                .trim_start_matches('0')
                .to_owned()
        };
        let found = known.iter().find(|(id, (name, _))| {
            search_key(id) == key
                || search_key(name) == key
                || (!bare(&key).is_empty() && bare(id) == bare(&key))
        });
        let Some((id, _)) = found else {
            return Err(
                Fault::from(Refusal::of("refusal.facility_unknown").with("value", text)).into(),
            );
        };
        wanted.push(id.clone());
    }
    let (child, reason) = (opened.row.child.clone(), form.get("reason").to_owned());
    site.office
        .change_case(actor, &number, version(&form), |case| {
            case.choose(&child, wanted, &reason)
        })
        .await?;
    ctx.done(
        &format!("/cases/{number}"),
        ctx.words.t("case.choices_done"),
    )
    .await
}
