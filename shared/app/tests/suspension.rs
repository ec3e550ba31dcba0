//! A suspension with a reason and an end: it is over by itself wherever standing is judged.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use interlock_app::model::{Account, AuditEntry, Reservation, Status, Suspension};
use interlock_app::{AppError, EraseRequest, UpdateUser, erase_user, settle_due, update_user};
use interlock_policy::{AccountStatus, ReservationId, Role, UserId};
use interlock_testkit::World;
use jiff::{SignedDuration, Timestamp};

use support::{all, ask, books_agree, read, reservation};

const DAY: i64 = 24 * 60;

struct Cast {
    world: World,
    ada: UserId,
    root: UserId,
}

impl Cast {
    async fn new() -> Self {
        let world = World::unlisted().await;
        let ada = world.eligible("ada").await;
        let root = world.person_with("root", &[Role::Admin]).await;
        Self { world, ada, root }
    }

    fn until(&self, minutes: i64) -> Suspension {
        let until = self.world.clock_now() + SignedDuration::from_mins(minutes);
        Suspension { reason: Some("left the lid open".to_owned()), until: Some(until) }
    }

    async fn set(
        &self,
        status: AccountStatus,
        suspension: Option<Suspension>,
    ) -> Result<Account, AppError> {
        let act = self.world.act(&self.root);
        let request = UpdateUser { user_id: self.ada.clone(), status, suspension, act };
        update_user(&self.world.app, &self.root, &request).await
    }

    async fn suspend(&self, minutes: i64) -> Account {
        self.set(AccountStatus::Suspended, Some(self.until(minutes))).await.unwrap()
    }

    async fn hold(&self, minutes: i64, key: &str) -> ReservationId {
        let start = self.world.after(minutes);
        ask(&self.world, &self.ada, start, key).await.unwrap().reservation.id
    }

    async fn sweep(&self) {
        settle_due(&self.world.app, &self.world.job()).await.unwrap();
    }

    async fn status(&self, id: &ReservationId) -> Status {
        reservation(&self.world, id).await.status()
    }

    async fn refusal(&self, start: Timestamp) -> Option<String> {
        match ask(&self.world, &self.ada, start, "wish").await {
            Ok(_) => None,
            Err(AppError::NotEligible(verdict)) => {
                Some(verdict.reasons[0].code.as_str().to_owned())
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn nobody_has_to_end_a_suspension_that_has_an_end() {
    let cast = Cast::new().await;
    cast.suspend(DAY).await;
    let wish = cast.world.after(3 * DAY);
    assert_eq!(cast.refusal(wish).await.as_deref(), Some("account_suspended"));
    cast.world.advance(24 * 3600 - 1);
    assert_eq!(cast.refusal(wish).await.as_deref(), Some("account_suspended"));
    cast.world.advance(1);
    assert_eq!(cast.refusal(wish).await, None);
}

#[tokio::test]
async fn what_begins_after_the_end_stands_and_what_begins_before_is_lost() {
    let cast = Cast::new().await;
    let (before, after) = (cast.hold(DAY, "a").await, cast.hold(3 * DAY, "b").await);
    cast.suspend(2 * DAY).await;
    cast.sweep().await;
    assert_eq!(cast.status(&before).await, Status::Cancelled);
    assert_eq!(cast.status(&after).await, Status::Confirmed);
    assert!(all::<Reservation>(&cast.world).iter().all(|one| one.flags.is_empty()));
    cast.set(AccountStatus::Suspended, Some(cast.until(4 * DAY))).await.unwrap();
    cast.sweep().await;
    assert_eq!(cast.status(&after).await, Status::Cancelled, "the end was moved behind it");
    books_agree(&cast.world);
}

#[tokio::test]
async fn saying_the_same_again_writes_nothing_and_saying_another_end_ends_no_session() {
    let cast = Cast::new().await;
    let first = cast.suspend(DAY).await;
    let before = cast.world.store.dump();
    assert_eq!(cast.suspend(DAY).await, first);
    let bare = cast.set(AccountStatus::Suspended, None).await.unwrap();
    assert_eq!(bare, first, "what is not said again stays");
    assert_eq!(cast.world.store.dump(), before);
    let longer = cast.suspend(2 * DAY).await;
    assert_eq!(longer.session_epoch, first.session_epoch);
    let free = cast.set(AccountStatus::Active, None).await.unwrap();
    assert_eq!((free.suspension, free.status), (None, AccountStatus::Active));
    assert_eq!(free.session_epoch, first.session_epoch + 1);
}

#[tokio::test]
async fn one_that_is_over_may_be_said_anew() {
    let cast = Cast::new().await;
    let first = cast.suspend(60).await;
    cast.world.advance(2 * 3600);
    let again = cast.set(AccountStatus::Suspended, None).await.unwrap();
    assert_eq!((again.suspension.clone(), again.session_epoch), (None, first.session_epoch + 1));
    assert_eq!(again.status_at(cast.world.clock_now()), AccountStatus::Suspended);
}

#[tokio::test]
async fn an_admin_whose_suspension_is_over_acts_again() {
    let cast = Cast::new().await;
    let boss = cast.world.person_with("boss", &[Role::Admin]).await;
    let shut = UpdateUser {
        user_id: boss.clone(),
        status: AccountStatus::Suspended,
        suspension: Some(cast.until(60)),
        act: cast.world.act(&cast.root),
    };
    update_user(&cast.world.app, &cast.root, &shut).await.unwrap();
    let ban = UpdateUser {
        user_id: cast.ada.clone(),
        status: AccountStatus::Banned,
        suspension: None,
        act: cast.world.act(&boss),
    };
    let refused = update_user(&cast.world.app, &boss, &ban).await;
    assert!(matches!(refused, Err(AppError::RoleRequired)), "{refused:?}");
    let account = read::<Account>(&cast.world, Account::key_of(&boss)).await.unwrap();
    assert_eq!(account.decides_anywhere(cast.world.clock_now()), Some(false));
    cast.world.advance(3600);
    assert_eq!(account.decides_anywhere(cast.world.clock_now()), Some(true));
    assert!(update_user(&cast.world.app, &boss, &ban).await.is_ok());
}

#[tokio::test]
async fn what_cannot_be_said_is_refused_with_every_place() {
    let cast = Cast::new().await;
    let said = |reason: &str, minutes| Suspension {
        reason: Some(reason.to_owned()),
        ..cast.until(minutes)
    };
    for (status, suspension, pointers) in [
        (AccountStatus::Suspended, said(" ", 60), vec!["/reason"]),
        (AccountStatus::Suspended, said(&"x".repeat(501), 0), vec!["/reason", "/until"]),
        (AccountStatus::Active, said("why", 60), vec!["/status"]),
        (AccountStatus::Banned, said("why", 60), vec!["/status"]),
    ] {
        let before = cast.world.store.dump();
        let Err(AppError::Invalid(faults)) = cast.set(status, Some(suspension)).await else {
            panic!("{status:?} {pointers:?}");
        };
        let told: Vec<_> = faults.iter().map(|fault| fault.pointer.as_str()).collect();
        assert_eq!(told, pointers);
        assert_eq!(cast.world.store.dump(), before);
    }
}

#[tokio::test]
async fn the_reason_is_in_the_account_alone_and_goes_with_the_person() {
    let cast = Cast::new().await;
    cast.suspend(DAY).await;
    let entry = all::<AuditEntry>(&cast.world).pop().unwrap();
    assert_eq!(entry.action, "user.status");
    assert!(entry.detail["until"].is_string() && !entry.detail.to_string().contains("lid"));
    let request = EraseRequest {
        user_id: cast.ada.clone(),
        asked_by: cast.root.clone(),
        act: cast.world.act(&cast.root),
    };
    erase_user(&cast.world.app, &request).await.unwrap();
    let account = read::<Account>(&cast.world, Account::key_of(&cast.ada)).await.unwrap();
    assert_eq!((account.suspension, account.status), (None, AccountStatus::Banned));
}
