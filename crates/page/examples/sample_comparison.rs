//! Writes the pages of comparisons made by hand into a folder: `sample_comparison FOLDER`.

#[path = "../tests/made/mod.rs"]
mod made;

use enmusubi_compare::public::published;
use enmusubi_page::{comparison, council};
use enmusubi_selection::whatif::public::public;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("usage: sample_comparison FOLDER")?;
    let past = made::comparison(made::USUAL);
    let what_if = made::what_if(made::USUAL);
    for (name, page) in [
        ("compare.html", comparison::past(&past)),
        ("council.html", council::html(&published(&past))),
        ("whatif.html", comparison::what_if(&what_if)),
        (
            "whatif-public.html",
            comparison::what_if_public(&public(&what_if)),
        ),
    ] {
        std::fs::write(Path::new(&folder).join(name), page)?;
    }
    Ok(())
}
