//! What the text at the top of `enmusubi_criteria::model` and `enmusubi_criteria::expression` says, point by point, of the
//! compiled evaluator. (That it says the same as the reference evaluator is tested on random households elsewhere.)

mod expressions;
mod household;
mod keys;
mod missing;
mod tables;
