//! Bands: no value in two of them, and none in none where the file says so.

use crate::{
    build::place_of,
    diagnostic::Diagnostics,
    document::Record,
    model::{Band, BandPart, Criteria, Row, Table},
    words::{amount, part_in_words},
};
use enmusubi_domain::facts::Exact;

/// A rectangle of a band: a row's ends in both dimensions.
type Part<'r> = (&'r Row, &'r BandPart, usize);

/// Reports overlaps and gaps.
pub(crate) fn check(criteria: &Criteria, records: &[Vec<&Record>], all: &mut Diagnostics) {
    for (table, records) in criteria.tables.iter().zip(records) {
        for (at, band) in table.bands.iter().enumerate() {
            let parts = parts_of(table, at);
            if parts.is_empty() {
                all.warning(
                    "C085",
                    band.span.clone(),
                    (
                        format!("区分「{}」を使う行がありません", band.id),
                        format!("no row uses the band \"{}\"", band.id),
                    ),
                    (
                        format!("行に band = \"{}\" を書くか、区分を消してください", band.id),
                        format!("write band = \"{}\" in its rows, or remove it", band.id),
                    ),
                );
            }
            overlaps(band, &parts, records, all);
            if band.partition {
                gaps(band, &parts, records, all);
            }
        }
    }
}

fn parts_of(table: &Table, band: usize) -> Vec<Part<'_>> {
    table
        .rows
        .iter()
        .enumerate()
        .filter_map(|(i, row)| {
            let part = row.band.as_ref()?;
            (part.band as usize == band && sound(part)).then_some((row, part, i))
        })
        .collect()
}

/// Whether the ends are in order (others were reported).
fn sound(part: &BandPart) -> bool {
    let fits = |low: Option<Exact>, high: Option<Exact>| match (low, high) {
        (Some(low), Some(high)) => low < high,
        _ => true,
    };
    fits(part.from, part.below) && fits(part.from2, part.below2)
}

/// `from <= x < below` of both have a value in common.
fn meet(a: (Option<Exact>, Option<Exact>), b: (Option<Exact>, Option<Exact>)) -> bool {
    let before = |below: Option<Exact>, from: Option<Exact>| match (below, from) {
        (Some(below), Some(from)) => below <= from,
        _ => false,
    };
    !before(a.1, b.0) && !before(b.1, a.0)
}

/// Rows that may hold at once: only where nothing else tells them apart.
fn same_condition(a: &Row, b: &Row) -> bool {
    a.when == b.when
}

fn overlaps(band: &Band, parts: &[Part<'_>], records: &[&Record], all: &mut Diagnostics) {
    for (i, (b, part_b, at)) in parts.iter().enumerate() {
        for (a, part_a, _) in &parts[..i] {
            if !same_condition(a, b)
                || !meet((part_a.from, part_a.below), (part_b.from, part_b.below))
                || !meet((part_a.from2, part_a.below2), (part_b.from2, part_b.below2))
            {
                continue;
            }
            let field = if part_b.from.is_some() {
                "from"
            } else {
                "below"
            };
            all.error(
                "C047",
                place_of(records[*at], field),
                (
                    format!(
                        "区分「{}」の行「{}」（{}）と「{}」（{}）が重なっています",
                        band.label,
                        a.id,
                        part_in_words(band, part_a),
                        b.id,
                        part_in_words(band, part_b)
                    ),
                    format!(
                        "the rows \"{}\" and \"{}\" of the band \"{}\" overlap",
                        a.id, b.id, band.id
                    ),
                ),
                (
                    "どの値もちょうど一つの行に入るように、from（以上）と below（未満）を直してください",
                    "correct from and below so that each value belongs to one row",
                ),
            );
            return;
        }
    }
}

/// Cuts the plane at every end and looks for a cell above the lowest ends that no row covers.
fn gaps(band: &Band, parts: &[Part<'_>], records: &[&Record], all: &mut Diagnostics) {
    let cuts = |ends: [fn(&BandPart) -> Option<Exact>; 2]| -> Vec<Option<Exact>> {
        let mut cuts: Vec<Option<Exact>> = parts
            .iter()
            .flat_map(|(_, p, _)| ends.map(|end| end(p)))
            .flatten()
            .map(Some)
            .collect();
        // A row without a lower end reaches down for ever: then there is no lowest.
        if parts.iter().any(|(_, p, _)| ends[0](p).is_none()) {
            cuts.push(None);
        }
        cuts.sort_unstable();
        cuts.dedup();
        cuts
    };
    let first = cuts([|p| p.from, |p| p.below]);
    let second = cuts([|p| p.from2, |p| p.below2]);
    // A cell reaches from its cut to the next; the last cell has no end.
    let inside = |x: Option<Exact>, from: Option<Exact>, below: Option<Exact>| {
        (from.is_none() || x >= from) && (below.is_none() || x < below)
    };
    for &x in &first {
        for &y in &second {
            let covered = parts
                .iter()
                .any(|(_, p, _)| inside(x, p.from, p.below) && inside(y, p.from2, p.below2));
            if covered {
                continue;
            }
            let hole = match (band.by2.is_some(), y) {
                (true, Some(y)) => {
                    format!("{}、{}", amount(x, band.unit), amount(Some(y), band.unit2))
                }
                _ => amount(x, band.unit),
            };
            // The row that ends where the hole begins is the one to look at.
            let (at, field) = parts
                .iter()
                .find(|(_, p, _)| p.below == x && x.is_some())
                .map(|(_, _, at)| (*at, "below"))
                .or_else(|| {
                    parts
                        .iter()
                        .find(|(_, p, _)| p.below2 == y && y.is_some())
                        .map(|(_, _, at)| (*at, "below2"))
                })
                .unwrap_or((parts[0].2, "band"));
            all.error(
                "C048",
                place_of(records[at], field),
                (
                    format!(
                        "区分「{}」にすき間があります: {hole} からの行がありません",
                        band.label
                    ),
                    format!(
                        "the band \"{}\" has a gap: no row covers {}{}",
                        band.id,
                        x.map_or_else(|| "-∞".into(), |x| x.to_string()),
                        y.filter(|_| band.by2.is_some())
                            .map_or_else(String::new, |y| format!(", {y}"))
                    ),
                ),
                (
                    "from と below をつなげるか、すき間が正しければ区分の partition を消してください",
                    "join from and below, or remove partition where the gap is meant",
                ),
            );
            return;
        }
    }
}
