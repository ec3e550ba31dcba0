//! Policies saved, planned, proposed, compared and brought back (FEATURES 4 item 5).
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{Cascade, PolicySave, Resource, SaveState, Status};
use interlock_app::ports::store::Document;
use interlock_app::{
    AppError, PolicyOverview, PolicyWish, PutPolicy, Snapshot, eligibility, policy_diff,
    policy_history, put_policy, read_policy, read_save, settle_due,
};
use interlock_policy::{
    Decision, LossOutcome, Policy, PolicyVersion, Request, Requirement, Role, TrainingRequirement,
    UserId,
};
use interlock_testkit::World;
use jiff::{SignedDuration, Timestamp};

use support::{all, ask, books_agree, change_laser, read, reservation};

struct Cast {
    world: World,
    mia: UserId,
    moe: UserId,
}

impl Cast {
    async fn new() -> Self {
        let world = World::unlisted().await;
        let mia = world.person_with("mia", &[Role::Manager]).await;
        let moe = world.person_with("moe", &[Role::Manager]).await;
        Self { world, mia, moe }
    }

    async fn with_a_second_person() -> Self {
        let cast = Self::new().await;
        change_laser(&cast.world, |laser| laser.shelf.needs_second = true).await;
        cast
    }

    async fn laser(&self) -> Resource {
        read(&self.world, Resource::key_of(&self.world.laser())).await.unwrap()
    }

    async fn put(&self, by: &UserId, wish: PolicyWish) -> Result<PolicyOverview, AppError> {
        self.put_from(by, wish, None).await
    }

    async fn put_from(
        &self,
        by: &UserId,
        wish: PolicyWish,
        effective_from: Option<Timestamp>,
    ) -> Result<PolicyOverview, AppError> {
        let request = PutPolicy {
            resource_id: self.world.laser(),
            tag: Some(self.laser().await.shelf.tag),
            wish,
            effective_from,
            reason: "because".to_owned(),
            act: self.world.act(by),
        };
        put_policy(&self.world.app, Snapshot::default(), &request).await
    }

    async fn read(&self) -> PolicyOverview {
        read_policy(&self.world.app, Snapshot::default(), &self.world.laser()).await.unwrap()
    }

    async fn judge(&self, who: &UserId) -> (Decision, u32) {
        let request = Request { interval: None, event_type_id: None };
        let laser = self.world.laser();
        let judged = eligibility(&self.world.app, Snapshot::default(), who, &laser, &request);
        let verdict = judged.await.unwrap();
        (verdict.decision, verdict.policy_version.0)
    }
}

/// The laser's rules without any proof.
async fn open(cast: &Cast) -> Policy {
    Policy { requirements: Vec::new(), ..cast.laser().await.policy }
}

fn save(policy: Policy) -> PolicyWish {
    PolicyWish::Save(Box::new(policy))
}

#[tokio::test]
async fn a_save_is_in_force_at_once_under_the_next_number_and_the_first_is_kept() {
    let cast = Cast::new().await;
    let eve = cast.world.person("eve").await;
    assert_eq!(cast.judge(&eve).await, (Decision::Refuse, 1));
    let wished = Policy { version: PolicyVersion(77), ..open(&cast).await };
    let found = cast.put(&cast.mia, save(wished)).await.unwrap();
    assert_eq!((found.in_force.version(), found.tag), (PolicyVersion(2), 1));
    assert_eq!(found.in_force.author, cast.world.act(&cast.mia).actor);
    assert_eq!(cast.judge(&eve).await, (Decision::Permit, 2));
    let laser = cast.world.laser();
    let wanted = (10, None);
    let saves = policy_history(&cast.world.app, Snapshot::default(), &laser, wanted).await;
    let numbers: Vec<u32> = saves.unwrap().0.iter().map(|save| save.version().0).collect();
    assert_eq!(numbers, [2, 1], "what was in force before saves were kept is a save too");
    let first = read_save(&cast.world.app, Snapshot::default(), &laser, PolicyVersion(1)).await;
    assert_eq!(first.unwrap().policy.requirements.len(), 2);
}

#[tokio::test]
async fn a_stale_tag_or_none_changes_nothing() {
    let cast = Cast::new().await;
    let request = |tag| PutPolicy {
        resource_id: cast.world.laser(),
        tag,
        wish: PolicyWish::RollBack(PolicyVersion(1)),
        effective_from: None,
        reason: "because".to_owned(),
        act: cast.world.act(&cast.mia),
    };
    let before = cast.world.store.dump();
    let stale = put_policy(&cast.world.app, Snapshot::default(), &request(Some(4))).await;
    assert!(matches!(stale, Err(AppError::PreconditionFailed)));
    let none = put_policy(&cast.world.app, Snapshot::default(), &request(None)).await;
    assert!(matches!(none, Err(AppError::PreconditionRequired)));
    assert_eq!(cast.world.store.dump(), before);
}

#[tokio::test]
async fn of_two_saves_that_saw_the_same_tag_one_is_told() {
    let cast = Cast::new().await;
    let tag = Some(cast.laser().await.shelf.tag);
    let request = PutPolicy {
        resource_id: cast.world.laser(),
        tag,
        wish: save(open(&cast).await),
        effective_from: None,
        reason: "because".to_owned(),
        act: cast.world.act(&cast.mia),
    };
    put_policy(&cast.world.app, Snapshot::default(), &request).await.unwrap();
    let second = put_policy(&cast.world.app, Snapshot::default(), &request).await;
    assert!(matches!(second, Err(AppError::PreconditionFailed)));
}

#[tokio::test]
async fn every_fault_of_a_policy_is_told_with_its_place() {
    let cast = Cast::new().await;
    let mut policy = open(&cast).await;
    policy.rules.grid_minutes = Some(0);
    policy.requirements = vec![Requirement::Training(TrainingRequirement {
        module_id: "mod_none".parse().unwrap(),
        minimum_percent: 90,
        watched_seconds: None,
        valid_for_days: None,
    })];
    let before = cast.world.store.dump();
    let Err(AppError::Invalid(faults)) = cast.put(&cast.mia, save(policy)).await else {
        panic!("it must be refused");
    };
    let mut places: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
    places.sort_unstable();
    assert_eq!(places, ["/policy/requirements/0/moduleId", "/policy/rules/gridMinutes"]);
    assert_eq!(cast.world.store.dump(), before);
}

#[tokio::test]
async fn a_planned_policy_judges_from_its_instant_on_and_not_before() {
    let cast = Cast::new().await;
    let eve = cast.world.person("eve").await;
    let at = cast.world.after(60);
    let found = cast.put_from(&cast.mia, save(open(&cast).await), Some(at)).await.unwrap();
    assert_eq!(found.in_force.version(), PolicyVersion(1));
    assert_eq!(found.planned.len(), 1);
    cast.world.advance(3599);
    assert_eq!(cast.judge(&eve).await, (Decision::Refuse, 1));
    cast.world.advance(1);
    assert_eq!(cast.judge(&eve).await, (Decision::Permit, 2), "without any job having run");
    let found = cast.read().await;
    assert_eq!((found.in_force.version(), found.planned.len()), (PolicyVersion(2), 0));
}

#[tokio::test]
async fn a_planned_policy_that_takes_something_away_is_applied_to_what_is_held_at_its_instant() {
    let cast = Cast::new().await;
    let ada = cast.world.eligible("ada").await;
    let start = cast.world.after(3 * 24 * 60);
    let id = ask(&cast.world, &ada, start, "k").await.unwrap().reservation.id;
    let mut strict = cast.laser().await.policy;
    if let Requirement::Training(training) = &mut strict.requirements[0] {
        training.valid_for_days = Some(1);
    }
    strict.rules.on_lost_eligibility.resource = LossOutcome::Cancel;
    cast.put_from(&cast.mia, save(strict), Some(cast.world.after(60))).await.unwrap();
    settle_due(&cast.world.app, &cast.world.job()).await.unwrap();
    assert_eq!(reservation(&cast.world, &id).await.status(), Status::Confirmed);
    // An ordinary change of the machine meanwhile must not take the planned work's place.
    cast.put(&cast.mia, PolicyWish::RollBack(PolicyVersion(1))).await.unwrap();
    for _ in 0..4 {
        cast.world.advance(1200);
        settle_due(&cast.world.app, &cast.world.job()).await.unwrap();
    }
    assert_eq!(reservation(&cast.world, &id).await.status(), Status::Cancelled);
    let laser = cast.laser().await;
    assert_eq!((laser.policy.version, laser.shelf.planned.len()), (PolicyVersion(2), 0));
    for _ in 0..2 {
        cast.world.advance(120);
        settle_due(&cast.world.app, &cast.world.job()).await.unwrap();
    }
    assert!(cast.world.store.of_kind(Cascade::KIND).is_empty(), "nothing is left to do");
    books_agree(&cast.world);
}

#[tokio::test]
async fn an_instant_that_has_passed_or_is_too_far_is_refused_and_so_is_a_fifth_plan() {
    let cast = Cast::new().await;
    let policy = open(&cast).await;
    let too_far = cast.world.clock_now() + SignedDuration::from_hours(367 * 24);
    for at in [cast.world.clock_now(), too_far] {
        let told = cast.put_from(&cast.mia, save(policy.clone()), Some(at)).await;
        assert!(matches!(told, Err(AppError::Invalid(_))), "{at}");
    }
    for turn in 1..=4 {
        let at = Some(cast.world.after(turn * 60));
        cast.put_from(&cast.mia, save(policy.clone()), at).await.unwrap();
    }
    let fifth = cast.put_from(&cast.mia, save(policy), Some(cast.world.after(900))).await;
    assert!(matches!(fifth, Err(AppError::StateConflict { .. })));
}

#[tokio::test]
async fn what_is_planned_is_withdrawn_and_never_judges() {
    let cast = Cast::new().await;
    let eve = cast.world.person("eve").await;
    let at = Some(cast.world.after(60));
    cast.put_from(&cast.mia, save(open(&cast).await), at).await.unwrap();
    let found = cast.put(&cast.moe, PolicyWish::Withdraw(PolicyVersion(2))).await.unwrap();
    assert!(found.planned.is_empty());
    cast.world.advance(3601);
    settle_due(&cast.world.app, &cast.world.job()).await.unwrap();
    assert_eq!(cast.judge(&eve).await, (Decision::Refuse, 1));
    let again = cast.put(&cast.moe, PolicyWish::Withdraw(PolicyVersion(2))).await;
    assert!(matches!(again, Err(AppError::StateConflict { .. })));
    let found = cast.put(&cast.mia, save(open(&cast).await)).await.unwrap();
    assert_eq!(found.in_force.version(), PolicyVersion(3), "a number is given once");
}

#[tokio::test]
async fn a_proposal_judges_nobody_until_another_person_confirms_it() {
    let cast = Cast::with_a_second_person().await;
    let eve = cast.world.person("eve").await;
    let found = cast.put(&cast.mia, save(open(&cast).await)).await.unwrap();
    assert_eq!(found.proposal.unwrap().state, SaveState::Proposed);
    assert_eq!(cast.judge(&eve).await, (Decision::Refuse, 1));
    let more = cast.put(&cast.moe, save(open(&cast).await)).await;
    assert!(matches!(more, Err(AppError::StateConflict { .. })), "one at a time");
    let own = cast.put(&cast.mia, PolicyWish::Confirm(PolicyVersion(2))).await;
    assert!(matches!(own, Err(AppError::SelfApproval)));
    let found = cast.put(&cast.moe, PolicyWish::Confirm(PolicyVersion(2))).await.unwrap();
    assert!(found.proposal.is_none());
    let decided = found.in_force.decided.unwrap();
    assert_eq!(decided.by, cast.world.act(&cast.moe).actor);
    assert_eq!(cast.judge(&eve).await, (Decision::Permit, 2));
}

#[tokio::test]
async fn a_proposal_for_an_instant_that_passed_is_in_force_from_its_confirmation() {
    let cast = Cast::with_a_second_person().await;
    let at = cast.world.after(60);
    cast.put_from(&cast.mia, save(open(&cast).await), Some(at)).await.unwrap();
    cast.world.advance(7200);
    let found = cast.put(&cast.moe, PolicyWish::Confirm(PolicyVersion(2))).await.unwrap();
    assert_eq!(found.in_force.effective_from, cast.world.clock_now());
    let kept: Vec<PolicySave> = all(&cast.world);
    assert!(kept.iter().all(|save| save.state == SaveState::Accepted));
}

#[tokio::test]
async fn a_withdrawn_proposal_leaves_room_for_the_next_and_two_agree_on_what_is_taken_back() {
    let cast = Cast::with_a_second_person().await;
    cast.put(&cast.mia, save(open(&cast).await)).await.unwrap();
    cast.put(&cast.mia, PolicyWish::Withdraw(PolicyVersion(2))).await.unwrap();
    let at = Some(cast.world.after(60));
    cast.put_from(&cast.mia, save(open(&cast).await), at).await.unwrap();
    cast.put(&cast.moe, PolicyWish::Confirm(PolicyVersion(3))).await.unwrap();
    let alone = cast.put(&cast.mia, PolicyWish::Withdraw(PolicyVersion(3))).await;
    assert!(matches!(alone, Err(AppError::StateConflict { .. })));
}

#[tokio::test]
async fn an_older_save_comes_back_under_a_new_number_and_the_difference_is_empty() {
    let cast = Cast::new().await;
    cast.put(&cast.mia, save(open(&cast).await)).await.unwrap();
    let found = cast.put(&cast.moe, PolicyWish::RollBack(PolicyVersion(1))).await.unwrap();
    assert_eq!(found.in_force.version(), PolicyVersion(3));
    assert_eq!(found.in_force.restores, Some(PolicyVersion(1)));
    let diff = |from, to| {
        let (app, laser) = (cast.world.app.clone(), cast.world.laser());
        async move { policy_diff(&app, Snapshot::default(), &laser, (from, to)).await.unwrap() }
    };
    let (to, same) = diff(PolicyVersion(1), None).await;
    assert_eq!((to, same.len()), (PolicyVersion(3), 0));
    let (_, changed) = diff(PolicyVersion(1), Some(PolicyVersion(2))).await;
    let places: Vec<_> = changed.iter().map(|change| change.pointer.as_str()).collect();
    assert_eq!(places, ["/requirements/0", "/requirements/1"]);
    let unknown = cast.put(&cast.mia, PolicyWish::RollBack(PolicyVersion(9))).await;
    assert!(matches!(unknown, Err(AppError::NotFound { .. })));
}

#[tokio::test]
async fn every_act_on_a_policy_is_audited() {
    let cast = Cast::with_a_second_person().await;
    cast.put(&cast.mia, save(open(&cast).await)).await.unwrap();
    cast.put(&cast.moe, PolicyWish::Confirm(PolicyVersion(2))).await.unwrap();
    cast.put(&cast.mia, PolicyWish::RollBack(PolicyVersion(1))).await.unwrap();
    cast.put(&cast.mia, PolicyWish::Withdraw(PolicyVersion(3))).await.unwrap();
    let audit = cast.world.store.of_kind("audit_entry");
    let mut acts: Vec<_> =
        audit.iter().map(|record| record.body["action"].as_str().unwrap().to_owned()).collect();
    acts.sort();
    assert_eq!(acts, ["policy.confirm", "policy.propose", "policy.propose", "policy.withdraw"]);
}
