//! Rows as the staff recorded them, beside the rows that apply.

use super::{measure::Target, remark};
use crate::report::Remark;
use enmusubi_criteria::Criteria;
use enmusubi_domain::past::{IndexLine, StaffIndex};
use enmusubi_scoring::Contributions;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The rows of a file by what a list may call them.
pub struct Recorded<'c> {
    criteria: &'c Criteria,
    rows: &'c Contributions,
    /// By id and by label: tables and rows (a label may be that of several).
    names: HashMap<&'c str, Vec<(u32, u32)>>,
    /// Ids and labels of what is no row: changes of values, keys, values.
    others: HashSet<&'c str>,
}

impl<'c> Recorded<'c> {
    pub fn of(criteria: &'c Criteria, rows: &'c Contributions) -> Self {
        let mut names: HashMap<&str, Vec<(u32, u32)>> = HashMap::new();
        for (t, table) in (0u32..).zip(&criteria.tables) {
            for (r, row) in (0u32..).zip(&table.rows) {
                names.entry(&row.id).or_default().push((t, r));
                if row.label != row.id {
                    names.entry(&row.label).or_default().push((t, r));
                }
            }
        }
        let mut others: HashSet<&str> = HashSet::new();
        for value in &criteria.values {
            others.extend([&*value.id, &*value.label]);
            for change in &value.changes {
                others.extend([&*change.id, &*change.label]);
            }
        }
        Self {
            criteria,
            rows,
            names,
            others,
        }
    }

    fn applies(&self, (table, row): (u32, u32), target: &Target) -> bool {
        let list = self.rows.of(table, row);
        let at = |x: u32| list.binary_search_by_key(&x, |c| c.choice).is_ok();
        target.choices.clone().any(at)
    }

    /// Recorded rows that do not apply, as they are recorded.
    pub fn only_theirs(&self, line: &IndexLine, target: &Target) -> Vec<String> {
        let recorded = line.rows.iter().flatten();
        let wrong = recorded.filter(|name| {
            let rows = self.names.get(&***name);
            let applies = rows.is_some_and(|rows| rows.iter().any(|r| self.applies(*r, target)));
            !applies && !self.others.contains(&***name)
        });
        wrong.map(ToString::to_string).collect()
    }

    /// Rows that apply and are not recorded: labels. A row that another outdoes may be left out rightly; this is told
    /// only where the numbers differ.
    pub fn only_ours(&self, line: &IndexLine, target: &Target) -> Vec<String> {
        let Some(recorded) = &line.rows else {
            return Vec::new();
        };
        let mut found = Vec::new();
        for (t, table) in (0u32..).zip(&self.criteria.tables) {
            for (r, row) in (0u32..).zip(&table.rows) {
                let named = recorded.iter().any(|n| *n == row.id || *n == row.label);
                if !named && self.applies((t, r), target) {
                    found.push(row.label.to_string());
                }
            }
        }
        found
    }

    /// Names that are none of the file's, and lines that agree although a recorded row does not apply.
    pub fn remarks(&self, list: &StaffIndex, targets: &[Target], agrees: &[bool]) -> Vec<Remark> {
        let mut unknown: BTreeMap<&str, u32> = BTreeMap::new();
        let mut otherwise: Vec<&str> = Vec::new();
        for (target, agrees) in targets.iter().zip(agrees) {
            let line = &list.list[target.line as usize];
            for name in line.rows.iter().flatten() {
                if !self.names.contains_key(&**name) && !self.others.contains(&**name) {
                    *unknown.entry(name).or_default() += 1;
                }
            }
            if *agrees && !self.only_theirs(line, target).is_empty() {
                otherwise.push(&line.child);
            }
        }
        let mut remarks = Vec::new();
        if !unknown.is_empty() {
            remarks.push(remark("index-unknown-row", unknown.into_keys().collect()));
        }
        if !otherwise.is_empty() {
            remarks.push(remark("index-rows-differ", otherwise));
        }
        remarks
    }
}
