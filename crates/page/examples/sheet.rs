//! Writes the sheet to sign of a criteria file: `sheet criteria.toml out.html`.

use enmusubi_criteria::{Language, read, text_of};
use enmusubi_page::sheet::{Sheet, html};
use enmusubi_scoring::{edges::edges, examples::run};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, to] = &args[..] else {
        return Err("usage: sheet criteria.toml out.html".into());
    };
    let bytes = std::fs::read(from)?;
    let (criteria, _, all) = read(from, &bytes);
    let Some(criteria) = criteria else {
        return Err(all
            .render(from, &text_of(&bytes), Language::Japanese)
            .into());
    };
    let sheet = Sheet {
        criteria: &criteria,
        digest: "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        examples: &run(&criteria),
        edges: &edges(&criteria),
    };
    std::fs::write(to, html(&sheet))?;
    Ok(())
}
