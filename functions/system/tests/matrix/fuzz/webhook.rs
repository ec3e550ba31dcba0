//! Deliveries of whoever: at the door with every signature but a good one, and with a good one
//! over whatever, which the worker then takes to its end.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use http::HeaderValue;
use interlock_app::ports::QueueName;
use interlock_app::ports::subscriptions::TRIGGERS;
use interlock_app::{Applied, apply_delivery};
use interlock_calcom::webhook::{CalcomDeliveries, SigningSecrets, WebhookSecrets};
use interlock_calcom::{CredentialError, Secret};
use interlock_http::RawRequest;
use interlock_testkit::World;
use serde_json::Value;
use sha2::Sha256;

use super::oracle::{Promised, sent};
use super::{Tally, doors, ours, samples};
use crate::cast::Cast;
use crate::chance::bend::Bender;
use crate::chance::dice::Dice;
use crate::chance::pace::spent;
use crate::chance::{odd, one_of, pace};
use crate::samples::Sample;

const NAME: &str = "webhooks.calcom";
const SIGNATURE: &str = "x-cal-signature-256";
const SECRETS: [&str; 2] = ["whsec-new", "whsec-old"];

/// Words for what it tells that Cal.com does not subscribe anybody to.
const ODD_TRIGGERS: [&str; 3] = ["PING", "booking_created", ""];

/// Two secrets, as during a rotation.
struct Rotating;

#[async_trait]
impl WebhookSecrets for Rotating {
    async fn active(&self) -> Result<SigningSecrets, CredentialError> {
        let secrets = SECRETS.map(Secret::new).to_vec();
        SigningSecrets::new(secrets).map_err(|_| CredentialError::Missing)
    }
}

fn signed(secret: &str, body: &[u8]) -> String {
    let mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    hex::encode(mac.chain_update(body).finalize().into_bytes())
}

/// Deliveries that were recorded, and the one of the sample, which is about the workshop.
fn recorded(cast: &Cast) -> Vec<Value> {
    let raw = |file: Value| serde_json::from_str(file["request"]["body_raw"].as_str()?).ok();
    let mut bodies: Vec<Value> = samples().into_iter().filter_map(raw).collect();
    assert!(bodies.len() >= 7, "{}", bodies.len());
    let (route, _) = crate::routes().into_iter().find(|(route, _)| route.name == NAME).unwrap();
    let sample = cast.request(route, &Sample::of(route, &cast.names), None);
    let sample: Value = serde_json::from_slice(&sample.body).unwrap();
    let half = bodies.len();
    bodies.extend(std::iter::repeat_n(sample, half));
    bodies.iter().map(|body| ours(cast, body)).collect()
}

/// A body: recorded, bent, about another trigger.
fn body(dice: &mut Dice, bender: &Bender, recorded: &[Value]) -> Vec<u8> {
    let mut value = one_of(dice, recorded).clone();
    if dice.one_in(2) && value.get("triggerEvent").is_some() {
        let words: &[&str] = if dice.one_in(4) { &ODD_TRIGGERS } else { &TRIGGERS };
        value["triggerEvent"] = dice.pick(words).into();
    }
    for _ in 0..dice.between(0, 4) {
        bender.bend(dice, &mut value);
    }
    let bytes = bender.bytes(dice, &value);
    if dice.one_in(20) { BASE64.encode(&bytes).into_bytes() } else { bytes }
}

/// Signs it as one of our secrets would, or as none would; answers whether it is signed well.
fn sign(dice: &mut Dice, raw: &mut RawRequest) -> bool {
    let good = signed(dice.pick(&SECRETS), &raw.body);
    let (values, well): (Vec<String>, bool) = match dice.between(0, 24) {
        0 => (vec![], false),
        1 => (vec![good.clone(), good], false),
        2 => (vec!["no-secret-provided".to_owned()], false),
        3 => (vec![signed("no-secret-provided", &raw.body)], false),
        4 => (vec![signed("", &raw.body)], false),
        5 => (vec![odd::text(dice)], false),
        6 => (vec![good.chars().take(dice.pick(&[0, 1, 62, 63])).collect()], false),
        7 => (vec![format!("sha512={good}")], false),
        8 => (vec![good, odd::text(dice)], false),
        9 => (vec![signed(SECRETS[0], BASE64.encode(&raw.body).as_bytes())], false),
        10 => (vec![format!("sha256={good}")], true),
        11 => (vec![good.to_uppercase()], true),
        _ => (vec![good], true),
    };
    let mut sent = 0;
    for value in values {
        if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
            raw.headers.append(SIGNATURE, value);
            sent += 1;
        }
    }
    // Where the second of two is no header at all, the first stands alone.
    well || (sent == 1 && raw.headers[SIGNATURE] == signed(SECRETS[0], &raw.body).as_str())
        || (sent == 1 && raw.headers[SIGNATURE] == signed(SECRETS[1], &raw.body).as_str())
}

/// Has the worker take what is queued, again and again until nothing comes back; no fault of the
/// workshop stands in its way, so none may be told. Answers what became of it each time, and the
/// dearest time.
async fn worked(world: &World, shown: &str) -> (Vec<Applied>, Duration) {
    let (mut applied, mut dearest) = (Vec::new(), Duration::ZERO);
    for _ in 0..5 {
        for message in world.queue.drain(QueueName::Webhook) {
            let began = spent();
            let one = apply_delivery(&world.app, &message.body, &world.job()).await;
            dearest = dearest.max(spent().saturating_sub(began));
            applied
                .push(one.unwrap_or_else(|error| panic!("{shown}\nis not set aside: {error:?}")));
        }
        world.advance(60);
    }
    assert!(world.queue.drain(QueueName::Webhook).is_empty(), "{shown}\ncomes back for ever");
    (applied, dearest)
}

#[tokio::test]
async fn no_delivery_makes_the_door_or_the_worker_fail() {
    let cast = Cast::new().await;
    let (promised, mut tally) = (Promised::read(), Tally::default());
    let mut doors = doors(&cast).await;
    doors.retain(|door| door.route.name == NAME);
    let recorded = recorded(&cast);
    let mut bender = Bender::default();
    for body in &recorded {
        bender.learn(body);
    }
    let mut ends = std::collections::BTreeMap::<String, u64>::new();
    pace::play("webhook", 500, async |round| {
        let mut dice = Dice::new(round);
        let door = &doors[0];
        let mut world = cast.world().fork();
        world.app.deliveries = Arc::new(CalcomDeliveries::new(Arc::new(Rotating)));
        let mut raw = door.raw.clone();
        raw.headers.remove(SIGNATURE);
        raw.body = body(&mut dice, &bender, &recorded);
        let well = sign(&mut dice, &mut raw);
        let shown = String::from_utf8_lossy(&raw.body).chars().take(2000).collect::<String>();
        let large = raw.body.len() > door.route.max_body;
        let (answer, took) = sent(&world, door, raw, &promised).await;
        tally.count(answer.status);
        if !well && !large {
            assert_eq!(answer.told(), (401, "signature_invalid"), "{shown}");
        }
        let (applied, dearest) = worked(&world, &shown).await;
        for applied in applied {
            *ends.entry(format!("{applied:?}")).or_default() += 1;
        }
        took.max(dearest)
    })
    .await;
    println!("figures: webhook: {ends:?}");
    tally.tell("webhook");
}

#[tokio::test]
async fn a_message_of_the_queue_that_is_none_is_set_aside() {
    let cast = Cast::new().await;
    let world = cast.world().fork();
    for round in 0..300 {
        let mut dice = Dice::new(round);
        let any = dice.one_in(2);
        let text = if any { odd::text(&mut dice) } else { odd::value(&mut dice).to_string() };
        let applied = apply_delivery(&world.app, &text, &world.job()).await;
        assert!(matches!(applied, Ok(Applied::Quarantined)), "{round}: {text}: {applied:?}");
    }
}
