//! What stands around fields: forms, groups, buttons.

use maud::{Markup, html};

/// How a button looks, which is how much weight its act has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// The one act a screen is for.
    Primary,
    /// Another act.
    Secondary,
    /// An act that takes something away.
    Danger,
    /// An aside.
    Quiet,
}

impl Look {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "primary",
            Self::Secondary => "secondary",
            Self::Danger => "danger",
            Self::Quiet => "quiet",
        }
    }
}

/// A form that changes something. The server checks everything (`novalidate`), so that all problems are told at once.
#[must_use]
pub fn post(action: &str, body: Markup) -> Markup {
    html! { form.form method="post" action=(action) novalidate { (body) } }
}

/// A form for entering many cases in a row: with the script, Enter leads to the next field and Ctrl+Enter sends.
#[must_use]
pub fn post_entry(action: &str, body: Markup) -> Markup {
    html! { form.form method="post" action=(action) novalidate data-entry { (body) } }
}

/// A form that sends files.
#[must_use]
pub fn post_multipart(action: &str, body: Markup) -> Markup {
    html! {
        form.form method="post" action=(action) enctype="multipart/form-data" novalidate { (body) }
    }
}

/// A form that only asks: filters, searches. Its values stand in the address.
#[must_use]
pub fn get_form(action: &str, body: Markup) -> Markup {
    html! { form.form.asks method="get" action=(action) novalidate { (body) } }
}

/// Fields that belong together.
#[must_use]
pub fn group(legend: &str, hint: Option<&str>, body: Markup) -> Markup {
    html! {
        fieldset.group {
            legend { (legend) }
            @if let Some(hint) = hint { p.hint { (hint) } }
            (body)
        }
    }
}

/// The buttons of a form or a page, the main one first.
#[must_use]
pub fn acts(buttons: Markup) -> Markup {
    html! { div.acts { (buttons) } }
}

/// Sends the form.
#[must_use]
pub fn button(label: &str, look: Look) -> Markup {
    html! { button.button.(look.class()) type="submit" { (label) } }
}

/// Sends the form and says which button it was.
#[must_use]
pub fn button_named(name: &str, value: &str, label: &str, look: Look) -> Markup {
    html! {
        button.button.(look.class()) type="submit" name=(name) value=(value) { (label) }
    }
}

/// A link that looks like a button.
#[must_use]
pub fn link_button(href: &str, label: &str, look: Look) -> Markup {
    html! { a.button.(look.class()) href=(href) { (label) } }
}
