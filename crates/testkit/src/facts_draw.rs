//! One random value for one attribute.

use crate::{
    facts::{later, months_later},
    interest::Interest,
    rng::SplitMix64,
};
use enmusubi_domain::facts::{
    AttributeIx, Exact, RoundFacts, RoundInfo, Type, Unit, Value,
    vocabulary::{Attribute, Blank, VOCABULARY},
};
use jiff::civil::{Date, date};

/// Draws values in the mood of the household at hand.
pub(crate) struct Draw<'s> {
    pub rng: SplitMix64,
    interest: &'s Interest,
    facilities: u32,
    /// Days that much is counted from: base date, entry date, 1 April, deadline.
    anchors: Vec<Date>,
    /// Facts that nobody knows, in percent.
    pub unknown: u32,
    /// Facts that are not as the form has them when it is left blank, in percent.
    eventful: u32,
}

impl<'s> Draw<'s> {
    pub fn new(rng: SplitMix64, interest: &'s Interest, facilities: u32) -> Self {
        Self {
            rng,
            interest,
            facilities: facilities.max(1),
            anchors: Vec::new(),
            unknown: 0,
            eventful: 0,
        }
    }

    /// Another household begins.
    pub fn settle(&mut self, info: &RoundInfo, unknown: u32, eventful: u32) {
        let mut anchors = vec![
            info.base_date,
            info.entry_date,
            date(info.fiscal_year(), 4, 1),
        ];
        anchors.extend(info.deadline);
        self.anchors = anchors;
        self.unknown = unknown;
        self.eventful = eventful;
    }

    /// A value of an attribute.
    pub fn value(&mut self, facts: &mut RoundFacts, at: AttributeIx) -> Value {
        let attribute = &VOCABULARY[at as usize];
        if self.rng.percent(self.unknown) {
            return Value::Unknown;
        }
        // What a form would leave blank mostly is blank, for attributes where a blank means something.
        if attribute.blank != Blank::Unknown && !self.rng.percent(self.eventful) {
            return attribute.blank_value();
        }
        match attribute.ty {
            Type::Bool => Value::Bool(self.rng.percent(if attribute.blank == Blank::No {
                100
            } else {
                50
            })),
            Type::Number => Value::Number(self.number(at, None)),
            Type::Quantity(unit) => Value::Number(self.number(at, Some(unit))),
            Type::Date => Value::Date(self.day(at)),
            Type::Enum(e) => Value::Enum(self.rng.below(e.values.len() as u32) as u8),
            Type::Set(e) => {
                let n = e.values.len() as u32;
                let mut bits = 0;
                for _ in 0..*self.rng.pick(&[1, 1, 1, 2, 2, 3, 0]) {
                    // The first of the list (employment) is what most bands are about.
                    let i = if self.rng.percent(35) {
                        0
                    } else {
                        self.rng.below(n)
                    };
                    bits |= 1u64 << i;
                }
                Value::Set(bits)
            }
            Type::Text => Value::Symbol(self.text(facts, attribute)),
            Type::Texts => {
                let mut list: Vec<u32> = (0..self.rng.below(4))
                    .map(|_| self.text(facts, attribute))
                    .collect();
                list.sort_unstable();
                list.dedup();
                facts.symbols.lists.push(list);
                Value::Symbols(facts.symbols.lists.len() as u32 - 1)
            }
        }
    }

    fn number(&mut self, at: AttributeIx, unit: Option<Unit>) -> Exact {
        let near = self.interest.numbers.get(&at).map_or(&[][..], |n| n);
        if !near.is_empty() && self.rng.percent(70) {
            return *self.rng.pick(near);
        }
        if !self.interest.any.is_empty() && self.rng.percent(25) {
            return *self.rng.pick(&self.interest.any);
        }
        let most = match unit {
            None => 12,
            Some(Unit::HoursPerDay) => 14,
            Some(Unit::HoursPerWeek) => 60,
            Some(Unit::HoursPerMonth) => 220,
            Some(Unit::DaysPerWeek) => 7,
            Some(Unit::DaysPerMonth) => 26,
            Some(Unit::Minutes) => 150,
            Some(Unit::Days) => 400,
            Some(Unit::Months) => 60,
            Some(Unit::Years) => 80,
            Some(Unit::Yen) => 900_000,
            Some(Unit::Metres) => 5_000,
        };
        let whole = Exact::whole(self.rng.below(most + 1).into());
        let part = *self
            .rng
            .pick(&[(0, 1), (0, 1), (0, 1), (1, 2), (1, 4), (1, 3)]);
        Exact::new(part.0, part.1)
            .and_then(|p| whole.plus(p))
            .unwrap_or(whole)
    }

    /// A day: at, or a number of months, days or years before an anchor, or beside one the file names.
    fn day(&mut self, at: AttributeIx) -> Date {
        let beside = *self.rng.pick(&[0i64, 0, -1, 1]);
        if !self.interest.days.is_empty() && self.rng.percent(40) {
            return later(*self.rng.pick(&self.interest.days), beside);
        }
        let anchor = *self.rng.pick(&self.anchors);
        let near = self.interest.numbers.get(&at).map_or(&[][..], |n| n);
        if !near.is_empty() && self.rng.percent(60) {
            let n = self.rng.pick(near).numerator();
            let n = if self.rng.percent(20) { -n } else { n };
            return match self.rng.below(3) {
                0 => later(anchor, -n),
                1 => later(months_later(anchor, -n), beside),
                _ => later(months_later(anchor, n.saturating_mul(-12)), beside),
            };
        }
        let days = match self.rng.below(4) {
            0 => 0,
            1 => i64::from(self.rng.below(60)) - 30,
            2 => -i64::from(self.rng.below(900)),
            _ => -i64::from(self.rng.below(15_000)),
        };
        later(anchor, days + beside)
    }

    /// A birthday: of a nursery child, often on 1 or 2 April; or of any child.
    pub fn birth(&mut self, info: &RoundInfo, applies: bool) -> Value {
        if self.rng.percent(self.unknown) {
            return Value::Unknown;
        }
        let years = self.rng.below(if applies { 6 } else { 18 });
        let april = date(info.fiscal_year() - 1 - years as i16, 4, 2);
        let days = match self.rng.below(5) {
            0 => 0,
            1 => 364,
            2 => *self.rng.pick(&[-1, 1, 363]),
            _ => i64::from(self.rng.below(365)),
        };
        // Days near the entry matter for months of age.
        if years == 0 && self.rng.percent(30) {
            let months = -i64::from(self.rng.below(14));
            let beside = *self.rng.pick(&[0i64, -1, 1]);
            return Value::Date(later(months_later(info.entry_date, months), beside));
        }
        Value::Date(later(april, days))
    }

    fn text(&mut self, facts: &mut RoundFacts, attribute: &Attribute) -> u32 {
        if attribute.name == "name" {
            return facts.symbols.intern("園");
        }
        if attribute.name == "area" {
            if !self.interest.texts.is_empty() && self.rng.percent(40) {
                let text = self.rng.pick(&self.interest.texts).clone();
                return facts.symbols.intern(&text);
            }
            return facts
                .symbols
                .intern(["東", "西", "南"][self.rng.below(3) as usize]);
        }
        // Ids of facilities, which were given their symbols first.
        let id = format!("n{}", self.rng.below(self.facilities));
        facts.symbols.intern(&id)
    }
}
