//! Every request received, with secrets masked, for tests and for people who look.
//! Lives in memory only and keeps the newest entries.

use std::collections::VecDeque;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::core::request::ApiRequest;
use crate::core::time::millis;

const KEPT: usize = 5000;

#[derive(Debug)]
struct Entry {
    number: u64,
    value: Value,
}

#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: VecDeque<Entry>,
    last: u64,
}

/// A credential shown by its kind alone.
fn masked(credential: &str) -> &'static str {
    if credential.contains("cal_") { "Bearer cal_****" } else { "****" }
}

impl Journal {
    /// Notes a request as it came in; answers the number under which its end is noted.
    pub(crate) fn open(
        &mut self,
        request: &ApiRequest,
        caller: Option<&str>,
        now: Timestamp,
    ) -> u64 {
        self.last += 1;
        let mut body = request.body.clone();
        if let Some(secret) = body.get_mut("secret") {
            *secret = json!("****");
        }
        let value = json!({
            "number": self.last, "at": millis(now), "method": request.method,
            "path": request.path, "target": request.target, "caller": caller,
            "headers": {
                "authorization": request.authorization.as_deref().map(masked),
                "cal-api-version": request.version
            },
            "body": body, "route": null, "account": null, "fault": null, "status": null,
            "requestId": null
        });
        if self.entries.len() == KEPT {
            self.entries.pop_front();
        }
        self.entries.push_back(Entry { number: self.last, value });
        self.last
    }

    /// Adds to an entry what became known since.
    pub(crate) fn note(&mut self, number: u64, key: &str, value: Value) {
        let entry = self.entries.iter_mut().rev().find(|entry| entry.number == number);
        if let Some(slot) = entry.and_then(|entry| entry.value.get_mut(key)) {
            *slot = value;
        }
    }

    pub(crate) fn list(&self) -> Value {
        self.entries.iter().map(|entry| entry.value.clone()).collect()
    }

    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}
