//! The routes of the API that the stand-in serves, and the version each resource demands.
//! A missing or foreign version means 2024-04-15, silently, as in the original (CONTRACT 2.1).

/// The five calls of a collection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Crud<Id> {
    Create,
    List,
    Get(Id),
    Update(Id),
    Delete(Id),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BookingCall {
    Create,
    List,
    Get(String),
    Cancel(String),
    Reschedule(String),
    Confirm(String),
    Decline(String),
}

/// What a request is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    Health,
    MeGet,
    SlotsList,
    Hold(Crud<String>),
    Booking(BookingCall),
    EventType(Crud<i64>),
    Schedule(Crud<i64>),
    ScheduleDefault,
    /// Webhooks of the user, or of one event type.
    Webhook(Option<i64>, Crud<String>),
}

/// The group of routes that shares one version value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

impl<Id: std::str::FromStr> Crud<Id> {
    fn find(method: &str, rest: &[&str]) -> Option<Self> {
        let id = |text: &&str| text.parse().ok();
        match (method, rest) {
            ("POST", []) => Some(Self::Create),
            ("GET", []) => Some(Self::List),
            ("GET", [one]) => id(one).map(Self::Get),
            ("PATCH", [one]) => id(one).map(Self::Update),
            ("DELETE", [one]) => id(one).map(Self::Delete),
            _ => None,
        }
    }
}

impl<Id> Crud<Id> {
    fn name(&self, names: [&'static str; 5]) -> &'static str {
        let [create, list, get, update, delete] = names;
        match self {
            Self::Create => create,
            Self::List => list,
            Self::Get(_) => get,
            Self::Update(_) => update,
            Self::Delete(_) => delete,
        }
    }
}

impl BookingCall {
    fn find(method: &str, rest: &[&str]) -> Option<Self> {
        match (method, rest) {
            ("POST", []) => Some(Self::Create),
            ("GET", []) => Some(Self::List),
            ("GET", [uid]) => Some(Self::Get((*uid).to_owned())),
            ("POST", [uid, "cancel"]) => Some(Self::Cancel((*uid).to_owned())),
            ("POST", [uid, "reschedule"]) => Some(Self::Reschedule((*uid).to_owned())),
            ("POST", [uid, "confirm"]) => Some(Self::Confirm((*uid).to_owned())),
            ("POST", [uid, "decline"]) => Some(Self::Decline((*uid).to_owned())),
            _ => None,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Create => "bookings.create",
            Self::List => "bookings.list",
            Self::Get(_) => "bookings.get",
            Self::Cancel(_) => "bookings.cancel",
            Self::Reschedule(_) => "bookings.reschedule",
            Self::Confirm(_) => "bookings.confirm",
            Self::Decline(_) => "bookings.decline",
        }
    }

    fn access(&self) -> Access {
        match self {
            Self::Create | Self::Get(_) | Self::Cancel(_) | Self::Reschedule(_) => Access::Optional,
            Self::List | Self::Confirm(_) | Self::Decline(_) => Access::Guarded,
        }
    }
}

fn hold(method: &str, rest: &[&str]) -> Option<Route> {
    // There is no list of holds.
    Crud::find(method, rest).filter(|call| *call != Crud::List).map(Route::Hold)
}

impl Route {
    /// The route of a method and a path without its query; `None` is 404.
    pub(crate) fn find(method: &str, path: &str) -> Option<Self> {
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            ["health"] if method == "GET" => Some(Self::Health),
            ["v2", "me"] if method == "GET" => Some(Self::MeGet),
            ["v2", "slots"] if method == "GET" => Some(Self::SlotsList),
            ["v2", "slots", "reservations", rest @ ..] => hold(method, rest),
            ["v2", "bookings", rest @ ..] => BookingCall::find(method, rest).map(Self::Booking),
            ["v2", "event-types", id, "webhooks", rest @ ..] => {
                let owner = id.parse().ok()?;
                Crud::find(method, rest).map(|call| Self::Webhook(Some(owner), call))
            }
            ["v2", "event-types", rest @ ..] => Crud::find(method, rest).map(Self::EventType),
            ["v2", "schedules", "default"] if method == "GET" => Some(Self::ScheduleDefault),
            ["v2", "schedules", rest @ ..] => Crud::find(method, rest).map(Self::Schedule),
            ["v2", "webhooks", rest @ ..] => {
                Crud::find(method, rest).map(|call| Self::Webhook(None, call))
            }
            _ => None,
        }
    }

    /// The name in fault rules and in the journal.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Health => "health",
            Self::MeGet => "me.get",
            Self::SlotsList => "slots.list",
            Self::Hold(call) => call.name([
                "holds.create",
                "holds.list",
                "holds.get",
                "holds.update",
                "holds.delete",
            ]),
            Self::Booking(call) => call.name(),
            Self::EventType(call) => call.name([
                "event_types.create",
                "event_types.list",
                "event_types.get",
                "event_types.update",
                "event_types.delete",
            ]),
            Self::Schedule(call) => call.name([
                "schedules.create",
                "schedules.list",
                "schedules.get",
                "schedules.update",
                "schedules.delete",
            ]),
            Self::ScheduleDefault => "schedules.default",
            Self::Webhook(_, call) => call.name([
                "webhooks.create",
                "webhooks.list",
                "webhooks.get",
                "webhooks.update",
                "webhooks.delete",
            ]),
        }
    }

    pub(crate) fn resource(&self) -> Resource {
        match self {
            Self::SlotsList | Self::Hold(_) => Resource::Slots,
            Self::Booking(_) => Resource::Bookings,
            Self::EventType(_) => Resource::EventTypes,
            Self::Schedule(_) | Self::ScheduleDefault => Resource::Schedules,
            Self::Health | Self::MeGet | Self::Webhook(..) => Resource::Other,
        }
    }

    pub(crate) fn access(&self) -> Access {
        match self {
            Self::Hold(Crud::Create) | Self::EventType(Crud::List) => Access::Optional,
            Self::Health | Self::SlotsList | Self::Hold(_) => Access::Open,
            Self::Booking(call) => call.access(),
            Self::EventType(_) => Access::Guarded,
            Self::MeGet | Self::Schedule(_) | Self::ScheduleDefault | Self::Webhook(..) => {
                Access::Required
            }
        }
    }
}
