//! Domain: what a round is made of, as received, before anything is decided.
//!
//! - [`facts`]: what the papers say, typed and with units; the vocabulary of the criteria.
//! - [`past`]: what a section kept of a past round: decisions, index list.
//! - [`round`]: the tables of a round (children, nurseries, combinations), parsed.
//! - [`rules`]: what a table cannot say: groups, pools, passes, eligibility, wishes.
//! - [`score`]: points (指数) as exact integers of any length.
//! - [`individual`]: individual numbers (個人番号), found by their check digit.
//! - [`id`]: how ids are made comparable.
//! - [`rational`]: exact weights such as 1/3.
//! - [`template`]: message templates with named places.

pub mod facts;
pub mod id;
pub mod individual;
pub mod past;
pub mod rational;
pub mod round;
pub mod rules;
pub mod score;
pub mod template;

pub use rational::Rational;
pub use round::{
    Child, ChildIx, Choice, Combination, FactColumn, Household, Nursery, NurseryIx, Round,
};
pub use rules::Rules;
pub use score::Score;
