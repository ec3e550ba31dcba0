//! Whole documents.

use icalendar::{Calendar, Property};

use super::event::{Standing, between, event};
use super::{CalendarError, method_of};
use crate::{Invite, Line, Message, Method, Recipient, Reserved, Site};

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
    calendar.push(between(event(reserved, standing, &site.origin), to, site));
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
/// subscribes is asked to look again each hour. `origin` is the application's, without a slash at
/// its end.
pub fn feed(entries: &[Entry], origin: &str, name: &Line) -> Result<String, CalendarError> {
    let mut calendar = blank("PUBLISH");
    let interval =
        Property::new("REFRESH-INTERVAL", "PT1H").add_parameter("VALUE", "DURATION").done();
    calendar
        .append_property(interval)
        .append_property(Property::new("X-PUBLISHED-TTL", "PT1H"))
        .append_property(Property::new("X-WR-CALNAME", name.as_str()));
    for Entry { reserved, standing } in entries {
        calendar.push(event(reserved, *standing, origin));
    }
    written(&calendar)
}

/// One reservation as a document to download.
pub(super) fn single(
    reserved: &Reserved,
    standing: Standing,
    origin: &str,
) -> Result<String, CalendarError> {
    let mut calendar = blank("PUBLISH");
    calendar.push(event(reserved, standing, origin));
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
    let document: String = calendar.try_into().map_err(|_| CalendarError)?;
    Ok(folded(&document))
}

/// Octets of a line without its end (RFC 5545, 3.1).
const LONGEST_LINE: usize = 75;

/// Folds every line anew: the writer's last piece of a line may be one octet too long. No piece
/// begins or ends with a space, because there are readers that lose it.
fn folded(document: &str) -> String {
    let mut out = String::with_capacity(document.len());
    for line in document.replace("\r\n ", "").split_terminator("\r\n") {
        let (mut rest, mut room) = (line, LONGEST_LINE);
        while rest.len() > room {
            let Some((piece, left)) = rest.split_at_checked(break_of(rest, room)) else { break };
            out.push_str(piece);
            out.push_str("\r\n ");
            // The space at its beginning counts.
            (rest, room) = (left, LONGEST_LINE.saturating_sub(1));
        }
        out.push_str(rest);
        out.push_str("\r\n");
    }
    out
}

/// Where a line that is too long is broken: between two characters that are no spaces, or where
/// there is room no longer.
fn break_of(line: &str, room: usize) -> usize {
    let (mut good, mut last, mut spaced) = (0, 0, true);
    for (at, one) in line.char_indices().take_while(|(at, _)| *at <= room) {
        if !spaced && !one.is_whitespace() {
            good = at;
        }
        (last, spaced) = (at, one.is_whitespace());
    }
    if good == 0 { last } else { good }
}
