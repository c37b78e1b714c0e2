//! A round as the public file layout: CSV, UTF-8, LF.

use crate::model::Town;

/// U+FEFF, which spreadsheet programs want at the start of UTF-8.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// The files of a round, name and content: `children.csv`, `nurseries.csv`, `areas.csv`.
#[must_use]
pub fn files(town: &Town) -> [(&'static str, Vec<u8>); 3] {
    [
        ("children.csv", children_csv(town)),
        ("nurseries.csv", nurseries_csv(town)),
        ("areas.csv", areas_csv(town)),
    ]
}

/// The children's table (申込者): 申請者番号, 世帯番号, 年齢, 点数N, 希望保育園ID_N, 在籍保育所ID,
/// きょうだいパターン. One column 点数1 unless some child's points depend on the nursery.
#[must_use]
pub fn children_csv(town: &Town) -> Vec<u8> {
    let columns = town.choice_columns;
    let by_choice = town.children.iter().any(|c| !c.points_at.is_empty());
    let point_columns = if by_choice { columns } else { 1 };
    let mut out = Vec::with_capacity(64 + town.children.len() * (48 + columns * 6));
    out.extend_from_slice("申請者番号,世帯番号,年齢".as_bytes());
    for n in 1..=point_columns {
        out.extend_from_slice(format!(",点数{n}").as_bytes());
    }
    for n in 1..=columns {
        out.extend_from_slice(format!(",希望保育園ID_{n}").as_bytes());
    }
    out.extend_from_slice(",在籍保育所ID,きょうだいパターン\n".as_bytes());
    for child in &town.children {
        field(&mut out, &child.id);
        out.push(b',');
        field(&mut out, &town.families[child.family as usize]);
        out.push(b',');
        number(&mut out, i64::from(child.age));
        for n in 0..point_columns {
            out.push(b',');
            // An empty cell means 点数1, so a child whose points differ fills all its cells.
            match child.points_at.get(n) {
                Some(points) => number(&mut out, *points),
                None if n == 0 => number(&mut out, child.points),
                None => {}
            }
        }
        for n in 0..columns {
            out.push(b',');
            if let Some(choice) = child.choices.get(n) {
                field(&mut out, &town.nurseries[*choice as usize].id);
            }
        }
        out.push(b',');
        if let Some(enrolled) = child.enrolled {
            field(&mut out, &town.nurseries[enrolled as usize].id);
        }
        out.push(b',');
        if let Some(code) = child.code {
            number(&mut out, i64::from(code));
        }
        out.push(b'\n');
    }
    out
}

/// The nurseries' table (保育所): 保育所ID, 保育所名, N歳募集人数.
#[must_use]
pub fn nurseries_csv(town: &Town) -> Vec<u8> {
    let mut out = Vec::with_capacity(128 + town.nurseries.len() * 64);
    out.extend_from_slice("保育所ID,保育所名".as_bytes());
    for age in 0..6 {
        out.extend_from_slice(format!(",{age}歳募集人数").as_bytes());
    }
    out.push(b'\n');
    for nursery in &town.nurseries {
        field(&mut out, &nursery.id);
        out.push(b',');
        field(&mut out, &nursery.name);
        for seats in nursery.seats {
            out.push(b',');
            number(&mut out, i64::from(seats));
        }
        out.push(b'\n');
    }
    out
}

/// Where the nurseries are, for pictures; no placement depends on it: 保育所ID, 地区, 施設類型, x, y
/// (metres).
#[must_use]
pub fn areas_csv(town: &Town) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 + town.nurseries.len() * 48);
    out.extend_from_slice("保育所ID,地区,施設類型,x,y\n".as_bytes());
    for nursery in &town.nurseries {
        field(&mut out, &nursery.id);
        out.push(b',');
        field(&mut out, &town.areas[nursery.area as usize]);
        out.push(b',');
        field(&mut out, &nursery.kind);
        out.push(b',');
        number(&mut out, i64::from(nursery.x));
        out.push(b',');
        number(&mut out, i64::from(nursery.y));
        out.push(b'\n');
    }
    out
}

/// The same bytes with the mark that makes spreadsheet programs read UTF-8.
#[must_use]
pub fn with_bom(csv: &[u8]) -> Vec<u8> {
    [BOM, csv].concat()
}

fn number(out: &mut Vec<u8>, value: i64) {
    use std::io::Write;
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{value}");
}

pub(crate) fn field(out: &mut Vec<u8>, text: &str) {
    if !text
        .bytes()
        .any(|b| matches!(b, b',' | b'"' | b'\n' | b'\r'))
    {
        out.extend_from_slice(text.as_bytes());
        return;
    }
    out.push(b'"');
    for b in text.bytes() {
        if b == b'"' {
            out.push(b'"');
        }
        out.push(b);
    }
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_needed() {
        let mut out = Vec::new();
        field(&mut out, "a,\"b\"\nc");
        assert_eq!(out, b"\"a,\"\"b\"\"\nc\"");
    }
}
