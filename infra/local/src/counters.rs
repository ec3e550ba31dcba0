//! Requests per function and endpoint since the last reset.
//! Counting never touches a function: its access-key id and base address carry its name.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::Serialize;

/// Which endpoint of the runner a function called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoint {
    DynamoDb,
    Queue,
    Calcom,
}

/// Requests of one function by endpoint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Calls {
    pub dynamodb: u64,
    pub queue: u64,
    pub calcom: u64,
}

/// All counters of a running stack.
#[derive(Debug, Default)]
pub struct Counters {
    by_function: Mutex<BTreeMap<String, Calls>>,
}

impl Counters {
    /// Counts one request of `function`.
    pub fn count(&self, function: &str, endpoint: Endpoint) {
        let Ok(mut by_function) = self.by_function.lock() else { return };
        let calls = by_function.entry(function.to_owned()).or_default();
        match endpoint {
            Endpoint::DynamoDb => calls.dynamodb += 1,
            Endpoint::Queue => calls.queue += 1,
            Endpoint::Calcom => calls.calcom += 1,
        }
    }

    /// Counts since the last reset; `reset` starts again from zero in the same step.
    pub fn read(&self, reset: bool) -> BTreeMap<String, Calls> {
        match self.by_function.lock() {
            Ok(mut by_function) if reset => std::mem::take(&mut *by_function),
            Ok(by_function) => by_function.clone(),
            Err(_) => BTreeMap::new(),
        }
    }
}

/// The access-key id in a signed `Authorization` header; it is the function's name.
pub fn access_key_id(authorization: &str) -> Option<&str> {
    let (_, rest) = authorization.split_once("Credential=")?;
    let (id, _) = rest.split_once('/')?;
    (!id.is_empty()).then_some(id)
}

/// Counts a signed request by the function whose key signed it.
pub fn count_signed(counters: &Counters, headers: &http::HeaderMap, endpoint: Endpoint) {
    let function = headers
        .get(http::header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(access_key_id);
    if let Some(function) = function {
        counters.count(function, endpoint);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_id_is_read_from_a_signature_header() {
        let header = "AWS4-HMAC-SHA256 Credential=machines-get/20260101/eu-central-1/dynamodb/x";
        assert_eq!(access_key_id(header), Some("machines-get"));
        assert_eq!(access_key_id("Bearer x"), None);
    }

    #[test]
    fn a_reset_answers_the_counts_and_clears_them() {
        let counters = Counters::default();
        counters.count("machines-get", Endpoint::DynamoDb);
        counters.count("machines-get", Endpoint::Calcom);
        let before = counters.read(true);
        assert_eq!(before["machines-get"], Calls { dynamodb: 1, queue: 0, calcom: 1 });
        assert!(counters.read(false).is_empty());
    }
}
