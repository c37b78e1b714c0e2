//! The screens: pages made on the server that work without scripts, and what they are made of.
//!
//! Components ([`kit`]) are functions that return HTML, so that labels, errors, captions and landmarks are right
//! wherever they are used. Words come from message files ([`words`]); styles and the one optional script are in the
//! program ([`assets`]).

pub mod assets;
pub mod kit;
pub mod words;
