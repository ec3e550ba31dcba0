//! What is checked before a booking is made, in the order of the original (CONTRACT 5.2, 5.9).
//! Nothing here changes state; off-grid starts, surplus guests and unknown answers pass.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::api_error::{Answer, ApiError, tree_node};
use super::availability::Interval;
use super::limits::LimitReached;
use super::model::{Attendee, EventType, Status};
use super::request::{ApiRequest, Caller};
use super::route::Resource;
use super::time::instant;
use super::validate::Problems;
use super::world::World;

const KNOWN: [&str; 16] = [
    "start",
    "attendee",
    "eventTypeId",
    "eventTypeSlug",
    "username",
    "teamSlug",
    "organizationSlug",
    "lengthInMinutes",
    "bookingFieldsResponses",
    "guests",
    "location",
    "metadata",
    "recurrenceCount",
    "emailVerificationCode",
    "instant",
    "meetingUrl",
];
const TAKEN: &str = "User either already has booking at this time or is not available";
const PAST: &str = "Attempting to book a meeting in the past.";
const OUT_OF_BOUNDS: &str = "The event type can't be booked at the \"start\" time provided. This \
    could be because it's too soon (violating the minimum booking notice) or too far in the \
    future (outside the event's scheduling window). Try fetching available slots first using \
    the GET /v2/slots endpoint and then make a booking with \"start\" time equal to one of the \
    available slots: https://cal.com/docs/api-reference/v2/slots";
const NO_CREDENTIALS: &str = "checkBookingRequiresAuthentication - request must be authenticated \
    by passing credentials belonging to event type owner, host or team or org admin or owner.";
const FOREIGN_CREDENTIALS: &str = "checkBookingRequiresAuthentication - user is not authorized \
    to access this event type. User has to be either event type owner, host, team admin or \
    owner or org admin or owner.";
const ACTIVE_LIMIT: &str = "Attendee with this email can't book because the maximum number of \
    active bookings has been reached.";

/// What version 2024-04-15 answers to a body of the newer form.
pub(crate) fn refuse_as_old_version(request: &ApiRequest) -> ApiError {
    let body = request.object();
    let mut target = Map::new();
    for key in ["start", "eventTypeId"] {
        if let Some(value) = body.get(key) {
            target.insert(key.to_owned(), value.clone());
        }
    }
    let target = Value::Object(target);
    let wanted = [
        ("timeZone", json!({ "isTimeZone": "timeZone must be a valid IANA time-zone" })),
        ("language", json!({ "isString": "language must be a string" })),
        ("metadata", json!({ "isObject": "metadata must be an object" })),
    ];
    let nodes = wanted.into_iter().map(|(property, texts)| tree_node(&target, property, texts));
    ApiError::tree(nodes.collect())
}

/// Whether the header names the version of the resource.
pub(crate) fn has_version(resource: Resource, request: &ApiRequest) -> bool {
    resource.version().is_none_or(|wanted| request.version.as_deref() == Some(wanted))
}

pub(crate) fn validate_create(request: &ApiRequest) -> Answer<()> {
    let body = request.object();
    let mut problems = Problems::default();
    problems.start(&body);
    problems.attendee(&body);
    let by_slug = body.contains_key("eventTypeSlug") && body.contains_key("username");
    if !body.get("eventTypeId").is_some_and(Value::is_i64) && !by_slug {
        problems.add(
            "eventTypeId or eventTypeSlug + username",
            "Either eventTypeId or eventTypeSlug + username or eventTypeSlug + teamSlug must be \
             provided",
        );
    }
    problems.metadata(&body);
    problems.unknown_keys(&body, &KNOWN);
    problems.done()
}

fn check_answers(event_type: &EventType, answers: &Map<String, Value>) -> Answer<()> {
    for field in event_type.custom_fields() {
        let slug = field.get("slug").and_then(Value::as_str).unwrap_or_default();
        let required = field.get("required").and_then(Value::as_bool).unwrap_or_default();
        let Some(answer) = answers.get(slug).filter(|answer| !answer.is_null()) else {
            if required {
                return Err(ApiError::bad_request(format!(
                    "Missing required booking field response: {slug} - it is required by the \
                     event type booking fields, but missing in the bookingFieldsResponses. You \
                     can fetch the event type with ID {} to see the required fields.",
                    event_type.id
                )));
            }
            continue;
        };
        let options = field.get("options").and_then(Value::as_array);
        if options.is_some_and(|options| !options.contains(answer) && !answer.is_array()) {
            let offered: Vec<&str> =
                options.into_iter().flatten().filter_map(Value::as_str).collect();
            return Err(ApiError::bad_request(format!(
                "Invalid option '{}' for booking field '{slug}'. Allowed options are: {}.",
                answer.as_str().unwrap_or_default(),
                offered.join(", ")
            )));
        }
    }
    Ok(())
}

/// The length asked for, when the type offers several; else the default.
fn length(event_type: &EventType, body: &Map<String, Value>) -> Answer<i64> {
    let Some(wanted) = body.get("lengthInMinutes") else { return Ok(event_type.length()) };
    let options = event_type.length_options();
    if options.is_empty() {
        return Err(ApiError::bad_request(
            "Can't specify 'lengthInMinutes' because event type does not have multiple possible \
             lengths. Please, remove the 'lengthInMinutes' field from the request.",
        ));
    }
    wanted.as_i64().filter(|wanted| options.contains(wanted)).ok_or_else(|| {
        let offered: Vec<String> = options.iter().map(ToString::to_string).collect();
        ApiError::bad_request(format!(
            "Provided 'lengthInMinutes' is not one of the possible lengths for the event type. \
             The possible lengths are: {}",
            offered.join(", ")
        ))
    })
}

/// What the schema behind the documented checks still refuses: 400 in the second shape.
fn check_schema(body: &Map<String, Value>, attendee: &Attendee) -> Answer<()> {
    let metadata = body.get("metadata").and_then(Value::as_object);
    if let Some((key, _)) = metadata.into_iter().flatten().find(|(_, value)| value.is_number()) {
        let text = format!("metadata.{key} - Expected string, received number, ");
        return Err(ApiError::envelope(400, "BAD_REQUEST", text));
    }
    let email = &attendee.email;
    let valid = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty() && domain.contains('.') && !domain.ends_with('.')
    });
    if !valid || email.contains(char::is_whitespace) {
        let text = "responses - {email}email_validation_error, ";
        return Err(ApiError::envelope(400, "BAD_REQUEST", text));
    }
    Ok(())
}

pub(crate) fn attendee_of(body: &Map<String, Value>) -> Attendee {
    let text = |key: &str| {
        body.get("attendee")
            .and_then(|attendee| attendee.get(key))
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let phone_number = text("phoneNumber");
    let synthetic = phone_number.as_deref().map(|phone| {
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        format!("{digits}@sms.cal.com")
    });
    Attendee {
        name: text("name").unwrap_or_default(),
        email: text("email").or(synthetic).unwrap_or_default(),
        time_zone: text("timeZone").unwrap_or_else(|| "UTC".to_owned()),
        language: text("language").unwrap_or_else(|| "en".to_owned()),
        phone_number,
    }
}

/// What a booking request asks for, once its form is known to be right.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) event_type: EventType,
    pub(crate) interval: Interval,
    pub(crate) attendee: Attendee,
}

impl World {
    fn wanted_event_type(&self, body: &Map<String, Value>) -> Answer<&EventType> {
        if let Some(id) = body.get("eventTypeId").and_then(Value::as_i64) {
            return self
                .event_type(id)
                .ok_or_else(|| ApiError::not_found(format!("Event type with id {id} not found.")));
        }
        let text = |key: &str| body.get(key).and_then(Value::as_str).unwrap_or_default();
        let (slug, username) = (text("eventTypeSlug"), text("username"));
        let owner = self.account_by_username(username).map(|account| account.id);
        let found =
            self.event_types.values().find(|one| one.slug() == slug && Some(one.owner_id) == owner);
        found.ok_or_else(|| {
            ApiError::not_found(format!(
                "Event type with slug {slug} belonging to user {username} not found."
            ))
        })
    }

    /// Form and rights: event type, credentials, answers, length, schema.
    pub(crate) fn wanted(&self, caller: Caller, request: &ApiRequest) -> Answer<Wanted> {
        validate_create(request)?;
        let body = request.object();
        let event_type = self.wanted_event_type(&body)?;
        if event_type.needs_authentication() && !caller.is(event_type.owner_id) {
            return Err(match caller.account_id {
                None => ApiError::framework(401, NO_CREDENTIALS),
                Some(_) => ApiError::framework(403, FOREIGN_CREDENTIALS),
            });
        }
        let answers = body.get("bookingFieldsResponses").and_then(Value::as_object).cloned();
        check_answers(event_type, &answers.unwrap_or_default())?;
        let length = length(event_type, &body)?;
        let attendee = attendee_of(&body);
        check_schema(&body, &attendee)?;
        let start = body.get("start").and_then(Value::as_str).and_then(instant);
        let start = start.ok_or_else(|| ApiError::bad_request(PAST))?;
        let end = super::time::plus(start, super::time::minutes(length));
        let interval = Interval { start, end };
        Ok(Wanted { event_type: event_type.clone(), interval, attendee })
    }

    /// Time and limits, for create and reschedule alike; `except_uid` is the booking being moved.
    pub(crate) fn check_time(
        &self,
        event_type: &EventType,
        interval: Interval,
        now: Timestamp,
        except_uid: Option<&str>,
    ) -> Answer<()> {
        if interval.start < now {
            return Err(ApiError::bad_request(PAST));
        }
        let (earliest, latest) = self.bounds(event_type, now);
        if interval.start < earliest || latest.is_some_and(|latest| interval.start >= latest) {
            return Err(ApiError::bad_request(OUT_OF_BOUNDS));
        }
        match self.limit_reached(event_type, interval, except_uid) {
            Some(LimitReached::Count) => {
                return Err(ApiError::plain(401, "booking_limit_reached"));
            }
            Some(LimitReached::Minutes) => {
                return Err(ApiError::plain(401, "duration_limit_reached"));
            }
            None => {}
        }
        if !self.is_free(event_type, interval, except_uid) {
            return Err(ApiError::bad_request(TAKEN));
        }
        Ok(())
    }

    /// How many bookings one e-mail address may hold at once.
    pub(crate) fn check_active(
        &self,
        event_type: &EventType,
        email: &str,
        now: Timestamp,
    ) -> Answer<()> {
        let limit = event_type.at("/bookerActiveBookingsLimit/maximumActiveBookings");
        let Some(limit) = limit.and_then(Value::as_u64) else { return Ok(()) };
        let active: Vec<_> = self
            .bookings
            .values()
            .filter(|one| one.status == Status::Accepted && one.start > now)
            .filter(|one| one.event_type_id == Some(event_type.id) && one.attendee.email == email)
            .collect();
        if (active.len() as u64) < limit {
            return Ok(());
        }
        let offer = event_type.at("/bookerActiveBookingsLimit/offerReschedule");
        let text = match active.last().filter(|_| offer.and_then(Value::as_bool) == Some(true)) {
            Some(last) => format!(
                "{ACTIVE_LIMIT} You can reschedule your existing booking ({}) to a new timeslot \
                 instead.",
                last.uid
            ),
            None => ACTIVE_LIMIT.to_owned(),
        };
        Err(ApiError::bad_request(text))
    }
}
