//! What holds of every answer, whatever was sent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use interlock_app::ports::store::Record;
use interlock_http::{RawRequest, Route, problems};
use interlock_testkit::World;
use serde_json::Value;

use super::Door;
use super::browser::{Answer, ask_then};
use crate::chance::odd::{MARK, NAME};
use crate::chance::pace::spent;
use crate::samples::name_of;

/// What a call that is refused may leave: that the session was used, that it was counted.
const COUNTED: [&str; 4] = ["session_use", "tab", "limit", "refusal_day"];
/// Refusals that come before anything is begun.
const EARLY: [u16; 9] = [400, 401, 403, 404, 412, 413, 415, 422, 428];

/// What the guard may answer to any call, and what the description does not say at each operation:
/// an unknown parameter, a body where none is wanted.
const ANYWHERE: [u16; 2] = [400, 413];

/// What the description of the API promises of each operation.
pub(super) struct Promised {
    statuses: BTreeMap<String, BTreeSet<u16>>,
    calcom_is_mad: bool,
}

impl Promised {
    pub(super) fn read() -> Self {
        let text = include_str!("../../../../../docs/openapi.json");
        let described: Value = serde_json::from_str(text).unwrap();
        let mut promised = BTreeMap::new();
        for operations in described["paths"].as_object().unwrap().values() {
            for operation in operations.as_object().unwrap().values() {
                let Some(name) = operation["operationId"].as_str() else { continue };
                let statuses = operation["responses"].as_object().unwrap();
                let statuses = statuses.keys().filter_map(|status| status.parse().ok());
                promised.insert(name.to_owned(), statuses.collect());
            }
        }
        Self { statuses: promised, calcom_is_mad: false }
    }

    /// The same, but what waits for Cal.com may be answered that it does not serve, and a refusal
    /// may come after something was begun.
    pub(super) fn while_calcom_is_mad(self) -> Self {
        Self { calcom_is_mad: true, ..self }
    }

    fn holds(&self, route: &Route, status: u16) -> bool {
        let any = ANYWHERE.contains(&status);
        any || self.statuses.get(&name_of(route)).is_some_and(|statuses| statuses.contains(&status))
    }
}

/// Sends a request in a workshop, holds the answer to all that is promised, and says what handling
/// it took.
pub(super) async fn sent(
    world: &World,
    door: &Door,
    raw: RawRequest,
    promised: &Promised,
) -> (Answer, Duration) {
    let shown = shown(door.route, &raw);
    let (before, messages) = (world.store.snapshot(), world.queue.sent());
    let began = spent();
    let mut took = Duration::ZERO;
    let answered = || took = spent().saturating_sub(began);
    let answer = ask_then(world, (door.route, door.handler), raw, answered).await;
    let waits = promised.calcom_is_mad && answer.told() == (503, "upstream_unavailable");
    assert!(answer.status < 500 || waits, "{shown}\nis answered {}", answer.text);
    assert!(
        promised.holds(door.route, answer.status),
        "{shown}\n{} {}",
        answer.status,
        answer.text
    );
    if answer.status >= 400 {
        refusal(&shown, &answer);
    }
    if EARLY.contains(&answer.status) && !promised.calcom_is_mad {
        unchanged(&shown, &before, &world.store.snapshot());
        assert_eq!(world.queue.sent(), messages, "{shown}\nwas refused and sent something");
    }
    (answer, took)
}

/// A request as far as one wants to read it.
fn shown(route: &Route, raw: &RawRequest) -> String {
    let RawRequest { path, path_parameters, query, headers, body, .. } = raw;
    let body: String = String::from_utf8_lossy(body).chars().take(2000).collect();
    let text = format!("{path} {path_parameters:?} {query:?} {headers:?}");
    let text: String = text.chars().take(4000).collect();
    format!("{} {text}\n{body}", route.name)
}

/// A problem as `docs/PROBLEMS.md` has it, that says nothing of what was sent.
fn refusal(shown: &str, answer: &Answer) {
    let (status, code) = answer.told();
    assert_eq!(answer.header("content-type"), "application/problem+json", "{shown}");
    let kind = problems::ALL.iter().find(|kind| kind.code == code);
    let kind = kind.unwrap_or_else(|| panic!("{shown}\n{status} `{code}` is no code of ours"));
    assert_eq!(status, kind.status, "{shown}\n{}", answer.text);
    assert_eq!(answer.body["status"], status, "{shown}");
    assert_eq!(answer.body["title"], kind.title, "{shown}");
    assert_eq!(answer.body["type"], format!("urn:interlock:problem:{code}"), "{shown}");
    assert_eq!(answer.body["instance"], "urn:interlock:request:req_1", "{shown}");
    let headers: String = answer.headers().map(|(_, value)| value).collect();
    let mut body = answer.body.clone();
    let told = body.to_string() + &headers;
    assert!(!told.to_lowercase().contains(MARK), "{shown}\nis repeated in {told}");
    // A pointer names the place, and the place may have a name of the caller's own.
    for error in body["errors"].as_array_mut().into_iter().flatten() {
        error["pointer"] = Value::Null;
    }
    assert!(!body.to_string().contains(NAME), "{shown}\nis repeated in {body}");
}

/// Whether two looks at the table saw the same, but for what is counted.
fn unchanged(shown: &str, before: &[Arc<Record>], after: &[Arc<Record>]) {
    let kept = |record: &&Arc<Record>| !COUNTED.contains(&record.kind.as_str());
    let (mut before, mut after) = (before.iter().filter(kept), after.iter().filter(kept));
    loop {
        match (before.next(), after.next()) {
            (None, None) => return,
            (Some(old), Some(new)) if Arc::ptr_eq(old, new) || old == new => {}
            (old, new) => panic!("{shown}\nwas refused and left {new:?}\nin place of {old:?}"),
        }
    }
}
