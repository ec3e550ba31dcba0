//! The core without a server, for a host that brings its own time, network and faults.
//!
//! A booking call is taken in the same steps as over HTTP (`http/flow.rs`), and between two steps
//! the host does what it likes: deliver, wait, drop the caller, or let another call pass.

mod person;
mod turn;

use jiff::Timestamp;
use serde_json::{Map, Value, json};

pub use turn::{Answer, ApiCall, Mishap, Pending, Trouble, Turn};

use crate::core::delivery::Outgoing;
use crate::core::model::{Account, Settings, WebhookMode};
use crate::core::subscriptions::TRIGGERS;
use crate::core::world::World;

/// A stand-in in memory, on the host's clock.
#[derive(Debug, Clone)]
pub struct Desk {
    world: World,
}

/// A delivery on its way: the bytes and the signature that came with them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// The raw body.
    pub body: String,
    /// The signature header, if there is one.
    pub signature: Option<String>,
}

/// A calendar account to plant.
#[derive(Debug, Clone)]
pub struct AccountSeed<'a> {
    /// Cal.com's number of the user.
    pub id: i64,
    /// User name; also the shown name.
    pub username: &'a str,
    /// E-mail of the host.
    pub email: &'a str,
    /// Its key, `cal_` and more.
    pub api_key: &'a str,
    /// Zone of its working hours.
    pub time_zone: &'a str,
    /// Working hours as in the API of schedules.
    pub availability: Value,
}

/// A booking as it really stands, past every fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub uid: String,
    /// Whether it is accepted.
    pub accepted: bool,
    /// First instant.
    pub start: Timestamp,
    /// First instant after.
    pub end: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// Kind, unless that was deleted.
    pub event_type_id: Option<i64>,
    /// Cal.com's number of the host.
    pub host_id: i64,
    /// Where it was moved to.
    pub moved_to: Option<String>,
    /// A value of its metadata.
    pub mark: Option<String>,
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(fields) = value { fields } else { Map::new() }
}

impl Desk {
    /// An empty one. `seed` decides every name that is drawn; the limit of calls is Cal.com's own.
    pub fn new(seed: u64) -> Self {
        let settings = Settings {
            webhook_mode: WebhookMode::Deliver,
            race_window_milliseconds: 0,
            clock_offset_seconds: 0,
            limit: 120,
            window_seconds: 60,
            block_seconds: 60,
        };
        Self { world: World::new(seed, settings) }
    }

    /// The same world, drawing other names from now on.
    #[must_use]
    pub fn reseeded(&self, seed: u64) -> Self {
        let mut world = self.world.clone();
        world.seed = seed;
        Self { world }
    }

    /// Plants an account with its hours and one subscription for all triggers.
    pub fn add_account(&mut self, seed: &AccountSeed<'_>, secret: &str, now: Timestamp) {
        let owner = Account {
            id: seed.id,
            name: seed.username.to_owned(),
            username: seed.username.to_owned(),
            email: seed.email.to_owned(),
            api_key: seed.api_key.to_owned(),
            api_key_expired: false,
            time_zone: seed.time_zone.to_owned(),
            default_schedule_id: None,
        };
        self.world.accounts.put(owner.id.to_string(), owner);
        let hours = object(json!({
            "name": "Opening hours", "timeZone": seed.time_zone, "isDefault": true,
            "availability": seed.availability
        }));
        self.world.add_schedule(seed.id, Some(seed.id), &hours);
        let body = object(json!({
            "subscriberUrl": "embedded", "active": true, "triggers": TRIGGERS, "secret": secret
        }));
        // Nobody subscribed before, so there is no conflict to speak of.
        let _ = self.world.subscribe(seed.id, None, &body, now);
    }

    /// Plants an event type of an account; `fields` as in the API.
    pub fn add_event_type(&mut self, owner_id: i64, id: i64, fields: Value) {
        if let Some(owner) = self.world.account(owner_id).cloned() {
            self.world.add_event_type(&owner, Some(id), &object(fields));
        }
    }

    /// Every booking there ever was.
    pub fn rows(&self, mark: &str) -> Vec<Row> {
        let row = |one: &crate::core::model::Booking| Row {
            uid: one.uid.clone(),
            accepted: one.status == crate::core::model::Status::Accepted,
            start: one.start,
            end: one.end,
            created_at: one.created_at,
            event_type_id: one.event_type_id,
            host_id: one.host_id,
            moved_to: one.rescheduled_to.clone(),
            mark: one.metadata.get(mark).and_then(Value::as_str).map(str::to_owned),
        };
        self.world.bookings.values().map(row).collect()
    }

    /// What a caller of ours did that it must never do.
    pub fn misuses(&self) -> Vec<String> {
        let text = |one: &crate::core::strict::Violation| format!("{}: {}", one.code, one.detail);
        self.world.violations.values().map(text).collect()
    }

    /// Makes the key of an account invalid, or valid again.
    pub fn set_key_expired(&mut self, account_id: i64, expired: bool) {
        if let Some(account) = self.world.accounts.change(&account_id.to_string()) {
            account.api_key_expired = expired;
        }
    }

    /// Refuses every call of an account for Cal.com's block, as after too many.
    pub fn block(&mut self, account_id: i64, now: Timestamp) {
        self.world.block(&format!("key:{account_id}"), now);
    }

    /// Lifts every block.
    pub fn unblock(&mut self) {
        self.world.buckets.clear();
    }

    /// Takes what leaves now out of the table of deliveries.
    fn sent(&mut self, outgoing: Outgoing) -> Vec<Sent> {
        let ids = outgoing.first.into_iter().chain(outgoing.after);
        let rows = ids.filter_map(|id| self.world.deliveries.remove(&id));
        rows.map(|row| Sent {
            signature: row.headers.get("X-Cal-Signature-256").cloned(),
            body: row.body,
        })
        .collect()
    }
}
