//! Arguments of `enmusubi score`.

use clap::Args;
use std::path::PathBuf;

/// `enmusubi score`.
#[derive(Debug, Clone, Args)]
pub struct ScoreArgs {
    /// The round workbook: one XLSX file, or a folder of CSV files.
    #[arg(long, value_name = "DIR|FILE")]
    pub round: PathBuf,
    /// The criteria file.
    #[arg(long, value_name = "FILE")]
    pub criteria: PathBuf,
}
