//! A member who meets every one of 24 conditions; what a permit costs is measured on it.

use interlock_policy::{Decision, Facts, MemberFacts, Policy, Purpose, Request, ResourceFacts};
use jiff::{SignedDuration, Timestamp};

/// Five trainings, four checkouts, a membership, two documents, hours, a closure, horizon, notice,
/// shortest, longest, step, grid, cap, two quotas, gap and strikes: twenty-four.
const POLICY: &str = r#"{
    "timeZone": "Europe/Berlin",
    "requirements": [
        { "kind": "training", "moduleId": "mod_a", "minimumPercent": 90 },
        { "kind": "training", "moduleId": "mod_b", "minimumPercent": 90, "watchedSeconds": 60 },
        { "kind": "training", "moduleId": "mod_c", "minimumPercent": 90, "validForDays": 400 },
        { "kind": "checkout", "scope": "machine", "minimumLevel": 2, "lapsesAfterDaysUnused": 90 },
        { "kind": "checkout", "scope": { "otherMachine": "mch_saw" } },
        { "kind": "membership" },
        { "kind": "document", "document": "house_rules", "version": 2 },
        { "kind": "document", "document": "waiver", "version": 1 },
        { "kind": "any", "of": [
            { "kind": "training", "moduleId": "mod_missing", "minimumPercent": 90 },
            { "kind": "training", "moduleId": "mod_d", "minimumPercent": 90 } ] },
        { "kind": "all", "of": [
            { "kind": "checkout", "scope": "category" },
            { "kind": "checkout", "scope": { "otherMachine": "mch_mill" } } ] }
    ],
    "rules": {
        "openingHours": {
            "monday": [{ "opens": "08:00:00", "closes": "22:00:00" }],
            "tuesday": [{ "opens": "08:00:00", "closes": "22:00:00" }],
            "wednesday": [{ "opens": "08:00:00", "closes": "22:00:00" }],
            "thursday": [{ "opens": "08:00:00", "closes": "22:00:00" }],
            "friday": [{ "opens": "08:00:00", "closes": "22:00:00" }] },
        "closures": [{ "from": "2026-12-24", "to": "2026-12-26" }],
        "horizonDays": 30,
        "notice": { "createMinutes": 60 },
        "duration": { "minimumMinutes": 30, "maximumMinutes": 240, "stepMinutes": 30 },
        "gridMinutes": 30,
        "openCap": 5,
        "quotas": [
            { "measure": "count", "limit": 2, "per": "day" },
            { "measure": "minutes", "limit": 600, "per": "week", "scope": "category" } ],
        "minimumGapMinutes": 30,
        "strikes": { "noShowPoints": 2, "lateCancelPoints": 1, "decayDays": 60,
            "limits": [{ "fromPoints": 3, "openCap": 1 }] }
    }
}"#;

const MEMBER: &str = r#"{
    "status": "active", "groups": ["members"], "membershipUntil": "2027-01-01T00:00:00Z",
    "documents": [
        { "document": "house_rules", "version": 2, "acceptedAt": "2026-01-01T00:00:00Z" },
        { "document": "waiver", "version": 1, "acceptedAt": "2026-01-01T00:00:00Z" } ],
    "trainings": [
        { "moduleId": "mod_a", "completedAt": "2026-01-02T00:00:00Z", "percent": 95,
          "watchedSeconds": 600 },
        { "moduleId": "mod_b", "completedAt": "2026-01-02T00:00:00Z", "percent": 95,
          "watchedSeconds": 600 },
        { "moduleId": "mod_c", "completedAt": "2026-01-02T00:00:00Z", "percent": 95,
          "watchedSeconds": 600 },
        { "moduleId": "mod_d", "completedAt": "2026-01-02T00:00:00Z", "percent": 95,
          "watchedSeconds": 600 } ],
    "progress": [],
    "checkouts": [
        { "scope": { "machineId": "mch_laser" }, "level": 2, "grantedAt": "2026-01-03T00:00:00Z",
          "lastUsedAt": "2026-02-20T00:00:00Z" },
        { "scope": { "machineId": "mch_saw" }, "level": 1, "grantedAt": "2026-01-03T00:00:00Z" },
        { "scope": { "machineId": "mch_mill" }, "level": 1, "grantedAt": "2026-01-03T00:00:00Z" } ],
    "openReservations": [
        { "reservationId": "rsv_1", "resourceId": "mch_laser", "category": "lasers",
          "interval": { "start": "2026-03-04T09:00:00Z", "end": "2026-03-04T10:00:00Z" } },
        { "reservationId": "rsv_2", "resourceId": "mch_saw", "category": "saws",
          "interval": { "start": "2026-03-05T09:00:00Z", "end": "2026-03-05T10:00:00Z" } } ],
    "pastUses": [
        { "resourceId": "mch_laser", "category": "lasers", "outcome": "completed",
          "interval": { "start": "2026-02-20T09:00:00Z", "end": "2026-02-20T10:00:00Z" } } ],
    "completed": [],
    "strikes": [{ "at": "2026-02-01T00:00:00Z", "cause": "late_cancel" }],
    "exemptions": []
}"#;

const RESOURCE: &str = r#"{
    "id": "mch_laser", "kind": "machine", "category": "lasers", "active": true,
    "mappingBroken": false, "eventTypes": [[1, 60], [2, 30], [3, 120]], "outages": []
}"#;

/// All that a decision needs.
pub(crate) struct Permit {
    pub(crate) now: Timestamp,
    pub(crate) member: MemberFacts,
    pub(crate) resource: ResourceFacts,
    pub(crate) policy: Policy,
    pub(crate) request: Request,
}

impl Permit {
    /// A Monday morning; an hour of the next day is wanted.
    pub(crate) fn new() -> Self {
        Self {
            now: "2026-03-02T07:00:00Z".parse().unwrap(),
            member: serde_json::from_str(MEMBER).unwrap(),
            resource: serde_json::from_str(RESOURCE).unwrap(),
            policy: serde_json::from_str(POLICY).unwrap(),
            request: asked("2026-03-03T12:00:00Z".parse().unwrap()),
        }
    }

    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts { now: self.now, member: &self.member, resource: &self.resource }
    }

    /// What is said to an hour.
    pub(crate) fn judge(&self, request: &Request) -> interlock_policy::Verdict {
        interlock_policy::evaluate(&self.facts(), &self.policy, request, &Purpose::Create)
    }

    /// The same with nothing that the policy asks for, at a time that breaks every limit on it.
    #[allow(dead_code, reason = "the measure of a refusal needs it")]
    pub(crate) fn refused() -> Self {
        let mut refused = Self::new();
        let held = refused.member.open_reservations.clone();
        refused.member = MemberFacts::of(interlock_policy::AccountStatus::Suspended);
        refused.member.open_reservations = held;
        refused.policy.rules.open_cap = Some(1).into();
        refused.request = asked("2026-12-24T23:10:00Z".parse().unwrap());
        refused
    }

    /// Every half hour of the week that begins now.
    #[allow(dead_code, reason = "the measure of a week needs it")]
    pub(crate) fn week(&self) -> Vec<Request> {
        (0..336).map(|slot| asked(self.now + SignedDuration::from_mins(30) * slot)).collect()
    }
}

/// An hour from an instant.
fn asked(start: Timestamp) -> Request {
    let interval = interlock_policy::Interval::lasting(start, SignedDuration::from_hours(1)).ok();
    Request { interval, event_type_id: None }
}

/// Permitted without a condition.
#[allow(dead_code, reason = "the measures check what they measure")]
pub(crate) fn is_plain(verdict: &interlock_policy::Verdict) -> bool {
    verdict.decision == Decision::Permit && verdict.reasons.is_empty()
}
