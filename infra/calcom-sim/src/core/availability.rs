//! When a host works and when he is busy, as half-open intervals of UTC instants.
//! Working hours are wall times of the schedule's zone, so they move with daylight saving.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use super::model::{EventType, Schedule, Status};
use super::time::{minutes, plus, wall_time, zone_or_utc};
use super::world::World;

/// `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
}

impl Interval {
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

fn wall_interval(date: Date, start: &str, end: &str, zone: &TimeZone) -> Option<Interval> {
    let (start, end) = (wall_time(start)?, wall_time(end)?);
    let at =
        |time| date.to_datetime(time).to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp());
    let interval = Interval { start: at(start)?, end: at(end)? };
    (interval.start < interval.end).then_some(interval)
}

impl Schedule {
    fn hours_of(&self, date: Date, zone: &TimeZone) -> Vec<Interval> {
        let name = date.to_string();
        let mut overrides = self.overrides.iter().filter(|one| one.date == name).peekable();
        if overrides.peek().is_some() {
            return overrides
                .filter_map(|one| wall_interval(date, &one.start_time, &one.end_time, zone))
                .collect();
        }
        let day = weekday_name(date.weekday());
        self.availability
            .iter()
            .filter(|hours| hours.days.iter().any(|name| name == day))
            .filter_map(|hours| wall_interval(date, &hours.start_time, &hours.end_time, zone))
            .collect()
    }

    /// Working hours that touch a range, sorted and merged.
    pub(crate) fn hours(&self, from: Timestamp, to: Timestamp) -> Vec<Interval> {
        let zone = zone_or_utc(&self.time_zone);
        let first = from.to_zoned(zone.clone()).date();
        let last = to.to_zoned(zone.clone()).date();
        let mut found = Vec::new();
        let mut date = first.yesterday().unwrap_or(first);
        while date <= last {
            found.extend(self.hours_of(date, &zone));
            match date.checked_add(1.day()) {
                Ok(next) => date = next,
                Err(_) => break,
            }
        }
        merged(found)
    }
}

/// Sorts intervals and joins those that touch.
fn merged(mut intervals: Vec<Interval>) -> Vec<Interval> {
    intervals.sort_by_key(|interval| (interval.start, interval.end));
    let mut out: Vec<Interval> = Vec::with_capacity(intervals.len());
    for interval in intervals {
        match out.last_mut() {
            Some(last) if interval.start <= last.end => last.end = last.end.max(interval.end),
            _ => out.push(interval),
        }
    }
    out
}

/// Takes busy time out of free time.
pub(crate) fn subtract(free: Vec<Interval>, busy: &[Interval]) -> Vec<Interval> {
    busy.iter().fold(free, |free, busy| {
        free.into_iter()
            .flat_map(|one| {
                if !one.overlaps(busy) {
                    return [Some(one), None];
                }
                let before = (one.start < busy.start)
                    .then_some(Interval { start: one.start, end: busy.start });
                let after =
                    (busy.end < one.end).then_some(Interval { start: busy.end, end: one.end });
                [before, after]
            })
            .flatten()
            .collect()
    })
}

impl World {
    /// The schedule of an event type: its own, else the default of its owner.
    pub(crate) fn schedule_of(&self, event_type: &EventType) -> Option<&Schedule> {
        let id = event_type.schedule_id().or_else(|| {
            self.account(event_type.owner_id).and_then(|owner| owner.default_schedule_id)
        })?;
        self.schedules.get(&id.to_string())
    }

    /// Accepted bookings of the host in all his event types, as host or as attendee, and pending
    /// ones of this type when they block; each widened by the larger buffer of the two types.
    pub(crate) fn busy_bookings(
        &self,
        event_type: &EventType,
        except_uid: Option<&str>,
    ) -> Vec<Interval> {
        let host = event_type.owner_id;
        let email = self.account(host).map(|owner| owner.email.clone()).unwrap_or_default();
        self.bookings
            .values()
            .filter(|one| Some(one.uid.as_str()) != except_uid)
            .filter(|one| match one.status {
                Status::Accepted => one.host_id == host || one.attendee.email == email,
                Status::Pending => {
                    one.event_type_id == Some(event_type.id) && event_type.pending_blocks()
                }
                Status::Cancelled | Status::Rejected => false,
            })
            .map(|one| {
                let theirs = self.event_type_of(one);
                let theirs = theirs.map_or((0, 0), |two| (two.buffer_before(), two.buffer_after()));
                let before = theirs.0.max(event_type.buffer_after());
                let after = theirs.1.max(event_type.buffer_before());
                Interval {
                    start: plus(one.start, -minutes(before)),
                    end: plus(one.end, minutes(after)),
                }
            })
            .collect()
    }

    /// Live holds of the host in all his event types.
    pub(crate) fn busy_holds(&self, host_id: i64, now: Timestamp) -> Vec<Interval> {
        self.holds
            .values()
            .filter(|hold| hold.host_id == host_id && hold.until > now)
            .map(|hold| Interval { start: hold.start, end: hold.end })
            .collect()
    }

    /// Whether a booking may stand there: inside working hours and touching nothing busy.
    /// Holds are not looked at (CONTRACT 4.2).
    pub(crate) fn is_free(
        &self,
        event_type: &EventType,
        wanted: Interval,
        except_uid: Option<&str>,
    ) -> bool {
        let Some(schedule) = self.schedule_of(event_type) else { return false };
        let works = schedule
            .hours(wanted.start, wanted.end)
            .iter()
            .any(|hours| hours.start <= wanted.start && wanted.end <= hours.end);
        works && !self.busy_bookings(event_type, except_uid).iter().any(|one| one.overlaps(&wanted))
    }
}
