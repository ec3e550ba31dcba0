//! The whole state of the stand-in and the few operations that every rule needs.
//! A row changes only through its table, so `changes` always holds all that must be saved.

use jiff::Timestamp;

use super::faults::Fault;
use super::ident;
use super::model::{
    Account, Booking, Delivery, DeliveryState, EventType, Hold, Schedule, Settings, Subscription,
    WebhookMode,
};
use super::strict::Violation;
use super::table::{Change, Table};
use super::throttle::Bucket;
use super::time::plus;

#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) accounts: Table<Account>,
    pub(crate) event_types: Table<EventType>,
    pub(crate) schedules: Table<Schedule>,
    pub(crate) bookings: Table<Booking>,
    /// Each changed booking as it was before; `None` when it did not exist. Served by stale reads.
    pub(crate) previous: Table<Option<Booking>>,
    pub(crate) holds: Table<Hold>,
    pub(crate) subscriptions: Table<Subscription>,
    pub(crate) deliveries: Table<Delivery>,
    pub(crate) buckets: Table<Bucket>,
    pub(crate) faults: Table<Fault>,
    pub(crate) violations: Table<Violation>,
    pub(crate) counters: Table<i64>,
    pub(crate) settings: Table<Settings>,
    pub(crate) seed: u64,
    pub(crate) defaults: Settings,
}

impl World {
    pub(crate) fn new(seed: u64, defaults: Settings) -> Self {
        Self {
            accounts: Table::new("account"),
            event_types: Table::new("event_type"),
            schedules: Table::new("schedule"),
            bookings: Table::new("booking"),
            previous: Table::new("previous"),
            holds: Table::new("hold"),
            subscriptions: Table::new("subscription"),
            deliveries: Table::new("delivery"),
            buckets: Table::new("bucket"),
            faults: Table::new("fault"),
            violations: Table::new("violation"),
            counters: Table::new("counter"),
            settings: Table::new("settings"),
            seed,
            defaults,
        }
    }

    /// Takes one saved row; a kind of no table is ignored.
    pub(crate) fn load(
        &mut self,
        kind: &str,
        key: &str,
        body: &str,
    ) -> Result<(), serde_json::Error> {
        match kind {
            kind if kind == self.accounts.kind() => self.accounts.load(key, body),
            kind if kind == self.event_types.kind() => self.event_types.load(key, body),
            kind if kind == self.schedules.kind() => self.schedules.load(key, body),
            kind if kind == self.bookings.kind() => self.bookings.load(key, body),
            kind if kind == self.previous.kind() => self.previous.load(key, body),
            kind if kind == self.holds.kind() => self.holds.load(key, body),
            kind if kind == self.subscriptions.kind() => self.subscriptions.load(key, body),
            kind if kind == self.deliveries.kind() => self.deliveries.load(key, body),
            kind if kind == self.buckets.kind() => self.buckets.load(key, body),
            kind if kind == self.faults.kind() => self.faults.load(key, body),
            kind if kind == self.violations.kind() => self.violations.load(key, body),
            kind if kind == self.counters.kind() => self.counters.load(key, body),
            kind if kind == self.settings.kind() => self.settings.load(key, body),
            _ => Ok(()),
        }
    }

    /// All rows changed since the last call.
    pub(crate) fn changes(&mut self) -> Result<Vec<Change>, serde_json::Error> {
        let mut out = Vec::new();
        self.accounts.drain(&mut out)?;
        self.event_types.drain(&mut out)?;
        self.schedules.drain(&mut out)?;
        self.bookings.drain(&mut out)?;
        self.previous.drain(&mut out)?;
        self.holds.drain(&mut out)?;
        self.subscriptions.drain(&mut out)?;
        self.deliveries.drain(&mut out)?;
        self.buckets.drain(&mut out)?;
        self.faults.drain(&mut out)?;
        self.violations.drain(&mut out)?;
        self.counters.drain(&mut out)?;
        self.settings.drain(&mut out)?;
        Ok(out)
    }

    /// Empties everything but the counters: an identity is never given twice, not even after a
    /// reset, because the product may still remember it.
    pub(crate) fn clear(&mut self) {
        self.accounts.clear();
        self.event_types.clear();
        self.schedules.clear();
        self.bookings.clear();
        self.previous.clear();
        self.holds.clear();
        self.subscriptions.clear();
        self.deliveries.clear();
        self.buckets.clear();
        self.faults.clear();
        self.violations.clear();
        let offset = self.settings().clock_offset_seconds;
        self.settings.clear();
        self.set(|settings| settings.clock_offset_seconds = offset);
        self.counters.put("mails", 0);
    }

    pub(crate) fn settings(&self) -> &Settings {
        self.settings.get("settings").unwrap_or(&self.defaults)
    }

    pub(crate) fn set(&mut self, change: impl FnOnce(&mut Settings)) {
        let mut settings = self.settings().clone();
        change(&mut settings);
        self.settings.put("settings", settings);
    }

    /// The next number of a series, from 1.
    pub(crate) fn next(&mut self, series: &str) -> i64 {
        self.add(series, 1)
    }

    pub(crate) fn add(&mut self, series: &str, by: i64) -> i64 {
        let next = self.counters.get(series).copied().unwrap_or_default() + by;
        self.counters.put(series, next);
        next
    }

    fn draw(&mut self) -> [u8; 32] {
        let count = self.next("draw");
        ident::draw(self.seed, count)
    }

    pub(crate) fn new_uid(&mut self) -> String {
        ident::uid(self.draw())
    }

    pub(crate) fn new_uuid(&mut self) -> String {
        ident::uuid(self.draw())
    }

    /// A seeded number in 0..1000.
    pub(crate) fn roll(&mut self) -> u16 {
        ident::per_mille(self.draw())
    }

    pub(crate) fn account(&self, id: i64) -> Option<&Account> {
        self.accounts.get(&id.to_string())
    }

    pub(crate) fn account_by_key(&self, api_key: &str) -> Option<&Account> {
        self.accounts.values().find(|account| account.api_key == api_key)
    }

    pub(crate) fn account_by_username(&self, username: &str) -> Option<&Account> {
        self.accounts.values().find(|account| account.username == username)
    }

    pub(crate) fn event_type(&self, id: i64) -> Option<&EventType> {
        self.event_types.get(&id.to_string())
    }

    pub(crate) fn event_type_of(&self, booking: &Booking) -> Option<&EventType> {
        booking.event_type_id.and_then(|id| self.event_type(id))
    }

    /// Changes a booking: keeps the earlier state for stale reads and moves `updated_at`.
    pub(crate) fn change_booking(
        &mut self,
        uid: &str,
        now: Timestamp,
        change: impl FnOnce(&mut Booking),
    ) -> Option<Booking> {
        let before = self.bookings.get(uid)?.clone();
        self.previous.put(uid, Some(before));
        let booking = self.bookings.change(uid)?;
        change(booking);
        booking.updated_at = now;
        Some(booking.clone())
    }

    /// Counts mails instead of sending them.
    pub(crate) fn count_mails(&mut self, count: usize) {
        self.add("mails", i64::try_from(count).unwrap_or_default());
    }

    /// Held deliveries whose time has come.
    pub(crate) fn due_deliveries(&mut self, now: Timestamp) -> Vec<String> {
        let due: Vec<String> = self
            .deliveries
            .values()
            .filter(|delivery| delivery.state == DeliveryState::Held)
            .filter(|delivery| delivery.due_at.is_some_and(|at| at <= now))
            .map(|delivery| delivery.id.clone())
            .collect();
        for id in &due {
            if let Some(delivery) = self.deliveries.change(id) {
                delivery.due_at = None;
                delivery.state = DeliveryState::Sending;
            }
        }
        due
    }

    /// The instant a wall clock of the host means in here.
    pub(crate) fn shifted(&self, host_now: Timestamp) -> Timestamp {
        let offset = jiff::SignedDuration::from_secs(self.settings().clock_offset_seconds);
        plus(host_now, offset)
    }

    /// What died with an earlier process: deliveries on their way are lost, as in the original.
    pub(crate) fn forget_unfinished(&mut self) {
        let lost: Vec<String> = self
            .deliveries
            .values()
            .filter(|delivery| delivery.state == DeliveryState::Sending)
            .map(|delivery| delivery.id.clone())
            .collect();
        for id in lost {
            if let Some(delivery) = self.deliveries.change(&id) {
                delivery.state = DeliveryState::Failed;
            }
        }
    }

    /// Where new deliveries go under the current mode.
    pub(crate) fn first_state(&self) -> DeliveryState {
        match self.settings().webhook_mode {
            WebhookMode::Deliver => DeliveryState::Sending,
            WebhookMode::Hold => DeliveryState::Held,
            WebhookMode::Drop => DeliveryState::Dropped,
        }
    }

    /// Base address used in links of outputs and deliveries; nothing listens there.
    pub(crate) fn booker_url() -> &'static str {
        "http://127.0.0.1:3000"
    }
}
