//! A kept delivery as it may leave the server.
//!
//! Whoever knows a uid can read and end the booking at Cal.com without any credential, so none
//! leaves the server, wherever in the body it stands (PRODUCT D4).

use serde_json::Value;

/// What stands in place of a uid.
const VEILED: &str = "…";
/// A shorter text is no uid, and would be found in innocent words.
const SHORTEST: usize = 6;

/// The body with every uid replaced, also inside other texts such as links.
pub fn veil(kept: &str) -> Value {
    let mut body: Value = serde_json::from_str(kept).unwrap_or_default();
    let mut uids = Vec::new();
    collect(&body, &mut uids);
    // The longest first, because one uid may begin like another.
    uids.sort_by_key(|uid| std::cmp::Reverse(uid.len()));
    cover(&mut body, &uids);
    body
}

fn names_a_uid(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['_', '-'], "");
    name.ends_with("uid")
}

fn collect(value: &Value, uids: &mut Vec<String>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field.as_str() {
                    Some(text) if names_a_uid(name) => {
                        let plain = text.split('@').next().unwrap_or(text);
                        uids.extend([text, plain].map(ToOwned::to_owned));
                    }
                    Some(_) | None => collect(field, uids),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, uids)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn cover(value: &mut Value, uids: &[String]) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if names_a_uid(name) && !field.is_null() {
                    *field = Value::from(VEILED);
                } else {
                    cover(field, uids);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| cover(item, uids)),
        Value::String(text) => {
            for uid in uids.iter().filter(|uid| uid.len() >= SHORTEST) {
                if text.contains(uid.as_str()) {
                    *text = text.replace(uid.as_str(), VEILED);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn no_uid_is_left_anywhere() {
        let uid = "8kTz3Qm2vX7LdRfWc5YpHn";
        let body = json!({"triggerEvent": "BOOKING_RESCHEDULED", "payload": {
            "uid": uid, "rescheduleUid": "oldUidOldUid", "iCalUID": format!("{uid}@Cal.com"),
            "bookingUid": uid, "title": "Laser",
            "location": format!("https://cal.test/booking/{uid}?changes=true"),
            "attendees": [{"name": "Ada", "bookingSeat": {"referenceUid": "seat-ref-1"}}],
            "note": "see oldUidOldUid and seat-ref-1"}});
        let shown = veil(&body.to_string());
        let text = shown.to_string();
        for gone in [uid, "oldUidOldUid", "seat-ref-1"] {
            assert!(!text.contains(gone), "{gone} in {text}");
        }
        assert_eq!(shown["payload"]["title"], "Laser");
        assert_eq!(shown["payload"]["attendees"][0]["name"], "Ada");
        assert_eq!(shown["payload"]["location"], "https://cal.test/booking/…?changes=true");
    }

    #[test]
    fn what_cannot_be_read_shows_nothing() {
        assert_eq!(veil("not json"), Value::Null);
    }
}
