//! Arguments of `enmusubi whatif`.

use super::{EffortArg, MechanismArg, ties};
use clap::Args;
use enmusubi_selection::compiled;
use std::path::PathBuf;

/// `enmusubi whatif`.
#[derive(Debug, Clone, Args)]
pub struct WhatIfArgs {
    /// The round workbook: one XLSX file, or a folder of CSV files.
    #[arg(long, value_name = "DIR|FILE")]
    pub round: PathBuf,
    /// The criteria file.
    #[arg(long, value_name = "FILE")]
    pub criteria: PathBuf,
    /// Other criteria, a variant each.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub against: Vec<PathBuf>,
    /// Changes; together one variant.
    #[arg(long, value_name = "CHANGE")]
    pub set: Vec<String>,
    /// Named variants.
    #[arg(long, value_name = "NAME=CHANGE[,CHANGE…]")]
    pub variant: Vec<String>,
    /// Variants from a file.
    #[arg(long, value_name = "FILE.toml")]
    pub variants: Option<PathBuf>,
    /// What happens to equals; as the criteria say, if not given.
    #[arg(long, value_name = "RULE", value_parser = ties)]
    pub ties: Option<compiled::Ties>,
    /// How selection is done; as the criteria say, if not given.
    #[arg(long, value_name = "NAME", value_enum)]
    pub mechanism: Option<MechanismArg>,
    /// How far to go.
    #[arg(long, value_name = "NAME", value_enum, default_value_t = EffortArg::Proved)]
    pub effort: EffortArg,
    /// Variants computed at a time.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: u32,
    /// The form for publication, and nothing else.
    #[arg(long)]
    pub public: bool,
    /// JSON instead of the table.
    #[arg(long)]
    pub json: bool,
    /// Folder of the results.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Overwrite.
    #[arg(long)]
    pub force: bool,
}
