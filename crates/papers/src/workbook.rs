//! Workbooks (XLSX): what they unpack to is bounded before anything is unpacked, then they are searched for
//! programs, for links out and for individual numbers. The cells are read elsewhere.

use crate::look::Kind;
use crate::pdf_text::digits_apart;
use crate::refused::Place;
use crate::{Inspected, Limits, Refused, Remark};
use enmusubi_domain::individual;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};

/// A part smaller than this when unpacked is no bomb, however well it was packed.
const SMALL: u64 = 1024 * 1024;

/// Where the texts of cells are.
const SHARED: &str = "xl/sharedStrings.xml";

type Archive<'b> = zip::ZipArchive<Cursor<&'b [u8]>>;

/// Searches a workbook.
pub(crate) fn look(bytes: &[u8], limits: &Limits, into: &mut Inspected) -> Result<(), Refused> {
    let damaged = Refused::Damaged { kind: Kind::Xlsx };
    let Ok(mut archive) = zip::ZipArchive::new(Cursor::new(bytes)) else {
        return Err(damaged);
    };
    let parts = check_parts(&mut archive, limits)?;
    let mut reasons = Vec::new();
    let mut left = limits.zip_bytes_max;
    let mut place = None;
    let has_program = |p: &&String| {
        let lower = p.to_lowercase();
        lower.ends_with(".bin") && lower.contains("vba") || lower.contains("/macrosheets/")
    };
    let mut macros = parts.iter().any(|p| has_program(&p));
    let mut singles = Vec::new();
    // Shared strings first: cells name them by number.
    let mut order: Vec<(usize, &String)> = parts.iter().enumerate().collect();
    order.sort_by_key(|(_, part)| !part.eq_ignore_ascii_case(SHARED));
    for (index, part) in order {
        let lower = part.to_lowercase();
        if lower.contains("externallinks/") {
            into.remarks.push(Remark::LinksOut);
        }
        if !(lower.ends_with(".xml") || lower.ends_with(".rels") || lower.ends_with(".vml")) {
            continue;
        }
        let Ok(member) = archive.by_index(index) else {
            return Err(damaged);
        };
        // What a part says of its size may be a lie; what is read is not.
        let mut text = Vec::new();
        if member.take(left + 1).read_to_end(&mut text).is_err() {
            return Err(damaged);
        }
        left = left
            .checked_sub(text.len() as u64)
            .ok_or(Refused::Bomb { kind: Kind::Xlsx })?;
        let Ok(text) = std::str::from_utf8(&text) else {
            return Err(damaged);
        };
        if lower == "[content_types].xml" {
            macros |= text.contains("macroEnabled") || text.contains("vbaProject");
            continue;
        }
        if lower.ends_with(".rels") {
            if text.contains("TargetMode=\"External\"") {
                into.remarks.push(Remark::LinksOut);
            }
            continue;
        }
        let Ok(found) = search(text, &singles) else {
            return Err(damaged);
        };
        if lower == SHARED.to_lowercase() {
            singles = found.singles;
        }
        if found.digits_apart {
            into.remarks.push(Remark::DigitsApart);
        }
        if place.is_none() {
            place = found.number.map(|cell| match cell {
                Some(cell) => Place::Cell {
                    part: part.clone(),
                    cell,
                },
                None => Place::Part(part.clone()),
            });
        }
    }
    if macros {
        reasons.push(Refused::Macros);
    }
    reasons.extend(place.map(|place| Refused::IndividualNumber { place }));
    if reasons.is_empty() {
        return Ok(());
    }
    Err(Refused::of(reasons))
}

/// Names of the parts, by index; bounds are checked on what the archive says of itself.
fn check_parts(archive: &mut Archive<'_>, limits: &Limits) -> Result<Vec<String>, Refused> {
    let bomb = Refused::Bomb { kind: Kind::Xlsx };
    if archive.len() > limits.zip_entries_max {
        return Err(bomb);
    }
    if archive.has_overlapping_files().unwrap_or(true) {
        return Err(bomb);
    }
    let (mut total, mut names, mut seen) = (0u64, Vec::new(), BTreeSet::new());
    for index in 0..archive.len() {
        let Ok(member) = archive.by_index_raw(index) else {
            return Err(Refused::Damaged { kind: Kind::Xlsx });
        };
        let (size, packed) = (member.size(), member.compressed_size());
        total = total.saturating_add(size);
        if size > SMALL && size / packed.max(1) > limits.zip_ratio_max {
            return Err(bomb);
        }
        let Ok(name) = member.name() else {
            return Err(Refused::OddPath);
        };
        let name = name.into_owned();
        let leads_out = name.starts_with('/')
            || name.contains(['\\', '\0', ':'])
            || name.split('/').any(|step| step == "..");
        if leads_out || !seen.insert(name.to_lowercase()) {
            return Err(Refused::OddPath);
        }
        names.push(name);
    }
    if total > limits.zip_bytes_max {
        return Err(bomb);
    }
    Ok(names)
}

/// What is in the texts of one part.
#[derive(Default)]
struct Found {
    /// An individual number, with the reference of the cell where there is one.
    number: Option<Option<String>>,
    digits_apart: bool,
    /// For each shared string, the digit that is all of it.
    singles: Vec<Option<char>>,
}

/// Elements that end a text: cells, shared strings, paragraphs, comments.
const ENDS: [&str; 6] = ["c", "si", "p", "comment", "text", "row"];

fn search(text: &str, singles: &[Option<char>]) -> Result<Found, quick_xml::Error> {
    let mut reader = Reader::from_str(text);
    let mut found = Found::default();
    let mut cell: Option<String> = None;
    let mut shared = false;
    // Text of what is open, and of the row, cells being separated by spaces.
    let (mut piece, mut row) = (String::new(), String::new());
    let mut in_value = false;
    loop {
        match reader.read_event()? {
            Event::Start(e) => match e.local_name().into_inner() {
                "c" => {
                    cell = attribute(&e, "r");
                    shared = attribute(&e, "t").as_deref() == Some("s");
                }
                "v" => in_value = true,
                _ => {}
            },
            Event::Text(e) => piece.push_str(&e.xml10_content()),
            Event::CData(e) => piece.push_str(&e.xml10_content()),
            Event::GeneralRef(e) => match e.resolve_char_ref() {
                Ok(Some(c)) => piece.push(c),
                _ => piece.push(' '),
            },
            Event::End(e) => {
                let name = e.local_name().into_inner();
                if name == "v" && in_value {
                    in_value = false;
                    // A shared string is searched where it stands; here is only its number in the list.
                    if shared {
                        let at: Option<usize> = piece.trim().parse().ok();
                        let single = at.and_then(|at| singles.get(at).copied().flatten());
                        piece = single.unwrap_or('…').to_string();
                    } else if let Some(whole) = whole_number(&piece) {
                        piece = whole;
                    }
                }
                if name == "si" {
                    let mut letters = piece.trim().chars();
                    let single = letters
                        .next()
                        .filter(|c| c.is_numeric() && letters.next().is_none());
                    found.singles.push(single);
                }
                if ENDS.contains(&name) {
                    settle(&mut piece, &mut row, cell.as_ref(), &mut found);
                    if name == "c" {
                        cell = None;
                    }
                    if name == "row" {
                        found.digits_apart |= digits_apart(&row);
                        row.clear();
                    }
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    settle(&mut piece, &mut row, None, &mut found);
    Ok(found)
}

fn settle(piece: &mut String, row: &mut String, cell: Option<&String>, found: &mut Found) {
    if found.number.is_none() && individual::holds_one(piece) {
        found.number = Some(cell.cloned());
    }
    row.push_str(piece);
    row.push(' ');
    piece.clear();
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let value = element.try_get_attribute(name).ok()??;
    Some(value.value.into_owned())
}

/// A number as people read it: `1.23456789018E11` is written for twelve digits by some programs.
fn whole_number(text: &str) -> Option<String> {
    let number: f64 = text.trim().parse().ok()?;
    let whole = number.is_finite() && number.fract() == 0.0 && (0.0..1e15).contains(&number);
    whole.then(|| format!("{number:.0}"))
}
