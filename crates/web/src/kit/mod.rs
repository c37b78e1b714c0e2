//! Components of screens as functions: label, hint and problem belong to every field, a caption to every table, and
//! nothing is said by colour alone, because nobody can leave it out.
//!
//! A screen makes a [`Page`] and renders its body into it. Forms keep what was typed in a [`Form`], which is shown again
//! together with all problems. Components know nothing of the product; their few words are in `messages/kit.*.toml`.

mod choice;
mod date;
mod field;
mod form;
mod frame;
mod list;
mod page;
mod parts;

pub use choice::{check, checks, radios, select};
pub use date::{date, date_parts};
pub use field::{Field, Width, area, file, hidden, number, password, text};
pub use form::{Form, Problem, error_summary};
pub use frame::{
    Look, acts, button, button_named, get_form, group, link_button, post, post_entry,
    post_multipart,
};
pub use list::{Column, ListState, Row, empty, pages, table};
pub use page::{Flash, NavItem, Page, Place, SIGN_OUT, UserBox};
pub use parts::{Tone, badge, beside, details_list, notice, progress, section, tabs, timeline};

#[cfg(test)]
mod tests;
