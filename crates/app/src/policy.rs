//! Which role may do what. One table; routes and use cases both ask it.

use enmusubi_casefile::account::Role;

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident: $($role:ident)*;)*) => {
        /// Something that needs a right.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $($(#[$doc])* $name,)*
        }

        impl Action {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The roles that may.
            #[must_use]
            pub fn roles(self) -> &'static [Role] {
                match self {
                    $(Self::$name => &[$(Role::$role),*],)*
                }
            }

            /// Name, for the audit log.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }
        }
    };
}

actions! {
    /// The first page.
    Home: Reception Examiner Approver Administrator Auditor Nursery;
    /// Lists of applications, and searching them.
    ListCases: Reception Examiner Approver;
    /// Looking at a case.
    OpenCase: Reception Examiner Approver;
    /// Keying an application.
    EnterApplication: Reception Examiner;
    /// Importing files.
    Import: Reception Examiner;
    /// Attaching and removing papers.
    Attach: Reception Examiner;
    /// Stating a fact.
    StateFact: Reception Examiner;
    /// Confirming a fact or setting it aside.
    ConfirmFact: Examiner;
    /// Asking a family to mend something.
    AskCorrection: Reception Examiner;
    /// Notes of calls and visits.
    WriteNote: Reception Examiner Approver;
    /// Correcting names, addresses, choices; withdrawing.
    CorrectCase: Reception Examiner;
    /// Joining two entries of one child.
    JoinCases: Examiner;
    /// Protection of a case.
    Protect: Examiner Approver;
    /// Proposing a certification.
    ProposeCertification: Examiner;
    /// Approving one.
    ApproveCertification: Approver;
    /// Proposing a judged value.
    Judge: Examiner;
    /// Signing one.
    SignJudgement: Approver;
    /// Exporting lists.
    Export: Examiner Approver;
    /// Looking at all facilities and seats.
    ViewSeats: Reception Examiner Approver;
    /// Facilities, rosters, seats held back.
    EditSeats: Examiner;
    /// Explaining an alarm.
    ExplainAlarm: Approver;
    /// A nursery's answer about its own seats.
    AnswerSeats: Nursery;
    /// Reading criteria.
    ViewCriteria: Reception Examiner Approver Administrator Auditor;
    /// Proposing criteria.
    ProposeCriteria: Examiner Administrator;
    /// Releasing criteria.
    ReleaseCriteria: Approver;
    /// Calendars and readiness.
    ViewRounds: Reception Examiner Approver Administrator Auditor;
    /// Planning a round.
    PlanRound: Examiner Administrator;
    /// Marking a round as ready.
    MarkReady: Approver;
    /// Accounts: making, locking, proposing grants.
    ManageAccounts: Administrator;
    /// Approving grants.
    ApproveGrant: Administrator;
    /// The audit log.
    ViewAudit: Auditor;
    /// Proposing and carrying out disposal.
    Dispose: Administrator Auditor;
    /// Background jobs.
    ViewJobs: Reception Examiner Approver Administrator;
    /// The own account: password, passkeys, sessions.
    OwnAccount: Reception Examiner Approver Administrator Auditor Nursery;
}
