//! The arguments: names, options and values are a contract (README, exit codes in `exit`).
//!
//! The shape is declared here once; every word of the help comes from the message files, so that
//! both languages show the same commands.

mod compare;
mod criteria;
mod learn;
mod operation;
mod round;
mod score;
mod select;
mod shadow;
mod whatif;

pub use compare::{CompareArgs, TiesArg};
pub use criteria::{AcceptArgs, CriteriaArgs, CriteriaCommand};
pub use learn::LearnArgs;
pub use operation::{
    AuditArgs, AuditCommand, BackupArgs, DoctorArgs, PlaceArgs, RestoreArgs, ServeArgs,
};
pub use round::{RoundCommand, RoundCommandArgs};
pub use score::ScoreArgs;
pub use select::SelectArgs;
pub use shadow::{LineArgs, ShadowArgs, ShadowCommand};
pub use whatif::WhatIfArgs;

use crate::exit::{Exit, Failure};
use crate::language::Words;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use enmusubi_matching as matching;
use enmusubi_selection::compiled;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "enmusubi",
    version,
    disable_help_flag = true,
    disable_version_flag = true
)]
#[command(disable_help_subcommand = true, subcommand_required = true)]
pub struct Cli {
    /// ja | en; looked up earlier by `Lang::choose`.
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<LangArg>,
    /// Seconds per phase and peak memory on standard error.
    #[arg(long, global = true)]
    pub timings: bool,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Facts → index → placement → reasons.
    Select(SelectArgs),
    /// Facts → index.
    Score(ScoreArgs),
    /// Criteria files.
    Criteria(CriteriaArgs),
    /// Round workbooks.
    Round(RoundCommandArgs),
    /// Who gains and loses if something were different.
    #[command(name = "whatif")]
    WhatIf(WhatIfArgs),
    /// A past round with its decisions.
    Compare(CompareArgs),
    /// Past rounds with their decisions: what the criteria lack.
    Learn(LearnArgs),
    /// The ledger of a shadow year.
    Shadow(ShadowArgs),
    /// Place a round.
    Match(MatchArgs),
    /// Check a result.
    Verify(VerifyArgs),
    /// One child's reasons.
    Explain(ExplainArgs),
    /// Make up a round.
    Synth(SynthArgs),
    /// A city's round from start to finish.
    Demo(DemoArgs),
    /// The scaling table.
    Bench(BenchArgs),
    /// The server.
    Serve(ServeArgs),
    /// Everything in one sealed file.
    Backup(BackupArgs),
    /// A backup put back.
    Restore(RestoreArgs),
    /// Whether everything is as it must be.
    Doctor(DoctorArgs),
    /// The audit chains.
    Audit(AuditArgs),
}

/// Language of messages.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum LangArg {
    /// 日本語.
    Ja,
    /// English.
    En,
}

/// The files of a round and how to read them.
#[derive(Debug, Clone, Args)]
pub struct RoundArgs {
    /// Children.
    #[arg(long, value_name = "FILE")]
    pub children: PathBuf,
    /// Nurseries.
    #[arg(long, value_name = "FILE")]
    pub nurseries: PathBuf,
    #[command(flatten)]
    pub more: RoundMore,
}

/// The optional part of [`RoundArgs`].
#[derive(Debug, Clone, Args)]
pub struct RoundMore {
    /// Sibling combinations.
    #[arg(long, value_name = "FILE")]
    pub combinations: Option<PathBuf>,
    /// Column names.
    #[arg(long, value_name = "FILE.toml")]
    pub columns: Option<PathBuf>,
    /// Rules of the round.
    #[arg(long, value_name = "FILE.toml")]
    pub rules: Option<PathBuf>,
    /// What happens to equal children.
    #[arg(long, value_name = "RULE", value_parser = ties)]
    pub ties: Option<compiled::Ties>,
}

impl RoundMore {
    /// What happens to equal children of a round of tables.
    pub fn ties(&self) -> compiled::Ties {
        self.ties.clone().unwrap_or(compiled::Ties::Stop)
    }
}

/// A round of tables, or a round of facts with its criteria.
#[derive(Debug, Clone, Args)]
pub struct AnyRoundArgs {
    /// Children.
    #[arg(long, value_name = "FILE", requires = "nurseries")]
    pub children: Option<PathBuf>,
    /// Nurseries.
    #[arg(long, value_name = "FILE", requires = "children")]
    pub nurseries: Option<PathBuf>,
    /// The round workbook: one XLSX file, or a folder of CSV files.
    #[arg(long, value_name = "DIR|FILE", requires = "criteria", conflicts_with_all = ["children", "nurseries", "combinations", "columns", "rules"])]
    pub round: Option<PathBuf>,
    /// The criteria file.
    #[arg(long, value_name = "FILE", requires = "round")]
    pub criteria: Option<PathBuf>,
    #[command(flatten)]
    pub more: RoundMore,
}

impl AnyRoundArgs {
    /// The files of a round of tables, if given.
    pub fn tables(&self) -> Option<RoundArgs> {
        Some(RoundArgs {
            children: self.children.clone()?,
            nurseries: self.nurseries.clone()?,
            more: self.more.clone(),
        })
    }

    /// Round workbook and criteria, if given.
    pub fn facts(&self) -> Option<(&Path, &Path)> {
        Some((self.round.as_deref()?, self.criteria.as_deref()?))
    }
}

impl RoundArgs {
    /// The input files that are there.
    pub fn inputs(&self) -> Vec<&Path> {
        [Some(&self.children), Some(&self.nurseries)]
            .into_iter()
            .chain(
                [
                    &self.more.combinations,
                    &self.more.columns,
                    &self.more.rules,
                ]
                .map(Option::as_ref),
            )
            .flatten()
            .map(PathBuf::as_path)
            .collect()
    }
}

/// `enmusubi match`.
#[derive(Debug, Args)]
pub struct MatchArgs {
    #[command(flatten)]
    pub round: RoundArgs,
    /// How selection is done.
    #[arg(long, value_name = "NAME", value_enum, default_value_t = MechanismArg::Stable)]
    pub mechanism: MechanismArg,
    /// How far to go.
    #[arg(long, value_name = "NAME", value_enum, default_value_t = EffortArg::Proved)]
    pub effort: EffortArg,
    /// Wall-clock limit.
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub time_limit: Option<f64>,
    /// Worker threads.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: u32,
    /// Result table.
    #[arg(long, value_name = "FILE.csv")]
    pub out: PathBuf,
    /// Report.
    #[arg(long, value_name = "FILE.json")]
    pub report: Option<PathBuf>,
    /// Overwrite.
    #[arg(long)]
    pub force: bool,
}

/// `enmusubi verify`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("given").args(["children", "round"]).required(true))]
pub struct VerifyArgs {
    #[command(flatten)]
    pub round: AnyRoundArgs,
    /// The result to check.
    #[arg(long, value_name = "FILE")]
    pub result: PathBuf,
    /// How selection was done.
    #[arg(long, value_name = "NAME", value_enum)]
    pub mechanism: Option<MechanismArg>,
    /// The report with the proved minimum.
    #[arg(long, value_name = "FILE.json")]
    pub report: Option<PathBuf>,
    /// Findings as JSON.
    #[arg(long)]
    pub json: bool,
}

/// `enmusubi explain`.
#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("given").args(["children", "round"]))]
pub struct ExplainArgs {
    /// The child.
    #[arg(value_name = "CHILD_ID")]
    pub child: String,
    /// The report.
    #[arg(long, value_name = "FILE.json")]
    pub report: PathBuf,
    /// Who reads it.
    #[arg(long = "for", id = "for", value_name = "READER", value_enum, default_value_t = ReaderArg::Staff)]
    pub reader: ReaderArg,
    /// やさしい日本語.
    #[arg(long)]
    pub plain: bool,
    /// What would have changed the outcome.
    #[arg(long, requires = "given")]
    pub counterfactual: bool,
    /// The inputs (for `--counterfactual`).
    #[command(flatten)]
    pub round: AnyRoundArgs,
}

/// `enmusubi synth`.
#[derive(Debug, Args)]
pub struct SynthArgs {
    /// Folder.
    #[arg(value_name = "OUTDIR")]
    pub outdir: PathBuf,
    /// Number of children.
    #[arg(long, value_name = "N", required_unless_present = "calibrate")]
    pub children: Option<u32>,
    /// Number of nurseries.
    #[arg(long, value_name = "N", required_unless_present = "calibrate")]
    pub nurseries: Option<u32>,
    /// Seed.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Share of sibling families.
    #[arg(long, value_name = "P", value_parser = share)]
    pub siblings: Option<f64>,
    /// Share of sibling families in one age class.
    #[arg(long, value_name = "P", value_parser = share)]
    pub same_age: Option<f64>,
    /// Share of transfer applicants.
    #[arg(long, value_name = "P", value_parser = share)]
    pub transfers: Option<f64>,
    /// Share of ties.
    #[arg(long, value_name = "P", value_parser = share)]
    pub ties: Option<f64>,
    /// Most choices of a child.
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub max_choices: Option<u32>,
    /// A real round's table.
    #[arg(long, value_name = "FILE.csv")]
    pub calibrate: Option<PathBuf>,
    /// A round workbook with facts instead, as a form asks for them.
    #[arg(long, value_name = "FORM", value_enum)]
    pub facts: Option<FactsArg>,
    /// Share of facts that nobody knows.
    #[arg(long, value_name = "P", value_parser = share, requires = "facts")]
    pub missing: Option<f64>,
    /// A past round: the staff's decisions and index list, too.
    #[arg(long, requires = "facts", conflicts_with_all = ["missing", "calibrate"])]
    pub past: bool,
    /// Differences planted in a past round.
    #[arg(long, value_name = "N", requires = "past", default_value_t = 5, value_parser = clap::value_parser!(u32).range(0..=50))]
    pub differences: u32,
    /// Overwrite.
    #[arg(long)]
    pub force: bool,
}

/// Values of `--facts`: whose form the made-up households filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FactsArg {
    /// The made-up example city.
    Example,
    /// 藤沢.
    Fujisawa,
    /// さいたま.
    Saitama,
}

/// `enmusubi demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Folder.
    #[arg(long, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Seed.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Overwrite.
    #[arg(long)]
    pub force: bool,
}

/// `enmusubi bench`.
#[derive(Debug, Args)]
pub struct BenchArgs {
    /// Rows to measure.
    #[arg(long, value_name = "ROW,…", value_delimiter = ',', value_enum)]
    pub only: Vec<BenchRow>,
    /// Seeds per row.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub seeds: u32,
    /// Worker threads.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1024))]
    pub threads: u32,
}

/// Rows of the scaling table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BenchRow {
    /// 8,000 children, 311 nurseries, 10 choices.
    #[value(name = "8000")]
    City,
    /// 20,000 children, 1,200 nurseries, 20 choices.
    #[value(name = "20000")]
    Metropolis,
    /// 450,000 children as 56 municipalities and as one market.
    #[value(name = "450000")]
    Nation,
    /// Log-log slope from 1,000 to 450,000 children.
    Growth,
    /// Many siblings and transfers, few seats.
    Hard,
    /// Witness phase against reading and parsing.
    Reading,
    /// 8,000 children's facts by two criteria, from tables to checked placement.
    Facts,
}

/// Values of `--mechanism`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MechanismArg {
    /// Priority before choice rank.
    Stable,
    /// Families in one order.
    IndexOrder,
    /// First choices first.
    ChoiceOrder,
}

impl From<MechanismArg> for matching::Mechanism {
    fn from(arg: MechanismArg) -> Self {
        match arg {
            MechanismArg::Stable => Self::Stable,
            MechanismArg::IndexOrder => Self::IndexOrder,
            MechanismArg::ChoiceOrder => Self::ChoiceOrder,
        }
    }
}

/// Values of `--effort`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EffortArg {
    /// Stop at a stable placement.
    Witness,
    /// Prove all levels.
    Proved,
}

impl From<EffortArg> for matching::Effort {
    fn from(arg: EffortArg) -> Self {
        match arg {
            EffortArg::Witness => Self::Witness,
            EffortArg::Proved => Self::Proved,
        }
    }
}

/// Values of `--for`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReaderArg {
    /// 担当職員.
    Staff,
    /// 通知文.
    Letter,
    /// 保護者.
    Parent,
}

fn ties(value: &str) -> Result<compiled::Ties, String> {
    compiled::Ties::parse(value).ok_or_else(String::new)
}

/// A share in percent with at most one decimal, in thousandths.
fn percent(value: &str) -> Result<u32, String> {
    let wrong = || "0–100".to_owned();
    let (whole, tenth) = value.split_once('.').unwrap_or((value, "0"));
    let digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
    if tenth.len() != 1 || !digits(whole) || !digits(tenth) {
        return Err(wrong());
    }
    let number = |t: &str| t.parse::<u32>().map_err(|_| wrong());
    let thousandths = number(whole)?
        .checked_mul(10)
        .and_then(|w| w.checked_add(number(tenth).ok()?));
    thousandths.filter(|&t| t <= 1000).ok_or_else(wrong)
}

fn share(value: &str) -> Result<f64, String> {
    value
        .parse()
        .ok()
        .filter(|p| (0.0..=1.0).contains(p))
        .ok_or_else(String::new)
}

fn seconds(value: &str) -> Result<f64, String> {
    // A year is more than any round needs, and a bound keeps `Duration` from overflowing.
    value
        .parse()
        .ok()
        .filter(|s| *s > 0.0 && *s <= 31_536_000.0)
        .ok_or_else(String::new)
}

/// What the arguments ask for.
#[derive(Debug)]
pub enum Asked {
    /// A command.
    Run(Box<Cli>),
    /// Help or version: text for standard output.
    Show(String),
}

/// Reads the arguments.
///
/// # Errors
/// A [`Failure`] in the user's language, exit code 2.
pub fn parse(words: &Words, args: impl IntoIterator<Item = OsString>) -> Result<Asked, Failure> {
    let mut command = command(words);
    let matches = match command.try_get_matches_from_mut(args) {
        Ok(matches) => matches,
        Err(e) => {
            return match e.kind() {
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
                    Ok(Asked::Show(e.render().to_string()))
                }
                _ => Err(usage_failure(words, &command, &e)),
            };
        }
    };
    match Cli::from_arg_matches(&matches) {
        Ok(cli) => Ok(Asked::Run(Box::new(cli))),
        Err(e) => Err(usage_failure(words, &command, &e)),
    }
}

/// The command line with its help in one language.
pub fn command(words: &Words) -> clap::Command {
    let text = |key: &str| words.get(key).unwrap_or_default().to_owned();
    let options = text("heading.options");
    // Options that every command has; declared here because clap's own are English.
    let help = clap::Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .global(true)
        .help(text("common.help"));
    let version = clap::Arg::new("version")
        .short('V')
        .long("version")
        .action(ArgAction::Version)
        .help(text("common.version"));
    let template = |sections: &str| {
        format!(
            "{{about}}\n\n{} {{usage}}\n\n{sections}{{after-help}}",
            text("heading.usage")
        )
    };
    let dress = |command: clap::Command, name: &str| {
        let (arguments, options) = (text("heading.arguments"), options.clone());
        let name = name.to_owned();
        command
            .about(text(&format!("{name}.about")))
            .long_about(None)
            .override_usage(text(&format!("{name}.usage")))
            .after_help(text(&format!("{name}.after")))
            .mut_args(move |arg| {
                let id = arg.get_id().as_str().replace('_', "-");
                let own = words.get(&format!("{name}.{id}"));
                let shown = own
                    .or_else(|| words.get(&format!("common.{id}")))
                    .unwrap_or_default();
                let heading = if arg.is_positional() {
                    &arguments
                } else {
                    &options
                };
                let valued = arg.get_action().takes_values();
                // What every command has comes last.
                let arg = match id.as_str() {
                    "lang" | "timings" | "help" | "version" => arg.display_order(900),
                    _ => arg,
                };
                arg.help(shown.to_owned())
                    .long_help(None)
                    .help_heading(heading.clone())
                    // The texts say what clap would say in English.
                    .hide_possible_values(valued)
                    .hide_default_value(valued)
            })
            .next_line_help(true)
            .term_width(0)
    };
    let mut root = Cli::command()
        .arg(help)
        .arg(version)
        .subcommand_help_heading(text("heading.commands"))
        .help_template(template("{all-args}"));
    for name in names_of(&root) {
        let dressed = template("{all-args}");
        root = root.mut_subcommand(name.clone(), |mut c| {
            // Help of `criteria check` is in the section `criteria-check`.
            for inner in names_of(&c) {
                let section = format!("{name}-{inner}");
                let dressed = template("{all-args}");
                c = c.mut_subcommand(inner, |c| dress(c, &section).help_template(dressed));
            }
            let families = c.has_subcommands();
            let c = dress(c, &name).help_template(dressed);
            if families {
                c.subcommand_help_heading(text("heading.commands"))
                    .next_line_help(false)
            } else {
                c
            }
        });
    }
    dress(root, "root").next_line_help(false)
}

fn names_of(command: &clap::Command) -> Vec<String> {
    command
        .get_subcommands()
        .map(|c| c.get_name().to_owned())
        .collect()
}

/// A mistake in the arguments, in the user's language.
fn usage_failure(words: &Words, command: &clap::Command, error: &clap::Error) -> Failure {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(s)) => Some(s.clone()),
        Some(ContextValue::Strings(s)) => Some(s.join("  ")),
        _ => None,
    };
    let name = context(ContextKind::InvalidArg).unwrap_or_default();
    let value = context(ContextKind::InvalidValue).unwrap_or_default();
    let said = |key: &str, name: &str| words.say(key, &[("name", &name)]);
    let message = match error.kind() {
        ErrorKind::UnknownArgument => said("usage.unknown_argument", &name),
        ErrorKind::InvalidSubcommand => said(
            "usage.unknown_command",
            &context(ContextKind::InvalidSubcommand).unwrap_or_default(),
        ),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation if value.is_empty() => {
            said("usage.no_value", &name)
        }
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            words.say("usage.invalid_value", &[("name", &name), ("value", &value)])
        }
        ErrorKind::MissingRequiredArgument => said("usage.missing", &name),
        ErrorKind::ArgumentConflict => {
            let other = context(ContextKind::PriorArg).unwrap_or_default();
            if other == name || other.is_empty() {
                said("usage.too_many", &name)
            } else {
                words.say("usage.conflict", &[("name", &name), ("other", &other)])
            }
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            words.say("usage.no_command", &[])
        }
        _ => words.say("usage.other", &[("detail", &error.kind())]),
    };
    let mut failure = Failure::new(Exit::BadInput, message);
    // The best hint for a bad value is the help of that very option: it lists what is possible.
    if let Some(help) = help_of(command, &name).filter(|_| !name.contains("  ")) {
        failure = failure.hint(help);
    }
    for kind in [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand] {
        if let Some(suggestion) = context(kind).filter(|s| !s.is_empty()) {
            failure = failure.hint(said("usage.suggestion", &suggestion));
        }
    }
    let asked = std::env::args()
        .nth(1)
        .filter(|a| command.find_subcommand(a).is_some());
    let asked = asked.map_or_else(|| "enmusubi".to_owned(), |a| format!("enmusubi {a}"));
    failure.hint(words.say("usage.see_help", &[("command", &asked)]))
}

/// Help text of the option shown as `--name <VALUE>`.
fn help_of(command: &clap::Command, shown: &str) -> Option<String> {
    let long = shown.split_whitespace().next()?.strip_prefix("--")?;
    std::iter::once(command)
        .chain(command.get_subcommands())
        .flat_map(clap::Command::get_arguments)
        .find(|a| a.get_long() == Some(long))
        .and_then(|a| a.get_help().map(|h| format!("--{long}: {h}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Lang;

    #[test]
    fn every_command_and_option_has_words() {
        for lang in [Lang::Ja, Lang::En] {
            let mut command = command(&Words::of(lang));
            command.build();
            let subcommands = command.get_subcommands();
            for c in std::iter::once(&command).chain(subcommands) {
                assert!(
                    c.get_about().is_some_and(|t| !t.to_string().is_empty()),
                    "{}",
                    c.get_name()
                );
                for a in c.get_arguments() {
                    let help = a.get_help().map(ToString::to_string).unwrap_or_default();
                    assert!(!help.is_empty(), "{} {}", c.get_name(), a.get_id());
                }
            }
        }
        command(&Words::of(Lang::Ja)).debug_assert();
    }

    #[test]
    fn tie_rules() {
        assert_eq!(ties("stop"), Ok(compiled::Ties::Stop));
        assert_eq!(
            ties("lottery:R8:1"),
            Ok(compiled::Ties::Lottery("R8:1".into()))
        );
        for bad in ["", "lottery", "lottery:", "Stop", "stop:1", "row_order"] {
            assert!(ties(bad).is_err(), "{bad}");
        }
    }

    fn failure(lang: Lang, args: &[&str]) -> String {
        let words = Words::of(lang);
        let args = std::iter::once("enmusubi")
            .chain(args.iter().copied())
            .map(OsString::from);
        match parse(&words, args) {
            Err(f) => {
                assert_eq!(f.exit, Exit::BadInput);
                f.text(&words)
            }
            Ok(asked) => panic!("understood: {asked:?}"),
        }
    }

    #[test]
    fn mistakes_are_told_in_the_readers_language() {
        let text = failure(Lang::Ja, &["match", "--children", "a", "--nurseries", "b"]);
        assert!(
            text.contains("エラー: 次の指定が足りません: --out <FILE.csv>"),
            "{text}"
        );
        let base = ["match", "--children", "a", "--nurseries", "b", "--out", "c"];
        let with = |more: &[&'static str]| [&base[..], more].concat();
        let text = failure(Lang::Ja, &with(&["--ties", "dice"]));
        assert!(
            text.contains("値「dice」は使えません") && text.contains("row-order"),
            "{text}"
        );
        let text = failure(Lang::En, &with(&["--efort", "proved"]));
        assert!(text.contains("Did you mean --effort?"), "{text}");
        let text = failure(Lang::En, &with(&["--threads", "0"]));
        assert!(text.contains("The value \"0\" cannot be used"), "{text}");
        let text = failure(Lang::Ja, &with(&["--time-limit", "-1"]));
        assert!(text.contains("エラー"), "{text}");
        let text = failure(Lang::Ja, &["mach"]);
        assert!(text.contains("match のことですか"), "{text}");
        assert!(failure(Lang::Ja, &[]).contains("コマンドがありません"));
        let text = failure(
            Lang::Ja,
            &["explain", "1", "--report", "r", "--counterfactual"],
        );
        assert!(text.contains("--children"), "{text}");
    }
}
