//! What a caller of ours must never do, even where the original lets it pass.
//! A violation is noted and changes no answer; tests assert that there is none.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::create_checks::has_version;
use super::list::FILTERS;
use super::request::ApiRequest;
use super::route::{BookingCall, Crud, Route};
use super::time::{instant, is_date_only, minutes_between};
use super::world::World;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Violation {
    pub(crate) at: Timestamp,
    pub(crate) route: String,
    pub(crate) code: String,
    pub(crate) detail: String,
}

type Found = Vec<(&'static str, String)>;

fn instants(names: &[&str], get: impl Fn(&str) -> Option<String>, found: &mut Found) {
    for name in names {
        let Some(text) = get(name) else { continue };
        if instant(&text).is_some() && !text.ends_with('Z') && !is_date_only(&text) {
            found.push(("instant_not_utc", format!("`{name}` does not end in Z")));
        }
    }
}

fn inspect_list(request: &ApiRequest, found: &mut Found) {
    for (name, _) in &request.query {
        if !FILTERS.contains(&name.strip_suffix("[]").unwrap_or(name)) {
            found.push(("unknown_filter", format!("`{name}` is no filter of the list")));
        }
    }
    let query = |name: &str| request.query(name).map(str::to_owned);
    let stamps = ["afterStart", "beforeEnd", "afterCreatedAt", "afterUpdatedAt"];
    instants(&stamps, query, found);
}

impl World {
    fn inspect_create(&self, request: &ApiRequest, found: &mut Found) {
        let body = request.object();
        let email = request.body.pointer("/attendee/email").and_then(Value::as_str);
        if email.is_some_and(|email| email.chars().any(char::is_uppercase)) {
            found.push(("email_not_lower_case", "the list compares e-mails by case".to_owned()));
        }
        let id = body.get("eventTypeId").and_then(Value::as_i64);
        let Some(event_type) = id.and_then(|id| self.event_type(id)) else { return };
        if event_type.guests_disabled() && body.contains_key("guests") {
            found.push(("guests_disabled", "the event type takes no guests".to_owned()));
        }
        let known: Vec<&str> = event_type
            .fields
            .get("bookingFields")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|field| field.get("slug")?.as_str())
            .collect();
        let answers = body.get("bookingFieldsResponses").and_then(Value::as_object);
        for slug in answers.into_iter().flatten().map(|(slug, _)| slug) {
            if !known.contains(&slug.as_str()) {
                found.push(("unknown_booking_field", format!("`{slug}` is no booking field")));
            }
        }
        let start = body.get("start").and_then(Value::as_str).and_then(instant);
        if let Some(start) = start {
            let step = event_type.step(event_type.length()).min(60);
            if minutes_between(Timestamp::UNIX_EPOCH, start) % step != 0 {
                found.push(("start_off_grid", format!("starts lie {step} minutes apart")));
            }
        }
    }

    /// Notes the violations of one request.
    pub(crate) fn inspect(&mut self, route: &Route, request: &ApiRequest, now: Timestamp) {
        let mut found = Found::new();
        if !has_version(route.resource(), request) {
            let header = request.version.as_deref().unwrap_or("none");
            let wanted = route.resource().version().unwrap_or_default();
            found.push(("wrong_version", format!("`{header}` where `{wanted}` is needed")));
        }
        let body = request.object();
        let in_body = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        match route {
            Route::Booking(BookingCall::Create) => {
                instants(&["start"], in_body, &mut found);
                self.inspect_create(request, &mut found);
            }
            Route::Booking(BookingCall::Reschedule(_)) => {
                instants(&["start"], in_body, &mut found);
            }
            Route::Booking(BookingCall::Cancel(_)) if !body.contains_key("cancellationReason") => {
                found.push(("cancel_without_reason", "a host must give one".to_owned()));
            }
            Route::Booking(BookingCall::List) => inspect_list(request, &mut found),
            Route::Hold(Crud::Create | Crud::Update(_)) => {
                instants(&["slotStart"], in_body, &mut found);
            }
            Route::SlotsList => {
                let query = |name: &str| request.query(name).map(str::to_owned);
                instants(&["start", "end"], query, &mut found);
            }
            Route::Booking(_)
            | Route::Hold(_)
            | Route::Health
            | Route::MeGet
            | Route::EventType(_)
            | Route::Schedule(_)
            | Route::ScheduleDefault
            | Route::Webhook(..) => {}
        }
        for (code, detail) in found {
            let number = self.next("violation");
            let route = route.name().to_owned();
            let violation = Violation { at: now, route, code: code.to_owned(), detail };
            self.violations.put(format!("{number:08}"), violation);
        }
    }
}
