//! One of everything the samples are about.

use std::collections::BTreeMap;
use std::sync::Arc;

use interlock_app::model::{DeliveryId, Exemption, ExemptionGrant, Outage, Resource};
use interlock_app::ports::scheduler::Attendee;
use interlock_app::{Pass, Snapshot, receive_delivery, reconcile, reserve, send_due};
use interlock_http::session::cookie;
use interlock_policy::{
    ApprovalRule, Combined, DocumentRequirement, Interval, ReasonCode, Requirement,
    TrainingRequirement, UserId,
};
use interlock_testkit::scheduler::HumanBooking;
use interlock_testkit::world::HOUR;
use interlock_testkit::{RecordingPost, World};

use crate::browser::{post, send};

/// What samples name, each with what it is called here.
pub(crate) type Names = Vec<(&'static str, String)>;

/// The reservation of the samples.
const RESERVATION: &str = "rsv_01k9sample00000000000000";

/// Who is the person of the laser.
pub(crate) const HOST: &str = "lena";

/// Fills the workshop; answers the names, and the confirmed reservation with the one that waits.
pub(crate) async fn furnish(
    world: &World,
    (owner, admin): (&str, &str),
) -> (Names, (String, String)) {
    let ada: UserId = "usr_ada".parse().unwrap();
    let mut names: Names = vec![
        ("2026-12-01T", "2026-06-03T".to_owned()),
        ("2026-12-02T", "2026-06-04T".to_owned()),
        ("2026-12-08T", "2026-06-10T".to_owned()),
        ("2026-12-24T", "2026-06-24T".to_owned()),
        ("usr_demo", ada.to_string()),
        ("usr_max", ada.to_string()),
        ("max@demo.test", "ada@test.example".to_owned()),
        ("mod_laser_safety", "mod_basics".to_owned()),
        // The module here is shorter.
        (r#"\"from\":60,\"to\":75"#, r#"\"from\":10,\"to\":25"#.to_owned()),
        ("ses_00000000000000000000000000000000", session(owner)),
    ];
    names.push(("3f1c2b7e-0c54-4a5e-9a47-2d1f5f1f0a11", webhook(world, admin).await));
    names.push(("fnd_01k9sample00000000000000", finding(world).await));
    let delivery = delivery(world).await;
    names.push(("ad912720bb120128d483baa25e3fa24a63305ab48d859d2520d9fce42a24e223", delivery));
    let (confirmed, waiting) = reservations(world, &ada).await;
    names.push((RESERVATION, confirmed.clone()));
    names.push(("ltr_01k9sample00000000000000_3_confirmed_a", letter(world, &confirmed).await));
    world.put(&exemption(world, &ada)).await;
    outage(world, &ada).await;
    let host: UserId = format!("usr_{HOST}").parse().unwrap();
    changed(world, |laser| laser.user_id = Some(host)).await;
    changed(world, |laser| laser.policy.requirements.push(rules_or_training())).await;
    (names, (confirmed, waiting))
}

/// The letter that told of the reservation; it went out.
async fn letter(world: &World, reservation: &str) -> String {
    let post: Arc<RecordingPost> = Arc::default();
    send_due(&world.app, &post.post()).await.unwrap();
    let body = reservation.split_once('_').unwrap().1;
    let handed = post.handed();
    let mut names = handed.iter().map(|one| one.told.letter.id.to_string());
    names.find(|name| name.contains(body)).unwrap()
}

/// The public name of the session behind a cookie.
fn session(shown: &str) -> String {
    cookie::find([shown]).unwrap().hash().public().unwrap().to_string()
}

async fn webhook(world: &World, admin: &str) -> String {
    let body = r#"{"resourceId":"mch_laser","url":"https://hooks.test/in"}"#;
    let raw = post("/api/cal/webhooks", admin, body);
    let answer = send(world, webhooks::ROUTES, "calcom.webhooks-create", raw).await;
    answer.body["webhook"]["id"].as_str().unwrap().to_owned()
}

/// Two bookings by hand at the same time: the second is a conflict.
async fn finding(world: &World) -> String {
    world.scheduler.let_overlap(true);
    for minutes in [300, 330] {
        let booking = HumanBooking {
            event_type_id: HOUR,
            start: world.after(minutes),
            attendee: Attendee {
                name: "Cy".to_owned(),
                email: "cy@elsewhere.example".to_owned(),
                time_zone: "Europe/Berlin".parse().unwrap(),
            },
            metadata: BTreeMap::new(),
        };
        world.scheduler.ui_create(&world.account(), booking).unwrap();
    }
    reconcile(&world.app, Pass::Incremental, &world.job()).await.unwrap();
    let findings = world.store.of_kind("finding");
    let open = findings.iter().find(|record| record.body["class"] == "conflict").unwrap();
    open.body["id"].as_str().unwrap().to_owned()
}

async fn delivery(world: &World) -> String {
    let body = br#"{"trigger":"BOOKING_CREATED","uid":"x","eventTypeId":999}"#;
    receive_delivery(&world.app, body, &["signed".to_owned()]).await.unwrap();
    for message in world.queue.drain(interlock_app::ports::QueueName::Webhook) {
        interlock_app::apply_delivery(&world.app, &message.body, &world.job()).await.unwrap();
    }
    DeliveryId::of(body).to_string()
}

/// One that is confirmed and one that waits for a yes.
async fn reservations(world: &World, ada: &UserId) -> (String, String) {
    let mut made = Vec::new();
    for (days, wants_a_yes) in [(3, false), (4, true)] {
        changed(world, |laser| {
            let rule = wants_a_yes.then(ApprovalRule::default);
            laser.policy.rules.needs_approval = rule.into();
        })
        .await;
        let wish = world.wish(ada, world.after(days * 24 * 60), &days.to_string());
        let placed = reserve(&world.app, Snapshot::default(), ada, &wish).await.unwrap();
        made.push(placed.reservation.id.to_string());
    }
    changed(world, |laser| laser.policy.rules.needs_approval = None.into()).await;
    let waiting = made.pop().unwrap();
    (made.pop().unwrap(), waiting)
}

/// Changes the laser past every use case.
async fn changed(world: &World, change: impl FnOnce(&mut Resource)) {
    let stored = world.store.peek(&Resource::key_of(&world.laser())).unwrap();
    let mut laser = stored.decode::<Resource>().unwrap().value;
    change(&mut laser);
    world.put(&laser).await;
}

fn exemption(world: &World, ada: &UserId) -> ExemptionGrant {
    ExemptionGrant {
        exemption: Exemption {
            id: "exm_sample".parse().unwrap(),
            resource_id: world.laser(),
            codes: vec![ReasonCode::CheckoutMissing],
            valid: Interval::new(world.after(0), world.after(600)).unwrap(),
        },
        user_id: ada.clone(),
        reason: "a guest".to_owned(),
        granted_by: world.act(ada).actor,
        granted_at: world.clock_now(),
        revoked: None,
    }
}

/// What everybody here meets by his training, so that the document may be accepted and need not.
fn rules_or_training() -> Requirement {
    let document = DocumentRequirement { document: "house_rules".to_owned(), version: 2 };
    let training = TrainingRequirement {
        module_id: "mod_basics".parse().unwrap(),
        minimum_percent: 1,
        watched_seconds: None,
        valid_for_days: None,
    };
    let of = vec![Requirement::Document(document), Requirement::Training(training)];
    Requirement::Any(Combined { of })
}

/// One that is announced.
async fn outage(world: &World, ada: &UserId) {
    let outage = Outage {
        id: "otg_sample".parse().unwrap(),
        starts_at: world.after(20 * 24 * 60),
        ends_at: Some(world.after(21 * 24 * 60)),
        reason: "yearly maintenance".to_owned(),
        made_by: world.act(ada).actor,
        made_at: world.clock_now(),
    };
    changed(world, |laser| laser.outages.push(outage)).await;
}
