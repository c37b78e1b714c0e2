//! Arguments of `enmusubi score`.

use crate::language::Lang;
use clap::{Args, ValueEnum};
use enmusubi_scoring::text::Reader;
use std::path::{Path, PathBuf};

/// `enmusubi score`.
#[derive(Debug, Clone, Args)]
pub struct ScoreArgs {
    /// The round workbook: one XLSX file, or a folder of CSV files.
    #[arg(long, value_name = "DIR|FILE")]
    pub round: PathBuf,
    /// The criteria file.
    #[arg(long, value_name = "FILE.toml")]
    pub criteria: PathBuf,
    /// Every choice with all components of its key.
    #[arg(long, value_name = "FILE.csv|xlsx")]
    pub out: Option<PathBuf>,
    /// Judge every choice a second time by the reference evaluator.
    #[arg(long)]
    pub cross_check: bool,
    /// One child's derivation.
    #[arg(long, value_name = "CHILD")]
    pub explain: Option<String>,
    /// At which facility; default: the first choice.
    #[arg(long, value_name = "FACILITY", requires = "explain")]
    pub facility: Option<String>,
    /// Who reads.
    #[arg(long = "for", id = "for", value_name = "READER", requires = "explain")]
    pub reader: Option<ScoreReaderArg>,
    /// JSON on standard output.
    #[arg(long)]
    pub json: bool,
    /// Overwrite.
    #[arg(long)]
    pub force: bool,
}

/// Values of `--for`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScoreReaderArg {
    /// 担当職員.
    Staff,
    /// 保護者.
    Parent,
    /// やさしい日本語.
    Plain,
    /// English, for staff.
    English,
}

impl ScoreArgs {
    /// Who reads: as asked, else staff, in the language of the command.
    pub fn reader(&self, lang: Lang) -> Reader {
        match (self.reader, lang) {
            (Some(ScoreReaderArg::Staff), _) | (None, Lang::Ja) => Reader::Staff,
            (Some(ScoreReaderArg::English), _) | (None, Lang::En) => Reader::StaffEnglish,
            (Some(ScoreReaderArg::Parent), _) => Reader::Parent,
            (Some(ScoreReaderArg::Plain), _) => Reader::ParentPlain,
        }
    }

    /// The input files.
    pub fn inputs(&self) -> [&Path; 2] {
        [&self.round, &self.criteria]
    }
}
