//! From an admitted request to the operation it asks for.
//! Old-version answers are chosen here and nowhere else.

use std::sync::Arc;

use serde_json::{Value, json};

use super::flow;
use super::reply::Reply;
use super::shared::Shared;
use crate::core::api_error::{Answer, ApiError};
use crate::core::create_checks::{has_version, refuse_as_old_version, validate_create};
use crate::core::request::{ApiRequest, Caller};
use crate::core::route::Route;

/// One admitted call.
pub(crate) struct Call {
    pub(crate) route: Route,
    pub(crate) caller: Caller,
    pub(crate) request: ApiRequest,
    /// Whether reads answer the state before the last change.
    pub(crate) stale: bool,
}

/// What the framework says when no route matches.
pub(crate) fn no_route(request: &ApiRequest) -> ApiError {
    ApiError::not_found(format!("Cannot {} {}", request.method, request.target))
}

/// Whether a route exists in the version that the request will be served with.
pub(crate) fn exists(route: &Route, request: &ApiRequest) -> bool {
    let old = !has_version(route.resource(), request);
    let only_new = matches!(
        route,
        Route::SlotsList
            | Route::HoldsCreate
            | Route::HoldsGet(_)
            | Route::HoldsUpdate(_)
            | Route::HoldsDelete(_)
            | Route::BookingsCancel(_)
            | Route::BookingsReschedule(_)
            | Route::BookingsConfirm(_)
            | Route::BookingsDecline(_)
    );
    !(old && only_new)
}

/// Runs an admitted call.
pub(crate) async fn dispatch(shared: &Arc<Shared>, call: &Call) -> Answer<Reply> {
    let Call { route, caller, request, .. } = call;
    let new = has_version(route.resource(), request);
    match route {
        Route::BookingsCreate if !new => Err(refuse_as_old_version(request)),
        Route::BookingsCreate => {
            validate_create(request)?;
            let data = flow::create(shared, *caller, request).await?;
            Ok(Reply::success(201, &data))
        }
        Route::BookingsReschedule(uid) => {
            Ok(Reply::success(201, &flow::reschedule(shared, uid, request).await?))
        }
        Route::BookingsCancel(uid) => {
            Ok(Reply::success(200, &flow::cancel(shared, *caller, uid, request).await?))
        }
        Route::BookingsConfirm(uid) => {
            Ok(Reply::success(200, &flow::confirm(shared, *caller, uid).await?))
        }
        Route::BookingsDecline(uid) => {
            Ok(Reply::success(200, &flow::decline(shared, *caller, uid, request).await?))
        }
        _ => read_or_write(shared, call, new),
    }
}

fn read_or_write(shared: &Arc<Shared>, call: &Call, new: bool) -> Answer<Reply> {
    let Call { route, caller, request, stale } = call;
    let (caller, stale) = (*caller, *stale);
    shared.run(|world, now| {
        let data = match route {
            Route::Health => return Ok(Reply::text_ok()),
            Route::MeGet => me(world, caller),
            Route::SlotsList => {
                // The original puts `data` first here.
                let data = world.list_slots(request, now)?;
                return Ok(Reply::json(200, json!({ "data": data, "status": "success" })));
            }
            Route::BookingsList if !new => world.legacy_bookings(caller),
            Route::BookingsList => {
                let (data, pagination) = world.list_bookings(caller, request, now, stale)?;
                let body = json!({ "status": "success", "data": data, "pagination": pagination });
                return Ok(Reply::json(200, body));
            }
            Route::BookingsGet(uid) if !new => {
                world.legacy_booking(world.read_booking(uid, stale)?)
            }
            Route::BookingsGet(uid) => world.booking_output(world.read_booking(uid, stale)?),
            Route::HoldsCreate => {
                return Ok(Reply::success(201, &world.create_hold(caller, request, now)?));
            }
            Route::HoldsGet(uid) => world.read_hold(uid),
            Route::HoldsUpdate(uid) => world.update_hold(caller, uid, request, now)?,
            Route::HoldsDelete(uid) => {
                world.delete_hold(uid);
                return Ok(Reply::json(200, json!({ "status": "success" })));
            }
            _ => return administer(world, call, new, now),
        };
        Ok(Reply::success(200, &data))
    })
}

fn me(world: &crate::core::world::World, caller: Caller) -> Value {
    caller.account_id.and_then(|id| world.account(id)).map_or(Value::Null, |one| {
        json!({
            "id": one.id, "email": one.email, "name": one.name, "avatarUrl": null, "bio": null,
            "timeFormat": 12, "defaultScheduleId": one.default_schedule_id, "weekStart": "Monday",
            "timeZone": one.time_zone, "username": one.username, "organizationId": null
        })
    })
}

/// Event types, schedules and webhooks.
fn administer(
    world: &mut crate::core::world::World,
    call: &Call,
    new: bool,
    now: jiff::Timestamp,
) -> Answer<Reply> {
    let Call { route, caller, request, .. } = call;
    let caller = *caller;
    let data = match route {
        Route::EventTypesCreate => {
            return Ok(Reply::success(201, &world.create_event_type(caller, request)?));
        }
        Route::EventTypesList if !new => world.legacy_event_types(caller),
        Route::EventTypesList => world.list_event_types(caller, request),
        Route::EventTypesGet(id) => {
            Value::Object(world.own_event_type(caller, *id)?.fields.clone())
        }
        Route::EventTypesUpdate(id) => world.update_event_type(caller, *id, request)?,
        Route::EventTypesDelete(id) => world.delete_event_type(caller, *id)?,
        Route::SchedulesCreate => {
            return Ok(Reply::success(201, &world.create_schedule(caller, request)?));
        }
        Route::SchedulesList if !new => world.legacy_schedules(caller),
        Route::SchedulesList => world.list_schedules(caller),
        Route::SchedulesDefault => world.default_schedule(caller),
        Route::SchedulesGet(id) => world.read_schedule(caller, *id)?,
        Route::SchedulesUpdate(id) => world.update_schedule(caller, *id, request)?,
        Route::SchedulesDelete(id) => {
            world.delete_schedule(caller, *id)?;
            return Ok(Reply::json(200, json!({ "status": "success" })));
        }
        Route::WebhooksCreate(owner) => {
            let data = world.create_webhook(caller, *owner, request, now)?;
            return Ok(Reply::success(201, &data));
        }
        Route::WebhooksList(owner) => world.list_webhooks(caller, *owner, request),
        Route::WebhooksGet(_, id) => world.read_webhook(caller, id)?,
        Route::WebhooksUpdate(_, id) => world.update_webhook(caller, id, request)?,
        Route::WebhooksDelete(_, id) => world.delete_webhook(caller, id)?,
        _ => return Err(no_route(request)),
    };
    Ok(Reply::success(200, &data))
}
