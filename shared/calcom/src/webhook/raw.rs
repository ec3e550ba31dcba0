//! The bytes of a delivery before anything is made of them.
//!
//! A body passes only within the limits of RELIABILITY W3: 256 kB of JSON, 32 levels deep.

use data_encoding::BASE64;
use serde_json::{Map, Value};

/// Largest body taken, in bytes.
pub const MAX_BODY_BYTES: usize = 256 * 1024;
/// Most levels of objects and lists in a body.
pub const MAX_DEPTH: usize = 32;

/// Why a body is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum BodyError {
    /// The body was said to be base64 and is not.
    #[error("the body is not the base64 it is said to be")]
    Base64,
    /// More than [`MAX_BODY_BYTES`].
    #[error("the body is too large")]
    TooLarge,
    /// More than [`MAX_DEPTH`] levels.
    #[error("the body is nested too deeply")]
    TooDeep,
    /// No JSON object.
    #[error("the body is not a json object")]
    NotAnObject,
}

/// The raw bytes of a body as a gateway or load balancer hands it over; the signature is over
/// these, never over the base64 text (RELIABILITY W2).
pub fn raw_body(text: &str, base64: bool) -> Result<Vec<u8>, BodyError> {
    if base64 {
        BASE64.decode(text.as_bytes()).map_err(|_| BodyError::Base64)
    } else {
        Ok(text.as_bytes().to_vec())
    }
}

/// The object in a body that keeps the limits.
pub(super) fn object(raw: &[u8]) -> Result<Map<String, Value>, BodyError> {
    if raw.len() > MAX_BODY_BYTES {
        return Err(BodyError::TooLarge);
    }
    if depth(raw) > MAX_DEPTH {
        return Err(BodyError::TooDeep);
    }
    match serde_json::from_slice(raw) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) | Err(_) => Err(BodyError::NotAnObject),
    }
}

/// Deepest nesting, counted without building anything, so a hostile body costs one pass.
fn depth(raw: &[u8]) -> usize {
    let (mut open, mut deepest) = (0_usize, 0_usize);
    let (mut in_text, mut escaped) = (false, false);
    for byte in raw {
        match (in_text, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_text = !in_text,
            (false, b'{' | b'[') => {
                open += 1;
                deepest = deepest.max(open);
            }
            (false, b'}' | b']') => open = open.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> String {
        format!("{}1{}", r#"{"a":"#.repeat(levels), "}".repeat(levels))
    }

    #[test]
    fn a_body_of_the_greatest_depth_is_taken_and_one_deeper_is_not() {
        assert!(object(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(object(nested(MAX_DEPTH + 1).as_bytes()), Err(BodyError::TooDeep));
        let lists = format!("{{\"a\":{}{}}}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert_eq!(object(lists.as_bytes()), Err(BodyError::TooDeep));
    }

    #[test]
    fn braces_inside_texts_are_no_depth() {
        let body = format!(r#"{{"a":"\"{}\\","b":"{}"}}"#, "[{".repeat(50), "{".repeat(50));
        assert!(object(body.as_bytes()).is_ok());
    }

    #[test]
    fn a_body_at_the_limit_is_taken_and_one_byte_more_is_not() {
        let empty = r#"{"a":""}"#;
        let full = format!(r#"{{"a":"{}"}}"#, "x".repeat(MAX_BODY_BYTES - empty.len()));
        assert_eq!(full.len(), MAX_BODY_BYTES);
        assert!(object(full.as_bytes()).is_ok());
        assert_eq!(object(format!("{full} ").as_bytes()), Err(BodyError::TooLarge));
    }

    #[test]
    fn what_is_no_object_is_refused() {
        for body in ["", "null", "[]", "\"a\"", "{", "{}{}", "{\"a\":\u{0}}", "triggerEvent=x"] {
            assert_eq!(object(body.as_bytes()), Err(BodyError::NotAnObject), "{body}");
        }
        assert_eq!(object(b"{\"a\":\"\xff\"}"), Err(BodyError::NotAnObject));
    }

    #[test]
    fn a_body_comes_out_the_same_with_and_without_base64() {
        assert_eq!(raw_body("{\"a\":\"é\"}", false).unwrap(), "{\"a\":\"é\"}".as_bytes());
        assert_eq!(raw_body("eyJhIjoiw6kifQ==", true).unwrap(), "{\"a\":\"é\"}".as_bytes());
        assert_eq!(raw_body("{\"a\":1}", true), Err(BodyError::Base64));
    }
}
