//! Rows that nobody wrote down, found in two steps, as the one row they are.

use crate::{
    cause::Cause,
    search::unwritten::{narrow, parts},
};
use enmusubi_domain::facts::Exact;

/// Two rows that nobody wrote down, for the same people in one table, as one row with the points of both.
pub(super) fn once(
    (a, alike_a): &(Cause, Vec<Cause>),
    (b, alike_b): (&Cause, &Vec<Cause>),
) -> Option<(Cause, Vec<Cause>)> {
    let ((table, when, first), (_, _, second)) = (a.as_missing()?, b.as_missing()?);
    let of = |list: &mut dyn Iterator<Item = &Cause>, points: Exact| -> Vec<Box<str>> {
        let rows = list.filter_map(Cause::as_missing);
        let same = rows.filter(|(t, _, p)| *t == table && *p == points);
        same.map(|(_, when, _)| when.into()).collect()
    };
    let words_b = of(&mut std::iter::once(b).chain(alike_b), second);
    let words_a = of(&mut std::iter::once(a).chain(alike_a), first);
    let mut shared: Vec<Box<str>> = words_a;
    shared.retain(|w| words_b.contains(w));
    let named = shared.iter().position(|w| **w == *when).unwrap_or(0);
    if shared.is_empty() {
        return None;
    }
    shared.swap(0, named);
    let points = first.plus(second)?;
    let mut causes = shared
        .iter()
        .map(|when| Cause::missing(table, when, points));
    Some((causes.next()?, causes.collect()))
}

/// Two rows of one table as one. Where one gives what the other takes away, it may be a row for the others, or for all whom
/// one of them leaves out; where both give the same, a row for all of whom they give it to parts.
pub(super) fn as_one(a: &Cause, b: &Cause) -> Vec<Cause> {
    let (Some((table, when_a, points)), Some((of, when_b, second))) =
        (a.as_missing(), b.as_missing())
    else {
        return Vec::new();
    };
    if table != of {
        return Vec::new();
    }
    if second.negated() == Some(points) {
        let rows = [others(a), others(b), narrower(a, b), narrower(b, a)];
        return rows.into_iter().flatten().collect();
    }
    if second != points {
        return Vec::new();
    }
    let both = [(when_a, when_b), (when_b, when_a)];
    let wider = both
        .into_iter()
        .filter_map(|(one, part)| match parts(part) {
            Some((all, but, true)) if but == one => Some(Cause::missing(table, all, points)),
            _ => None,
        });
    wider.collect()
}

/// The same as a row with an exception, for those who are excepted: with the points the other way round everybody stands as
/// before, but for bounds.
pub(super) fn plainer(cause: &Cause) -> Vec<Cause> {
    let joined = cause.as_missing().and_then(|(_, when, _)| parts(when));
    match joined {
        Some(_) => others(cause),
        None => Vec::new(),
    }
}

/// Whether both are rows that nobody wrote down, of one table.
pub(super) fn is_of_same_table(a: &Cause, b: &Cause) -> bool {
    let table = |cause: &Cause| Some(cause.as_missing()?.0.to_owned());
    table(a).is_some() && table(a) == table(b)
}

/// Rows with the points the other way round, for all whom a row (or a part of its condition) leaves out.
pub(super) fn others(cause: &Cause) -> Vec<Cause> {
    let Some((table, when, points)) = cause.as_missing() else {
        return Vec::new();
    };
    let Some(points) = points.negated() else {
        return Vec::new();
    };
    let list = match parts(when) {
        Some((first, second, true)) => vec![second.to_owned(), negated(first)],
        Some((first, second, false)) => vec![negated(first), negated(second)],
        None => vec![negated(when)],
    };
    let rows = list.iter().map(|when| Cause::missing(table, when, points));
    rows.collect()
}

/// A condition the other way round, in plain words where it is a single comparison.
fn negated(when: &str) -> String {
    let plain = |rest: &str| !rest.contains(" && ") && !rest.contains(" || ");
    if let Some(rest) = when.strip_prefix('!')
        && plain(rest)
    {
        return rest.to_owned();
    }
    let turned = [
        (" != ", " == "),
        (" == ", " != "),
        (" >= ", " < "),
        (" <= ", " > "),
        (" < ", " >= "),
        (" > ", " <= "),
    ];
    for (from, to) in turned {
        let mut sides = when.split(from);
        if let (Some(left), Some(right), None) = (sides.next(), sides.next(), sides.next())
            && plain(when)
            && !left.contains('(')
        {
            return format!("{left}{to}{right}");
        }
    }
    format!("!({when})")
}

/// A row that nobody wrote down, and another that takes its points away from a part of its people, as one row for the
/// others: in words as short as they may be.
fn narrower(wide: &Cause, part: &Cause) -> Vec<Cause> {
    let (Some((table, wide, points)), Some((of, when, less))) =
        (wide.as_missing(), part.as_missing())
    else {
        return Vec::new();
    };
    debug_assert!(table == of && less.negated() == Some(points));
    let rest = match parts(when) {
        Some((first, second, true)) if first == wide => {
            vec![second.to_owned(), narrow(first, second, false)]
        }
        Some((first, second, false)) if first == wide => vec![narrow(first, second, true)],
        Some((first, second, false)) if second == wide => vec![narrow(second, first, true)],
        _ => vec![narrow(wide, when, true)],
    };
    let rows = rest.iter().map(|when| Cause::missing(table, when, points));
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(when: &str, points: i64) -> Cause {
        Cause::missing("adjust", when, Exact::whole(points))
    }

    #[test]
    fn conditions_the_other_way_round() {
        for (when, other) in [
            ("a.b != 'none'", "a.b == 'none'"),
            ("a.b >= days(3)", "a.b < days(3)"),
            ("!g.exists(x, x.y)", "g.exists(x, x.y)"),
            ("g.exists(x, x.y >= 3)", "!(g.exists(x, x.y >= 3))"),
            ("a && b", "!(a && b)"),
            ("!a && b", "!(!a && b)"),
            ("a", "!(a)"),
        ] {
            assert_eq!(negated(when), other, "{when}");
        }
    }

    #[test]
    fn a_row_for_all_and_one_that_takes_it_from_some() {
        let (part, all) = (row("(a) && !(b)", -8), row("true", 8));
        assert!(as_one(&part, &all).contains(&row("b", 8)));
        assert!(as_one(&all, &part).contains(&row("b", 8)));
        assert_eq!(as_one(&all, &row("b", 8)), []);
    }

    #[test]
    fn two_parts_with_the_same_points() {
        let (one, rest) = (row("a", 5), row("(b) && !(a)", 5));
        assert_eq!(as_one(&one, &rest), [row("b", 5)]);
        assert_eq!(as_one(&rest, &one), [row("b", 5)]);
    }
}
