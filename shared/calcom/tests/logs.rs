//! What the client and the libraries below it write to the log.
//!
//! No key, uid, address of a person or text of an answer is in any field of any event.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use interlock_app::ports::scheduler::Failure;
use interlock_app::ports::{Deliveries, Scheduler};
use interlock_calcom::webhook::{CalcomDeliveries, SigningSecrets, WebhookSecrets};
use interlock_calcom::{CredentialError, Secret};
use serde_json::json;
use support::*;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber, subscriber};

#[cfg(test)]
mod support;

/// Keeps every field of every event and span as text.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<String>>);

struct Text<'a>(&'a mut String);

impl Visit for Text<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, " {field}={value:?}");
    }
}

impl Subscriber for Lines {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        if let Ok(mut lines) = self.0.lock() {
            span.record(&mut Text(&mut lines));
        }
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, values: &Record<'_>) {
        if let Ok(mut lines) = self.0.lock() {
            values.record(&mut Text(&mut lines));
        }
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        if let Ok(mut lines) = self.0.lock() {
            lines.push('\n');
            event.record(&mut Text(&mut lines));
        }
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}

#[tokio::test]
async fn the_log_names_class_status_and_request_and_nothing_secret() {
    let lines = Lines::default();
    let guard = subscriber::set_default(lines.clone());
    let told = format!("no client for access token={KEY} of lin@member.test");
    let server = Server::start(vec![
        Reply::data(201, &booking()),
        Reply::data(200, &booking()),
        Reply::refusal(403, &told),
        Reply::data(200, &json!([])),
    ])
    .await;
    let client = client(&server);
    client.create(&keyed(), &new_booking()).await.unwrap();
    client.booking(&keyed(), &uid(UID)).await.unwrap();
    let error = client.cancel(&keyed(), &uid(UID), "a private reason").await.unwrap_err();
    assert_eq!(error.failure, Failure::Credential);
    client.event_types(&keyed()).await.unwrap();
    drop(guard);
    let log = lines.0.lock().unwrap().clone();
    for said in ["failure=Credential", "status=403", "d2f1", "operation=Cancel", "cal_kiln"] {
        assert!(log.contains(said), "{said} is not in {log}");
    }
    assert_eq!(log.matches("CalcomCalls=1").count(), 4, "{log}");
    assert!(!log.contains("CalcomCallsFailed=1"), "it answered each time: {log}");
    assert_eq!(log.matches("CalcomCredentialRefused=1").count(), 1, "{log}");
    for secret in [KEY, UID, "lin@member.test", "Lin Park", "a private reason", "access token"] {
        assert!(!log.contains(secret), "{secret} is in {log}");
    }
}

#[tokio::test]
async fn a_call_that_nobody_answers_is_counted_as_failed_and_a_no_is_not() {
    let lines = Lines::default();
    let guard = subscriber::set_default(lines.clone());
    let server = Server::start(vec![Reply::refusal(400, "no")]).await;
    let client = client(&server);
    client.create(&keyed(), &new_booking()).await.unwrap_err();
    let closed = client_at(([127, 0, 0, 1], 1).into(), Row::of(vec![key(KEY)]));
    closed.create(&keyed(), &new_booking()).await.unwrap_err();
    drop(guard);
    let log = lines.0.lock().unwrap().clone();
    assert_eq!(log.matches("CalcomCallsFailed=0").count(), 1, "{log}");
    assert_eq!(log.matches("CalcomCallsFailed=1").count(), 1, "{log}");
}

struct Signed;

#[async_trait::async_trait]
impl WebhookSecrets for Signed {
    async fn active(&self) -> Result<SigningSecrets, CredentialError> {
        SigningSecrets::new(vec![Secret::new("the-secret")]).map_err(|_| CredentialError::Missing)
    }
}

#[tokio::test]
async fn a_signature_that_is_none_is_counted_and_is_not_told() {
    let lines = Lines::default();
    let guard = subscriber::set_default(lines.clone());
    let deliveries = CalcomDeliveries::new(Arc::new(Signed));
    let forged = "f00d".repeat(16);
    deliveries.verify(b"{}", std::slice::from_ref(&forged)).await.unwrap_err();
    drop(guard);
    let log = lines.0.lock().unwrap().clone();
    assert_eq!(log.matches("WebhookSignaturesRefused=1").count(), 1, "{log}");
    assert!(!log.contains(&forged), "{log}");
}
