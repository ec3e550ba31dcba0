//! A reservation as a calendar is told of it.

use interlock_notify::{
    CalendarLinks, Entry, Line, Reserved, Side, Standing, Text, calendar_links,
};
use interlock_policy::ZoneName;

use crate::model::{Guide, Reservation, Resource, State};
use crate::ports::store::Stored;
use crate::{App, AppError};

/// The entry of a reservation; `None` where no calendar was or is to be told: it is not certain
/// yet (promise R5), or nothing ever came of it. The time that stands is told, not the one it is
/// being moved to.
pub(super) fn entry(
    stored: Stored<Reservation>,
    side: Side,
    zone: &ZoneName,
    guide: &Guide,
) -> Option<Entry> {
    let Stored { value: reservation, version } = stored;
    let standing = standing(&reservation.state)?;
    let reserved = Reserved {
        id: reservation.id,
        version,
        written_at: reservation.updated_at,
        side,
        resource_id: reservation.resource_id,
        resource: Line::of(&reservation.resource_name),
        resource_zone: zone.clone(),
        title: Line::default(),
        holder: Line::default(),
        interval: reservation.interval,
        description: Text::of(&guide.description),
        bring: Text::of(&guide.bring),
        place: Line::of(&guide.place),
    };
    Some(Entry { reserved, standing })
}

fn standing(state: &State) -> Option<Standing> {
    match state {
        State::Confirmed { .. } | State::Moving { .. } | State::Completed => {
            Some(Standing::Confirmed)
        }
        State::Awaiting { .. } => Some(Standing::Tentative),
        State::Cancelling { .. } | State::Cancelled { .. } => Some(Standing::Cancelled),
        State::Pending { .. } | State::Failed { .. } => None,
    }
}

/// Links that put a reservation into its holder's own calendar; `None` unless it stands or waits.
pub async fn calendar_links_of(
    app: &App,
    stored: Stored<Reservation>,
    zone: &ZoneName,
) -> Result<Option<CalendarLinks>, AppError> {
    match standing(&stored.value.state) {
        Some(Standing::Confirmed | Standing::Tentative) => {}
        Some(Standing::Cancelled) | None => return Ok(None),
    }
    let resource = app.find::<Resource>(&Resource::key_of(&stored.value.resource_id)).await?;
    let guide = resource.map(|found| found.value.guide).unwrap_or_default();
    let found = entry(stored, Side::Holder, zone, &guide);
    let links = found.map(|Entry { reserved, standing }| {
        calendar_links(&reserved, standing, &app.settings.app_origin)
    });
    links.transpose().map_err(|error| AppError::internal(error.to_string()))
}
