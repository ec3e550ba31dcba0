//! The demo world: one Cal.com account for each resource, with fixed keys and event-type ids.
//! The same constants feed the runner's secrets and the product's demo data.

use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::core::model::Account;
use crate::core::world::World;

/// First number given to event types and schedules that are made later.
const FIRST_FREE_ID: i64 = 1000;

/// One event type of the demo world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoEventType {
    /// Cal.com's integer id.
    pub id: i64,
    /// Title as people see it.
    pub title: String,
    /// Length in minutes.
    pub length_in_minutes: i64,
}

/// One Cal.com account of the demo world: the host of one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DemoAccount {
    /// Short name of the account, as in secrets and settings: `laser`, `coach`, …
    pub key: String,
    /// Cal.com username.
    pub username: String,
    /// E-mail address of the host.
    pub email: String,
    /// Working API key, `cal_` and 32 hexadecimal characters.
    pub api_key: String,
    /// Event types in order; the first one is the default.
    pub event_types: Vec<DemoEventType>,
    /// Cal.com user id.
    #[serde(skip)]
    user_id: i64,
    /// Zone of the schedule.
    #[serde(skip)]
    time_zone: String,
}

/// The API key of a demo account: the same in every build.
fn api_key(key: &str) -> String {
    let digest = Sha256::digest(format!("interlock demo key {key}").as_bytes());
    let half: Vec<u8> = digest.iter().take(16).copied().collect();
    format!("cal_{}", hex::encode(half))
}

fn account(key: &str, user_id: i64, time_zone: &str, types: &[(i64, &str, i64)]) -> DemoAccount {
    let event_types = types
        .iter()
        .map(|(id, title, length)| DemoEventType {
            id: *id,
            title: (*title).to_owned(),
            length_in_minutes: *length,
        })
        .collect();
    DemoAccount {
        key: key.to_owned(),
        username: key.to_owned(),
        email: format!("{key}@hosts.demo.test"),
        api_key: api_key(key),
        event_types,
        user_id,
        time_zone: time_zone.to_owned(),
    }
}

/// The accounts of the demo world, in the order laser, printer, bandsaw, lathe, coach.
pub fn demo_accounts() -> Vec<DemoAccount> {
    let berlin = "Europe/Berlin";
    let coach = [
        (501, "Coaching 60 minutes", 60),
        (502, "Coaching 90 minutes", 90),
        (503, "First coaching 45 minutes", 45),
    ];
    vec![
        account(
            "laser",
            1,
            berlin,
            &[(101, "Laser 60 minutes", 60), (102, "Laser 30 minutes", 30)],
        ),
        account("printer", 2, berlin, &[(201, "Printer 30 minutes", 30)]),
        account("bandsaw", 3, berlin, &[(301, "Bandsaw 60 minutes", 60)]),
        account("lathe", 4, berlin, &[(401, "Lathe 60 minutes", 60)]),
        account("coach", 5, "America/Sao_Paulo", &coach),
    ]
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(fields) = value { fields } else { Map::new() }
}

fn hours(demo: &DemoAccount) -> Value {
    let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];
    if demo.key == "coach" {
        let all: Vec<&str> = weekdays.into_iter().chain(["Saturday"]).collect();
        return json!([{ "days": all, "startTime": "08:00", "endTime": "20:00" }]);
    }
    json!([
        { "days": weekdays, "startTime": "09:00", "endTime": "21:00" },
        { "days": ["Saturday"], "startTime": "10:00", "endTime": "18:00" }
    ])
}

fn host_name(key: &str) -> String {
    let mut letters = key.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl World {
    /// Fills an empty world with the demo accounts.
    pub(crate) fn plant_demo(&mut self) {
        for demo in demo_accounts() {
            let owner = Account {
                id: demo.user_id,
                name: host_name(&demo.key),
                username: demo.username.clone(),
                email: demo.email.clone(),
                api_key: demo.api_key.clone(),
                api_key_expired: false,
                time_zone: demo.time_zone.clone(),
                default_schedule_id: None,
            };
            self.accounts.put(owner.id.to_string(), owner.clone());
            let schedule = object(json!({
                "name": "Opening hours", "timeZone": demo.time_zone, "isDefault": true,
                "availability": hours(&demo)
            }));
            self.add_schedule(owner.id, Some(owner.id), &schedule);
            for one in &demo.event_types {
                let fields = object(json!({
                    "title": one.title, "lengthInMinutes": one.length_in_minutes,
                    "slug": format!("{}-{}", demo.key, one.length_in_minutes),
                    "slotInterval": 30, "minimumBookingNotice": 0, "disableGuests": true,
                    "locations": [
                        { "type": "address", "address": "Workshop, Main Street 1", "public": true }
                    ]
                }));
                self.add_event_type(&owner, Some(one.id), &fields);
            }
        }
        for series in ["event_type", "schedule"] {
            if self.counters.get(series).is_none() {
                self.counters.put(series, FIRST_FREE_ID);
            }
        }
    }
}
