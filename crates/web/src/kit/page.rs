//! The whole page: landmarks, navigation, the signed-in person, what just happened.

use maud::{DOCTYPE, Markup, html};

use crate::assets;
use crate::words::{Lang, Words};

/// Key of the navigation item a page belongs to; empty: none.
pub type Place = &'static str;

/// Where the sign-out form is sent.
pub const SIGN_OUT: &str = "/sign-out";

/// A page but for its body.
#[derive(Debug, Clone)]
pub struct Page<'a> {
    /// The language and its words.
    pub words: &'a Words,
    /// Heading, and title of the window.
    pub title: String,
    /// Which navigation item is current.
    pub place: Place,
    /// The main screens this person may open.
    pub nav: &'a [NavItem],
    /// Who is signed in.
    pub user: Option<UserBox>,
    /// What the last act came to.
    pub flash: Option<Flash>,
    /// The page above: address and label.
    pub back: Option<(String, String)>,
    /// As wide as the window, for tables.
    pub wide: bool,
}

/// A main screen.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Its key, for [`Page::place`].
    pub key: &'static str,
    /// Its name.
    pub label: String,
    /// Its address.
    pub href: String,
    /// How many things wait there.
    pub count: Option<u64>,
}

/// The signed-in person.
#[derive(Debug, Clone)]
pub struct UserBox {
    /// Name.
    pub name: String,
    /// Municipality whose data is shown.
    pub municipality: String,
    /// Roles, as one text.
    pub roles: String,
}

/// What the last act came to.
#[derive(Debug, Clone)]
pub enum Flash {
    /// It was done.
    Done(String),
    /// Something to know.
    Note(String),
    /// It was not done.
    Problem(String),
}

impl Page<'_> {
    /// The full document.
    #[must_use]
    pub fn render(self, body: Markup) -> Markup {
        let words = self.words;
        html! {
            (DOCTYPE)
            html lang=(words.lang.tag()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light";
                    title { (words.say("page.title", &[("title", &self.title)])) }
                    link rel="icon" href=(assets::path("icon.svg"));
                    link rel="stylesheet" href=(assets::path("app.css"));
                    script src=(assets::path("app.js")) defer {}
                }
                (self.body(body))
            }
        }
    }

    fn body(&self, body: Markup) -> Markup {
        let words = self.words;
        html! {
            body data-understood=(words.t("date.understood")) data-unreadable=(words.t("date.unreadable"))
                data-first=(words.t("date.first")) data-weekdays=(words.t("date.weekdays")) data-eras=(eras(words)) {
                a.skip href="#main" { (words.t("page.skip")) }
                (self.header())
                @if !self.nav.is_empty() { (self.navigation()) }
                main #main .wide[self.wide] tabindex="-1" {
                    @if let Some((href, label)) = &self.back {
                        p.back { a href=(href) { span aria-hidden="true" { "‹ " } (label) } }
                    }
                    h1 { (self.title) }
                    @if let Some(flash) = &self.flash { (flash.render(words)) }
                    (body)
                }
                (footer(words))
            }
        }
    }

    fn header(&self) -> Markup {
        let words = self.words;
        let other = match words.lang {
            Lang::Ja => Lang::En,
            Lang::En => Lang::Ja,
        };
        html! {
            header.top {
                p.brand {
                    a href="/" { (words.t("page.product")) }
                    @if let Some(user) = &self.user { span.municipality { (user.municipality) } }
                }
                div.who-box {
                    @if let Some(user) = &self.user {
                        p.user {
                            span.away { (words.t("page.user")) " " }
                            (user.name) " " span.roles { (words.say("page.roles", &[("roles", &user.roles)])) }
                        }
                    }
                    p.language {
                        span.away { (words.t("page.language")) " " }
                        a href={ "?lang=" (other.tag()) } lang=(other.tag()) hreflang=(other.tag()) {
                            (words.t("page.other_language"))
                        }
                    }
                    @if self.user.is_some() {
                        form method="post" action=(SIGN_OUT) {
                            button.button.quiet type="submit" { (words.t("page.sign_out")) }
                        }
                    }
                }
            }
        }
    }

    fn navigation(&self) -> Markup {
        html! {
            nav.main-nav aria-label=(self.words.t("page.nav")) {
                ul role="list" {
                    @for (n, item) in self.nav.iter().enumerate() {
                        li {
                            a href=(item.href) accesskey=[(n < 9).then_some(n + 1)]
                                aria-current=[(item.key == self.place).then_some("page")] {
                                (item.label)
                                @if let Some(count) = item.count { " " span.count { (count) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Flash {
    fn render(&self, words: &Words) -> Markup {
        let (class, role, shape, before, text) = match self {
            Self::Done(text) => ("good", "status", "○", words.t("page.done"), text),
            Self::Note(text) => ("info", "status", "i", words.t("page.note"), text),
            Self::Problem(text) => ("stop", "alert", "×", words.t("page.problem"), text),
        };
        html! {
            div.flash.(class) role=(role) {
                span.shape aria-hidden="true" { (shape) }
                p { strong { (before) } " " (text) }
            }
        }
    }
}

/// The era names in the order of the digits of a 7-digit date.
fn eras(words: &Words) -> String {
    let names = [
        words.t("date.meiji"),
        words.t("date.taisho"),
        words.t("date.showa"),
        words.t("date.heisei"),
        words.t("date.reiwa"),
    ];
    names.join(" ")
}

fn footer(words: &Words) -> Markup {
    let keys = [
        ("page.key_nav", "page.keys_nav"),
        ("page.key_next", "page.keys_next"),
        ("page.key_back", "page.keys_back"),
        ("page.key_send", "page.keys_send"),
        ("page.key_help", "page.keys_help"),
    ];
    html! {
        footer.bottom {
            p { (words.t("page.product")) span.soft { " " (words.t("page.footer")) } }
            // Without the script there are no keys to explain; it shows the button.
            button.button.quiet #keys-open type="button" hidden { (words.t("page.keys")) }
        }
        dialog #keys aria-labelledby="keys-heading" {
            h2 #keys-heading { (words.t("page.keys")) }
            dl.keys {
                @for (key, does) in keys { div { dt { kbd { (words.t(key)) } } dd { (words.t(does)) } } }
            }
            form method="dialog" {
                button.button.secondary type="submit" { (words.t("page.keys_close")) }
            }
        }
    }
}
