//! MD5 digests that senders compare with their own.
//! The layout of the attribute digest is the one AWS documents for verification.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use md5::{Digest, Md5};
use serde_json::{Map, Value};

/// MD5 of a body in lower-case hexadecimal.
pub fn of_body(body: &str) -> String {
    HEXLOWER.encode(&Md5::digest(body.as_bytes()))
}

/// Digest of message attributes; nothing when there are none.
pub(super) fn of_attributes(attributes: &Map<String, Value>) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let mut sorted: Vec<(&String, &Value)> = attributes.iter().collect();
    sorted.sort_by_key(|(name, _)| name.as_str());
    let mut hasher = Md5::new();
    for (name, value) in sorted {
        let field = |key| value.get(key).and_then(Value::as_str);
        add(&mut hasher, name.as_bytes());
        add(&mut hasher, field("DataType").unwrap_or_default().as_bytes());
        if let Some(encoded) = field("BinaryValue") {
            hasher.update([2]);
            add(&mut hasher, &STANDARD.decode(encoded).unwrap_or_default());
        } else {
            hasher.update([1]);
            add(&mut hasher, field("StringValue").unwrap_or_default().as_bytes());
        }
    }
    Some(HEXLOWER.encode(&hasher.finalize()))
}

fn add(hasher: &mut Md5, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    hasher.update(length.to_be_bytes());
    hasher.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_its_known_digest() {
        assert_eq!(of_body("hello"), "5d41402abc4b2a76b9719d911017c592");
        assert_eq!(of_attributes(&Map::new()), None);
    }
}
