//! How a machine or host is shown; its credential and its calendar's name never are.

use interlock_app::model::{EventTypeEntry, Resource};
use interlock_http::Call;
use interlock_policy::{EventTypeId, ResourceId, ResourceKind, ZoneName};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

/// A machine or host (PRODUCT 8).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ResourceView<'a> {
    id: &'a ResourceId,
    kind: ResourceKind,
    name: &'a str,
    category: &'a str,
    active: bool,
    time_zone: &'a ZoneName,
    event_types: Vec<EventTypeView<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    four_eyes: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EventTypeView<'a> {
    id: EventTypeId,
    title: &'a str,
    duration_minutes: u32,
    default: bool,
}

impl<'a> From<&'a EventTypeEntry> for EventTypeView<'a> {
    fn from(entry: &'a EventTypeEntry) -> Self {
        Self {
            id: entry.id,
            title: &entry.title,
            duration_minutes: entry.duration_minutes,
            default: entry.default,
        }
    }
}

impl<'a> ResourceView<'a> {
    fn of(resource: &'a Resource, now: Timestamp) -> Self {
        Self {
            id: &resource.id,
            kind: resource.id.kind(),
            name: &resource.name,
            category: &resource.category,
            active: resource.active,
            time_zone: &resource.in_force(now).time_zone,
            event_types: resource.event_types.iter().map(EventTypeView::from).collect(),
            four_eyes: resource.four_eyes,
        }
    }
}

/// `{machine:{…}}` or `{host:{…}}`, by what it is, as it is at an instant.
pub(crate) fn body(resource: &Resource, now: Timestamp) -> Value {
    let view = json!(ResourceView::of(resource, now));
    match resource.id.kind() {
        ResourceKind::Machine => json!({ "machine": view }),
        ResourceKind::Host => json!({ "host": view }),
    }
}

/// Path of a machine or host.
pub(crate) fn path(id: &ResourceId) -> String {
    match id.kind() {
        ResourceKind::Machine => format!("/api/machines/{id}"),
        ResourceKind::Host => format!("/api/hosts/{id}"),
    }
}

/// Which kind the caller asked under.
pub(crate) fn kind_of(call: &Call) -> ResourceKind {
    if call.path().starts_with("/api/hosts") { ResourceKind::Host } else { ResourceKind::Machine }
}
