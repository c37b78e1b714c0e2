//! Ways in which the points of a household's guardians come together (父母の点の合わせ方), and where expressions do so.

use crate::{
    Criteria, Expression,
    expression::{self, Kind},
};

/// What some guardians' numbers make together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aggregate {
    /// Their sum.
    Sum,
    /// The lowest.
    Lowest,
    /// The highest.
    Highest,
    /// Their average.
    Average,
}

impl Aggregate {
    /// All.
    pub const ALL: [Self; 4] = [Self::Sum, Self::Lowest, Self::Highest, Self::Average];

    /// Its name in the criteria language.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sum => "sum",
            Self::Lowest => "lowest",
            Self::Highest => "highest",
            Self::Average => "average",
        }
    }

    fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|a| a.name() == name)
    }
}

/// How guardians' numbers come together in an expression, from left to right.
#[must_use]
pub fn aggregates(e: &Expression) -> Vec<Aggregate> {
    let mut found = Vec::new();
    let mut e = e.clone();
    each(&mut e, &mut |e| found.extend(of_guardians(e)));
    found
}

/// An expression with the n-th of [`aggregates`] in another way. `None`: it has no so many.
///
/// A household without guardians has no lowest, highest or average: what was a sum counts as 0 there, as before.
#[must_use]
pub fn aggregated(e: &Expression, nth: usize, theirs: Aggregate) -> Option<Expression> {
    let mut e = e.clone();
    let (mut at, mut done) = (0, false);
    each(&mut e, &mut |e| {
        let Some(ours) = of_guardians(e) else { return };
        if at == nth {
            rename(e, theirs);
            if ours == Aggregate::Sum && theirs != Aggregate::Sum {
                guard(e);
            }
            done = true;
        }
        at += 1;
    });
    done.then_some(e)
}

/// The values and keys of a file in which guardians' numbers come together: their ids, and how. An id names the value
/// where a key has the same.
#[must_use]
pub fn places(criteria: &Criteria) -> Vec<(&str, Vec<Aggregate>)> {
    let mut list: Vec<(&str, Vec<Aggregate>)> = Vec::new();
    let values = criteria.values.iter().map(|v| (&*v.id, Some(&v.value)));
    let keys = criteria.keys.iter().map(|k| (&*k.id, k.value.as_ref()));
    for (id, expression) in values.chain(keys) {
        let found = expression.map(aggregates).unwrap_or_default();
        if !found.is_empty() && !list.iter().any(|l| l.0 == id) {
            list.push((id, found));
        }
    }
    list
}

/// The expression of a value or a key by its id, where guardians' numbers come together.
#[must_use]
pub fn place_mut<'c>(criteria: &'c mut Criteria, id: &str) -> Option<&'c mut Expression> {
    let values = criteria.values.iter_mut().map(|v| (&*v.id, &mut v.value));
    let keys = criteria.keys.iter_mut();
    let keys = keys.filter_map(|k| Some((&*k.id, k.value.as_mut()?)));
    let mut all = values.chain(keys);
    all.find(|(own, e)| *own == id && !aggregates(e).is_empty())
        .map(|(_, e)| e)
}

fn of_guardians(e: &Expression) -> Option<Aggregate> {
    match &e.kind {
        Kind::Method(of, name, _) if of.kind == Kind::Name("guardians".into()) => {
            Aggregate::named(&name.text)
        }
        _ => None,
    }
}

fn rename(e: &mut Expression, theirs: Aggregate) {
    if let Kind::Method(_, name, _) = &mut e.kind {
        name.text = theirs.name().into();
    }
}

/// `e`, or 0 in a household without guardians.
fn guard(e: &mut Expression) {
    let Ok(guarded) = expression::parse("guardians.size() == 0 ? 0 : 0", 0) else {
        return;
    };
    let inner = std::mem::replace(e, guarded);
    if let Kind::Choose(_, _, other) = &mut e.kind {
        **other = inner;
    }
}

/// Every part of an expression, the outer first; what a change puts in is not looked at again.
fn each(e: &mut Expression, of: &mut dyn FnMut(&mut Expression)) {
    // What is inside is looked at as it was: a change wraps the part itself.
    if of_guardians(e).is_some() {
        of(e);
        return;
    }
    match &mut e.kind {
        Kind::Number(_) | Kind::Text(_) | Kind::Bool(_) | Kind::Name(_) => {}
        Kind::Member(a, _) | Kind::Unary(_, a) => each(a, of),
        Kind::List(items) | Kind::Call(_, items) => {
            items.iter_mut().for_each(|item| each(item, of));
        }
        Kind::Method(a, _, items) => {
            each(a, of);
            items.iter_mut().for_each(|item| each(item, of));
        }
        Kind::Binary(_, a, b) => {
            each(a, of);
            each(b, of);
        }
        Kind::Choose(c, a, b) => {
            each(c, of);
            each(a, of);
            each(b, of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nth_is_made_another_and_a_household_without_guardians_keeps_its_nothing() {
        let e = expression::parse(
            "1 + guardians.sum(g, g.base) - guardians.highest(g, g.more)",
            0,
        )
        .unwrap();
        assert_eq!(aggregates(&e), [Aggregate::Sum, Aggregate::Highest]);
        let of = |nth, theirs| aggregated(&e, nth, theirs).map(|e| e.to_string());
        assert_eq!(
            of(0, Aggregate::Lowest).unwrap(),
            "1 + (guardians.size() == 0 ? 0 : guardians.lowest(g, g.base)) - guardians.highest(g, g.more)"
        );
        assert_eq!(
            of(1, Aggregate::Sum).unwrap(),
            "1 + guardians.sum(g, g.base) - guardians.sum(g, g.more)"
        );
        assert_eq!(of(2, Aggregate::Sum), None);
    }

    #[test]
    fn counts_and_sums_over_siblings_are_no_guardians_points() {
        let e = expression::parse("siblings.sum(s, s.age) + guardians.count(g, g.base > 3)", 0);
        assert_eq!(aggregates(&e.unwrap()), []);
    }
}
