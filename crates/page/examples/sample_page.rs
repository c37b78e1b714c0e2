//! Writes the page of a `report.json`: `sample_page report.json out.html [areas.tsv]`, where the
//! optional table has the lines `nursery id TAB area TAB east TAB north`.

use enmusubi_page::{Extra, html};
use enmusubi_selection::report::read_report;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [from, to, rest @ ..] = &args[..] else {
        return Err("usage: sample_page report.json out.html [areas.tsv]".into());
    };
    let report = read_report(&std::fs::read(from)?)?;
    let mut extra = Extra {
        title: "令和9年4月入所 一次選考（見本）".into(),
        note: "架空の申込みによる見本です。".into(),
        ..Extra::default()
    };
    if let Some(path) = rest.first() {
        for line in std::fs::read_to_string(path)?.lines() {
            let cells: Vec<&str> = line.split('\t').collect();
            let [id, area, east, north] = cells[..] else {
                continue;
            };
            extra.areas.insert(id.to_owned(), area.to_owned());
            extra
                .positions
                .insert(id.to_owned(), (east.parse()?, north.parse()?));
        }
    }
    std::fs::write(to, html(&report, &extra))?;
    Ok(())
}
