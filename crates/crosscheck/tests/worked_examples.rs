//! Every worked example of every criteria file holds by both evaluators.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the message"
)]

use enmusubi_criteria::{Criteria, Language};
use enmusubi_crosscheck::Plain;
use enmusubi_scoring::{
    edges::{edges, edges_by},
    examples::{self, Outcome},
};
use std::{fs, path::PathBuf};

/// Every criteria file of the repository, by its path under `criteria/`.
fn files() -> Vec<(String, Criteria)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../criteria");
    let mut found = Vec::new();
    for folder in fs::read_dir(&root).unwrap() {
        for file in fs::read_dir(folder.unwrap().path()).unwrap() {
            let path = file.unwrap().path();
            if path.extension().is_none_or(|e| e != "toml") {
                continue;
            }
            let name = path.strip_prefix(&root).unwrap().display().to_string();
            let bytes = fs::read(&path).unwrap();
            let (criteria, _, all) = enmusubi_criteria::read(&name, &bytes);
            let text = enmusubi_criteria::text_of(&bytes);
            let told = all.render(&name, &text, Language::Japanese);
            found.push((name, criteria.unwrap_or_else(|| panic!("{told}"))));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    assert!(found.len() > 40, "{} files", found.len());
    found
}

/// One line for each thing that is not as it should be.
fn wrong(file: &str, outcomes: &[Outcome]) -> Vec<String> {
    let mut lines = Vec::new();
    for o in outcomes.iter().filter(|o| !o.passed()) {
        for p in &o.problems {
            lines.push(format!("{file} {}: {}", o.id, p.what.0));
        }
        for c in o.checks.iter().filter(|c| !c.holds) {
            lines.push(format!(
                "{file} {}: {} {} expected, {} came",
                o.id, c.item, c.expected, c.found
            ));
        }
        if o.checks.is_empty() && o.problems.is_empty() {
            lines.push(format!("{file} {}: expects nothing", o.id));
        }
    }
    lines
}

#[test]
fn every_example_holds_by_both_evaluators() {
    let mut lines = Vec::new();
    let (mut count, mut checks) = (0, 0);
    for (file, criteria) in files() {
        let plain = examples::run_by(&criteria, &Plain(&criteria));
        lines.extend(wrong(&format!("plain: {file}"), &plain));
        let compiled = examples::run(&criteria);
        lines.extend(wrong(&format!("compiled: {file}"), &compiled));
        count += plain.len();
        checks += plain.iter().map(|o| o.checks.len()).sum::<usize>();
    }
    println!("{count} examples, {checks} checks");
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[test]
fn the_edges_of_every_band_hold_by_both_evaluators() {
    let mut lines = Vec::new();
    let (mut bands, mut cases) = (0, 0);
    for (file, criteria) in files() {
        let plain = edges_by(&criteria, &|probe, facts, choices| {
            (0..choices)
                .map(|c| enmusubi_reference::judge(probe, facts, c).map_err(|e| e.item.into()))
                .collect()
        });
        let compiled = edges(&criteria);
        assert_eq!(plain, compiled, "{file}");
        for band in compiled {
            bands += 1;
            cases += band.cases.len();
            let name = format!("{file} {} {}", band.table, band.band);
            if let Some((problem, _)) = &band.problem {
                lines.push(format!("{name}: {problem}"));
            }
            for case in band.cases.iter().filter(|c| !c.holds) {
                lines.push(format!("{name}: {case:?}"));
            }
        }
    }
    println!("{bands} bands, {cases} cases");
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

/// Each published example gives its published figure: 練馬 80, さいたま 52 before 調整指数1, 浦添 46 with both parents
/// absent, 江戸川 90 and 110, 武蔵村山 107, and 藤沢's B before A.
#[test]
fn published_examples_are_among_them() {
    let published = [
        ("131202-nerima/r8.toml", "full-time", "base", "80"),
        (
            "111007-saitama/r8.toml",
            "full-time-couple",
            "base_sum",
            "52",
        ),
        ("472085-urasoe/r8.toml", "both-absent", "base", "46"),
        ("structure/edogawa.toml", "guide-90", "total", "90"),
        ("structure/edogawa.toml", "guide-110", "total", "110"),
        ("structure/musashimurayama.toml", "guide", "total", "107"),
        (
            "142051-fujisawa/r9.toml",
            "p18",
            "order",
            "乙（第8希望） ＞ 甲（第1希望）",
        ),
        ("142051-fujisawa/r9.toml", "p18-first", "B", "F"),
        ("142051-fujisawa/r9.toml", "p18-second", "B", "C"),
    ];
    let files = files();
    for (file, example, item, figure) in published {
        let (_, criteria) = files.iter().find(|(name, _)| name == file).unwrap();
        let outcomes = examples::run(criteria);
        let outcome = outcomes.iter().find(|o| &*o.id == example).unwrap();
        let mut checks = outcome.checks.iter();
        let check = checks
            .find(|c| &*c.item == item)
            .unwrap_or_else(|| panic!("{file} {example}: {item} is not expected"));
        assert_eq!(
            (&*check.found, check.holds),
            (figure, true),
            "{file} {example}"
        );
    }
}
