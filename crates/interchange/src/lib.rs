//! Files in, files out: CSV (UTF-8, CP932), XLSX, TOML rules ↔ [`enmusubi_domain::Round`]; employment certificates → facts.
//!
//! Everything here is a pure function over bytes; only the callers open files. A reading goes on
//! as far as it can and reports every problem ([`Diagnostics`]), never only the first.
//!
//! **Invariant:** no function here panics or runs forever, whatever the bytes; `tests/fuzz.rs`
//! tries.

pub mod cells;
pub mod certificate;
mod children;
mod columns;
mod combinations;
pub mod comparison_workbook;
pub mod cp932;
pub mod criteria_workbook;
mod csv;
pub mod dates;
pub mod diagnostic;
mod finish;
mod intern;
mod nurseries;
pub mod past;
mod result;
mod rules;
pub mod sheet;
pub mod signed_rules;
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

    /// Arbitrary bytes as one table of a round workbook beside good ones. The first byte says which.
    #[must_use]
    pub fn round_table(bytes: &[u8]) -> Diagnostics {
        let (which, bytes) = bytes.split_first().unwrap_or((&0, b""));
        let mut files: Vec<(String, &[u8])> = ROUND
            .iter()
            .map(|(name, text)| (format!("{name}.csv"), text.as_bytes()))
            .collect();
        let at = usize::from(*which) % files.len();
        files[at].1 = bytes;
        let sources: Vec<Source<'_>> = files
            .iter()
            .map(|(name, bytes)| Source { name, bytes })
            .collect();
        crate::workbook::read(&sources).1
    }

    /// Arbitrary bytes as a whole round workbook.
    #[must_use]
    pub fn round_book(bytes: &[u8]) -> Diagnostics {
        let name = "r.xlsx";
        crate::workbook::read(&[Source { name, bytes }]).1
    }

    /// Arbitrary bytes as a criteria file (TOML), and what could be read of it as a workbook and back.
    ///
    /// # Panics
    /// Where the workbook of a document is not read as that document: what fuzzing looks for.
    #[must_use]
    pub fn criteria_toml(bytes: &[u8]) -> enmusubi_criteria::Diagnostics {
        use crate::criteria_workbook::{export, import};
        let (document, mut all) = enmusubi_criteria::read_toml("c.toml", bytes);
        let Some(document) = document else { return all };
        let (criteria, more) = enmusubi_criteria::from_document(&document);
        all.list.extend(more.list);
        let sound = criteria.is_some() && !all.has_errors();
        if let Ok(book) = export(criteria.as_ref(), &document) {
            let (again, read, told) = import(&book);
            assert!(
                !sound || again.is_some(),
                "a sound file is no sound workbook: {}",
                told.list.first().map_or("", |d| d.code)
            );
            assert!(
                !sound
                    || enmusubi_criteria::write_toml(&read)
                        == enmusubi_criteria::write_toml(&document),
                "the workbook says something else"
            );
        }
        if sound {
            let text = enmusubi_criteria::write_toml(&document);
            let (again, told) = enmusubi_criteria::read_toml("c.toml", text.as_bytes());
            assert!(!told.has_errors(), "written and not read");
            assert!(
                again.is_some_and(|d| enmusubi_criteria::write_toml(&d) == text),
                "written twice, and not the same"
            );
        }
        all
    }

    /// Arbitrary bytes as the workbook of a criteria file.
    #[must_use]
    pub fn criteria_book(bytes: &[u8]) -> enmusubi_criteria::Diagnostics {
        crate::criteria_workbook::import(bytes).2
    }

    /// A round workbook without a mistake.
    const ROUND: &[(&str, &str)] = &[
        (
            "選考回",
            "入所日,選考の回,基準日\n2027-04-01,1,2026-10-23\n",
        ),
        ("施設", "施設ID,最終年齢,連携施設\nA,5,B\nB,5,\n"),
        ("クラス", "施設ID,クラス年齢,募集人数,共有定員\nA,1,2,x\n"),
        ("共有定員", "施設ID,共有定員,定員\nA,x,2\n"),
        ("世帯", "世帯ID,居住\nh,市内在住\n"),
        (
            "保護者",
            "世帯ID,事由,生年月日,日就労時間\nh,就労,1990-01-01,8\n",
        ),
        (
            "同居者・祖父母",
            "世帯ID,続柄,生年月日\nh,父方祖母,S30.1.1\n",
        ),
        (
            "児童",
            "児童ID,世帯ID,申込区分,生年月日\nc,h,転園,2025-06-01\n",
        ),
        ("希望", "児童ID,希望順位,施設ID\nc,1,A\n"),
        ("きょうだいの希望", "世帯ID,選択肢\nh,\n"),
        ("組み合わせ", "世帯ID,順位,児童ID1,施設ID1\nh,1,c,A\n"),
        ("過去の辞退", "児童ID,年月日\nc,2026-01-01\n"),
        ("現在の在園", "児童ID,施設ID,入園日\nc,B,R7.4.1\n"),
        (
            "裁量",
            "対象,対象のID,保護者番号,基準の行,値,理由,入力者,確認者\n世帯,h,,r,1,x,甲,乙\n",
        ),
    ];

    /// Arbitrary bytes as decisions and as an index list of a past round.
    ///
    /// # Panics
    /// Where a child is both read and left out, or read twice: what fuzzing looks for.
    #[must_use]
    pub fn past(bytes: &[u8]) -> [Diagnostics; 2] {
        use crate::past::{Roster, decisions, staff_index};
        let names = [("A", "あさひ保育園"), ("B2", "いずみ"), ("007", "いずみ")];
        let roster = Roster::new(["1", "02", "0003", "ａ４"], names);
        let name = "p.csv";
        let source = Source { name, bytes };
        let (list, first) = decisions::read(&source, None, &roster);
        if let Some(list) = list {
            let read = list.decisions.list.iter().map(|d| &d.child);
            let mut all: Vec<&str> = read
                .chain(list.left_out.iter().map(|l| &l.child))
                .map(|child| &**child)
                .collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count, "a child twice");
            let more = list.counts.repeated + list.counts.without_child;
            assert!(count as u64 + u64::from(more) <= u64::from(list.counts.rows));
        }
        let (list, second) = staff_index::read(&source, None, &roster);
        if let Some(list) = list {
            let lines = &list.index.list;
            let mut all: Vec<_> = lines.iter().map(|l| (&l.child, &l.facility)).collect();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), lines.len(), "a line twice");
            let width = list.index.columns.len();
            assert!(lines.iter().all(|l| l.values.len() == width));
        }
        [first, second]
    }

    /// Arbitrary bytes as an employment certificate: as a workbook, as a list of recognised values (alone and below its
    /// headers), and as text. What was read is also checked and said as facts.
    #[must_use]
    pub fn certificate(bytes: &[u8]) -> Vec<Diagnostics> {
        use crate::certificate::{check, facts, from_rows, from_text, read};
        let day = jiff::civil::date(2026, 11, 1);
        let name = "s.xlsx";
        let (workbook, first) = read(&Source { name, bytes });
        let name = "s.csv";
        let mut below = "書類番号,項目,値,確信度\n".as_bytes().to_vec();
        below.extend_from_slice(bytes);
        let (mut papers, second) = from_rows(
            &Source {
                name,
                bytes: &below,
            },
            80,
        );
        let (more, third) = from_rows(&Source { name, bytes }, 80);
        papers.extend(more);
        let (text, fourth) = from_text("s.pdf", &String::from_utf8_lossy(bytes));
        let mut all = vec![first, second, third, fourth];
        let read = workbook
            .into_iter()
            .chain(papers.into_iter().map(|p| p.certificate));
        for certificate in read.chain(text.map(|t| t.certificate)) {
            all.push(check(&certificate, name, day, 3));
            let _ = facts(&certificate, day);
        }
        all
    }

    /// Arbitrary bytes as a signed list of learned rules, alone and below its headers.
    #[must_use]
    pub fn signed_rules(bytes: &[u8]) -> [Diagnostics; 2] {
        const HEADERS: &[u8] =
            "番号,規則,認める・認めない,確かめた人,日付,下書きの場所\n".as_bytes();
        let below = [HEADERS, bytes].concat();
        let name = "l.csv";
        [bytes, &below].map(|bytes| crate::signed_rules::read(&Source { name, bytes }).1)
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
