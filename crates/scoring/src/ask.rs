//! What an explanation asks a [`Session`] about: single conditions, rows, groups, values.
//!
//! Expressions are compiled each time, without slots: for one choice, not for a round.

use crate::{
    compile::Compiler,
    key::Step,
    session::{Gives, Outcome, Session},
};
use enmusubi_criteria::types::Typed;
use enmusubi_domain::facts::{Exact, Value};

impl Session<'_> {
    /// A condition of the file, or a part of one; `None` where unknown. It is compiled each time: for
    /// explanations, not for scoring.
    pub fn condition(&mut self, e: &Typed) -> Outcome<Option<bool>> {
        Ok(match self.evaluate(e, 0)? {
            Value::Bool(b) => Some(b),
            _ => None,
        })
    }

    /// Any expression of the file, or a part of one inside `folds` folds ([`Session::with_variable`]).
    pub fn evaluate(&mut self, e: &Typed, folds: u16) -> Outcome<Value> {
        let compiled =
            Compiler::single(&self.program.resolved.scopes, &self.program.code).inside(e, folds);
        self.any(&compiled)
    }

    /// What a row gives, exclusions aside.
    pub fn row(&mut self, table: u32, row: u32, element: Option<u32>) -> Outcome<Gives> {
        let code = &self.program.code.tables[table as usize];
        let element = element.unwrap_or(self.element_at_hand());
        self.with_element(element, |s| s.row_alone(code, row as usize))
    }

    /// What every row gives after exclusions.
    pub fn rows(&mut self, table: u32, element: Option<u32>) -> Outcome<Vec<Gives>> {
        let code = &self.program.code.tables[table as usize];
        let element = element.unwrap_or(self.element_at_hand());
        self.with_element(element, |s| {
            let base = s.scratch.len();
            let done = s.all_rows(code);
            let rows = s.scratch[base..].to_vec();
            s.scratch.truncate(base);
            done.map(|()| rows)
        })
    }

    /// What a group gives, its bounds included.
    pub fn group(&mut self, table: u32, group: u32, element: Option<u32>) -> Outcome<Gives> {
        let code = &self.program.code.tables[table as usize];
        let element = element.unwrap_or(self.element_at_hand());
        self.with_element(element, |s| {
            let base = s.scratch.len();
            let given = s
                .all_rows(code)
                .and_then(|()| s.group_of(code, group as usize, base))
                .map_err(|f| f.within(code.item));
            s.scratch.truncate(base);
            given
        })
    }

    /// A named value before its changes, and after each.
    pub fn value_steps(&mut self, at: u32) -> Outcome<(Option<Exact>, Vec<Step>)> {
        let code = &self.program.code.values[at as usize];
        let start = self.num(&code.start).map_err(|f| f.within(code.item))?;
        let mut steps = Vec::with_capacity(code.changes.len());
        self.changed(code, |step| steps.push(step))?;
        Ok((start, steps))
    }
}
