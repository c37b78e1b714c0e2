//! Arguments of `enmusubi shadow …`.

use clap::{Args, Subcommand, ValueEnum};
use enmusubi_compare::ledger::entry::Role;
use std::path::PathBuf;

/// `enmusubi shadow COMMAND`.
#[derive(Debug, Clone, Args)]
#[command(subcommand_required = true, disable_help_subcommand = true)]
pub struct ShadowArgs {
    /// Which.
    #[command(subcommand)]
    pub command: ShadowCommand,
}

/// What to do with the ledger of a shadow year.
#[derive(Debug, Clone, Subcommand)]
pub enum ShadowCommand {
    /// Begins a ledger.
    Begin {
        /// What is compared.
        #[arg(long, value_name = "TITLE")]
        title: String,
        /// Last year's ledger.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        #[command(flatten)]
        line: LineArgs,
    },
    /// Enters a comparison.
    Record {
        /// `compare.json`, or its folder.
        #[arg(long, value_name = "FILE|DIR")]
        comparison: PathBuf,
        #[command(flatten)]
        line: LineArgs,
    },
    /// Accepts a difference.
    #[command(group = clap::ArgGroup::new("what").args(["cause", "child"]).required(true))]
    Accept {
        /// A cause of the last comparison.
        #[arg(long, value_name = "N")]
        cause: Option<u32>,
        /// A child without a cause.
        #[arg(long, value_name = "CHILD_ID")]
        child: Option<String>,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        line: LineArgs,
    },
    /// Takes an acceptance back.
    Revoke {
        /// Number of its line.
        #[arg(long, value_name = "N")]
        entry: u32,
        /// Why.
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        line: LineArgs,
    },
    /// A note for next year.
    Note {
        /// The note.
        #[arg(long, value_name = "TEXT")]
        text: String,
        #[command(flatten)]
        line: LineArgs,
    },
    /// Signs everything so far.
    Sign {
        /// As what.
        #[arg(long = "as", id = "as", value_name = "ROLE", value_enum)]
        role: RoleArg,
        /// The ledger's number as it is on the page that was read.
        #[arg(long, value_name = "DIGEST")]
        head: String,
        #[command(flatten)]
        line: LineArgs,
    },
    /// Where the ledger stands.
    Status {
        /// The ledger.
        #[arg(value_name = "LEDGER")]
        ledger: PathBuf,
        /// Every line.
        #[arg(long)]
        all: bool,
    },
}

/// Who writes a line where.
#[derive(Debug, Clone, Args)]
pub struct LineArgs {
    /// The ledger.
    #[arg(long, value_name = "FILE")]
    pub ledger: PathBuf,
    /// Name.
    #[arg(long, value_name = "NAME")]
    pub by: String,
    /// Post.
    #[arg(long, value_name = "POST")]
    pub post: String,
    /// When; now, if not given.
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
}

/// Who signs as what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoleArg {
    /// 確認者.
    Examiner,
    /// 承認者.
    Approver,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Examiner => Self::Examiner,
            RoleArg::Approver => Self::Approver,
        }
    }
}
