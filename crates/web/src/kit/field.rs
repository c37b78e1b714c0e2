//! Fields one types into, and what all fields have in common: label, hint, problem.

use maud::{Markup, html};

use super::form::{Form, id};

/// A field of a form. Placeholders are left out on purpose: they vanish when they are needed.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// Name of the value.
    pub name: &'a str,
    /// Label, always shown.
    pub label: &'a str,
    /// Whether it must be filled; said in the label, checked by the server.
    pub required: bool,
    /// What helps to fill it, between label and field.
    pub hint: Option<&'a str>,
    /// How much is expected.
    pub width: Width,
    /// What browsers may fill in (`family-name`, `bday`, `off`).
    pub autocomplete: Option<&'a str>,
    /// Keyboard on phones (`numeric`, `email`, `tel`).
    pub inputmode: Option<&'a str>,
    /// Language of the label and the value, where it is not the page's.
    pub lang: Option<&'a str>,
    /// Shown and sent, not to be changed.
    pub readonly: bool,
}

/// Width of a field: a sign of how much is expected in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Width {
    /// A number, a date, a code.
    Short,
    /// A name.
    #[default]
    Medium,
    /// An address, a sentence.
    Long,
}

impl Width {
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Short => "w-short",
            Self::Medium => "w-medium",
            Self::Long => "w-long",
        }
    }
}

impl<'a> Field<'a> {
    /// A field that may stay empty.
    #[must_use]
    pub fn new(name: &'a str, label: &'a str) -> Self {
        Self {
            name,
            label,
            required: false,
            hint: None,
            width: Width::default(),
            autocomplete: None,
            inputmode: None,
            lang: None,
            readonly: false,
        }
    }

    /// It must be filled.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// With a hint.
    #[must_use]
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = Some(hint);
        self
    }

    /// As wide as this.
    #[must_use]
    pub fn width(mut self, width: Width) -> Self {
        self.width = width;
        self
    }

    /// What browsers may fill in, an HTML token.
    #[must_use]
    pub fn autocomplete(mut self, token: &'a str) -> Self {
        self.autocomplete = Some(token);
        self
    }

    /// Keyboard on phones, an HTML token.
    #[must_use]
    pub fn inputmode(mut self, token: &'a str) -> Self {
        self.inputmode = Some(token);
        self
    }

    /// Language of label and value, where it is not the page's.
    #[must_use]
    pub fn lang(mut self, tag: &'a str) -> Self {
        self.lang = Some(tag);
        self
    }

    /// Shown and sent, not to be changed.
    #[must_use]
    pub fn readonly(mut self) -> Self {
        self.readonly = true;
        self
    }

    /// The ids that describe the control: hint, then problems. `None` if there are neither.
    pub(super) fn described(&self, form: &Form) -> Option<String> {
        let mut ids = Vec::new();
        if self.hint.is_some() {
            ids.push(format!("{}-hint", id(self.name)));
        }
        if self.is_wrong(form) {
            ids.push(format!("{}-error", id(self.name)));
        }
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// Whether there is a problem with it.
    pub(super) fn is_wrong(&self, form: &Form) -> bool {
        form.of_field(self.name).next().is_some()
    }

    /// `true` for an ARIA attribute, or none.
    pub(super) fn invalid(&self, form: &Form) -> Option<&'static str> {
        self.is_wrong(form).then_some("true")
    }

    /// `true` for an ARIA attribute, or none.
    ///
    /// HTML's own `required` would have the browser complain first, one field at a time and in its own language.
    pub(super) fn aria_required(&self) -> Option<&'static str> {
        self.required.then_some("true")
    }

    /// Label text with the mark.
    pub(super) fn label_text(&self, form: &Form) -> Markup {
        html! {
            (self.label)
            @if self.required { " " span.must { (form.words().t("form.required")) } }
        }
    }

    /// Hint and problems, with the ids of [`Field::described`].
    pub(super) fn notes(&self, form: &Form) -> Markup {
        html! {
            @if let Some(hint) = self.hint { p.hint id={ (id(self.name)) "-hint" } { (hint) } }
            @if self.is_wrong(form) {
                div.error id={ (id(self.name)) "-error" } {
                    @for text in form.of_field(self.name) { p { "＊" (text) } }
                }
            }
        }
    }

    /// Label, hint, problems and one control.
    pub(super) fn wrap(&self, form: &Form, control: Markup) -> Markup {
        html! {
            div.field .wrong[self.is_wrong(form)] lang=[self.lang] {
                label.label for=(id(self.name)) { (self.label_text(form)) }
                (self.notes(form))
                (control)
            }
        }
    }

    /// An `<input>` of a type, showing `value`.
    pub(super) fn input(&self, form: &Form, kind: &str, value: Option<&str>) -> Markup {
        html! {
            input class=(self.width.class()) id=(id(self.name)) name=(self.name) type=(kind) value=[value]
                autocomplete=[self.autocomplete] inputmode=[self.inputmode] readonly[self.readonly]
                aria-required=[self.aria_required()] aria-invalid=[self.invalid(form)]
                aria-describedby=[self.described(form)];
        }
    }
}

/// One line of text.
#[must_use]
pub fn text(form: &Form, f: Field) -> Markup {
    f.wrap(form, f.input(form, "text", Some(form.get(f.name))))
}

/// A number with its unit after it.
///
/// A text field, since browsers change numbers when the wheel turns and swallow what they cannot read.
#[must_use]
pub fn number(form: &Form, f: Field, unit: &str) -> Markup {
    let mut f = f;
    f.inputmode = f.inputmode.or(Some("numeric"));
    f.width = Width::Short;
    let unit_id = format!("{}-unit", id(f.name));
    let described = [
        f.described(form),
        (!unit.is_empty()).then(|| unit_id.clone()),
    ];
    let described: Vec<String> = described.into_iter().flatten().collect();
    let described = (!described.is_empty()).then(|| described.join(" "));
    f.wrap(
        form,
        html! {
            span.with-unit {
                input.number.(f.width.class()) id=(id(f.name)) name=(f.name) type="text"
                    value=(form.get(f.name)) autocomplete=(f.autocomplete.unwrap_or("off"))
                    inputmode=[f.inputmode] readonly[f.readonly] aria-required=[f.aria_required()]
                    aria-invalid=[f.invalid(form)] aria-describedby=[described];
                @if !unit.is_empty() { span.unit id=(unit_id) { (unit) } }
            }
        },
    )
}

/// Several lines of text.
#[must_use]
pub fn area(form: &Form, f: Field, rows: u32) -> Markup {
    // The first line feed after the tag is swallowed by browsers; what was typed may begin with one.
    f.wrap(
        form,
        html! {
            textarea class=(f.width.class()) id=(id(f.name)) name=(f.name) rows=(rows)
                autocomplete=[f.autocomplete] readonly[f.readonly] aria-required=[f.aria_required()]
                aria-invalid=[f.invalid(form)] aria-describedby=[f.described(form)] {
                "\n" (form.get(f.name))
            }
        },
    )
}

/// A password. The one value that is not shown again.
#[must_use]
pub fn password(form: &Form, f: Field) -> Markup {
    let mut f = f;
    f.autocomplete = f.autocomplete.or(Some("current-password"));
    f.wrap(form, f.input(form, "password", None))
}

/// Files to send; `accept` as in HTML (`.csv,.xlsx`). The form must be [`post_multipart`](super::post_multipart).
#[must_use]
pub fn file(form: &Form, f: Field, accept: &str, multiple: bool) -> Markup {
    f.wrap(
        form,
        html! {
            input.w-long id=(id(f.name)) name=(f.name) type="file" accept=(accept) multiple[multiple]
                aria-required=[f.aria_required()] aria-invalid=[f.invalid(form)]
                aria-describedby=[f.described(form)];
        },
    )
}

/// A value that is sent along.
#[must_use]
pub fn hidden(name: &str, value: &str) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}
