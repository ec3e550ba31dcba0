//! From an admitted request to the operation it asks for.
//! Old-version answers are chosen here and nowhere else.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::flow;
use super::reply::Reply;
use super::shared::Shared;
use crate::core::api_error::{Answer, ApiError};
use crate::core::create_checks::{has_version, refuse_as_old_version};
use crate::core::faults::CallFault;
use crate::core::request::{ApiRequest, Caller};
use crate::core::route::{BookingCall, Crud, Route};
use crate::core::world::World;

/// One admitted call.
pub(crate) struct Call {
    pub(crate) route: Route,
    pub(crate) caller: Caller,
    pub(crate) request: ApiRequest,
    /// What goes wrong with it, for reads that answer something else then.
    pub(crate) fault: Option<CallFault>,
}

/// What the framework says when no route matches.
pub(crate) fn no_route(request: &ApiRequest) -> ApiError {
    ApiError::not_found(format!("Cannot {} {}", request.method, request.target))
}

/// Whether a route exists in the version that the request will be served with.
pub(crate) fn exists(route: &Route, request: &ApiRequest) -> bool {
    if has_version(route.resource(), request) {
        return true;
    }
    match route {
        Route::SlotsList | Route::Hold(_) => false,
        Route::Booking(call) => {
            matches!(call, BookingCall::Create | BookingCall::List | BookingCall::Get(_))
        }
        Route::Health
        | Route::MeGet
        | Route::EventType(_)
        | Route::Schedule(_)
        | Route::ScheduleDefault
        | Route::Webhook(..) => true,
    }
}

fn done() -> Reply {
    Reply::json(200, json!({ "status": "success" }))
}

/// Runs an admitted call.
pub(crate) async fn dispatch(shared: &Arc<Shared>, call: &Call) -> Answer<Reply> {
    let (caller, request) = (call.caller, &call.request);
    let new = has_version(call.route.resource(), request);
    match &call.route {
        Route::Health => Ok(Reply::text_ok()),
        Route::MeGet => shared.run(|world, _| Ok(Reply::success(200, &me(world, caller)))),
        Route::SlotsList => shared.run(|world, now| {
            // The original puts `data` first here.
            let data = world.list_slots(request, now)?;
            Ok(Reply::json(200, json!({ "data": data, "status": "success" })))
        }),
        Route::Hold(one) => shared.run(|world, now| hold(world, one, call, now)),
        Route::Booking(one) => booking(shared, one, call, new).await,
        Route::EventType(one) => shared.run(|world, _| event_type(world, one, call, new)),
        Route::Schedule(one) => shared.run(|world, _| schedule(world, one, call, new)),
        Route::ScheduleDefault => {
            shared.run(|world, _| Ok(Reply::success(200, &world.default_schedule(caller))))
        }
        Route::Webhook(owner, one) => {
            shared.run(|world, now| webhook(world, *owner, one, call, now))
        }
    }
}

async fn booking(shared: &Arc<Shared>, one: &BookingCall, call: &Call, new: bool) -> Answer<Reply> {
    let Call { caller, request, fault, .. } = call;
    let (caller, stale) = (*caller, *fault == Some(CallFault::StaleRead));
    let (status, data) = match one {
        BookingCall::Create if !new => return Err(refuse_as_old_version(request)),
        BookingCall::Create => (201, flow::create(shared, caller, request).await?),
        BookingCall::Reschedule(uid) => (201, flow::reschedule(shared, uid, request).await?),
        BookingCall::Cancel(uid) => (200, flow::cancel(shared, caller, uid, request).await?),
        BookingCall::Confirm(uid) => (200, flow::confirm(shared, caller, uid).await?),
        BookingCall::Decline(uid) => (200, flow::decline(shared, caller, uid, request).await?),
        BookingCall::List if !new => {
            (200, shared.run(|world, _| Ok(world.legacy_bookings(caller)))?)
        }
        BookingCall::List => {
            return shared.run(|world, now| {
                let (mut data, pages) = world.list_bookings(caller, request, now, stale)?;
                disorder(&mut data, *fault);
                let body = json!({ "status": "success", "data": data, "pagination": pages });
                Ok(Reply::json(200, body))
            });
        }
        BookingCall::Get(uid) => {
            let data = shared.run(|world, _| {
                let found = world.read_booking(uid, stale)?;
                Ok(if new { world.booking_output(found) } else { world.legacy_booking(found) })
            })?;
            (200, data)
        }
    };
    Ok(Reply::success(status, &data))
}

/// Spoils a page as a moving list would.
fn disorder(data: &mut Value, fault: Option<CallFault>) {
    let Some(rows) = data.as_array_mut().filter(|rows| !rows.is_empty()) else { return };
    if fault == Some(CallFault::PageShift) {
        rows.remove(0);
    }
    if fault == Some(CallFault::DuplicateRows) {
        rows.extend(rows.last().cloned());
    }
}

fn me(world: &World, caller: Caller) -> Value {
    caller.account_id.and_then(|id| world.account(id)).map_or(Value::Null, |one| {
        json!({
            "id": one.id, "email": one.email, "name": one.name, "avatarUrl": null, "bio": null,
            "timeFormat": 12, "defaultScheduleId": one.default_schedule_id, "weekStart": "Monday",
            "timeZone": one.time_zone, "username": one.username, "organizationId": null
        })
    })
}

fn hold(world: &mut World, one: &Crud<String>, call: &Call, now: Timestamp) -> Answer<Reply> {
    let (caller, request) = (call.caller, &call.request);
    Ok(match one {
        Crud::Create => Reply::success(201, &world.create_hold(caller, request, now)?),
        Crud::List => return Err(no_route(request)),
        Crud::Get(uid) => Reply::success(200, &world.read_hold(uid)),
        Crud::Update(uid) => Reply::success(200, &world.update_hold(caller, uid, request, now)?),
        Crud::Delete(uid) => {
            world.delete_hold(uid);
            done()
        }
    })
}

fn event_type(world: &mut World, one: &Crud<i64>, call: &Call, new: bool) -> Answer<Reply> {
    let (caller, request) = (call.caller, &call.request);
    let data = match one {
        Crud::Create => {
            return Ok(Reply::success(201, &world.create_event_type(caller, request)?));
        }
        Crud::List if !new => world.legacy_event_types(caller),
        Crud::List => {
            let found = world.list_event_types(caller, request).into_iter().cloned();
            found.map(Value::Object).collect()
        }
        Crud::Get(id) => Value::Object(world.own_event_type(caller, *id)?.fields.clone()),
        Crud::Update(id) => world.update_event_type(caller, *id, request)?,
        Crud::Delete(id) => world.delete_event_type(caller, *id)?,
    };
    Ok(Reply::success(200, &data))
}

fn schedule(world: &mut World, one: &Crud<i64>, call: &Call, new: bool) -> Answer<Reply> {
    let (caller, request) = (call.caller, &call.request);
    let data = match one {
        Crud::Create => return Ok(Reply::success(201, &world.create_schedule(caller, request)?)),
        Crud::List if !new => world.legacy_schedules(caller),
        Crud::List => world.list_schedules(caller),
        Crud::Get(id) => world.read_schedule(caller, *id)?,
        Crud::Update(id) => world.update_schedule(caller, *id, request)?,
        Crud::Delete(id) => {
            world.delete_schedule(caller, *id)?;
            return Ok(done());
        }
    };
    Ok(Reply::success(200, &data))
}

fn webhook(
    world: &mut World,
    owner: Option<i64>,
    one: &Crud<String>,
    call: &Call,
    now: Timestamp,
) -> Answer<Reply> {
    let (caller, request) = (call.caller, &call.request);
    let data = match one {
        Crud::Create => {
            let data = world.create_webhook(caller, owner, request, now)?;
            return Ok(Reply::success(201, &data));
        }
        Crud::List => world.list_webhooks(caller, owner, request),
        Crud::Get(id) => world.read_webhook(caller, id)?,
        Crud::Update(id) => world.update_webhook(caller, id, request)?,
        Crud::Delete(id) => world.delete_webhook(caller, id)?,
    };
    Ok(Reply::success(200, &data))
}
