//! Telling people: what is due for which change, and that each gets it at least once and nothing
//! that is no longer so.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

mod support;

use std::sync::Arc;

use interlock_app::model::{
    About, Account, Addressee, Channel, Failure, Letter, LetterId, LetterKind, LetterState,
    ManagerScope, Needless, Preferences, QuietHours, Reservation, Resource, Topic,
};
use interlock_app::ports::store::Transaction;
use interlock_app::{
    CancelRequest, Fate, Feedback, LetterList, LetterQuery, RescheduleRequest, ReserveRequest,
    Snapshot, SweepReport, cancel, list_letters, reschedule, resend_letter, reserve, send_due,
    take_feedback,
};
use interlock_policy::{CheckoutScope, ReservationId, ResourceId, Role, UserId, ZoneName};
use interlock_testkit::{Handed, RecordingPost, World};
use jiff::ToSpan;
use support::{all, ask, laser_wants_a_yes, read, stored};

/// More letters than a sweep looks at before it looks again.
const PAGE: usize = 60;

struct Office {
    world: World,
    post: Arc<RecordingPost>,
    ada: UserId,
}

impl Office {
    async fn new() -> Self {
        let world = World::unlisted().await;
        let ada = world.eligible("ada").await;
        Self { world, post: Arc::default(), ada }
    }

    /// Ada's confirmed hour, so many minutes from now.
    async fn reserved(&self, minutes: i64) -> Reservation {
        let placed = ask(&self.world, &self.ada, self.world.after(minutes), &minutes.to_string())
            .await
            .unwrap();
        assert_eq!(placed.status, 201);
        placed.reservation
    }

    async fn cancels(&self, id: &ReservationId) {
        let request = CancelRequest {
            reservation_id: id.clone(),
            reason: "plans changed".to_owned(),
            staff: false,
            idempotency: None,
            act: self.world.act(&self.ada),
        };
        cancel(&self.world.app, &self.ada, &request).await.unwrap();
    }

    async fn moves(&self, id: &ReservationId, minutes: i64) {
        let request = RescheduleRequest {
            reservation_id: id.clone(),
            start: self.world.after(minutes),
            reason: None,
            staff: false,
            idempotency: None,
            act: self.world.act(&self.ada),
        };
        assert_eq!(reschedule(&self.world.app, &self.ada, &request).await.unwrap().status, 200);
    }

    async fn sweeps(&self) -> SweepReport {
        send_due(&self.world.app, &self.post.post()).await.unwrap()
    }

    /// What a sweep hands over, by kind.
    async fn told(&self) -> Vec<LetterKind> {
        self.sweeps().await;
        self.post.drain().iter().map(Handed::kind).collect()
    }

    async fn chooses(&self, change: impl FnOnce(&mut Preferences)) {
        let mut preferences = Preferences::usual(self.ada.clone());
        change(&mut preferences);
        self.world.put(&preferences).await;
    }

    fn states(&self, kind: LetterKind) -> Vec<LetterState> {
        let own = all::<Letter>(&self.world).into_iter().filter(|letter| letter.kind == kind);
        own.map(|letter| letter.state).collect()
    }
}

#[tokio::test]
async fn a_confirmation_is_handed_over_by_the_next_sweep_and_once() {
    let office = Office::new().await;
    let reservation = office.reserved(3000).await;
    office.sweeps().await;
    let handed = office.post.drain();
    assert_eq!(handed.len(), 1);
    assert_eq!((handed[0].kind(), handed[0].reader()), (LetterKind::Confirmed, &office.ada));
    let body = reservation.id.body();
    assert!(handed[0].told.letter.id.as_str().contains(body));
    let [LetterState::Sent { reference: Some(_), .. }] = &office.states(LetterKind::Confirmed)[..]
    else {
        panic!("{:?}", office.states(LetterKind::Confirmed))
    };
    assert_eq!(office.told().await, []);
}

#[tokio::test]
async fn reminders_come_a_day_and_an_hour_before() {
    let office = Office::new().await;
    office.reserved(3000).await;
    assert_eq!(office.told().await, [LetterKind::Confirmed]);
    office.world.advance((3000 - 1440) * 60 - 1);
    assert_eq!(office.told().await, []);
    office.world.advance(1);
    assert_eq!(office.told().await, [LetterKind::ReminderDay]);
    office.world.advance((1440 - 60) * 60);
    assert_eq!(office.told().await, [LetterKind::ReminderHour]);
}

#[tokio::test]
async fn what_is_booked_for_today_has_no_reminder_a_day_before() {
    let office = Office::new().await;
    office.reserved(600).await;
    let kinds: Vec<_> = all::<Letter>(&office.world).iter().map(|letter| letter.kind).collect();
    assert_eq!(kinds.len(), 2);
    assert!(!kinds.contains(&LetterKind::ReminderDay), "{kinds:?}");
}

#[tokio::test]
async fn a_moved_reservation_is_told_anew_and_reminded_of_at_its_new_time_only() {
    let office = Office::new().await;
    let reservation = office.reserved(3000).await;
    assert_eq!(office.told().await, [LetterKind::Confirmed]);
    office.moves(&reservation.id, 6000).await;
    assert_eq!(office.told().await, [LetterKind::Changed]);
    office.world.advance((3000 - 30) * 60);
    assert_eq!(office.told().await, [], "reminders of the old time are not sent");
    office.world.advance(3000 * 60);
    let handed = office.told().await;
    assert_eq!(handed, [LetterKind::ReminderDay, LetterKind::ReminderHour]);
    assert_eq!(office.states(LetterKind::ReminderDay).len(), 2);
}

#[tokio::test]
async fn a_cancelled_reservation_is_told_and_not_reminded_of() {
    let office = Office::new().await;
    let reservation = office.reserved(3000).await;
    office.told().await;
    office.cancels(&reservation.id).await;
    assert_eq!(office.told().await, [LetterKind::Cancelled]);
    office.world.advance(3000 * 60);
    assert_eq!(office.told().await, []);
    for kind in [LetterKind::ReminderDay, LetterKind::ReminderHour] {
        let states = office.states(kind);
        let [LetterState::Dropped { why: Needless::Superseded, .. }] = &states[..] else {
            panic!("{kind:?} is {states:?}")
        };
    }
}

/// Cancelled before the sweep came: the confirmation would tell what is no longer so.
#[tokio::test]
async fn what_ended_before_it_was_told_is_told_as_ended() {
    let office = Office::new().await;
    let reservation = office.reserved(3000).await;
    office.cancels(&reservation.id).await;
    assert_eq!(office.told().await, [LetterKind::Cancelled]);
}

/// The change comes between reading the letter's facts and claiming it.
#[tokio::test]
async fn a_change_that_comes_right_before_the_sending_is_not_overlooked() {
    let office = Office::new().await;
    let reservation = office.reserved(3000).await;
    let key = Reservation::key_of(&reservation.id);
    let now = stored::<Reservation>(&office.world, key).await.unwrap();
    let touched = Transaction::new().replace(&now.value, now.version).unwrap();
    office.world.store.slip_in(touched);
    assert_eq!(office.told().await, [], "the claim names the version that was read");
    assert_eq!(office.told().await, [LetterKind::Confirmed]);
}

#[tokio::test]
async fn a_message_that_was_not_taken_is_tried_again_under_the_same_name() {
    let office = Office::new().await;
    office.reserved(3000).await;
    office.post.fail_before(1);
    office.post.fail_after(1);
    assert_eq!(office.sweeps().await.failed, 1);
    office.world.advance(120);
    assert_eq!(office.sweeps().await.failed, 1);
    office.world.advance(240);
    office.sweeps().await;
    let names: Vec<_> =
        office.post.drain().into_iter().map(|one| one.mail.unwrap().message_id).collect();
    assert_eq!(names.len(), 2);
    assert_eq!(names[0], names[1]);
}

#[tokio::test]
async fn a_letter_that_nobody_takes_is_dead_after_eight_tries_and_may_be_sent_again_by_staff() {
    let office = Office::new().await;
    let boss = manager(&office.world).await;
    office.reserved(30_000).await;
    office.post.fail_before(8);
    for _ in 0..10 {
        office.sweeps().await;
        office.world.advance(3600);
    }
    let letter = all::<Letter>(&office.world)
        .into_iter()
        .find(|letter| letter.kind == LetterKind::Confirmed)
        .unwrap();
    assert_eq!(letter.attempts, 8);
    assert!(matches!(letter.state, LetterState::Failed { why: Failure::GivenUp, .. }));
    let act = office.world.act(&boss);
    resend_letter(&office.world.app, &letter.id, (&boss, &act)).await.unwrap();
    assert_eq!(office.told().await, [LetterKind::Confirmed]);
}

#[tokio::test]
async fn what_the_provider_refuses_is_not_tried_again() {
    let office = Office::new().await;
    office.reserved(3000).await;
    office.post.refuse();
    office.sweeps().await;
    office.world.advance(7200);
    assert_eq!(office.told().await, []);
    let states = office.states(LetterKind::Confirmed);
    assert!(matches!(states[..], [LetterState::Failed { why: Failure::Refused, .. }]));
}

#[tokio::test]
async fn quiet_hours_put_off_what_can_wait_and_nothing_else() {
    let office = Office::new().await;
    let berlin: ZoneName = "Europe/Berlin".parse().unwrap();
    let time = berlin.zone().to_datetime(office.world.clock_now()).time();
    let (from, to) = (time - 1.hours(), time + 2.hours());
    office.chooses(|own| own.quiet = Some(QuietHours { from, to })).await;
    let reservation = office.reserved(3000).await;
    assert_eq!(office.told().await, []);
    office.cancels(&reservation.id).await;
    assert_eq!(office.told().await, [LetterKind::Cancelled]);
    office.reserved(3060).await;
    office.world.advance(2 * 3600);
    assert_eq!(office.told().await, [LetterKind::Confirmed]);
}

#[tokio::test]
async fn a_page_of_letters_that_wait_keeps_none_behind_it() {
    let office = Office::new().await;
    let berlin: ZoneName = "Europe/Berlin".parse().unwrap();
    let time = berlin.zone().to_datetime(office.world.clock_now()).time();
    let quiet = QuietHours { from: time - 1.hours(), to: time + 2.hours() };
    office.chooses(|own| own.quiet = Some(quiet)).await;
    office.reserved(3000).await;
    let mut waiting = all::<Letter>(&office.world).into_iter();
    let waiting = waiting.find(|letter| letter.kind == LetterKind::Confirmed).unwrap();
    for number in 0..PAGE {
        let id = LetterId::from_body(&format!("{}_{number}", waiting.id.body())).unwrap();
        office.world.put(&Letter { id, ..waiting.clone() }).await;
    }
    office.world.advance(1800);
    let bob = office.world.eligible("bob").await;
    ask(&office.world, &bob, office.world.after(3120), "bob").await.unwrap();
    office.sweeps().await;
    let readers: Vec<_> = office.post.drain().iter().map(|one| one.reader().clone()).collect();
    assert_eq!(readers, [bob]);
}

#[tokio::test]
async fn what_is_not_wanted_is_not_sent_but_ends_are_always_told() {
    let office = Office::new().await;
    office
        .chooses(|own| {
            own.muted = [Topic::Reservations, Topic::ReminderDay].into();
        })
        .await;
    let reservation = office.reserved(3000).await;
    assert_eq!(office.told().await, []);
    office.world.advance((3000 - 60) * 60);
    assert_eq!(office.told().await, [LetterKind::ReminderHour]);
    office.cancels(&reservation.id).await;
    assert_eq!(office.told().await, [LetterKind::Cancelled]);
}

#[tokio::test]
async fn a_short_message_goes_beside_the_mail_where_it_is_wanted() {
    let office = Office::new().await;
    office
        .chooses(|own| {
            own.channels.insert(Channel::Sms);
            own.phone = Some("+4930123456".to_owned());
        })
        .await;
    office.reserved(3000).await;
    office.sweeps().await;
    let handed = office.post.drain();
    let ways: Vec<_> = handed.iter().map(|one| one.phone.as_deref()).collect();
    assert_eq!(ways, [None, Some("+4930123456")]);
}

#[tokio::test]
async fn who_may_say_yes_is_told_that_something_waits() {
    let office = Office::new().await;
    let boss = manager(&office.world).await;
    laser_wants_a_yes(&office.world).await;
    let placed = ask(&office.world, &office.ada, office.world.after(3000), "k").await.unwrap();
    assert_eq!(placed.status, 202);
    office.sweeps().await;
    let handed = office.post.drain();
    let readers: Vec<_> = handed.iter().map(|one| one.reader().clone()).collect();
    assert_eq!(readers, [office.ada.clone(), boss]);
    assert!(handed.iter().all(|one| one.kind() == LetterKind::AwaitingApproval));
}

#[tokio::test]
async fn a_bounce_is_noted_and_stops_all_mail_to_the_address_until_staff_sends_again() {
    let office = Office::new().await;
    let boss = manager(&office.world).await;
    let reservation = office.reserved(3000).await;
    office.sweeps().await;
    let letter_id = office.post.drain()[0].told.letter.id.clone();
    let feedback = Feedback {
        letter_id: letter_id.clone(),
        fate: Fate::BouncedForGood,
        at: office.world.clock_now(),
        emails: vec!["Ada@test.example".to_owned()],
    };
    for _ in 0..2 {
        assert!(take_feedback(&office.world.app, &feedback).await.unwrap());
    }
    let late = Feedback { fate: Fate::Delivered, ..feedback.clone() };
    assert!(take_feedback(&office.world.app, &late).await.unwrap());
    assert!(matches!(
        office.states(LetterKind::Confirmed)[..],
        [LetterState::Bounced { permanent: true, .. }]
    ));
    office.cancels(&reservation.id).await;
    assert_eq!(office.told().await, []);
    let states = office.states(LetterKind::Cancelled);
    assert!(matches!(states[..], [LetterState::Failed { why: Failure::DeadAddress, .. }]));
    let letter = all::<Letter>(&office.world)
        .into_iter()
        .find(|letter| letter.kind == LetterKind::Cancelled)
        .unwrap();
    let act = office.world.act(&boss);
    resend_letter(&office.world.app, &letter.id, (&boss, &act)).await.unwrap();
    assert_eq!(office.told().await, [LetterKind::Cancelled]);
}

#[tokio::test]
async fn what_is_sent_again_has_its_short_message_beside_it_once() {
    let office = Office::new().await;
    let boss = manager(&office.world).await;
    office
        .chooses(|own| {
            own.channels.insert(Channel::Sms);
            own.phone = Some("+4930123456".to_owned());
        })
        .await;
    office.reserved(3000).await;
    office.sweeps().await;
    let letter_id = office.post.drain()[0].told.letter.id.clone();
    let act = office.world.act(&boss);
    resend_letter(&office.world.app, &letter_id, (&boss, &act)).await.unwrap();
    office.sweeps().await;
    let handed = office.post.drain();
    let ways: Vec<_> = handed.iter().map(|one| one.phone.as_deref()).collect();
    assert_eq!(ways, [None]);
}

#[tokio::test]
async fn a_manager_of_a_category_sees_the_letters_about_its_approvals() {
    let office = Office::new().await;
    let boss = manager(&office.world).await;
    let scopes = [
        CheckoutScope::Category("lasers".to_owned()),
        CheckoutScope::Machine(office.world.laser()),
    ];
    let ada = office.world.account_of(&office.ada).unwrap();
    for scope in scopes {
        let user_id = office.ada.clone();
        let letter = Letter {
            about: About::Checkout { user_id: user_id.clone(), scope, version: 1 },
            to: Addressee::User { user_id },
            ..Letter::due(&office.world.app, &ada, LetterKind::CheckoutGranted).unwrap()
        };
        office.world.put(&letter).await;
    }
    for (category, seen) in [("lasers", 2), ("saws", 0)] {
        let account = office.world.account_of(&boss).unwrap();
        let categories = vec![category.to_owned()];
        let scope = Some(ManagerScope { machines: Vec::new(), categories });
        office.world.put(&Account { scope, ..account }).await;
        let query =
            LetterQuery { list: LetterList::Pending, by: boss.clone(), limit: 10, after: None };
        let (letters, _) = list_letters(&office.world.app, &query).await.unwrap();
        assert_eq!(letters.len(), seen, "{category}");
    }
}

#[tokio::test]
async fn a_bounce_of_a_letter_that_was_given_up_stops_mail_to_the_address_too() {
    let office = Office::new().await;
    office.post.refuse();
    let reservation = office.reserved(3000).await;
    office.sweeps().await;
    let confirmed = |letter: &Letter| letter.kind == LetterKind::Confirmed;
    let letter = all::<Letter>(&office.world).into_iter().find(confirmed).unwrap();
    assert!(matches!(letter.state, LetterState::Failed { .. }), "{letter:?}");
    let feedback = Feedback {
        letter_id: letter.id.clone(),
        fate: Fate::BouncedForGood,
        at: office.world.clock_now(),
        emails: vec!["Ada@test.example".to_owned()],
    };
    assert!(take_feedback(&office.world.app, &feedback).await.unwrap());
    assert_eq!(office.states(letter.kind), [letter.state], "why it was given up stays");
    office.cancels(&reservation.id).await;
    assert_eq!(office.told().await, []);
}

#[tokio::test]
async fn a_host_is_written_to_again_once_staff_sends_a_letter_to_him_again() {
    let office = Office::new().await;
    let (boss, mia) = (manager(&office.world).await, office.world.person("mia").await);
    let laser = read::<Resource>(&office.world, Resource::key_of(&office.world.laser())).await;
    let coach: ResourceId = "hst_coach".parse().unwrap();
    let mut host = Resource { id: coach.clone(), user_id: Some(mia.clone()), ..laser.unwrap() };
    host.policy.requirements.clear();
    office.world.put(&host).await;
    let wish = office.world.wish(&office.ada, office.world.after(3000), "k");
    let wish = ReserveRequest { resource_id: coach, ..wish };
    let placed = reserve(&office.world.app, Snapshot::default(), &office.ada, &wish).await;
    let reservation = placed.unwrap().reservation;
    office.sweeps().await;
    let to_mia = office.post.drain().into_iter().find(|one| *one.reader() == mia).unwrap();
    let feedback = Feedback {
        letter_id: to_mia.told.letter.id,
        fate: Fate::BouncedForGood,
        at: office.world.clock_now(),
        emails: vec![to_mia.told.reader.email],
    };
    assert!(take_feedback(&office.world.app, &feedback).await.unwrap());
    office.cancels(&reservation.id).await;
    office.sweeps().await;
    let of_host = |letter: &Letter| letter.to == Addressee::Host;
    let ends = all::<Letter>(&office.world).into_iter().filter(of_host);
    let letter = ends.into_iter().find(|letter| letter.kind == LetterKind::Cancelled).unwrap();
    assert!(matches!(letter.state, LetterState::Failed { why: Failure::DeadAddress, .. }));
    office.post.drain();
    let act = office.world.act(&boss);
    resend_letter(&office.world.app, &letter.id, (&boss, &act)).await.unwrap();
    assert_eq!(office.told().await, [LetterKind::Cancelled]);
}

#[tokio::test]
async fn an_address_that_is_none_is_not_written_to() {
    let office = Office::new().await;
    office.reserved(3000).await;
    let key = Account::key_of(&office.ada);
    let account = read::<Account>(&office.world, key).await.unwrap();
    office.world.put(&Account { email: "ada@local\r\nBcc: x".to_owned(), ..account }).await;
    assert_eq!(office.told().await, []);
    let states = office.states(LetterKind::Confirmed);
    assert!(matches!(states[..], [LetterState::Failed { why: Failure::Address, .. }]));
}

async fn manager(world: &World) -> UserId {
    let id = world.person("boss").await;
    let account = read::<Account>(world, Account::key_of(&id)).await.unwrap();
    world.put(&Account { roles: vec![Role::Manager], ..account }).await;
    id
}
