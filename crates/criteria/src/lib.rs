//! The criteria language: a municipality's 利用調整基準 as data.
//!
//! - [`document`]: a criteria file as sections of rows of plain fields, with positions. TOML and
//!   the workbook are two forms of it; [`schema`] lists sections and fields.
//! - [`edit`]: changes of a document by a program; [`chosen`](mod@chosen): a document with some of the differences between two.
//! - [`read()`], [`write_toml`]: the TOML form; [`mod@form`]: what every form must have; [`from_document`]: whatever form it was read from, checked.
//! - [`expression`]: expressions in the syntax of CEL, parsed.
//! - [`model`]: the same file as meaning: tables, rows, values, keys …; everything an evaluator needs.
//! - [`aggregate`]: where and how guardians' points come together.
//! - [`judgement`]: what an evaluator says about a child at a facility.
//! - [`diagnostic`]: what is wrong, with file, line, column and the line itself.
//!
//! **Invariant:** nothing here evaluates. The compiled evaluator (`enmusubi-scoring`) and the reference
//! evaluator (`enmusubi-reference`) share this crate's reading of a file and nothing else.

pub mod aggregate;
pub mod build;
mod check;
pub mod chosen;
pub mod diagnostic;
pub mod diff;
pub mod document;
pub mod edit;
pub mod expression;
pub mod form;
pub mod inline;
pub mod judgement;
pub mod model;
pub mod read;
pub mod schema;
pub mod suggest;
mod toml_words;
pub mod types;
pub mod walk;
pub mod word_labels;
pub mod words;
pub mod write;

pub use build::{from_document, read};
pub use diagnostic::{Diagnostic, Diagnostics, Language, Severity};
pub use diff::diff;
pub use document::Document;
pub use expression::Expression;
pub use model::Criteria;
pub use read::{read_toml, text_of};
pub use words::{in_words, in_words_of, part_in_words, row_in_words};
pub use write::write_toml;
