//! Links that put one reservation into a calendar somewhere else.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::CalendarError;
use super::document::single;
use super::event::{Standing, description, summary, utc};
use crate::Reserved;

/// What may stand in a value of a query as it is (RFC 3986, 2.3).
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Links that put one reservation into a calendar. They name nobody but the reader, and nothing is
/// sent anywhere before the reader follows one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CalendarLinks {
    /// The document itself, as a `data:` link to download.
    pub ics: String,
    /// Google's form, filled in.
    pub google: String,
    /// Outlook's form, filled in.
    pub outlook: String,
}

/// The links of a reservation; `origin` is the application's, without a slash at its end.
pub fn calendar_links(
    reserved: &Reserved,
    standing: Standing,
    origin: &str,
) -> Result<CalendarLinks, CalendarError> {
    let page = format!("{origin}/reservations/{}", reserved.id);
    let (text, details) = (summary(reserved), description(reserved, &page));
    let (start, end) = (reserved.interval.start(), reserved.interval.end());
    let place = reserved.place.as_str();
    let dates = format!("{}/{}", utc(start), utc(end));
    let rfc = |at: jiff::Timestamp| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let google = [
        ("action", "TEMPLATE"),
        ("text", &text),
        ("dates", &dates),
        ("details", &details),
        ("location", place),
    ];
    let outlook = [
        ("path", "/calendar/action/compose"),
        ("rru", "addevent"),
        ("subject", &text),
        ("startdt", &rfc(start)),
        ("enddt", &rfc(end)),
        ("body", &details),
        ("location", place),
    ];
    let ics = single(reserved, standing, origin)?;
    Ok(CalendarLinks {
        ics: format!("data:text/calendar;charset=utf-8,{}", encoded(&ics)),
        google: link("https://calendar.google.com/calendar/render", &google),
        outlook: link("https://outlook.live.com/calendar/0/deeplink/compose", &outlook),
    })
}

fn link(base: &str, values: &[(&str, &str)]) -> String {
    let pairs = values.iter().filter(|(_, value)| !value.is_empty());
    let pairs = pairs.map(|(name, value)| format!("{name}={}", encoded(value)));
    format!("{base}?{}", pairs.collect::<Vec<_>>().join("&"))
}

fn encoded(value: &str) -> String {
    utf8_percent_encode(value, VALUE).to_string()
}
