//! Erasing a person, wherever the process dies; what is left names nobody (promise R26).

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "crash_points/fuse.rs"]
mod fuse;
mod support;

use fuse::{Came, die_at};
use interlock_app::model::{
    Account, CheckoutEvent, CheckoutStep, Device, Erasure, Exemption, ExemptionGrant, Letter,
    LetterKind, Reservation, ResetGrant, Session, SessionHash, SessionUse, State, WatchState,
};
use interlock_app::ports::scheduler::Failure;
use interlock_app::{
    AppError, CancelRequest, EraseRequest, UpdateUser, VerifyRequest, cancel, erase_user,
    export_user, seal_audit, settle_due, update_user, verify_audit,
};
use interlock_policy::{AccountStatus, CheckoutScope, Interval, ReasonCode, Role, UserId};
use interlock_testkit::World;
use interlock_testkit::scheduler::Call;
use support::{all, ask, read, stored};

/// What no record may hold afterwards.
const MARKS: [&str; 3] = ["adalovelace", "Ada Lovelace", "because of my knee"];

struct Cast {
    world: World,
    ada: UserId,
    root: UserId,
}

/// Ada, whose every personal value is marked: one reservation ended in her words, two ahead.
async fn cast() -> Cast {
    let world = World::new().await;
    let ada = world.eligible("ada").await;
    let root = world.person_with("root", &[Role::Admin]).await;
    let account = stored::<Account>(&world, Account::key_of(&ada)).await.unwrap().value;
    let email = "adalovelace@test.example".to_owned();
    let account = Account { name: "Ada Lovelace".to_owned(), email, ..account };
    world.put(&account).await;
    world.session(&ada).await;
    world.put(&step(&world, &ada)).await;
    world.put(&exemption(&world, &ada)).await;
    noticed(&world, &account).await;
    seal_audit(&world.app).await.unwrap();
    let ended = ask(&world, &ada, world.after(300), "a").await.unwrap().reservation;
    let reason = "because of my knee".to_owned();
    let wish = CancelRequest {
        reservation_id: ended.id,
        reason,
        staff: true,
        idempotency: None,
        act: world.act(&ada),
    };
    cancel(&world.app, &ada, &wish).await.unwrap();
    for (minutes, key) in [(600, "b"), (900, "c")] {
        ask(&world, &ada, world.after(minutes), key).await.unwrap();
    }
    Cast { world, ada, root }
}

/// A step of an approval with a manager's words about her.
fn step(world: &World, ada: &UserId) -> CheckoutEvent {
    CheckoutEvent {
        user_id: ada.clone(),
        scope: CheckoutScope::Machine(world.laser()),
        version: 1,
        at: world.clock_now(),
        actor: world.act(ada).actor,
        step: CheckoutStep::Declined,
        checkout_id: "chk_one".parse().unwrap(),
        level: 1,
        expires_at: None,
        reason: Some("because of my knee".to_owned()),
        told: true,
    }
}

/// An exemption with a manager's words about her.
fn exemption(world: &World, ada: &UserId) -> ExemptionGrant {
    let id = "exm_one".parse().unwrap();
    let valid = Interval::new(world.after(0), world.after(600)).unwrap();
    let codes = vec![ReasonCode::CheckoutMissing];
    ExemptionGrant {
        exemption: Exemption { id, resource_id: world.laser(), codes, valid },
        user_id: ada.clone(),
        reason: "because of my knee".to_owned(),
        granted_by: world.act(ada).actor,
        granted_at: world.clock_now(),
        revoked: None,
    }
}

/// What her logins and a forgotten password leave behind.
async fn noticed(world: &World, account: &Account) {
    let now = world.clock_now();
    let session = all::<Session>(world).remove(0);
    world.put(&SessionUse::of(&session, now)).await;
    let browser = SessionHash("cd".repeat(32));
    world.put(&Device::known(account.id.clone(), browser, now)).await;
    world.put(&Letter::due(&world.app, account, LetterKind::PasswordReset).unwrap()).await;
    let grant = ResetGrant {
        hash: ResetGrant::hash_of("a token"),
        user_id: Some(account.id.clone()),
        epoch: 0,
        expires_at: now + ResetGrant::ASKED,
    };
    world.put(&grant).await;
}

/// Kinds of records of which none is left of an erased person.
const GONE: [&str; 7] = [
    "session",
    "session_use",
    "device",
    "letter",
    "reset_grant",
    "exemption_grant",
    "checkout_event",
];

impl Cast {
    fn request(&self) -> EraseRequest {
        EraseRequest {
            user_id: self.ada.clone(),
            asked_by: self.root.clone(),
            act: self.world.act(&self.root),
        }
    }

    /// Sweeps until nothing is due any more.
    async fn swept(&self) {
        for _ in 0..4 {
            self.world.advance(150);
            settle_due(&self.world.app, &self.world.job()).await.unwrap();
        }
    }

    /// Everything that must hold at the end; a fault in words.
    async fn fault(&self) -> Option<String> {
        let erasure = read::<Erasure>(&self.world, Erasure::key_of(&self.ada)).await;
        let Some(erasure) = erasure else { return Some("it was never begun".to_owned()) };
        if erasure.ended_at.is_none() || erasure.email.is_some() {
            return Some(format!("it is not done: {erasure:?}"));
        }
        for record in self.world.store.dump() {
            let text = format!("{:?} {}", record.key, *record.body);
            if let Some(mark) = MARKS.into_iter().find(|mark| text.contains(mark)) {
                return Some(format!("`{mark}` is left in {text}"));
            }
            if GONE.contains(&record.kind.as_str()) && text.contains(self.ada.as_str()) {
                return Some(format!("it tells of her: {text}"));
            }
            // Every decision here is about her.
            if record.kind == "decision" {
                return Some(format!("it tells what was known of her: {text}"));
            }
        }
        for reservation in all::<Reservation>(&self.world) {
            if !matches!(reservation.state, State::Cancelled { .. }) {
                return Some(format!("it stands: {reservation:?}"));
            }
        }
        if !self.world.scheduler.live(&self.world.account()).is_empty() {
            return Some("Cal.com holds a booking".to_owned());
        }
        self.world.advance(600);
        seal_audit(&self.world.app).await.unwrap();
        let verified = verify_audit(&self.world.app, &VerifyRequest::default()).await.unwrap();
        (!verified.intact).then(|| format!("the chain is broken: {:?}", verified.faults))
    }
}

#[tokio::test]
async fn an_erased_person_is_named_nowhere_and_the_chain_is_whole() {
    let cast = cast().await;
    let erasure = erase_user(&cast.world.app, &cast.request()).await.unwrap();
    assert_eq!(erasure.report.cancelled, 2);
    cast.swept().await;
    assert_eq!(cast.fault().await, None);
    let erasure = erase_user(&cast.world.app, &cast.request()).await.unwrap();
    assert!(erasure.report.reservations >= 1 && erasure.report.records >= 3, "{erasure:?}");
    assert_eq!(erasure.report.left_at_calcom, 3);
    let account = read::<Account>(&cast.world, Account::key_of(&cast.ada)).await.unwrap();
    assert_eq!((account.status, account.name.as_str()), (AccountStatus::Banned, "erased"));
    assert!(all::<WatchState>(&cast.world).is_empty());
    let before = cast.world.store.dump();
    erase_user(&cast.world.app, &cast.request()).await.unwrap();
    assert_eq!(cast.world.store.dump(), before, "asked again, nothing changes");
}

/// A test without waits of its own: the fuse drives the work by hand.
fn block<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(work)
}

#[test]
fn wherever_erasing_is_cut_short_the_sweep_or_asking_again_ends_it() {
    let cast = block(cast());
    let mut points = 0;
    loop {
        let world = cast.world.fork();
        let cut = Cast { world, ada: cast.ada.clone(), root: cast.root.clone() };
        let request = cut.request();
        let came = die_at(&cut.world.app, Some(points + 1), move |app, _| {
            Box::pin(async move { erase_user(&app, &request).await.map(|_| ()) })
        });
        let Came::Died(place) = came else { break };
        points += 1;
        let fault = block(async {
            let begun = stored::<Erasure>(&cut.world, Erasure::key_of(&cut.ada)).await;
            if begun.is_none() || points % 2 == 0 {
                erase_user(&cut.world.app, &cut.request()).await.unwrap();
            }
            cut.swept().await;
            cut.fault().await
        });
        assert_eq!(fault, None, "died {place} at point {points}");
    }
    assert!(points >= 40, "{points} points");
}

#[tokio::test]
async fn what_cal_com_does_not_follow_keeps_the_erasure_at_work() {
    let cast = cast().await;
    for _ in 0..8 {
        cast.world.scheduler.fail_before(Call::Cancel, Failure::NotConnected);
    }
    let erasure = erase_user(&cast.world.app, &cast.request()).await.unwrap();
    assert!(erasure.ended_at.is_none());
    for _ in 0..6 {
        cast.swept().await;
    }
    assert_eq!(cast.fault().await, None);
}

#[tokio::test]
async fn who_may_not_ask_is_refused_and_nothing_changes() {
    let cast = cast().await;
    let eve = cast.world.person("eve").await;
    let before = cast.world.store.dump();
    let request = EraseRequest { asked_by: eve, ..cast.request() };
    let refused = erase_user(&cast.world.app, &request).await.unwrap_err();
    assert!(matches!(refused, AppError::RoleRequired));
    let (user_id, asked_by) = (cast.root.clone(), cast.root.clone());
    let own = EraseRequest { user_id, asked_by, ..cast.request() };
    let refused = erase_user(&cast.world.app, &own).await.unwrap_err();
    assert!(matches!(refused, AppError::StateConflict { .. }));
    assert_eq!(cast.world.store.dump(), before);
}

#[tokio::test]
async fn who_asks_must_still_be_an_admin_when_it_begins() {
    let cast = cast().await;
    let boss = cast.world.person_with("boss", &[Role::Admin]).await;
    let ban = UpdateUser {
        user_id: boss.clone(),
        status: AccountStatus::Banned,
        suspension: None,
        act: cast.world.act(&cast.root),
    };
    update_user(&cast.world.app, &cast.root, &ban).await.unwrap();
    let request = EraseRequest { asked_by: boss, ..cast.request() };
    let refused = erase_user(&cast.world.app, &request).await.unwrap_err();
    assert!(matches!(refused, AppError::RoleRequired));
}

#[tokio::test]
async fn an_export_holds_the_marks_and_says_what_is_elsewhere() {
    let cast = cast().await;
    let act = cast.world.act(&cast.ada);
    let (data, _) = export_user(&cast.world.app, &cast.ada, None, &act).await.unwrap();
    let text = serde_json::to_string(&data).unwrap();
    for mark in MARKS {
        assert!(text.contains(mark), "{mark}");
    }
    assert_eq!(data.reservations.len(), 3);
    let kinds: Vec<_> = data.records.iter().map(|record| record["kind"].clone()).collect();
    for kind in ["session", "session_use", "device", "letter", "reset_grant", "exemption_grant"] {
        assert!(kinds.contains(&kind.into()), "{kind} is not among {kinds:?}");
    }
    assert!(!text.contains(&"cd".repeat(32)), "no hash is given out");
    let decision = &data.reservations[0]["decisions"][0];
    assert!(decision["member"]["checkouts"].is_array(), "what was looked at: {decision}");
    assert_eq!(data.elsewhere[0].place, "Cal.com");
}
