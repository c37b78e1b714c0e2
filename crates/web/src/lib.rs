//! The screens: pages made on the server that work without scripts, and what they are made of.
//!
//! Components ([`kit`]) are functions that return HTML, so that labels, errors, captions and landmarks are right
//! wherever they are used. Words come from message files ([`words`]); styles and the one optional script are in the
//! program ([`assets`]).
//!
//! Screens are in [`rooms`], a file or folder each, which list their routes ([`route`]) with the right each needs. `gate` stands before
//! every one of them: session, right, protection, own family; then the handler.
//!
//! **Invariant:** a route without a declared need does not exist: the router is made from the list, and so is the
//! authorisation test.

pub mod assets;
mod gate;
pub mod kit;
pub mod rooms;
pub mod route;
mod say;
mod session;
pub mod site;
pub mod words;

pub use site::{Settings, Site};
