//! Values, strata, keys, coupling; eligibility, pools, passes.

use crate::case::{Case, Dyn, Fault, Outcome, Scope};
use enmusubi_criteria::{
    expression::Expression,
    judgement::{Eligible, Judgement},
    model::{Coupling, Effect},
};
use enmusubi_domain::facts::{Exact, derived};
use jiff::civil::date;

impl<'a> Case<'a> {
    /// Everything about this choice.
    pub fn judgement(&self) -> Outcome<Judgement> {
        let criteria = self.criteria;
        let mut key = Vec::new();
        if !criteria.strata.is_empty() {
            let conditions = criteria.strata.iter().map(|s| (&*s.id, s.when.as_ref()));
            key.push(
                self.first_that_holds(conditions)?
                    .map(|at| Exact::whole(at.into())),
            );
        }
        for at in 0..criteria.keys.len() {
            if criteria.keys[at].value.is_some() {
                key.push(self.coupled_key(at)?);
            }
        }

        let mut eligibility = Eligible::Yes;
        for (at, rule) in criteria.eligibility.iter().enumerate() {
            match self.holds(&rule.require, &rule.id)? {
                Some(true) => {}
                None => eligibility = Eligible::Unknown,
                Some(false) => {
                    eligibility = Eligible::No(at as u32);
                    break;
                }
            }
        }

        let mut pools = Vec::new();
        for pool in &criteria.pools {
            pools.push(self.holds(&pool.target, &pool.id)?);
        }

        let pass = if criteria.passes.is_empty() {
            Some(0)
        } else {
            let conditions = criteria.passes.iter().map(|p| (&*p.id, p.when.as_ref()));
            self.first_that_holds(conditions)?
        };
        Ok(Judgement {
            key,
            eligibility,
            pools,
            pass,
        })
    }

    fn holds(&self, condition: &'a Expression, item: &str) -> Outcome<Option<bool>> {
        self.condition(condition, Scope::default())
            .map_err(|f| f.within(item))
    }

    /// Position of the first whose condition holds, or how many there are if none does; unknown if
    /// one before it is unknown.
    fn first_that_holds(
        &self,
        conditions: impl Iterator<Item = (&'a str, Option<&'a Expression>)>,
    ) -> Outcome<Option<u32>> {
        let mut count = 0;
        for (at, (id, when)) in (0u32..).zip(conditions) {
            let holds = match when {
                Some(when) => self.holds(when, id)?,
                None => Some(true),
            };
            match holds {
                Some(true) => return Ok(Some(at)),
                Some(false) => {}
                None => return Ok(None),
            }
            count += 1;
        }
        Ok(Some(count))
    }

    /// A value with its changes; `None` where unknown.
    pub fn value(&self, at: usize) -> Outcome<Option<Exact>> {
        if let Some(&known) = self.values.borrow().get(&at) {
            return Ok(known);
        }
        let value = self.changed_value(at)?;
        self.values.borrow_mut().insert(at, value);
        Ok(value)
    }

    fn changed_value(&self, at: usize) -> Outcome<Option<Exact>> {
        let named = &self.criteria.values[at];
        let scope = Scope::default();
        let mut value = self
            .number(&named.value, scope)
            .map_err(|f| f.within(&named.id))?;
        for change in &named.changes {
            let holds = match &change.when {
                Some(when) => self.holds(when, &change.id)?,
                None => Some(true),
            };
            match holds {
                Some(false) => continue,
                None => {
                    value = None;
                    continue;
                }
                Some(true) => {}
            }
            let by = self
                .number(&change.by, scope)
                .map_err(|f| f.within(&change.id))?;
            value = match (change.effect, value, by) {
                (Effect::Set, _, by) => by,
                (_, None, _) | (_, _, None) => None,
                (effect, Some(value), Some(by)) => Some(
                    match effect {
                        Effect::Set => Some(by),
                        Effect::Add => value.plus(by),
                        Effect::Multiply => value.times(by),
                        Effect::AtMost => Some(value.min(by)),
                        Effect::AtLeast => Some(value.max(by)),
                    }
                    .ok_or_else(|| too_large().within(&change.id))?,
                ),
            };
        }
        Ok(value)
    }

    /// A key of this child alone.
    fn own_key(&self, at: usize) -> Outcome<Option<Exact>> {
        let key = &self.criteria.keys[at];
        let Some(expression) = &key.value else {
            return Ok(None);
        };
        let value = self
            .walk(expression, Scope::default())
            .map_err(|f| f.within(&key.id))?;
        Ok(match value {
            Dyn::Number(n) => Some(n),
            Dyn::Bool(b) => Some(Exact::whole(b.into())),
            // Its number: days from 1 January 1970.
            Dyn::Date(day) => Some(Exact::whole(derived::days_between(date(1970, 1, 1), day))),
            _ => None,
        })
    }

    /// A key, siblings considered.
    fn coupled_key(&self, at: usize) -> Outcome<Option<Exact>> {
        let siblings = &self.criteria.siblings;
        if siblings.coupling == Coupling::None || !siblings.coupled.contains(&(at as u32)) {
            return self.own_key(at);
        }
        let mut values = Vec::new();
        let mut unknown = false;
        let children = self.facts.index.children[self.household as usize].clone();
        for child in children {
            for choice in self.facts.index.choices[child as usize].clone() {
                if self.facts.choice_facility[choice as usize] == self.facility {
                    let case = Case::new(self.criteria, self.facts, choice);
                    match case.own_key(at)? {
                        Some(value) => values.push(value),
                        None => unknown = true,
                    }
                }
            }
        }
        if unknown {
            return Ok(None);
        }
        let id = &self.criteria.keys[at].id;
        match siblings.coupling {
            Coupling::Highest if self.criteria.keys[at].higher_first => {
                Ok(values.into_iter().max())
            }
            Coupling::Highest => Ok(values.into_iter().min()),
            Coupling::Average | Coupling::None => {
                let count = Exact::whole(values.len() as i64);
                let mut sum = Exact::ZERO;
                for value in values {
                    sum = sum.plus(value).ok_or_else(|| too_large().within(id))?;
                }
                // Nobody there cannot be: the child itself has chosen the facility.
                Ok(sum.over(count))
            }
        }
    }
}

fn too_large() -> Fault {
    Fault {
        item: None,
        division: false,
    }
}
