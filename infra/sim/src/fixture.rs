//! The workshop every schedule begins with: five resources over three calendars, four people.
//!
//! Two machines share a calendar, kinds differ in length and buffers, and the starts lie around
//! midnight in UTC, so that holds meet across days.

use interlock_app::model::{
    Account, Checkout, EmailClaim, EventTypeEntry, Guide, Module, PolicyShelf, Resource, Standing,
    Training,
};
use interlock_app::ports::scheduler::{CalAccount, CredentialMode};
use interlock_app::ports::store::{Document, Record};
use interlock_app::{ExternalPolicy, FactorPolicy, Front, Settings, Timing};
use interlock_calcom_sim::embed::{AccountSeed, Desk};
use interlock_policy::{
    AccountStatus, ApprovalRule, CheckoutRequirement, CheckoutScope, EventTypeId, Id, IdKind,
    LossOutcome, LossRule, Notice, Policy, PolicyVersion, Requirement, ResourceId, Role, Rules,
    TrainingRequirement, UserId, ZoneName,
};
use interlock_testkit::MemoryStore;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::invariants::Checker;

/// Secret of all subscriptions.
pub(crate) const SECRET: &str = "simulated-webhook-secret";
/// Name of this deployment.
pub(crate) const DEPLOYMENT: &str = "sim";
/// Who says yes and no, and checks people out.
pub(crate) const MANAGER: &str = "manager";
/// Who bans people and puts machines out of use.
pub(crate) const ADMIN: &str = "admin";
/// People by name.
pub(crate) const PEOPLE: [&str; 4] = ["ada", "bob", "cy", "dot"];
/// Most reservations one person may have open.
pub(crate) const OPEN_CAP: usize = 3;

/// A kind as planted on both sides.
pub(crate) struct Kind {
    pub(crate) id: u64,
    pub(crate) resource: &'static str,
    pub(crate) calendar: u8,
    pub(crate) minutes: u32,
    pub(crate) before: u32,
    pub(crate) after: u32,
}

const fn kind(id: u64, resource: &'static str, calendar: u8, times: (u32, u32, u32)) -> Kind {
    Kind { id, resource, calendar, minutes: times.0, before: times.1, after: times.2 }
}

/// Every kind; the first of a resource is its default.
pub(crate) const KINDS: [Kind; 7] = [
    kind(11, "mch_saw", 1, (60, 0, 15)),
    kind(12, "mch_saw", 1, (30, 0, 0)),
    kind(13, "mch_lathe", 1, (90, 15, 15)),
    kind(21, "mch_laser", 2, (60, 0, 0)),
    kind(22, "mch_laser", 2, (120, 30, 0)),
    kind(31, "hst_coach", 3, (45, 0, 0)),
    kind(32, "mch_press", 3, (60, 0, 0)),
];
/// Every resource.
pub(crate) const RESOURCES: [&str; 5] =
    ["mch_saw", "mch_lathe", "mch_laser", "hst_coach", "mch_press"];

/// Whether somebody must say yes.
pub(crate) fn waits(resource: &str) -> bool {
    resource == "mch_press"
}

/// What each declares for a loss; every outcome is declared by one.
pub(crate) fn loss_rule(resource: &str) -> LossRule {
    let usual = LossRule::default();
    match resource {
        "mch_lathe" => LossRule { person: LossOutcome::Flag, resource: LossOutcome::Cancel },
        "mch_laser" => {
            let soon = LossOutcome::RenewBy { days: 1 };
            LossRule { person: soon, resource: soon }
        }
        "hst_coach" => LossRule { resource: LossOutcome::Keep, ..usual },
        _ => usual,
    }
}

/// When every schedule begins: a Monday afternoon in UTC.
pub(crate) fn start() -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * 20_794 + 15)
}

/// Starts people wish for, in minutes after the beginning; they overlap and lie on several days.
const STARTS: [i64; 8] = [450, 480, 510, 540, 570, 1920, 1980, 3300];

/// The start a number falls on.
pub(crate) fn wished_start(number: u64) -> Timestamp {
    // Half of all wishes are for the two most wanted starts.
    let minutes = match number % 4 {
        0 => 510,
        1 => 540,
        _ => crate::dice::nth(&STARTS, number / 4).copied().unwrap_or(510),
    };
    start() + SignedDuration::from_mins(minutes)
}

/// What a schedule starts from; copied for each.
pub(crate) struct Template {
    pub(crate) store: MemoryStore,
    pub(crate) desk: Desk,
    pub(crate) checker: Checker,
}

pub(crate) fn id<K: IdKind>(body: &str) -> Id<K> {
    match Id::from_body(body) {
        Ok(id) => id,
        Err(error) => unreachable!("{body}: {error}"),
    }
}

pub(crate) fn resource_id(text: &str) -> ResourceId {
    match text.parse() {
        Ok(id) => id,
        Err(error) => unreachable!("{text}: {error}"),
    }
}

fn zone() -> ZoneName {
    match "America/New_York".parse() {
        Ok(zone) => zone,
        Err(error) => unreachable!("{error}"),
    }
}

/// The settings of production, but for their names.
pub(crate) fn settings(timing: Timing) -> Settings {
    Settings {
        deployment: DEPLOYMENT.to_owned(),
        app_origin: "https://sim.test".to_owned(),
        front: Front::default(),
        cursor_key: [7; 32],
        factor_key: Some([8; 32]),
        external_on_machines: ExternalPolicy::Flag,
        external_on_hosts: ExternalPolicy::Accept,
        second_factor: FactorPolicy::Nobody,
        limit_factor: 1,
        timing,
    }
}

fn calendar(number: u8) -> CalAccount {
    CalAccount {
        id: id(&format!("c{number}")),
        username: format!("c{number}"),
        email: format!("c{number}@hosts.test"),
        mode: CredentialMode::ApiKey,
        credential_ref: format!("cal_key{number}"),
    }
}

/// Every calendar.
pub(crate) fn calendars() -> Vec<CalAccount> {
    (1..=3).map(calendar).collect()
}

fn resource(name: &str) -> Resource {
    let own: Vec<&Kind> = KINDS.iter().filter(|kind| kind.resource == name).collect();
    let entry = |(place, kind): (usize, &&Kind)| EventTypeEntry {
        id: EventTypeId(kind.id),
        title: format!("{name} {}", kind.minutes),
        duration_minutes: kind.minutes,
        default: place == 0,
        before_buffer_minutes: kind.before,
        after_buffer_minutes: kind.after,
    };
    let training = TrainingRequirement {
        module_id: id("basics"),
        minimum_percent: 90,
        watched_seconds: None,
        valid_for_days: None,
    };
    let host = name.starts_with("hst");
    Resource {
        id: resource_id(name),
        name: name.to_owned(),
        category: "all".to_owned(),
        guide: Guide::default(),
        active: true,
        user_id: None,
        cal_account: Some(calendar(own.first().map_or(1, |kind| kind.calendar))),
        closed: None,
        event_types: own.iter().enumerate().map(entry).collect(),
        policy: Policy {
            version: PolicyVersion(1),
            time_zone: zone(),
            requirements: if host {
                Vec::new()
            } else {
                let checkout = Requirement::Checkout(CheckoutRequirement::MACHINE);
                vec![Requirement::Training(training), checkout]
            },
            rules: Rules {
                notice: Notice::of(60, 60, 60),
                grid_minutes: Some(30),
                needs_approval: waits(name).then_some(ApprovalRule { hold_hours: 3 }).into(),
                on_lost_eligibility: loss_rule(name),
                open_cap: u32::try_from(OPEN_CAP).ok().into(),
                ..Rules::default()
            },
            overlays: Vec::new(),
        },
        shelf: PolicyShelf::default(),
        four_eyes: false,
        outages: Vec::new(),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    }
}

fn person(name: &str, role: Role) -> Account {
    Account {
        id: id(name),
        email: format!("{name}@people.test"),
        name: name.to_owned(),
        roles: vec![role],
        status: AccountStatus::Active,
        suspension: None,
        time_zone: zone(),
        scope: None,
        membership: interlock_app::model::Membership::default(),
        identity: None,
        session_epoch: 0,
        created_at: Timestamp::UNIX_EPOCH,
    }
}

/// An approval of a machine.
fn checkout(resource: &str) -> Checkout {
    Checkout {
        id: id(&format!("for_{resource}")),
        scope: CheckoutScope::Machine(resource_id(resource)),
        level: 1,
        approved_by: id(MANAGER),
        first_approved_by: None,
        granted_at: Timestamp::UNIX_EPOCH,
        expires_at: None,
        notes: None,
    }
}

fn standing(user: &UserId) -> Standing {
    let mut standing = Standing::empty(user.clone());
    standing.trainings.push(Training {
        module_id: id("basics"),
        module_version: 1,
        completed_at: Timestamp::UNIX_EPOCH,
        percent: 100,
        watched_seconds: 60,
        alternative: None,
    });
    let machines = RESOURCES.iter().filter(|name| name.starts_with("mch"));
    standing.checkouts.extend(machines.map(|name| checkout(name)));
    standing
}

impl Template {
    /// Plants both sides.
    pub(crate) fn new() -> Self {
        let mut template =
            Self { store: MemoryStore::default(), desk: desk(), checker: Checker::default() };
        let module = Module::first(id("basics"), "Basics", 60, Timestamp::UNIX_EPOCH);
        template.plant(&module);
        for name in RESOURCES {
            template.plant(&resource(name));
        }
        for name in PEOPLE {
            let account = person(name, Role::Member);
            let claim = EmailClaim { email: account.email.clone(), user_id: account.id.clone() };
            template.plant(&claim);
            template.plant(&standing(&account.id));
            template.plant(&account);
        }
        template.plant(&person(MANAGER, Role::Manager));
        template.plant(&person(ADMIN, Role::Admin));
        template
    }

    fn plant<T: Document>(&mut self, document: &T) {
        if let Ok(record) = Record::of(document, 1) {
            self.checker.learn(&record);
            self.store.plant(record);
        }
    }
}

fn desk() -> Desk {
    let mut desk = Desk::new(0);
    for number in 1..=3 {
        let account = calendar(number);
        let seed = AccountSeed {
            id: i64::from(number),
            username: &account.username,
            email: &account.email,
            api_key: &account.credential_ref,
            time_zone: "America/New_York",
            availability: json!([{
                "days": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday",
                    "Saturday"],
                "startTime": "09:00", "endTime": "23:59"
            }]),
        };
        desk.add_account(&seed, SECRET, start());
    }
    for kind in &KINDS {
        let fields = json!({
            "title": kind.resource, "lengthInMinutes": kind.minutes,
            "slug": format!("kind-{}", kind.id), "slotInterval": 30,
            "minimumBookingNotice": 0, "disableGuests": true,
            "beforeEventBuffer": kind.before, "afterEventBuffer": kind.after
        });
        let id = i64::try_from(kind.id).unwrap_or(0);
        desk.add_event_type(i64::from(kind.calendar), id, fields);
    }
    desk
}
