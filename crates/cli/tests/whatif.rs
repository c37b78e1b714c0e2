//! `enmusubi whatif` from end to end: a made-up round in a folder, variants in every form, what is
//! written, what is said, exit codes.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use enmusubi_interchange::workbook::write_csv;
use enmusubi_synth::{FactOptions, Options, PoolShare, facts, town};
use serde_json::Value;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

const EXAMPLE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../criteria/example/r9.toml"
);

struct Round {
    dir: TempDir,
}

impl Round {
    fn new(children: usize) -> Self {
        let town = town(&Options {
            children,
            nurseries: (children / 26).max(4),
            seed: 3,
            siblings: 0.15,
            ..Options::default()
        });
        let options = FactOptions {
            seed: 3,
            pools: vec![PoolShare {
                id: "area".into(),
                classes: 300,
                seats: 250,
                from_age: 0,
            }],
            ..FactOptions::default()
        };
        let dir = TempDir::new().unwrap();
        let round = dir.path().join("round");
        fs::create_dir(&round).unwrap();
        for (name, bytes) in write_csv(&facts(&town, &options)) {
            fs::write(round.join(name), bytes).unwrap();
        }
        let criteria = fs::read_to_string(EXAMPLE).unwrap();
        fs::write(dir.path().join("a.toml"), &criteria).unwrap();
        let draft = criteria.replace("parents + adjust\"", "parents + adjust + adjust\"");
        assert_ne!(draft, criteria);
        fs::write(dir.path().join("draft.toml"), draft).unwrap();
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_enmusubi"))
            .current_dir(self.dir.path())
            .args([
                "whatif",
                "--lang",
                "en",
                "--round",
                "round",
                "--criteria",
                "a.toml",
            ])
            .args(args)
            .output()
            .unwrap()
    }
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn variants_in_every_form_are_compared_the_same_on_any_number_of_threads() {
    let round = Round::new(300);
    fs::write(
        round.path("list.toml"),
        "[[variant]]\nname = \"draft and seats\"\nagainst = \"draft.toml\"\nset = \"seats:*:1=+1\"\n\
         [[variant]]\nname = \"rooms\"\nset = [\"share:*:0-2\", \"ratio:0=1/3,1=1/6,2=1/6\"]\n",
    )
    .unwrap();
    let args = |threads: &'static str, out: &'static str| {
        [
            "--ties",
            "lottery:R9",
            "--against",
            "draft.toml",
            "--set",
            "row:together=0",
            "--set",
            "seats:*:0=+1",
            "--variant",
            "one=seats:*:1=+1",
            "--variants",
            "list.toml",
            "--threads",
            threads,
            "--out",
            out,
        ]
    };
    let one = round.run(&args("1", "one"));
    assert_eq!(code(&one), 0, "{}", stderr(&one));
    let three = round.run(&args("3", "three"));
    assert_eq!(stdout(&one), stdout(&three));
    for name in [
        "whatif.json",
        "whatif.csv",
        "whatif-public.json",
        "whatif-public.txt",
        "whatif.html",
        "whatif-public.html",
    ] {
        let file = |folder: &str| fs::read(round.path(folder).join(name)).unwrap();
        assert_eq!(file("one"), file("three"), "{name}");
    }
    // Nothing to watch the progress: nothing is said of it.
    assert!(!stderr(&one).contains("placing"), "{}", stderr(&one));

    let json: Value =
        serde_json::from_slice(&fs::read(round.path("one/whatif.json")).unwrap()).unwrap();
    let names: Vec<&str> = json["variants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| v["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        [
            "draft.toml",
            "row:together=0 seats:*:0=+1",
            "one",
            "draft and seats",
            "rooms"
        ]
    );
    let mut changed = 0;
    for v in json["variants"].as_array().unwrap() {
        let c = &v["outcome"];
        assert_eq!(c["status"], "compared");
        let all = &c["all"];
        let number = |key: &str| all[key].as_u64().unwrap();
        let parts = ["placed_now", "better", "unplaced", "worse", "unchanged"];
        assert_eq!(parts.iter().map(|k| number(k)).sum::<u64>(), 300);
        changed += c["changed"].as_array().unwrap().len();
    }
    let csv = fs::read_to_string(round.path("one/whatif.csv")).unwrap();
    assert_eq!(csv.lines().count(), changed + 1);
    // What is published names no child and no household.
    let public = fs::read_to_string(round.path("one/whatif-public.json")).unwrap();
    assert!(!public.contains("\"child\"") && !public.contains("household"));
    for row in csv.lines().skip(1) {
        let child = format!("\"{}\"", row.split(',').nth(2).unwrap());
        assert!(!public.contains(&child), "{child}");
    }
    let page = fs::read_to_string(round.path("one/whatif.html")).unwrap();
    let public = fs::read_to_string(round.path("one/whatif-public.html")).unwrap();
    for row in csv.lines().skip(1) {
        let child = format!(">{}<", row.split(',').nth(2).unwrap());
        assert!(page.contains(&child), "{child}");
        assert!(!public.contains(&child), "{child}");
    }
}

#[test]
fn only_the_public_form() {
    let round = Round::new(60);
    let args = [
        "--ties",
        "lottery:R9",
        "--variant",
        "+1=seats:*:1=+1",
        "--public",
        "--out",
        "out",
    ];
    let shown = round.run(&args);
    assert_eq!(code(&shown), 0, "{}", stderr(&shown));
    let written = fs::read_to_string(round.path("out/whatif-public.txt")).unwrap();
    assert_eq!(stdout(&shown), written);
    assert!(round.path("out/whatif-public.html").exists());
    assert!(!round.path("out/whatif.json").exists() && !round.path("out/whatif.html").exists());
    // What is there is not overwritten.
    assert_eq!(code(&round.run(&args)), 5);
    let json = round.run(&[
        "--ties",
        "lottery:R9",
        "--set",
        "seats:*:1=+1",
        "--json",
        "--public",
    ]);
    let json: Value = serde_json::from_str(&stdout(&json)).unwrap();
    assert!(
        json["variants"][0]["comparison"]["gained"]["total"].is_null()
            || json["variants"][0]["comparison"]["gained"]["total"].as_u64() != Some(1)
    );
}

#[test]
fn what_is_wrong_is_told_all_at_once() {
    let round = Round::new(60);
    let check = |args: &[&str], exit: i32, expect: &[&str]| {
        let output = round.run(args);
        let said = stderr(&output) + &stdout(&output);
        assert_eq!(code(&output), exit, "{said}");
        for text in expect {
            assert!(said.contains(text), "{text}: {said}");
        }
    };
    check(&[], 2, &["no variant"]);
    check(
        &["--set", "rows:a=1", "--set", "row:togehter=1"],
        2,
        &["rows:a=1", "--help"],
    );
    check(
        &["--set", "row:togehter=1", "--set", "seats:Z:1=1"],
        2,
        &["\"together\"", "no facility \"Z\""],
    );
    check(&["--variant", "x"], 2, &["NAME=CHANGE"]);
    check(
        &["--variant", "x=seats:*:1=+1", "--variant", "x=seats:*:0=+1"],
        2,
        &["two variants"],
    );
    check(
        &["--against", "none.toml", "--against", "draft.toml"],
        2,
        &["none.toml"],
    );
    fs::write(
        round.path("bad.toml"),
        "[[variant]]\nname = \"x\"\nsets = []\n",
    )
    .unwrap();
    check(&["--variants", "bad.toml"], 2, &["no field \"sets\""]);
    fs::write(
        round.path("bad.toml"),
        "[[variant]]\nset = \"seats:*:1=1\"\n",
    )
    .unwrap();
    check(&["--variants", "bad.toml"], 2, &["variant]] 1 has no name"]);
    fs::write(round.path("bad.toml"), "variant = ").unwrap();
    check(&["--variants", "bad.toml"], 2, &["bad.toml", "[[variant]]"]);
    // The criteria leave equals to a lottery: its seed is asked for.
    check(&["--set", "seats:*:1=+1"], 2, &["lottery:SEED"]);
    // A variant that cannot be, beside one that can.
    check(
        &[
            "--ties",
            "lottery:R9",
            "--variant",
            "a=pool:*:1:area=99",
            "--variant",
            "b=seats:*:1=+1",
        ],
        2,
        &["not compared", "1. a", "2. b", "better off"],
    );
    // A variant whose criteria ask for what nobody stated.
    check(
        &[
            "--ties",
            "lottery:R9",
            "--set",
            "row:together=child.certificate_grade",
        ],
        3,
        &["not compared", "cannot be judged"],
    );
}
