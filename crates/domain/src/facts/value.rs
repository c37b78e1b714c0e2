//! Values of attributes.

use super::exact::Exact;
use jiff::civil::Date;
use std::collections::HashMap;

/// Position of a text in [`Symbols`].
pub type SymbolIx = u32;

/// A value. What a number means (unit, enumeration, kind of id) is the attribute's
/// [`super::Type`]; the reader has checked that they agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Value {
    /// Nobody has stated it.
    #[default]
    Unknown,
    /// はい／いいえ.
    Bool(bool),
    /// A number or quantity, in the attribute's unit.
    Number(Exact),
    /// A day.
    Date(Date),
    /// Position in the attribute's [`super::EnumType::values`].
    Enum(u8),
    /// Bit `i`: the attribute's enumeration value `i` is in the set.
    Set(u64),
    /// A text or id ([`Symbols`]). Every table of a round uses the same symbols, so that equal
    /// ids are equal numbers.
    Symbol(SymbolIx),
    /// A list of ids: a position in [`Symbols::lists`].
    Symbols(u32),
}

impl Value {
    /// A whole number.
    #[must_use]
    pub fn whole(n: i64) -> Self {
        Self::Number(Exact::whole(n))
    }

    /// Whether the value is known.
    #[must_use]
    pub fn is_known(self) -> bool {
        self != Self::Unknown
    }
}

/// Texts and ids of a round, each once.
#[derive(Debug, Clone, Default)]
pub struct Symbols {
    texts: Vec<Box<str>>,
    at: HashMap<Box<str>, SymbolIx>,
    /// Lists of symbols, each sorted.
    pub lists: Vec<Vec<SymbolIx>>,
}

impl PartialEq for Symbols {
    fn eq(&self, other: &Self) -> bool {
        self.texts == other.texts && self.lists == other.lists
    }
}

impl Eq for Symbols {}

impl Symbols {
    /// The number of a text, new if needed.
    pub fn intern(&mut self, text: &str) -> SymbolIx {
        if let Some(&at) = self.at.get(text) {
            return at;
        }
        let at = self.texts.len() as SymbolIx;
        self.texts.push(text.into());
        self.at.insert(text.into(), at);
        at
    }

    /// The number of a text that occurs.
    #[must_use]
    pub fn find(&self, text: &str) -> Option<SymbolIx> {
        self.at.get(text).copied()
    }

    /// The text of a number.
    #[must_use]
    pub fn text(&self, at: SymbolIx) -> &str {
        &self.texts[at as usize]
    }

    /// How many texts there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
}
