//! Documents with working defaults.

use interlock_app::model::{
    Account, Checkout, EmailClaim, EventTypeEntry, Guide, Module, PolicyShelf, Resource, Standing,
    Training,
};
use interlock_app::ports::scheduler::{CalAccount, CredentialMode};
use interlock_policy::{
    AccountStatus, CheckoutRequirement, CheckoutScope, Id, IdKind, Notice, Policy, PolicyVersion,
    RequestId, Requirement, ResourceId, Role, Rules, TrainingRequirement, UserId, ZoneName,
};
use jiff::Timestamp;

use super::{HALF_HOUR, HOUR};

fn id<K: IdKind>(body: &str) -> Id<K> {
    match Id::from_body(body) {
        Ok(id) => id,
        Err(error) => unreachable!("{body}: {error}"),
    }
}

fn resource_id(text: &str) -> ResourceId {
    match text.parse() {
        Ok(id) => id,
        Err(error) => unreachable!("{text}: {error}"),
    }
}

fn zone() -> ZoneName {
    match "Europe/Berlin".parse() {
        Ok(zone) => zone,
        Err(error) => unreachable!("{error}"),
    }
}

pub(super) fn request_id() -> RequestId {
    id("test")
}

pub(super) fn cal_account() -> CalAccount {
    CalAccount {
        id: id("laser"),
        username: "laser".to_owned(),
        email: "laser@hosts.test".to_owned(),
        mode: CredentialMode::ApiKey,
        credential_ref: "laser".to_owned(),
    }
}

pub(super) fn module() -> Module {
    Module::first(id("basics"), "Basics", 60, Timestamp::UNIX_EPOCH)
}

pub(super) fn laser() -> Resource {
    let entry = |kind, minutes, default| EventTypeEntry {
        id: kind,
        title: format!("Laser {minutes} minutes"),
        duration_minutes: minutes,
        default,
        before_buffer_minutes: 0,
        after_buffer_minutes: 0,
    };
    let training = TrainingRequirement {
        module_id: id("basics"),
        minimum_percent: 90,
        watched_seconds: None,
        valid_for_days: None,
    };
    Resource {
        id: resource_id("mch_laser"),
        name: "Laser".to_owned(),
        category: "lasers".to_owned(),
        guide: Guide::default(),
        active: true,
        user_id: None,
        cal_account: Some(cal_account()),
        closed: None,
        event_types: vec![entry(HOUR, 60, true), entry(HALF_HOUR, 30, false)],
        policy: Policy {
            version: PolicyVersion(1),
            time_zone: zone(),
            requirements: vec![
                Requirement::Training(training),
                Requirement::Checkout(CheckoutRequirement::MACHINE),
            ],
            rules: Rules {
                horizon_days: Some(60).into(),
                notice: Notice::of(60, 60, 60),
                grid_minutes: Some(30),
                open_cap: Some(3).into(),
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

pub(super) fn account(name: &str) -> Account {
    Account {
        id: id(name),
        email: format!("{name}@test.example"),
        name: name.to_owned(),
        roles: vec![Role::Member],
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

pub(super) fn email_claim(account: &Account) -> EmailClaim {
    EmailClaim { email: account.email.clone(), user_id: account.id.clone() }
}

pub(super) fn proven(user: &UserId) -> Standing {
    let mut standing = Standing::empty(user.clone());
    standing.trainings.push(Training {
        module_id: id("basics"),
        module_version: 1,
        completed_at: Timestamp::UNIX_EPOCH,
        percent: 100,
        watched_seconds: 60,
        alternative: None,
    });
    standing.checkouts.push(Checkout {
        id: id("proven"),
        scope: CheckoutScope::Machine(resource_id("mch_laser")),
        level: 1,
        approved_by: id("manager"),
        first_approved_by: None,
        granted_at: Timestamp::UNIX_EPOCH,
        expires_at: None,
        notes: None,
    });
    standing
}
