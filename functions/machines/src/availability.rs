//! Lists the free slots of a machine or host, each with the gate's word for the caller.

use interlock_app::{App, AvailabilityRequest, Rate, Uncounted, availability};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{EventTypeId, Interval, Role};

/// `GET /api/machines/{machineId}/availability`, `…/hosts/{hostId}/…` (S0-065).
pub const ROUTE: Route =
    Route::get("machines.availability", "/api/machines/{machineId}/availability")
        .twin("/api/hosts/{hostId}/availability")
        .allow(Role::Member)
        .query(&["start", "end", "timeZone", "eventTypeId"])
        .limited(RATE, Uncounted::Passes)
        .reads(crate::prefetch::judging);
/// Sixty a minute (RELIABILITY L2).
const RATE: Rate = Rate::new("availability", 60, 1);

/// 200 with the slots; 503 if Cal.com does not answer and nothing older is known.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let (start, end) = (call.required_instant("start")?, call.required_instant("end")?);
    let range = Interval::new(start, end)
        .map_err(|_| Problem::parameter("end", "not_after_start", "it must lie after `start`"))?;
    let request = AvailabilityRequest {
        resource_id: call.resource_id()?,
        range,
        event_type_id: event_type_id(&call)?,
        time_zone: call.zone("timeZone")?,
    };
    let snapshot = call.take_snapshot();
    let mut found = availability(&app, snapshot, call.caller_id()?, &request).await?;
    for slot in &mut found.slots {
        call.language().tell(&mut slot.reasons);
    }
    Ok(Reply::ok(&found))
}

fn event_type_id(call: &Call) -> Result<Option<EventTypeId>, Problem> {
    let malformed = |_| Problem::parameter("eventTypeId", "malformed", "a whole number is wanted");
    let text = call.query_param("eventTypeId");
    text.map(|text| text.parse().map(EventTypeId).map_err(malformed)).transpose()
}
