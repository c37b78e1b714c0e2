//! Writes the pages of a comparison made by hand: `sample_comparison compare.html council.html`.

#[path = "../tests/made/mod.rs"]
mod made;

use enmusubi_compare::public::published;
use enmusubi_page::{comparison::past, council};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [page, public] = &args[..] else {
        return Err("usage: sample_comparison compare.html council.html".into());
    };
    let comparison = made::comparison(made::USUAL);
    std::fs::write(page, past(&comparison))?;
    std::fs::write(public, council::html(&published(&comparison)))?;
    Ok(())
}
