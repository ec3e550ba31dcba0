//! What a policy would do, told before it is saved (FEATURES 4 item 4).
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{DecisionRecord, Reservation, Resource, Status};
use interlock_app::ports::store::{Document, Transaction};
use interlock_app::{
    AppError, Becomes, PolicyPreview, PolicyWish, PreviewPolicy, PutPolicy, Snapshot,
    preview_policy, put_policy, settle_due,
};
use interlock_policy::{LossOutcome, Policy, ReasonCode, Requirement, Role, UserId};
use interlock_testkit::World;

use support::{all, ask, read, reservation};

struct Cast {
    world: World,
    mia: UserId,
    ada: UserId,
}

impl Cast {
    async fn new() -> Self {
        let world = World::unlisted().await;
        let mia = world.person_with("mia", &[Role::Manager]).await;
        let ada = world.eligible("ada").await;
        world.person("eve").await;
        Self { world, mia, ada }
    }

    async fn policy(&self) -> Policy {
        let laser = read::<Resource>(&self.world, Resource::key_of(&self.world.laser())).await;
        laser.unwrap().policy
    }

    /// Trainings that lapse after a day, and what becomes of reservations then.
    async fn strict(&self, outcome: LossOutcome) -> Policy {
        let mut policy = self.policy().await;
        for requirement in &mut policy.requirements {
            if let Requirement::Training(training) = requirement {
                training.valid_for_days = Some(1);
            }
        }
        policy.rules.on_lost_eligibility.resource = outcome;
        policy
    }

    async fn open(&self) -> Policy {
        Policy { requirements: Vec::new(), ..self.policy().await }
    }

    async fn preview(&self, policy: Policy, past_days: u32) -> PolicyPreview {
        let request = PreviewPolicy {
            resource_id: self.world.laser(),
            policy: Box::new(policy),
            past_days,
            after: None,
        };
        let before = self.world.store.dump();
        let found = preview_policy(&self.world.app, Snapshot::default(), &request).await.unwrap();
        assert_eq!(self.world.store.dump(), before, "a trial writes nothing");
        found
    }
}

#[tokio::test]
async fn who_gains_and_who_loses_is_told_with_the_reasons() {
    let cast = Cast::new().await;
    let found = cast.preview(cast.open().await, 0).await.members;
    assert_eq!((found.considered, found.eligible_before, found.eligible_after), (3, 1, 3));
    let names: Vec<_> = found.gained.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["eve", "mia"]);
    assert_eq!(
        found.gained[0].reasons,
        [ReasonCode::TrainingIncomplete, ReasonCode::CheckoutMissing]
    );
    assert_eq!(found.gained_by_reason["checkout_missing"], 2);
    let found = cast.preview(cast.strict(LossOutcome::Flag).await, 0).await.members;
    assert_eq!((found.eligible_before, found.eligible_after), (1, 0));
    assert_eq!(found.lost[0].user_id, cast.ada);
    assert_eq!(found.lost_by_reason["training_expired"], 1);
    let same = cast.preview(cast.policy().await, 0).await.members;
    assert!(same.gained.is_empty() && same.lost.is_empty());
}

#[tokio::test]
async fn what_becomes_of_reservations_ahead_is_what_the_save_does() {
    for (outcome, becomes, status) in [
        (LossOutcome::Keep, Becomes::Keep, Status::Confirmed),
        (LossOutcome::Flag, Becomes::Flag, Status::Confirmed),
        (LossOutcome::RenewBy { days: 1 }, Becomes::RenewBy, Status::Confirmed),
        (LossOutcome::Cancel, Becomes::Cancel, Status::Cancelled),
    ] {
        let cast = Cast::new().await;
        let start = cast.world.after(3 * 24 * 60);
        let id = ask(&cast.world, &cast.ada, start, "k").await.unwrap().reservation.id;
        let policy = cast.strict(outcome).await;
        let told = cast.preview(policy.clone(), 0).await.reservations.unwrap();
        assert_eq!((told.considered, told.complete), (1, true));
        assert_eq!(told.affected[0].becomes, becomes, "{outcome:?}");
        assert_eq!(told.affected[0].reasons, [ReasonCode::TrainingExpired]);
        let request = PutPolicy {
            resource_id: cast.world.laser(),
            tag: Some(0),
            wish: PolicyWish::Save(Box::new(policy)),
            effective_from: None,
            reason: "because".to_owned(),
            act: cast.world.act(&cast.mia),
        };
        put_policy(&cast.world.app, Snapshot::default(), &request).await.unwrap();
        settle_due(&cast.world.app, &cast.world.job()).await.unwrap();
        let found = reservation(&cast.world, &id).await;
        assert_eq!(found.status(), status, "{outcome:?}");
        assert_eq!(found.flags.first().and_then(|flag| flag.until), told.affected[0].until);
    }
}

#[tokio::test]
async fn reservations_of_the_past_are_judged_by_what_was_known_then() {
    let cast = Cast::new().await;
    for (key, minutes) in [("a", 600), ("b", 3 * 24 * 60)] {
        ask(&cast.world, &cast.ada, cast.world.after(minutes), key).await.unwrap();
    }
    cast.world.advance(5 * 24 * 3600);
    let mut policy = cast.policy().await;
    policy.rules.notice.create_minutes = (24 * 60).into();
    let past = cast.preview(policy.clone(), 30).await.past.unwrap();
    assert_eq!((past.considered, past.without_record, past.complete), (2, 0, true));
    assert_eq!(past.refused.len(), 1, "only one was made within a day of its start");
    assert_eq!(past.refused_by_reason["notice_create"], 1);
    let recent = cast.preview(policy.clone(), 3).await.past.unwrap();
    assert_eq!((recent.considered, recent.refused.len()), (1, 0));
    assert!(cast.preview(policy, 0).await.past.is_none());
}

#[tokio::test]
async fn a_reservation_without_a_decision_on_record_is_counted_apart() {
    let cast = Cast::new().await;
    ask(&cast.world, &cast.ada, cast.world.after(600), "a").await.unwrap();
    let record = all::<DecisionRecord>(&cast.world).remove(0);
    let forget = Transaction::new().remove(record.key());
    cast.world.app.store.commit(&forget).await.unwrap();
    cast.world.advance(24 * 3600);
    let past = cast.preview(cast.open().await, 7).await.past.unwrap();
    assert_eq!((past.considered, past.without_record), (0, 1));
    assert_eq!(all::<Reservation>(&cast.world).len(), 1);
}

#[tokio::test]
async fn many_members_come_page_by_page_and_nobody_twice() {
    let cast = Cast::new().await;
    for number in 0..600 {
        cast.world.person(&format!("n{number:04}")).await;
    }
    let first = cast.preview(cast.open().await, 0).await;
    assert_eq!(first.members.considered, 500);
    let request = PreviewPolicy {
        resource_id: cast.world.laser(),
        policy: Box::new(cast.open().await),
        past_days: 30,
        after: Some(first.next.unwrap()),
    };
    let rest = preview_policy(&cast.world.app, Snapshot::default(), &request).await.unwrap();
    assert_eq!(rest.members.considered, 103);
    assert!(rest.next.is_none() && rest.reservations.is_none() && rest.past.is_none());
}

#[tokio::test]
async fn what_could_not_be_saved_is_not_tried_either() {
    let cast = Cast::new().await;
    let mut policy = cast.policy().await;
    policy.rules.grid_minutes = Some(0);
    let request = |policy: Policy, past_days| PreviewPolicy {
        resource_id: cast.world.laser(),
        policy: Box::new(policy),
        past_days,
        after: None,
    };
    let bad = request(policy, 0);
    let told = preview_policy(&cast.world.app, Snapshot::default(), &bad).await;
    assert!(matches!(told, Err(AppError::Invalid(_))));
    let long = request(cast.policy().await, 91);
    let told = preview_policy(&cast.world.app, Snapshot::default(), &long).await;
    assert!(matches!(told, Err(AppError::Invalid(_))));
}
