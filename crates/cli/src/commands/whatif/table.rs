//! `whatif.csv`: every child for whom something changes, variant by variant, for the nursery section.

use crate::language::Words;
use enmusubi_interchange::csv_bytes;
use enmusubi_selection::whatif::report::{ChildRow, Move, Outcome, Spot, WhatIf};

const HEADERS: [&str; 17] = [
    "変更案",
    "変化",
    "申請者番号",
    "世帯番号",
    "クラス年齢",
    "居住地区",
    "ひとり親",
    "きょうだい同時申込み",
    "申込区分",
    "現行の施設ID",
    "現行の施設名",
    "現行の希望順位",
    "現行の枠",
    "変更後の施設ID",
    "変更後の施設名",
    "変更後の希望順位",
    "変更後の枠",
];

/// The table.
pub fn changed(words: &Words, what_if: &WhatIf) -> Vec<u8> {
    let mut rows: Vec<Vec<String>> = vec![HEADERS.map(str::to_owned).to_vec()];
    for variant in &what_if.variants {
        if let Outcome::Compared(c) = &variant.outcome {
            rows.extend(c.changed.iter().map(|r| row(words, &variant.name, r)));
        }
    }
    csv_bytes(rows)
}

fn row(words: &Words, variant: &str, r: &ChildRow) -> Vec<String> {
    let moved = match r.moved {
        Move::PlacedNow => words.say("whatif_run.placed_now", &[]),
        Move::Better => words.say("whatif_run.better", &[]),
        Move::Unplaced => words.say("whatif_run.unplaced", &[]),
        Move::Worse => words.say("whatif_run.worse", &[]),
        Move::Unchanged => String::new(),
    };
    let single = match &*r.single_parent {
        "single" => words.say("whatif_run.single", &[]),
        "quasi" => words.say("whatif_run.quasi", &[]),
        _ => String::new(),
    };
    let yes = |b: bool| {
        if b {
            words.say("whatif_run.yes", &[])
        } else {
            String::new()
        }
    };
    let kind = match r.transfer {
        true => words.say("whatif_run.transfer", &[]),
        false => words.say("whatif_run.new", &[]),
    };
    let mut out = vec![
        variant.to_owned(),
        moved,
        r.child.clone(),
        r.household.clone(),
        r.age.to_string(),
        r.area.clone(),
        single,
        yes(r.siblings),
        kind,
    ];
    for spot in [&r.before, &r.after] {
        out.extend(place(words, spot));
    }
    out
}

fn place(words: &Words, spot: &Spot) -> [String; 4] {
    let rank = match (spot.rank, spot.facility.is_empty()) {
        (Some(rank), _) => rank.to_string(),
        (None, true) => words.say("whatif_run.held", &[]),
        (None, false) => words.say("whatif_run.stays", &[]),
    };
    [
        spot.facility.clone(),
        spot.name.clone(),
        rank,
        spot.pool.clone().unwrap_or_default(),
    ]
}
