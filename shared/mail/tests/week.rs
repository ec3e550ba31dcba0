//! A week of a workshop's life as its people's mailboxes show it: three zones, three languages,
//! and the night in which Berlin's clocks go back. `week.txt` is for a person to read;
//! `INTERLOCK_BLESS=1` writes it anew.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

use std::fmt::Write;
use std::sync::Arc;

use interlock_app::model::{
    Account, Guide, Language, Preferences, QuietHours, Reservation, Resource,
};
use interlock_app::{
    CancelRequest, Post, RescheduleRequest, Snapshot, cancel, reschedule, reserve, send_due,
};
use interlock_mail::{Catalogue, Sender};
use interlock_policy::{ReservationId, UserId};
use interlock_testkit::{Handed, RecordingPost, World};
use jiff::{SignedDuration, Timestamp};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/week.txt");

struct Week {
    world: World,
    post: Arc<RecordingPost>,
    page: String,
}

impl Week {
    /// It is Wednesday, 21 October 2026, in the morning.
    async fn new() -> Self {
        let world = World::unlisted().await;
        let start: Timestamp = "2026-10-21T07:00:00Z".parse().unwrap();
        world.clock.advance(start.duration_since(world.clock_now()));
        let laser = world.store.of_kind("resource").remove(0).decode::<Resource>().unwrap().value;
        let guide = Guide {
            description: "Switch on the extraction first.".to_owned(),
            bring: "Safety glasses\nYour own material".to_owned(),
            place: "Workshop, ground floor".to_owned(),
        };
        world.put(&Resource { guide, ..laser }).await;
        Self { world, post: Arc::default(), page: String::new() }
    }

    async fn person(&self, name: &str, zone: &str, language: Language) -> UserId {
        let id = self.world.eligible(name).await;
        let key = Account::key_of(&id);
        let account = Snapshot::read(self.world.app.store.as_ref(), std::slice::from_ref(&key))
            .await
            .unwrap();
        let account = account.get::<Account>(&key).unwrap().unwrap().value;
        let name = format!("{}{}", name[..1].to_uppercase(), &name[1..]);
        self.world.put(&Account { name, time_zone: zone.parse().unwrap(), ..account }).await;
        self.world.put(&Preferences { language, ..Preferences::usual(id.clone()) }).await;
        id
    }

    async fn reserves(&self, who: &UserId, start: &str) -> Reservation {
        let wish = self.world.wish(who, start.parse().unwrap(), start);
        reserve(&self.world.app, Snapshot::default(), who, &wish).await.unwrap().reservation
    }

    async fn moves(&self, who: &UserId, id: &ReservationId, start: &str) {
        let request = RescheduleRequest {
            reservation_id: id.clone(),
            start: start.parse().unwrap(),
            reason: None,
            staff: false,
            idempotency: None,
            act: self.world.act(who),
        };
        reschedule(&self.world.app, who, &request).await.unwrap();
    }

    async fn cancels(&self, who: &UserId, id: &ReservationId) {
        let request = CancelRequest {
            reservation_id: id.clone(),
            reason: "I am ill.\nNext week then.".to_owned(),
            staff: false,
            idempotency: None,
            act: self.world.act(who),
        };
        cancel(&self.world.app, who, &request).await.unwrap();
    }

    /// Sweeps every half hour up to an instant, and writes down what is handed over.
    async fn until(&mut self, end: &str) {
        let end: Timestamp = end.parse().unwrap();
        let sender =
            Sender { name: "Workshop".to_owned(), address: "workshop@interlock.test".to_owned() };
        let catalogue = Catalogue::new("https://interlock.test", &sender).unwrap();
        let post =
            Post { composer: Arc::new(Both(catalogue, self.post.clone())), ..self.post.post() };
        while self.world.clock_now() < end {
            send_due(&self.world.app, &post).await.unwrap();
            for handed in self.post.drain() {
                write_down(&mut self.page, self.world.clock_now(), &handed);
            }
            self.world.clock.advance(SignedDuration::from_mins(30));
        }
    }
}

/// Makes the real words, and lets the recording post know what they were made from.
struct Both(Catalogue, Arc<RecordingPost>);

impl interlock_app::ports::Composer for Both {
    fn mail(
        &self,
        told: &interlock_app::Told,
    ) -> Result<interlock_app::ports::Mail, interlock_app::ports::Wordless> {
        self.1.mail(told)?;
        self.0.mail(told)
    }

    fn line(&self, told: &interlock_app::Told) -> Result<String, interlock_app::ports::Wordless> {
        self.1.line(told)?;
        self.0.line(told)
    }
}

fn write_down(page: &mut String, now: Timestamp, handed: &Handed) {
    let mail = handed.mail.as_ref().unwrap();
    writeln!(page, "==== {now} to {} <{}>", mail.to_name, mail.to).unwrap();
    writeln!(page, "Subject: {}\n\n{}", mail.subject, mail.text.trim_end()).unwrap();
    if let Some(invite) = &mail.invite {
        writeln!(page, "\n-- {}", invite.file_name).unwrap();
        let told = [
            "METHOD",
            "UID",
            "SEQUENCE",
            "STATUS",
            "DTSTART",
            "DTEND",
            "SUMMARY",
            "DESCRIPTION",
            "LOCATION",
        ];
        let ics = invite.ics.replace("\r\n ", "");
        let lines = ics.lines().filter(|line| told.iter().any(|word| line.starts_with(word)));
        lines.for_each(|line| writeln!(page, "{line}").unwrap());
    }
    page.push('\n');
}

#[tokio::test]
async fn a_week_of_mail_reads_as_it_should() {
    let mut week = Week::new().await;
    let ada = week.person("ada", "Europe/Berlin", Language::English).await;
    let nina = week.person("nina", "America/New_York", Language::German).await;
    let rui = week.person("rui", "America/Sao_Paulo", Language::Portuguese).await;
    // The second of the two hours from two to three in Berlin.
    let night = week.reserves(&ada, "2026-10-25T01:00:00Z").await;
    let noon = week.reserves(&nina, "2026-10-23T14:00:00Z").await;
    let late = week.reserves(&rui, "2026-10-24T12:00:00Z").await;
    week.until("2026-10-21T09:00:00Z").await;
    week.moves(&nina, &noon.id, "2026-10-26T14:00:00Z").await;
    week.until("2026-10-23T15:00:00Z").await;
    week.cancels(&rui, &late.id).await;
    let quiet =
        QuietHours { from: jiff::civil::time(1, 0, 0, 0), to: jiff::civil::time(2, 0, 0, 0) };
    let choices = Preferences { quiet: Some(quiet), ..Preferences::usual(ada.clone()) };
    week.world.put(&choices).await;
    week.until("2026-10-27T00:00:00Z").await;
    assert!(week.page.contains(night.id.as_str()), "the night is in it");
    #[expect(clippy::disallowed_methods, reason = "a test's own knob")]
    if std::env::var("INTERLOCK_BLESS").is_ok() {
        std::fs::write(PAGE, &week.page).unwrap();
    }
    assert_eq!(std::fs::read_to_string(PAGE).unwrap(), week.page, "run with INTERLOCK_BLESS=1");
}
