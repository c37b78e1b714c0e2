//! What texts for staff and for families say in the same way; each in the words of its own section.

use crate::derivation::{KeyLine, OrderName, TableLine};
use enmusubi_domain::template::Section;

/// A text being written, line by line.
pub(super) trait Says {
    /// Its messages.
    fn section(&self) -> Section;

    /// Its lines so far.
    fn lines(&mut self) -> &mut Vec<String>;

    /// A message with its values.
    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        self.section().get(key, values)
    }

    /// A line of its own.
    fn line(&mut self, indent: usize, key: &str, values: &[(&str, &str)]) {
        let said = self.say(key, values);
        self.lines().push(format!("{:indent$}{said}", ""));
    }

    /// A heading, after a blank line.
    fn heading(&mut self, key: &str) {
        self.lines().push(String::new());
        self.line(0, key, &[]);
    }

    /// Which values of a key come first.
    fn key_order(&self, key: &KeyLine) -> String {
        match &key.best {
            Some(best) if is_letter(best) => self.say("key-best", &[("best", best)]),
            Some(_) => self.say("key-listed", &[]),
            None => self.say(order(key), &[]),
        }
    }

    /// Bounds of a table and its groups that were at work.
    fn bounds(&mut self, t: &TableLine) {
        for group in &t.groups {
            let values = [
                ("label", &*group.label),
                ("before", &*group.before_bound),
                ("points", &*group.points),
            ];
            self.line(2, "group-bound", &values);
        }
        if let Some(before) = &t.before_bound {
            self.line(2, "table-bound", &[("before", before)]);
        }
    }
}

/// Names like A, Ａ1; of longer ones nobody needs to hear the first.
fn is_letter(name: &str) -> bool {
    name.chars().count() <= 2
}

/// The message of an order.
fn order(key: &KeyLine) -> &'static str {
    match key.order {
        _ if key.together => "key-together",
        OrderName::Stratum => "key-stratum",
        OrderName::Higher => "key-higher",
        OrderName::Lower => "key-lower",
        OrderName::YesFirst => "key-yes",
        OrderName::NoFirst => "key-no",
        OrderName::Later => "key-later",
        OrderName::Earlier => "key-earlier",
    }
}
