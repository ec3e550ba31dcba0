//! The part of the tour about reservations: slots, book, replay, conflict, move, cancel.
//! Slots are two days ahead at least, so that no notice rule stands in the way.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::walk::{Guest, Step, Walk, items, surprise, text};
use crate::LocalError;

const RESERVATIONS: &str = "/api/machines/mch_laser/reservations";

/// Two free starts that do not overlap.
pub(super) struct Slots {
    pub(super) first: String,
    pub(super) second: String,
}

/// A reservation that was made, with the body of its answer.
pub(super) struct Made {
    pub(super) id: String,
    body: serde_json::Value,
}

pub(super) async fn free_slots(walk: &Walk, guest: &Guest) -> Result<Slots, LocalError> {
    let now = walk.advance(0).await?;
    let day = |days: i64| {
        let at = now.checked_add(SignedDuration::from_hours(24 * days)).unwrap_or(now);
        at.strftime("%Y-%m-%dT00:00:00Z").to_string()
    };
    let path = format!(
        "/api/machines/mch_laser/availability?start={}&end={}&timeZone=Europe/Berlin",
        day(2),
        day(6)
    );
    let answer = walk
        .step(Step::get(&path).by(guest), 200, |answer| {
            let slots = items(&answer.body, "slots");
            let starts: Vec<String> =
                slots.iter().take(3).map(|slot| text(slot, "/start")).collect();
            format!("{} slots: {}, …", slots.len(), starts.join(", "))
        })
        .await?;
    let slots = items(&answer.body, "slots");
    let bookable: Vec<String> = slots
        .iter()
        .filter(|slot| text(slot, "/bookable") == "true")
        .map(|slot| text(slot, "/start"))
        .collect();
    let first = bookable.first().ok_or_else(|| surprise("no slot is free"))?;
    let parse = |text: &str| text.parse::<Timestamp>().map_err(surprise);
    let apart = parse(first)?.checked_add(SignedDuration::from_hours(2)).map_err(surprise)?;
    for start in &bookable {
        if parse(start)? >= apart {
            return Ok(Slots { first: first.clone(), second: start.clone() });
        }
    }
    Err(surprise("no second slot is free"))
}

pub(super) async fn reserve(
    walk: &Walk,
    guest: &Guest,
    start: &str,
    key: &str,
) -> Result<Made, LocalError> {
    let step = Step::post(RESERVATIONS, json!({"start": start})).by(guest).key(key);
    let answer = walk.step(step, 201, |answer| told(&answer.body)).await?;
    let id = text(&answer.body, "/reservation/id");
    must(&answer.body, "confirmed")?;
    Ok(Made { id, body: answer.body })
}

/// The same key with the same body repeats the answer and books nothing.
pub(super) async fn replay(
    walk: &Walk,
    guest: &Guest,
    start: &str,
    key: &str,
    made: &Made,
) -> Result<(), LocalError> {
    let step = Step::post(RESERVATIONS, json!({"start": start})).by(guest).key(key);
    let answer = walk.step(step, 201, |_| "the same key: the same answer".to_owned()).await?;
    if answer.body != made.body {
        return Err(surprise(format!("the replay differs: {}", answer.body)));
    }
    if answer.headers.get("idempotency-replayed").is_none_or(|value| value != "true") {
        return Err(surprise("the replay does not say that it is one"));
    }
    Ok(())
}

/// Another member cannot have the slot.
pub(super) async fn taken(walk: &Walk, guest: &Guest, start: &str) -> Result<(), LocalError> {
    let step = Step::post(RESERVATIONS, json!({"start": start})).by(guest).key("tour-3");
    let answer = walk.step(step, 409, |answer| text(&answer.body, "/code")).await?;
    if text(&answer.body, "/code") != "slot_taken" {
        return Err(surprise("expected `slot_taken`"));
    }
    Ok(())
}

pub(super) async fn reschedule(
    walk: &Walk,
    guest: &Guest,
    id: &str,
    start: &str,
) -> Result<(), LocalError> {
    let path = format!("/api/reservations/{id}/reschedule");
    let body = json!({"start": start, "reason": "tour"});
    let step = Step::post(&path, body).by(guest).key("tour-4");
    let answer = walk.step(step, 200, |answer| told(&answer.body)).await?;
    must(&answer.body, "confirmed")
}

pub(super) async fn cancel(walk: &Walk, guest: &Guest, id: &str) -> Result<(), LocalError> {
    let path = format!("/api/reservations/{id}/cancel");
    let step = Step::post(&path, json!({"reason": "tour"})).by(guest).key("tour-5");
    let answer = walk.step(step, 200, |answer| told(&answer.body)).await?;
    must(&answer.body, "cancelled")
}

/// A reservation in a few words.
pub(super) fn told(body: &serde_json::Value) -> String {
    let field = |name: &str| text(body, &format!("/reservation/{name}"));
    format!("{} {} from {} to {}", field("id"), field("status"), field("start"), field("end"))
}

/// The reservation must have this status.
pub(super) fn must(body: &serde_json::Value, status: &str) -> Result<(), LocalError> {
    let present = text(body, "/reservation/status");
    if present == status {
        return Ok(());
    }
    Err(surprise(format!("the reservation is `{present}` in place of `{status}`")))
}
