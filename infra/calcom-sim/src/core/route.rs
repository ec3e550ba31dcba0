//! The routes of the API that the stand-in serves, and the version each resource demands.
//! A missing or foreign version means 2024-04-15, silently, as in the original (CONTRACT 2.1).

use serde::Serialize;

/// What a request is for; the names are those of fault rules and of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Health,
    MeGet,
    SlotsList,
    HoldsCreate,
    HoldsGet(String),
    HoldsUpdate(String),
    HoldsDelete(String),
    BookingsCreate,
    BookingsList,
    BookingsGet(String),
    BookingsCancel(String),
    BookingsReschedule(String),
    BookingsConfirm(String),
    BookingsDecline(String),
    EventTypesCreate,
    EventTypesList,
    EventTypesGet(i64),
    EventTypesUpdate(i64),
    EventTypesDelete(i64),
    SchedulesCreate,
    SchedulesList,
    SchedulesDefault,
    SchedulesGet(i64),
    SchedulesUpdate(i64),
    SchedulesDelete(i64),
    WebhooksCreate(Option<i64>),
    WebhooksList(Option<i64>),
    WebhooksGet(Option<i64>, String),
    WebhooksUpdate(Option<i64>, String),
    WebhooksDelete(Option<i64>, String),
}

/// The group of routes that shares one version value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum Resource {
    Slots,
    Bookings,
    EventTypes,
    Schedules,
    Other,
}

impl Resource {
    /// The header value this resource needs; `None` where any will do.
    pub(crate) fn version(self) -> Option<&'static str> {
        match self {
            Self::Slots => Some("2024-09-04"),
            Self::Bookings => Some("2024-08-13"),
            Self::EventTypes => Some("2024-06-14"),
            Self::Schedules => Some("2024-06-11"),
            Self::Other => None,
        }
    }
}

/// Who may call without credentials, and who speaks first when they are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Credentials are not looked at.
    Open,
    /// None is fine, wrong ones are refused.
    Optional,
    /// Required; the authentication strategy answers 401.
    Required,
    /// Required with a permission list; the permissions guard answers 403.
    Guarded,
}

fn webhook_route(method: &str, owner: Option<i64>, rest: &[&str]) -> Option<Route> {
    match (method, rest) {
        ("POST", []) => Some(Route::WebhooksCreate(owner)),
        ("GET", []) => Some(Route::WebhooksList(owner)),
        ("GET", [id]) => Some(Route::WebhooksGet(owner, (*id).to_owned())),
        ("PATCH", [id]) => Some(Route::WebhooksUpdate(owner, (*id).to_owned())),
        ("DELETE", [id]) => Some(Route::WebhooksDelete(owner, (*id).to_owned())),
        _ => None,
    }
}

fn slot_route(method: &str, rest: &[&str]) -> Option<Route> {
    match (method, rest) {
        ("GET", []) => Some(Route::SlotsList),
        ("POST", ["reservations"]) => Some(Route::HoldsCreate),
        ("GET", ["reservations", uid]) => Some(Route::HoldsGet((*uid).to_owned())),
        ("PATCH", ["reservations", uid]) => Some(Route::HoldsUpdate((*uid).to_owned())),
        ("DELETE", ["reservations", uid]) => Some(Route::HoldsDelete((*uid).to_owned())),
        _ => None,
    }
}

fn booking_route(method: &str, rest: &[&str]) -> Option<Route> {
    match (method, rest) {
        ("POST", []) => Some(Route::BookingsCreate),
        ("GET", []) => Some(Route::BookingsList),
        ("GET", [uid]) => Some(Route::BookingsGet((*uid).to_owned())),
        ("POST", [uid, "cancel"]) => Some(Route::BookingsCancel((*uid).to_owned())),
        ("POST", [uid, "reschedule"]) => Some(Route::BookingsReschedule((*uid).to_owned())),
        ("POST", [uid, "confirm"]) => Some(Route::BookingsConfirm((*uid).to_owned())),
        ("POST", [uid, "decline"]) => Some(Route::BookingsDecline((*uid).to_owned())),
        _ => None,
    }
}

fn event_type_route(method: &str, rest: &[&str]) -> Option<Route> {
    match (method, rest) {
        ("POST", []) => Some(Route::EventTypesCreate),
        ("GET", []) => Some(Route::EventTypesList),
        ("GET", [id]) => id.parse().ok().map(Route::EventTypesGet),
        ("PATCH", [id]) => id.parse().ok().map(Route::EventTypesUpdate),
        ("DELETE", [id]) => id.parse().ok().map(Route::EventTypesDelete),
        (_, [id, "webhooks", rest @ ..]) => webhook_route(method, Some(id.parse().ok()?), rest),
        _ => None,
    }
}

fn schedule_route(method: &str, rest: &[&str]) -> Option<Route> {
    match (method, rest) {
        ("POST", []) => Some(Route::SchedulesCreate),
        ("GET", []) => Some(Route::SchedulesList),
        ("GET", ["default"]) => Some(Route::SchedulesDefault),
        ("GET", [id]) => id.parse().ok().map(Route::SchedulesGet),
        ("PATCH", [id]) => id.parse().ok().map(Route::SchedulesUpdate),
        ("DELETE", [id]) => id.parse().ok().map(Route::SchedulesDelete),
        _ => None,
    }
}

impl Route {
    /// The route of a method and a path without its query; `None` is 404.
    pub(crate) fn find(method: &str, path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            ["health"] if method == "GET" => Some(Self::Health),
            ["v2", "me"] if method == "GET" => Some(Self::MeGet),
            ["v2", "slots", rest @ ..] => slot_route(method, rest),
            ["v2", "bookings", rest @ ..] => booking_route(method, rest),
            ["v2", "event-types", rest @ ..] => event_type_route(method, rest),
            ["v2", "schedules", rest @ ..] => schedule_route(method, rest),
            ["v2", "webhooks", rest @ ..] => webhook_route(method, None, rest),
            _ => None,
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::MeGet => "me.get",
            Self::SlotsList => "slots.list",
            Self::HoldsCreate => "holds.create",
            Self::HoldsGet(_) => "holds.get",
            Self::HoldsUpdate(_) => "holds.update",
            Self::HoldsDelete(_) => "holds.delete",
            Self::BookingsCreate => "bookings.create",
            Self::BookingsList => "bookings.list",
            Self::BookingsGet(_) => "bookings.get",
            Self::BookingsCancel(_) => "bookings.cancel",
            Self::BookingsReschedule(_) => "bookings.reschedule",
            Self::BookingsConfirm(_) => "bookings.confirm",
            Self::BookingsDecline(_) => "bookings.decline",
            Self::EventTypesCreate => "event_types.create",
            Self::EventTypesList => "event_types.list",
            Self::EventTypesGet(_) => "event_types.get",
            Self::EventTypesUpdate(_) => "event_types.update",
            Self::EventTypesDelete(_) => "event_types.delete",
            Self::SchedulesCreate => "schedules.create",
            Self::SchedulesList | Self::SchedulesDefault => "schedules.list",
            Self::SchedulesGet(_) => "schedules.get",
            Self::SchedulesUpdate(_) => "schedules.update",
            Self::SchedulesDelete(_) => "schedules.delete",
            Self::WebhooksCreate(_) => "webhooks.create",
            Self::WebhooksList(_) => "webhooks.list",
            Self::WebhooksGet(..) => "webhooks.get",
            Self::WebhooksUpdate(..) => "webhooks.update",
            Self::WebhooksDelete(..) => "webhooks.delete",
        }
    }

    pub(crate) fn resource(&self) -> Resource {
        match self.name().split('.').next() {
            Some("slots" | "holds") => Resource::Slots,
            Some("bookings") => Resource::Bookings,
            Some("event_types") => Resource::EventTypes,
            Some("schedules") => Resource::Schedules,
            _ => Resource::Other,
        }
    }

    pub(crate) fn access(&self) -> Access {
        match self.name() {
            "health" | "slots.list" | "holds.get" | "holds.update" | "holds.delete" => Access::Open,
            "holds.create"
            | "bookings.create"
            | "bookings.get"
            | "bookings.cancel"
            | "bookings.reschedule"
            | "event_types.list" => Access::Optional,
            "bookings.list" | "bookings.confirm" | "bookings.decline" | "event_types.get"
            | "event_types.create" | "event_types.update" | "event_types.delete" => Access::Guarded,
            _ => Access::Required,
        }
    }
}
