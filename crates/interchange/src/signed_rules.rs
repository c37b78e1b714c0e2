//! The list of learned rules (sheet 規則 of `learn.xlsx`) as somebody signed it.
//!
//! # Columns
//!
//! 番号, 規則, 認める・認めない, 確かめた人, 日付, 下書きの場所; others are not read. Rows without a place are rules that are not in the draft:
//! nobody has to sign them.
//!
//! # What cells mean
//!
//! - 認める・認めない: 認める, ○, はい, yes; 認めない, ×, いいえ, no.
//! - 日付: a date of the spreadsheet, or one of the forms of all tables (`2026-11-27`, 令和8年11月27日, `R8.11.27`).
//! - 下書きの場所: a place a line.

use crate::{
    Source,
    columns::normal,
    dates::{self, NoDate, wareki},
    diagnostic::{At, Diagnostics, Kind, Text},
    table::{Row, Table},
};
use jiff::civil::Date;
use std::ops::ControlFlow;

/// Name of the sheet.
const SHEET: &str = "規則";

/// Headers, in the order of [`Columns`].
const HEADERS: [&str; 6] = [
    "番号",
    "規則",
    "認める・認めない",
    "確かめた人",
    "日付",
    "下書きの場所",
];
const NUMBER: usize = 0;
const RULE: usize = 1;
const VERDICT: usize = 2;
const BY: usize = 3;
const ON: usize = 4;
const PLACES: usize = 5;

/// Rows in which the header is looked for.
const HEADER_WITHIN: u32 = 50;

/// A rule of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Row as a spreadsheet shows it.
    pub row: u32,
    /// Its number.
    pub number: u32,
    /// The rule in words.
    pub rule: Box<str>,
    /// The places of the draft that it changed, at least one.
    pub places: Vec<Box<str>>,
    /// Whether it was accepted; `None` where that is reported as wrong.
    pub accepted: Option<bool>,
    /// Who signed it.
    pub by: Box<str>,
    /// The day; `None` where that is reported as wrong.
    pub on: Option<Date>,
}

/// Reads the rules that are in the draft. Where an error is reported, what could be read is there all the same: what else is wrong can
/// be told at once.
#[must_use]
pub fn read(source: &Source<'_>) -> (Vec<Line>, Diagnostics) {
    let mut all = Diagnostics::default();
    let Some(mut table) = Table::open(source, &mut all) else {
        return (Vec::new(), all);
    };
    let sheets = table.sheets();
    let one = sheets.first().filter(|_| sheets.len() == 1);
    let named = sheets.iter().find(|s| normal(s) == SHEET);
    let Some(sheet) = named.or(one).cloned() else {
        all.add(&kind::SHEET_MISSING, source.name, At::default());
        return (Vec::new(), all);
    };
    let file = list_name(source.name);
    let mut reading = Reading {
        file: &file,
        columns: None,
        lines: Vec::new(),
    };
    table.rows(&sheet, &file, &mut all, &mut |row, all| {
        reading.row(row, all)
    });
    if reading.columns.is_none() && !all.has_errors() {
        all.add(&kind::HEADER_MISSING, &file, At::default());
    }
    (reading.lines, all)
}

/// What the list is called in messages.
#[must_use]
pub fn list_name(file: &str) -> String {
    format!("{file}「{SHEET}」")
}

struct Reading<'f> {
    file: &'f str,
    /// Column of each header.
    columns: Option<[usize; HEADERS.len()]>,
    lines: Vec<Line>,
}

impl Reading<'_> {
    fn row(&mut self, row: &Row, all: &mut Diagnostics) -> ControlFlow<()> {
        match self.columns {
            Some(columns) => self.line(row, columns, all),
            None if row.number > HEADER_WITHIN => return ControlFlow::Break(()),
            None => return self.header(row, all),
        }
        ControlFlow::Continue(())
    }

    fn header(&mut self, row: &Row, all: &mut Diagnostics) -> ControlFlow<()> {
        let headers: Vec<String> = (0..row.len()).map(|c| normal(row.cell(c))).collect();
        let found = HEADERS.map(|name| headers.iter().position(|h| *h == normal(name)));
        if found[NUMBER].is_none() || found[VERDICT].is_none() {
            return ControlFlow::Continue(());
        }
        let missing = HEADERS.iter().zip(found).filter(|(_, at)| at.is_none());
        let missing: Vec<&str> = missing.map(|(name, _)| *name).collect();
        if !missing.is_empty() {
            let names = missing.join("、");
            all.add_with(
                &kind::COLUMN_MISSING,
                self.file,
                At::row(row.number),
                || Text::new(format!("ない列: {names}"), format!("missing: {names}")),
            );
            return ControlFlow::Break(());
        }
        self.columns = Some(found.map(Option::unwrap_or_default));
        ControlFlow::Continue(())
    }

    fn line(&mut self, row: &Row, columns: [usize; HEADERS.len()], all: &mut Diagnostics) {
        let cell = |of: usize| row.cell(columns[of]);
        let tell = |kind: &'static Kind, of: usize, all: &mut Diagnostics, detail: Text| {
            let at = At::cell(row.number, HEADERS[of], cell(of));
            all.add_with(kind, self.file, at, || detail);
        };
        let nothing = || Text::new("", "");
        let places: Vec<Box<str>> = cell(PLACES)
            .lines()
            .map(str::trim)
            .filter(|p| !p.is_empty())
            .map(Into::into)
            .collect();
        let verdict = verdict(cell(VERDICT));
        if places.is_empty() {
            if verdict == Some(true) {
                tell(&kind::NOT_IN_DRAFT, VERDICT, all, nothing());
            }
            return;
        }
        let number = normal(cell(NUMBER)).parse::<u32>().ok();
        let twice = number.and_then(|n| self.lines.iter().find(|l| l.number == n));
        match (number, twice) {
            (None, _) => tell(&kind::NO_NUMBER, NUMBER, all, nothing()),
            (_, Some(line)) => {
                let (ja, en) = (
                    format!("{}行目にもあります", line.row),
                    format!("also in row {}", line.row),
                );
                tell(&kind::TWICE, NUMBER, all, Text::new(ja, en));
            }
            _ => {}
        }
        if verdict.is_none() {
            let kind = match cell(VERDICT) {
                "" => &kind::NO_VERDICT,
                _ => &kind::VERDICT_UNKNOWN,
            };
            tell(kind, VERDICT, all, nothing());
        }
        if cell(BY).is_empty() {
            tell(&kind::NO_NAME, BY, all, nothing());
        }
        let on = match cell(ON) {
            "" => {
                tell(&kind::NO_DATE, ON, all, nothing());
                None
            }
            text => match dates::parse(text) {
                Ok(day) => Some(day),
                Err(why) => {
                    tell(&kind::NOT_A_DATE, ON, all, meant(&why));
                    None
                }
            },
        };
        self.lines.push(Line {
            row: row.number,
            number: number.unwrap_or_default(),
            rule: cell(RULE).into(),
            places,
            accepted: verdict,
            by: cell(BY).into(),
            on,
        });
    }
}

/// What a verdict says; `None`: nothing that is known.
fn verdict(text: &str) -> Option<bool> {
    match &*normal(text).to_lowercase() {
        "認める" | "○" | "〇" | "◯" | "はい" | "yes" => Some(true),
        "認めない" | "×" | "✕" | "✗" | "いいえ" | "no" => Some(false),
        _ => None,
    }
}

/// What a text that is no date may have been meant to be.
fn meant(why: &NoDate) -> Text {
    match why {
        NoDate::Form => Text::new("", ""),
        NoDate::Day => Text::new("暦にない日です", "there is no such day"),
        NoDate::Era(day) => Text::new(
            format!("その元号にない日です。{}のことですか", wareki(*day)),
            format!("the era does not reach that day; did you mean {day}?"),
        ),
        NoDate::Serial(day) => Text::new(
            format!(
                "日付の表示形式になっていません。{}のことですか",
                wareki(*day)
            ),
            format!("a number without the format of a date; did you mean {day}?"),
        ),
    }
}

crate::diagnostic::kinds! {
    SHEET_MISSING = "E220" Error
        ja: "シート「規則」がありません" / "enmusubi learn が書いた learn.xlsx" / "学習のフォルダにある learn.xlsx に記入して指定してください"
        en: "there is no sheet \"規則\"" / "the learn.xlsx that enmusubi learn wrote" / "fill in and give the learn.xlsx in the folder of the report";
    HEADER_MISSING = "E221" Error
        ja: "規則の表の見出しが見つかりません" / "「番号」と「認める・認めない」のある見出しの行" / "見出しを消したときは、learn.xlsx を書き直させて、記入し直してください"
        en: "the header of the list of rules was not found" / "a row with \"番号\" and \"認める・認めない\"" / "where it was taken away, have learn.xlsx written again and fill it in";
    COLUMN_MISSING = "E222" Error
        ja: "規則の表に、必要な列がありません" / "番号、規則、認める・認めない、確かめた人、日付、下書きの場所" / "列を消したときは戻してください。前の版で書いた learn.xlsx なら、もう一度 enmusubi learn を実行してください"
        en: "the list of rules lacks a column" / "番号, 規則, 認める・認めない, 確かめた人, 日付, 下書きの場所" / "put the column back; where an earlier version wrote learn.xlsx, run enmusubi learn again";
    NO_NUMBER = "E223" Error
        ja: "規則の番号が読めません" / "0以上の整数" / "学んだときの番号に戻してください"
        en: "the rule's number cannot be read" / "a whole number of 0 or more" / "put the number back as it was learned";
    TWICE = "E224" Error
        ja: "同じ番号の規則が2つあります" / "規則ごとに1行" / "写した行を消し、1行だけを残してください"
        en: "two rules have the same number" / "a row for each rule" / "take the copied row away";
    NO_VERDICT = "E225" Error
        ja: "認めるか認めないかが空欄です" / "「認める」か「認めない」（○と×、はいといいえでもよい）" / "どちらかを記入してください。決められない規則は「認めない」とし、あとで学び直せます"
        en: "neither accepted nor not (blank)" / "認める (yes, ○) or 認めない (no, ×)" / "enter one of them; what cannot be decided now is 認めない and may be learned again later";
    VERDICT_UNKNOWN = "E226" Error
        ja: "認めるか認めないかが読めません" / "「認める」か「認めない」（○と×、はいといいえでもよい）" / "どちらかを記入してください。理由や条件はほかの列に書いてください"
        en: "neither accepted nor not" / "認める (yes, ○) or 認めない (no, ×)" / "enter one of them, and reasons in another column";
    NO_NAME = "E227" Error
        ja: "確かめた人が空欄です" / "人の名前（役職があれば役職も）" / "認めた人、または認めなかった人の名前を記入してください"
        en: "nobody signed (blank)" / "a name" / "enter who accepted the rule, or did not";
    NO_DATE = "E228" Error
        ja: "日付が空欄です" / "2026-11-27、令和8年11月27日、R8.11.27 など" / "確かめた日を記入してください"
        en: "there is no date (blank)" / "2026-11-27, 令和8年11月27日, R8.11.27" / "enter the day";
    NOT_A_DATE = "E229" Error
        ja: "日付として読めません" / "2026-11-27、令和8年11月27日、R8.11.27 など" / "確かめた日を、年から記入してください"
        en: "not a date" / "2026-11-27, 令和8年11月27日, R8.11.27" / "enter the day with its year";
    NOT_IN_DRAFT = "W220" Warning
        ja: "下書きにない規則です。認めるとあっても、書き出す基準には入りません" / "" / "基準に入れるときは、行を自分で書き加えてください"
        en: "the rule is not in the draft: accepted or not, it will not be in the criteria" / "" / "add the row by hand if you want it";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Language;

    const HEAD: &str = "過去の決定から学んだ規則,,,,,,\n番号,規則,認める・認めない,備考,確かめた人,日付,下書きの場所\n";

    fn read_of(rows: &str) -> (Vec<Line>, Diagnostics) {
        let text = format!("{HEAD}{rows}");
        read(&Source {
            name: "learn.csv",
            bytes: text.as_bytes(),
        })
    }

    fn codes(all: &Diagnostics) -> Vec<&'static str> {
        all.list().iter().map(|d| d.kind.code).collect()
    }

    #[test]
    fn what_people_write_is_read() {
        let (lines, all) = read_of(
            "0,順番,○,,山田課長,2026-11-27,\"table:a\nkey:b\"\n\
             1,夜勤,認める ,,山田課長,令和8年11月27日,row:x\n\
             ２,同居,No,,佐藤係長,R8.11.27,siblings\n\
             1,手がかりが足りない,,,,,\n",
        );
        assert!(all.is_empty(), "{}", all.render(Language::English));
        let told: Vec<_> = lines
            .iter()
            .map(|l| (l.number, l.accepted, &*l.by, l.places.len()))
            .collect();
        assert_eq!(
            told,
            [
                (0, Some(true), "山田課長", 2),
                (1, Some(true), "山田課長", 1),
                (2, Some(false), "佐藤係長", 1),
            ]
        );
        let day = Some(jiff::civil::date(2026, 11, 27));
        assert!(lines.iter().all(|l| l.on == day));
        assert_eq!(&*lines[1].rule, "夜勤");
        assert_eq!(lines[1].row, 4);
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let (lines, all) = read_of(
            "1,a,,,,,row:a\n\
             1,b,たぶん,,山田,きのう,row:b\n\
             x,c,×,,山田,2026-02-30,row:c\n\
             4,d,認める,,山田,46353,\n",
        );
        assert_eq!(lines.len(), 3);
        assert_eq!(
            codes(&all),
            [
                "E225", "E227", "E228", "E224", "E226", "E229", "E223", "E229", "W220"
            ]
        );
        let told = all.render(Language::Japanese);
        for part in [
            "learn.csv「規則」 3行目「認める・認めない」",
            "3行目にもあります",
            "暦にない日です",
        ] {
            assert!(told.contains(part), "{part}: {told}");
        }
    }

    #[test]
    fn another_table_is_none() {
        let of = |text: &str| {
            let bytes = text.as_bytes();
            codes(
                &read(&Source {
                    name: "x.csv",
                    bytes,
                })
                .1,
            )
        };
        assert_eq!(of("児童,園\n1,A\n"), ["E221"]);
        assert_eq!(of("番号,認める・認めない\n1,○\n"), ["E222"]);
        assert_eq!(of(""), ["E001"]);
    }
}
