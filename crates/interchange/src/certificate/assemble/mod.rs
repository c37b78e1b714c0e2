//! From the texts of the items to a [`Certificate`]: numbers, days, times and ticks, or why they are none.

mod times;

use super::{
    form::{self, FORM},
    kinds::kind,
    marks::{self, Mark},
    model::{
        Certificate, ChildBox, Field, FixedHours, Leave, MonthResult, Period, State, VariableHours,
        Weekdays,
    },
    raw::{Found, Item, Raw},
};
use crate::{
    Kind, Text,
    diagnostic::{At, Diagnostics},
};
use enmusubi_domain::facts::Exact;
use unicode_normalization::UnicodeNormalization as _;

/// Reads every item. What cannot be read is told, and unread in the certificate.
pub(super) fn certificate(raw: &Raw, file: &str, all: &mut Diagnostics) -> Certificate {
    let mut a = Assembly { raw, file, all };
    Certificate {
        date: a.day("date"),
        addressee: a.text("addressee"),
        employer_name: a.text("employer.name"),
        employer_address: a.text("employer.address"),
        employer_phone: a.phone("employer.phone"),
        industry: a.choice("industry"),
        person_kana: a.text("person.kana"),
        person_name: a.text("person.name"),
        person_birth: a.day("person.birth"),
        period_kind: a.choice("period.kind"),
        period: a.period("period"),
        workplace_name: a.text("workplace.name"),
        workplace_address: a.text("workplace.address"),
        employment_type: a.choice("employment_type"),
        fixed: FixedHours {
            days: a.weekdays(),
            monthly_minutes: a.duration("fixed.hours", Some("fixed.minutes"), 9999),
            monthly_break: a.minutes("fixed.break", 44_640),
            days_per_month: a.days("fixed.days_per_month", 31),
            days_per_week: a.days("fixed.days_per_week", 7),
            weekday: a.band("fixed.weekday"),
            saturday: a.band("fixed.saturday"),
            sunday: a.band("fixed.sunday"),
        },
        variable: VariableHours {
            hours_unit: a.choice("variable.total_unit"),
            minutes: a.duration("variable.hours", Some("variable.minutes"), 9999),
            pause: a.minutes("variable.break", 44_640),
            days_unit: a.choice("variable.days_unit"),
            days: a.days("variable.days", 31),
            band: a.band("variable.band"),
        },
        results: ["results.1", "results.2", "results.3"].map(|id| MonthResult {
            month: a.month(id),
            days: a.days(&format!("{id}.days"), 31),
            minutes: a.duration(&format!("{id}.hours"), None, 9999),
        }),
        maternity: a.leave("maternity"),
        childcare: a.leave("childcare"),
        other_leave: a.leave("other_leave"),
        other_reason: a.choice("other_leave.reason"),
        return_state: a.choice("return.state"),
        return_date: a.day("return.date"),
        reduced: a.leave("reduced"),
        reduced_band: a.band("reduced.band"),
        childcare_job: a.choice("childcare_job"),
        renewal: a.choice("renewal"),
        shorten: a.choice("shorten"),
        extend: a.choice("extend"),
        posted: a.period("posted"),
        remarks: a.text("remarks"),
        children: ["child.1", "child.2", "child.3"].map(|id| ChildBox {
            name: a.text(&format!("{id}.name")),
            birth: a.day(&format!("{id}.birth")),
            facility: a.text(&format!("{id}.facility")),
            state: a.choice(&format!("{id}.state")),
        }),
    }
}

struct Assembly<'a> {
    raw: &'a Raw,
    file: &'a str,
    all: &'a mut Diagnostics,
}

/// Without width and white space.
fn even(text: &str) -> String {
    text.nfkc().filter(|c| !c.is_whitespace()).collect()
}

/// Digits, with or without one of the units behind.
fn digits<'t>(text: &'t str, units: &[&str]) -> Option<&'t str> {
    let bare = units
        .iter()
        .find_map(|u| text.strip_suffix(u))
        .unwrap_or(text);
    let fits = (1..=6).contains(&bare.len()) && bare.bytes().all(|b| b.is_ascii_digit());
    fits.then_some(bare)
}

/// Field of an item with a value, or with the reason why it has none.
fn field<T>(item: Option<&Item>, value: Option<T>, state: State) -> Field<T> {
    item.map_or_else(Field::blank, |item| Field {
        value,
        state,
        place: item.place.clone(),
        found: item.found,
        check: item.check,
    })
}

fn unread<T>(item: Option<&Item>) -> Field<T> {
    let mut field = field(item, None, State::Unread);
    field.state = State::Unread;
    field.check = true;
    field
}

impl<'a> Assembly<'a> {
    /// The item, where it has a text. `Err`: a blank, or what was told already.
    fn item<T>(&self, id: &str) -> Result<&'a Item, Field<T>> {
        let item = self.raw.get(id);
        match item {
            Some(i) if i.broken => Err(unread(item)),
            Some(i) if !i.text.trim().is_empty() => Ok(i),
            _ => Err(field(item, None, State::Blank)),
        }
    }

    fn tell(&mut self, kind: &'static Kind, id: &str, item: &Item, more: &str) {
        let at = At {
            row: (item.place.row > 0).then_some(item.place.row),
            column: Some(&item.place.name),
            value: Some(&item.text),
        };
        let name = form::name_of(id) + more;
        self.all
            .add_with(kind, self.file, at, || Text::new(name.clone(), name));
    }

    fn text(&mut self, id: &str) -> Field<String> {
        match self.item(id) {
            Ok(item) => field(Some(item), Some(item.text.trim().to_owned()), State::Read),
            Err(none) => none,
        }
    }

    fn phone(&mut self, id: &str) -> Field<String> {
        let items: Vec<&Item> = (1..=3)
            .filter_map(|n| self.raw.get(&format!("{id}.{n}")))
            .collect();
        if items.iter().any(|i| i.broken) {
            return unread(items.first().copied());
        }
        let parts: Vec<&str> = items
            .iter()
            .map(|i| i.text.trim())
            .filter(|t| !t.is_empty())
            .collect();
        let state = if parts.is_empty() {
            State::Blank
        } else {
            State::Read
        };
        let value = (!parts.is_empty()).then(|| parts.join("-"));
        field(items.first().copied(), value, state)
    }

    /// A whole number with an optional unit behind.
    fn number(
        &mut self,
        id: &str,
        units: &[&str],
        range: std::ops::RangeInclusive<u32>,
    ) -> Field<u32> {
        let item = match self.item(id) {
            Ok(item) => item,
            Err(none) => return none,
        };
        let Some(n) = digits(&even(&item.text), units).and_then(|t| t.parse::<u32>().ok()) else {
            self.tell(&kind::BAD_NUMBER, id, item, "");
            return unread(Some(item));
        };
        if !range.contains(&n) {
            self.tell(
                &kind::OUT_OF_RANGE,
                id,
                item,
                &format!("（{}〜{}）", range.start(), range.end()),
            );
            return unread(Some(item));
        }
        field(Some(item), Some(n), State::Read)
    }

    fn minutes(&mut self, id: &str, most: u32) -> Field<u32> {
        self.number(id, &["分"], 0..=most)
    }

    /// Days; halves occur in averages.
    fn days(&mut self, id: &str, most: i64) -> Field<Exact> {
        let item = match self.item(id) {
            Ok(item) => item,
            Err(none) => return none,
        };
        let text = even(&item.text);
        let text = text.strip_suffix('日').unwrap_or(&text);
        match Exact::parse(text).filter(|n| *n >= Exact::ZERO && !text.contains('/')) {
            Some(n) if n <= Exact::whole(most) => field(Some(item), Some(n), State::Read),
            Some(_) => {
                self.tell(&kind::OUT_OF_RANGE, id, item, &format!("（0〜{most}）"));
                unread(Some(item))
            }
            None => {
                self.tell(&kind::BAD_NUMBER, id, item, "");
                unread(Some(item))
            }
        }
    }

    /// Hours, and minutes in a field of their own where there is one; in minutes.
    fn duration(&mut self, id: &str, minutes_id: Option<&str>, most: u32) -> Field<u32> {
        let rest = minutes_id.map_or_else(Field::blank, |id| self.number(id, &["分"], 0..=59));
        let item = match self.item::<u32>(id) {
            Ok(item) => item,
            Err(none) if none.is_blank() => {
                return match (rest.state, minutes_id.and_then(|id| self.raw.get(id))) {
                    (State::Blank, _) => none,
                    // Nobody works 30 minutes a month: the hours are missing.
                    (State::Read, item) if rest.value != Some(0) => {
                        if let Some(item) = item {
                            self.tell(&kind::BAD_NUMBER, id, item, "");
                        }
                        unread(item)
                    }
                    (State::Read, _) => none,
                    (State::Unread, item) => unread(item),
                };
            }
            Err(none) => return none,
        };
        if rest.state == State::Unread {
            return unread(Some(item));
        }
        let text = even(&item.text);
        let bare = text.strip_suffix("時間").unwrap_or(&text);
        let minutes = match bare.split_once(':') {
            // 160:30 in one cell, the other being blank.
            Some((h, m)) if rest.is_blank() => digits(h, &[])
                .zip(digits(m, &[]).filter(|m| m.len() == 2))
                .and_then(|(h, m)| {
                    Some(h.parse::<u32>().ok()? * 60 + m.parse::<u32>().ok().filter(|m| *m < 60)?)
                }),
            Some(_) => None,
            None => Exact::parse(bare)
                .filter(|h| {
                    *h >= Exact::ZERO
                        && (rest.is_blank() || h.as_whole().is_some())
                        && !bare.contains('/')
                })
                .and_then(|h| h.times(Exact::whole(60))?.as_whole())
                .and_then(|m| u32::try_from(m).ok())
                .and_then(|m| m.checked_add(rest.value.unwrap_or(0))),
        };
        match minutes {
            Some(m) if m <= most * 60 => {
                let mut field = field(Some(item), Some(m), State::Read);
                field.check |= rest.check;
                field
            }
            Some(_) => {
                self.tell(&kind::OUT_OF_RANGE, id, item, &format!("（0〜{most}）"));
                unread(Some(item))
            }
            None => {
                self.tell(&kind::BAD_NUMBER, id, item, "");
                unread(Some(item))
            }
        }
    }

    fn period(&mut self, id: &str) -> Period {
        Period {
            from: self.day(&format!("{id}.from")),
            to: self.day(&format!("{id}.to")),
        }
    }

    fn leave(&mut self, id: &str) -> Leave {
        Leave {
            state: self.choice(&format!("{id}.state")),
            period: self.period(id),
        }
    }

    /// The options of an item, in the order of the form: label, and mark if it can be read.
    fn options(&self, id: &str) -> Vec<(&'static str, Option<&'a Item>, Option<Mark>)> {
        let stem = format!("{id}.");
        let mut ids: Vec<(&'static str, &'static str)> = FORM
            .places
            .keys()
            .filter_map(|full| Some((*full, full.strip_prefix(&stem)?)))
            .filter(|(_, label)| *label != "text" && !label.contains('.'))
            .collect();
        ids.sort_by_key(|(full, _)| FORM.places.get(full));
        let read = |(full, label): (&'static str, &'static str)| {
            let item = self.raw.get(full);
            let mark = item.filter(|i| !i.broken).map(|i| {
                if i.text.trim().is_empty() {
                    Some(Mark::Empty)
                } else {
                    marks::mark(&i.text)
                }
            });
            (label, item, mark.flatten())
        };
        ids.into_iter().map(read).collect()
    }

    /// The only option ticked.
    fn choice(&mut self, id: &str) -> Field<&'static str> {
        let options = self.options(id);
        let first = options.iter().find_map(|(_, item, _)| *item);
        if first.is_none() {
            return Field::blank();
        }
        let ticked: Vec<_> = options
            .iter()
            .filter(|o| o.2 == Some(Mark::Ticked))
            .collect();
        // A list of recognised values names what is ticked and nothing else.
        let named = first.is_some_and(|i| i.found == Found::Named);
        let unclear = options
            .iter()
            .any(|(_, item, mark)| mark.is_none() && !(item.is_none() && named));
        match (&ticked[..], unclear) {
            ([], false) => field(first, None, State::Blank),
            ([(label, item, _)], false) => {
                let mut one = field(*item, Some(*label), State::Read);
                one.check |= options.iter().any(|(_, i, _)| i.is_some_and(|i| i.check));
                one
            }
            ([(_, Some(one), _), .., (_, Some(other), _)], _) => {
                self.tell(
                    &kind::TWO_TICKED,
                    id,
                    one,
                    &format!("（{}、{}）", one.place.name, other.place.name),
                );
                unread(Some(one))
            }
            _ => unread(first),
        }
    }

    fn weekdays(&mut self) -> Field<Weekdays> {
        let options = self.options("fixed.days");
        let Some(first) = options.iter().find_map(|(_, item, _)| *item) else {
            return Field::blank();
        };
        let mut days = Weekdays::default();
        let names = ["月", "火", "水", "木", "金", "土", "日", "祝日"];
        for (label, item, mark) in &options {
            let bit = names.iter().position(|n| n == label);
            match (mark, item, bit) {
                (Some(Mark::Ticked), _, Some(bit)) => days.0 |= 1 << bit,
                (Some(Mark::Empty), ..) => {}
                (None, None, _) if first.found == Found::Named => {}
                _ => return unread(Some(first)),
            }
        }
        let state = if days.0 == 0 {
            State::Blank
        } else {
            State::Read
        };
        field(Some(first), (days.0 != 0).then_some(days), state)
    }
}
