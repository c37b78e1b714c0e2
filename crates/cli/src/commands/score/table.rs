//! The table of all choices.

use super::{Round, undecided};
use enmusubi_criteria::judgement::Eligible;
use enmusubi_domain::facts::{
    AttributeIx, Entity, Exact, Value,
    vocabulary::{VOCABULARY, find},
    words::{flag, value},
};
use enmusubi_interchange::{
    Diagnostics, Format,
    sheet::{Cell, write_sheet},
};
use enmusubi_scoring::{Missed, Scores};

impl Round<'_> {
    /// Every choice with all components of its key, what refuses it, and what is missing.
    pub(super) fn table(&self, scores: &Scores, format: Format) -> Result<Vec<u8>, Diagnostics> {
        let tongue = self.tongue();
        let say = |key: &str| self.words.say(key, &[]);
        let components = self.program.components(self.criteria);
        let mut header = vec![
            say("scored.household"),
            say("scored.child"),
            say("scored.age"),
            say("scored.rank"),
            say("scored.facility"),
            say("scored.facility_name"),
            say("scored.verdict"),
            say("scored.refusal"),
        ];
        for component in &components {
            if !component.is_number() {
                header.push(component.label().to_owned());
            }
            header.push(format!("{} [{}]", component.label(), component.id()));
        }
        for pool in &self.criteria.pools {
            header.push(self.words.say("scored.pool", &[("label", &pool.label)]));
        }
        if !self.criteria.passes.is_empty() {
            header.push(say("scored.pass"));
        }
        header.push(say("scored.missing"));
        let header: Vec<&str> = header.iter().map(String::as_str).collect();

        let facts = self.facts;
        let age = find(Entity::Child, "age_class");
        let name = find(Entity::Facility, "name");
        let verdicts = [
            say("scored.decided"),
            say("scored.undecided"),
            say("scored.refused"),
        ];
        write_sheet(&say("scored.sheet"), &header, format, &mut |row| {
            for choice in 0..facts.choices.len() as u32 {
                let child = facts.child_of(choice);
                let facility = facts.choice_facility[choice as usize];
                let ids =
                    |entity: Entity, at: u32| Cell::text(&*facts.table(entity).ids[at as usize]);
                let open = undecided(scores, choice);
                let refused = match scores.eligibility[choice as usize] {
                    Eligible::No(at) => Some(&self.criteria.eligibility[at as usize]),
                    _ => None,
                };
                let verdict = match (refused, open) {
                    (Some(_), _) => &verdicts[2],
                    (None, Some(_)) => &verdicts[1],
                    (None, None) => &verdicts[0],
                };
                let number = |at: Option<AttributeIx>| match at.map(|at| facts.get(child, at)) {
                    Some(Value::Number(n)) => Cell::Number(n),
                    _ => Cell::Blank,
                };
                let named = name.and_then(|at| {
                    let is = facts.get(facility, at);
                    value(&facts.symbols, &VOCABULARY[at as usize], is, tongue)
                });
                let mut cells = vec![
                    ids(Entity::Household, facts.household_of(child)),
                    ids(Entity::Child, child),
                    number(age),
                    Cell::Number(Exact::whole(facts.choice_number[choice as usize].into())),
                    ids(Entity::Facility, facility),
                    named.map_or(Cell::Blank, Cell::text),
                    Cell::text(&**verdict),
                    refused.map_or(Cell::Blank, |r| Cell::text(&*r.label)),
                ];
                for (component, number) in components.iter().zip(scores.key(choice)) {
                    if !component.is_number() {
                        let shown = number.map(|n| component.shown(n, tongue));
                        cells.push(shown.map_or(Cell::Blank, Cell::text));
                    }
                    cells.push(Cell::number(*number));
                }
                let pools = self.criteria.pools.len();
                for at in 0..pools {
                    let of_target = scores.pools[choice as usize * pools + at];
                    cells.push(of_target.map_or(Cell::Blank, |yes| Cell::text(flag(yes, tongue))));
                }
                if !self.criteria.passes.is_empty() {
                    let pass = scores.passes[child as usize];
                    let pass = pass.and_then(|at| self.criteria.passes.get(at as usize));
                    cells.push(pass.map_or(Cell::Blank, |p| Cell::text(&*p.label)));
                }
                // What a refused child lacks does not matter.
                let missing = open.filter(|_| refused.is_none()).map(|open| {
                    let of = |m| Missed::of(facts, self.criteria, m).text(tongue);
                    open.missing.iter().map(of).collect::<Vec<_>>().join(" / ")
                });
                cells.push(missing.map_or(Cell::Blank, Cell::text));
                row(&cells);
            }
        })
    }
}
