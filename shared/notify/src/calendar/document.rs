//! Whole documents.

use icalendar::{Calendar, Property};

use super::event::{Standing, between, event};
use super::{CalendarError, method_of};
use crate::{Invite, Message, Method, Recipient, Reserved, Site};

/// The invite that goes with a message, if one goes with it.
pub(crate) fn invite(
    message: &Message,
    to: &Recipient,
    site: &Site,
) -> Result<Option<Invite>, CalendarError> {
    let Message::Reservation { reserved, news } = message else { return Ok(None) };
    let Some(method) = method_of(news) else { return Ok(None) };
    let (standing, file_name) = match method {
        Method::Request => (Standing::Confirmed, "invite.ics"),
        Method::Cancel => (Standing::Cancelled, "cancel.ics"),
    };
    let mut calendar = blank(method.word());
    calendar.push(between(event(reserved, standing, site), to, site));
    Ok(Some(Invite { method, ics: written(&calendar)?, file_name }))
}

/// One reservation as an entry of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The reservation, as its reader is told of it.
    pub reserved: Reserved,
    /// How it stands.
    pub standing: Standing,
}

/// A calendar to subscribe to. What is cancelled stays in it as cancelled, because a reader may
/// keep what merely is no longer there; for how long is up to whoever gives the entries. Whoever
/// subscribes is asked to look again each hour.
pub fn feed(entries: &[Entry], site: &Site) -> Result<String, CalendarError> {
    let mut calendar = blank("PUBLISH");
    let interval =
        Property::new("REFRESH-INTERVAL", "PT1H").add_parameter("VALUE", "DURATION").done();
    calendar
        .append_property(interval)
        .append_property(Property::new("X-PUBLISHED-TTL", "PT1H"))
        .append_property(Property::new("X-WR-CALNAME", site.name.as_str()));
    for Entry { reserved, standing } in entries {
        calendar.push(event(reserved, *standing, site));
    }
    written(&calendar)
}

/// One reservation as a document to download.
pub(super) fn single(
    reserved: &Reserved,
    standing: Standing,
    site: &Site,
) -> Result<String, CalendarError> {
    let mut calendar = blank("PUBLISH");
    calendar.push(event(reserved, standing, site));
    written(&calendar)
}

fn blank(method: &str) -> Calendar {
    let properties = [
        ("VERSION", "2.0"),
        ("PRODID", "-//Interlock//Interlock//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", method),
    ];
    let mut calendar = Calendar::empty();
    for (key, value) in properties {
        calendar.append_property(Property::new(key, value));
    }
    calendar
}

fn written(calendar: &Calendar) -> Result<String, CalendarError> {
    calendar.try_into().map_err(|_| CalendarError)
}
