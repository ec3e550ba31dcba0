//! Which deliveries a happening causes, with the bytes that will be sent (CONTRACT 9.3).
//! The signature is bare lower-case hex over exactly the stored bytes, made once.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::Sha256;

use super::faults::{DeliveryFault, Fault, Injection};
use super::model::{Booking, Delivery, DeliveryState, Subscription};
use super::payload::Happening;
use super::time::{millis, plus};
use super::world::World;

const SIGNATURE: &str = "X-Cal-Signature-256";
const VERSION: &str = "X-Cal-Webhook-Version";

/// Ids to send at once, side by side, and then those that follow out of order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outgoing {
    pub(crate) first: Vec<String>,
    pub(crate) after: Vec<String>,
}

/// The signature of a body; the literal of the original when there is no secret.
pub(crate) fn signature(secret: Option<&str>, body: &str) -> String {
    let Some(secret) = secret.filter(|secret| !secret.is_empty()) else {
        return "no-secret-provided".to_owned();
    };
    match Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
        Ok(mut mac) => {
            mac.update(body.as_bytes());
            hex::encode(mac.finalize().into_bytes())
        }
        Err(_) => String::new(),
    }
}

/// Replaces `{{path.to.value}}` by values of the flat payload.
fn render(template: &str, payload: &Value) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((path, after)) = tail.split_once("}}") else {
            out.push_str("{{");
            rest = tail;
            continue;
        };
        let pointer = format!("/{}", path.trim().replace('.', "/"));
        match payload.pointer(&pointer) {
            Some(Value::String(text)) => out.push_str(text),
            Some(value) if !value.is_null() => out.push_str(&value.to_string()),
            _ => {}
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn body(one: &Subscription, trigger: &str, payload: &Map<String, Value>, at: Timestamp) -> String {
    let created_at = millis(at);
    if let Some(template) = one.payload_template.as_deref().filter(|text| !text.is_empty()) {
        let mut flat = payload.clone();
        flat.insert("triggerEvent".to_owned(), json!(trigger));
        flat.insert("createdAt".to_owned(), json!(created_at));
        return render(template, &Value::Object(flat));
    }
    let whole = Whole { trigger_event: trigger, created_at: &created_at, payload };
    // Keys are text and nothing here refuses to be written.
    serde_json::to_string(&whole).unwrap_or_default()
}

/// A body without a template, written without a copy of what is in it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Whole<'a> {
    trigger_event: &'a str,
    created_at: &'a str,
    payload: &'a Map<String, Value>,
}

/// Spoils what a fault rule wants spoiled, after the signature was made.
fn spoil(delivery: &mut Delivery, fault: DeliveryFault, secret: Option<&str>) {
    let signed = |secret: Option<&str>| signature(secret, &delivery.body);
    let header = match fault {
        DeliveryFault::WebhookWrongSignature => Some("0".repeat(64)),
        DeliveryFault::WebhookNoSecret => Some(signed(None)),
        DeliveryFault::WebhookOldSecret => {
            Some(signed(Some(&format!("old-{}", secret.unwrap_or_default()))))
        }
        DeliveryFault::WebhookSha256Prefix => Some(format!("sha256={}", signed(secret))),
        DeliveryFault::WebhookMissingSignature => None,
        DeliveryFault::WebhookAlteredBody => {
            delivery.body.push('\n');
            return;
        }
        DeliveryFault::WebhookBase64Body => {
            delivery.body = BASE64.encode(delivery.body.as_bytes());
            return;
        }
        DeliveryFault::WebhookLost
        | DeliveryFault::WebhookDuplicate
        | DeliveryFault::WebhookDuplicateNewCreatedAt
        | DeliveryFault::WebhookDelayed
        | DeliveryFault::WebhookReordered
        | DeliveryFault::WebhookBurst => return,
    };
    match header {
        Some(text) => delivery.headers.insert(SIGNATURE.to_owned(), text),
        None => delivery.headers.remove(SIGNATURE),
    };
}

/// Puts a delivery aside when a fault rule says so.
fn divert(delivery: &mut Delivery, kind: DeliveryFault, fault: &Fault) {
    if kind == DeliveryFault::WebhookLost {
        delivery.state = DeliveryState::Dropped;
    }
    if kind == DeliveryFault::WebhookDelayed {
        let delay = i64::from(fault.seconds.unwrap_or(300));
        delivery.state = DeliveryState::Held;
        delivery.due_at = Some(plus(delivery.created_at, SignedDuration::from_secs(delay)));
    }
    if kind == DeliveryFault::WebhookReordered {
        delivery.state = DeliveryState::Held;
        delivery.after_next = true;
    }
}

/// How often one more copy of a delivery is sent.
fn copies(kind: DeliveryFault, fault: &Fault) -> u32 {
    let doubled = [DeliveryFault::WebhookDuplicate, DeliveryFault::WebhookDuplicateNewCreatedAt];
    if kind == DeliveryFault::WebhookBurst {
        return fault.count.unwrap_or(1000).saturating_sub(1);
    }
    u32::from(doubled.contains(&kind))
}

/// What a delivery is about.
struct Message<'a> {
    trigger: &'a str,
    uid: Option<&'a str>,
    payload: Map<String, Value>,
}

impl World {
    fn subscribers(&self, booking: &Booking, trigger: &str) -> Vec<Subscription> {
        let mut found: Vec<Subscription> = self
            .subscriptions
            .values()
            .filter(|one| one.active && one.triggers.iter().any(|word| word == trigger))
            .filter(|one| match one.event_type_id {
                Some(id) => booking.event_type_id == Some(id),
                None => one.user_id == booking.host_id,
            })
            .cloned()
            .collect();
        found.sort_by_key(|one| one.order);
        found
    }

    fn new_delivery(
        &mut self,
        one: &Subscription,
        message: &Message<'_>,
        now: Timestamp,
    ) -> Delivery {
        let Message { trigger, uid, payload } = message;
        let body = body(one, trigger, payload, now);
        let order = self.next("delivery");
        let headers = BTreeMap::from([
            ("Content-Type".to_owned(), "application/json".to_owned()),
            (SIGNATURE.to_owned(), signature(one.secret.as_deref(), &body)),
            (VERSION.to_owned(), "2021-10-20".to_owned()),
        ]);
        Delivery {
            id: format!("whd_{order:06}"),
            order,
            trigger: (*trigger).to_owned(),
            uid: uid.map(str::to_owned),
            url: one.subscriber_url.clone(),
            body,
            headers,
            state: self.first_state(),
            attempts: 0,
            last_status: None,
            created_at: now,
            due_at: None,
            after_next: false,
        }
    }

    /// Stores the deliveries of a happening and says which of them leave now.
    pub(crate) fn announce(
        &mut self,
        happening: &Happening,
        booking: &Booking,
        now: Timestamp,
    ) -> Outgoing {
        let trigger = happening.trigger();
        let password = matches!(happening, Happening::Requested).then(|| self.new_uuid());
        let payload = self.payload(happening, booking, password.as_deref());
        let subscribers = self.subscribers(booking, trigger);
        if subscribers.is_empty() {
            return Outgoing::default();
        }
        let names = [happening.route(), trigger, "webhooks"];
        let fault = self.take_fault(&names, Injection::delivery);
        let message = Message { trigger, uid: Some(&booking.uid), payload };
        let mut out = Outgoing { after: self.overtaken(), ..Outgoing::default() };
        for (position, one) in subscribers.iter().enumerate() {
            // Each subscriber gets its own moment of sending.
            let millisecond = i64::try_from(position).unwrap_or_default();
            let at = plus(now, SignedDuration::from_millis(millisecond));
            let delivery = self.new_delivery(one, &message, at);
            self.dispatch(delivery, one, fault.as_ref(), &mut out);
        }
        if out.first.is_empty() {
            self.hold_again(&mut out);
        }
        out
    }

    /// Applies a fault to one delivery, stores it, and puts it where it belongs.
    fn dispatch(
        &mut self,
        mut delivery: Delivery,
        one: &Subscription,
        fault: Option<&(DeliveryFault, Fault)>,
        out: &mut Outgoing,
    ) {
        if let Some((kind, fault)) = fault {
            spoil(&mut delivery, *kind, one.secret.as_deref());
            divert(&mut delivery, *kind, fault);
            let renew = *kind == DeliveryFault::WebhookDuplicateNewCreatedAt;
            for _ in 0..copies(*kind, fault) {
                let copy = self.copy(&delivery, one, renew);
                self.store(copy, out);
            }
        }
        self.store(delivery, out);
    }

    fn copy(&mut self, delivery: &Delivery, one: &Subscription, renew: bool) -> Delivery {
        let mut copy = delivery.clone();
        copy.order = self.next("delivery");
        copy.id = format!("whd_{:06}", copy.order);
        if renew && let Ok(mut value) = serde_json::from_str::<Value>(&copy.body) {
            let later = plus(copy.created_at, SignedDuration::from_millis(7));
            if let Some(stamp) = value.get_mut("createdAt") {
                *stamp = json!(millis(later));
            }
            copy.body = value.to_string();
            let text = signature(one.secret.as_deref(), &copy.body);
            copy.headers.insert(SIGNATURE.to_owned(), text);
        }
        copy
    }

    fn store(&mut self, delivery: Delivery, out: &mut Outgoing) {
        if delivery.state == DeliveryState::Sending {
            out.first.push(delivery.id.clone());
        }
        self.deliveries.put(delivery.id.clone(), delivery);
    }

    /// Deliveries that waited to be overtaken.
    fn overtaken(&mut self) -> Vec<String> {
        let ids: Vec<String> = self
            .deliveries
            .values()
            .filter(|one| one.after_next && one.state == DeliveryState::Held)
            .map(|one| one.id.clone())
            .collect();
        for id in &ids {
            if let Some(one) = self.deliveries.change(id) {
                one.state = DeliveryState::Sending;
            }
        }
        ids
    }

    fn hold_again(&mut self, out: &mut Outgoing) {
        for id in out.after.drain(..) {
            if let Some(one) = self.deliveries.change(&id) {
                one.state = DeliveryState::Held;
            }
        }
    }

    /// The test button of the web UI: signed, without a booking.
    pub(crate) fn ping(&mut self, now: Timestamp) -> Outgoing {
        let mut out = Outgoing::default();
        let all: Vec<Subscription> =
            self.subscriptions.values().filter(|one| one.active).cloned().collect();
        let person = |name: &str, email: &str| {
            json!({
                "name": name, "email": email, "timeZone": "Europe/London",
                "language": { "locale": "en" }, "utcOffset": 0
            })
        };
        let moment = millis(now);
        let payload = json!({
            "type": "Test", "title": "Test trigger event", "startTime": moment, "endTime": moment,
            "attendees": [person("John Doe", "jdoe@example.com")],
            "organizer": person("Cal", "no-reply@cal.com")
        });
        let payload = payload.as_object().cloned().unwrap_or_default();
        let message = Message { trigger: Happening::Ping.trigger(), uid: None, payload };
        for one in all {
            let delivery = self.new_delivery(&one, &message, now);
            self.store(delivery, &mut out);
        }
        out
    }

    /// Marks one delivery for sending again, with the bytes it has.
    pub(crate) fn send_again(&mut self, id: &str) -> Option<()> {
        let one = self.deliveries.change(id)?;
        one.state = DeliveryState::Sending;
        one.after_next = false;
        one.due_at = None;
        Some(())
    }

    /// Notes how a sending ended; a non-2xx or no answer at all is failed and forgotten.
    pub(crate) fn settle_delivery(&mut self, id: &str, status: Option<u16>) {
        if let Some(one) = self.deliveries.change(id) {
            one.attempts += 1;
            one.last_status = status;
            let accepted = status.is_some_and(|status| (200..300).contains(&status));
            one.state = if accepted { DeliveryState::Delivered } else { DeliveryState::Failed };
        }
    }
}
