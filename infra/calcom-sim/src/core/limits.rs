//! Notice, booking window and booking limits of an event type (CONTRACT 6.1 and 10).
//! Limits count accepted bookings that lie wholly inside the period; they are check-then-act.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use super::availability::Interval;
use super::model::{EventType, Status};
use super::time::{minutes, plus, zone_or_utc};
use super::world::World;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LimitReached {
    Count,
    Minutes,
}

fn midnight(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    date.to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp())
}

/// The day, week, month or year of an instant in a zone; weeks begin on Sunday.
fn period(word: &str, at: Timestamp, zone: &TimeZone) -> Option<Interval> {
    let date = at.to_zoned(zone.clone()).date();
    let (first, next) = match word {
        "day" => (date, date.tomorrow().ok()?),
        "week" => {
            let back = i64::from(date.weekday().to_sunday_zero_offset());
            let first = date.checked_sub(back.days()).ok()?;
            (first, first.checked_add(7.days()).ok()?)
        }
        "month" => (date.first_of_month(), date.last_of_month().tomorrow().ok()?),
        "year" => (date.first_of_year(), date.last_of_year().tomorrow().ok()?),
        _ => return None,
    };
    Some(Interval { start: midnight(first, zone)?, end: midnight(next, zone)? })
}

/// Days counted from today, Saturdays and Sundays left out.
fn business_days_after(today: Date, count: i64) -> Option<Date> {
    let mut date = today;
    let mut left = count;
    while left > 0 {
        date = date.tomorrow().ok()?;
        if date.weekday().to_monday_zero_offset() < 5 {
            left -= 1;
        }
    }
    Some(date)
}

impl World {
    /// The earliest start, and the end of the booking window when there is one.
    pub(crate) fn bounds(
        &self,
        event_type: &EventType,
        now: Timestamp,
    ) -> (Timestamp, Option<Timestamp>) {
        let earliest = plus(now, minutes(event_type.notice()));
        (earliest, self.window_end(event_type, now))
    }

    /// The first instant after the booking window.
    fn window_end(&self, event_type: &EventType, now: Timestamp) -> Option<Timestamp> {
        let kind = event_type.at("/bookingWindow/type")?.as_str()?;
        let value = event_type.at("/bookingWindow/value")?;
        let zone = self.schedule_of(event_type).map(|one| zone_or_utc(&one.time_zone))?;
        let today = now.to_zoned(zone.clone()).date();
        let last: Date = match kind {
            "range" => value.get(1)?.as_str()?.parse().ok()?,
            "businessDays" => business_days_after(today, value.as_i64()?)?,
            _ => today.checked_add(value.as_i64()?.days()).ok()?,
        };
        midnight(last.tomorrow().ok()?, &zone)
    }

    /// Whether one more booking of that interval would break a limit.
    pub(crate) fn limit_reached(
        &self,
        event_type: &EventType,
        wanted: Interval,
        except_uid: Option<&str>,
    ) -> Option<LimitReached> {
        let zone = self.schedule_of(event_type).map(|one| zone_or_utc(&one.time_zone));
        let zone = zone.unwrap_or(TimeZone::UTC);
        let tables = [
            ("bookingLimitsCount", LimitReached::Count),
            ("bookingLimitsDuration", LimitReached::Minutes),
        ];
        for (field, reached) in tables {
            let limits = event_type.fields.get(field).and_then(Value::as_object);
            for (word, limit) in limits.into_iter().flatten() {
                let (Some(limit), Some(period)) =
                    (limit.as_i64(), period(word, wanted.start, &zone))
                else {
                    continue;
                };
                let inside = self.bookings.values().filter(|one| {
                    one.status == Status::Accepted
                        && one.event_type_id == Some(event_type.id)
                        && Some(one.uid.as_str()) != except_uid
                        && period.start <= one.start
                        && one.end <= period.end
                });
                let full = match reached {
                    LimitReached::Count => i64::try_from(inside.count()).unwrap_or(limit) >= limit,
                    LimitReached::Minutes => {
                        let more = super::time::minutes_between(wanted.start, wanted.end);
                        inside.map(super::model::Booking::minutes).sum::<i64>() + more > limit
                    }
                };
                if full {
                    return Some(reached);
                }
            }
        }
        None
    }
}
