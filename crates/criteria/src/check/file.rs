//! What the file says about itself: whose criteria, from which documents, with which holes.

use crate::{
    build::place_of,
    diagnostic::Diagnostics,
    document::{Document, Place, Scalar},
    model::{Criteria, FileKind, Grade, Points, Source},
};
use std::collections::BTreeSet;

/// Reports contradictions.
pub(crate) fn check(criteria: &Criteria, document: &Document, all: &mut Diagnostics) {
    let Some(head) = document.rows("criteria").first() else {
        return;
    };
    let municipality = criteria.head.kind == FileKind::Municipality;
    match (&criteria.head.municipality, municipality) {
        (Some(_), false) => all.error(
            "C030",
            place_of(head, "municipality"),
            (
                "見本や仕組みの試験用のファイルは、自治体の基準として扱えません",
                "a made-up file must not carry a municipality's code",
            ),
            (
                "municipality を消すか、kind = \"municipality\" にしてください",
                "remove municipality, or write kind = \"municipality\"",
            ),
        ),
        (None, true) => all.error(
            "C031",
            place_of(head, "kind"),
            (
                "自治体の基準に、自治体コードがありません",
                "a municipality's criteria need its code",
            ),
            (
                "municipality に全国地方公共団体コード（6桁）を書いてください",
                "write the six-digit code of the municipality",
            ),
        ),
        (Some(code), true) if !valid_code(code) => all.error(
            "C032",
            place_of(head, "municipality"),
            (
                format!("「{code}」は全国地方公共団体コードではありません"),
                format!("\"{code}\" is no code of a municipality"),
            ),
            code_mend(code),
        ),
        _ => {}
    }
    if municipality {
        if criteria.documents.is_empty() {
            all.error(
                "C033",
                place_of(head, "kind"),
                (
                    "自治体の基準に、出典（[[document]]）がありません",
                    "a municipality's criteria need the documents they come from",
                ),
                (
                    "数値をどの資料から写したかを [[document]] に書いてください",
                    "name them in [[document]]",
                ),
            );
        } else {
            sources(criteria, all);
        }
    }
    holes(criteria, document, head.place.clone(), all);
}

/// How to mend a code that is none.
fn code_mend(code: &str) -> (String, String) {
    match check_digit(code).filter(|_| code.len() == 6) {
        Some(digit) => (
            format!(
                "最後の1桁は検査数字で、{} に続くのは {digit} です。写し間違いがないか確かめてください",
                &code[..5]
            ),
            format!(
                "the last digit is a check digit: {} is followed by {digit}; is it copied wrongly?",
                &code[..5]
            ),
        ),
        None => (
            "半角の数字6桁で書いてください（5桁の市区町村コードと、最後に検査数字）".into(),
            "write six digits: the five of the municipality and a check digit".into(),
        ),
    }
}

/// The last digit of a code: the first five times 6, 5, 4, 3, 2, summed, from 11.
fn check_digit(code: &str) -> Option<u32> {
    let digits: Vec<u32> = code.chars().map_while(|c| c.to_digit(10)).take(5).collect();
    let sum: u32 = digits.iter().zip([6, 5, 4, 3, 2]).map(|(d, w)| d * w).sum();
    (digits.len() == 5).then_some((11 - sum % 11) % 10)
}

fn valid_code(code: &str) -> bool {
    let last = code.chars().nth(5).and_then(|c| c.to_digit(10));
    code.len() == 6 && last.is_some() && last == check_digit(code)
}

/// Every number of a municipality names its document.
fn sources(criteria: &Criteria, all: &mut Diagnostics) {
    let rows = criteria.tables.iter().flat_map(|t| &t.rows);
    let rows = rows
        .filter(|r| r.points != Points::ToBeFilled)
        .map(|r| (&r.id, &r.source, &r.span));
    let changes = criteria.values.iter().flat_map(|v| &v.changes);
    let changes = changes.map(|c| (&c.id, &c.source, &c.span));
    for (id, source, span) in rows.chain(changes) {
        if source.document.is_none() {
            all.error(
                "C034",
                span.clone(),
                (
                    format!("「{id}」の数値の出典がありません"),
                    format!("\"{id}\" does not say which document its number comes from"),
                ),
                (
                    "document = \"…\" を行か表に書いてください",
                    "write document = \"…\" in the row or its table",
                ),
            );
        }
    }
}

/// What has not been read in an official document.
fn holes(criteria: &Criteria, document: &Document, place: Place, all: &mut Diagnostics) {
    let rows = criteria.tables.iter().flat_map(|t| &t.rows);
    // Declared ones only: what is missing by mistake was reported as an error.
    let mut open: Vec<&str> = ["row", "key"]
        .into_iter()
        .flat_map(|section| document.rows(section))
        .filter(|r| r.get("fill") == Some(&Scalar::Bool(true)))
        .filter_map(|r| r.text("id"))
        .collect();
    // A gap carries the id of the row or key that waits for it: one hole, said once.
    open.extend(criteria.gaps.iter().map(|g| &*g.id));
    let mut seen = BTreeSet::new();
    open.retain(|id| seen.insert(*id));
    if !open.is_empty() {
        all.warning(
            "C035",
            place.clone(),
            (
                format!("未記入・不明な点が{}件あります: {}", open.len(), few(&open)),
                format!("{} entries are to be filled: {}", open.len(), few(&open)),
            ),
            (
                "原典で確かめるまで、この基準は承認を受ける選考に使えません",
                "until they are, the file cannot serve a round that is to be approved",
            ),
        );
    }
    let third = |s: &Source| s.grade == Grade::ThirdParty;
    let copied: Vec<&str> = rows
        .filter(|r| third(&r.source))
        .map(|r| &*r.id)
        .chain(
            criteria
                .values
                .iter()
                .flat_map(|v| &v.changes)
                .filter(|c| third(&c.source))
                .map(|c| &*c.id),
        )
        .collect();
    if !copied.is_empty() && criteria.head.kind == FileKind::Municipality {
        all.warning(
            "C036",
            place,
            (
                format!(
                    "第三者の転記による数値が{}件あります: {}",
                    copied.len(),
                    few(&copied)
                ),
                format!(
                    "{} numbers come from transcriptions by others: {}",
                    copied.len(),
                    few(&copied)
                ),
            ),
            (
                "使う前に、自治体の資料と照らし合わせてください",
                "compare them with the municipality's own document before use",
            ),
        );
    }
}

fn few(ids: &[&str]) -> String {
    let shown = ids.len().min(8);
    let more = if ids.len() > shown { " …" } else { "" };
    format!("{}{more}", ids[..shown].join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_a_check_digit() {
        for good in ["131181", "142051", "011002", "472085"] {
            assert!(valid_code(good), "{good}");
        }
        for bad in ["131180", "13118", "1311811", "14205a", "１４２０５１"] {
            assert!(!valid_code(bad), "{bad}");
        }
    }
}
