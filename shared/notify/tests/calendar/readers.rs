//! Two readers of calendar documents that share nothing with the writer or with each other, and
//! what both make of an event.

use std::collections::BTreeMap;

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarParameterName,
    ICalendarProperty,
};
use ical::parser::Component;
use ical::property::Property;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// An event as a reader understands it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) uid: String,
    pub(crate) sequence: i64,
    pub(crate) stamp: Timestamp,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) status: String,
    pub(crate) summary: String,
    pub(crate) description: String,
    pub(crate) location: Option<String>,
    pub(crate) url: String,
    /// Address and name of organizer and attendee, for an invite.
    pub(crate) people: Vec<(String, String)>,
}

/// A document as a reader understands it: its method and its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Document {
    pub(crate) method: String,
    pub(crate) events: Vec<Seen>,
}

/// Each reader with its name.
pub(crate) const READERS: [(&str, fn(&str) -> Document); 2] =
    [("calcard", by_calcard), ("ical", by_ical)];

fn text(component: &ICalendarComponent, property: &ICalendarProperty) -> Option<String> {
    let entry = component.property(property)?;
    // A reader that splits a text at a comma puts it together again.
    let parts: Vec<String> =
        entry.values.iter().filter_map(|value| value.clone().into_text()).map(Into::into).collect();
    Some(parts.join(","))
}

fn instant(component: &ICalendarComponent, property: &ICalendarProperty) -> Timestamp {
    let value = &component.property(property).unwrap().values[0];
    let date = value.as_partial_date_time().unwrap();
    assert!(date.has_zone(), "{property:?} says in which zone it is");
    Timestamp::from_second(date.to_timestamp().unwrap()).unwrap()
}

fn by_calcard(document: &str) -> Document {
    let parsed = ICalendar::parse(document).unwrap();
    let of = |kind: ICalendarComponentType| {
        parsed.components.iter().filter(move |component| component.component_type == kind)
    };
    let calendar = of(ICalendarComponentType::VCalendar).next().unwrap();
    let event = |component: &ICalendarComponent| Seen {
        uid: component.uid().unwrap().to_owned(),
        sequence: component.property(&ICalendarProperty::Sequence).unwrap().values[0]
            .as_integer()
            .unwrap(),
        stamp: instant(component, &ICalendarProperty::Dtstamp),
        start: instant(component, &ICalendarProperty::Dtstart),
        end: instant(component, &ICalendarProperty::Dtend),
        status: text(component, &ICalendarProperty::Status).unwrap(),
        summary: text(component, &ICalendarProperty::Summary).unwrap_or_default(),
        description: text(component, &ICalendarProperty::Description).unwrap(),
        location: text(component, &ICalendarProperty::Location),
        url: text(component, &ICalendarProperty::Url).unwrap(),
        people: [ICalendarProperty::Organizer, ICalendarProperty::Attendee]
            .iter()
            .filter_map(|property| component.property(property))
            .map(|entry| {
                let name = entry.parameter(&ICalendarParameterName::Cn);
                let name = name.and_then(|name| name.as_text()).unwrap_or_default();
                (entry.calendar_address().unwrap().to_owned(), name.to_owned())
            })
            .collect(),
    };
    Document {
        method: text(calendar, &ICalendarProperty::Method).unwrap(),
        events: of(ICalendarComponentType::VEvent).map(event).collect(),
    }
}

/// What the second reader leaves to its user: escapes of RFC 5545, 3.3.11.
fn unescaped(value: &str) -> String {
    let mut characters = value.chars();
    let mut text = String::new();
    while let Some(one) = characters.next() {
        text.push(match (one, one == '\\') {
            (_, true) => match characters.next().unwrap() {
                'n' | 'N' => '\n',
                other => other,
            },
            (other, false) => other,
        });
    }
    text
}

fn by_ical(document: &str) -> Document {
    let mut calendars = ical::IcalParser::new(document.as_bytes());
    let calendar = calendars.next().unwrap().unwrap();
    assert!(calendars.next().is_none(), "one calendar");
    let method = calendar.get_property("METHOD").unwrap().value.clone().unwrap();
    let events = calendar.events.iter().map(|event| seen(&event.properties)).collect();
    Document { method, events }
}

fn seen(properties: &[Property]) -> Seen {
    let map: BTreeMap<&str, &Property> =
        properties.iter().map(|property| (property.name.as_str(), property)).collect();
    assert_eq!(map.len(), properties.len(), "no property comes twice");
    let raw = |name: &str| map.get(name).and_then(|property| property.value.clone());
    let text = |name: &str| raw(name).map(|value| unescaped(&value));
    let instant = |name: &str| {
        let value = raw(name).unwrap();
        let civil = DateTime::strptime("%Y%m%dT%H%M%SZ", value).unwrap();
        civil.to_zoned(TimeZone::UTC).unwrap().timestamp()
    };
    let person = |name: &str| {
        let property = map.get(name)?;
        let params = property.params.iter().flatten();
        let cn = params.filter(|(name, _)| name == "CN").flat_map(|(_, values)| values.clone());
        let address = property.value.clone().unwrap();
        Some((address.strip_prefix("mailto:").unwrap().to_owned(), cn.collect()))
    };
    Seen {
        uid: text("UID").unwrap(),
        sequence: raw("SEQUENCE").unwrap().parse().unwrap(),
        stamp: instant("DTSTAMP"),
        start: instant("DTSTART"),
        end: instant("DTEND"),
        status: raw("STATUS").unwrap(),
        summary: text("SUMMARY").unwrap_or_default(),
        description: text("DESCRIPTION").unwrap(),
        location: text("LOCATION"),
        url: raw("URL").unwrap(),
        people: ["ORGANIZER", "ATTENDEE"].into_iter().filter_map(person).collect(),
    }
}
