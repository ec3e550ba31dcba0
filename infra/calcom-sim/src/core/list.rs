//! The list of bookings with its filters, order and honest mistakes (CONTRACT 5.5).
//! The totals ignore the created and updated filters, as in the original.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::api_error::{Answer, ApiError};
use super::model::{Booking, Status};
use super::request::{ApiRequest, Caller};
use super::time::instant;
use super::world::World;

/// The filters the original knows; any other is ignored without a word.
pub(crate) const FILTERS: [&str; 22] = [
    "status",
    "attendeeEmail",
    "attendeeName",
    "bookingUid",
    "eventTypeIds",
    "eventTypeId",
    "teamsIds",
    "teamIds",
    "teamId",
    "afterStart",
    "beforeEnd",
    "afterCreatedAt",
    "beforeCreatedAt",
    "afterUpdatedAt",
    "beforeUpdatedAt",
    "sortStart",
    "sortEnd",
    "sortCreated",
    "sortUpdatedAt",
    "take",
    "skip",
    "cursor",
];
const STATUS_WORDS: [&str; 5] = ["upcoming", "recurring", "past", "cancelled", "unconfirmed"];
const STAMPS: [&str; 6] = [
    "afterStart",
    "beforeEnd",
    "afterCreatedAt",
    "beforeCreatedAt",
    "afterUpdatedAt",
    "beforeUpdatedAt",
];

/// One validator node; numbers are echoed as numbers.
fn problem(property: &str, value: &Value, rule: &str, text: &str) -> Value {
    let mut constraints = serde_json::Map::new();
    constraints.insert(rule.to_owned(), json!(text));
    let mut target = serde_json::Map::new();
    target.insert(property.to_owned(), value.clone());
    super::api_error::tree_node(&Value::Object(target), property, Value::Object(constraints))
}

fn number(request: &ApiRequest, name: &str, default: i64, least: i64, most: i64) -> Answer<i64> {
    let Some(text) = request.query(name) else { return Ok(default) };
    let Ok(value) = text.parse::<i64>() else {
        let text = format!("{name} must be a number");
        let value = json!(request.query(name));
        return Err(ApiError::tree(vec![problem(name, &value, "isNumber", &text)]));
    };
    if value < least {
        let text = format!("{name} must not be less than {least}");
        return Err(ApiError::tree(vec![problem(name, &json!(value), "min", &text)]));
    }
    if value > most {
        let text = format!("{name} must not be greater than {most}");
        return Err(ApiError::tree(vec![problem(name, &json!(value), "max", &text)]));
    }
    Ok(value)
}

fn validate(request: &ApiRequest) -> Answer<(usize, usize)> {
    let take = number(request, "take", 100, 1, 250)?;
    let skip = number(request, "skip", 0, 0, i64::MAX)?;
    for word in request.query_list("status") {
        if !STATUS_WORDS.contains(&word) {
            let text = "Invalid status value provided. Valid values are: upcoming, recurring, \
                past, cancelled, unconfirmed";
            return Err(ApiError::tree(vec![problem("status", &json!(word), "isIn", text)]));
        }
    }
    for name in STAMPS {
        if let Some(text) = request.query(name).filter(|text| instant(text).is_none()) {
            let rule = format!("{name} must be a valid ISO 8601 date string");
            let node = problem(name, &json!(text), "isISO8601", &rule);
            return Err(ApiError::tree(vec![node]));
        }
    }
    Ok((usize::try_from(take).unwrap_or(100), usize::try_from(skip).unwrap_or_default()))
}

fn has_status(one: &Booking, word: &str, now: Timestamp) -> bool {
    match word {
        "upcoming" => one.end > now && one.status.is_open(),
        "past" => one.end <= now && one.status.is_open(),
        "cancelled" => matches!(one.status, Status::Cancelled | Status::Rejected),
        "unconfirmed" => one.end > now && one.status == Status::Pending,
        _ => false,
    }
}

fn matches_filters(one: &Booking, request: &ApiRequest, now: Timestamp) -> bool {
    let text = |name: &str| request.query(name);
    let stamp = |name: &str| request.query(name).and_then(instant);
    let words = request.query_list("status");
    let mut types = request.query_list("eventTypeIds");
    types.extend(request.query_list("eventTypeId"));
    let attends = |get: fn(&super::model::Attendee) -> &str, wanted: &str| {
        one.attendees().iter().any(|attendee| get(attendee) == wanted)
    };
    (words.is_empty() || words.iter().any(|word| has_status(one, word, now)))
        && (types.is_empty()
            || one.event_type_id.is_some_and(|id| types.contains(&id.to_string().as_str())))
        && text("attendeeEmail").is_none_or(|email| attends(|attendee| &attendee.email, email))
        && text("attendeeName").is_none_or(|name| attends(|attendee| &attendee.name, name))
        && text("bookingUid").is_none_or(|uid| one.uid == uid)
        && stamp("afterStart").is_none_or(|at| one.start >= at)
        && stamp("beforeEnd").is_none_or(|at| one.end <= at)
}

fn matches_stamps(one: &Booking, request: &ApiRequest) -> bool {
    let stamp = |name: &str| request.query(name).and_then(instant);
    stamp("afterCreatedAt").is_none_or(|at| one.created_at >= at)
        && stamp("beforeCreatedAt").is_none_or(|at| one.created_at <= at)
        && stamp("afterUpdatedAt").is_none_or(|at| one.updated_at >= at)
        && stamp("beforeUpdatedAt").is_none_or(|at| one.updated_at <= at)
}

fn sort(found: &mut [&Booking], request: &ApiRequest) {
    type Key = fn(&Booking) -> Timestamp;
    let keys: [(&str, Key); 4] = [
        ("sortStart", |one| one.start),
        ("sortEnd", |one| one.end),
        ("sortCreated", |one| one.created_at),
        ("sortUpdatedAt", |one| one.updated_at),
    ];
    found.sort_by_key(|one| (one.start, one.id));
    for (name, key) in keys {
        match request.query(name) {
            Some("asc") => found.sort_by_key(|one| key(one)),
            Some("desc") => found.sort_by_key(|one| std::cmp::Reverse(key(one))),
            _ => {}
        }
    }
}

fn pagination(returned: usize, total: usize, take: usize, skip: usize) -> Value {
    let pages = total.div_ceil(take);
    let page = if total == 0 { 0 } else { (skip / take + 1).min(pages) };
    json!({
        "returnedItems": returned, "totalItems": total, "itemsPerPage": take,
        "remainingItems": total.saturating_sub(skip + take), "currentPage": page,
        "totalPages": pages, "hasNextPage": skip + take < total,
        "hasPreviousPage": skip > 0 && total > 0
    })
}

impl World {
    /// Bookings a caller hosts or attends by e-mail.
    fn visible(&self, caller: Caller, stale: bool) -> Vec<&Booking> {
        let account = caller.account_id.and_then(|id| self.account(id));
        let Some(account) = account else { return Vec::new() };
        self.bookings
            .values()
            .filter_map(|one| if stale { self.before(&one.uid, Some(one)) } else { Some(one) })
            .filter(|one| {
                one.host_id == account.id
                    || one.attendees().iter().any(|attendee| attendee.email == account.email)
            })
            .collect()
    }

    /// A booking as it was before its last change; itself when it never changed.
    fn before<'a>(&'a self, uid: &str, current: Option<&'a Booking>) -> Option<&'a Booking> {
        self.previous.get(uid).map_or(current, Option::as_ref)
    }

    /// `GET /v2/bookings`: the rows and the pagination block beside them.
    pub(crate) fn list_bookings(
        &self,
        caller: Caller,
        request: &ApiRequest,
        now: Timestamp,
        stale: bool,
    ) -> Answer<(Value, Value)> {
        let (take, skip) = validate(request)?;
        let mut found: Vec<&Booking> = self
            .visible(caller, stale)
            .into_iter()
            .filter(|one| matches_filters(one, request, now))
            .collect();
        let total = found.len();
        found.retain(|one| matches_stamps(one, request));
        sort(&mut found, request);
        let rows: Vec<Value> =
            found.iter().skip(skip).take(take).map(|one| self.booking_output(one)).collect();
        // The count comes from the same wrong total as everything else in the block.
        let returned = total.saturating_sub(skip).min(take);
        Ok((Value::Array(rows), pagination(returned, total, take, skip)))
    }

    /// `GET /v2/bookings/{uid}`; a stale read answers the state before the last change.
    pub(crate) fn read_booking(&self, uid: &str, stale: bool) -> Answer<&Booking> {
        let current = self.bookings.get(uid);
        let found = if stale { self.before(uid, current) } else { current };
        found.ok_or_else(|| {
            ApiError::not_found(format!("Booking with uid={uid} was not found in the database"))
        })
    }
}
