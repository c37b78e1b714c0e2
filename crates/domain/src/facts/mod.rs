//! Facts (事実): what a round's papers say about guardians, households, children, facilities and
//! choices, typed and with units, as of the round's base date (基準日).
//!
//! - [`vocabulary`]: every attribute a criteria file may speak of: meaning, unit, paper.
//! - [`value`]: values, and the exact numbers they are made of ([`exact`], [`unit`]).
//! - [`table`]: one table of subjects with their attributes in columns.
//! - [`round_facts`]: all tables of one round.
//! - [`derived`]: attributes that follow from others (age class, months of age, linked nurseries).
//! - [`extract`]: one household's, or some households', part of a round.
//! - [`stacked`]: several rounds as one, each a town of its own.
//! - [`words`]: values as people write them: units, 和暦, labels.
//! - [`certificate`]: hours and days from one unit to another, as the national employment certificate says.
//!
//! **Invariant:** an attribute nobody stated is [`Value::Unknown`], unless the vocabulary says
//! what a blank on the form means ([`Blank`]). Unknown is never 0 and never "no".

pub mod certificate;
pub mod derived;
pub mod exact;
pub mod extract;
pub mod round_facts;
pub mod stacked;
pub mod table;
pub mod unit;
pub mod value;
pub mod vocabulary;
pub mod words;

pub use exact::Exact;
pub use extract::{HouseholdRound, HouseholdsRound};
pub use round_facts::{
    ClassSeats, Discretion, RoundFacts, RoundInfo, SharedSeats, WishAnswer, WishRow,
};
pub use table::Table;
pub use unit::Unit;
pub use value::{SymbolIx, Symbols, Value};
pub use vocabulary::{Attribute, AttributeIx, Blank, Entity, EnumType, Type};
