//! What a change made of each field of a reservation (S3-044).

use interlock_app::model::HistoryEvent;
use serde::Serialize;
use serde_json::Value;

/// One field before and after.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct FieldChange {
    field: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<Value>,
}

/// Every field that changed, by the event and the one before it; of the first event all that it
/// says. Who the holder was is told to staff alone.
pub(crate) fn changes(
    before: Option<&HistoryEvent>,
    event: &HistoryEvent,
    staff: bool,
) -> Vec<FieldChange> {
    let interval = event.interval_before;
    let holder = |event: &HistoryEvent| event.user_id.as_ref().filter(|_| staff).cloned();
    let flags =
        |event: &HistoryEvent| Some(&event.flags).filter(|flags| !flags.is_empty()).cloned();
    let fields = [
        field("status", event.from, Some(event.to)),
        field("start", interval.map(|old| old.start()), Some(event.interval.start())),
        field("end", interval.map(|old| old.end()), Some(event.interval.end())),
        field("holder", before.and_then(holder), holder(event)),
        field("flags", before.and_then(flags), flags(event)),
        field("attendance", before.and_then(|old| old.attendance), event.attendance),
    ];
    fields.into_iter().flatten().collect()
}

fn field<T: PartialEq + Serialize>(
    field: &'static str,
    old: Option<T>,
    new: Option<T>,
) -> Option<FieldChange> {
    if old == new {
        return None;
    }
    let value = |value: Option<T>| value.and_then(|value| serde_json::to_value(value).ok());
    Some(FieldChange { field, old: value(old), new: value(new) })
}
