//! Arguments of `enmusubi select`.

use super::{EffortArg, MechanismArg, seconds, ties};
use clap::Args;
use enmusubi_selection::compiled;
use std::path::PathBuf;

/// `enmusubi select`.
#[derive(Debug, Clone, Args)]
pub struct SelectArgs {
    /// The round workbook: one XLSX file, or a folder of CSV files.
    #[arg(long, value_name = "DIR|FILE")]
    pub round: PathBuf,
    /// The criteria file.
    #[arg(long, value_name = "FILE")]
    pub criteria: PathBuf,
    /// Folder of the results.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// What happens to equals; as the criteria say, if not given.
    #[arg(long, value_name = "RULE", value_parser = ties)]
    pub ties: Option<compiled::Ties>,
    /// How selection is done; as the criteria say, if not given.
    #[arg(long, value_name = "NAME", value_enum)]
    pub mechanism: Option<MechanismArg>,
    /// How far to go.
    #[arg(long, value_name = "NAME", value_enum, default_value_t = EffortArg::Proved)]
    pub effort: EffortArg,
    /// Wall-clock limit.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub time_limit: Option<f64>,
    /// Worker threads.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: u32,
    /// Every key again by the plain evaluator.
    #[arg(long)]
    pub cross_check: bool,
    /// Criteria that cannot serve an approved round may be tried.
    #[arg(long)]
    pub trial: bool,
    /// A signed ledger of a shadow year that the round relies on.
    #[arg(long, value_name = "LEDGER")]
    pub require_shadow: Option<PathBuf>,
    /// Agreement the ledger must have reached, in percent.
    #[arg(long, value_name = "PERCENT", value_parser = super::percent, default_value = "100", requires = "require_shadow")]
    pub shadow_agreement: u32,
    /// Overwrite.
    #[arg(long)]
    pub force: bool,
}
