//! Small parts of a screen.

use maud::{Markup, html};

/// What a text means, said by a shape beside it as well as by colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// Done, fine.
    Good,
    /// Waits for somebody.
    Wait,
    /// Wrong, refused, stopped.
    Stop,
    /// To be known.
    Info,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Wait => "wait",
            Self::Stop => "stop",
            Self::Info => "info",
        }
    }

    /// The shape. The text beside it says the same, so it is kept from screen readers.
    fn shape(self) -> &'static str {
        match self {
            Self::Plain => "－",
            Self::Good => "○",
            Self::Wait => "△",
            Self::Stop => "×",
            Self::Info => "i",
        }
    }
}

/// A state in a word.
#[must_use]
pub fn badge(text: &str, tone: Tone) -> Markup {
    html! {
        span.badge.(tone.class()) {
            span.shape aria-hidden="true" { (tone.shape()) }
            (text)
        }
    }
}

/// A box that tells something.
#[must_use]
pub fn notice(tone: Tone, heading: &str, body: Markup) -> Markup {
    html! {
        div.notice.(tone.class()) {
            p.notice-heading {
                span.shape aria-hidden="true" { (tone.shape()) }
                strong { (heading) }
            }
            div { (body) }
        }
    }
}

/// Names and what they are.
#[must_use]
pub fn details_list(rows: &[(String, Markup)]) -> Markup {
    html! {
        dl.details {
            @for (name, value) in rows { div { dt { (name) } dd { (value) } } }
        }
    }
}

/// A part of a page with its heading, to be linked to as `#id`.
#[must_use]
pub fn section(id: &str, heading: &str, body: Markup) -> Markup {
    html! {
        section.section id=(id) aria-labelledby={ (id) "-heading" } {
            h2 id={ (id) "-heading" } { (heading) }
            (body)
        }
    }
}

/// Views of one thing beside each other: (key, label, address, how many). Links, as each is a page.
#[must_use]
pub fn tabs(current: &str, tabs: &[(&str, String, String, Option<u64>)]) -> Markup {
    html! {
        ul.tabs role="list" {
            @for (key, label, href, count) in tabs {
                li {
                    a href=(href) aria-current=[(*key == current).then_some("page")] {
                        (label)
                        @if let Some(count) = count { " " span.count { (count) } }
                    }
                }
            }
        }
    }
}

/// What happened: (when, who, what), in the order given.
#[must_use]
pub fn timeline(events: Vec<(String, String, Markup)>) -> Markup {
    html! {
        ol.timeline role="list" {
            @for (when, who, what) in events {
                li {
                    p.when { span { (when) } " " span.who { (who) } }
                    div.what { (what) }
                }
            }
        }
    }
}

/// How much of something is done, also in figures.
#[must_use]
pub fn progress(done: u64, total: u64, label: &str) -> Markup {
    html! {
        div.progress {
            span.progress-label { (label) }
            progress value=(done.min(total)) max=(total.max(1)) aria-label=(label) {}
            span.progress-figures { (done) " / " (total) }
        }
    }
}

/// Two columns, one below the other where it is narrow.
#[must_use]
pub fn beside(left: Markup, right: Markup) -> Markup {
    html! { div.beside { div { (left) } div { (right) } } }
}
