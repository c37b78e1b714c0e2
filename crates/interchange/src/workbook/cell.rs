//! A cell as a person writes it, to a value of an attribute.

use crate::{
    columns::normal,
    dates::{self, NoDate},
    diagnostic::Text,
};
use enmusubi_domain::{
    facts::{EnumType, Exact, Symbols, Type, Unit, Value},
    id,
};
use std::borrow::Cow;

/// What a person writes where nobody knows and a blank would say "no".
pub(super) const UNKNOWN: &str = "不明";
/// An empty set or list, where a blank would say that nobody knows.
pub(super) const NOTHING: &str = "なし";
/// Between the values of a set.
pub(super) const SEPARATOR: &str = "、";
pub(super) const YES: &str = "はい";
pub(super) const NO: &str = "いいえ";

/// Significant digits a spreadsheet keeps; what follows is noise of its arithmetic.
const SIGNIFICANT: usize = 15;

/// Why a text is no value of its attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Bad {
    /// Neither はい nor いいえ.
    Bool,
    /// No number.
    Number,
    /// A number below zero where there is none.
    Negative,
    /// No day.
    Date(NoDate),
    /// Not in the list; the likeliest entry.
    Choice(Option<&'static str>),
}

/// A value of a type, as a cell of a workbook or a field of a form holds it; a blank is nobody's statement.
///
/// # Errors
/// [`Bad`].
pub fn value(ty: Type, text: &str, symbols: &mut Symbols) -> Result<Value, Bad> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Value::Unknown);
    }
    read(ty, text, symbols)
}

/// A value of a type. The cell is trimmed and not empty.
pub(super) fn read(ty: Type, text: &str, symbols: &mut Symbols) -> Result<Value, Bad> {
    if matches!(text, UNKNOWN | "未確認") {
        return Ok(Value::Unknown);
    }
    match ty {
        Type::Bool => boolean(text).map(Value::Bool).ok_or(Bad::Bool),
        Type::Number => number(text, None).map(Value::Number),
        Type::Quantity(unit) => number(text, Some(unit)).map(Value::Number),
        Type::Date => dates::parse(text).map(Value::Date).map_err(Bad::Date),
        Type::Enum(e) => label(e, text)
            .map(Value::Enum)
            .ok_or_else(|| Bad::Choice(near(e, text))),
        Type::Set(e) => set(e, text),
        Type::Text => Ok(Value::Symbol(symbols.intern(id::normalise(text)))),
        Type::Texts => Ok(texts(text, symbols)),
    }
}

/// はい／いいえ and what people write for them.
pub(super) fn boolean(text: &str) -> Option<bool> {
    match text {
        "はい" | "○" | "〇" | "◯" | "1" | "１" | "TRUE" | "true" | "True" | "有" | "あり" => {
            Some(true)
        }
        "いいえ" | "×" | "✕" | "☓" | "0" | "０" | "FALSE" | "false" | "False" | "無" | NOTHING => {
            Some(false)
        }
        _ => match id::strip_zero_fraction(text) {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        },
    }
}

/// Width made even and white space dropped, where that is needed.
fn even(text: &str) -> Cow<'_, str> {
    if text.bytes().all(|b| b.is_ascii_graphic()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(normal(text))
    }
}

/// A number of zero or more, in an attribute's unit.
pub(crate) fn number(text: &str, unit: Option<Unit>) -> Result<Exact, Bad> {
    let bytes = text.as_bytes();
    if bytes.len() <= 9 && bytes.iter().all(u8::is_ascii_digit) {
        let whole = bytes.iter().fold(0i64, |n, b| n * 10 + i64::from(b - b'0'));
        return Ok(Exact::whole(whole));
    }
    let text = even(text);
    if let Some(rest) = text.strip_prefix(['-', '−', '▲', '△'])
        && plain(rest).is_some()
    {
        return Err(Bad::Negative);
    }
    let found = match unit {
        Some(Unit::HoursPerDay | Unit::HoursPerWeek | Unit::HoursPerMonth) => clock(&text)
            .and_then(|minutes| minutes.over(Exact::whole(60)))
            .or_else(|| plain(&text)),
        Some(Unit::Minutes) => clock(&text).or_else(|| plain(&text)),
        Some(Unit::Metres) => {
            match text
                .strip_suffix("km")
                .or_else(|| text.strip_suffix("キロメートル"))
            {
                Some(km) => plain(km).and_then(|n| n.times(Exact::whole(1000))),
                None => plain(without(&text, &["メートル", "m"])),
            }
        }
        Some(Unit::Yen) => plain(without(&text, &["円"])),
        Some(Unit::Months) => plain(without(&text, &["か月", "ヶ月", "カ月", "ケ月", "箇月"])),
        Some(Unit::Years) => plain(without(&text, &["年", "歳", "才"])),
        Some(Unit::Days | Unit::DaysPerWeek | Unit::DaysPerMonth) => {
            plain(without(&text, &["日間", "日"]))
        }
        None => plain(without(&text, &["%"])),
    };
    found.ok_or(Bad::Number)
}

fn without<'t>(text: &'t str, endings: &[&str]) -> &'t str {
    endings
        .iter()
        .find_map(|e| text.strip_suffix(e))
        .unwrap_or(text)
}

/// `12`, `1,200`, `0.5`, `1/2`.
fn plain(text: &str) -> Option<Exact> {
    if text.starts_with('-') {
        return None;
    }
    let joined: String;
    let text = if text.contains(',') {
        let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
        let mut groups = whole.split(',');
        let first = groups.next()?;
        let fits = (1..=3).contains(&first.len()) && groups.all(|g| g.len() == 3);
        if !fits || rest.contains(',') {
            return None;
        }
        joined = text.replace(',', "");
        &joined
    } else {
        text
    };
    match text.split_once('.') {
        Some((whole, part)) if whole.len() + part.len() > SIGNIFICANT => rounded(whole, part),
        _ => Exact::parse(text),
    }
}

/// A decimal with more digits than a spreadsheet keeps, rounded to those it keeps: `0.30000000000000004`
/// is 0.3.
fn rounded(whole: &str, part: &str) -> Option<Exact> {
    let all = format!("{whole}{part}");
    let fits = all.len() <= 36 && all.bytes().all(|b| b.is_ascii_digit());
    if !fits || whole.is_empty() || part.is_empty() {
        return None;
    }
    let significant = all.trim_start_matches('0').len();
    // Digits of the whole part are never dropped.
    let drop = significant.saturating_sub(SIGNIFICANT).min(part.len());
    let scale = 10u128.checked_pow(u32::try_from(drop).ok()?)?;
    let n = (all.parse::<u128>().ok()? + scale / 2) / scale;
    // Trailing zeros first: the fraction then fits where its value does.
    let (mut n, mut places) = (n, part.len() - drop);
    while places > 0 && n % 10 == 0 {
        n /= 10;
        places -= 1;
    }
    let d = 10i64.checked_pow(u32::try_from(places).ok()?)?;
    Exact::new(i64::try_from(n).ok()?, d)
}

/// Minutes of `7:30`, `7時間30分`, `7時間半`, `7時間`, `30分`.
fn clock(text: &str) -> Option<Exact> {
    let minutes = |t: &str| whole(t).filter(|m| *m < 60);
    if let Some((h, m)) = text.split_once(':') {
        let m = m.strip_suffix(":00").unwrap_or(m);
        let m = minutes(m).filter(|_| m.len() == 2)?;
        return whole(h)?.checked_mul(60)?.checked_add(m).map(Exact::whole);
    }
    if let Some((h, rest)) = text.split_once("時間") {
        let hours = plain(h)?;
        let m = match rest {
            "" => 0,
            "半" => 30,
            rest => minutes(rest.strip_suffix('分')?)?,
        };
        return hours.times(Exact::whole(60))?.plus(Exact::whole(m));
    }
    plain(text.strip_suffix('分')?)
}

fn whole(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok())?
}

/// Position of a label: as it stands, else with widths and spaces made even.
fn label(e: &EnumType, text: &str) -> Option<u8> {
    e.of_label(text).or_else(|| {
        let wanted = normal(text);
        let at = e.values.iter().position(|(_, l)| normal(l) == wanted)?;
        u8::try_from(at).ok()
    })
}

/// The label most like a text, where any is.
fn near(e: &'static EnumType, text: &str) -> Option<&'static str> {
    nearest(text, e.values.iter().map(|(_, l)| *l))
}

/// The name most like a text, where any is.
pub(crate) fn nearest<'n>(text: &str, names: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = normal(text);
    names
        .into_iter()
        .map(|name| {
            let name_even = normal(name);
            let inside = wanted.chars().count() > 1
                && (name_even.contains(&wanted) || wanted.contains(&name_even));
            let likeness = strsim::normalized_damerau_levenshtein(&wanted, &name_even);
            (if inside { likeness.max(0.6) } else { likeness }, name)
        })
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}

fn separated(text: &str) -> impl Iterator<Item = &str> {
    text.split(['、', ';', '；', ',', '，', '\n'])
        .map(str::trim)
        .filter(|t| !t.is_empty())
}

fn set(e: &'static EnumType, text: &str) -> Result<Value, Bad> {
    let mut bits = 0u64;
    for part in separated(text) {
        match label(e, part) {
            Some(at) => bits |= 1 << at,
            None if part == NOTHING && text == NOTHING => {}
            None => return Err(Bad::Choice(near(e, part))),
        }
    }
    Ok(Value::Set(bits))
}

/// Ids of a list cell.
pub(super) fn ids(text: &str) -> impl Iterator<Item = &str> {
    separated(if text == NOTHING { "" } else { text }).map(id::normalise)
}

fn texts(text: &str, symbols: &mut Symbols) -> Value {
    let mut list: Vec<u32> = ids(text).map(|t| symbols.intern(t)).collect();
    list.sort_unstable();
    list.dedup();
    let known = symbols.lists.iter().position(|l| *l == list);
    let at = known.unwrap_or_else(|| {
        symbols.lists.push(list);
        symbols.lists.len() - 1
    });
    Value::Symbols(at as u32)
}

/// How a value is written so that it is read as the same; empty where a blank says it.
pub(super) fn write(value: Value, blank: Value, ty: Type, symbols: &Symbols) -> Cow<'static, str> {
    if value == blank {
        return Cow::Borrowed("");
    }
    match (value, ty) {
        (Value::Unknown, _) => Cow::Borrowed(UNKNOWN),
        (Value::Bool(true), _) => Cow::Borrowed(YES),
        (Value::Bool(false), _) => Cow::Borrowed(NO),
        (Value::Number(n), _) => Cow::Owned(n.to_string()),
        (Value::Date(d), _) => Cow::Owned(d.to_string()),
        (Value::Enum(at), Type::Enum(e)) => {
            Cow::Borrowed(e.values.get(usize::from(at)).map_or("", |v| v.1))
        }
        (Value::Set(bits), Type::Set(e)) => {
            let labels: Vec<&str> = (0..e.values.len())
                .filter(|i| bits >> i & 1 == 1)
                .map(|i| e.values[i].1)
                .collect();
            some(labels.join(SEPARATOR))
        }
        (Value::Symbol(at), _) => Cow::Owned(symbols.text(at).to_owned()),
        (Value::Symbols(at), _) => {
            let list = symbols.lists.get(at as usize).map_or(&[][..], |l| l);
            // Their numbers depend on who was read first.
            let mut ids: Vec<&str> = list.iter().map(|s| symbols.text(*s)).collect();
            ids.sort_unstable();
            some(ids.join(SEPARATOR))
        }
        // A value of another type than its attribute cannot come from a reader.
        (Value::Enum(_) | Value::Set(_), _) => Cow::Borrowed(""),
    }
}

fn some(text: String) -> Cow<'static, str> {
    if text.is_empty() {
        Cow::Borrowed(NOTHING)
    } else {
        Cow::Owned(text)
    }
}

/// What is particular to a cell that is no value.
pub(super) fn why(bad: &Bad) -> Text {
    match bad {
        Bad::Bool | Bad::Number | Bad::Negative | Bad::Choice(None) => Text::new("", ""),
        Bad::Choice(Some(near)) => Text::new(
            format!("「{near}」のことですか"),
            format!("did you mean \"{near}\"?"),
        ),
        Bad::Date(NoDate::Form) => Text::new("", ""),
        Bad::Date(NoDate::Day) => Text::new("暦にない日付です", "there is no such day"),
        Bad::Date(NoDate::Era(day)) => Text::new(
            format!(
                "その元号の期間にない日付です。{}（{day}）のことですか",
                dates::wareki(*day)
            ),
            format!("outside the era; did you mean {day}?"),
        ),
        Bad::Date(NoDate::Serial(day)) => Text::new(
            format!("Excelの日付の番号（{day}）のようです。セルの表示形式を日付にしてください"),
            format!("it looks like a spreadsheet's number of {day}; format the cell as a date"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use enmusubi_domain::facts::vocabulary::{PRESENCE, REASON};

    #[test]
    fn numbers_as_people_write_them() {
        for (text, unit, expect) in [
            ("140", Some(Unit::HoursPerMonth), "140"),
            ("１４０", Some(Unit::HoursPerMonth), "140"),
            ("7.5", Some(Unit::HoursPerDay), "7.5"),
            ("７．５", Some(Unit::HoursPerDay), "7.5"),
            ("1/2", Some(Unit::HoursPerDay), "0.5"),
            ("7:30", Some(Unit::HoursPerDay), "7.5"),
            ("7：30", Some(Unit::HoursPerDay), "7.5"),
            ("7:30:00", Some(Unit::HoursPerDay), "7.5"),
            ("160:00", Some(Unit::HoursPerMonth), "160"),
            ("7時間30分", Some(Unit::HoursPerDay), "7.5"),
            ("７時間３０分", Some(Unit::HoursPerDay), "7.5"),
            ("7時間半", Some(Unit::HoursPerDay), "7.5"),
            ("7.5時間", Some(Unit::HoursPerDay), "7.5"),
            ("45分", Some(Unit::HoursPerDay), "0.75"),
            ("7時間20分", Some(Unit::HoursPerDay), "22/3"),
            ("1時間15分", Some(Unit::Minutes), "75"),
            ("75", Some(Unit::Minutes), "75"),
            ("75分", Some(Unit::Minutes), "75"),
            ("1,234,567円", Some(Unit::Yen), "1234567"),
            ("6か月", Some(Unit::Months), "6"),
            ("20日", Some(Unit::DaysPerMonth), "20"),
            ("1.2km", Some(Unit::Metres), "1200"),
            ("850m", Some(Unit::Metres), "850"),
            ("98.5%", None, "98.5"),
            ("2.0", None, "2"),
            ("140.00000000000003", Some(Unit::HoursPerMonth), "140"),
            ("0.30000000000000004", None, "0.3"),
        ] {
            let got = number(text, unit).map(|n| n.to_string());
            assert_eq!(got.as_deref(), Ok(expect), "{text}");
        }
        for (text, unit, why) in [
            ("-1", None, Bad::Negative),
            ("−5", Some(Unit::Yen), Bad::Negative),
            ("▲100", Some(Unit::Yen), Bad::Negative),
            ("7:60", Some(Unit::HoursPerDay), Bad::Number),
            ("7:5", Some(Unit::HoursPerDay), Bad::Number),
            ("7:30", Some(Unit::Yen), Bad::Number),
            ("7時間30", Some(Unit::HoursPerDay), Bad::Number),
            ("1,23", None, Bad::Number),
            ("約140", Some(Unit::HoursPerMonth), Bad::Number),
            ("140〜160", Some(Unit::HoursPerMonth), Bad::Number),
            ("20日", Some(Unit::HoursPerMonth), Bad::Number),
            ("½", None, Bad::Number),
            ("1e3", None, Bad::Number),
            ("99999999999999999999", None, Bad::Number),
            ("1/0", None, Bad::Number),
        ] {
            assert_eq!(number(text, unit), Err(why), "{text}");
        }
    }

    #[test]
    fn yes_and_no() {
        for text in ["はい", "○", "〇", "1", "1.0", "TRUE", "true", "あり"] {
            assert_eq!(boolean(text), Some(true), "{text}");
        }
        for text in ["いいえ", "×", "0", "0.0", "FALSE", "なし"] {
            assert_eq!(boolean(text), Some(false), "{text}");
        }
        for text in ["△", "2", "はいいいえ", "yes"] {
            assert_eq!(boolean(text), None, "{text}");
        }
    }

    #[test]
    fn lists() {
        let read = |ty, text| read(ty, text, &mut Symbols::default());
        assert_eq!(
            read(Type::Enum(&PRESENCE), "在宅･同居"),
            Ok(Value::Enum(0)),
            "half-width dot"
        );
        assert_eq!(
            read(Type::Enum(&PRESENCE), "単身赴任中"),
            Err(Bad::Choice(Some("単身赴任")))
        );
        assert_eq!(
            read(Type::Set(&REASON), "就労、 疾病;障害"),
            Ok(Value::Set(0b11_0001))
        );
        assert_eq!(read(Type::Set(&REASON), "なし"), Ok(Value::Set(0)));
        assert_eq!(
            read(Type::Set(&REASON), "就労、求職"),
            Err(Bad::Choice(Some("求職活動")))
        );
        assert_eq!(read(Type::Bool, "不明"), Ok(Value::Unknown));
    }
}
