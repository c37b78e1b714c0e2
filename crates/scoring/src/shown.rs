//! Components of a key as people see them. Keys are compared as numbers; people read them as what they
//! were: a day, yes or no, an amount with its unit, a letter.

use crate::{Program, derivation::OrderName};
use enmusubi_criteria::{Criteria, model::Key, types::Ty};
use enmusubi_domain::facts::{
    Exact,
    words::{Tongue, day_of, quantity},
};
use jiff::{ToSpan, civil::date};

/// A component of the keys of [`crate::Scores`].
#[derive(Debug, Clone, Copy)]
pub struct Component<'c> {
    criteria: &'c Criteria,
    /// The key; `None`: the strata.
    pub key: Option<&'c Key>,
    ty: Option<Ty>,
}

impl Program {
    /// The components of the keys in [`crate::Scores`], in order: strata where the file has any, then the
    /// keys that are not to be filled. `criteria` is the file this was compiled from.
    #[must_use]
    pub fn components<'c>(&self, criteria: &'c Criteria) -> Vec<Component<'c>> {
        let strata = (!criteria.strata.is_empty()).then_some(Component {
            criteria,
            key: None,
            ty: None,
        });
        let keys = criteria.keys.iter().zip(&self.resolved.keys);
        let keys = keys.filter_map(|(key, typed)| {
            typed.as_ref().map(|typed| Component {
                criteria,
                key: Some(key),
                ty: Some(typed.ty),
            })
        });
        strata.into_iter().chain(keys).collect()
    }
}

impl Component<'_> {
    /// Id of the key; `strata` for the strata.
    #[must_use]
    pub fn id(&self) -> &str {
        self.key.map_or("strata", |k| &k.id)
    }

    /// Label of the key.
    #[must_use]
    pub fn label(&self) -> &str {
        self.key.map_or("優先区分", |k| &k.label)
    }

    /// Higher values come first (else lower).
    #[must_use]
    pub fn higher_first(&self) -> bool {
        self.key.is_some_and(|k| k.higher_first)
    }

    /// Which values come first.
    #[must_use]
    pub fn order(&self) -> OrderName {
        match (self.key, self.ty, self.higher_first()) {
            (None, ..) => OrderName::Stratum,
            (_, Some(Ty::Bool), true) => OrderName::YesFirst,
            (_, Some(Ty::Bool), false) => OrderName::NoFirst,
            (_, Some(Ty::Date), true) => OrderName::Later,
            (_, Some(Ty::Date), false) => OrderName::Earlier,
            (_, _, true) => OrderName::Higher,
            (_, _, false) => OrderName::Lower,
        }
    }

    /// The name of the value that comes first of all, where the criteria name the values.
    #[must_use]
    pub fn best(&self) -> Option<&str> {
        let key = self.key?;
        let by_number = |a: &&(Exact, Box<str>), b: &&(Exact, Box<str>)| a.0.cmp(&b.0);
        let best = if key.higher_first {
            key.show.iter().max_by(by_number)
        } else {
            key.show.iter().min_by(by_number)
        };
        best.map(|(_, name)| &**name)
    }

    /// Whether it counts points: a plain number without unit, shown as such.
    #[must_use]
    pub fn is_number(&self) -> bool {
        self.ty == Some(Ty::Number) && self.key.is_some_and(|k| k.show.is_empty())
    }

    /// A value as people see it.
    #[must_use]
    pub fn shown(&self, value: Exact, tongue: Tongue) -> String {
        let none = match tongue {
            Tongue::Japanese => "該当なし",
            Tongue::English => "none",
        };
        let Some(key) = self.key else {
            let at = value.as_whole().and_then(|n| usize::try_from(n).ok());
            let stratum = at.and_then(|at| self.criteria.strata.get(at));
            return stratum.map_or_else(|| none.to_owned(), |s| (*s.label).to_owned());
        };
        if let Some((_, text)) = key.show.iter().find(|(v, _)| *v == value) {
            return (**text).to_owned();
        }
        match (self.ty, value.as_whole()) {
            (Some(Ty::Bool), Some(n)) => match (n != 0, tongue) {
                (true, Tongue::Japanese) => "該当".to_owned(),
                (false, Tongue::Japanese) => "該当なし".to_owned(),
                (yes, Tongue::English) => {
                    enmusubi_domain::facts::words::flag(yes, tongue).to_owned()
                }
            },
            (Some(Ty::Date), Some(days)) => date(1970, 1, 1)
                .checked_add(days.days())
                .map_or_else(|_| value.to_string(), |d| day_of(d, tongue)),
            (Some(Ty::Quantity(unit)), _) => quantity(value, unit, tongue),
            _ => value.to_string(),
        }
    }
}
