//! Advisory slot holds (CONTRACT 4.2): they hide slots and protect nothing.
//! A hold meets only holds and bookings of its own event type, itself included when moved.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::api_error::{Answer, ApiError};
use super::availability::Interval;
use super::model::{EventType, Hold};
use super::request::{ApiRequest, Caller};
use super::time::{instant, millis, minutes, minutes_between, plus};
use super::validate::Problems;
use super::world::World;

const DEFAULT_MINUTES: i64 = 5;
const TAKEN: &str =
    "This time slot is already reserved by another user. Please choose a different time.";
const BOOKED: &str = "This time slot is already booked. Please choose a different time.";
const NO_CREDENTIALS: &str = "reservationDuration can only be used for authenticated requests - \
    use access token, api key or OAuth credentials";

/// A hold asked for: the type, the interval and its life in minutes.
struct Asked {
    event_type: EventType,
    interval: Interval,
    life: i64,
}

fn output(hold: &Hold, life: Option<i64>) -> Value {
    let mut out = Map::new();
    out.insert("eventTypeId".to_owned(), json!(hold.event_type_id));
    out.insert("slotStart".to_owned(), json!(millis(hold.start)));
    out.insert("slotEnd".to_owned(), json!(millis(hold.end)));
    out.insert("slotDuration".to_owned(), json!(minutes_between(hold.start, hold.end)));
    out.insert("reservationUid".to_owned(), json!(hold.uid));
    if let Some(life) = life {
        out.insert("reservationDuration".to_owned(), json!(life));
    }
    out.insert("reservationUntil".to_owned(), json!(millis(hold.until)));
    Value::Object(out)
}

impl World {
    fn asked_hold(&self, caller: Caller, request: &ApiRequest) -> Answer<Asked> {
        let body = request.object();
        let mut problems = Problems::default();
        let start = body.get("slotStart").and_then(Value::as_str).and_then(instant);
        if start.is_none() {
            problems.add("slotStart", "slotStart must be a valid ISO 8601 date string");
        }
        if !body.get("eventTypeId").is_some_and(Value::is_i64) {
            problems.add("eventTypeId", "eventTypeId must be an integer number");
        }
        let known = ["eventTypeId", "slotStart", "slotDuration", "reservationDuration"];
        problems.unknown_keys(&body, &known);
        problems.done()?;
        let number = |key: &str| body.get(key).and_then(Value::as_i64);
        let id = number("eventTypeId").unwrap_or_default();
        let event_type = self
            .event_type(id)
            .cloned()
            .ok_or_else(|| ApiError::not_found(format!("Event Type with ID={id} not found")))?;
        let life = number("reservationDuration");
        if life.is_some() && caller.account_id.is_none() {
            return Err(ApiError::framework(401, NO_CREDENTIALS));
        }
        if life.is_some() && !caller.is(event_type.owner_id) {
            let text = "reservationDuration can only be used for reservations of own event types";
            return Err(ApiError::framework(403, text));
        }
        let length = number("slotDuration").unwrap_or_else(|| event_type.length());
        let offered = event_type.length_options();
        if length != event_type.length() && !offered.contains(&length) {
            let text = "slotDuration is not one of the lengths of the event type";
            return Err(ApiError::bad_request(text));
        }
        let start = start.unwrap_or_default();
        let interval = Interval { start, end: plus(start, minutes(length)) };
        Ok(Asked { event_type, interval, life: life.unwrap_or(DEFAULT_MINUTES) })
    }

    fn check_hold(&self, asked: &Asked, now: Timestamp) -> Answer<()> {
        let Interval { start, end } = asked.interval;
        let booked = self.bookings.values().any(|one| {
            one.event_type_id == Some(asked.event_type.id)
                && one.status.is_open()
                && one.overlaps(start, end)
        });
        if booked {
            return Err(ApiError::framework(422, BOOKED));
        }
        let held = self.holds.values().any(|one| {
            one.event_type_id == asked.event_type.id
                && one.until > now
                && one.start < end
                && start < one.end
        });
        if held { Err(ApiError::framework(422, TAKEN)) } else { Ok(()) }
    }

    fn put_hold(&mut self, uid: String, asked: &Asked, now: Timestamp) -> Value {
        let hold = Hold {
            uid: uid.clone(),
            event_type_id: asked.event_type.id,
            host_id: asked.event_type.owner_id,
            start: asked.interval.start,
            end: asked.interval.end,
            until: plus(now, minutes(asked.life)),
        };
        let value = output(&hold, Some(asked.life));
        self.holds.put(uid, hold);
        value
    }

    pub(crate) fn create_hold(
        &mut self,
        caller: Caller,
        request: &ApiRequest,
        now: Timestamp,
    ) -> Answer<Value> {
        let asked = self.asked_hold(caller, request)?;
        self.check_hold(&asked, now)?;
        let uid = self.new_uuid();
        Ok(self.put_hold(uid, &asked, now))
    }

    /// Moves a hold; over its own interval it is in its own way.
    pub(crate) fn update_hold(
        &mut self,
        caller: Caller,
        uid: &str,
        request: &ApiRequest,
        now: Timestamp,
    ) -> Answer<Value> {
        if self.holds.get(uid).is_none() {
            let text = format!("Reservation with uid={uid} was not found in the database");
            return Err(ApiError::not_found(text));
        }
        let asked = self.asked_hold(caller, request)?;
        self.check_hold(&asked, now)?;
        Ok(self.put_hold(uid.to_owned(), &asked, now))
    }

    /// `null` for what does not exist.
    pub(crate) fn read_hold(&self, uid: &str) -> Value {
        self.holds.get(uid).map_or(Value::Null, |hold| output(hold, None))
    }

    pub(crate) fn delete_hold(&mut self, uid: &str) {
        self.holds.remove(uid);
    }
}
