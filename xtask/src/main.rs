//! The project's own tasks, in the project's own language.
//!
//! - `cargo xtask tidy`: the rules of the house as tests ([`tidy`]).
//! - `cargo xtask docs`: documents from data ([`docs`]).
//! - `cargo xtask fuzz --seconds N [--seed S]`: mutated bytes into every reader ([`fuzz`]).

mod docs;
mod fuzz;
mod tidy;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let outcome = match args.as_slice() {
        ["tidy"] => tidy::run(&root()),
        ["docs"] => docs::run(&root()),
        ["fuzz", options @ ..] => fuzz::run(&root(), options),
        _ => Err("usage: cargo xtask tidy | docs | fuzz --seconds N [--seed S]".to_owned()),
    };
    match outcome {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            eprintln!("{wrong}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's folder.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}
