//! Every decision on a reservation is kept with what was looked at, and made anew bit for bit
//! (FEATURES 4 item 5).
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{DecisionRecord, Replay};
use interlock_app::{
    CancelRequest, DecisionRequest, RescheduleRequest, Snapshot, approve, cancel, read_decisions,
    reschedule,
};
use interlock_policy::{Purpose, Role};
use interlock_testkit::World;

use support::{all, ask, change_laser, laser_wants_a_yes};

const SAME: Replay = Replay { same_input: true, same_verdicts: true };

/// Through JSON and back, as a person hands it over.
fn handed_over(record: &DecisionRecord) -> DecisionRecord {
    serde_json::from_str(&serde_json::to_string(record).unwrap()).unwrap()
}

fn purposes(record: &DecisionRecord) -> Vec<Purpose> {
    record.input.questions.iter().map(|asked| asked.purpose.clone()).collect()
}

#[tokio::test]
async fn making_moving_and_cancelling_each_leave_a_decision_that_comes_out_the_same() {
    let world = World::unlisted().await;
    let ada = world.eligible("ada").await;
    let id = ask(&world, &ada, world.after(3 * 24 * 60), "k").await.unwrap().reservation.id;
    let request = RescheduleRequest {
        reservation_id: id.clone(),
        start: world.after(4 * 24 * 60),
        reason: None,
        staff: false,
        idempotency: None,
        act: world.act(&ada),
    };
    reschedule(&world.app, &ada, &request).await.unwrap();
    let request = CancelRequest {
        reservation_id: id.clone(),
        reason: "ill".to_owned(),
        staff: false,
        idempotency: None,
        act: world.act(&ada),
    };
    cancel(&world.app, &ada, &request).await.unwrap();
    let kept = read_decisions(&world.app, Snapshot::default(), &id, &ada).await.unwrap();
    let asked: Vec<_> = kept.iter().map(purposes).collect();
    let (change, leave) = (Purpose::Change(id.clone()), Purpose::Cancel(id.clone()));
    assert_eq!(asked, [vec![Purpose::Create], vec![change, leave.clone()], vec![leave]]);
    assert_eq!(kept[0].version, 1, "the version of the reservation it led to");
    for record in &kept {
        assert_eq!(handed_over(record).replay().unwrap(), SAME);
    }
}

#[tokio::test]
async fn a_yes_leaves_a_decision_too() {
    let world = World::unlisted().await;
    laser_wants_a_yes(&world).await;
    let ada = world.eligible("ada").await;
    let mia = world.person_with("mia", &[Role::Manager]).await;
    let id = ask(&world, &ada, world.after(3 * 24 * 60), "k").await.unwrap().reservation.id;
    let request = DecisionRequest {
        reservation_id: id.clone(),
        staff: true,
        idempotency: None,
        act: world.act(&mia),
    };
    approve(&world.app, &mia, &request).await.unwrap();
    let kept = read_decisions(&world.app, Snapshot::default(), &id, &mia).await.unwrap();
    let asked: Vec<_> = kept.iter().map(purposes).collect();
    assert_eq!(asked, [vec![Purpose::Create], vec![Purpose::Keep]]);
    assert_eq!(kept[1].replay().unwrap(), SAME);
}

#[tokio::test]
async fn what_was_changed_in_a_record_is_found() {
    let world = World::unlisted().await;
    let ada = world.eligible("ada").await;
    ask(&world, &ada, world.after(3 * 24 * 60), "k").await.unwrap();
    let record = all::<DecisionRecord>(&world).remove(0);
    let mut other = record.clone();
    other.input.member.trainings[0].percent = 99;
    assert!(!other.replay().unwrap().same_input);
    let mut other = record.clone();
    other.input.policy.rules.allow_parallel = Some(true);
    assert!(!other.replay().unwrap().same_input);
    let mut other = record.clone();
    other.policy_version.0 += 1;
    assert!(!other.replay().unwrap().same_input);
    let mut other = record;
    other.verdicts[0]["verdict"] = "refuse".into();
    let replay = other.replay().unwrap();
    assert_eq!(replay, Replay { same_input: true, same_verdicts: false });
}

#[tokio::test]
async fn a_later_change_of_the_rules_does_not_reach_an_older_decision() {
    let world = World::unlisted().await;
    let ada = world.eligible("ada").await;
    ask(&world, &ada, world.after(3 * 24 * 60), "k").await.unwrap();
    change_laser(&world, |laser| laser.policy.requirements.clear()).await;
    let record = all::<DecisionRecord>(&world).remove(0);
    assert_eq!(record.replay().unwrap(), SAME);
    assert_eq!(record.input.policy.requirements.len(), 2);
}

#[tokio::test]
async fn a_refusal_changes_nothing_and_leaves_no_decision() {
    let world = World::unlisted().await;
    let eve = world.person("eve").await;
    assert!(ask(&world, &eve, world.after(3 * 24 * 60), "k").await.is_err());
    assert!(all::<DecisionRecord>(&world).is_empty());
}
