//! Query parameters: each at most once, each declared by its route, each typed when asked for.
//!
//! No value is repeated in an answer.

use interlock_policy::ZoneName;
use jiff::Timestamp;

use crate::{Problem, RawRequest, Route};

/// Most items of a page.
const MAX_LIMIT: u32 = 100;
/// Items of a page when nothing is said.
const DEFAULT_LIMIT: u32 = 50;

/// The text of a parameter.
pub(crate) fn find<'a>(query: &'a [(String, String)], name: &str) -> Option<&'a str> {
    query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

/// Refuses parameters the route does not know, parameters that come twice, and a limit that is
/// none, also where this call has no use for it.
pub(crate) fn check(route: &Route, request: &RawRequest) -> Result<(), Problem> {
    for (place, (name, _)) in request.query.iter().enumerate() {
        if !route.query.contains(&name.as_str()) {
            return Err(Problem::parameter("", "unknown", "the query has an unknown parameter"));
        }
        if request.query.iter().take(place).any(|(earlier, _)| earlier == name) {
            return Err(Problem::parameter(name, "repeated", "the parameter comes twice"));
        }
    }
    limit(&request.query).map(|_| ())
}

/// RFC 3339 with `Z` or a numeric offset; a time without one is ambiguous and refused.
pub(crate) fn parse_instant(text: &str) -> Option<Timestamp> {
    let plain = text.bytes().all(|byte| {
        byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b':' | b'.' | b'T' | b'Z')
    });
    if plain && text.len() >= 20 { text.parse().ok() } else { None }
}

pub(crate) fn instant(
    query: &[(String, String)],
    name: &str,
) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = find(query, name) else { return Ok(None) };
    let detail = "an instant such as `2026-06-01T09:00:00Z` is wanted";
    let refused = || Problem::parameter(name, "not_an_instant", detail);
    parse_instant(text).map(Some).ok_or_else(refused)
}

pub(crate) fn zone(query: &[(String, String)], name: &str) -> Result<Option<ZoneName>, Problem> {
    let Some(text) = find(query, name) else { return Ok(None) };
    let refused =
        |_| Problem::parameter(name, "not_a_zone", "the name of an IANA time zone is wanted");
    text.parse().map(Some).map_err(refused)
}

pub(crate) fn limit(query: &[(String, String)]) -> Result<u32, Problem> {
    let Some(text) = find(query, "limit") else { return Ok(DEFAULT_LIMIT) };
    let limit = text.parse::<u32>().ok().filter(|limit| (1..=MAX_LIMIT).contains(limit));
    let refused = || Problem::parameter("limit", "out_of_range", "a number of 1 to 100 is wanted");
    limit.ok_or_else(refused)
}
