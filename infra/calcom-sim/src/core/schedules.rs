//! Schedules (API version 2024-06-11, CONTRACT 7).
//! An end before its start is accepted and means no hours, as in the original.

use serde_json::{Map, Value, json};

use super::api_error::{Answer, ApiError, tree_node};
use super::model::{DateHours, Hours, Schedule};
use super::request::{ApiRequest, Caller};
use super::time::{wall_time, zone};
use super::world::World;

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

fn check_hours(list: &Value, with_days: bool) -> bool {
    list.as_array().is_some_and(|rows| {
        rows.iter().all(|row| {
            let time = |key: &str| {
                row.get(key).and_then(Value::as_str).is_some_and(|text| wall_time(text).is_some())
            };
            let days = row.get("days").and_then(Value::as_array);
            let days = !with_days
                || days.is_some_and(|days| {
                    days.iter().all(|day| day.as_str().is_some_and(|day| DAYS.contains(&day)))
                });
            time("startTime") && time("endTime") && days
        })
    })
}

fn check(body: &Value, required: bool) -> Answer<()> {
    let mut nodes = Vec::new();
    let mut node = |property: &str, rule: &str, text: &str| {
        let mut constraints = Map::new();
        constraints.insert(rule.to_owned(), json!(text));
        nodes.push(tree_node(body, property, Value::Object(constraints)));
    };
    let given = |key: &str| body.get(key);
    if given("name").map_or(required, |value| !value.is_string()) {
        node("name", "isString", "name must be a string");
    }
    let zone_ok =
        given("timeZone").map_or(!required, |value| value.as_str().and_then(zone).is_some());
    if !zone_ok {
        node("timeZone", "isTimeZone", "timeZone must be a valid IANA time-zone");
    }
    if given("isDefault").map_or(required, |value| !value.is_boolean()) {
        node("isDefault", "isBoolean", "isDefault must be a boolean value");
    }
    if given("availability").is_some_and(|list| !check_hours(list, true)) {
        node("availability", "matches", "startTime must be a valid time format HH:MM");
    }
    if given("overrides").is_some_and(|list| !check_hours(list, false)) {
        node("overrides", "matches", "startTime must be a valid time format HH:MM");
    }
    if nodes.is_empty() { Ok(()) } else { Err(ApiError::tree(nodes)) }
}

fn apply(schedule: &mut Schedule, body: &Map<String, Value>) {
    let text = |key: &str| body.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(name) = text("name") {
        schedule.name = name;
    }
    if let Some(zone) = text("timeZone") {
        schedule.time_zone = zone;
    }
    if let Some(flag) = body.get("isDefault").and_then(Value::as_bool) {
        schedule.is_default = flag;
    }
    let list = |key: &str| body.get(key).cloned();
    if let Some(hours) =
        list("availability").and_then(|value| serde_json::from_value::<Vec<Hours>>(value).ok())
    {
        schedule.availability = hours;
    }
    if let Some(hours) =
        list("overrides").and_then(|value| serde_json::from_value::<Vec<DateHours>>(value).ok())
    {
        schedule.overrides = hours;
    }
}

fn output(schedule: &Schedule) -> Value {
    serde_json::to_value(schedule).unwrap_or_default()
}

impl World {
    pub(crate) fn create_schedule(
        &mut self,
        caller: Caller,
        request: &ApiRequest,
    ) -> Answer<Value> {
        check(&request.body, true)?;
        let owner_id = caller.account_id.unwrap_or_default();
        let schedule = self.add_schedule(owner_id, None, &request.object());
        Ok(output(&schedule))
    }

    /// Adds a schedule; `id` is given by a seed and otherwise the next free number.
    pub(crate) fn add_schedule(
        &mut self,
        owner_id: i64,
        id: Option<i64>,
        body: &Map<String, Value>,
    ) -> Schedule {
        let id = id.unwrap_or_else(|| self.next("schedule"));
        let days: Vec<String> = DAYS.iter().take(5).map(|day| (*day).to_owned()).collect();
        let mut schedule = Schedule {
            id,
            owner_id,
            name: String::new(),
            time_zone: "UTC".to_owned(),
            availability: vec![Hours {
                days,
                start_time: "09:00".to_owned(),
                end_time: "17:00".to_owned(),
            }],
            is_default: false,
            overrides: Vec::new(),
        };
        apply(&mut schedule, body);
        self.schedules.put(id.to_string(), schedule.clone());
        self.keep_default(&schedule);
        schedule
    }

    fn keep_default(&mut self, schedule: &Schedule) {
        if !schedule.is_default {
            return;
        }
        if let Some(owner) = self.accounts.change(&schedule.owner_id.to_string()) {
            owner.default_schedule_id = Some(schedule.id);
        }
        let others: Vec<i64> = self
            .schedules
            .values()
            .filter(|one| one.owner_id == schedule.owner_id && one.id != schedule.id)
            .map(|one| one.id)
            .collect();
        for id in others {
            if let Some(one) = self.schedules.change(&id.to_string()) {
                one.is_default = false;
            }
        }
    }

    pub(crate) fn list_schedules(&self, caller: Caller) -> Value {
        let mut own: Vec<&Schedule> =
            self.schedules.values().filter(|one| caller.is(one.owner_id)).collect();
        own.sort_by_key(|one| one.id);
        own.into_iter().map(output).collect()
    }

    pub(crate) fn default_schedule(&self, caller: Caller) -> Value {
        let owner = caller.account_id.and_then(|id| self.account(id));
        let id = owner.and_then(|owner| owner.default_schedule_id);
        id.and_then(|id| self.schedules.get(&id.to_string())).map_or(Value::Null, output)
    }

    fn own_schedule(&self, caller: Caller, id: i64, missing: u16) -> Answer<&Schedule> {
        let found = self.schedules.get(&id.to_string()).ok_or_else(|| {
            ApiError::framework(missing, format!("Schedule with ID={id} does not exist."))
        })?;
        if caller.is(found.owner_id) {
            return Ok(found);
        }
        let user = caller.account_id.unwrap_or_default();
        let text = format!("User with ID={user} does not own schedule with ID={id}");
        Err(ApiError::framework(403, text))
    }

    pub(crate) fn read_schedule(&self, caller: Caller, id: i64) -> Answer<Value> {
        self.own_schedule(caller, id, 404).map(output)
    }

    pub(crate) fn update_schedule(
        &mut self,
        caller: Caller,
        id: i64,
        request: &ApiRequest,
    ) -> Answer<Value> {
        self.own_schedule(caller, id, 404)?;
        check(&request.body, false)?;
        let Some(schedule) = self.schedules.change(&id.to_string()) else {
            return Err(ApiError::plain(500, "Internal server error"));
        };
        apply(schedule, &request.object());
        let schedule = schedule.clone();
        self.keep_default(&schedule);
        Ok(output(&schedule))
    }

    pub(crate) fn delete_schedule(&mut self, caller: Caller, id: i64) -> Answer<()> {
        self.own_schedule(caller, id, 400)?;
        self.schedules.remove(&id.to_string());
        Ok(())
    }
}
