//! `/__sim/ui/*`: acts of a person in the Cal.com web application; each answers the booking.
//! Their deliveries are sent and awaited like those of the API.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use axum::{Json, Router};
use serde_json::{Map, Value};

use super::control::answer;
use super::sender::send;
use super::shared::Shared;
use crate::core::api_error::{Answer, ApiError};
use crate::core::delivery::Outgoing;
use crate::core::model::{Booking, Status};
use crate::core::payload::Happening;

type Sim = State<Arc<Shared>>;

pub(crate) fn router() -> Router<Arc<Shared>> {
    Router::new()
        .route("/ui/create", post(create))
        .route("/ui/cancel", post(cancel))
        .route("/ui/request-reschedule", post(request_reschedule))
        .route("/ui/reschedule", post(reschedule))
        .route("/ui/confirm", post(confirm))
        .route("/ui/decline", post(decline))
        .route("/ui/move-location", post(move_location))
        .route("/ui/edit-event-type", post(edit_event_type))
        .route("/ui/delete-event-type", post(delete_event_type))
}

fn text(body: &Map<String, Value>, name: &str) -> Answer<String> {
    let found = body.get(name).and_then(Value::as_str).map(str::to_owned);
    found.ok_or_else(|| ApiError::bad_request(format!("`{name}` is missing")))
}

/// Sends what an act caused and answers the booking as it is afterwards.
async fn tell(shared: &Arc<Shared>, done: Answer<(Booking, Outgoing)>) -> Response {
    let (booking, outgoing) = match done {
        Ok(done) => done,
        Err(error) => return answer(Err(error)),
    };
    send(shared, outgoing).await;
    answer(shared.run(|world, _| {
        world.read_booking(&booking.uid, false).map(|one| world.booking_output(one))
    }))
}

async fn create(State(shared): Sim, Json(body): Json<Map<String, Value>>) -> Response {
    let done = shared.run(|world, now| {
        let booking = world.person_creates(&body, now)?;
        let pending = booking.status == Status::Pending;
        let happening = if pending { Happening::Requested } else { Happening::Created };
        let outgoing = world.announce(&happening, &booking, now);
        Ok((booking, outgoing))
    });
    tell(&shared, done).await
}

async fn withdraw(
    shared: &Arc<Shared>,
    body: &Map<String, Value>,
    request_reschedule: bool,
) -> Response {
    let reason = ["cancellationReason", "rescheduleReason", "reason"];
    let reason = reason.iter().find_map(|name| text(body, name).ok()).unwrap_or_default();
    let announced = shared.run(|world, now| {
        let (booking, by) = world.person_may_cancel(&text(body, "uid")?)?;
        let happening = Happening::Cancelled { reason: reason.clone(), by, request_reschedule };
        let outgoing = world.announce(&happening, &booking, now);
        Ok((booking, outgoing))
    });
    let (booking, outgoing) = match announced {
        Ok(announced) => announced,
        Err(error) => return answer(Err(error)),
    };
    send(shared, outgoing).await;
    answer(shared.run(|world, now| {
        let booking = world.commit_cancel(&booking.uid, &reason, now)?;
        Ok(world.booking_output(&booking))
    }))
}

async fn cancel(State(shared): Sim, Json(body): Json<Map<String, Value>>) -> Response {
    withdraw(&shared, &body, false).await
}

async fn request_reschedule(State(shared): Sim, Json(body): Json<Map<String, Value>>) -> Response {
    withdraw(&shared, &body, true).await
}

async fn reschedule(State(shared): Sim, Json(body): Json<Map<String, Value>>) -> Response {
    let done = shared.run(|world, now| {
        let (old, booking) = world.person_reschedules(&text(&body, "uid")?, &body, now)?;
        let happening = Happening::Rescheduled { old: Box::new(old), by_person: true };
        let outgoing = world.announce(&happening, &booking, now);
        Ok((booking, outgoing))
    });
    tell(&shared, done).await
}

async fn confirm(State(shared): Sim, Json(body): Json<Map<String, Value>>) -> Response {
    let done = shared.run(|world, now| {
        let booking = world.accept(&text(&body, "uid")?, now)?;
        let outgoing = world.announce(&Happening::Confirmed, &booking, now);
        Ok((booking, outgoing))
    });
    tell(&shared, done).await
}

async fn decline(State(shared): Sim, Json(body): Json<Map<String, Value>>) -> Response {
    let done = shared.run(|world, now| {
        let reason = text(&body, "reason").unwrap_or_default();
        let booking = world.reject(&text(&body, "uid")?, &reason, now)?;
        let outgoing = world.announce(&Happening::Rejected, &booking, now);
        Ok((booking, outgoing))
    });
    tell(&shared, done).await
}

async fn move_location(State(shared): Sim, Json(body): Json<Map<String, Value>>) -> Response {
    answer(shared.run(|world, now| {
        let (uid, location) = (text(&body, "uid")?, text(&body, "location")?);
        let booking = world.person_moves_location(&uid, &location, now)?;
        Ok(world.booking_output(&booking))
    }))
}

fn event_type_id(body: &Map<String, Value>) -> Answer<i64> {
    let id = ["eventTypeId", "id"].iter().find_map(|name| body.get(*name).and_then(Value::as_i64));
    id.ok_or_else(|| ApiError::bad_request("`eventTypeId` is missing"))
}

/// Changes stand beside the id or under `changes`.
async fn edit_event_type(State(shared): Sim, Json(body): Json<Map<String, Value>>) -> Response {
    answer(shared.run(|world, _| {
        let id = event_type_id(&body)?;
        let changes = body.get("changes").and_then(Value::as_object).unwrap_or(&body);
        world.edit_event_type(id, changes)
    }))
}

async fn delete_event_type(State(shared): Sim, Json(body): Json<Map<String, Value>>) -> Response {
    answer(shared.run(|world, _| world.remove_event_type(event_type_id(&body)?)))
}
