//! What the page of a round of facts shows beside its report. In Japanese, as the page is.

use enmusubi_domain::facts::{Entity, RoundFacts, Value, vocabulary::find};
use enmusubi_page::Extra;
use enmusubi_selection::report::Report;

/// Heading, areas.
pub fn extra(report: &Report, facts: &RoundFacts) -> Extra {
    let title = report.criteria.as_ref().map(|c| {
        let (date, round) = (facts.info.entry_date, facts.info.number);
        let era = i32::from(date.year()) - 2018;
        format!(
            "{} 令和{era}年{}月入所（第{round}回）利用調整の結果",
            c.name,
            date.month()
        )
    });
    Extra {
        title: title.unwrap_or_default(),
        areas: areas(facts).collect(),
        ..Extra::default()
    }
}

/// Area of each facility that has one.
fn areas(facts: &RoundFacts) -> impl Iterator<Item = (String, String)> + '_ {
    let area = find(Entity::Facility, "area");
    facts
        .facilities
        .ids
        .iter()
        .enumerate()
        .filter_map(move |(f, id)| match facts.facilities.get(f as u32, area?) {
            Value::Symbol(at) => Some((id.to_string(), facts.symbols.text(at).to_owned())),
            _ => None,
        })
}
