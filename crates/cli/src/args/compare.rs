//! Arguments of `enmusubi compare`.

use super::MechanismArg;
use clap::Args;
use enmusubi_selection::compiled;
use std::path::PathBuf;

/// `enmusubi compare`.
#[derive(Debug, Clone, Args)]
#[command(group = clap::ArgGroup::new("given").args(["children", "round"]).required(true))]
pub struct CompareArgs {
    /// The round workbook: one XLSX file, or a folder of CSV files.
    #[arg(long, value_name = "DIR|FILE", requires = "criteria", conflicts_with_all = ["children", "nurseries", "combinations", "rules"])]
    pub round: Option<PathBuf>,
    /// The criteria file.
    #[arg(long, value_name = "FILE", requires = "round")]
    pub criteria: Option<PathBuf>,
    /// Children, where only tables with points are left.
    #[arg(long, value_name = "FILE", requires = "nurseries")]
    pub children: Option<PathBuf>,
    /// Nurseries.
    #[arg(long, value_name = "FILE", requires = "children")]
    pub nurseries: Option<PathBuf>,
    /// Sibling combinations.
    #[arg(long, value_name = "FILE")]
    pub combinations: Option<PathBuf>,
    /// Rules of the round.
    #[arg(long, value_name = "FILE.toml")]
    pub rules: Option<PathBuf>,
    /// The staff's decisions.
    #[arg(long, value_name = "FILE")]
    pub decisions: PathBuf,
    /// The staff's own index list.
    #[arg(long, value_name = "FILE")]
    pub staff_index: Option<PathBuf>,
    /// Column names.
    #[arg(long, value_name = "FILE.toml")]
    pub columns: Option<PathBuf>,
    /// How selection was done; as the criteria say, if not given.
    #[arg(long, value_name = "NAME", value_enum)]
    pub mechanism: Option<MechanismArg>,
    /// What happened to equals.
    #[arg(long, value_name = "RULE", value_parser = ties)]
    pub ties: Option<TiesArg>,
    /// Worker threads.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: u32,
    /// Criteria that cannot serve an approved round may be tried.
    #[arg(long)]
    pub trial: bool,
    /// JSON instead of the summary.
    #[arg(long)]
    pub json: bool,
    /// Folder of the results.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Overwrite.
    #[arg(long)]
    pub force: bool,
}

/// Values of `--ties`: what happened to equals in a past round. Nothing stops any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TiesArg {
    /// As the staff decided, whatever that was.
    Decided,
    /// By a rule.
    Rule(compiled::Ties),
}

pub(super) fn ties(value: &str) -> Result<TiesArg, String> {
    match compiled::Ties::parse(value) {
        None if value == "decided" => Ok(TiesArg::Decided),
        None | Some(compiled::Ties::Stop) => Err(String::new()),
        Some(rule) => Ok(TiesArg::Rule(rule)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tie_rules_of_the_past() {
        assert_eq!(ties("decided"), Ok(TiesArg::Decided));
        assert_eq!(
            ties("lottery:R8"),
            Ok(TiesArg::Rule(compiled::Ties::Lottery("R8".into())))
        );
        for bad in ["stop", "", "lottery:", "Decided"] {
            assert!(ties(bad).is_err(), "{bad}");
        }
    }
}
