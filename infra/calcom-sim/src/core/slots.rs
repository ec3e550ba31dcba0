//! Free slots of an event type (API version 2024-09-04, CONTRACT 4.1).
//! A slot that is offered may still be refused at booking: only the booking decides.

use jiff::civil::Time;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::api_error::{Answer, ApiError};
use super::availability::{Interval, subtract};
use super::model::EventType;
use super::request::ApiRequest;
use super::time::{instant, is_date_only, minutes, plus, zone, zone_or_utc, zoned};
use super::validate::Problems;
use super::world::World;

const KNOWN: [&str; 12] = [
    "start",
    "end",
    "eventTypeId",
    "eventTypeSlug",
    "username",
    "usernames",
    "organizationSlug",
    "teamSlug",
    "timeZone",
    "duration",
    "format",
    "bookingUidToReschedule",
];

/// What is asked for, after validation.
struct Asked {
    range: Interval,
    zone: TimeZone,
    with_end: bool,
    length: i64,
    except_uid: Option<String>,
}

/// The end of the range: a bare date and an exact midnight both mean the end of that day.
fn range_end(text: &str) -> Option<Timestamp> {
    let end = instant(text)?;
    let civil = end.to_zoned(TimeZone::UTC);
    if is_date_only(text) || civil.time() == Time::midnight() {
        return Some(plus(end, SignedDuration::from_secs(24 * 3600 - 1)));
    }
    Some(end)
}

fn check(request: &ApiRequest) -> Answer<()> {
    let mut problems = Problems::default();
    for name in ["start", "end"] {
        if request.query(name).and_then(instant).is_none() {
            problems.add(name, &format!("{name} must be a valid ISO 8601 date string"));
        }
    }
    if request.query("timeZone").is_some_and(|name| zone(name).is_none()) {
        problems.add("timeZone", "timeZone must be a valid IANA time-zone");
    }
    if request.query("format").is_some_and(|word| !matches!(word, "range" | "time")) {
        problems.add("format", "slotFormat must be either 'range' or 'time'");
    }
    for (name, _) in &request.query {
        if !KNOWN.contains(&name.as_str()) {
            problems.unknown(name);
        }
    }
    let by_slug = request.query("eventTypeSlug").is_some() && request.query("username").is_some();
    if request.query("eventTypeId").is_none() && !by_slug {
        problems.add(
            "usernames",
            "each value in usernames must be a string, The array must contain at least 2 \
             elements., usernames must be an array",
        );
        problems.add("organizationSlug", "organizationSlug must be a string");
    }
    problems.done()
}

/// The widest whole-hour divisor of a step, to which slot starts are rounded.
fn rounding(step: i64) -> i64 {
    [60, 30, 20, 15, 10, 5].into_iter().find(|candidate| step % candidate == 0).unwrap_or(1)
}

/// The first start in a free interval: its own, or the next round minute of the hour.
fn first_start(from: Timestamp, step: i64, zone: &TimeZone) -> Timestamp {
    let round = rounding(step);
    let civil = from.to_zoned(zone.clone());
    let past = i64::from(civil.minute()) % round;
    let seconds = i64::from(civil.second());
    if past == 0 && seconds == 0 && from.subsec_nanosecond() == 0 {
        return from;
    }
    let whole = SignedDuration::from_secs((round - past) * 60 - seconds);
    let nanos = SignedDuration::from_nanos(i64::from(from.subsec_nanosecond()));
    plus(from, whole - nanos)
}

impl World {
    fn slot_event_type(&self, request: &ApiRequest) -> Answer<&EventType> {
        let found = match request.query("eventTypeId") {
            Some(id) => id.parse().ok().and_then(|id| self.event_type(id)),
            None => self.event_types.values().find(|one| {
                Some(one.slug()) == request.query("eventTypeSlug")
                    && self.account(one.owner_id).map(|owner| owner.username.as_str())
                        == request.query("username")
            }),
        };
        found.ok_or_else(|| ApiError::not_found("Event Type not found"))
    }

    fn asked(event_type: &EventType, request: &ApiRequest) -> Option<Asked> {
        let start = request.query("start").and_then(instant)?;
        let end = request.query("end").and_then(range_end)?;
        let wanted = request.query("duration").and_then(|text| text.parse().ok());
        let length = wanted
            .filter(|length| event_type.length_options().contains(length))
            .unwrap_or_else(|| event_type.length());
        Some(Asked {
            range: Interval { start, end },
            zone: zone_or_utc(request.query("timeZone").unwrap_or("UTC")),
            with_end: request.query("format") == Some("range"),
            length,
            except_uid: request.query("bookingUidToReschedule").map(str::to_owned),
        })
    }

    fn starts(&self, event_type: &EventType, asked: &Asked, now: Timestamp) -> Vec<Timestamp> {
        let Some(schedule) = self.schedule_of(event_type) else { return Vec::new() };
        let (earliest, latest) = self.bounds(event_type, now);
        let mut busy = self.busy_bookings(event_type, asked.except_uid.as_deref());
        busy.extend(self.busy_holds(event_type.owner_id, now));
        let hours = schedule.hours(asked.range.start, asked.range.end);
        let wall = zone_or_utc(&schedule.time_zone);
        let (length, step) = (minutes(asked.length), event_type.step(asked.length));
        let mut found = Vec::new();
        for free in subtract(hours, &busy) {
            let from = free.start.max(asked.range.start);
            let until = free.end.min(asked.range.end);
            let mut start =
                plus(first_start(from, step, &wall), minutes(event_type.offset_start()));
            while plus(start, length) <= until {
                let wanted = Interval { start, end: plus(start, length) };
                let allowed = start >= earliest
                    && latest.is_none_or(|latest| start < latest)
                    && self
                        .limit_reached(event_type, wanted, asked.except_uid.as_deref())
                        .is_none();
                if allowed {
                    found.push(start);
                }
                start = plus(start, minutes(step));
            }
        }
        found
    }

    /// `GET /v2/slots`: days of the asked zone with their free starts.
    pub(crate) fn list_slots(&self, request: &ApiRequest, now: Timestamp) -> Answer<Value> {
        check(request)?;
        let event_type = self.slot_event_type(request)?;
        let Some(asked) = Self::asked(event_type, request) else { return Ok(json!({})) };
        let mut days: Map<String, Value> = Map::new();
        for start in self.starts(event_type, &asked, now) {
            let day = start.to_zoned(asked.zone.clone()).date().to_string();
            let mut slot = json!({ "start": zoned(start, &asked.zone) });
            if asked.with_end
                && let Some(slot) = slot.as_object_mut()
            {
                let end = plus(start, minutes(asked.length));
                slot.insert("end".to_owned(), json!(zoned(end, &asked.zone)));
            }
            if let Some(list) = days.entry(day).or_insert_with(|| json!([])).as_array_mut() {
                list.push(slot);
            }
        }
        Ok(Value::Object(days))
    }
}
