//! A criteria file as an Excel workbook, both ways, losing nothing.
//!
//! One sheet for each section of [`enmusubi_criteria::schema`], also for those the file does not use yet, so
//! that rows can be added; one column for each field. Beside each expression stands what it says in Japanese, in
//! a grey column that [`import`] does not read. The first sheet explains this to the people who edit it.
//!
//! Text is always written as text, never as a formula, and a text column is formatted as text, so that Excel
//! does not turn `8-31` into a day.

mod cell;
mod guide;
mod layout;
mod read;
mod write;

pub use read::import;
pub use write::{ExportError, export};
