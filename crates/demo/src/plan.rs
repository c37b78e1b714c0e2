//! How far each case is, and what is done to it to get there.

use enmusubi_app::{Action, Actor, bulk::Step};
use enmusubi_casefile::{
    Aggregate as _, Meta, Refusal,
    certification::{self, Act, Hours, STANDARD_HOURS_PER_MONTH},
    fact::Subject,
    household::{Event, Household, Proposal, Right},
    paper::{CorrectionItem, PaperKind},
    person::Part,
};
use enmusubi_synth::rng::Rng;
use jiff::{Timestamp, civil::Date};

/// How far a case is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Received, and nobody has looked at it.
    Fresh,
    /// Some facts are confirmed.
    Partly,
    /// The family has been asked for something.
    Asked,
    /// Every fact is confirmed; nothing is proposed.
    Confirmed,
    /// A certification waits for approval.
    Proposed,
    /// It was sent back.
    Returned,
    /// 却下.
    Refused,
    /// A judged value waits for its signature.
    Judged,
    /// A fact the index needs was set aside.
    Undecided,
    /// The application was withdrawn.
    Withdrawn,
    /// Ready for the round.
    Ready,
    /// The same, after a request that was settled.
    Settled,
    /// The same, with a judged value that was signed.
    Signed,
}

/// Plans with their shares in thousandths of the cases.
const SHARES: [(Plan, u64); 13] = [
    (Plan::Fresh, 30),
    (Plan::Partly, 14),
    (Plan::Asked, 36),
    (Plan::Confirmed, 22),
    (Plan::Proposed, 38),
    (Plan::Returned, 8),
    (Plan::Refused, 4),
    (Plan::Judged, 8),
    (Plan::Undecided, 6),
    (Plan::Withdrawn, 12),
    (Plan::Ready, 752),
    (Plan::Settled, 60),
    (Plan::Signed, 10),
];

impl Plan {
    /// Draws one; the first of a city show each once.
    pub(crate) fn of(n: usize, rng: &mut Rng) -> Self {
        if let Some((plan, _)) = SHARES.get(n) {
            return *plan;
        }
        SHARES[rng.weighted(&SHARES.map(|(_, share)| share))].0
    }

    /// Whether an approver has to do with it.
    pub(crate) fn approved(self) -> bool {
        matches!(
            self,
            Self::Returned
                | Self::Refused
                | Self::Judged
                | Self::Undecided
                | Self::Ready
                | Self::Settled
                | Self::Signed
        )
    }
}

/// What else is the matter with a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Special {
    /// Protected (支援措置).
    pub(crate) protected: bool,
    /// Closed to a clerk of the family.
    pub(crate) closed_to: Option<String>,
    /// Somebody called.
    pub(crate) note: Option<&'static str>,
    /// The application of this number goes on instead.
    pub(crate) duplicate_of: Option<String>,
}

/// When steps are taken, and in which round.
#[derive(Debug, Clone)]
pub(crate) struct When {
    /// Day of entry.
    pub(crate) entry: Date,
    /// Deadline of requests, not before the day they are made.
    pub(crate) deadline: Date,
    /// Day of the step.
    pub(crate) day: Date,
    /// Moment of the step.
    pub(crate) at: Timestamp,
}

/// Steps of the examiner.
pub(crate) fn examined<'a>(
    plan: Plan,
    special: Special,
    by: &'a Actor,
    number: &str,
    when: When,
) -> Vec<Step<'a>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    let mut add = |action, decide: enmusubi_app::bulk::Decide<'a>| {
        steps.push(Step {
            actor: by,
            action,
            decide,
        });
    };
    if let Some(note) = special.note {
        add(Action::WriteNote, Box::new(move |h| h.note("call", note)));
    }
    if let Some(other) = special.duplicate_of {
        let number = number.to_owned();
        let event = move |_: &Household| Ok(vec![Event::FoundDuplicate { number, of: other }]);
        add(Action::JoinCases, Box::new(event));
        return steps;
    }
    let (day, deadline) = (when.day, when.deadline);
    if matches!(plan, Plan::Asked | Plan::Settled) {
        let ask = move |h: &Household| ask(h, deadline, day);
        add(Action::AskCorrection, Box::new(ask));
    }
    if plan == Plan::Settled {
        let how = "就労証明書の差替えを窓口で受け取った";
        add(
            Action::AskCorrection,
            Box::new(move |h| h.settle_correction(1, true, how)),
        );
    }
    match plan {
        Plan::Fresh | Plan::Withdrawn => {}
        Plan::Partly | Plan::Asked => {
            add(Action::ConfirmFact, Box::new(|h| confirm(h, 3)));
        }
        _ => add(Action::ConfirmFact, Box::new(|h| confirm(h, 1))),
    }
    if plan == Plan::Withdrawn {
        let number = number.to_owned();
        let reason = "転居のため市外の園を利用することになった";
        add(
            Action::CorrectCase,
            Box::new(move |h| h.withdraw(&number, day, reason)),
        );
    }
    if plan == Plan::Undecided {
        add(Action::ConfirmFact, Box::new(set_aside));
    }
    if matches!(plan, Plan::Judged | Plan::Signed) {
        let reason = "長子の通院に毎日付き添っていると、主治医の意見書と面談で確かめた";
        let judge = move |h: &Household| h.judge(applicant(h), "mayor", "5", reason);
        add(Action::Judge, Box::new(judge));
    }
    if plan == Plan::Proposed || plan.approved() {
        let propose = move |h: &Household| propose(h, plan == Plan::Refused, by, &when);
        add(Action::ProposeCertification, Box::new(propose));
    }
    if let Some(account) = special.closed_to {
        let event = move |_: &Household| Ok(vec![Event::ClosedTo { account }]);
        add(Action::Protect, Box::new(event));
    }
    if special.protected {
        let reason = "住民基本台帳事務における支援措置の通知を受けた";
        let protect = move |h: &Household| h.protect(day, reason, &by.account);
        add(Action::Protect, Box::new(protect));
    }
    steps
}

/// Steps of the approver. `first`: number of the first certificate; the others follow.
pub(crate) fn approved<'a>(plan: Plan, by: &'a Actor, first: u32) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    if plan == Plan::Signed {
        steps.push(Step {
            actor: by,
            action: Action::SignJudgement,
            decide: Box::new(|h: &Household| h.sign_judgement(1, Right { by: &by.account })),
        });
    }
    let decide = move |h: &Household| -> Result<Vec<Event>, Refusal> {
        let mut events = Vec::new();
        for (c, n) in h.certifications.iter().zip(first..) {
            events.extend(if plan == Plan::Returned {
                let reason = "保育必要量の根拠となる通勤時間を確かめること";
                h.return_certification(c.id, reason)?
            } else {
                let number = format!("9999-{n:06}");
                h.approve_certification(c.id, &number, Right { by: &by.account })?
            });
        }
        Ok(events)
    };
    steps.push(Step {
        actor: by,
        action: Action::ApproveCertification,
        decide: Box::new(decide),
    });
    steps
}

/// Confirms what waits: all, or all but every n-th.
fn confirm(h: &Household, but_every: usize) -> Result<Vec<Event>, Refusal> {
    let mut events = Vec::new();
    for (n, s) in h.unconfirmed().enumerate() {
        if but_every == 1 || n % but_every != 0 {
            events.extend(h.confirm(s.id, None, None)?);
        }
    }
    Ok(events)
}

fn ask(h: &Household, deadline: Date, today: Date) -> Result<Vec<Event>, Refusal> {
    let of = |part| {
        h.of_part(part)
            .last()
            .and_then(|p| Subject::of_person(&p.id))
    };
    let items = vec![CorrectionItem {
        subject: of(Part::Guardian).unwrap_or(Subject::Household),
        paper: PaperKind::Employment,
        what: "就労証明書の証明日が3か月より前です。新しい証明書を出してください。".to_owned(),
    }];
    let letter = "お出しいただいた書類に足りないものがあります。期限までにお出しください。";
    h.ask_correction(items, deadline, letter.to_owned(), today)
}

/// Sets aside what the index cannot do without.
fn set_aside(h: &Household) -> Result<Vec<Event>, Refusal> {
    const NEEDED: [&str; 3] = ["reasons", "work_hours_per_day", "work_days_per_month"];
    let mut events = Vec::new();
    for s in &h.statements {
        if NEEDED.contains(&s.said.attribute.as_str()) {
            let reason = "証明書の記載が二とおりに読め、勤務先に問い合わせている";
            events.extend(h.reject(s.id, reason)?);
        }
    }
    Ok(events)
}

/// The first child that applies.
fn applicant(h: &Household) -> Subject {
    let child = h.applications.first().map(|a| a.child.clone());
    child.map_or(Subject::Household, Subject::Child)
}

/// Proposes a certification for every child that applies.
fn propose(h: &Household, refuse: bool, by: &Actor, when: &When) -> Result<Vec<Event>, Refusal> {
    let mut state = h.clone();
    let meta = Meta {
        at: when.at,
        by: by.account.clone(),
    };
    let said = |attribute: &'static str| {
        h.statements
            .iter()
            .filter(move |s| s.said.attribute == attribute)
            .map(|s| s.said.value.as_str())
    };
    let mut reasons: Vec<String> = Vec::new();
    for reason in said("reasons").flat_map(|v| v.split('、')) {
        if !reasons.iter().any(|r| r == reason) {
            reasons.push(reason.to_owned());
        }
    }
    let short = said("work_hours_per_month")
        .filter_map(|v| v.split('.').next()?.parse::<i64>().ok())
        .any(|hours| hours < STANDARD_HOURS_PER_MONTH);
    let hours = if short { Hours::Short } else { Hours::Standard };
    let mut events = Vec::new();
    for a in h.applications.iter().filter(|a| a.is_open()) {
        let Some(birth) = h.person(&a.child).and_then(|p| p.birth) else {
            continue;
        };
        let class = certification::class_on(birth, when.entry);
        let proposal = Proposal {
            child: a.child.clone(),
            act: if refuse { Act::Refuse } else { Act::Certify },
            class,
            hours: Some(hours),
            reasons: reasons.clone(),
            from: when.entry,
            to: certification::longest(class, birth, when.entry)?,
            why: if refuse {
                "就労時間が市の定める下限（月48時間）に満たず、ほかの事由もないため".to_owned()
            } else {
                String::new()
            },
            changes: None,
        };
        let new = state.propose_certification(proposal, &by.account, when.at)?;
        for event in &new {
            state.apply(event, &meta);
        }
        events.extend(new);
    }
    Ok(events)
}
