//! Whether a holder came, and what that does to what he may have next.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{
    Account, Attendance, AuditEntry, ManagerScope, OpenReservations, Outage, Past, PastOutcome,
    Presence, Reservation,
};
use interlock_app::{
    AppError, AttendanceRequest, CancelRequest, cancel, record_attendance, settle_due,
};
use interlock_policy::{OutageId, Role, UserId};
use interlock_testkit::World;
use jiff::{SignedDuration, Timestamp};
use support::{ask, books_agree, change_laser, read, stored};

struct Cast {
    world: World,
    ada: UserId,
    mia: UserId,
    reservation: Reservation,
}

impl Cast {
    /// An hour of Ada's that has begun, and a manager beside it.
    async fn new() -> Self {
        let world = World::new().await;
        let ada = world.eligible("ada").await;
        let mia = world.person_with("mia", &[Role::Manager]).await;
        let reservation = ask(&world, &ada, world.after(120), "k").await.unwrap().reservation;
        world.advance(121 * 60);
        Self { world, ada, mia, reservation }
    }

    async fn say(&self, witness: &UserId, presence: Presence) -> Result<Reservation, AppError> {
        self.world.advance(1);
        let request = AttendanceRequest {
            reservation_id: self.reservation.id.clone(),
            presence,
            act: self.world.act(witness),
        };
        record_attendance(&self.world.app, witness, &request).await
    }

    async fn complete(&self) {
        self.world.advance(2 * 3600);
        settle_due(&self.world.app, &self.world.job()).await.unwrap();
        books_agree(&self.world);
    }

    async fn past(&self) -> Past {
        read::<OpenReservations>(&self.world, OpenReservations::key_of(&self.ada))
            .await
            .unwrap()
            .past
    }
}

fn outcomes(past: &Past) -> Vec<PastOutcome> {
    past.ends.iter().map(|end| end.outcome).collect()
}

#[tokio::test]
async fn a_miss_counts_as_a_strike_and_not_as_a_use_whether_said_before_the_end_or_after() {
    for said_first in [true, false] {
        let cast = Cast::new().await;
        if !said_first {
            cast.complete().await;
            assert_eq!(cast.past().await.totals[0].count, 1);
        }
        let told = cast.say(&cast.mia, Presence::NoShow).await.unwrap();
        assert_eq!(told.presence(), Some(Presence::NoShow));
        if said_first {
            cast.complete().await;
        }
        let past = cast.past().await;
        assert_eq!(outcomes(&past), [PastOutcome::NoShow], "said first: {said_first}");
        assert!(past.totals.is_empty(), "it was no use");
        assert_eq!(past.strikes().len(), 1);
        books_agree(&cast.world);
    }
}

#[tokio::test]
async fn another_word_takes_the_place_of_the_one_before() {
    let cast = Cast::new().await;
    cast.complete().await;
    let before = cast.past().await;
    cast.say(&cast.mia, Presence::NoShow).await.unwrap();
    let after = cast.say(&cast.mia, Presence::Late).await.unwrap();
    let Attendance { presence, recorded_by, .. } = after.attendance.unwrap();
    assert_eq!((presence, recorded_by), (Presence::Late, cast.mia.clone()));
    assert_eq!(cast.past().await, before);
}

#[tokio::test]
async fn a_miss_taken_out_of_several_uses_leaves_when_the_last_of_them_was() {
    let cast = Cast::new().await;
    cast.complete().await;
    let next_day = cast.reservation.interval.start() + SignedDuration::from_hours(24);
    let second = ask(&cast.world, &cast.ada, next_day, "k2").await.unwrap();
    cast.world.advance(24 * 3600);
    cast.complete().await;
    let missed = Cast { reservation: second.reservation, ..cast };
    missed.say(&missed.mia, Presence::NoShow).await.unwrap();
    let total = missed.past().await.totals.remove(0);
    let first = missed.past().await.ends[0].interval.end();
    assert_eq!((total.count, total.last_ended_at), (1, first));
}

#[tokio::test]
async fn the_same_word_again_writes_nothing() {
    let cast = Cast::new().await;
    cast.say(&cast.mia, Presence::Attended).await.unwrap();
    let before = cast.world.store.snapshot();
    cast.say(&cast.mia, Presence::Attended).await.unwrap();
    assert_eq!(cast.world.store.snapshot(), before);
}

#[tokio::test]
async fn what_was_seen_is_in_the_audit_before_and_after() {
    let cast = Cast::new().await;
    cast.say(&cast.mia, Presence::NoShow).await.unwrap();
    let entries = cast.world.store.of_kind("audit_entry");
    let entries = entries.iter().map(|record| record.decode::<AuditEntry>().unwrap().value);
    let entry = entries.into_iter().find(|entry| entry.action == "reservation.attendance").unwrap();
    assert!(entry.detail["before"]["attendance"].is_null());
    assert_eq!(entry.detail["after"]["attendance"], "no_show");
}

#[tokio::test]
async fn nobody_tells_before_it_begins_or_of_what_was_cancelled() {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let mia = world.person_with("mia", &[Role::Manager]).await;
    let reservation = ask(&world, &ada, world.after(120), "k").await.unwrap().reservation;
    let cast = Cast { world, ada, mia, reservation };
    let early = cast.say(&cast.mia, Presence::Attended).await.unwrap_err();
    assert_eq!(detail(&early), "it has not begun");
    let request = CancelRequest {
        reservation_id: cast.reservation.id.clone(),
        reason: "plans changed".to_owned(),
        staff: false,
        idempotency: None,
        act: cast.world.act(&cast.ada),
    };
    cancel(&cast.world.app, &cast.ada, &request).await.unwrap();
    cast.world.advance(3 * 3600);
    let gone = cast.say(&cast.mia, Presence::NoShow).await.unwrap_err();
    assert_eq!(detail(&gone), "nobody was to come by it");
}

#[tokio::test]
async fn nobody_misses_what_was_out_of_order() {
    let cast = Cast::new().await;
    let starts_at: Timestamp = cast.reservation.interval.start();
    change_laser(&cast.world, |laser| {
        laser.outages.push(Outage {
            id: "otg_1".parse::<OutageId>().unwrap(),
            starts_at,
            ends_at: None,
            reason: "the tube is cracked".to_owned(),
            made_by: cast.world.act(&cast.mia).actor,
            made_at: starts_at,
        });
    })
    .await;
    let refused = cast.say(&cast.mia, Presence::NoShow).await.unwrap_err();
    assert_eq!(detail(&refused), "the resource was out of order then");
    cast.say(&cast.mia, Presence::Attended).await.unwrap();
}

#[tokio::test]
async fn only_a_manager_in_scope_or_the_host_tells_and_nobody_of_himself() {
    let cast = Cast::new().await;
    let absent = |error: &AppError| matches!(error, AppError::NotFound { what: "reservation" });
    let bob = cast.world.person("bob").await;
    assert!(absent(&cast.say(&bob, Presence::Attended).await.unwrap_err()));
    let key = Account::key_of(&cast.mia);
    let mut account = stored::<Account>(&cast.world, key).await.unwrap().value;
    account.scope =
        Some(ManagerScope { machines: Vec::new(), categories: vec!["saws".to_owned()] });
    cast.world.put(&account).await;
    assert!(absent(&cast.say(&cast.mia, Presence::Attended).await.unwrap_err()));
    account.scope =
        Some(ManagerScope { machines: vec![cast.world.laser()], categories: Vec::new() });
    cast.world.put(&account).await;
    cast.say(&cast.mia, Presence::Attended).await.unwrap();
    let mut own = stored::<Account>(&cast.world, Account::key_of(&cast.ada)).await.unwrap().value;
    own.roles.push(Role::Admin);
    cast.world.put(&own).await;
    let own = cast.say(&cast.ada, Presence::Late).await.unwrap_err();
    assert!(matches!(own, AppError::SelfApproval), "{own:?}");
}

fn detail(error: &AppError) -> &str {
    let AppError::StateConflict { detail } = error else { panic!("{error:?}") };
    detail
}
