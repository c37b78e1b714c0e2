//! Arguments of `enmusubi learn`.

use super::{TiesArg, compare::ties};
use clap::Args;
use std::path::PathBuf;

/// `enmusubi learn`.
#[derive(Debug, Clone, Args)]
pub struct LearnArgs {
    /// Round workbooks of past years: an XLSX file or a folder of CSV files each.
    #[arg(long, value_name = "DIR|FILE", num_args = 1.., required = true)]
    pub rounds: Vec<PathBuf>,
    /// The staff's decisions, in the order of the rounds.
    #[arg(long, value_name = "FILE", num_args = 1.., required = true)]
    pub decisions: Vec<PathBuf>,
    /// The criteria file of which only what is missing or different is learned.
    #[arg(long, value_name = "FILE")]
    pub known: PathBuf,
    /// Facts that must not decide, beside those that must not anywhere.
    #[arg(long, value_name = "FACT", num_args = 1..)]
    pub forbid: Vec<Box<str>>,
    /// Column names of the decisions.
    #[arg(long, value_name = "FILE.toml")]
    pub columns: Option<PathBuf>,
    /// What happened to equals.
    #[arg(long, value_name = "RULE", value_parser = ties)]
    pub ties: Option<TiesArg>,
    /// Worker threads.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: u32,
    /// JSON instead of the summary.
    #[arg(long)]
    pub json: bool,
    /// The draft.
    #[arg(long, value_name = "FILE.toml")]
    pub out: PathBuf,
    /// Folder of the report.
    #[arg(long, value_name = "DIR")]
    pub report: PathBuf,
    /// Overwrite.
    #[arg(long)]
    pub force: bool,
}
