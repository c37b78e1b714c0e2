//! Words of comparisons that only pages use. Those that texts use too are in `messages/`.

use enmusubi_compare::cause::Kind;
use enmusubi_selection::{
    report::MechanismName,
    text_summary::Lang,
    whatif::{
        report::{Dimension, Move, Spot},
        text::Page,
    },
};

/// Japanese words of comparisons.
pub(crate) fn page() -> Page {
    Page::new(Lang::Japanese)
}

/// Heading of a table by this dimension.
pub(crate) fn dimension(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Area => "住んでいる地区",
        Dimension::Age => "クラス年齢",
        Dimension::SingleParent => "ひとり親かどうか",
        Dimension::Siblings => "きょうだいで申し込んだか",
        Dimension::Transfer => "新規か転園か",
    }
}

/// What changes for a child.
pub(crate) fn moved(moved: Move) -> &'static str {
    match moved {
        Move::PlacedNow => "保留から内定",
        Move::Better => "より上の希望に内定",
        Move::Unplaced => "内定から保留",
        Move::Worse => "より下の希望・在園のまま",
        Move::Unchanged => "変わらない",
    }
}

/// Where a child is.
pub(crate) fn spot(spot: &Spot) -> String {
    if spot.facility.is_empty() {
        return String::from("保留");
    }
    let name = match spot.name.is_empty() {
        true => &spot.facility,
        false => &spot.name,
    };
    place(name, spot.rank)
}

/// A facility with the choice rank; without a rank it is the present one.
pub(crate) fn place(name: &str, rank: Option<u32>) -> String {
    match rank {
        Some(rank) => format!("{name}（第{rank}希望）"),
        None => format!("{name}（在園）"),
    }
}

/// A cause's kind, in Japanese.
#[must_use]
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Fact => "申込みの事実の写し違い",
        Kind::RowPoints => "基準の行の点の写し違い",
        Kind::RowMissing => "基準の行の過不足",
        Kind::Seats => "クラスの席の数",
        Kind::Tie => "同順位の決め方",
        Kind::KeyOrder => "同点のときに比べる順",
        Kind::Wish => "きょうだいの希望の読み方",
        Kind::Aggregation => "父母の点の合わせ方",
        Kind::Coupling => "きょうだいの点のそろえ方",
        Kind::Transfers => "転園の申込みの扱い",
        Kind::Refill => "転園で空く席の扱い",
        Kind::ChoiceRank => "希望順位の扱い",
        Kind::Contradiction => "基準と合わない決定",
        Kind::Mechanism => "席の決め方",
    }
}

/// A cause's kind in at most seven characters.
pub(crate) fn kind_short(kind: Kind) -> &'static str {
    match kind {
        Kind::Fact => "申込みの事実",
        Kind::RowPoints => "行の点",
        Kind::RowMissing => "行の過不足",
        Kind::Seats => "席の数",
        Kind::Tie => "同順位",
        Kind::KeyOrder => "比べる順",
        Kind::Wish => "きょうだい希望",
        Kind::Aggregation => "父母の点",
        Kind::Coupling => "きょうだいの点",
        Kind::Transfers => "転園の扱い",
        Kind::Refill => "空く席",
        Kind::ChoiceRank => "希望順位",
        Kind::Contradiction => "合わない決定",
        Kind::Mechanism => "席の決め方",
    }
}

/// Name of a mechanism, as `stable`, `index-order` or `choice-order`.
pub(crate) fn mechanism(name: &str) -> String {
    let name = match name {
        "index-order" => MechanismName::IndexOrder,
        "choice-order" => MechanismName::ChoiceOrder,
        _ => MechanismName::Stable,
    };
    page().mechanism(name)
}

/// What happens to equals: `stop`, `lottery:SEED`, `equal`, `row-order`, `decided`.
pub(crate) fn ties(ties: &str) -> String {
    match ties.split_once(':') {
        Some((_, seed)) => page().say("ties-lottery", &[("seed", seed)]),
        None if ties == "decided" => String::from("同順位は職員の決定のとおり"),
        None => page().say(&format!("ties-{ties}"), &[]),
    }
}

/// A digest in fours, so that two people can compare it aloud.
pub(crate) fn digest(digest: &str) -> String {
    let digits: Vec<char> = digest.chars().collect();
    let groups: Vec<String> = digits.chunks(4).map(|c| c.iter().collect()).collect();
    groups.join(" ")
}
