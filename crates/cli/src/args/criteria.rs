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
    /// Lists the municipalities whose criteria are in a folder.
    List {
        /// The folder; its folders are looked through.
        #[arg(value_name = "DIR", default_value = "criteria")]
        folder: PathBuf,
        /// Made-up files too.
        #[arg(long)]
        all: bool,
    },
    /// Reports everything that is wrong with files.
    Check {
        /// Criteria files (TOML or XLSX).
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Warnings count as errors.
        #[arg(long)]
        deny_warnings: bool,
        /// A round, to tell what makes no difference in it.
        #[arg(long, value_name = "ROUND")]
        round: Option<PathBuf>,
    },
    /// Runs worked examples and band edges.
    Test {
        /// Criteria files (TOML or XLSX).
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Where the sheet to sign goes (HTML); of one file only.
        #[arg(long, value_name = "FILE")]
        sheet: Option<PathBuf>,
        /// Overwrite.
        #[arg(long)]
        force: bool,
    },
    /// Shows a file as people read it.
    Show {
        /// Criteria file (TOML or XLSX).
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Expressions in Japanese.
        #[arg(long)]
        words: bool,
        /// Markdown instead of aligned text.
        #[arg(long)]
        markdown: bool,
    },
    /// Compares two files row by row.
    Diff {
        /// Before.
        #[arg(value_name = "A", display_order = 1)]
        before: PathBuf,
        /// After.
        #[arg(value_name = "B", display_order = 2)]
        after_file: PathBuf,
    },
    /// Writes a file as an Excel workbook.
    Export {
        /// Criteria file.
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// The workbook.
        #[arg(long, value_name = "F.xlsx")]
        out: PathBuf,
        /// Overwrite.
        #[arg(long)]
        force: bool,
    },
    /// Reads an Excel workbook into a file.
    Import {
        /// The workbook.
        #[arg(value_name = "F.xlsx")]
        file: PathBuf,
        /// Criteria file.
        #[arg(long, value_name = "F.toml")]
        out: PathBuf,
        /// Overwrite.
        #[arg(long)]
        force: bool,
    },
    /// Writes what somebody accepted of a learned draft.
    Accept(AcceptArgs),
}

/// `enmusubi criteria accept`.
#[derive(Debug, Clone, Args)]
pub struct AcceptArgs {
    /// The criteria file that was learned from.
    #[arg(long, value_name = "FILE")]
    pub known: PathBuf,
    /// The draft.
    #[arg(long, value_name = "FILE")]
    pub draft: PathBuf,
    /// The list of rules, filled in.
    #[arg(long, value_name = "learn.xlsx")]
    pub signed: PathBuf,
    /// The criteria file with what was accepted.
    #[arg(long, value_name = "FILE.toml")]
    pub out: PathBuf,
    /// Overwrite.
    #[arg(long)]
    pub force: bool,
}
