//! Dates, times and lengths in a reader's language and zones.
//!
//! The offset stands beside every time, and beside both ends where they differ, so that an hour
//! that comes twice is told apart.

use interlock_policy::{Interval, ZoneName};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp, Zoned};

use crate::words::{told, word};
use crate::{Language, Recipient};

/// How one reader is told times.
#[derive(Clone, Copy)]
pub(crate) struct Manner {
    pub(crate) language: Language,
}

impl Manner {
    pub(crate) fn of(recipient: &Recipient) -> Self {
        Self { language: recipient.language }
    }

    /// Weekday, day, month and year in the order of the language.
    pub(crate) fn date(self, at: &Zoned) -> String {
        let weekday = at.weekday().to_monday_one_offset();
        let values = [
            ("weekday", word(self.language, &format!("weekday.{weekday}"))),
            ("day", &at.day().to_string()),
            ("month", word(self.language, &format!("month.{}", at.month()))),
            ("year", &at.year().to_string()),
        ];
        told(self.language, "form.date", &values)
    }

    /// Day and month, for a subject.
    pub(crate) fn short_date(self, at: &Zoned) -> String {
        let weekday = at.weekday().to_monday_one_offset();
        let values = [
            ("weekday", word(self.language, &format!("weekday.short.{weekday}"))),
            ("day", &at.day().to_string()),
            ("month", word(self.language, &format!("month.short.{}", at.month()))),
        ];
        told(self.language, "form.date.short", &values)
    }

    /// The time of day, by the clock the language is used to.
    pub(crate) fn time(self, at: &Zoned) -> String {
        let hour = at.hour();
        let of_twelve = match hour.rem_euclid(12) {
            0 => 12,
            hour => hour,
        };
        let values = [
            ("hour", format!("{hour:02}")),
            ("of_twelve", of_twelve.to_string()),
            ("half", if hour < 12 { "AM" } else { "PM" }.to_owned()),
            ("minute", format!("{:02}", at.minute())),
        ];
        self.form("form.time", &values)
    }

    /// Date and time of an instant, with its zone.
    pub(crate) fn instant(self, at: Timestamp, zone: &ZoneName) -> String {
        let at = at.to_zoned(zone.zone().clone());
        let values = [
            ("date", self.date(&at)),
            ("time", self.time(&at)),
            ("zone", named(zone, at.offset())),
        ];
        self.form("form.instant", &values)
    }

    /// Date and time of an interval, with its zone; the second date only if it is another.
    pub(crate) fn stretch(self, interval: &Interval, zone: &ZoneName) -> String {
        let (start, end) = ends(interval, zone);
        let same_day = start.date() == end.date();
        let same_offset = start.offset() == end.offset();
        let with_offset = |at: &Zoned| {
            let time = self.time(at);
            if same_offset { time } else { format!("{time} ({})", offset(at.offset())) }
        };
        let values = [
            ("date", self.date(&start)),
            ("end_date", self.date(&end)),
            ("start", with_offset(&start)),
            ("end", with_offset(&end)),
            ("zone", if same_offset { named(zone, start.offset()) } else { zone.to_string() }),
        ];
        self.form(if same_day { "form.stretch" } else { "form.stretch.days" }, &values)
    }

    /// Date and time of a start, for a subject.
    pub(crate) fn short(self, interval: &Interval, zone: &ZoneName) -> String {
        let (start, _) = ends(interval, zone);
        let values = [("date", self.short_date(&start)), ("time", self.time(&start))];
        self.form("form.short", &values)
    }

    fn form(self, key: &str, values: &[(&str, String)]) -> String {
        let values: Vec<_> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
        told(self.language, key, &values)
    }
}

/// Whether two zones show other clocks at either end.
pub(crate) fn differ(interval: &Interval, one: &ZoneName, other: &ZoneName) -> bool {
    let at = |instant: Timestamp, zone: &ZoneName| zone.zone().to_offset(instant);
    [interval.start(), interval.end()]
        .into_iter()
        .any(|instant| at(instant, one) != at(instant, other))
}

/// A length, in whole minutes: `1 h 30 min`.
pub(crate) fn length(length: SignedDuration) -> String {
    let minutes = length.as_mins();
    match (minutes.div_euclid(60), minutes.rem_euclid(60)) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

fn ends(interval: &Interval, zone: &ZoneName) -> (Zoned, Zoned) {
    let at = |instant: Timestamp| instant.to_zoned(zone.zone().clone());
    (at(interval.start()), at(interval.end()))
}

fn named(zone: &ZoneName, offset_now: Offset) -> String {
    format!("{zone}, {}", offset(offset_now))
}

/// `UTC`, `UTC+2`, `UTC-3:30`.
fn offset(offset: Offset) -> String {
    let minutes = offset.seconds().div_euclid(60);
    let sign = if minutes < 0 { '−' } else { '+' };
    let minutes = minutes.unsigned_abs();
    match (minutes.div_euclid(60), minutes.rem_euclid(60)) {
        (0, 0) => "UTC".to_owned(),
        (hours, 0) => format!("UTC{sign}{hours}"),
        (hours, minutes) => format!("UTC{sign}{hours}:{minutes:02}"),
    }
}
