//! Collects what is wrong with a body or a query and prints it as the original does.
//! Unknown fields are a problem like any other in booking bodies and slot queries.

use serde_json::{Map, Value};

use super::api_error::{Answer, ApiError};
use super::time::{instant, zone};

/// `<property> property is wrong,<text> ` for each problem, joined by commas.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    texts: Vec<String>,
}

impl Problems {
    pub(crate) fn add(&mut self, property: &str, text: &str) {
        self.texts.push(format!("{property} property is wrong,{text} "));
    }

    pub(crate) fn unknown(&mut self, property: &str) {
        self.add(property, &format!("property {property} should not exist"));
    }

    pub(crate) fn unknown_keys(&mut self, body: &Map<String, Value>, known: &[&str]) {
        for key in body.keys().filter(|key| !known.contains(&key.as_str())) {
            self.unknown(key);
        }
    }

    pub(crate) fn start(&mut self, body: &Map<String, Value>) {
        let valid =
            body.get("start").and_then(Value::as_str).is_some_and(|text| instant(text).is_some());
        if !valid {
            self.add("start", "start must be a valid ISO 8601 date string");
        }
    }

    pub(crate) fn optional_text(&mut self, body: &Map<String, Value>, property: &str) {
        if body.get(property).is_some_and(|value| !value.is_string() && !value.is_null()) {
            self.add(property, &format!("{property} must be a string"));
        }
    }

    /// Text and numbers pass here; numbers are refused later and in another shape.
    pub(crate) fn metadata(&mut self, body: &Map<String, Value>) {
        let Some(metadata) = body.get("metadata") else { return };
        let valid = metadata.as_object().is_some_and(|entries| {
            entries.len() <= 50
                && entries.iter().all(|(key, value)| {
                    let fits = match value {
                        Value::String(text) => text.chars().count() <= 500,
                        Value::Number(_) => true,
                        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
                    };
                    key.chars().count() <= 40 && fits
                })
        });
        if !valid {
            self.add(
                "metadata",
                "Metadata must have at most 50 keys, each key up to 40 characters, and string \
                 values up to 500 characters.",
            );
        }
    }

    pub(crate) fn attendee(&mut self, body: &Map<String, Value>) {
        let Some(attendee) = body.get("attendee").filter(|value| !value.is_null()) else {
            self.add("attendee", "attendee should not be null or undefined");
            return;
        };
        let text = |key: &str| attendee.get(key).and_then(Value::as_str);
        if text("name").is_none() {
            self.add("attendee", "name must be a string");
        }
        if text("timeZone").and_then(zone).is_none() {
            self.add("attendee", "timeZone must be a valid IANA time-zone");
        }
        if text("email").is_none() && text("phoneNumber").is_none() {
            self.add("attendee", "email must be a string");
        }
        for key in attendee.as_object().into_iter().flat_map(Map::keys) {
            if !["name", "email", "timeZone", "language", "phoneNumber"].contains(&key.as_str()) {
                self.add("attendee", &format!("property {key} should not exist"));
            }
        }
    }

    pub(crate) fn done(self) -> Answer<()> {
        if self.texts.is_empty() {
            return Ok(());
        }
        Err(ApiError::bad_request(self.texts.join(", ")))
    }
}
