//! The help of every command in both languages is a contract: snapshots.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests, where a panic is the failure"
)]

use std::process::Command;

fn help(args: &[&str], lang: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_enmusubi"))
        .args(args)
        .args(["--lang", lang, "--help"])
        .output()
        .unwrap();
    assert!(output.status.success());
    assert!(output.stderr.is_empty());
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn help_in_japanese_and_english() {
    for lang in ["ja", "en"] {
        let mut all = help(&[], lang);
        for command in [
            "select", "score", "criteria", "round", "whatif", "compare", "learn", "shadow",
            "match", "verify", "explain", "synth", "demo", "bench", "serve", "backup", "restore",
            "doctor", "audit",
        ] {
            all.push_str(&format!(
                "\n──── enmusubi {command}\n{}",
                help(&[command], lang)
            ));
        }
        insta::assert_snapshot!(format!("help_{lang}"), all);
    }
}

#[test]
fn language_follows_the_environment() {
    let first_line = |lang: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_enmusubi"))
            .arg("--help")
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env("LANG", lang)
            .output()
            .unwrap();
        String::from_utf8(output.stdout)
            .unwrap()
            .lines()
            .next()
            .unwrap()
            .to_owned()
    };
    assert!(first_line("en_GB.UTF-8").contains("nursery admission"));
    assert!(first_line("ja_JP.UTF-8").contains("利用調整"));
    assert!(first_line("C").contains("利用調整"));
}

#[test]
fn bad_usage_ends_with_2_and_speaks_on_standard_error() {
    let output = Command::new(env!("CARGO_BIN_EXE_enmusubi"))
        .args(["--lang", "ja", "match", "--bogus"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(
        text.starts_with("エラー: --bogus という指定はありません。\n"),
        "{text}"
    );
    assert!(text.contains("対処: "), "{text}");
}
