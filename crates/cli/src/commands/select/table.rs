//! `result.csv`: every applicant, row by row, with the key that was compared.
//!
//! The first columns are those that `verify` (and the public layout) read; a spreadsheet finds the rest
//! behind them.

use enmusubi_interchange::csv_bytes;
use enmusubi_selection::report::{ChildReport, KeyNo, Report};

/// Columns before the components of the key. Headers are data, in Japanese as in every table.
const HEADERS: [&str; 10] = [
    "申請者番号",
    "世帯番号",
    "クラス年齢",
    "在籍保育所ID",
    "入所選考結果保育所ID",
    "入所選考結果保育所名",
    "枠",
    "結果",
    "決まった希望順位",
    "優先順位を示す希望",
];

/// The table. `rows`: per child of the report, its row in the children's table of the round; the result is in
/// that order.
pub fn result(report: &Report, rows: &[u32]) -> Vec<u8> {
    let mut order: Vec<(u32, &ChildReport)> = rows
        .iter()
        .copied()
        .zip(&report.child_explanations)
        .collect();
    order.sort_unstable_by_key(|(row, _)| *row);
    let labels = report.key_components.iter().map(|c| c.label.clone());
    let head = HEADERS.iter().map(ToString::to_string).chain(labels);
    let body = order.into_iter().map(|(_, child)| cells(report, child));
    csv_bytes(std::iter::once(head.collect()).chain(body))
}

fn cells(report: &Report, child: &ChildReport) -> Vec<String> {
    let class = |k: Option<u32>| k.map(|k| &report.class_explanations[k as usize]);
    let nursery = |k| class(k).map_or_else(String::new, |k| k.nursery.clone());
    let name = class(child.class)
        .and_then(|k| report.nurseries.get(&k.nursery))
        .cloned();
    let pool = class(child.class).and_then(|k| k.pool.as_deref());
    let pool = pool.map(|p| report.pool_label(p).to_owned());
    let outcome = match (child.class, child.current) {
        (None, _) => "保留",
        (Some(k), Some(now)) if k == now => "在園継続",
        (Some(_), Some(_)) => "転園内定",
        (Some(_), None) => "内定",
    };
    let rank = child.rank.map_or_else(String::new, |r| r.to_string());
    let (shown, key) = key_of(child);
    let key = key.map_or(&[][..], |k| &report.keys[k as usize]);
    let width = report.key_components.len();
    [
        child.id.clone(),
        child.household.clone(),
        child.age.to_string(),
        nursery(child.current),
        nursery(child.class),
        name.unwrap_or_default(),
        pool.unwrap_or_default(),
        outcome.to_owned(),
        rank,
        shown.map_or_else(String::new, |r| r.to_string()),
    ]
    .into_iter()
    .chain(key.iter().cloned())
    .chain(std::iter::repeat(String::new()))
    .take(HEADERS.len() + width)
    .collect()
}

/// The choice whose key is shown, by its rank: the one obtained, else the first that was looked at.
fn key_of(child: &ChildReport) -> (Option<u32>, Option<KeyNo>) {
    if child.key.is_some() {
        return (child.rank, child.key);
    }
    let mut known = child
        .reasons
        .iter()
        .filter_map(|r| Some((r.rank, r.key.or(r.own)?)));
    known
        .next()
        .map_or((None, None), |(rank, key)| (Some(rank), Some(key)))
}
