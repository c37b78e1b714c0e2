//! Which places of a draft are whose, so that somebody can accept one rule and not another.

use crate::draft::Draft;
use enmusubi_criteria::{
    Document,
    diff::{Change, What, diff},
    read_toml, write_toml,
};

/// What a draft has otherwise than the file it was begun from, but for title and remark of the whole.
#[must_use]
pub fn changed(known: &Document, draft: &Document) -> Vec<Change> {
    let mut changes = diff(known, draft);
    changes.retain(|change| match &change.what {
        What::Changed(fields) if change.section == "criteria" => {
            let of_head = |name: &str| matches!(name, "title" | "note");
            !fields.iter().all(|(name, ..)| of_head(name))
        }
        _ => true,
    });
    changes
}

impl Draft {
    /// The same with places as somebody sees them who has the file given and the draft: of each rule only what differs in the end,
    /// and all that no rule owns with the order from decisions alone. `begun`: that order, without rules.
    #[must_use]
    pub fn settled(mut self, known: &Document, begun: Option<&Document>) -> Self {
        let again = read_toml("", write_toml(&self.document).as_bytes()).0;
        let changes = changed(known, again.as_ref().unwrap_or(&self.document));
        for places in &mut self.places {
            *places = seen(&changes, places);
        }
        let Some(begun) = begun else {
            return self;
        };
        // What a rule changed in something that only this order has is of both.
        let begun = changed(known, begun);
        let is_new = |place: &String| {
            let mut added = begun.iter().filter(|c| matches!(c.what, What::Added(_)));
            added.any(|c| c.place() == *place)
        };
        let owned = |place: &String| self.places.iter().flatten().any(|p| p == place);
        let own = changes.iter().map(Change::place);
        let mut own: Vec<String> = own.filter(|p| !owned(p) || is_new(p)).collect();
        own.dedup();
        self.of_order = own;
        self
    }
}

/// Places of a rule among all differences. The order of rows that the file given does not have is one with these.
fn seen(changes: &[Change], places: &[String]) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for place in places {
        let is = |c: &&Change| c.place() == *place;
        let new = |c: &&Change| c.section == place && matches!(c.what, What::Added(_));
        let found: Vec<String> = match changes.iter().any(|c| is(&c)) {
            true => vec![place.clone()],
            false => changes.iter().filter(new).map(Change::place).collect(),
        };
        for place in found {
            if !list.contains(&place) {
                list.push(place);
            }
        }
    }
    list
}
