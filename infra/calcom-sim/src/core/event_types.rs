//! Event types: their output form, creation with defaults, and changes (CONTRACT 6).
//! `fields` always holds every key of the output, so a change replaces values and adds none.

use serde_json::{Map, Value, json};

use super::api_error::{Answer, ApiError, tree_node};
use super::model::{Account, EventType};
use super::request::{ApiRequest, Caller};
use super::world::World;

/// Fields a caller may never set.
const READ_ONLY: [&str; 8] =
    ["id", "ownerId", "users", "bookingUrl", "price", "currency", "metadata", "isInstantEvent"];

impl EventType {
    fn number(&self, key: &str) -> i64 {
        self.fields.get(key).and_then(Value::as_i64).unwrap_or_default()
    }

    fn text(&self, key: &str) -> &str {
        self.fields.get(key).and_then(Value::as_str).unwrap_or_default()
    }

    fn flag(&self, key: &str) -> bool {
        self.fields.get(key).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Default length in minutes.
    pub(crate) fn length(&self) -> i64 {
        self.number("lengthInMinutes").max(1)
    }

    /// All lengths offered; empty when there is only the default.
    pub(crate) fn length_options(&self) -> Vec<i64> {
        let options = self.fields.get("lengthInMinutesOptions").and_then(Value::as_array);
        options.into_iter().flatten().filter_map(Value::as_i64).collect()
    }

    /// Distance of slot starts in minutes: the interval, or the length.
    pub(crate) fn step(&self, length: i64) -> i64 {
        match self.number("slotInterval") {
            0 => length,
            interval => interval.max(1),
        }
    }

    pub(crate) fn offset_start(&self) -> i64 {
        self.number("offsetStart")
    }

    pub(crate) fn notice(&self) -> i64 {
        self.number("minimumBookingNotice")
    }

    pub(crate) fn buffer_before(&self) -> i64 {
        self.number("beforeEventBuffer")
    }

    pub(crate) fn buffer_after(&self) -> i64 {
        self.number("afterEventBuffer")
    }

    pub(crate) fn slug(&self) -> &str {
        self.text("slug")
    }

    pub(crate) fn title(&self) -> &str {
        self.text("title")
    }

    pub(crate) fn description(&self) -> &str {
        self.text("description")
    }

    pub(crate) fn hidden(&self) -> bool {
        self.flag("hidden")
    }

    pub(crate) fn guests_disabled(&self) -> bool {
        self.flag("disableGuests")
    }

    pub(crate) fn needs_authentication(&self) -> bool {
        self.flag("bookingRequiresAuthentication")
    }

    pub(crate) fn cancelling_disabled(&self) -> bool {
        self.at("/disableCancelling/disabled").and_then(Value::as_bool).unwrap_or_default()
    }

    /// Whether new bookings start as pending.
    pub(crate) fn needs_confirmation(&self) -> bool {
        self.at("/confirmationPolicy/type").is_some()
    }

    /// Whether a pending booking hides its slot.
    pub(crate) fn pending_blocks(&self) -> bool {
        let path = "/confirmationPolicy/blockUnconfirmedBookingsInBooker";
        self.at(path).and_then(Value::as_bool).unwrap_or_default()
    }

    pub(crate) fn schedule_id(&self) -> Option<i64> {
        self.fields.get("scheduleId").and_then(Value::as_i64)
    }

    /// A value inside a field, by JSON pointer.
    pub(crate) fn at(&self, pointer: &str) -> Option<&Value> {
        let (field, rest) = pointer.strip_prefix('/')?.split_once('/')?;
        self.fields.get(field)?.pointer(&format!("/{rest}"))
    }

    /// The location text of a new booking.
    pub(crate) fn location(&self) -> String {
        let first = self.fields.get("locations").and_then(|all| all.get(0));
        let text = first.and_then(|first| {
            ["address", "link", "phone"].iter().find_map(|key| first.get(*key)?.as_str())
        });
        text.unwrap_or("integrations:daily").to_owned()
    }

    /// The booking fields that a person defined, in order.
    pub(crate) fn custom_fields(&self) -> impl Iterator<Item = &Value> {
        let fields = self.fields.get("bookingFields").and_then(Value::as_array);
        fields
            .into_iter()
            .flatten()
            .filter(|field| field.get("isDefault").and_then(Value::as_bool) != Some(true))
    }
}

fn default_field(kind: &str, slug: &str, required: bool, hidden: bool) -> Value {
    json!({
        "isDefault": true, "type": kind, "slug": slug, "required": required,
        "disableOnPrefill": false, "hidden": hidden
    })
}

/// The output list of booking fields: the defaults around those of a person.
fn booking_fields(custom: &[Value], guests_hidden: bool) -> Value {
    let mut fields = vec![
        json!({
            "isDefault": true, "type": "name", "slug": "name", "required": true,
            "label": "your_name", "disableOnPrefill": false
        }),
        default_field("email", "email", true, false),
        json!({
            "isDefault": true, "type": "radioInput", "slug": "location", "required": false,
            "hidden": false
        }),
    ];
    for field in custom {
        let mut output = Map::new();
        output.insert("isDefault".to_owned(), json!(false));
        output.extend(field.as_object().cloned().unwrap_or_default());
        output.entry("disableOnPrefill").or_insert(json!(false));
        output.entry("hidden").or_insert(json!(false));
        fields.push(Value::Object(output));
    }
    fields.push(default_field("text", "title", true, true));
    fields.push(default_field("textarea", "notes", false, false));
    fields.push(default_field("multiemail", "guests", false, guests_hidden));
    fields.push(default_field("textarea", "rescheduleReason", false, false));
    Value::Array(fields)
}

/// Every output field of a new event type with the defaults of the original.
fn default_fields(id: i64, owner: &Account, slug: &str) -> Map<String, Value> {
    let off = json!({ "disabled": true });
    let value = json!({
        "id": id, "ownerId": owner.id, "lengthInMinutes": 30, "title": "", "slug": slug,
        "description": "", "locations": [], "bookingFields": booking_fields(&[], false),
        "recurrence": null, "disableGuests": false, "slotInterval": null,
        "minimumBookingNotice": 120, "beforeEventBuffer": 0, "afterEventBuffer": 0,
        "metadata": {}, "price": 0, "currency": "usd",
        "lockTimeZoneToggleOnBookingPage": false, "forwardParamsSuccessRedirect": true,
        "successRedirectUrl": null, "isInstantEvent": false,
        "users": [{
            "id": owner.id, "name": owner.name, "username": owner.username, "avatarUrl": null,
            "brandColor": null, "darkBrandColor": null, "weekStart": "Monday", "metadata": {}
        }],
        "scheduleId": null, "onlyShowFirstAvailableSlot": false, "offsetStart": 0,
        "bookingWindow": off, "confirmationPolicy": off, "requiresBookerEmailVerification": false,
        "hideCalendarNotes": false, "seats": off, "useDestinationCalendarEmail": false,
        "hideCalendarEventDetails": false, "hideOrganizerEmail": false,
        "calVideoSettings": { "sendTranscriptionEmails": true }, "hidden": false,
        "bookingRequiresAuthentication": false, "bookerActiveBookingsLimit": off,
        "bookingUrl": format!("{}/{}/{slug}", World::booker_url(), owner.username),
        "disableCancelling": { "disabled": false }, "disableRescheduling": { "disabled": false },
        "interfaceLanguage": null, "allowReschedulingPastBookings": false,
        "allowReschedulingCancelledBookings": false, "showOptimizedSlots": false
    });
    value.as_object().cloned().unwrap_or_default()
}

/// Optional output fields that appear only once they were set.
const SETTABLE: [&str; 5] = [
    "lengthInMinutesOptions",
    "bookingLimitsCount",
    "bookingLimitsDuration",
    "customName",
    "destinationCalendar",
];

/// Puts the known fields of a body over those of an event type; arrays are replaced whole.
fn merge(fields: &mut Map<String, Value>, body: &Map<String, Value>) {
    for (key, value) in body {
        let known = fields.contains_key(key) || SETTABLE.contains(&key.as_str());
        if !known || READ_ONLY.contains(&key.as_str()) || key == "bookingFields" {
            continue;
        }
        let is_disabled = value.get("disabled").and_then(Value::as_bool) == Some(true);
        if key.starts_with("bookingLimits") && is_disabled {
            fields.remove(key);
        } else {
            fields.insert(key.clone(), value.clone());
        }
    }
    let hidden = fields.get("disableGuests").and_then(Value::as_bool).unwrap_or_default();
    let custom: Option<Vec<Value>> = body.get("bookingFields").and_then(Value::as_array).cloned();
    if let Some(custom) = custom {
        fields.insert("bookingFields".to_owned(), booking_fields(&custom, hidden));
    } else if body.contains_key("disableGuests") {
        let own: Vec<Value> = fields
            .get("bookingFields")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|field| field.get("isDefault").and_then(Value::as_bool) != Some(true))
            .cloned()
            .collect();
        fields.insert("bookingFields".to_owned(), booking_fields(&own, hidden));
    }
}

fn check_length(body: &Value, required: bool) -> Answer<()> {
    let length = body.get("lengthInMinutes");
    let valid = length.map_or(!required, |value| value.as_i64().is_some_and(|count| count >= 1));
    if valid {
        return Ok(());
    }
    let constraints = json!({
        "min": "lengthInMinutes must not be less than 1",
        "isInt": "lengthInMinutes must be an integer number"
    });
    Err(ApiError::tree(vec![tree_node(body, "lengthInMinutes", constraints)]))
}

fn check_words(body: &Value) -> Answer<()> {
    let missing: Vec<Value> = ["title", "slug"]
        .iter()
        .filter(|key| body.get(**key).and_then(Value::as_str).is_none_or(str::is_empty))
        .map(|key| tree_node(body, key, json!({ "isString": format!("{key} must be a string") })))
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(ApiError::tree(missing)) }
}

fn not_found(id: i64) -> ApiError {
    ApiError::not_found(format!("Event type with id {id} not found"))
}

impl World {
    /// Adds an event type; `id` is given by a seed and otherwise the next free number.
    pub(crate) fn add_event_type(
        &mut self,
        owner: &Account,
        id: Option<i64>,
        body: &Map<String, Value>,
    ) -> EventType {
        let id = id.unwrap_or_else(|| self.next("event_type"));
        let slug = body.get("slug").and_then(Value::as_str).unwrap_or_default();
        let mut fields = default_fields(id, owner, slug);
        merge(&mut fields, body);
        let event_type = EventType { id, owner_id: owner.id, fields };
        self.event_types.put(id.to_string(), event_type.clone());
        event_type
    }

    pub(crate) fn create_event_type(
        &mut self,
        caller: Caller,
        request: &ApiRequest,
    ) -> Answer<Value> {
        check_words(&request.body)?;
        check_length(&request.body, true)?;
        let body = request.object();
        let slug = body.get("slug").and_then(Value::as_str).unwrap_or_default().to_owned();
        if self.event_types.values().any(|one| caller.is(one.owner_id) && one.slug() == slug) {
            let text = "User already has an event type with this slug.";
            return Err(ApiError::bad_request(text));
        }
        let owner = caller.account_id.and_then(|id| self.account(id)).cloned();
        let owner = owner.ok_or_else(|| ApiError::framework(401, "Invalid Access Token."))?;
        Ok(Value::Object(self.add_event_type(&owner, None, &body).fields))
    }

    /// Own types, or those of a user by name, hidden ones left out for others.
    pub(crate) fn list_event_types(
        &self,
        caller: Caller,
        request: &ApiRequest,
    ) -> Vec<&Map<String, Value>> {
        let username = request.query("username");
        let owner = username.map_or(caller.account_id, |name| {
            self.account_by_username(name).map(|account| account.id)
        });
        let own = caller.account_id.is_some() && caller.account_id == owner;
        let slug = request.query("eventSlug");
        let mut found: Vec<&EventType> = self
            .event_types
            .values()
            .filter(|one| Some(one.owner_id) == owner)
            .filter(|one| own || !one.hidden())
            .filter(|one| slug.is_none_or(|slug| one.slug() == slug))
            .collect();
        found.sort_by_key(|one| one.id);
        found.into_iter().map(|one| &one.fields).collect()
    }

    /// A foreign event type is as unknown as a missing one.
    pub(crate) fn own_event_type(&self, caller: Caller, id: i64) -> Answer<&EventType> {
        self.event_type(id).filter(|one| caller.is(one.owner_id)).ok_or_else(|| not_found(id))
    }

    pub(crate) fn update_event_type(
        &mut self,
        caller: Caller,
        id: i64,
        request: &ApiRequest,
    ) -> Answer<Value> {
        self.own_event_type(caller, id)?;
        check_length(&request.body, false)?;
        self.edit_event_type(id, &request.object())
    }

    /// Changes an event type whoever asks: the API for its owner, a person for anyone.
    pub(crate) fn edit_event_type(&mut self, id: i64, body: &Map<String, Value>) -> Answer<Value> {
        let one = self.event_types.change(&id.to_string()).ok_or_else(|| not_found(id))?;
        merge(&mut one.fields, body);
        Ok(Value::Object(one.fields.clone()))
    }

    pub(crate) fn delete_event_type(&mut self, caller: Caller, id: i64) -> Answer<Value> {
        if self.own_event_type(caller, id).is_err() {
            let text = format!("Event type with ID={id} does not exist.");
            return Err(ApiError::not_found(text));
        }
        self.remove_event_type(id)
    }

    /// Removes an event type; its bookings stay and lose the link.
    pub(crate) fn remove_event_type(&mut self, id: i64) -> Answer<Value> {
        let gone = self.event_types.remove(&id.to_string()).ok_or_else(|| not_found(id))?;
        let orphans: Vec<String> = self
            .bookings
            .values()
            .filter(|booking| booking.event_type_id == Some(id))
            .map(|booking| booking.uid.clone())
            .collect();
        for uid in orphans {
            if let Some(booking) = self.bookings.change(&uid) {
                booking.event_type_id = None;
            }
        }
        Ok(json!({
            "id": id, "lengthInMinutes": gone.length(), "slug": gone.slug(), "title": gone.title()
        }))
    }
}
