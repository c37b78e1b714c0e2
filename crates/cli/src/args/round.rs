//! Arguments of `enmusubi round …`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

/// `enmusubi round COMMAND`.
#[derive(Debug, Clone, Args)]
#[command(subcommand_required = true, disable_help_subcommand = true)]
pub struct RoundCommandArgs {
    /// Which.
    #[command(subcommand)]
    pub command: RoundCommand,
}

/// What to do with round workbooks.
#[derive(Debug, Clone, Subcommand)]
pub enum RoundCommand {
    /// Writes an empty round workbook.
    Template {
        /// The workbook.
        #[arg(long, value_name = "FILE.xlsx")]
        out: PathBuf,
        /// Overwrite.
        #[arg(long)]
        force: bool,
    },
    /// Reports everything that is wrong with a round workbook.
    Check {
        /// The workbook: one XLSX file, or a folder of CSV files.
        #[arg(value_name = "DIR|FILE")]
        round: PathBuf,
    },
}
