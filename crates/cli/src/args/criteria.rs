//! Arguments of `enmusubi criteria …`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `enmusubi criteria COMMAND`.
#[derive(Debug, Clone, Args)]
#[command(subcommand_required = true, disable_help_subcommand = true)]
pub struct CriteriaArgs {
    /// Which.
    #[command(subcommand)]
    pub command: CriteriaCommand,
}

/// What to do with criteria files.
#[derive(Debug, Clone, Subcommand)]
pub enum CriteriaCommand {
    /// Reports everything that is wrong with files.
    Check {
        /// Criteria files (TOML or XLSX).
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
}
