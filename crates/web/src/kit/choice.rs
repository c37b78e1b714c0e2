//! Fields one chooses from.

use maud::{Markup, html};

use super::field::Field;
use super::form::{Form, id};

/// One of many, unfolded when asked for. Options are (value, label); without a value for it, the first asks to choose.
#[must_use]
pub fn select(form: &Form, f: Field, options: &[(&str, &str)]) -> Markup {
    let now = form.get(f.name);
    let has_empty = options.iter().any(|(value, _)| value.is_empty());
    f.wrap(
        form,
        html! {
            select class=(f.width.class()) id=(id(f.name)) name=(f.name) autocomplete=[f.autocomplete]
                aria-required=[f.aria_required()] aria-invalid=[f.invalid(form)]
                aria-describedby=[f.described(form)] {
                @if !has_empty { option value="" { (form.words().t("form.choose")) } }
                @for (value, label) in options {
                    option value=(value) selected[*value == now] { (label) }
                }
            }
        },
    )
}

/// One of a few, all in sight.
#[must_use]
pub fn radios(form: &Form, f: Field, options: &[(&str, &str)]) -> Markup {
    let now: Vec<&str> = form.all(f.name).take(1).collect();
    html! {
        fieldset.field .wrong[f.is_wrong(form)] role="radiogroup" lang=[f.lang] aria-required=[f.aria_required()]
            aria-invalid=[f.invalid(form)] aria-describedby=[f.described(form)] {
            (boxes(form, f, "radio", &now, options))
        }
    }
}

/// Any of a few, all in sight; the values come under one name.
#[must_use]
pub fn checks(form: &Form, f: Field, options: &[(&str, &str)]) -> Markup {
    let now: Vec<&str> = form.all(f.name).collect();
    html! {
        fieldset.field .wrong[f.is_wrong(form)] lang=[f.lang] aria-describedby=[f.described(form)] {
            (boxes(form, f, "checkbox", &now, options))
        }
    }
}

/// Legend, notes and the boxes of a group. The first box has the field's id, so that a summary leads to it.
fn boxes(form: &Form, f: Field, kind: &str, now: &[&str], options: &[(&str, &str)]) -> Markup {
    let box_id = |n: usize| match n {
        0 => id(f.name),
        n => format!("{}-{}", id(f.name), n + 1),
    };
    // A radio button has no validity of its own in ARIA; its group has.
    let invalid = f.invalid(form).filter(|_| kind == "checkbox");
    html! {
        legend.label { (f.label_text(form)) }
        (f.notes(form))
        div.choices {
            @for (n, (value, label)) in options.iter().enumerate() {
                label.choice {
                    input id=(box_id(n)) type=(kind) name=(f.name) value=(value) checked[now.contains(value)]
                        aria-invalid=[invalid];
                    span { (label) }
                }
            }
        }
    }
}

/// A single box to tick; its value is `yes`, and no value comes when it is not ticked.
#[must_use]
pub fn check(form: &Form, f: Field) -> Markup {
    html! {
        div.field .wrong[f.is_wrong(form)] lang=[f.lang] {
            (f.notes(form))
            label.choice {
                input id=(id(f.name)) type="checkbox" name=(f.name) value="yes"
                    checked[!form.get(f.name).is_empty()] aria-required=[f.aria_required()]
                    aria-invalid=[f.invalid(form)] aria-describedby=[f.described(form)];
                span { (f.label_text(form)) }
            }
        }
    }
}
