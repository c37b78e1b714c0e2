//! What would change the key.

use super::Text;
use crate::derivation::{Change, Difference};
use crate::text::says::Says;
use enmusubi_domain::facts::words::Tongue;

impl Text {
    pub(super) fn what_if(&mut self, c: &Change) {
        let who = self.who(&c.who);
        let unknown = self.say("unknown", &[]);
        let (label, from, to) = match self.tongue {
            Tongue::Japanese => ((*c.label).to_owned(), &c.from, &*c.to),
            Tongue::English => {
                let name = c.path.split_once('.').map_or(&*c.path, |(_, n)| n);
                (name.replace('_', " "), &c.from_en, &*c.to_en)
            }
        };
        let distance = match self.tongue {
            Tongue::Japanese => &c.distance,
            Tongue::English => &c.distance_en,
        };
        let to = match distance {
            Some(distance) => {
                let key = match c.more {
                    Some(false) => "distance-less",
                    _ => "distance-more",
                };
                self.say(key, &[("to", to), ("distance", distance)])
            }
            None => to.to_owned(),
        };
        let comma = self.section.get("list-comma", &[]);
        let told: Vec<String> = c.differences.iter().map(|d| self.difference(d)).collect();
        let differences = told.join(&comma);
        let values = [
            ("who", &*who),
            ("label", &*label),
            ("to", &*to),
            ("differences", &*differences),
            ("from", from.as_deref().unwrap_or(&unknown)),
        ];
        if from.is_some() {
            self.line(2, "what-if", &values);
        } else {
            self.line(2, "what-if-known", &values[..4]);
        }
        self.line(
            6,
            match c.better {
                Some(true) => "what-if-better",
                Some(false) => "what-if-worse",
                None => "what-if-open",
            },
            &[],
        );
        if !c.ordinary {
            self.line(6, "what-if-staff-only", &[]);
        }
    }

    fn difference(&self, d: &Difference) -> String {
        if &*d.id == "eligibility" {
            return self.say(eligibility(d), &[]);
        }
        let unknown = self.say("unknown", &[]);
        let values = [
            ("label", &*d.label),
            ("before", d.before.as_deref().unwrap_or(&unknown)),
            ("after", d.after.as_deref().unwrap_or(&unknown)),
            ("difference", d.difference.as_deref().unwrap_or_default()),
        ];
        match d.difference {
            Some(_) => self.say("difference", &values),
            None => self.say("difference-plain", &values[..3]),
        }
    }
}

/// The message of a change in whether the child is considered.
pub(in crate::text) fn eligibility(d: &Difference) -> &'static str {
    match d.after.as_deref() {
        Some("yes") => "difference-eligible",
        Some(_) => "difference-refused",
        None => "difference-open",
    }
}
