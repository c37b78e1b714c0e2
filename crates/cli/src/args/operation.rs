//! Arguments of `enmusubi backup`, `restore`, `doctor` and `audit …`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Where an installation is.
#[derive(Debug, Clone, Args)]
pub struct PlaceArgs {
    /// Data folder.
    #[arg(long, value_name = "DIR", default_value = "./enmusubi-data")]
    pub data: PathBuf,
    /// Database; SQLite in the data folder, if not given.
    #[arg(long, value_name = "URL")]
    pub database: Option<String>,
    /// Key file; beside the data folder, if not given.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

/// `enmusubi backup`.
#[derive(Debug, Clone, Args)]
pub struct BackupArgs {
    #[command(flatten)]
    pub place: PlaceArgs,
    /// The backup.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Overwrite.
    #[arg(long)]
    pub force: bool,
}

/// `enmusubi restore`.
#[derive(Debug, Clone, Args)]
pub struct RestoreArgs {
    /// The backup.
    #[arg(long = "in", id = "in", value_name = "FILE")]
    pub from: PathBuf,
    #[command(flatten)]
    pub place: PlaceArgs,
}

/// `enmusubi doctor`.
#[derive(Debug, Clone, Args)]
pub struct DoctorArgs {
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Rows of lists are made anew first.
    #[arg(long)]
    pub rebuild: bool,
}

/// `enmusubi audit COMMAND`.
#[derive(Debug, Clone, Args)]
#[command(subcommand_required = true, disable_help_subcommand = true)]
pub struct AuditArgs {
    /// Which.
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// What to do with the audit chains.
#[derive(Debug, Clone, Subcommand)]
pub enum AuditCommand {
    /// Works every chain out again.
    Verify {
        #[command(flatten)]
        place: PlaceArgs,
        /// Ends that were written elsewhere.
        #[arg(long, value_name = "FILE")]
        heads: Option<PathBuf>,
    },
    /// Adds the ends of the chains to a file elsewhere.
    Head {
        #[command(flatten)]
        place: PlaceArgs,
        /// The file.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
}

/// `enmusubi serve`.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Address and port.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: std::net::SocketAddr,
    /// A made-up city.
    #[arg(long)]
    pub demo: bool,
    /// Applications of the made-up city.
    #[arg(long, value_name = "N", requires = "demo", default_value_t = 1500)]
    pub demo_size: usize,
    /// Served over TLS.
    #[arg(long)]
    pub secure_cookies: bool,
}
