//! Values, strata, keys, eligibility, pools, passes of the choice at hand. The meaning is at the top of
//! `enmusubi_criteria::model`.

use crate::{
    code::{KeyCode, Rule, ValueCode},
    session::{Fault, Outcome, Session},
};
use enmusubi_criteria::{judgement::Eligible, model::Effect};
use enmusubi_domain::facts::{Exact, Value, derived};
use jiff::civil::{Date, date};

/// What became of a change of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Step {
    /// Whether its condition holds.
    pub holds: Option<bool>,
    /// Its operand, where it was evaluated and is known.
    pub by: Option<Exact>,
    /// The value after it.
    pub value: Option<Exact>,
}

impl Session<'_> {
    /// A named value with its changes; `None` where unknown.
    pub fn value(&mut self, at: u32) -> Outcome<Option<Exact>> {
        let code = &self.program.code.values[at as usize];
        self.kept_number(code.slot, 0, |s| s.changed(code, |_| {}))
    }

    pub(crate) fn changed(
        &mut self,
        code: &ValueCode,
        mut each: impl FnMut(Step),
    ) -> Outcome<Option<Exact>> {
        let mut value = self.num(&code.start).map_err(|f| f.within(code.item))?;
        for change in &code.changes {
            let holds = match &change.when {
                None => Some(true),
                Some(when) => self.cond(when).map_err(|f| f.within(change.item))?,
            };
            let mut by = None;
            match holds {
                Some(false) => {}
                None => value = None,
                Some(true) => {
                    by = self.num(&change.by).map_err(|f| f.within(change.item))?;
                    value = match (change.effect, value, by) {
                        (Effect::Set, _, by) => by,
                        (_, None, _) | (_, _, None) => None,
                        (effect, Some(value), Some(by)) => {
                            let changed = match effect {
                                Effect::Set => Some(by),
                                Effect::Add => value.plus(by),
                                Effect::Multiply => value.times(by),
                                Effect::AtMost => Some(value.min(by)),
                                Effect::AtLeast => Some(value.max(by)),
                            };
                            let fault = Fault::new(false).within(change.item);
                            Some(changed.ok_or(fault)?)
                        }
                    };
                }
            }
            each(Step { holds, by, value });
        }
        Ok(value)
    }

    /// Whether a rule holds.
    pub(crate) fn rule(&mut self, rule: &Rule) -> Outcome<Option<bool>> {
        match &rule.when {
            None => Ok(Some(true)),
            Some(when) => self.cond(when).map_err(|f| f.within(rule.item)),
        }
    }

    /// Position of the stratum, or how many there are if none holds; `None` where unknown. Only for
    /// files that have strata.
    pub fn stratum(&mut self) -> Outcome<Option<u32>> {
        let rules = &self.program.code.strata;
        self.first_that_holds(rules)
    }

    /// Position of the pass of the child at hand; 0 where the file has none.
    pub fn pass(&mut self) -> Outcome<Option<u32>> {
        let rules = &self.program.code.passes;
        self.first_that_holds(rules)
    }

    fn first_that_holds(&mut self, rules: &[Rule]) -> Outcome<Option<u32>> {
        for (at, rule) in (0u32..).zip(rules) {
            match self.rule(rule)? {
                Some(true) => return Ok(Some(at)),
                Some(false) => {}
                None => return Ok(None),
            }
        }
        Ok(Some(rules.len() as u32))
    }

    /// A key of the child at hand alone (position among those that are not to be filled).
    pub fn key(&mut self, at: u32) -> Outcome<Option<Exact>> {
        let key = &self.program.code.keys[at as usize];
        match key.slot {
            Some(slot) => self.kept_number(slot, 0, |s| s.key_now(key)),
            None => self.key_now(key),
        }
    }

    fn key_now(&mut self, key: &KeyCode) -> Outcome<Option<Exact>> {
        let value = self.any(&key.value).map_err(|f| f.within(key.item))?;
        Ok(match value {
            Value::Number(n) => Some(n),
            Value::Bool(b) => Some(Exact::whole(b.into())),
            Value::Date(day) => Some(Exact::whole(derived::days_between(EPOCH, day))),
            _ => None,
        })
    }

    /// Whether the child at hand may be placed at the facility at hand.
    pub fn eligible(&mut self) -> Outcome<Eligible> {
        let mut eligible = Eligible::Yes;
        for (at, rule) in (0u32..).zip(&self.program.code.eligibility) {
            match self.rule(rule)? {
                Some(true) => {}
                Some(false) => return Ok(Eligible::No(at)),
                None => eligible = Eligible::Unknown,
            }
        }
        Ok(eligible)
    }

    /// Whether the child at hand is of the target group of a pool.
    pub fn pool(&mut self, at: u32) -> Outcome<Option<bool>> {
        let rule = &self.program.code.pools[at as usize];
        self.rule(rule)
    }
}

/// Days are counted from here.
const EPOCH: Date = date(1970, 1, 1);
