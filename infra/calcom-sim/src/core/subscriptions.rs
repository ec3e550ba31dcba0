//! Webhook subscriptions of users and of event types (CONTRACT 9.1).
//! The address is not checked at all and the secret is answered in clear, as in the original.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::api_error::{Answer, ApiError, tree_node};
use super::model::Subscription;
use super::request::{ApiRequest, Caller};
use super::time::millis;
use super::world::World;

/// All trigger words, in the order of the original's error text.
pub(crate) const TRIGGERS: [&str; 19] = [
    "BOOKING_CREATED",
    "BOOKING_PAYMENT_INITIATED",
    "BOOKING_PAID",
    "BOOKING_RESCHEDULED",
    "BOOKING_REQUESTED",
    "BOOKING_CANCELLED",
    "BOOKING_REJECTED",
    "BOOKING_NO_SHOW_UPDATED",
    "FORM_SUBMITTED",
    "MEETING_ENDED",
    "MEETING_STARTED",
    "RECORDING_READY",
    "INSTANT_MEETING",
    "RECORDING_TRANSCRIPTION_GENERATED",
    "OOO_CREATED",
    "AFTER_HOSTS_CAL_VIDEO_NO_SHOW",
    "AFTER_GUESTS_CAL_VIDEO_NO_SHOW",
    "FORM_SUBMITTED_NO_EVENT",
    "DELEGATION_CREDENTIAL_ERROR",
];

fn owner(one: &Subscription) -> (&'static str, Value) {
    match one.event_type_id {
        Some(id) => ("eventTypeId", json!(id)),
        None => ("userId", json!(one.user_id)),
    }
}

fn output(one: &Subscription) -> Value {
    let mut out = json!({
        "id": one.id, "payloadTemplate": one.payload_template, "triggers": one.triggers,
        "subscriberUrl": one.subscriber_url, "active": one.active, "secret": one.secret
    });
    let (key, id) = owner(one);
    if let Some(fields) = out.as_object_mut() {
        fields.insert(key.to_owned(), id);
    }
    out
}

fn full_output(one: &Subscription) -> Value {
    let user = one.event_type_id.is_none().then_some(one.user_id);
    json!({
        "id": one.id, "userId": user, "teamId": null, "eventTypeId": one.event_type_id,
        "subscriberUrl": one.subscriber_url, "payloadTemplate": one.payload_template,
        "createdAt": millis(one.created_at), "active": one.active, "appId": null,
        "secret": one.secret, "platform": false, "time": null, "timeUnit": null,
        "version": "2021-10-20", "triggers": one.triggers, "oAuthClientId": null
    })
}

fn check(body: &Value, required: bool) -> Answer<()> {
    let mut nodes = Vec::new();
    let missing =
        |key: &str, fits: fn(&Value) -> bool| body.get(key).map_or(required, |value| !fits(value));
    if missing("subscriberUrl", Value::is_string) {
        let rule = json!({ "isString": "subscriberUrl must be a string" });
        nodes.push(tree_node(body, "subscriberUrl", rule));
    }
    if missing("active", Value::is_boolean) {
        let rule = json!({ "isBoolean": "active must be a boolean value" });
        nodes.push(tree_node(body, "active", rule));
    }
    let known = |list: &Value| {
        list.as_array().is_some_and(|words| {
            words.iter().all(|word| word.as_str().is_some_and(|word| TRIGGERS.contains(&word)))
        })
    };
    if missing("triggers", known) {
        let text = format!(
            "each value in triggers must be one of the following values: {}",
            TRIGGERS.join(", ")
        );
        nodes.push(tree_node(body, "triggers", json!({ "isEnum": text })));
    }
    if nodes.is_empty() { Ok(()) } else { Err(ApiError::tree(nodes)) }
}

fn apply(one: &mut Subscription, body: &Map<String, Value>) {
    let text = |key: &str| body.get(key).map(|value| value.as_str().map(str::to_owned));
    if let Some(Some(url)) = text("subscriberUrl") {
        one.subscriber_url = url;
    }
    if let Some(active) = body.get("active").and_then(Value::as_bool) {
        one.active = active;
    }
    if let Some(words) = body.get("triggers").and_then(Value::as_array) {
        one.triggers = words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    if let Some(secret) = text("secret") {
        one.secret = secret;
    }
    if let Some(template) = text("payloadTemplate") {
        one.payload_template = template;
    }
}

impl World {
    /// Stores a subscription; the same address twice for one owner is a conflict.
    pub(crate) fn subscribe(
        &mut self,
        user_id: i64,
        event_type_id: Option<i64>,
        body: &Map<String, Value>,
        now: Timestamp,
    ) -> Answer<Subscription> {
        let url = body.get("subscriberUrl").and_then(Value::as_str).unwrap_or_default();
        let taken = self.subscriptions.values().any(|one| {
            one.user_id == user_id
                && one.event_type_id == event_type_id
                && one.subscriber_url == url
        });
        if taken {
            let whom = if event_type_id.is_some() { "event type" } else { "user" };
            let text = format!("Webhook with this subscriber url already exists for this {whom}");
            return Err(ApiError::framework(409, text));
        }
        let mut one = Subscription {
            id: self.new_uuid(),
            order: self.next("subscription"),
            user_id,
            event_type_id,
            subscriber_url: String::new(),
            active: true,
            triggers: Vec::new(),
            secret: None,
            payload_template: None,
            created_at: now,
        };
        apply(&mut one, body);
        self.subscriptions.put(one.id.clone(), one.clone());
        Ok(one)
    }

    pub(crate) fn create_webhook(
        &mut self,
        caller: Caller,
        event_type_id: Option<i64>,
        request: &ApiRequest,
        now: Timestamp,
    ) -> Answer<Value> {
        if let Some(id) = event_type_id {
            self.own_event_type(caller, id)?;
        }
        check(&request.body, true)?;
        let user_id = caller.account_id.unwrap_or_default();
        let one = self.subscribe(user_id, event_type_id, &request.object(), now)?;
        Ok(output(&one))
    }

    pub(crate) fn list_webhooks(
        &self,
        caller: Caller,
        event_type_id: Option<i64>,
        request: &ApiRequest,
    ) -> Value {
        let number = |name: &str, default: usize| {
            request.query(name).and_then(|text| text.parse().ok()).unwrap_or(default)
        };
        let mut own: Vec<&Subscription> = self
            .subscriptions
            .values()
            .filter(|one| caller.is(one.user_id) && one.event_type_id == event_type_id)
            .collect();
        own.sort_by_key(|one| one.order);
        own.into_iter().skip(number("skip", 0)).take(number("take", 250)).map(output).collect()
    }

    fn own_webhook(&self, caller: Caller, id: &str) -> Answer<&Subscription> {
        let found = self
            .subscriptions
            .get(id)
            .ok_or_else(|| ApiError::not_found(format!("Webhook ({id}) not found")))?;
        if caller.is(found.user_id) {
            return Ok(found);
        }
        let user = caller.account_id.unwrap_or_default();
        Err(ApiError::framework(
            403,
            format!(
                "IsUserWebhookGuard - user with id=({user}) is not the owner of webhook with \
                 id=({id})"
            ),
        ))
    }

    pub(crate) fn read_webhook(&self, caller: Caller, id: &str) -> Answer<Value> {
        self.own_webhook(caller, id).map(full_output)
    }

    pub(crate) fn update_webhook(
        &mut self,
        caller: Caller,
        id: &str,
        request: &ApiRequest,
    ) -> Answer<Value> {
        self.own_webhook(caller, id)?;
        check(&request.body, false)?;
        let Some(one) = self.subscriptions.change(id) else {
            return Err(ApiError::plain(500, "Internal server error"));
        };
        apply(one, &request.object());
        Ok(output(one))
    }

    pub(crate) fn delete_webhook(&mut self, caller: Caller, id: &str) -> Answer<Value> {
        let gone = output(self.own_webhook(caller, id)?);
        self.subscriptions.remove(id);
        Ok(gone)
    }
}
