//! Checks of a file whose form is right. Each asks one kind of question.

pub(crate) mod bands;
pub(crate) mod consequences;
pub(crate) mod examples;
pub(crate) mod file;
pub(crate) mod priority;
pub(crate) mod references;
pub(crate) mod rows;
pub(crate) mod unused;
