//! Making, changing and mapping machines and hosts.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "support/dice.rs"]
mod dice;
mod support;

use std::sync::Arc;

use dice::{Dice, Work, interleave, run};
use interlock_app::model::{AuditEntry, CalUsernameClaim, Guide, Reservation, Resource};
use interlock_app::ports::scheduler::{CredentialMode, Failure};
use interlock_app::ports::store::{Stored, Transaction};
use interlock_app::{
    App, AppError, CancelRequest, CreateResource, GuideChange, MappingRequest, Snapshot,
    UpdateResource, cancel, create_resource, list_resources, reserve, update_resource,
};
use interlock_policy::{CalAccountId, EventTypeId, PolicyVersion, ResourceId, ResourceKind};
use interlock_testkit::scheduler::{Call, plain_event_type};
use interlock_testkit::store::faulty::{Faults, Lag};
use interlock_testkit::world::{HALF_HOUR, HOUR};
use interlock_testkit::{FaultyStore, World};
use support::{all, ask, change_laser, read, stored};

/// The workshop with the claim that mapping the laser would have left.
async fn world() -> World {
    let world = World::new().await;
    let claim =
        CalUsernameClaim { username: "laser".to_owned(), cal_account_id: world.account().id };
    world.put(&claim).await;
    world
}

fn mapping(ids: &[EventTypeId]) -> MappingRequest {
    MappingRequest {
        username: "laser".to_owned(),
        email: "Laser@Hosts.Test".to_owned(),
        mode: CredentialMode::ApiKey,
        credential_ref: "laser".to_owned(),
        event_type_ids: ids.to_vec(),
    }
}

fn mill(world: &World, mapping: Option<MappingRequest>) -> CreateResource {
    CreateResource {
        id: "mch_mill".parse().unwrap(),
        name: " Mill ".to_owned(),
        category: "mills".to_owned(),
        guide: GuideChange::default(),
        time_zone: "Europe/Berlin".parse().unwrap(),
        user_id: None,
        mapping,
        act: world.job(),
    }
}

fn change(world: &World, version: Option<u64>) -> UpdateResource {
    UpdateResource {
        id: world.laser(),
        version,
        name: None,
        category: None,
        guide: GuideChange::default(),
        active: None,
        policy_needs_second: None,
        four_eyes: None,
        mapping: None,
        act: world.job(),
    }
}

async fn update(world: &World, request: &UpdateResource) -> Result<Stored<Resource>, AppError> {
    update_resource(&world.app, Snapshot::default(), request).await
}

fn faults(error: AppError) -> Vec<(String, &'static str)> {
    let (AppError::MappingRefused(faults) | AppError::Invalid(faults)) = error else {
        panic!("{error:?}")
    };
    faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

#[tokio::test]
async fn an_unmapped_machine_is_made_inactive_and_cannot_be_activated() {
    let world = world().await;
    let made = create_resource(&world.app, &mill(&world, None)).await.unwrap();
    assert_eq!((made.version, made.value.active, made.value.name.as_str()), (1, false, "Mill"));
    let id: ResourceId = "mch_mill".parse().unwrap();
    let activate = UpdateResource { id, active: Some(true), ..change(&world, Some(1)) };
    let refused = faults(update(&world, &activate).await.unwrap_err());
    assert_eq!(refused, [("/active".to_owned(), "not_mapped")]);
}

#[tokio::test]
async fn a_mapped_machine_takes_its_kinds_from_calcom_and_shares_the_account() {
    let world = world().await;
    let wish = mill(&world, Some(mapping(&[HALF_HOUR, HOUR])));
    let made = create_resource(&world.app, &wish).await.unwrap().value;
    assert!(made.active);
    let account = made.cal_account.unwrap();
    assert_eq!(account.id, world.account().id, "one calendar, one ledger");
    assert_eq!(account.email, "laser@hosts.test");
    let kinds: Vec<_> = made
        .event_types
        .iter()
        .map(|kind| (kind.id, kind.duration_minutes, kind.default))
        .collect();
    assert_eq!(kinds, [(HALF_HOUR, 30, true), (HOUR, 60, false)]);
}

#[tokio::test]
async fn a_new_calendar_gets_an_account_that_the_next_resource_finds() {
    let world = World::new().await;
    let other = |mapping: MappingRequest| MappingRequest { username: "shop".to_owned(), ..mapping };
    let wish = mill(&world, Some(other(mapping(&[HOUR]))));
    let refused = faults(create_resource(&world.app, &wish).await.unwrap_err());
    assert_eq!(refused.len(), 1, "the new account has no kinds at Cal.com");
    let id = "cal_shop".parse::<CalAccountId>().unwrap();
    let claim = CalUsernameClaim { username: "shop".to_owned(), cal_account_id: id.clone() };
    world.put(&claim).await;
    world.scheduler.set_event_type(&id, plain_event_type(HOUR, "Mill", 60));
    let one = create_resource(&world.app, &wish).await.unwrap().value;
    let second = CreateResource { id: "mch_saw".parse().unwrap(), ..wish };
    let two = create_resource(&world.app, &second).await.unwrap().value;
    assert_eq!(one.cal_account.unwrap().id, id);
    assert_eq!(two.cal_account.unwrap().id, id);
}

#[tokio::test]
async fn each_setting_that_would_break_a_promise_is_refused() {
    let world = world().await;
    let kind = || plain_event_type(EventTypeId(200), "Odd", 60);
    let mut kinds = vec![kind(); 7];
    kinds[0].requires_confirmation = true;
    kinds[1].has_seats = true;
    kinds[2].recurring = true;
    kinds[3].has_price = true;
    kinds[4].cancelling_disabled = true;
    kinds[5].requires_email_verification = true;
    kinds[6].minimum_notice_minutes = 1;
    let codes = [
        "confirmation_required",
        "has_seats",
        "recurring",
        "has_price",
        "cancelling_disabled",
        "email_verification",
        "minimum_notice",
    ];
    let before = world.store.dump();
    for (kind, code) in kinds.into_iter().zip(codes) {
        world.scheduler.set_event_type(&world.account().id, kind);
        let wish = mill(&world, Some(mapping(&[HOUR, EventTypeId(200)])));
        let refused = faults(create_resource(&world.app, &wish).await.unwrap_err());
        assert_eq!(refused, [("/mapping/eventTypeIds/1".to_owned(), code)]);
    }
    assert_eq!(world.store.dump(), before);
}

#[tokio::test]
async fn unknown_kinds_none_at_all_and_a_silent_calcom_are_refused() {
    let world = world().await;
    let before = world.store.dump();
    let none = mill(&world, Some(mapping(&[])));
    let refused = faults(create_resource(&world.app, &none).await.unwrap_err());
    assert_eq!(refused, [("/mapping/eventTypeIds".to_owned(), "empty")]);
    let unknown = mill(&world, Some(mapping(&[EventTypeId(999)])));
    let refused = faults(create_resource(&world.app, &unknown).await.unwrap_err());
    assert_eq!(refused, [("/mapping/eventTypeIds/0".to_owned(), "event_type_unknown")]);
    world.scheduler.fail_before(Call::EventTypes, Failure::NotConnected);
    let answer = create_resource(&world.app, &mill(&world, Some(mapping(&[HOUR])))).await;
    assert!(matches!(answer, Err(AppError::Unavailable { .. })), "{answer:?}");
    assert_eq!(world.store.dump(), before);
}

#[tokio::test]
async fn a_user_name_claimed_meanwhile_makes_no_second_ledger() {
    let world = world().await;
    let other = CalUsernameClaim {
        username: "laser".to_owned(),
        cal_account_id: "cal_other".parse().unwrap(),
    };
    world.store.slip_in(Transaction::new().replace(&other, 1).unwrap());
    let answer = create_resource(&world.app, &mill(&world, Some(mapping(&[HOUR])))).await;
    assert!(matches!(answer, Err(AppError::Unavailable { .. })), "{answer:?}");
    let key = Resource::key_of(&"mch_mill".parse().unwrap());
    assert!(read::<Resource>(&world, key).await.is_none(), "nothing of it was written");
}

#[tokio::test]
async fn an_id_is_given_once() {
    let world = world().await;
    create_resource(&world.app, &mill(&world, None)).await.unwrap();
    let before = world.store.dump();
    let answer = create_resource(&world.app, &mill(&world, None)).await;
    assert!(matches!(answer, Err(AppError::StateConflict { .. })), "{answer:?}");
    assert_eq!(world.store.dump(), before);
}

#[tokio::test]
async fn names_are_bounded_and_every_fault_is_told() {
    let world = world().await;
    let wish =
        CreateResource { name: " ".to_owned(), category: "x".repeat(65), ..mill(&world, None) };
    let refused = faults(create_resource(&world.app, &wish).await.unwrap_err());
    let expected = [("/name".to_owned(), "length"), ("/category".to_owned(), "length")];
    assert_eq!(refused, expected);
}

#[tokio::test]
async fn a_change_names_the_version_it_saw() {
    let world = world().await;
    let answer = update(&world, &change(&world, None)).await;
    assert!(matches!(answer, Err(AppError::PreconditionRequired)), "{answer:?}");
    let answer = update(&world, &change(&world, Some(7))).await;
    assert!(matches!(answer, Err(AppError::PreconditionFailed)), "{answer:?}");
    let renamed = UpdateResource { name: Some("Big laser".to_owned()), ..change(&world, Some(1)) };
    assert_eq!(update(&world, &renamed).await.unwrap().version, 2);
    let again = update(&world, &renamed).await;
    assert!(matches!(again, Err(AppError::PreconditionFailed)), "{again:?}");
    let kept = stored::<Resource>(&world, Resource::key_of(&world.laser())).await.unwrap();
    assert_eq!((kept.version, kept.value.name.as_str()), (2, "Big laser"));
    assert_eq!(kept.value.category, "lasers", "what is not said stays");
    assert_eq!(all::<AuditEntry>(&world).len(), 1);
}

#[tokio::test]
async fn a_record_of_before_tells_nothing_and_is_told_something_by_a_change() {
    let world = world().await;
    let kept = world.store.of_kind("resource").remove(0);
    assert!(kept.body.get("guide").is_none(), "what tells nothing is kept as it always was");
    let guide = GuideChange { place: Some("Hall 2".to_owned()), ..GuideChange::default() };
    let told = update(&world, &UpdateResource { guide, ..change(&world, Some(1)) }).await.unwrap();
    assert_eq!(told.value.guide, Guide { place: "Hall 2".to_owned(), ..Guide::default() });
    let read = read::<Resource>(&world, Resource::key_of(&world.laser())).await.unwrap();
    assert_eq!(read, told.value);
    let audit = all::<AuditEntry>(&world).remove(0);
    assert_eq!(audit.detail["guide"], serde_json::json!({ "place": "Hall 2" }));
}

#[tokio::test]
async fn of_two_changes_on_one_version_one_wins() {
    let world = world().await;
    let off = UpdateResource { active: Some(false), ..change(&world, Some(1)) };
    let (one, two) = tokio::join!(update(&world, &off), update(&world, &off));
    assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|won| **won).count(), 1);
}

#[tokio::test]
async fn an_unknown_machine_cannot_be_changed() {
    let world = world().await;
    let id = "mch_none".parse().unwrap();
    let answer = update(&world, &UpdateResource { id, ..change(&world, Some(1)) }).await;
    assert!(matches!(answer, Err(AppError::NotFound { .. })), "{answer:?}");
}

#[tokio::test]
async fn an_inactive_machine_stays_in_the_list_with_its_reason() {
    let world = world().await;
    let ada = world.eligible("ada").await;
    let off = UpdateResource { active: Some(false), ..change(&world, Some(1)) };
    update(&world, &off).await.unwrap();
    let wanted = (ResourceKind::Machine, 10, None);
    let (page, next) = list_resources(&world.app, Snapshot::default(), &ada, wanted).await.unwrap();
    assert!(next.is_none());
    assert_eq!(page[0].verdict.reasons[0].code.as_str(), "machine_inactive");
    assert!(read::<Resource>(&world, Resource::key_of(&world.laser())).await.is_some());
}

/// Another calendar that offers what the laser does.
async fn shop(world: &World) -> (CalAccountId, MappingRequest) {
    let shop = "cal_shop".parse::<CalAccountId>().unwrap();
    world
        .put(&CalUsernameClaim { username: "shop".to_owned(), cal_account_id: shop.clone() })
        .await;
    world.scheduler.set_event_type(&shop, plain_event_type(HOUR, "Laser", 60));
    (shop, MappingRequest { username: "shop".to_owned(), ..mapping(&[HOUR]) })
}

async fn laser(world: &World) -> Stored<Resource> {
    stored::<Resource>(world, Resource::key_of(&world.laser())).await.unwrap()
}

#[tokio::test]
async fn a_reservation_that_no_index_shows_yet_keeps_its_machine_where_it_is() {
    let world = world().await;
    let (_, to_shop) = shop(&world).await;
    let faults = Faults { stale: 1000, lag: Lag::Writes(100), ..Faults::default() };
    let behind = FaultyStore::new(world.store.clone(), world.clock.clone(), 1, faults);
    let behind = Arc::new(behind);
    let late = App { store: behind.clone(), ..world.app.clone() };
    let ada = world.eligible("ada").await;
    let wish = world.wish(&ada, world.after(300), "k");
    reserve(&late, Snapshot::default(), &ada, &wish).await.unwrap();
    let version = laser(&world).await.version;
    let moved = UpdateResource { mapping: Some(to_shop), ..change(&world, Some(version)) };
    let refused = update_resource(&late, Snapshot::default(), &moved).await.unwrap_err();
    assert!(matches!(refused, AppError::StateConflict { .. }), "{refused:?}");
    assert_eq!(laser(&world).await.value.cal_account.unwrap().id, world.account().id);
}

#[tokio::test]
async fn a_refused_change_leaves_a_machine_open_that_was_to_leave_its_calendar() {
    let world = world().await;
    let (_, to_shop) = shop(&world).await;
    change_laser(&world, |laser| laser.shelf.proposal = Some(PolicyVersion(2))).await;
    let before = laser(&world).await;
    let wish = UpdateResource {
        mapping: Some(to_shop),
        policy_needs_second: Some(true),
        ..change(&world, Some(before.version))
    };
    let refused = update(&world, &wish).await.unwrap_err();
    assert!(matches!(refused, AppError::StateConflict { .. }), "{refused:?}");
    assert_eq!(laser(&world).await, before);
}

#[test]
fn of_a_hold_and_a_new_calendar_at_once_one_stands_aside() {
    let mut went_elsewhere = 0;
    for seed in 0..200 {
        let world = run(world());
        let (elsewhere, to_shop) = run(shop(&world));
        let ada = run(world.eligible("ada"));
        let version = run(laser(&world)).version;
        let moved = UpdateResource { mapping: Some(to_shop), ..change(&world, Some(version)) };
        let works: Vec<Work<'_>> = vec![
            Box::pin(async {
                let _ = ask(&world, &ada, world.after(300), "k").await;
            }),
            Box::pin(async {
                let _ = update(&world, &moved).await;
            }),
        ];
        interleave(&mut Dice::new(seed), works, None);
        let now = run(laser(&world)).value;
        let there = now.cal_account.unwrap().id;
        went_elsewhere += usize::from(there == elsewhere);
        assert_eq!(now.closed, None, "seed {seed}");
        let open = all::<Reservation>(&world).into_iter().filter(|one| !one.state.is_final());
        for one in open {
            assert_eq!(one.cal_account_id, there, "seed {seed}: {one:?}");
        }
    }
    assert!((1..200).contains(&went_elsewhere), "{went_elsewhere} went");
}

#[tokio::test]
async fn a_machine_keeps_its_calendar_while_a_reservation_of_it_is_open() {
    let world = world().await;
    let (shop, to_shop) = shop(&world).await;
    let ada = world.eligible("ada").await;
    let placed = ask(&world, &ada, world.after(300), "k").await.unwrap();
    let version = laser(&world).await.version;
    let moved = UpdateResource { mapping: Some(to_shop), ..change(&world, Some(version)) };
    let refused = update(&world, &moved).await.unwrap_err();
    assert!(matches!(refused, AppError::StateConflict { .. }), "{refused:?}");
    let kept = UpdateResource { mapping: Some(mapping(&[HOUR])), ..change(&world, Some(version)) };
    let kept = update(&world, &kept).await.unwrap();
    assert_eq!(kept.value.cal_account.unwrap().id, world.account().id);
    let leaving = CancelRequest {
        reservation_id: placed.reservation.id,
        reason: "x".to_owned(),
        staff: false,
        idempotency: None,
        act: world.act(&ada),
    };
    cancel(&world.app, &ada, &leaving).await.unwrap();
    // The same act at the same instant would be the same row of the audit.
    world.advance(1);
    let moved = UpdateResource { version: Some(kept.version), ..moved };
    assert_eq!(update(&world, &moved).await.unwrap().value.cal_account.unwrap().id, shop);
}
