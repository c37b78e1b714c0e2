//! Ids and points to small numbers while reading, without a string per cell.

use enmusubi_domain::Score;
use hashbrown::{DefaultHashBuilder, HashMap, HashTable};
use std::hash::BuildHasher as _;

/// Positions by id. The ids themselves stay where they are; the caller shows how to get at them.
#[derive(Default)]
pub(crate) struct Ids {
    hasher: DefaultHashBuilder,
    table: HashTable<u32>,
}

impl Ids {
    /// The position stored for an id.
    pub fn find<'s>(&self, id: &str, at: impl Fn(u32) -> &'s str) -> Option<u32> {
        self.table
            .find(self.hasher.hash_one(id), |&i| at(i) == id)
            .copied()
    }

    /// Stores a position for an id that [`Ids::find`] did not know.
    pub fn insert<'s>(&mut self, id: &str, position: u32, at: impl Fn(u32) -> &'s str) {
        let hasher = &self.hasher;
        self.table
            .insert_unique(hasher.hash_one(id), position, |&i| hasher.hash_one(at(i)));
    }
}

/// Distinct points.
#[derive(Default)]
pub(crate) struct Scores {
    pub list: Vec<Score>,
    small: HashMap<i64, u32>,
    large: HashMap<Score, u32>,
    last_text: String,
    last: u32,
}

impl Scores {
    /// Position of the points a cell holds; `None` where it holds no integer. Neighbouring cells
    /// mostly hold the same text.
    pub fn read(&mut self, text: &str) -> Option<u32> {
        if !self.last_text.is_empty() && self.last_text == text {
            return Some(self.last);
        }
        let score = Score::parse(text)?;
        let next = self.list.len() as u32;
        let at = match score.small() {
            Some(v) => *self.small.entry(v).or_insert(next),
            None => *self.large.entry(score.clone()).or_insert(next),
        };
        if at == next {
            self.list.push(score);
        }
        self.last = at;
        self.last_text.clear();
        self.last_text.push_str(text);
        Some(at)
    }
}
