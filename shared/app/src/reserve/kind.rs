//! Which of the offered kinds a request means (PRODUCT 8).

use interlock_policy::EventTypeId;

use crate::AppError;
use crate::model::{EventTypeEntry, Resource};

/// The kind a request means: by its number, by its length, or the default.
///
/// Errors: `EventTypeUnknown` for a number not offered; `DurationNotOffered` for a length that no
/// kind or another one has.
pub(crate) fn choose(
    resource: &Resource,
    event_type_id: Option<EventTypeId>,
    duration_minutes: Option<u32>,
) -> Result<&EventTypeEntry, AppError> {
    let not_offered = || AppError::DurationNotOffered {
        offered: resource.event_types.iter().map(|entry| entry.duration_minutes).collect(),
    };
    match (event_type_id, duration_minutes) {
        (Some(id), wanted) => {
            let entry = resource.event_type(id).ok_or(AppError::EventTypeUnknown)?;
            match wanted {
                Some(minutes) if minutes != entry.duration_minutes => Err(not_offered()),
                Some(_) | None => Ok(entry),
            }
        }
        (None, Some(minutes)) => {
            let mut fitting =
                resource.event_types.iter().filter(|entry| entry.duration_minutes == minutes);
            match (fitting.next(), fitting.next()) {
                (Some(entry), None) => Ok(entry),
                (None | Some(_), _) => Err(not_offered()),
            }
        }
        (None, None) => {
            let default = resource.event_types.iter().find(|entry| entry.default);
            default.or(resource.event_types.first()).ok_or_else(not_offered)
        }
    }
}
