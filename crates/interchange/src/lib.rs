//! Files in, files out: CSV (UTF-8, CP932), XLSX, TOML rules ↔ [`enmusubi_domain::Round`].
//!
//! Everything here is a pure function over bytes; only the callers open files. A reading goes on
//! as far as it can and reports every problem ([`Diagnostics`]), never only the first.
//!
//! **Invariant:** no function here panics or runs forever, whatever the bytes; `tests/fuzz.rs`
//! tries.

mod children;
mod columns;
mod combinations;
mod dates;
pub mod diagnostic;
mod finish;
mod individual;
mod intern;
mod nurseries;
mod result;
mod rules;
pub mod sheet;
mod table;
mod toml_file;
pub mod workbook;

pub use diagnostic::{At, Diagnostic, Diagnostics, Kind, Language, Severity, Text, kind};
pub use result::{Format, Placed, Roster, csv_bytes, read_result, write_result};

use columns::Names;
use enmusubi_domain::Round;
use rules::RuleFile;

/// A file: what to call it in messages, and its bytes.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// Name shown in messages; its ending (`.xlsx`) is a hint about the format only.
    pub name: &'a str,
    /// The whole file.
    pub bytes: &'a [u8],
}

/// The files of a round.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// Children's table.
    pub children: Source<'a>,
    /// Nurseries' table.
    pub nurseries: Source<'a>,
    /// Combination table (組み合わせ表).
    pub combinations: Option<Source<'a>>,
    /// Names of columns (`--columns F.toml`).
    pub columns: Option<Source<'a>>,
    /// Rules (`--rules F.toml`).
    pub rules: Option<Source<'a>>,
}

/// Reads a round. All problems are reported, never only the first; the round is there exactly
/// where none of them is an error.
#[must_use]
pub fn read_round(inputs: &Inputs<'_>) -> (Option<Round>, Diagnostics) {
    let mut all = Diagnostics::default();
    let names = inputs
        .columns
        .as_ref()
        .map_or_else(Names::default, |f| rules::read_names(f, &mut all));
    let nurseries = nurseries::read(&inputs.nurseries, &names, &mut all);
    let rules = inputs.rules.as_ref().map_or_else(RuleFile::none, |f| {
        rules::read(f, nurseries.as_ref(), &mut all)
    });
    let children = children::read(
        &inputs.children,
        &names,
        nurseries.as_ref(),
        &rules,
        &mut all,
    );
    let Some(mut children) = children else {
        return (None, all);
    };
    if let Some(file) = &inputs.combinations {
        combinations::read(file, &names, nurseries.as_ref(), &mut children, &mut all);
    }
    finish::finish(
        &inputs.children,
        &mut children,
        nurseries.as_ref(),
        &rules,
        &mut all,
    );
    let Some(nurseries) = nurseries.filter(|_| !all.has_errors()) else {
        return (None, all);
    };
    let mut round = children.round;
    let default_wish = round.rules.default_wish;
    round.rules = rules.rules;
    round.rules.default_wish = default_wish;
    round.nurseries = nurseries.list;
    (Some(round), all)
}

/// Entry points for fuzzing: one file of arbitrary bytes beside well-formed others.
pub mod fuzz {
    use super::{Diagnostics, Inputs, Source, read_round};

    const CHILDREN: &[u8] =
        "申請者番号,世帯番号,年齢,点数,希望保育園ID_1\nc1,h1,1,5,A\nc2,h1,2,5,A\n".as_bytes();
    const NURSERIES: &[u8] = "保育所ID,0歳募集人数,1歳募集人数,2歳募集人数,3歳募集人数,4歳募集人数,5歳募集人数\nA,1,1,1,1,1,1\n".as_bytes();

    fn inputs() -> Inputs<'static> {
        Inputs {
            children: Source {
                name: "c.csv",
                bytes: CHILDREN,
            },
            nurseries: Source {
                name: "n.csv",
                bytes: NURSERIES,
            },
            combinations: None,
            columns: None,
            rules: None,
        }
    }

    /// Arbitrary bytes as the children's table.
    #[must_use]
    pub fn children(bytes: &[u8]) -> Diagnostics {
        read_round(&Inputs {
            children: Source {
                name: "c.csv",
                bytes,
            },
            ..inputs()
        })
        .1
    }

    /// Arbitrary bytes as the nurseries' table.
    #[must_use]
    pub fn nurseries(bytes: &[u8]) -> Diagnostics {
        read_round(&Inputs {
            nurseries: Source {
                name: "n.csv",
                bytes,
            },
            ..inputs()
        })
        .1
    }

    /// Arbitrary bytes as the combination table.
    #[must_use]
    pub fn combinations(bytes: &[u8]) -> Diagnostics {
        let combinations = Some(Source {
            name: "k.csv",
            bytes,
        });
        read_round(&Inputs {
            combinations,
            ..inputs()
        })
        .1
    }

    /// Arbitrary bytes as an XLSX file.
    #[must_use]
    pub fn xlsx(bytes: &[u8]) -> Diagnostics {
        read_round(&Inputs {
            children: Source {
                name: "c.xlsx",
                bytes,
            },
            ..inputs()
        })
        .1
    }

    /// Arbitrary bytes as a rule file.
    #[must_use]
    pub fn rules(bytes: &[u8]) -> Diagnostics {
        read_round(&Inputs {
            rules: Some(Source {
                name: "r.toml",
                bytes,
            }),
            ..inputs()
        })
        .1
    }

    /// Arbitrary bytes as a column file.
    #[must_use]
    pub fn columns(bytes: &[u8]) -> Diagnostics {
        read_round(&Inputs {
            columns: Some(Source {
                name: "c.toml",
                bytes,
            }),
            ..inputs()
        })
        .1
    }
}
