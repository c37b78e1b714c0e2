//! Rounds of tables with points: read and compiled.

use super::{Case, File, language};
use crate::args::RoundArgs;
use crate::exit::{Exit, Failure};
use crate::language::Words;
use crate::stopwatch::StopWatch;
use enmusubi_domain::Round;
use enmusubi_interchange::{Inputs, read_round};
use enmusubi_selection::compile::{CompileError, compile};
use enmusubi_selection::compiled::Ties;
use enmusubi_selection::digest::input_digest;
use std::path::Path;

/// A round's files, whole, with the names messages give them.
#[derive(Debug, Default)]
pub struct Files {
    /// Children's table.
    pub children: File,
    /// Nurseries' table.
    pub nurseries: File,
    /// Combination table.
    pub combinations: Option<File>,
    /// Names of columns.
    pub columns: Option<File>,
    /// Rules.
    pub rules: Option<File>,
}

impl Files {
    /// Reads the files of a round; every file that cannot be read is named.
    ///
    /// # Errors
    /// Exit code 2.
    pub fn read(words: &Words, args: &RoundArgs) -> Result<Self, Failure> {
        let mut failures = Vec::new();
        let mut file = |path: &Path| {
            File::read(words, path).unwrap_or_else(|f| {
                failures.push(f);
                File::default()
            })
        };
        let files = Self {
            children: file(&args.children),
            nurseries: file(&args.nurseries),
            combinations: args.more.combinations.as_deref().map(&mut file),
            columns: args.more.columns.as_deref().map(&mut file),
            rules: args.more.rules.as_deref().map(&mut file),
        };
        match Failure::all(failures) {
            None => Ok(files),
            Some(failure) => Err(failure),
        }
    }

    /// As the reader of rounds takes them.
    pub fn inputs(&self) -> Inputs<'_> {
        Inputs {
            children: self.children.source(),
            nurseries: self.nurseries.source(),
            combinations: self.combinations.as_ref().map(File::source),
            columns: self.columns.as_ref().map(File::source),
            rules: self.rules.as_ref().map(File::source),
        }
    }
}

/// A round, read and compiled.
#[derive(Debug)]
pub struct Prepared {
    /// The tables.
    pub round: Round,
    /// What is decided.
    pub case: Case,
    /// Messages about things somebody should look at.
    pub warnings: String,
}

/// Parses and compiles a round. Phases: `read`, `compile`.
///
/// # Errors
/// Exit code 2 with every problem found.
pub fn prepare(
    words: &Words,
    files: &Files,
    ties: &Ties,
    watch: &StopWatch,
) -> Result<Prepared, Failure> {
    watch.lap("read");
    let (round, diagnostics) = read_round(&files.inputs());
    let messages = diagnostics.render(language(words));
    let Some(round) = round else {
        return Err(Failure::told(Exit::BadInput, messages));
    };
    watch.lap("compile");
    let input_digest = input_digest(&round);
    let compiled = compile(&round, ties).map_err(|errors| {
        let lines: Vec<String> = errors.iter().map(CompileError::to_string).collect();
        Failure::new(Exit::BadInput, lines.join("\n"))
    })?;
    let common_order = round.rules.common_order.is_some();
    Ok(Prepared {
        round,
        case: Case {
            compiled,
            input_digest,
            common_order,
            criteria: None,
        },
        warnings: messages,
    })
}
