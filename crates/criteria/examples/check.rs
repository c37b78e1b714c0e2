//! `cargo run -p enmusubi-criteria --example check -- [--write] FILE…`: checks criteria files; `--write` rewrites
//! those without errors in their canonical form.

#![expect(clippy::print_stdout, reason = "an example speaks")]

use enmusubi_criteria::{Language, read, text_of, write_toml};

fn main() -> std::io::Result<()> {
    let mut write = false;
    for file in std::env::args().skip(1) {
        if file == "--write" {
            write = true;
            continue;
        }
        let bytes = std::fs::read(&file)?;
        let text = text_of(&bytes);
        let (criteria, document, all) = read(&file, &bytes);
        print!("{}", all.render(&file, &text, Language::Japanese));
        let canonical = write_toml(&document);
        if write && criteria.is_some() && canonical != text {
            std::fs::write(&file, canonical)?;
            println!("{file}: rewritten");
        }
    }
    Ok(())
}
