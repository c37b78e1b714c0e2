//! Days as people and systems write them: ISO, 和暦 in words, 和暦 in seven digits.
//!
//! The one place where an era becomes a year. Five eras with exact first and last days need no
//! calendar library; what a date outside its era was meant to be is for people to say.

pub(crate) use enmusubi_domain::facts::words::wareki;
use jiff::civil::{Date, date};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization as _;

/// An era (元号).
struct Era {
    name: &'static str,
    letter: char,
    /// First digit of the seven-digit form.
    digit: char,
    first: Date,
    last: Option<Date>,
}

/// The eras since births can be of interest. The day of a change belongs to the new era.
static ERAS: [Era; 5] = [
    Era {
        name: "明治",
        letter: 'M',
        digit: '1',
        // The Gregorian calendar is in force from this day (明治5年太政官布告第337号).
        first: date(1873, 1, 1),
        last: Some(date(1912, 7, 29)),
    },
    Era {
        name: "大正",
        letter: 'T',
        digit: '2',
        first: date(1912, 7, 30),
        last: Some(date(1926, 12, 24)),
    },
    Era {
        name: "昭和",
        letter: 'S',
        digit: '3',
        first: date(1926, 12, 25),
        last: Some(date(1989, 1, 7)),
    },
    Era {
        name: "平成",
        letter: 'H',
        digit: '4',
        first: date(1989, 1, 8),
        last: Some(date(2019, 4, 30)),
    },
    Era {
        name: "令和",
        letter: 'R',
        digit: '5',
        first: date(2019, 5, 1),
        last: None,
    },
];

/// First calendar year of an era minus one: 平成1年 is 1988 + 1. 明治 counts from 1868.
fn before(era: &Era) -> i16 {
    if era.digit == '1' {
        1867
    } else {
        era.first.year() - 1
    }
}

/// Years that anything in a round can lie in.
const YEARS: std::ops::RangeInclusive<i16> = 1873..=2200;

/// Why a text is no day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoDate {
    /// Not written as any of the forms.
    Form,
    /// No such day in the calendar, or far from any round.
    Day,
    /// The day exists, but its era does not reach it; here as that era would count it.
    Era(Date),
    /// A number that a spreadsheet shows instead of a day (1900 date system).
    Serial(Date),
}

/// Reads `2026-04-01`, `2026/4/1`, `2026年4月1日`, `20260401`, `令和8年4月1日`, `R8.4.1`, `5080401`.
///
/// # Errors
/// [`NoDate`].
pub fn parse(text: &str) -> Result<Date, NoDate> {
    // Nearly every cell is ISO.
    if let Some(date) = iso(text.as_bytes()) {
        return date;
    }
    let text = plain(text);
    let text = without_midnight(&text);
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return digits(text);
    }
    for era in &ERAS {
        let rest = text
            .strip_prefix(era.name)
            .or_else(|| text.strip_prefix(era.letter))
            .or_else(|| text.strip_prefix(era.letter.to_ascii_lowercase()));
        if let Some(rest) = rest {
            let (year, month, day) = parts(rest).ok_or(NoDate::Form)?;
            return of_era(era, year, month, day);
        }
    }
    let (year, month, day) = parts(text).ok_or(NoDate::Form)?;
    if year < 1000 {
        return Err(NoDate::Form);
    }
    civil(year, month, day)
}

/// `YYYY-MM-DD`; `None` for any other shape.
fn iso(bytes: &[u8]) -> Option<Result<Date, NoDate>> {
    let b: &[u8; 10] = bytes.try_into().ok()?;
    let digit = |i: usize| b[i].is_ascii_digit().then(|| i16::from(b[i] - b'0'));
    if b[4] != b'-' || b[7] != b'-' {
        return None;
    }
    let year = digit(0)? * 1000 + digit(1)? * 100 + digit(2)? * 10 + digit(3)?;
    let (month, day) = (digit(5)? * 10 + digit(6)?, digit(8)? * 10 + digit(9)?);
    Some(civil(year, month as i8, day as i8))
}

/// Width made even, white space dropped.
fn plain(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii_graphic()) {
        return Cow::Borrowed(text);
    }
    // A time after the day is set apart by a space.
    let even: String = text.trim().nfkc().collect();
    match even.split_once(' ') {
        Some((day, time)) if midnight(time) => Cow::Owned(day.to_owned()),
        _ => Cow::Owned(even.chars().filter(|c| !c.is_whitespace()).collect()),
    }
}

fn midnight(time: &str) -> bool {
    let time = time.trim();
    time.contains(':') && time.chars().all(|c| matches!(c, '0' | ':' | '.'))
}

fn without_midnight(text: &str) -> &str {
    match text.split_once('T') {
        Some((day, time)) if midnight(time) => day,
        _ => text,
    }
}

/// Eight digits of the common calendar, seven of an era, or a spreadsheet's number of a day.
fn digits(text: &str) -> Result<Date, NoDate> {
    let number = |range: std::ops::Range<usize>| {
        text.get(range)
            .and_then(|t| t.parse::<i16>().ok())
            .ok_or(NoDate::Form)
    };
    match text.len() {
        8 => civil(number(0..4)?, number(4..6)? as i8, number(6..8)? as i8),
        7 => {
            let era = ERAS.iter().find(|e| text.starts_with(e.digit));
            let era = era.ok_or(NoDate::Form)?;
            of_era(era, number(1..3)?, number(3..5)? as i8, number(5..7)? as i8)
        }
        5 => {
            let serial: i64 = text.parse().map_err(|_| NoDate::Form)?;
            // Day 61 and later of the 1900 system count from 30 December 1899.
            date(1899, 12, 30)
                .checked_add(jiff::Span::new().days(serial))
                .map_or(Err(NoDate::Form), |day| Err(NoDate::Serial(day)))
        }
        _ => Err(NoDate::Form),
    }
}

/// `8年4月1日`, `8.4.1`, `2026/4/1`, `元年5月1日`.
fn parts(text: &str) -> Option<(i16, i8, i8)> {
    let text = text.strip_suffix('日').unwrap_or(text);
    let mut fields = text.split(['年', '月', '.', '/', '-']);
    let year = match fields.next()? {
        "元" => 1,
        year => number(year, 4)?,
    };
    let (month, day) = (number(fields.next()?, 2)?, number(fields.next()?, 2)?);
    fields
        .next()
        .is_none()
        .then_some((year, month as i8, day as i8))
}

fn number(text: &str, most: usize) -> Option<i16> {
    let fits = !text.is_empty() && text.len() <= most;
    (fits && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

fn civil(year: i16, month: i8, day: i8) -> Result<Date, NoDate> {
    if !YEARS.contains(&year) {
        return Err(NoDate::Day);
    }
    Date::new(year, month, day).map_err(|_| NoDate::Day)
}

fn of_era(era: &Era, year: i16, month: i8, day: i8) -> Result<Date, NoDate> {
    if year < 1 {
        return Err(NoDate::Day);
    }
    let day = civil(before(era).saturating_add(year), month, day)?;
    if day < era.first || era.last.is_some_and(|last| day > last) {
        return Err(NoDate::Era(day));
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form() {
        let expect = Ok(date(2026, 4, 1));
        for text in [
            "2026-04-01",
            "2026/4/1",
            "2026.04.01",
            "2026年4月1日",
            "２０２６年４月１日",
            "20260401",
            "令和8年4月1日",
            "令和８年４月１日",
            "令和 8年 4月 1日",
            "R8.4.1",
            "r8/4/1",
            "Ｒ８．４．１",
            "R08-04-01",
            "5080401",
            " 2026-04-01 ",
            "2026-04-01 00:00:00",
            "2026/04/01 0:00",
            "2026-04-01T00:00:00",
        ] {
            assert_eq!(parse(text), expect, "{text:?}");
        }
        assert_eq!(parse("4050101"), Ok(date(1993, 1, 1)));
        assert_eq!(parse("3640107"), Ok(date(1989, 1, 7)));
    }

    /// First and last day of every era, in words and in digits, and what lies outside.
    #[test]
    fn borders_of_eras() {
        for (text, digits, iso) in [
            ("明治6年1月1日", "1060101", "1873-01-01"),
            ("明治45年7月29日", "1450729", "1912-07-29"),
            ("大正元年7月30日", "2010730", "1912-07-30"),
            ("大正15年12月24日", "2151224", "1926-12-24"),
            ("昭和元年12月25日", "3011225", "1926-12-25"),
            ("昭和64年1月7日", "3640107", "1989-01-07"),
            ("平成元年1月8日", "4010108", "1989-01-08"),
            ("平成31年4月30日", "4310430", "2019-04-30"),
            ("令和元年5月1日", "5010501", "2019-05-01"),
            ("令和8年2月28日", "5080228", "2026-02-28"),
            ("令和10年2月29日", "5100229", "2028-02-29"),
        ] {
            let day: Date = iso.parse().expect(iso);
            assert_eq!(parse(text), Ok(day), "{text}");
            assert_eq!(parse(digits), Ok(day), "{digits}");
            assert_eq!(wareki(day), text);
        }
        for (text, meant) in [
            ("明治45年7月30日", "1912-07-30"),
            ("大正元年7月29日", "1912-07-29"),
            ("大正15年12月25日", "1926-12-25"),
            ("昭和元年12月24日", "1926-12-24"),
            ("昭和64年1月8日", "1989-01-08"),
            ("平成元年1月7日", "1989-01-07"),
            ("平成31年5月1日", "2019-05-01"),
            ("H35.3.31", "2023-03-31"),
            ("令和元年4月30日", "2019-04-30"),
            ("4310501", "2019-05-01"),
        ] {
            let day: Date = meant.parse().expect(meant);
            assert_eq!(parse(text), Err(NoDate::Era(day)), "{text}");
        }
    }

    #[test]
    fn what_is_no_day() {
        for (text, why) in [
            ("", NoDate::Form),
            ("8年4月1日", NoDate::Form),
            ("8.4.1", NoDate::Form),
            ("4/1", NoDate::Form),
            ("2026-04", NoDate::Form),
            ("令和8年4月", NoDate::Form),
            ("令和8年4月1日2", NoDate::Form),
            ("R8.4.1.2", NoDate::Form),
            ("6080401", NoDate::Form),
            ("2026-02-29", NoDate::Day),
            ("2026-13-01", NoDate::Day),
            ("0026-04-01", NoDate::Day),
            ("20261301", NoDate::Day),
            ("5080431", NoDate::Day),
            ("令和0年4月1日", NoDate::Day),
            ("46113", NoDate::Serial(date(2026, 4, 1))),
            ("2026-04-01 10:30", NoDate::Form),
            ("はい", NoDate::Form),
            ("99999999999999999999", NoDate::Form),
        ] {
            assert_eq!(parse(text), Err(why), "{text:?}");
        }
    }
}
