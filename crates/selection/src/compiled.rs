//! What compiling a round's tables yields: the market, and the way back to the tables' words.

use enmusubi_market::{ChildIx, ChoiceIx, FamilyIx, Market, WishFields};

/// What happens to children the criteria leave equal (同点). Selection model, section 2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ties {
    /// Nobody is placed while a tie is undecided (the default).
    Stop,
    /// SHA-256(seed ":" child id), smaller first.
    Lottery(String),
    /// An equal child is no reason to give up a seat; the solver uses the freedom.
    Equal,
    /// The earlier row of the children's file wins (for comparison with the peer only).
    RowOrder,
}

impl Ties {
    /// Reads `stop`, `lottery:SEED`, `equal` or `row-order`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.split_once(':') {
            None if text == "stop" => Some(Self::Stop),
            None if text == "equal" => Some(Self::Equal),
            None if text == "row-order" => Some(Self::RowOrder),
            Some(("lottery", seed)) if !seed.is_empty() => Some(Self::Lottery(seed.to_owned())),
            _ => None,
        }
    }
}

/// A round turned into a market.
#[derive(Debug, Clone)]
pub struct CompiledRound {
    /// The market the engine decides.
    pub market: Market,
    /// Per child of the market: its row (0-based) in the round's children table.
    pub rows: Vec<u32>,
    /// The components of a priority key, most important first (stratum, points, lottery …).
    pub key_components: Vec<KeyComponent>,
    /// Per choice of the market: one value for each of [`CompiledRound::key_components`].
    pub keys: KeyTable,
    /// Per choice of the market: the N of the column where the family wrote it (第N希望; 0 where
    /// only the combination table names it). Differs from the rank where the list had holes or
    /// a rule refused a choice.
    pub numbers: Vec<u32>,
    /// Choices that a rule does not allow: they are not in the market.
    pub refusals: Vec<Refusal>,
    /// What families asked for whose lists were written out because a key compares whether they
    /// enter together; by family.
    pub asked: Vec<(FamilyIx, WishFields)>,
    /// How ties were resolved.
    pub ties: Ties,
    /// Fewer admitted or considered than this: cut-offs, differing keys and counterfactuals are
    /// withheld from parents.
    pub disclosure_minimum: u32,
}

/// One component of the priority key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyComponent {
    /// Japanese label, e.g. 「指数」「抽選」.
    pub label: String,
    /// What kind of thing is compared.
    pub kind: KeyKind,
}

/// Kinds of key components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    /// Leading stratum (枠の対象者が先 …); smaller first.
    Stratum,
    /// Points (指数); larger first.
    Points,
    /// Lottery number; smaller first. Its value is the hexadecimal digest.
    Lottery,
    /// Row of the file; smaller first.
    Row,
    /// Another thing compared; larger first.
    Higher,
    /// Another thing compared; smaller first.
    Lower,
}

/// Values of the key components, choice by choice.
#[derive(Debug, Clone, Default)]
pub struct KeyTable {
    /// Interned values as shown to people.
    pub values: Vec<Box<str>>,
    /// `components × choices` indices into `values`, choice-major.
    pub index: Vec<u32>,
    /// Number of components.
    pub components: u32,
}

impl KeyTable {
    /// Values of one choice's key, most important component first.
    pub fn of(&self, choice: ChoiceIx) -> impl Iterator<Item = &str> {
        let n = self.components as usize;
        let start = choice as usize * n;
        self.index[start..start + n]
            .iter()
            .map(|&v| &*self.values[v as usize])
    }
}

/// A choice (whole nursery, or one pool of it) that a rule does not allow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The child.
    pub child: ChildIx,
    /// Nursery id as in the files.
    pub nursery: Box<str>,
    /// Choice rank as the family wrote it (第N希望, 1-based; 0 where only the combination table
    /// names the nursery).
    pub rank: u32,
    /// Pool id where only the pool is refused; the rest of the nursery stays open to the child.
    pub pool: Option<Box<str>>,
    /// Why, for staff (rule's label).
    pub rule: Box<str>,
    /// Why, for the family (kind and complete sentence from the rule file), if the file has one.
    pub parent_text: Option<Box<str>>,
}
