//! One reservation as an event.

use icalendar::{Component, Event, Property};
use jiff::Timestamp;

use crate::mail::host_of;
use crate::{Recipient, Reserved, Side, Site};

/// How an event stands (RFC 5545, 3.8.1.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Standing {
    /// It will be.
    Confirmed,
    /// It waits for a yes.
    Tentative,
    /// It will not be.
    Cancelled,
}

impl Standing {
    fn word(self) -> &'static str {
        match self {
            Self::Confirmed => "CONFIRMED",
            Self::Tentative => "TENTATIVE",
            Self::Cancelled => "CANCELLED",
        }
    }
}

/// The event of a reservation, without the people an invite names.
pub(super) fn event(reserved: &Reserved, standing: Standing, origin: &str) -> Event {
    let url = format!("{origin}/reservations/{}", reserved.id);
    let mut event = Event::with_uid(&format!("{}@{}", reserved.id, host_of(origin)));
    event
        .add_property("DTSTAMP", utc(reserved.written_at))
        .add_property("LAST-MODIFIED", utc(reserved.written_at))
        .add_property("DTSTART", utc(reserved.interval.start()))
        .add_property("DTEND", utc(reserved.interval.end()))
        .add_property("SEQUENCE", sequence(reserved.version))
        .add_property("STATUS", standing.word())
        .add_property("TRANSP", "OPAQUE")
        .add_property("SUMMARY", summary(reserved))
        .add_property("DESCRIPTION", description(reserved, &url))
        .add_property("URL", url);
    if !reserved.place.is_empty() {
        event.add_property("LOCATION", reserved.place.as_str());
    }
    event
}

/// The same with sender and reader, who has agreed already by reserving.
pub(super) fn between(mut event: Event, to: &Recipient, site: &Site) -> Event {
    let organizer = person("ORGANIZER", site.sender.as_str(), site.name.as_str());
    let mut attendee = person("ATTENDEE", to.address.as_str(), to.name.as_str());
    attendee
        .add_parameter("CUTYPE", "INDIVIDUAL")
        .add_parameter("ROLE", "REQ-PARTICIPANT")
        .add_parameter("PARTSTAT", "ACCEPTED")
        .add_parameter("RSVP", "FALSE");
    event.append_property(organizer).append_multi_property(attendee);
    event
}

fn person(key: &str, address: &str, name: &str) -> Property {
    let mut person = Property::new(key, format!("mailto:{address}"));
    // A parameter cannot hold a double quote, in quotes or out of them (RFC 5545, 3.1), and some
    // readers take the other two for the beginning of an escape (RFC 6868).
    let name = name.replace('"', "'").replace(['\\', '^'], "-");
    if !name.is_empty() {
        person.add_parameter("CN", &name);
    }
    person
}

/// A host sees whom he meets; the holder sees what is reserved.
pub(super) fn summary(reserved: &Reserved) -> String {
    let Reserved { title, resource, holder, .. } = reserved;
    let what = if title.is_empty() { resource } else { title };
    match reserved.side {
        Side::Host | Side::Decider if !holder.is_empty() => format!("{what}: {holder}"),
        Side::Host | Side::Decider => what.to_string(),
        Side::Holder if title.is_empty() || title == resource => resource.to_string(),
        Side::Holder => format!("{resource}: {title}"),
    }
}

pub(super) fn description(reserved: &Reserved, url: &str) -> String {
    let texts = [reserved.description.as_str(), reserved.bring.as_str(), url];
    texts.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n\n")
}

/// The largest integer of RFC 5545 (3.3.8) bounds it; a record is never written that often.
fn sequence(version: u64) -> String {
    i32::try_from(version).unwrap_or(i32::MAX).to_string()
}

pub(super) fn utc(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
