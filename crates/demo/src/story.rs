//! The story's clock: what happened in the weeks before today happened then, in order.

use enmusubi_app::Office;
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::Offset};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// An office on the same database whose clock is moved on by hand, up to the moment of the real one.
#[derive(Debug)]
pub(crate) struct Story {
    /// Acts at the moment of the story.
    pub(crate) office: Office,
    second: Arc<AtomicI64>,
    now: Timestamp,
    /// Today of the real office.
    pub(crate) today: Date,
}

impl Story {
    /// Begins so many days before today.
    pub(crate) fn begin(office: &Office, days: i64) -> Self {
        let (now, today) = (office.now(), office.today());
        let second = Arc::new(AtomicI64::new(0));
        let told = second.clone();
        let clock = move || {
            Timestamp::from_second(told.load(Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH)
        };
        let story = Self {
            office: Office::new(office.store().clone(), Arc::new(clock)),
            second,
            now,
            today,
        };
        story.at(today.saturating_sub(days.days()), 9);
        story
    }

    /// Moves on to an hour of a day; never back, and never beyond now.
    pub(crate) fn at(&self, day: Date, hour: i8) {
        let moment = Offset::constant(9)
            .to_timestamp(day.at(hour, 0, 0, 0))
            .unwrap_or(self.now);
        let wanted = moment.min(self.now).as_second();
        self.second.fetch_max(wanted, Ordering::Relaxed);
    }
}
