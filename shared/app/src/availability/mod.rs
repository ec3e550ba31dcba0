//! Free slots of a resource for one member: Cal.com's free time, less what our ledger holds, with
//! the gate's word on each (PRODUCT 8).

mod free;
mod slots;

use interlock_policy::{EventTypeId, Facts, Interval, ResourceId, UserId, ZoneName};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

pub use slots::Slot;

use crate::change::Books;
use crate::eligibility::{Member, eligibility_keys};
use crate::model::Resource;
use crate::reserve::{choose, mapped};
use crate::{App, AppError, Snapshot};

/// Longest range answered (PRODUCT 8).
const LONGEST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// What is asked.
#[derive(Debug, Clone)]
pub struct AvailabilityRequest {
    /// Of what.
    pub resource_id: ResourceId,
    /// Within which time.
    pub range: Interval,
    /// Which kind; absent means the default.
    pub event_type_id: Option<EventTypeId>,
    /// Zone named in the answer; absent means the resource's.
    pub time_zone: Option<ZoneName>,
}

/// What is answered.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Availability {
    /// Zone for presentation; all instants are UTC.
    pub time_zone: ZoneName,
    /// Kind the slots are of.
    pub event_type_id: EventTypeId,
    /// Slots by start.
    pub slots: Vec<Slot>,
    /// Start of the first slot in the range that this member may book; absent if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest_bookable: Option<Timestamp>,
    /// Set when Cal.com did not answer and an older answer was used.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stale: bool,
}

/// Free slots of a resource (S0-065). Taken, held, past and closed ones are left out; one that
/// this member may not book says why.
///
/// Errors: `NotFound`, `EventTypeUnknown`, `Invalid` for the range, `Unavailable` if Cal.com does
/// not answer and nothing older is known.
pub async fn availability(
    app: &App,
    snapshot: Snapshot,
    user_id: &UserId,
    request: &AvailabilityRequest,
) -> Result<Availability, AppError> {
    if request.range.length() > LONGEST {
        return Err(AppError::invalid("end", "range_too_long", "at most 31 days"));
    }
    let keys = eligibility_keys(user_id, &request.resource_id);
    let snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
    let resource = snapshot
        .get::<Resource>(&Resource::key_of(&request.resource_id))?
        .ok_or(AppError::NotFound { what: "resource" })?
        .value;
    let member = Member::from(&snapshot, user_id)?;
    let entry = choose(&resource, request.event_type_id, None)?.clone();
    let time_zone = request.time_zone.clone();
    let time_zone = time_zone.unwrap_or_else(|| resource.in_force(app.now()).time_zone.clone());
    let mut answer = Availability {
        time_zone,
        event_type_id: entry.id,
        slots: Vec::new(),
        nearest_bookable: None,
        stale: false,
    };
    if !resource.active || resource.closed.is_some() {
        return Ok(answer);
    }
    let account = mapped(app, &resource)?;
    let days = request.range.widened(entry.length(), entry.length());
    let mut keys = Books::keys(&account.id, None, &[days]);
    keys.extend(free::week_keys(&account.id, &request.range));
    let snapshot = snapshot.with(app.store.as_ref(), &keys).await?;
    let free = free::free_starts(app, &snapshot, (&account, &entry), &request.range).await?;
    answer.stale = free.stale;
    let now = app.now();
    // Facts are gathered once for all slots: no slot costs a read.
    let (member, of_resource) = (member.facts(&resource, now), resource.facts());
    let facts = Facts { now, member: &member, resource: &of_resource };
    let judge = slots::Judge { facts, policy: resource.in_force(now), entry: &entry };
    let ledger = slots::ledger(&snapshot, &account.id, &days)?;
    answer.slots = judge.slots(&free.starts, &ledger, &request.range);
    answer.nearest_bookable = answer.slots.iter().find(|slot| slot.bookable).map(|slot| slot.start);
    Ok(answer)
}
