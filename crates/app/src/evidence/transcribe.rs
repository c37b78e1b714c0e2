//! A certificate typed beside its picture: the same items, the same rules.

use super::{
    attach::{Attached, Plan, outcome},
    keep::apart,
    reading,
};
use crate::{Action, Actor, Fault, Office};
use enmusubi_casefile::fact::Subject;
use enmusubi_domain::individual;
use enmusubi_interchange::{Source, certificate};
use enmusubi_papers::{Place, Refused};
use std::collections::BTreeMap;

/// Rows of items: as a table of recognised values holds them, so that one reading serves both. An item that was not typed is blank.
fn table(values: &BTreeMap<String, String>) -> (Vec<String>, String) {
    let given: Vec<(&String, &String)> = values
        .iter()
        .filter(|(_, v)| !v.trim().is_empty())
        .collect();
    let within = |id: &str| {
        let of = |k: &String| {
            id == k
                || id
                    .strip_prefix(k.as_str())
                    .is_some_and(|r| r.starts_with('.'))
        };
        given.iter().any(|(k, _)| of(k))
    };
    let form = certificate::blank_form();
    let mut blanks: Vec<&str> = form.ids().filter(|id| !within(id)).collect();
    blanks.sort_unstable();
    let mut items = Vec::new();
    let mut text = String::from("書類番号,項目,値,確信度\r\n");
    let given = given.iter().map(|(k, v)| (k.as_str(), v.trim()));
    for (id, value) in given.chain(blanks.into_iter().map(|id| (id, ""))) {
        let quoted = |t: &str| format!("\"{}\"", t.replace('"', "\"\""));
        text.push_str(&format!("1,{},{},100\r\n", quoted(id), quoted(value)));
        items.push(id.to_owned());
    }
    (items, text)
}

impl Office {
    /// Takes over what somebody typed from a paper, by the ids of the certificate's items. The facts follow as if it had been read.
    ///
    /// # Errors
    /// No right, not there for this actor, changed meanwhile, an individual number, items that cannot be read ([`Fault::File`]).
    pub async fn transcribe(
        &self,
        actor: &Actor,
        number: &str,
        version: i64,
        paper: &str,
        values: &BTreeMap<String, String>,
    ) -> Result<Attached, Fault> {
        actor.needs(Action::StateFact)?;
        let opened = self.at_version(actor, number, version).await?;
        let papers = &opened.case.state.papers;
        let found = papers.iter().find(|p| p.id == paper && p.removed.is_none());
        let found = found.ok_or(Fault::NotThere)?.clone();
        if !matches!(found.subject, Subject::Guardian(_)) {
            return Err(enmusubi_casefile::Refusal::of("refusal.no_guardian").into());
        }
        if let Some((item, _)) = values.iter().find(|(_, v)| individual::holds_one(v)) {
            let place = Place::Part(item.clone());
            return Err(Refused::IndividualNumber { place }.into());
        }
        let (items, text) = table(values);
        let name = found.name.clone();
        let work = move || {
            certificate::from_rows(
                &Source {
                    name: &name,
                    bytes: text.as_bytes(),
                },
                0,
            )
        };
        let (read, diagnostics) = apart(work).await?;
        let only = read.into_iter().next();
        let (Some(only), false) = (only, diagnostics.has_errors()) else {
            return Err(Fault::File(Box::new(diagnostics)));
        };
        let c = only.certificate;
        let months = self.paper_settings(actor).await?.certificate_months;
        let base = self.base_of(actor, &opened).await?;
        let whose = reading::whose(&c, &opened.case.state, &found.subject);
        let checked = certificate::check(&c, &found.name, self.today(), months);
        let mut told = diagnostics.list().to_vec();
        told.extend_from_slice(checked.list());
        let (issued, until) = reading::days(&c, months);
        // `C5` is the fifth row, after the header: an item's id says more.
        let place = |cell: String| {
            let row = cell.trim_start_matches(|c: char| !c.is_ascii_digit());
            let row = row.parse::<usize>().ok().and_then(|n| n.checked_sub(2));
            row.and_then(|n| items.get(n)).cloned().unwrap_or_default()
        };
        let plan = Plan::Read {
            readings: reading::readings(&c, base, &found.subject, paper, place),
            issued,
            until,
        };
        let mut made = Vec::new();
        let after = self
            .change_case(actor, number, version, |h| {
                made = plan.events(h, paper, &whose)?;
                Ok(made.clone())
            })
            .await?;
        Ok(outcome(&after, &found, &made, told, Vec::new(), whose))
    }
}
