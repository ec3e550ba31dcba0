//! Reading and writing instants in the text forms Cal.com uses, which differ by channel.
//! An instant is always a UTC `Timestamp`; a zone only ever prints or reads a wall time.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// `2026-12-01T09:00:00.000Z`: every instant of the API.
pub(crate) fn millis(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// `2026-12-01T09:00:00Z`: deliveries of create, request and reschedule.
pub(crate) fn seconds(at: Timestamp) -> String {
    format!("{at:.0}")
}

/// `2026-12-01T09:00:00+00:00`: deliveries of cancel.
pub(crate) fn seconds_offset(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S+00:00").to_string()
}

/// With milliseconds and the offset of the zone; `Z` only for UTC itself.
pub(crate) fn zoned(at: Timestamp, zone: &TimeZone) -> String {
    if *zone == TimeZone::UTC {
        return millis(at);
    }
    at.to_zoned(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}

/// The zone of an IANA name; `None` for anything else.
pub(crate) fn zone(name: &str) -> Option<TimeZone> {
    if name == "UTC" {
        return Some(TimeZone::UTC);
    }
    if !name.contains('/') && !matches!(name, "GMT" | "CET" | "EST") {
        return None;
    }
    TimeZone::get(name).ok()
}

/// The zone of an IANA name, UTC when it is none.
pub(crate) fn zone_or_utc(name: &str) -> TimeZone {
    zone(name).unwrap_or(TimeZone::UTC)
}

/// Minutes east of UTC at that instant.
pub(crate) fn offset_minutes(at: Timestamp, name: &str) -> i32 {
    zone_or_utc(name).to_offset(at).seconds() / 60
}

/// Reads an ISO 8601 instant or date; a missing zone is read as UTC.
pub(crate) fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let civil = match text.parse::<jiff::civil::DateTime>() {
        Ok(civil) => civil,
        Err(_) => text.parse::<Date>().ok()?.at(0, 0, 0, 0),
    };
    civil.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// Whether the text is a date without a time of day.
pub(crate) fn is_date_only(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok()
}

/// `HH:MM` as a wall time.
pub(crate) fn wall_time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    if hour.len() != 2 || minute.len() != 2 {
        return None;
    }
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

pub(crate) fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

/// Adds a duration; at the end of time the instant stays where it is.
pub(crate) fn plus(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(at)
}

/// Whole minutes between two instants, rounded towards zero.
pub(crate) fn minutes_between(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_mins()
}
