//! A delivery as it may be stored.
//!
//! What lets its holder act, such as the password of an approval link, is replaced at every
//! depth; everything else stays as it was.

use serde_json::Value;

use super::raw::{BodyError, object};

/// What stands in place of a secret.
const MASKED: &str = "…";

/// Field names, in lower case, whose content lets its holder act.
const NAMES: [&str; 6] =
    ["onetimepassword", "hashedlink", "downloadlink", "authorization", "cookie", "apikey"];
/// Endings of such names.
const ENDINGS: [&str; 3] = ["password", "secret", "token"];

/// The body with every secret replaced, as JSON text.
pub fn mask(raw: &[u8]) -> Result<String, BodyError> {
    let mut body = Value::Object(object(raw)?);
    cover(&mut body);
    Ok(body.to_string())
}

fn cover(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                if secret(name) && !field.is_null() {
                    *field = Value::from(MASKED);
                } else {
                    cover(field);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(cover),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn secret(name: &str) -> bool {
    // From behind, and nothing is copied: every name of a body is asked about.
    let letters = || {
        let plain = name.bytes().filter(|byte| !matches!(byte, b'_' | b'-'));
        plain.map(|byte| byte.to_ascii_lowercase()).rev()
    };
    let is = |known: &&str| letters().eq(known.bytes().rev());
    let ends = |ending: &&str| {
        let mut letters = letters();
        ending.bytes().rev().all(|byte| letters.next() == Some(byte))
    };
    NAMES.iter().any(is) || ENDINGS.iter().any(ends)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_replaced_at_every_depth_and_the_rest_stays() {
        let body = json!({"triggerEvent": "BOOKING_REQUESTED", "payload": {
            "oneTimePassword": "b698cbca", "hashedLink": "h1", "uid": "a1",
            "videoCallData": {"url": "https://meet.test/1", "password": "p1"},
            "webhook": {"secret": "s1", "list": [{"access_token": "t1"}, {"api-key": {"k": 1}}]}}});
        let masked = mask(body.to_string().as_bytes()).unwrap();
        for gone in ["b698cbca", "h1", "p1", "s1", "t1", "\"k\""] {
            assert!(!masked.contains(gone), "{gone} in {masked}");
        }
        let kept: Value = serde_json::from_str(&masked).unwrap();
        assert_eq!(kept["payload"]["uid"], "a1");
        assert_eq!(kept["payload"]["videoCallData"]["url"], "https://meet.test/1");
        assert_eq!(kept["triggerEvent"], "BOOKING_REQUESTED");
    }

    #[test]
    fn a_secret_that_is_not_there_stays_null() {
        assert_eq!(mask(b"{\"oneTimePassword\":null}").unwrap(), "{\"oneTimePassword\":null}");
    }

    #[test]
    fn a_masked_body_reads_like_the_first_one() {
        let body = json!({"triggerEvent": "BOOKING_REQUESTED",
            "payload": {"uid": "a1", "oneTimePassword": "x"}});
        let raw = body.to_string();
        let masked = mask(raw.as_bytes()).unwrap();
        assert_eq!(super::super::parse(masked.as_bytes()), super::super::parse(raw.as_bytes()));
    }
}
