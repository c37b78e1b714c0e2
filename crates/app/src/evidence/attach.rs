//! Attaching a paper: inspected, sealed, read; then the event.

use super::reading::{self, Read, Whose};
use crate::{Action, Actor, Fault, Office, cases::Opened};
use enmusubi_casefile::{
    Aggregate as _, Refusal,
    fact::Subject,
    household::{Event, Household},
    paper::{Paper, PaperKind},
};
use enmusubi_interchange::{Diagnostic, certificate};
use enmusubi_papers::Remark;
use enmusubi_storage::events::Loaded;
use jiff::civil::Date;

/// A paper as it comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPaper {
    /// What it is said to be.
    pub kind: PaperKind,
    /// Whom it is about.
    pub subject: Subject,
    /// What the sender called it.
    pub file_name: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// What became of a paper.
#[derive(Debug, Clone, PartialEq)]
pub struct Attached {
    /// The paper, as the case has it now.
    pub paper: Paper,
    /// Version of the case now.
    pub version: i64,
    /// Numbers of new statements.
    pub stated: Vec<u32>,
    /// Numbers of statements that the paper agrees with.
    pub agreed: Vec<u32>,
    /// Of both, those to be compared with the paper before anybody confirms them.
    pub check: Vec<u32>,
    /// What is wrong or odd in the certificate.
    pub diagnostics: Vec<Diagnostic>,
    /// What is odd about the file.
    pub remarks: Vec<Remark>,
    /// Whose the certificate is. Where it is another's, nothing was read: see [`Office::reassign_paper`].
    pub whose: Whose,
    /// Items that could not be read for certain and wait for typing.
    pub to_type: Vec<&'static str>,
}

impl Office {
    /// Attaches a paper to a case, and reads it if it is an employment certificate.
    ///
    /// # Errors
    /// No right, not there for this actor, changed meanwhile, [`Fault::Paper`] (nothing was kept), the store could not (nothing was kept).
    pub async fn attach(
        &self,
        actor: &Actor,
        number: &str,
        version: i64,
        new: NewPaper,
    ) -> Result<Attached, Fault> {
        actor.needs(Action::Attach)?;
        let opened = self.at_version(actor, number, version).await?;
        let NewPaper {
            kind,
            subject,
            file_name,
            bytes,
        } = new;
        let kept = self
            .inspected(actor, kind, subject, file_name, bytes)
            .await?;
        // What the case refuses is refused before anything is kept.
        opened.case.state.attach(kept.paper.clone())?;
        let guardian = matches!(kept.paper.subject, Subject::Guardian(_));
        let read = match kind == PaperKind::Employment && guardian {
            true => reading::read(&kept).await?,
            false => Read::default(),
        };
        self.seal(actor, &kept).await?;
        let attached = self.attached(actor, &opened, &kept.paper, read).await;
        match attached {
            Ok(mut attached) => {
                attached.remarks = kept.inspected.remarks;
                Ok(attached)
            }
            Err(fault) => {
                self.unseal(actor, &kept.paper).await;
                Err(fault)
            }
        }
    }

    async fn attached(
        &self,
        actor: &Actor,
        opened: &Opened,
        paper: &Paper,
        read: Read,
    ) -> Result<Attached, Fault> {
        let told = self.understood(actor, opened, paper, read).await?;
        let meta = self.meta(actor);
        let id = paper.id.clone();
        let number = &opened.row.number;
        let (whose, plan) = (told.whose.clone(), told.plan);
        let mut made = Vec::new();
        let after = self
            .change_case(actor, number, opened.case.version, |h| {
                let mut events = h.attach(paper.clone())?;
                let mut with = h.clone();
                for event in &events {
                    with.apply(event, &meta);
                }
                events.extend(plan.events(&with, &id, &whose)?);
                made.clone_from(&events);
                Ok(events)
            })
            .await?;
        Ok(outcome(
            &after,
            paper,
            &made,
            told.diagnostics,
            told.to_type,
            told.whose,
        ))
    }

    /// What a certificate leads to, worked out before anything is changed.
    pub(super) async fn understood(
        &self,
        actor: &Actor,
        opened: &Opened,
        paper: &Paper,
        read: Read,
    ) -> Result<Told, Fault> {
        let months = self.paper_settings(actor).await?.certificate_months;
        let base = self.base_of(actor, opened).await?;
        let Read {
            certificate,
            diagnostics,
            to_type,
        } = read;
        let mut diagnostics = diagnostics.list().to_vec();
        let Some(certificate) = certificate else {
            return Ok(Told {
                whose: Whose::Unknown,
                plan: Plan::Nothing,
                diagnostics,
                to_type,
            });
        };
        let whose = reading::whose(&certificate, &opened.case.state, &paper.subject);
        let checked = certificate::check(&certificate, &paper.name, self.today(), months);
        let (issued, until) = reading::days(&certificate, months);
        diagnostics.extend_from_slice(checked.list());
        let plan = match whose {
            Whose::Other(_) => Plan::Remark,
            _ => Plan::Read {
                readings: reading::readings(&certificate, base, &paper.subject, &paper.id, |p| p),
                issued,
                until,
            },
        };
        Ok(Told {
            whose,
            plan,
            diagnostics,
            to_type,
        })
    }

    /// Base date of the round of an application; today where the round has no days yet.
    pub(super) async fn base_of(&self, actor: &Actor, opened: &Opened) -> Result<Date, Fault> {
        let standing = self.standing(&actor.tenant, &opened.row.round).await?;
        let calendar = standing.state.calendar.as_ref();
        Ok(calendar.map_or_else(|| self.today(), |c| c.base))
    }

    /// Opens a case that is to be at a version.
    pub(super) async fn at_version(
        &self,
        actor: &Actor,
        number: &str,
        version: i64,
    ) -> Result<Opened, Fault> {
        let opened = self.peek_case(actor, number).await?;
        match opened.case.version {
            now if now == version => Ok(opened),
            now => Err(Fault::Conflict { version: now }),
        }
    }
}

/// What was understood of a paper.
pub(super) struct Told {
    pub whose: Whose,
    pub plan: Plan,
    pub diagnostics: Vec<Diagnostic>,
    pub to_type: Vec<&'static str>,
}

/// What it leads to.
pub(super) enum Plan {
    Nothing,
    Remark,
    Read {
        readings: Vec<enmusubi_casefile::household::Reading>,
        issued: Option<Date>,
        until: Option<Date>,
    },
}

impl Plan {
    pub(super) fn events(
        self,
        household: &Household,
        paper: &str,
        whose: &Whose,
    ) -> Result<Vec<Event>, Refusal> {
        match self {
            Self::Nothing => Ok(Vec::new()),
            Self::Remark => Ok(vec![Event::Remarked {
                paper: paper.to_owned(),
                notes: whose.notes(),
            }]),
            Self::Read {
                readings,
                issued,
                until,
            } => household.read_paper(paper, readings, issued, until, whose.notes()),
        }
    }
}

pub(super) fn outcome(
    after: &Loaded<Household>,
    paper: &Paper,
    made: &[Event],
    diagnostics: Vec<Diagnostic>,
    to_type: Vec<&'static str>,
    whose: Whose,
) -> Attached {
    let now = after.state.papers.iter().find(|p| p.id == paper.id);
    let mut attached = Attached {
        paper: now.unwrap_or(paper).clone(),
        version: after.version,
        stated: Vec::new(),
        agreed: Vec::new(),
        check: Vec::new(),
        diagnostics,
        remarks: Vec::new(),
        whose,
        to_type,
    };
    for event in made {
        match event {
            Event::Stated { id, .. } => attached.stated.push(*id),
            Event::Agreed { id, .. } => attached.agreed.push(*id),
            Event::Doubted { id } => attached.check.push(*id),
            _ => {}
        }
    }
    attached
}
