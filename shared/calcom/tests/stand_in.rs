//! The client against the strict stand-in, through a booking's whole life.
//!
//! The stand-in refuses what Cal.com would silently read in another way, so a wrong version, an
//! unknown filter or a loose query fails here.

#![expect(clippy::unwrap_used, reason = "a surprise at the stand-in is a failed test")]

use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::ports::Scheduler;
use interlock_app::ports::scheduler::{
    Attendee, BookingFilter, BookingStatus, CalAccount, CalUid, CredentialMode, Failure,
    METADATA_RESERVATION, NewBooking,
};
use interlock_calcom::{
    CalcomClient, CalcomConfig, Credential, CredentialError, Credentials, Secret,
};
use interlock_calcom_sim::{DemoAccount, Sim, SimConfig, demo_accounts};
use interlock_policy::{EventTypeId, Interval};
use jiff::{SignedDuration, Timestamp};

struct Key(String);

#[async_trait]
impl Credentials for Key {
    async fn credential(&self, _account: &CalAccount) -> Result<Credential, CredentialError> {
        Ok(Credential::ApiKey(Secret::new(self.0.as_str())))
    }

    async fn refresh(
        &self,
        account: &CalAccount,
        _stale: &Credential,
    ) -> Result<Credential, CredentialError> {
        self.credential(account).await
    }
}

fn account(demo: &DemoAccount) -> CalAccount {
    CalAccount {
        id: "cal_demo".parse().unwrap(),
        username: demo.username.clone(),
        email: demo.email.clone(),
        mode: CredentialMode::ApiKey,
        credential_ref: demo.key.clone(),
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn new_booking(event_type_id: EventTypeId, start: Timestamp) -> NewBooking {
    NewBooking {
        event_type_id,
        start,
        attendee: Attendee {
            name: "Lin Park".to_owned(),
            email: "lin@member.test".to_owned(),
            time_zone: "Europe/Berlin".parse().unwrap(),
        },
        metadata: [(METADATA_RESERVATION.to_owned(), "rsv_1".to_owned())].into(),
    }
}

#[tokio::test]
async fn a_booking_lives_its_whole_life_at_the_stand_in() {
    let folder = tempfile::tempdir().unwrap();
    let now = at("2026-11-23T08:00:00Z");
    let listen = "127.0.0.1:0".parse().unwrap();
    let config = SimConfig::demo(listen, folder.path().to_owned(), Arc::new(move || now));
    let sim = Sim::start(config).await.unwrap();
    let demo = demo_accounts().into_iter().next().unwrap();
    let account = account(&demo);
    let client = CalcomClient::new(
        CalcomConfig::new(&sim.url).unwrap(),
        Arc::new(Key(demo.api_key.clone())),
    );

    client.health().await.unwrap();
    assert_eq!(client.me(&account).await.unwrap(), demo.username);
    let kind = client.event_types(&account).await.unwrap().into_iter().next().unwrap();
    assert!(!kind.cancelling_disabled);

    let week = Interval::lasting(now, SignedDuration::from_hours(7 * 24)).unwrap();
    let free = client.slots(&account, kind.id, week).await.unwrap();
    let (first, other) = (free[0], *free.last().unwrap());

    let wanted = new_booking(kind.id, first);
    let made = client.create(&account, &wanted).await.unwrap();
    assert_eq!(made.status, BookingStatus::Accepted);
    assert_eq!(made.metadata[METADATA_RESERVATION], "rsv_1");
    let taken = client.create(&account, &wanted).await.unwrap_err();
    assert_eq!(taken.failure, Failure::SlotTaken);
    assert!(!client.slots(&account, kind.id, week).await.unwrap().contains(&first));

    let moved = client.reschedule(&account, &made.uid, other, "later").await.unwrap();
    assert_ne!(moved.uid, made.uid);
    assert_eq!(moved.rescheduled_from, Some(made.uid.clone()));
    assert_eq!(moved.ics_uid, made.ics_uid);
    let old = client.booking(&account, &made.uid).await.unwrap().unwrap();
    assert_eq!(old.rescheduled_to, Some(moved.uid.clone()));
    let again = client.reschedule(&account, &made.uid, first, "x").await.unwrap_err();
    assert_eq!(again.failure, Failure::AlreadyRescheduled);

    let filter = BookingFilter {
        event_type_ids: vec![kind.id],
        after_start: Some(now),
        take: 250,
        ..Default::default()
    };
    assert_eq!(client.bookings(&account, &filter).await.unwrap().len(), 2);
    let changed =
        BookingFilter { by_update: true, after_updated: Some(now), take: 1, ..Default::default() };
    assert!(client.bookings(&account, &changed).await.unwrap().len() <= 1);

    let ended = client.cancel(&account, &moved.uid, "no longer needed").await.unwrap();
    assert_eq!(ended.status, BookingStatus::Cancelled);
    let twice = client.cancel(&account, &moved.uid, "x").await.unwrap_err();
    assert_eq!(twice.failure, Failure::AlreadyCancelled);
    let unknown = CalUid("nosuchbooking".to_owned());
    assert_eq!(client.booking(&account, &unknown).await, Ok(None));
    sim.shutdown();
}

#[tokio::test]
async fn the_stand_in_refuses_a_key_it_does_not_know() {
    let folder = tempfile::tempdir().unwrap();
    let now = at("2026-11-23T08:00:00Z");
    let listen = "127.0.0.1:0".parse().unwrap();
    let config = SimConfig::demo(listen, folder.path().to_owned(), Arc::new(move || now));
    let sim = Sim::start(config).await.unwrap();
    let demo = demo_accounts().into_iter().next().unwrap();
    let key = Key(format!("cal_{}", "0".repeat(32)));
    let client = CalcomClient::new(CalcomConfig::new(&sim.url).unwrap(), Arc::new(key));
    let error = client.me(&account(&demo)).await.unwrap_err();
    assert_eq!((error.failure, error.status), (Failure::Credential, Some(401)));
    sim.shutdown();
}
