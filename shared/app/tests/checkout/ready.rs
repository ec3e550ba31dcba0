//! Passing the last module opens a wish by itself, in the same transaction.

use interlock_app::model::{CheckoutStep, Module, PendingCheckout, Resource, WishOrigin};
use interlock_app::{BeatRequest, Snapshot, complete_training, record_progress};
use interlock_policy::{CheckoutScope, ModuleId, Requirement, TrainingRequirement};
use interlock_watch::Millis;

use crate::desk::Desk;
use crate::support::{all, read};

fn module(name: &str) -> ModuleId {
    format!("mod_{name}").parse().unwrap()
}

/// Watches a module of a minute from start to end and completes it.
async fn pass(desk: &Desk, id: &ModuleId) {
    let mut beat = BeatRequest {
        module_id: id.clone(),
        watch_id: None,
        sequence: 1,
        segments: Vec::new(),
        position: Millis::ZERO,
        visible: true,
    };
    let (app, ada) = (&desk.world.app, &desk.ada);
    for from in (0..=60).step_by(5) {
        let body = record_progress(app, Snapshot::default(), ada, &beat).await.unwrap();
        desk.world.advance(5);
        let played = serde_json::json!({"from": from, "to": from + 5, "rate": 1, "wallMs": 5000});
        beat.watch_id = Some(body.watch_id.parse().unwrap());
        beat.sequence += 1;
        beat.segments = vec![serde_json::from_value(played).unwrap()];
        beat.position = Millis::from_seconds(from + 5);
    }
    complete_training(app, ada, id, &desk.world.act(ada)).await.unwrap();
}

async fn laser(desk: &Desk) -> Resource {
    read(&desk.world, Resource::key_of(&desk.world.laser())).await.unwrap()
}

/// A second machine whose policy asks for these modules and a checkout.
async fn machine(desk: &Desk, id: &str, modules: &[&str]) {
    let mut other = laser(desk).await;
    other.id = id.parse().unwrap();
    other.policy.requirements.retain(|one| matches!(one, Requirement::Checkout(_)));
    for name in modules {
        let wanted = TrainingRequirement {
            module_id: module(name),
            minimum_percent: 90,
            watched_seconds: None,
            valid_for_days: None,
        };
        other.policy.requirements.push(Requirement::Training(wanted));
    }
    desk.world.put(&other).await;
}

async fn second_module(desk: &Desk) {
    let basics = read::<Module>(&desk.world, Module::key_of(&module("basics"))).await.unwrap();
    desk.world.put(&Module { id: module("more"), ..basics }).await;
}

#[tokio::test]
async fn the_last_module_opens_a_wish_and_only_once() {
    let desk = Desk::new().await;
    pass(&desk, &module("basics")).await;
    let wishes = desk.wishes().await;
    assert_eq!(wishes.len(), 1);
    assert_eq!(wishes[0].scope, CheckoutScope::Machine(desk.world.laser()));
    assert_eq!(wishes[0].origin, WishOrigin::Training);
    assert_eq!(all::<PendingCheckout>(&desk.world)[0].wish, wishes[0]);
    assert_eq!(desk.steps(), [CheckoutStep::Requested]);
    let (app, ada) = (&desk.world.app, &desk.ada);
    complete_training(app, ada, &module("basics"), &desk.world.act(ada)).await.unwrap();
    assert_eq!(desk.wishes().await, wishes);
}

#[tokio::test]
async fn a_machine_that_lacks_more_or_asked_for_nothing_else_opens_none() {
    let desk = Desk::new().await;
    second_module(&desk).await;
    machine(&desk, "mch_mill", &["basics", "more"]).await;
    machine(&desk, "mch_saw", &[]).await;
    pass(&desk, &module("basics")).await;
    assert_eq!(desk.wishes().await.len(), 1, "only the laser");
    pass(&desk, &module("more")).await;
    let mut scopes: Vec<_> = desk.wishes().await.into_iter().map(|wish| wish.scope).collect();
    scopes.sort();
    let machine = |id: &str| CheckoutScope::Machine(id.parse().unwrap());
    assert_eq!(scopes, [machine("mch_laser"), machine("mch_mill")]);
}

#[tokio::test]
async fn who_is_checked_out_already_or_asked_before_gets_no_second_wish() {
    let desk = Desk::new().await;
    desk.plainly(&desk.boss).await.unwrap();
    pass(&desk, &module("basics")).await;
    assert!(desk.wishes().await.is_empty());
    let desk = Desk::new().await;
    desk.ask().await.unwrap();
    let before = desk.wishes().await;
    pass(&desk, &module("basics")).await;
    assert_eq!(desk.wishes().await, before);
}

#[tokio::test]
async fn machines_of_one_category_share_a_wish() {
    let desk = Desk::new().await;
    desk.laser_by_category().await;
    machine(&desk, "mch_engraver", &["basics"]).await;
    desk.change(|laser| {
        let wanted = TrainingRequirement {
            module_id: module("basics"),
            minimum_percent: 90,
            watched_seconds: None,
            valid_for_days: None,
        };
        laser.policy.requirements.push(Requirement::Training(wanted));
    })
    .await;
    pass(&desk, &module("basics")).await;
    let scopes: Vec<_> = desk.wishes().await.into_iter().map(|wish| wish.scope).collect();
    assert_eq!(scopes, [CheckoutScope::Category("lasers".to_owned())]);
}

#[tokio::test]
async fn more_machines_than_a_transaction_holds_do_not_keep_anybody_from_passing() {
    let desk = Desk::new().await;
    for number in 0..45 {
        machine(&desk, &format!("mch_m{number}"), &["basics"]).await;
    }
    pass(&desk, &module("basics")).await;
    assert_eq!(desk.wishes().await.len(), 30);
    assert_eq!(desk.standing().await.trainings.len(), 1);
}
