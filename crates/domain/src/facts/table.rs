//! One table of subjects (guardians, children …) with their attributes in columns.

use super::{
    value::Value,
    vocabulary::{AttributeIx, Entity, VOCABULARY},
};
use std::{ops::Range, sync::Arc};

/// Subjects of one kind, grouped by what they belong to (a guardian by household, a choice by
/// child …), in the order of their parents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What its rows are.
    pub entity: Entity,
    /// Ids, normalised; unique where the entity has ids of its own, else empty texts.
    pub ids: Vec<Box<str>>,
    /// Row of each subject as a spreadsheet shows it, 1-based.
    pub rows: Vec<u32>,
    /// Parent of each subject, ascending: household of a guardian, adult, child; child of a
    /// choice or a decline. Empty for facilities, households and the round.
    pub parents: Vec<u32>,
    /// Evidence as the table states it for a row (e.g. `就労証明書 2026-09-30`), empty if not.
    pub evidence: Vec<Box<str>>,
    /// Per attribute of the vocabulary: a value for each subject, or `None` where nobody stated
    /// the attribute at all (every value is then the attribute's blank). Copies of a table share a column until
    /// one of them states something in it: rounds are compared with copies in which one fact is otherwise.
    columns: Vec<Option<Arc<Vec<Value>>>>,
}

impl Table {
    /// A table without subjects.
    #[must_use]
    pub fn new(entity: Entity) -> Self {
        Self {
            entity,
            ids: Vec::new(),
            rows: Vec::new(),
            parents: Vec::new(),
            evidence: Vec::new(),
            columns: vec![None; VOCABULARY.len()],
        }
    }

    /// Number of subjects.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Adds a subject without values. Parents must come in ascending order.
    pub fn push(&mut self, id: &str, parent: Option<u32>, row: u32) -> u32 {
        debug_assert!(
            parent.zip(self.parents.last()).is_none_or(|(p, &l)| l <= p),
            "parents must ascend"
        );
        self.ids.push(id.into());
        self.rows.push(row);
        self.evidence.push("".into());
        self.parents.extend(parent);
        for (at, column) in self.columns.iter_mut().enumerate() {
            if let Some(column) = column {
                Arc::make_mut(column).push(VOCABULARY[at].blank_value());
            }
        }
        self.ids.len() as u32 - 1
    }

    /// States an attribute of a subject.
    pub fn set(&mut self, subject: u32, attribute: AttributeIx, value: Value) {
        debug_assert_eq!(VOCABULARY[attribute as usize].entity, self.entity);
        let n = self.ids.len();
        let blank = VOCABULARY[attribute as usize].blank_value();
        let column = &mut self.columns[attribute as usize];
        let column = column.get_or_insert_with(|| Arc::new(vec![blank; n]));
        Arc::make_mut(column)[subject as usize] = value;
    }

    /// States an attribute of every subject at once.
    pub fn set_column(&mut self, attribute: AttributeIx, values: Vec<Value>) {
        debug_assert_eq!(VOCABULARY[attribute as usize].entity, self.entity);
        debug_assert_eq!(values.len(), self.ids.len());
        self.columns[attribute as usize] = Some(Arc::new(values));
    }

    /// An attribute of a subject: as stated, else what a blank means.
    #[must_use]
    pub fn get(&self, subject: u32, attribute: AttributeIx) -> Value {
        match &self.columns[attribute as usize] {
            Some(column) => column[subject as usize],
            None => VOCABULARY[attribute as usize].blank_value(),
        }
    }

    /// The whole column of an attribute, where somebody stated it.
    #[must_use]
    pub fn column(&self, attribute: AttributeIx) -> Option<&[Value]> {
        self.columns[attribute as usize].as_ref().map(|c| &***c)
    }

    /// Some of the subjects as a table of their own; their parents count from `first_parent`.
    #[must_use]
    pub fn part(&self, subjects: Range<u32>, first_parent: u32) -> Self {
        let r = subjects.start as usize..subjects.end as usize;
        let parents = if self.parents.is_empty() {
            Vec::new()
        } else {
            let own = self.parents[r.clone()].iter();
            own.map(|p| p - first_parent).collect()
        };
        let column =
            |c: &Option<Arc<Vec<Value>>>| c.as_ref().map(|c| Arc::new(c[r.clone()].to_vec()));
        Self {
            entity: self.entity,
            ids: self.ids[r.clone()].to_vec(),
            rows: self.rows[r.clone()].to_vec(),
            parents,
            evidence: self.evidence[r.clone()].to_vec(),
            columns: self.columns.iter().map(column).collect(),
        }
    }

    /// Chosen subjects, ascending, as a table of their own, under new parents (ascending; empty where the table has
    /// none).
    #[must_use]
    pub fn chosen(&self, subjects: &[u32], parents: Vec<u32>) -> Self {
        debug_assert!(parents.is_empty() || parents.len() == subjects.len());
        fn picked<T: Clone>(list: &[T], subjects: &[u32]) -> Vec<T> {
            let picked = subjects.iter().map(|&s| list[s as usize].clone());
            picked.collect()
        }
        let column =
            |c: &Option<Arc<Vec<Value>>>| c.as_ref().map(|c| Arc::new(picked(c, subjects)));
        Self {
            entity: self.entity,
            ids: picked(&self.ids, subjects),
            rows: picked(&self.rows, subjects),
            parents,
            evidence: picked(&self.evidence, subjects),
            columns: self.columns.iter().map(column).collect(),
        }
    }

    /// Adds all subjects of another table of the same kind, behind those that are there. Their parents count on from
    /// `first_parent`; their ids and values become what the two functions make of them.
    pub fn append(
        &mut self,
        other: &Self,
        first_parent: u32,
        id: impl Fn(&str) -> Box<str>,
        mut value: impl FnMut(Value) -> Value,
    ) {
        debug_assert_eq!(self.entity, other.entity);
        let (before, more) = (self.ids.len(), other.ids.len());
        self.ids.extend(other.ids.iter().map(|i| id(i)));
        self.rows.extend_from_slice(&other.rows);
        let parents = other.parents.iter();
        self.parents.extend(parents.map(|p| p + first_parent));
        self.evidence.extend_from_slice(&other.evidence);
        for (at, (mine, theirs)) in self.columns.iter_mut().zip(&other.columns).enumerate() {
            if mine.is_none() && theirs.is_none() {
                continue;
            }
            let blank = VOCABULARY[at].blank_value();
            let mine = mine.get_or_insert_with(|| Arc::new(vec![blank; before]));
            let mine = Arc::make_mut(mine);
            match theirs {
                Some(theirs) => mine.extend(theirs.iter().map(|v| value(*v))),
                None => mine.resize(before + more, blank),
            }
        }
    }

    /// Subjects of one parent.
    #[must_use]
    pub fn of_parent(&self, parent: u32) -> Range<u32> {
        let start = self.parents.partition_point(|&p| p < parent) as u32;
        let mut end = start;
        while self.parents.get(end as usize) == Some(&parent) {
            end += 1;
        }
        start..end
    }

    /// Position of an id (linear; build a map for many).
    #[must_use]
    pub fn find(&self, id: &str) -> Option<u32> {
        self.ids.iter().position(|i| **i == *id).map(|at| at as u32)
    }
}
