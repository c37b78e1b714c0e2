//! What goes wrong at a keyboard, drawn without a look at what is checked.

use enmusubi_casefile::fact::Subject;
use enmusubi_demo::Fields;
use enmusubi_domain::facts::{
    Type,
    vocabulary::{VOCABULARY, find},
};
use enmusubi_synth::rng::Rng;
use jiff::civil::Date;

/// Kinds of slips.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Transposed,
    Era,
    DayMonth,
    Neighbour,
    Facility,
    Kana,
    Mismatch,
    Shifted,
    Omitted,
    Twice,
    TenTimes,
    Minutes,
    Postcode,
    Phone,
    NewTransfer,
    BirthsSwapped,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Transposed => "two digits of a date transposed",
            Self::Era => "wrong era digit",
            Self::DayMonth => "day and month exchanged",
            Self::Neighbour => "neighbouring key in a number",
            Self::Facility => "facility number wrong by a digit",
            Self::Kana => "character of a reading doubled or left out",
            Self::Mismatch => "reading of another name",
            Self::Shifted => "choices in another column",
            Self::Omitted => "field left out",
            Self::Twice => "paper keyed twice",
            Self::TenTimes => "hours times ten",
            Self::Minutes => "minutes typed as hours",
            Self::Postcode => "digit of the postcode",
            Self::Phone => "digit of the telephone number",
            Self::NewTransfer => "new and transfer mixed up",
            Self::BirthsSwapped => "guardian's and child's birth dates exchanged",
        }
    }
}

/// A paper as a clerk types it: days in seven digits of the Japanese calendar; what no box of the form asks for is left out.
pub fn typed(mut fields: Fields) -> Fields {
    fields.retain(|name, _| !name.contains('@'));
    for values in fields.values_mut() {
        for value in values {
            if let Ok(day) = value.parse::<Date>() {
                *value = seven(day);
            }
        }
    }
    fields
}

/// 7桁: era, year of the era, month, day.
fn seven(day: Date) -> String {
    let year = i32::from(day.year());
    let (era, begin) = match (day.year(), day.month(), day.day()) {
        d if d >= (2019, 5, 1) => (5, 2018),
        d if d >= (1989, 1, 8) => (4, 1988),
        _ => (3, 1925),
    };
    format!("{era}{:02}{:02}{:02}", year - begin, day.month(), day.day())
}

fn value<'p>(paper: &'p Fields, name: &str) -> &'p str {
    let first = paper.get(name).and_then(|v| v.first());
    first.map_or("", String::as_str)
}

fn type_of(name: &str) -> Option<Type> {
    let (subject, attribute) = name.rsplit_once('.')?;
    let subject = Subject::try_from(subject.to_owned()).ok()?;
    let at = find(subject.entity(), attribute)?;
    Some(VOCABULARY[usize::from(at)].ty)
}

fn is_date(paper: &Fields, name: &str) -> bool {
    let text = value(paper, name);
    let digits = text.len() == 7 && text.bytes().all(|b| b.is_ascii_digit());
    let asked = ["arrived", "postmark"].contains(&name)
        || [".birth", ".enrolled_since"]
            .iter()
            .any(|e| name.ends_with(e));
    digits && (asked || matches!(type_of(name), Some(Type::Date)))
}

/// Kinds that can happen in a field.
fn kinds(paper: &Fields, name: &str) -> Vec<Kind> {
    let mut list = vec![Kind::Omitted];
    let (_, last) = name.rsplit_once('.').unwrap_or(("", name));
    if is_date(paper, name) {
        list.extend([Kind::Transposed, Kind::Era, Kind::DayMonth, Kind::Neighbour]);
        if last == "birth" && (name.starts_with("g1") || name.starts_with("c1")) {
            list.push(Kind::BirthsSwapped);
        }
    } else if matches!(type_of(name), Some(Type::Number | Type::Quantity(_))) {
        list.push(Kind::Neighbour);
        if last.contains("hours") {
            list.extend([Kind::TenTimes, Kind::Minutes]);
        }
    }
    match last {
        "kana" => list.extend([Kind::Kana, Kind::Mismatch]),
        "choices" => list.extend([Kind::Facility, Kind::Shifted]),
        "enrolled" => list.push(Kind::Facility),
        "postcode" => list.push(Kind::Postcode),
        "phone" => list.push(Kind::Phone),
        "kind" => list.push(Kind::NewTransfer),
        _ => {}
    }
    list
}

/// A slip in a field; none where the one drawn would change nothing.
pub fn in_field(
    paper: &Fields,
    name: &str,
    papers: &[Fields],
    rng: &mut Rng,
) -> Option<(Kind, Fields)> {
    let kinds = kinds(paper, name);
    let kind = kinds[rng.index(kinds.len())];
    let mut wrong = paper.clone();
    let text = value(paper, name).to_owned();
    let mut set = |name: &str, text: String| wrong.insert(name.to_owned(), vec![text]);
    match kind {
        Kind::Omitted => {
            wrong.remove(name);
        }
        Kind::Transposed => {
            let bytes = text.as_bytes();
            let places: Vec<usize> = (0..6).filter(|&i| bytes[i] != bytes[i + 1]).collect();
            let at = *places.get(rng.index(places.len().max(1)))?;
            let mut digits: Vec<char> = text.chars().collect();
            digits.swap(at, at + 1);
            set(name, digits.into_iter().collect());
        }
        Kind::Era => {
            let others: Vec<&str> = ["3", "4", "5"]
                .into_iter()
                .filter(|e| !text.starts_with(e))
                .collect();
            set(name, format!("{}{}", others[rng.index(2)], &text[1..]));
        }
        Kind::DayMonth => {
            set(name, format!("{}{}{}", &text[..3], &text[5..], &text[3..5]));
        }
        Kind::Neighbour | Kind::Facility | Kind::Postcode => {
            set_digit(&mut wrong, name, &text, rng)?;
        }
        Kind::Phone => {
            // Half of them lose the digit, half have another.
            if rng.below(2) == 0 {
                let places = digits_of(&text);
                let at = places[rng.index(places.len())];
                let mut text = text.clone();
                text.remove(at);
                set(name, text);
            } else {
                set_digit(&mut wrong, name, &text, rng)?;
            }
        }
        Kind::Kana => {
            let mut letters: Vec<char> = text.chars().collect();
            let places: Vec<usize> = (0..letters.len())
                .filter(|&i| !letters[i].is_whitespace())
                .collect();
            let at = places[rng.index(places.len())];
            if rng.below(2) == 0 {
                letters.insert(at, letters[at]);
            } else {
                letters.remove(at);
            }
            set(name, letters.into_iter().collect());
        }
        Kind::Mismatch => {
            // The family's or the given name of a neighbouring paper in the pile.
            let other = value(&papers[rng.index(papers.len())], "g1.kana").to_owned();
            let (family, given) = text.split_once(char::is_whitespace)?;
            let (other_family, other_given) = other.split_once(char::is_whitespace)?;
            set(
                name,
                match rng.below(2) {
                    0 => format!("{other_family}　{given}"),
                    _ => format!("{family}　{other_given}"),
                },
            );
        }
        Kind::Shifted => {
            let child = name.split('.').next()?;
            let brother = (1..=8)
                .map(|n| format!("c{n}"))
                .find(|c| c != child && !value(paper, &format!("{c}.choices")).is_empty());
            match brother {
                Some(other) => {
                    let theirs = value(paper, &format!("{other}.choices")).to_owned();
                    set(name, theirs);
                    set(&format!("{other}.choices"), text.clone());
                }
                None => {
                    // One box to the right.
                    let first = text.split(' ').next()?.to_owned();
                    set(&format!("{child}.enrolled"), first);
                    let rest: Vec<&str> = text.split(' ').skip(1).collect();
                    set(name, rest.join(" "));
                }
            }
        }
        Kind::TenTimes => {
            set(name, times(&text, 10.0)?);
        }
        Kind::Minutes => {
            set(name, times(&text, 60.0)?);
        }
        Kind::NewTransfer => {
            let other = match text.as_str() {
                "新規" => "転園",
                "転園" => "新規",
                _ => return None,
            };
            set(name, other.to_owned());
        }
        Kind::BirthsSwapped => {
            let (g, c) = (value(paper, "g1.birth"), value(paper, "c1.birth"));
            if g.is_empty() || c.is_empty() {
                return None;
            }
            let (g, c) = (g.to_owned(), c.to_owned());
            set("g1.birth", c);
            set("c1.birth", g);
        }
        Kind::Twice => {}
    }
    (wrong != *paper).then_some((kind, wrong))
}

fn times(text: &str, by: f64) -> Option<String> {
    let hours: f64 = text.parse().ok()?;
    Some(format!("{}", (hours * by * 100.0).round() / 100.0))
}

fn digits_of(text: &str) -> Vec<usize> {
    let digits = text.char_indices().filter(|(_, c)| c.is_ascii_digit());
    digits.map(|(at, _)| at).collect()
}

/// The key beside the right one, on a block of ten.
fn set_digit(wrong: &mut Fields, name: &str, text: &str, rng: &mut Rng) -> Option<()> {
    let beside = [
        "12", "0245", "0135", "026", "157", "2468", "359", "48", "579", "68",
    ];
    let places = digits_of(text);
    let at = *places.get(rng.index(places.len().max(1)))?;
    let digit = usize::from(text.as_bytes()[at] - b'0');
    let keys = beside[digit];
    let key = &keys[rng.index(keys.len())..][..1];
    let text = format!("{}{key}{}", &text[..at], &text[at + 1..]);
    wrong.insert(name.to_owned(), vec![text]);
    Some(())
}

/// The same paper keyed by somebody else on another day: other spaces, common characters, hiragana.
pub fn keyed_again(paper: &Fields, rng: &mut Rng) -> Fields {
    let mut again = paper.clone();
    let way = rng.below(4);
    for (name, values) in &mut again {
        if !(name.ends_with(".name") || name.ends_with(".kana")) {
            continue;
        }
        for value in values {
            let plain = value.chars().filter_map(|c| match c {
                '\u{E0100}'..='\u{E01EF}' if way > 0 => None,
                '　' if way == 1 => Some(' '),
                'ァ'..='ヴ' if way == 2 => char::from_u32(c as u32 - 0x60),
                c => Some(c),
            });
            *value = plain.collect();
        }
    }
    again
}

/// Fields that differ, for whoever looks at single slips.
pub fn difference<'p>(right: &'p Fields, wrong: &'p Fields) -> Vec<(&'p str, &'p str, &'p str)> {
    let names = right
        .keys()
        .chain(wrong.keys().filter(|n| !right.contains_key(*n)));
    names
        .filter(|n| right.get(*n) != wrong.get(*n))
        .map(|n| (n.as_str(), value(right, n), value(wrong, n)))
        .collect()
}
