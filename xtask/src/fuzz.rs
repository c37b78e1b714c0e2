//! Mutated bytes into every reader: no panic, no hang.
//!
//! cargo-fuzz needs a nightly compiler, which the project does not use; this needs nothing but
//! the project itself. Coverage does not guide it, so the mutations know the formats: they work
//! on valid files with a dictionary of what has broken readers before.

use enmusubi_interchange::{
    Format, Inputs, Source,
    comparison_workbook::{self, BookCell, BookColumn, BookSheet, ComparisonBook},
    criteria_workbook, fuzz, read_result, read_round, workbook, write_result,
};
use enmusubi_synth::{FactOptions, Options, children_csv, facts, nurseries_csv, town, with_bom};
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// One reading may not take longer than this.
const HANG_SECONDS: u64 = 20;

const DICTIONARY: &[&[u8]] = &[
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\0",
    b"\"",
    b"\"\"",
    b",",
    b"\t",
    b"\r\n",
    b"\r",
    b"\n\n",
    b"=1+1",
    b"11005.0",
    b"-1",
    b"1.5",
    b"6",
    b"1e9",
    b"4294967296",
    b"9999999999999999999999999999999999999999",
    b"-9999999999999999999999999999999999999999.5",
    "１２".as_bytes(),
    "−３".as_bytes(),
    "　".as_bytes(),
    "申請者番号".as_bytes(),
    "希望保育園ID_".as_bytes(),
    "希望保育園ID_999999999".as_bytes(),
    "点数0".as_bytes(),
    "きょうだいパターン".as_bytes(),
    "歳募集人数".as_bytes(),
    b"\x8f\x5c\x95\x5c",
    b"\x81",
    b"\xed\xa0\x80",
    b"PK\x03\x04",
    b"[[",
    b"]]\n",
    b"{a=1}",
    "令和8年4月1日".as_bytes(),
    "5080401".as_bytes(),
    "7時間30分".as_bytes(),
    "不明".as_bytes(),
    "なし".as_bytes(),
    "はい".as_bytes(),
    "、".as_bytes(),
    b"1/3",
    b"guardian.reasons",
    b"'employment' in guardian.reasons",
    b"guardians.exists(g, g.leave == 'none')",
    b"((((((((",
    b"!!!!!!!!",
    b"? 1 : 2",
    b" / 0",
    b"hours_per_month(140)",
    b"fill = true\n",
    b"[[row]]\n",
    b"[[change]]\n",
    b"0.00000000000000000001",
    b"9223372036854775807",
    b"date('2027-02-30')",
    "［".as_bytes(),
    b"\"\"\"",
    b"\\u0000",
];

/// What the files of a case are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Tables of points and rules, [`NAMES`].
    Points,
    /// A round workbook: a CSV file of each table, or one XLSX.
    Facts,
    /// A criteria file: TOML, or one XLSX.
    Criteria,
    /// A list of a past round: decisions, or the staff's index list; CSV or XLSX.
    Past,
}

struct Case {
    kind: Kind,
    files: Vec<Option<Vec<u8>>>,
    /// The first file is XLSX.
    workbook: bool,
}

impl Case {
    fn name(&self, at: usize) -> String {
        match (self.kind, self.workbook && at == 0) {
            (_, true) => "table.xlsx".to_owned(),
            (Kind::Points, _) => NAMES[at].to_owned(),
            (Kind::Criteria, _) => "criteria.toml".to_owned(),
            (Kind::Past, _) => "past.csv".to_owned(),
            (Kind::Facts, _) => {
                let table = workbook::table_names().nth(at).unwrap_or("x");
                format!("{table}.csv")
            }
        }
    }
}

const NAMES: [&str; 5] = [
    "children.csv",
    "nurseries.csv",
    "combinations.csv",
    "columns.toml",
    "rules.toml",
];

/// Runs for the given time.
///
/// # Errors
/// Bad options; or the number of panics (inputs are saved under `out/fuzz/`).
pub fn run(root: &Path, options: &[&str]) -> Result<String, String> {
    let mut seconds = 60;
    let mut seed = 1;
    for pair in options.chunks(2) {
        let value = pair.get(1).and_then(|v| v.parse::<u64>().ok());
        match (pair[0], value) {
            ("--seconds", Some(n)) => seconds = n,
            ("--seed", Some(n)) => seed = n,
            _ => return Err("usage: cargo xtask fuzz --seconds N [--seed S]".into()),
        }
    }
    let out = root.join("out/fuzz");
    let seeds = seeds(root);
    // The default hook would print thousands of lines; the saved input tells more.
    std::panic::set_hook(Box::new(|_| {}));
    let watched = watch(&out);
    let mut random = Random(seed | 1);
    let begun = Instant::now();
    let limit = Duration::from_secs(seconds);
    let (mut runs, mut read, mut panics) = (0_u64, 0_u64, 0_u64);
    while begun.elapsed() < limit {
        let case = mutated(&seeds, &mut random);
        let case = Arc::new(case);
        *watched.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((Instant::now(), case.clone()));
        match catch_unwind(AssertUnwindSafe(|| read_case(&case))) {
            Ok(whole) => read += u64::from(whole),
            Err(_) => {
                panics += 1;
                if panics <= 100 {
                    save(&out, &format!("panic-{seed}-{runs}"), &case);
                }
            }
        }
        runs += 1;
    }
    *watched.lock().unwrap_or_else(PoisonError::into_inner) = None;
    let _ = std::panic::take_hook();
    let rate = runs as f64 / begun.elapsed().as_secs_f64();
    let said = format!(
        "fuzz: {runs} runs in {seconds} s ({rate:.0}/s), {read} read as a whole, {panics} panics"
    );
    if panics == 0 {
        Ok(said)
    } else {
        Err(format!("{said}; inputs are in {}", out.display()))
    }
}

/// Whether the round was read.
fn read_case(case: &Case) -> bool {
    let names: Vec<String> = (0..case.files.len()).map(|i| case.name(i)).collect();
    let source = |i: usize| {
        let name = &names[i];
        case.files[i].as_ref().map(|bytes| Source { name, bytes })
    };
    if case.kind == Kind::Facts {
        let files: Vec<Source<'_>> = (0..case.files.len()).filter_map(source).collect();
        return read_facts(&files);
    }
    if case.kind == Kind::Criteria {
        let bytes = case.files[0].as_deref().unwrap_or_default();
        let all = if case.workbook {
            fuzz::criteria_book(bytes)
        } else {
            fuzz::criteria_toml(bytes)
        };
        return !all.has_errors();
    }
    if case.kind == Kind::Past {
        let bytes = case.files[0].as_deref().unwrap_or_default();
        return fuzz::past(bytes).iter().any(|all| !all.has_errors());
    }
    let empty = Source {
        name: "empty.csv",
        bytes: &[],
    };
    let inputs = Inputs {
        children: source(0).unwrap_or(empty),
        nurseries: source(1).unwrap_or(empty),
        combinations: source(2),
        columns: source(3),
        rules: source(4),
    };
    let Some(round) = read_round(&inputs).0 else {
        return false;
    };
    // A round that was read can be written, and what was written can be read.
    let placed = vec![None; round.children.len()];
    if let Ok(bytes) = write_result(
        &inputs.children,
        inputs.columns.as_ref(),
        &round,
        &placed,
        Format::Csv,
    ) {
        let written = Source {
            name: "result.csv",
            bytes: &bytes,
        };
        let _ = read_result(&written, inputs.columns.as_ref(), &round);
    }
    true
}

/// A round workbook that was read can be written, and is read as the same again.
fn read_facts(files: &[Source<'_>]) -> bool {
    let Some(facts) = workbook::read(files).0 else {
        return false;
    };
    let written = workbook::write_csv(&facts);
    let again: Vec<Source<'_>> = written
        .iter()
        .map(|(name, bytes)| Source { name, bytes })
        .collect();
    let (read, all) = workbook::read(&again);
    assert!(read.is_some(), "written and not read: {all}");
    assert!(
        read.is_some_and(|r| workbook::write_csv(&r) == written),
        "written twice, and not the same"
    );
    true
}

/// Valid files to start from: made-up rounds, and whatever examples the repository holds.
fn seeds(root: &Path) -> Vec<Case> {
    let example = |name: &str| fs::read(root.join("docs").join(name)).ok();
    let mut cases = Vec::new();
    for seed in 1..=4 {
        let options = Options {
            children: 12,
            nurseries: 4,
            seed,
            siblings: 0.4,
            transfers: 0.3,
            ties: 0.3,
            max_choices: 3,
            nursery_dependent: if seed == 2 { 0.5 } else { 0.0 },
            ..Options::default()
        };
        let town = town(&options);
        let (children, nurseries) = (children_csv(&town), nurseries_csv(&town));
        let combinations = "ファミリーコード,総当たり順位,宛名コード1,希望施設1,宛名コード2,希望施設2\n1,1,1,1,2,2\n";
        let facts = facts(
            &town,
            &FactOptions {
                seed,
                shared: 300,
                missing: 30,
                ..FactOptions::default()
            },
        );
        cases.push(Case {
            kind: Kind::Facts,
            files: workbook::write_csv(&facts)
                .into_iter()
                .map(|f| Some(f.1))
                .collect(),
            workbook: false,
        });
        if seed == 1
            && let Ok(book) = workbook::write_xlsx(&facts)
        {
            cases.push(Case {
                kind: Kind::Facts,
                files: vec![Some(book)],
                workbook: true,
            });
        }
        cases.push(Case {
            kind: Kind::Points,
            files: vec![
                Some(if seed == 3 {
                    with_bom(&children)
                } else {
                    children
                }),
                Some(nurseries),
                (seed == 4).then(|| combinations.into()),
                example("columns.example.toml"),
                if seed % 2 == 0 {
                    example("rules.example.toml")
                } else {
                    None
                },
            ],
            workbook: false,
        });
    }
    cases.extend(criteria(root));
    cases.extend(past());
    // A workbook of the first round: its result table, which is the children's with two columns.
    let first = cases.iter().find(|c| c.kind == Kind::Points);
    if let Some((book, nurseries)) = first.and_then(|c| Some((book(c)?, c.files[1].clone()))) {
        cases.push(Case {
            kind: Kind::Points,
            files: vec![Some(book), nurseries, None, None, None],
            workbook: true,
        });
    }
    // Workbooks from the tests of the reader, if there are any.
    let mut folders = vec![root.join("crates/interchange/tests")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "xlsx")
                && let Ok(bytes) = fs::read(&path)
            {
                cases.push(Case {
                    kind: Kind::Points,
                    files: vec![Some(bytes.clone()), Some(bytes), None, None, None],
                    workbook: true,
                });
            }
        }
    }
    cases
}

/// Criteria files of every kind that is small, and the workbook of one.
fn criteria(root: &Path) -> Vec<Case> {
    let case = |bytes: Vec<u8>, workbook: bool| Case {
        kind: Kind::Criteria,
        files: vec![Some(bytes)],
        workbook,
    };
    let mut cases = Vec::new();
    for name in ["example/first", "example/r9", "structure/hachinohe"] {
        let path = root.join("criteria").join(name).with_extension("toml");
        let Ok(bytes) = fs::read(path) else { continue };
        if name == "example/first"
            && let Some(document) = enmusubi_criteria::read_toml("c", &bytes).0
            && let Ok(book) = criteria_workbook::export(None, &document)
        {
            cases.push(case(book, true));
        }
        cases.push(case(bytes, false));
    }
    cases
}

/// Lists of a past round: decisions and an index list, and a workbook of the first.
fn past() -> Vec<Case> {
    let decisions = "一次選考 結果一覧\n\n申請者番号,結果,内定施設ID,内定施設,枠,備考\n\
                     1,内定,A,あさひ保育園,一般,\n２,保留,,,,\n3,取下げ,,,,x\n\
                     a4,○,,あさひ　保育園,,\n1,保留,,,,\n9,在園継続,7,,,\n,合計,5,,,\n";
    let index = "順位,児童番号,施設名,基準指数,合計指数,加点項目,月齢\n\
                 1,1,あさひ保育園,４０,42点,就労；きょうだい,8\n2位,1,いずみ,40,38.5,なし,8\n\
                 3,02,A,0,▲5,,\n3,02,A,0,▲6,,\n,3,,,1/3,\"a\nb\",\n";
    let rows = decisions.lines().map(|line| line.split(','));
    let sheet = rows.map(|cells| cells.map(BookCell::text).collect());
    let mut book = ComparisonBook::default();
    book.sheets.push(BookSheet {
        name: "結果".to_owned(),
        columns: ["", "", "", "", "", ""].map(BookColumn::new).into(),
        rows: sheet.collect(),
        ..BookSheet::default()
    });
    let case = |bytes: Vec<u8>, workbook| Case {
        kind: Kind::Past,
        files: vec![Some(bytes)],
        workbook,
    };
    let mut cases = vec![case(decisions.into(), false), case(index.into(), false)];
    cases.extend(
        comparison_workbook::write(&book)
            .ok()
            .map(|bytes| case(bytes, true)),
    );
    cases
}

fn book(case: &Case) -> Option<Vec<u8>> {
    let source = |i: usize| {
        Some(Source {
            name: NAMES[i],
            bytes: case.files[i].as_ref()?,
        })
    };
    let inputs = Inputs {
        children: source(0)?,
        nurseries: source(1)?,
        combinations: None,
        columns: None,
        rules: None,
    };
    let round = read_round(&inputs).0?;
    let placed = vec![None; round.children.len()];
    write_result(&inputs.children, None, &round, &placed, Format::Xlsx).ok()
}

/// A copy of a seed with one to eight changes in one or two of its files.
fn mutated(seeds: &[Case], random: &mut Random) -> Case {
    let seed = &seeds[random.below(seeds.len())];
    let mut case = Case {
        kind: seed.kind,
        files: seed.files.clone(),
        workbook: seed.workbook,
    };
    for _ in 0..=random.below(2) {
        let at = random.below(case.files.len());
        let Some(bytes) = &mut case.files[at] else {
            continue;
        };
        for _ in 0..=random.below(8) {
            change(bytes, random);
        }
    }
    if random.below(50) == 0 {
        case.workbook = !case.workbook;
    }
    case
}

fn change(bytes: &mut Vec<u8>, random: &mut Random) {
    let at = random.below(bytes.len() + 1);
    match random.below(8) {
        0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
        1 if at < bytes.len() => bytes[at] = random.next() as u8,
        2 => bytes.truncate(at),
        3 => {
            let end = (at + random.below(40)).min(bytes.len());
            bytes.drain(at..end);
        }
        4 if bytes.len() < 1 << 16 => {
            // A repeated stretch: rows twice, headers twice, many columns.
            let end = (at + random.below(200)).min(bytes.len());
            let piece = bytes[at..end].to_vec();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, piece);
        }
        5 => {
            // A whole cell replaced: what people do to files.
            let start = bytes[..at]
                .iter()
                .rposition(|b| b",\n".contains(b))
                .map_or(0, |p| p + 1);
            let end = bytes[at..]
                .iter()
                .position(|b| b",\n".contains(b))
                .map_or(bytes.len(), |p| at + p);
            let word = DICTIONARY[random.below(DICTIONARY.len())];
            bytes.splice(start..end.max(start), word.iter().copied());
        }
        _ => {
            let word = DICTIONARY[random.below(DICTIONARY.len())];
            bytes.splice(at..at, word.iter().copied());
        }
    }
}

type Watched = Arc<Mutex<Option<(Instant, Arc<Case>)>>>;

/// A thread that saves the input and ends the run when one reading hangs.
fn watch(out: &Path) -> Watched {
    let watched: Watched = Arc::default();
    let (seen, out) = (watched.clone(), out.to_owned());
    std::thread::spawn(move || {
        loop {
            std::thread::sleep(Duration::from_secs(1));
            let now = seen.lock().unwrap_or_else(PoisonError::into_inner).clone();
            if let Some((begun, case)) = now
                && begun.elapsed() > Duration::from_secs(HANG_SECONDS)
            {
                save(&out, "hang", &case);
                eprintln!(
                    "fuzz: one reading takes longer than {HANG_SECONDS} s; see {}",
                    out.display()
                );
                std::process::exit(1);
            }
        }
    });
    watched
}

fn save(out: &Path, name: &str, case: &Case) {
    let folder: PathBuf = out.join(name);
    let _ = fs::create_dir_all(&folder);
    for (at, bytes) in case.files.iter().enumerate() {
        if let Some(bytes) = bytes {
            let _ = fs::write(folder.join(case.name(at)), bytes);
        }
    }
}

/// xorshift64*: enough to choose mutations, and the same on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 8
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A short run in every test run; the long one is `cargo xtask fuzz --seconds 600`.
    #[test]
    fn two_thousand_mutations_do_not_panic() {
        let seeds = seeds(&crate::root());
        let mut random = Random(7);
        for _ in 0..2000 {
            read_case(&mutated(&seeds, &mut random));
        }
    }
}
