//! Days, months and times of day, from their parts.

use super::{
    super::{
        kinds::kind,
        model::{Band, Clock, Field, State},
        raw::Item,
    },
    Assembly, digits, even, field, unread,
};
use crate::dates;
use jiff::civil::Date;

/// Latest hour of a time: 29 is 5 in the morning of the next day.
const HOUR_LAST: u32 = 29;

/// A year as it is written.
enum Year {
    /// Four digits.
    Common(String),
    /// An era's, as written (`令和8`).
    Era(String),
    /// Neither for certain.
    Unclear,
}

impl Assembly<'_> {
    fn year(&mut self, id: &str, item: &Item) -> Year {
        let text = even(&item.text);
        let bare = text.strip_suffix('年').unwrap_or(&text);
        let bare = bare.strip_prefix("西暦").unwrap_or(bare);
        if bare.len() == 4 && bare.bytes().all(|b| b.is_ascii_digit()) {
            return Year::Common(bare.to_owned());
        }
        let era = ["令和", "平成", "昭和", "R", "H", "S", "r", "h", "s"];
        if let Some(rest) = era.iter().find_map(|e| bare.strip_prefix(e)) {
            let rest = rest.trim_start_matches('.');
            if rest == "元" || digits(rest, &[]).is_some_and(|d| d.len() <= 2) {
                return Year::Era(bare.replace('.', ""));
            }
        }
        self.tell(&kind::BAD_YEAR, id, item, "");
        Year::Unclear
    }

    /// A day in three fields, or whole in the first.
    pub(super) fn day(&mut self, id: &str) -> Field<Date> {
        let part = |end: &str| self.raw.get(&format!("{id}.{end}"));
        let parts = [part("y"), part("m"), part("d")];
        let first = parts[0];
        if parts.iter().flatten().any(|i| i.broken) {
            return unread(first);
        }
        let filled = |i: &&Item| !i.text.trim().is_empty();
        let count = parts.iter().flatten().filter(|i| filled(i)).count();
        if count == 0 {
            return field(first, None, State::Blank);
        }
        let id_y = format!("{id}.y");
        let [Some(y), Some(m), Some(d)] = parts.map(|i| i.filter(filled)) else {
            // A whole day in the field of the year.
            if let (Some(item), 1) = (first.filter(filled), count)
                && let Ok(day) = dates::parse(&item.text)
            {
                return field(Some(item), Some(day), State::Read);
            }
            let item = parts.into_iter().flatten().find(filled);
            if let Some(item) = item {
                self.tell(&kind::BAD_DAY, id, item, "");
            }
            return unread(first.or(item));
        };
        let (year, era) = match self.year(&id_y, y) {
            Year::Common(text) => (text, false),
            Year::Era(text) => (text, true),
            Year::Unclear => return unread(first),
        };
        let (m_text, d_text) = (even(&m.text), even(&d.text));
        let day = digits(&m_text, &["月"])
            .zip(digits(&d_text, &["日"]))
            .and_then(|(m, d)| dates::parse(&format!("{year}年{m}月{d}日")).ok());
        let Some(day) = day else {
            let whole = Item {
                text: format!("{}年{}月{}日", y.text, m.text, d.text),
                ..y.clone()
            };
            self.tell(&kind::BAD_DAY, id, &whole, "");
            return unread(first);
        };
        if era {
            self.tell(&kind::ERA_YEAR, id, y, "");
        }
        let mut field = field(first, Some(day), State::Read);
        field.check |= era || m.check || d.check;
        field
    }

    /// Year and month of a result, as the month's first day.
    pub(super) fn month(&mut self, id: &str) -> Field<Date> {
        let (y, m) = (
            self.raw.get(&format!("{id}.y")),
            self.raw.get(&format!("{id}.m")),
        );
        if [y, m].into_iter().flatten().any(|i| i.broken) {
            return unread(y);
        }
        let filled = |i: &&Item| !i.text.trim().is_empty();
        let (year, month) = match (y.filter(filled), m.filter(filled)) {
            (Some(y), Some(m)) => (y, m),
            (None, None) => return field(y, None, State::Blank),
            (one, other) => {
                if let Some(item) = one.or(other) {
                    self.tell(&kind::BAD_DAY, id, item, "");
                }
                return unread(y);
            }
        };
        let (text, era) = match self.year(&format!("{id}.y"), year) {
            Year::Common(text) => (text, false),
            Year::Era(text) => (text, true),
            Year::Unclear => return unread(y),
        };
        let m_text = even(&month.text);
        // The last days of a month are within the era that it ends in.
        let day =
            digits(&m_text, &["月"]).and_then(|m| dates::parse(&format!("{text}年{m}月28日")).ok());
        let Some(day) = day else {
            self.tell(&kind::BAD_DAY, id, month, "");
            return unread(y);
        };
        if era {
            self.tell(&kind::ERA_YEAR, id, year, "");
        }
        let mut field = field(y, Some(day.first_of_month()), State::Read);
        field.check |= era || month.check;
        field
    }

    pub(super) fn clock(&mut self, hour_id: &str, minute_id: &str) -> Field<Clock> {
        let whole = self
            .raw
            .get(hour_id)
            .filter(|i| !i.broken && even(&i.text).contains(':'));
        if let Some(item) = whole
            && self
                .raw
                .get(minute_id)
                .is_none_or(|m| m.text.trim().is_empty() && !m.broken)
        {
            let text = even(&item.text);
            let time = text.split_once(':').and_then(|(h, m)| {
                let (h, m): (u32, u32) =
                    (digits(h, &[])?.parse().ok()?, digits(m, &[])?.parse().ok()?);
                (h <= HOUR_LAST && m < 60).then(|| u16::try_from(h * 60 + m).ok())?
            });
            if time.is_none() {
                self.tell(&kind::BAD_NUMBER, hour_id, item, "");
                return unread(Some(item));
            }
            return field(Some(item), time.map(Clock), State::Read);
        }
        let hour = self.number(hour_id, &["時"], 0..=HOUR_LAST);
        let minute = self.number(minute_id, &["分"], 0..=59);
        let item = self.raw.get(hour_id);
        match (hour.value, minute.state) {
            (Some(h), State::Read | State::Blank) => {
                let mut field = field(
                    item,
                    u16::try_from(h * 60 + minute.value.unwrap_or(0))
                        .ok()
                        .map(Clock),
                    State::Read,
                );
                if minute.is_blank() {
                    field.check = true;
                    if let Some(item) = item {
                        self.tell(&kind::MINUTES_BLANK, hour_id, item, "");
                    }
                }
                field.check |= minute.check;
                field
            }
            (None, State::Blank) if hour.is_blank() => field(item, None, State::Blank),
            // Drop-downs of minutes are often left at 0.
            (None, State::Read) if hour.is_blank() && minute.value == Some(0) => {
                field(item, None, State::Blank)
            }
            (None, State::Read) if hour.is_blank() => {
                if let Some(item) = self.raw.get(minute_id) {
                    self.tell(&kind::BAD_NUMBER, hour_id, item, "");
                }
                unread(item)
            }
            _ => unread(item),
        }
    }

    pub(super) fn band(&mut self, id: &str) -> Band {
        let mut start = self.clock(&format!("{id}.sh"), &format!("{id}.sm"));
        let mut end = self.clock(&format!("{id}.eh"), &format!("{id}.em"));
        let pause = self.minutes(&format!("{id}.break"), 1440);
        if start.value.is_some() != end.value.is_some() && (start.is_blank() || end.is_blank()) {
            let item = self.raw.get(&format!(
                "{id}.{}",
                if start.value.is_some() { "sh" } else { "eh" }
            ));
            if let Some(item) = item {
                self.tell(&kind::HALF_BAND, id, item, "");
            }
            (start.value, end.value) = (None, None);
            (start.state, end.state) = (State::Unread, State::Unread);
        }
        Band { start, end, pause }
    }
}
