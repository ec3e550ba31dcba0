//! A person's calendar as programs read it: behind a secret address, and nothing else.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking"
)]

#[path = "../../../shared/testkit/browser/mod.rs"]
mod browser;

use browser::{Answer, post, refused, request, send};
use calendar::ROUTES;
use interlock_app::model::{Account, CalendarFeed, Guide, Reservation, Resource};
use interlock_app::{CancelRequest, Front, Placed, Settings, Snapshot, cancel, reserve};
use interlock_http::RawRequest;
use interlock_policy::{AccountStatus, ReservationId, ResourceId, Role, UserId};
use interlock_testkit::World;

struct Cast {
    world: World,
    ada: UserId,
    cookie: String,
    reservation: ReservationId,
}

impl Cast {
    /// Ada holds an hour on the laser.
    async fn new() -> Self {
        let world = World::new().await;
        let ada = world.eligible("ada").await;
        let cookie = world.session(&ada).await;
        let wish = world.wish(&ada, world.after(300), "k");
        let placed = reserve(&world.app, Snapshot::default(), &ada, &wish).await.unwrap();
        let Placed { reservation, .. } = placed;
        world.scheduler.reset_counts();
        Self { world, ada, cookie, reservation: reservation.id }
    }

    /// A second later than whatever was before, because no two requests have one name.
    async fn reset(&self, body: &str) -> Answer {
        self.world.advance(1);
        let raw = post("/api/calendar/reset", &self.cookie, body);
        send(&self.world, ROUTES, "calendar.feed-reset", raw).await
    }

    /// The path of a new address.
    async fn address(&self) -> String {
        let answer = self.reset("{}").await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let url = answer.body["url"].as_str().unwrap().to_owned();
        url.strip_prefix(&self.world.app.settings.app_origin).unwrap().to_owned()
    }

    async fn read(&self, raw: RawRequest) -> Answer {
        send(&self.world, ROUTES, "calendar.feed", raw).await
    }

    async fn feed(&self, address: &str) -> Answer {
        self.read(request("GET", address)).await
    }
}

#[tokio::test]
async fn the_address_is_where_the_api_is_wherever_the_pages_are() {
    let mut cast = Cast::new().await;
    let app_origin = cast.world.app.settings.app_origin.clone();
    for (front, wanted) in
        [(Front::Cloudfront, app_origin.as_str()), (Front::Gateway, "https://api.test")]
    {
        let settings = cast.world.app.settings.as_ref().clone();
        cast.world.app.settings = Settings { front, ..settings }.into();
        cast.world.advance(1);
        let raw = post("/api/calendar/reset", &cast.cookie, "{}")
            .header("origin", &app_origin)
            .header("host", "api.test");
        let answer = send(&cast.world, ROUTES, "calendar.feed-reset", raw).await;
        let url = answer.body["url"].as_str().unwrap_or_default();
        assert!(url.starts_with(&format!("{wanted}/api/calendar/")), "{front:?}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_feed_is_read_with_its_address_alone_and_sets_no_cookie() {
    let cast = Cast::new().await;
    let address = cast.address().await;
    let answer = cast.feed(&address).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "text/calendar; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "private, no-cache");
    assert_eq!(answer.header("set-cookie"), "");
    for line in ["METHOD:PUBLISH", "STATUS:CONFIRMED", "SUMMARY:Laser"] {
        assert!(answer.text.contains(line), "{line}: {}", answer.text);
    }
    assert!(answer.text.contains(&format!("UID:{}@", cast.reservation)), "{}", answer.text);
}

#[tokio::test]
async fn the_token_is_in_no_record_and_its_debug_prints_nothing() {
    let cast = Cast::new().await;
    let address = cast.address().await;
    let secret = address.rsplit('.').nth(1).unwrap();
    assert_eq!(secret.len(), 64);
    for record in cast.world.store.dump() {
        assert!(!record.body.to_string().contains(secret), "{:?}", record.key);
    }
    let kept = cast.world.store.of_kind("calendar_feed");
    let feed = kept[0].decode::<CalendarFeed>().unwrap().value;
    assert!(!format!("{feed:?}").contains(&feed.hash));
}

#[tokio::test]
async fn an_unchanged_calendar_is_not_sent_twice_and_a_changed_one_is() {
    let cast = Cast::new().await;
    let address = cast.address().await;
    let tag = cast.feed(&address).await.header("etag").to_owned();
    let asked = || request("GET", &address).header("if-none-match", &tag);
    let weak = request("GET", &address).header("if-none-match", &format!("\"x\", W/{tag}"));
    for raw in [asked(), weak] {
        let answer = cast.read(raw).await;
        assert_eq!((answer.status, answer.text.as_str()), (304, ""));
        assert_eq!(answer.header("etag"), tag);
    }
    let other = request("GET", &address).header("if-none-match", "\"x\"");
    assert_eq!(cast.read(other).await.status, 200);
    cancelled(&cast).await;
    let answer = cast.read(asked()).await;
    assert_eq!(answer.status, 200);
    assert_ne!(answer.header("etag"), tag);
}

#[tokio::test]
async fn what_the_machine_tells_is_in_the_calendar_and_another_text_is_another_calendar() {
    let cast = Cast::new().await;
    let address = cast.address().await;
    let tag = cast.feed(&address).await.header("etag").to_owned();
    let found = cast.world.store.of_kind("resource").remove(0);
    let laser = found.decode::<Resource>().unwrap().value;
    let guide = Guide {
        description: "Fan first.".to_owned(),
        bring: "Glasses".to_owned(),
        place: "Hall 2".to_owned(),
    };
    cast.world.put(&Resource { guide, ..laser }).await;
    let answer = cast.feed(&address).await;
    assert_ne!(answer.header("etag"), tag);
    let text = answer.text.replace("\r\n ", "");
    for line in ["LOCATION:Hall 2", "DESCRIPTION:Fan first.\\n\\nGlasses\\n\\nhttps://"] {
        assert!(text.contains(line), "{line}: {text}");
    }
}

async fn cancelled(cast: &Cast) {
    let wish = CancelRequest {
        reservation_id: cast.reservation.clone(),
        reason: String::new(),
        staff: false,
        idempotency: None,
        act: cast.world.act(&cast.ada),
    };
    cancel(&cast.world.app, &cast.ada, &wish).await.unwrap();
}

#[tokio::test]
async fn what_is_cancelled_stays_thirty_days_as_cancelled() {
    let cast = Cast::new().await;
    let address = cast.address().await;
    cancelled(&cast).await;
    assert!(cast.feed(&address).await.text.contains("STATUS:CANCELLED"));
    cast.world.advance(29 * 24 * 3600);
    assert!(cast.feed(&address).await.text.contains("STATUS:CANCELLED"));
    cast.world.advance(3 * 24 * 3600);
    assert!(!cast.feed(&address).await.text.contains("VEVENT"));
}

#[tokio::test]
async fn a_reset_kills_the_old_address_and_switching_off_kills_every_one() {
    let cast = Cast::new().await;
    let old = cast.address().await;
    let new = cast.address().await;
    assert_ne!(old, new);
    assert_eq!(cast.feed(&old).await.told(), (404, "not_found"));
    assert_eq!(cast.feed(&new).await.status, 200);
    let answer = cast.reset(r#"{"enabled":false}"#).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "{}"));
    assert_eq!(cast.feed(&new).await.told(), (404, "not_found"));
    assert_eq!(cast.reset(r#"{"enabled":false}"#).await.status, 200, "once more is no error");
}

#[tokio::test]
async fn whatever_an_address_lacks_is_answered_alike() {
    let cast = Cast::new().await;
    let address = cast.address().await;
    let token = address.strip_prefix("/api/calendar/").unwrap();
    let (user, secret) = token.split_once('.').unwrap();
    let wrong = "0".repeat(64);
    for name in [
        format!("{user}.{wrong}.ics"),
        format!("usr_nobody.{secret}"),
        format!("{user}.{}", secret.trim_end_matches(".ics")),
        format!("{user}.{}", secret.to_uppercase()),
        "nonsense.ics".to_owned(),
        ".ics".to_owned(),
    ] {
        let raw = request("GET", &format!("/api/calendar/{name}"));
        refused(&cast.world, (ROUTES, "calendar.feed"), raw, (404, "not_found", "-")).await;
    }
}

#[tokio::test]
async fn who_is_banned_has_no_calendar_and_who_is_suspended_has_one() {
    let cast = Cast::new().await;
    let address = cast.address().await;
    let account = cast.world.account_of(&cast.ada).unwrap();
    for (status, wanted) in [(AccountStatus::Suspended, 200), (AccountStatus::Banned, 404)] {
        cast.world.put(&Account { status, ..account.clone() }).await;
        assert_eq!(cast.feed(&address).await.status, wanted, "{status:?}");
    }
}

#[tokio::test]
async fn nobody_sees_the_reservations_of_others() {
    let cast = Cast::new().await;
    let eve = cast.world.person_with("eve", &[Role::Manager]).await;
    let cookie = cast.world.session(&eve).await;
    let raw = post("/api/calendar/reset", &cookie, "{}");
    let answer = send(&cast.world, ROUTES, "calendar.feed-reset", raw).await;
    let url = answer.body["url"].as_str().unwrap();
    let address = url.strip_prefix(&cast.world.app.settings.app_origin).unwrap();
    assert!(!cast.feed(address).await.text.contains("VEVENT"));
}

#[tokio::test]
async fn a_host_sees_the_reservations_of_his_time_without_names() {
    let cast = Cast::new().await;
    let coach = cast.world.person_with("coach", &[Role::Member, Role::Host]).await;
    let found = |kind: &str| cast.world.store.of_kind(kind).into_iter();
    let laser = found("resource").next().unwrap().decode::<Resource>().unwrap().value;
    let id: ResourceId = "hst_coach".parse().unwrap();
    let user_id = Some(coach.clone());
    cast.world.put(&Resource { id: id.clone(), user_id, ..laser }).await;
    let held = found("reservation").next().unwrap().decode::<Reservation>().unwrap().value;
    cast.world.put(&Reservation { resource_id: id, ..held }).await;
    let answer = Cast { cookie: cast.world.session(&coach).await, ..cast };
    let address = answer.address().await;
    let feed = answer.feed(&address).await;
    assert_eq!(feed.text.matches("BEGIN:VEVENT").count(), 1, "{}", feed.text);
    assert!(!feed.text.contains("ada"), "{}", feed.text);
}

#[tokio::test]
async fn a_reset_that_is_not_understood_changes_nothing() {
    let cast = Cast::new().await;
    for (body, pointer) in [(r#"{"enabled":1}"#, "/enabled"), (r#"{"more":true}"#, "/more")] {
        let raw = post("/api/calendar/reset", &cast.cookie, body);
        let wanted = (400, "invalid_body", pointer);
        refused(&cast.world, (ROUTES, "calendar.feed-reset"), raw, wanted).await;
    }
    let raw = request("POST", "/api/calendar/reset").json("{}");
    refused(&cast.world, (ROUTES, "calendar.feed-reset"), raw, (401, "unauthenticated", "-")).await;
}
