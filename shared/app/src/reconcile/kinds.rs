//! Whether the kinds at Cal.com still are what they were when a resource was mapped
//! (RELIABILITY 3.5, last paragraph).

use interlock_policy::{ResourceId, ResourceKind};

use super::note::{Difference, Sides, close, note};
use super::pass::{Flow, Pace};
use crate::model::{Closed, EventTypeEntry, Finding, FindingClass, FindingState, Place, Resource};
use crate::ports::scheduler::EventType;
use crate::ports::store::{Stored, Transaction};
use crate::resources::{entry, unfit};
use crate::{Act, App, AppError};

/// Checks every mapped resource after the place of the checkpoint, by id.
pub(super) async fn run(
    app: &App,
    pace: &mut Pace,
    act: &Act,
    resources: &[Resource],
) -> Result<Flow, AppError> {
    let Some(Place::Kinds { after }) = pace.checkpoint.place.clone() else {
        return Ok(Flow::Done);
    };
    let mut ids: Vec<&ResourceId> = resources.iter().map(|resource| &resource.id).collect();
    ids.sort_unstable();
    for id in ids.into_iter().filter(|id| after.as_ref().is_none_or(|after| *id > after)) {
        if !pace.has_time(app) {
            return Ok(Flow::Later);
        }
        let part = check(app, pace, act, id).await;
        pace.tally.go_on(part);
        pace.checkpoint.place = Some(Place::Kinds { after: Some(id.clone()) });
        if !pace.save(app).await? {
            return Ok(Flow::Overtaken);
        }
    }
    Ok(Flow::Done)
}

/// Reads the kinds of one resource, writes what follows, and notes or closes its finding. What
/// was changed by somebody else meanwhile is left to the next night.
async fn check(app: &App, pace: &mut Pace, act: &Act, id: &ResourceId) -> Result<(), AppError> {
    let key = Resource::key_of(id);
    let Some(stored) = app.find::<Resource>(&key).await? else { return Ok(()) };
    let Some(account) = stored.value.cal_account.clone() else { return Ok(()) };
    let known = app.scheduler.event_types(&account).await?;
    let (entries, faults) = judged(&stored.value, &known);
    let broken = !faults.is_empty();
    if !write(app, act, &stored, (entries, faults.clone())).await? {
        return Ok(());
    }
    if broken {
        let difference = Difference {
            class: FindingClass::MappingBroken,
            action: "closed_for_booking",
            reservation_id: None,
            sides: Sides { ours: None, theirs: None },
        };
        tracing::warn!(resource.id = %id, ?faults, "the mapping of a resource is broken");
        return note(app, &mut pace.tally, &difference, (id, id.as_str())).await;
    }
    match stored.value.closed {
        Some(_) => whole_again(app, id).await,
        None => Ok(()),
    }
}

/// The kinds as they shall be kept, and what is wrong with them. A machine is what was agreed, so
/// any change closes it; a host arranges the kinds himself, so they are followed, and only what
/// the protocol cannot keep its word on closes him.
fn judged(resource: &Resource, known: &[EventType]) -> (Vec<EventTypeEntry>, Vec<String>) {
    let mut faults = Vec::new();
    for own in &resource.event_types {
        match known.iter().find(|kind| kind.id == own.id) {
            Some(kind) => faults.extend(of_kind(resource.id.kind(), own, kind)),
            None if resource.id.kind() == ResourceKind::Machine => {
                faults.push(format!("{}:vanished", own.id));
            }
            None => {}
        }
    }
    match resource.id.kind() {
        ResourceKind::Machine => (resource.event_types.clone(), faults),
        ResourceKind::Host => {
            let entries = followed(&resource.event_types, known);
            if entries.is_empty() {
                faults.push("none:vanished".to_owned());
                return (resource.event_types.clone(), faults);
            }
            (entries, faults)
        }
    }
}

fn of_kind(of: ResourceKind, own: &EventTypeEntry, kind: &EventType) -> Vec<String> {
    let mut faults: Vec<String> =
        unfit(kind, "").iter().map(|fault| format!("{}:{}", own.id, fault.code)).collect();
    if of == ResourceKind::Machine {
        let buffers = (kind.before_buffer_minutes, kind.after_buffer_minutes);
        if kind.length_minutes != own.duration_minutes {
            faults.push(format!("{}:length_changed", own.id));
        }
        if buffers != (own.before_buffer_minutes, own.after_buffer_minutes) {
            faults.push(format!("{}:buffers_changed", own.id));
        }
    }
    faults
}

/// A host's kinds as Cal.com has them: those offered already, and new ones we can keep our word
/// on. The default stays while it exists.
fn followed(own: &[EventTypeEntry], known: &[EventType]) -> Vec<EventTypeEntry> {
    let offered = |kind: &&EventType| {
        own.iter().any(|entry| entry.id == kind.id) || unfit(kind, "").is_empty()
    };
    let default = own.iter().find(|entry| entry.default).map(|entry| entry.id);
    let kept = known.iter().any(|kind| Some(kind.id) == default);
    let mut entries: Vec<EventTypeEntry> =
        known.iter().filter(offered).map(|kind| entry(kind, Some(kind.id) == default)).collect();
    entries.sort_by_key(|entry| {
        let place = own.iter().position(|before| before.id == entry.id);
        (place.unwrap_or(usize::MAX), entry.id)
    });
    if !kept && let Some(first) = entries.first_mut() {
        first.default = true;
    }
    entries
}

/// Writes what changed; `false` if somebody else changed the resource first.
async fn write(
    app: &App,
    act: &Act,
    stored: &Stored<Resource>,
    (entries, faults): (Vec<EventTypeEntry>, Vec<String>),
) -> Result<bool, AppError> {
    let now = app.now();
    let mut after = stored.value.clone();
    after.event_types = entries;
    after.closed = match (faults.is_empty(), after.closed) {
        (true, _) => None,
        (false, Some(closed)) => Some(Closed { faults, ..closed }),
        (false, None) => Some(Closed { since: now, faults }),
    };
    if after == stored.value {
        return Ok(true);
    }
    after.updated_at = now;
    let detail = serde_json::json!({
        "closed": after.closed,
        "eventTypes": after.event_types,
    });
    let audit = act.audit(now, "resource.kinds", &after.id, detail);
    let transaction = Transaction::new().replace(&after, stored.version)?.put(&audit)?;
    app.commits(&transaction).await
}

/// The finding of a resource that is whole again waits for nobody.
async fn whole_again(app: &App, id: &ResourceId) -> Result<(), AppError> {
    let id = Finding::id_of(FindingClass::MappingBroken, id.as_str())
        .ok_or_else(|| AppError::internal("a finding has no id"))?;
    let key = Finding::key_of(&id);
    match app.find::<Finding>(&key).await? {
        Some(stored) if stored.value.state == FindingState::Open => {
            close(app, stored, (None, "whole")).await
        }
        Some(_) | None => Ok(()),
    }
}
