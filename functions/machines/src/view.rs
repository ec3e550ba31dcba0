//! How a machine or host is shown; its credential and its calendar's name never are.

use interlock_app::model::{EventTypeEntry, Guide, Outage, Resource};
use interlock_http::Call;
use interlock_policy::{EventTypeId, OutageId, ResourceId, ResourceKind, ShownPolicy, ZoneName};
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
    #[serde(flatten)]
    guide: &'a Guide,
    active: bool,
    time_zone: &'a ZoneName,
    event_types: Vec<EventTypeView<'a>>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    four_eyes: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outages: Vec<OutageView<'a>>,
}

/// An outage as members see it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OutageView<'a> {
    id: &'a OutageId,
    starts_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    ends_at: Option<Timestamp>,
    reason: &'a str,
}

impl<'a> From<&'a Outage> for OutageView<'a> {
    fn from(outage: &'a Outage) -> Self {
        let Outage { id, starts_at, ends_at, reason, .. } = outage;
        Self { id, starts_at: *starts_at, ends_at: *ends_at, reason }
    }
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
        let outages = resource.outages.iter().filter(|outage| !outage.is_over(now));
        Self {
            id: &resource.id,
            kind: resource.id.kind(),
            name: &resource.name,
            category: &resource.category,
            guide: &resource.guide,
            active: resource.active,
            time_zone: &resource.in_force(now).time_zone,
            event_types: resource.event_types.iter().map(EventTypeView::from).collect(),
            four_eyes: resource.four_eyes,
            outages: outages.map(OutageView::from).collect(),
        }
    }
}

/// `{machine:{…}}` or `{host:{…}}`, by what it is, as it is at an instant.
pub(crate) fn body(resource: &Resource, now: Timestamp) -> Value {
    named(resource, &json!(ResourceView::of(resource, now)))
}

/// The same with the rules as they concern somebody.
pub(crate) fn body_with(resource: &Resource, rules: &ShownPolicy, now: Timestamp) -> Value {
    named(resource, &json!(WithRules { resource: ResourceView::of(resource, now), rules }))
}

#[derive(Serialize)]
struct WithRules<'a> {
    #[serde(flatten)]
    resource: ResourceView<'a>,
    rules: &'a ShownPolicy,
}

fn named(resource: &Resource, view: &Value) -> Value {
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
