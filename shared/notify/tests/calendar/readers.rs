//! Two readers of calendar documents that share nothing with the writer or with each other, and
//! what both make of an event.

use std::collections::BTreeMap;

use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarParameterName,
    ICalendarProperty,
};
use ical_vcard::{Contentline, Param, ParamValue, Parser};
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

/// Reads a document.
pub(crate) type Reader = fn(&str) -> Document;

/// Each reader with its name.
pub(crate) const READERS: [(&str, Reader); 2] = [("calcard", by_calcard), ("ical_vcard", by_lines)];

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

/// From strict content lines; what they mean is put together here.
fn by_lines(document: &str) -> Document {
    let lines: Vec<Contentline> =
        Parser::new(document.as_bytes()).collect::<Result<_, _>>().unwrap();
    let marks =
        |line: &Contentline, name: &str, value: &str| line.name() == name && line.value() == value;
    assert!(
        marks(lines.first().unwrap(), "BEGIN", "VCALENDAR"),
        "one calendar, from its first line"
    );
    assert!(marks(lines.last().unwrap(), "END", "VCALENDAR"), "to its last");
    let method = lines.iter().find(|line| line.name() == "METHOD").unwrap();
    let begins = lines.split(|line| marks(line, "BEGIN", "VEVENT")).skip(1);
    let events = begins.map(|rest| {
        let end = rest.iter().position(|line| marks(line, "END", "VEVENT")).unwrap();
        seen(&rest[..end])
    });
    Document { method: method.value().to_owned(), events: events.collect() }
}

fn seen(lines: &[Contentline]) -> Seen {
    let map: BTreeMap<&str, &Contentline> = lines.iter().map(|line| (line.name(), line)).collect();
    assert_eq!(map.len(), lines.len(), "no property comes twice");
    let raw = |name: &str| map.get(name).map(|line| line.value().to_owned());
    let text = |name: &str| raw(name).map(|value| unescaped(&value));
    let instant = |name: &str| {
        let civil = DateTime::strptime("%Y%m%dT%H%M%SZ", raw(name).unwrap()).unwrap();
        civil.to_zoned(TimeZone::UTC).unwrap().timestamp()
    };
    let person = |name: &str| {
        let line = map.get(name)?;
        let cn = line.params().iter().filter(|param| param.name() == "CN");
        let cn = cn.flat_map(Param::values).map(ParamValue::as_str).collect();
        Some((line.value().strip_prefix("mailto:").unwrap().to_owned(), cn))
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
