//! The door for deliveries: what it takes, what it refuses, what it costs, and that it can stall
//! nobody.

use std::io::{Read, Write};
use std::net::TcpListener;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::Sha256;

use crate::stack::{Answer, Stack};

const PATH: &str = "/api/webhooks/calcom";
const SIGNATURE: &str = "x-cal-signature-256";
/// Stands in every refused body and must stand in no answer.
const CANARY: &str = "canary-7f3a";

/// A door and the secret that opens it.
struct Door {
    stack: Stack,
    secret: String,
}

impl Door {
    async fn open() -> Self {
        let stack = Stack::start().await;
        let calcom = stack.look("/__dev/calcom").await;
        let secret = calcom["webhookSecret"].as_str().unwrap().to_owned();
        Self { stack, secret }
    }

    fn sign(&self, body: &[u8]) -> String {
        let mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes()).unwrap();
        HEXLOWER.encode(&mac.chain_update(body).finalize().into_bytes())
    }

    fn post(&self, body: impl Into<Vec<u8>>) -> RequestBuilder {
        let request = self.stack.request(Method::POST, PATH);
        request.header("content-type", "application/json").body(body.into())
    }

    /// Sends a body with its right signature.
    async fn deliver(&self, body: impl Into<Vec<u8>>) -> Answer {
        let body = body.into();
        let signature = self.sign(&body);
        self.stack.send(self.post(body).header(SIGNATURE, signature)).await
    }

    async fn events(&self, query: &str) -> Vec<Value> {
        self.stack.job("webhook-worker").await;
        let root = self.stack.login("root").await;
        let path = format!("/api/webhook-events?{query}");
        let answer = self.stack.get(&root, &path).await.expect(200);
        answer.body["items"].as_array().unwrap().clone()
    }
}

#[tokio::test]
async fn every_signature_but_a_true_one_is_401_and_reaches_no_queue() {
    let door = Door::open().await;
    let body = json!({ "triggerEvent": "BOOKING_CANCELLED", "note": CANARY }).to_string();
    let right = door.sign(body.as_bytes());
    let refused = |request: RequestBuilder| async {
        let answer = door.stack.send(request).await.problem(401, "signature_invalid");
        assert!(!answer.text.contains(CANARY), "{}", answer.text);
    };
    door.stack.look("/__dev/calls?reset=true").await;
    refused(door.post(body.clone())).await;
    let (short, long) = (right.chars().skip(1).collect::<String>(), format!("{right}0"));
    for wrong in [
        "",
        "no-secret-provided",
        "sha256=",
        "sha512=0000",
        &"z".repeat(64),
        &"0".repeat(64),
        &short,
        &long,
    ] {
        refused(door.post(body.clone()).header(SIGNATURE, wrong)).await;
    }
    let doubled = door.post(body.clone()).header(SIGNATURE, &right).header(SIGNATURE, &right);
    refused(doubled).await;
    let mixed = door.post(body.clone()).header(SIGNATURE, "00").header(SIGNATURE, &right);
    refused(mixed).await;
    let calls = door.stack.look("/__dev/calls").await;
    let own = &calls["routes"]["webhooks-calcom"];
    assert_eq!(own["queue"].as_u64().unwrap_or(0), 0, "{calls}");
    for right in [right.clone(), format!("sha256={right}")] {
        door.stack.send(door.post(body.clone()).header(SIGNATURE, right)).await.expect(200);
    }
    // With this header the balancer hands the body over as base64; the signature is over its bytes.
    let encoded = door.post(body.clone()).header("content-encoding", "identity");
    door.stack.send(encoded.header(SIGNATURE, &right)).await.expect(200);
}

#[tokio::test]
async fn a_delivery_costs_one_message_and_no_call_to_the_table_or_to_calcom() {
    let door = Door::open().await;
    let body = |number| json!({ "triggerEvent": "FORM_SUBMITTED", "number": number }).to_string();
    door.deliver(body(1)).await.expect(200);
    door.stack.look("/__dev/calls?reset=true").await;
    door.deliver(body(2)).await.expect(200);
    let calls = door.stack.look("/__dev/calls").await;
    let own = json!({ "dynamodb": 0, "queue": 1, "calcom": 0 });
    assert_eq!(calls["routes"]["webhooks-calcom"], own, "{calls}");
}

#[tokio::test]
async fn bodies_beyond_the_limits_are_refused_or_set_aside_and_never_repeated() {
    let door = Door::open().await;
    let large = json!({ "triggerEvent": CANARY, "pad": "x".repeat(256_000) }).to_string();
    let answer = door.deliver(large).await.problem(413, "body_too_large");
    assert!(!answer.text.contains(CANARY));
    let text = [b"{\"a\":\"".as_slice(), CANARY.as_bytes(), &[0xff, 0xfe], b"\"}"].concat();
    let answer = door.deliver(text).await.problem(400, "invalid_body");
    assert!(!answer.text.contains(CANARY));
    let form = format!("secret={CANARY}");
    let request = door.stack.request(Method::POST, PATH);
    let request = request.header("content-type", "application/x-www-form-urlencoded");
    let request = request.header(SIGNATURE, door.sign(form.as_bytes())).body(form);
    let answer = door.stack.send(request).await.problem(415, "unsupported_media_type");
    assert!(!answer.text.contains(CANARY));
    assert!(door.events("limit=10").await.is_empty(), "nothing of it was taken");

    let deep = format!("{{\"a\":{}{}}}", "[".repeat(32), "]".repeat(32));
    door.deliver(deep).await.expect(200);
    door.deliver(format!("[\"{CANARY}\"]")).await.expect(200);
    let aside = door.events("state=quarantined").await;
    let why = |word: &str| aside.iter().filter(|event| event["lastError"] == word).count();
    assert_eq!((why("nested_too_deeply"), why("not_an_object")), (1, 1), "{aside:?}");
}

#[tokio::test]
async fn a_ping_leaves_nothing_and_an_unknown_word_is_counted() {
    let door = Door::open().await;
    let ping = json!({ "triggerEvent": "PING", "payload": { "type": "Test" } }).to_string();
    door.deliver(ping).await.expect(200);
    let strange = json!({ "triggerEvent": "TEA_SERVED", "payload": { "uid": "u" } }).to_string();
    for _ in 0..2 {
        door.deliver(strange.clone()).await.expect(200);
    }
    let events = door.events("limit=10").await;
    assert_eq!(events.len(), 1, "{events:?}");
    assert_eq!(
        (&events[0]["trigger"], &events[0]["state"]),
        (&json!("TEA_SERVED"), &json!("ignored"))
    );
    assert_eq!(events[0]["times"], 2);
}

#[tokio::test]
async fn an_admin_reads_runs_dry_and_replays_a_delivery_that_changes_nothing_twice() {
    let door = Door::open().await;
    let stack = &door.stack;
    let (max, root) = (stack.login("max").await, stack.login("root").await);
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    // Before the booking, whose own delivery, a second late, would find the cancel too early.
    stack.tool("/__sim/webhooks", &json!({ "mode": "hold" })).await;
    let booked = stack.reserve(&max, &start, "k").await.expect(201);
    let id = booked.body["reservation"]["id"].as_str().unwrap().to_owned();
    let uid = stack.uid_of(&id).await;
    stack.tool("/__sim/ui/cancel", &json!({ "uid": uid, "cancellationReason": "x" })).await;
    let held = stack.look("/__sim/webhooks").await;
    let mut held = held["items"].as_array().unwrap().iter();
    let held = held.find(|one| one["trigger"] == "BOOKING_CANCELLED");
    let body = &held.unwrap()["body"];
    let body: Value =
        body.as_str().map_or_else(|| body.clone(), |text| serde_json::from_str(text).unwrap());

    let before = stack.look("/__sim/state").await;
    let plan = stack.post(&root, "/api/webhooks/simulate", &body).await.expect(200);
    let plan = &plan.body["simulation"];
    assert_eq!((&plan["outcome"], &plan["step"]), (&json!("applied"), &json!("end")), "{plan}");
    assert_eq!(plan["changes"][0]["after"], "cancelled");
    assert_eq!(stack.look("/__sim/state").await["bookings"], before["bookings"]);
    let read = stack.get(&max, &format!("/api/reservations/{id}")).await.expect(200);
    assert_eq!(read.body["reservation"]["status"], "confirmed", "a dry run changes nothing");

    door.deliver(body.to_string()).await.expect(200);
    let events = door.events(&format!("reservationId={id}&trigger=BOOKING_CANCELLED")).await;
    assert_eq!(events[0]["effect"]["after"], "cancelled", "{events:?}");
    let event = events[0]["deliveryId"].as_str().unwrap();
    let shown = stack.get(&root, &format!("/api/webhook-events/{event}")).await.expect(200);
    assert!(!shown.text.contains(&uid), "{}", shown.text);
    let path = format!("/api/reservations/{id}/history");
    let history = stack.get(&max, &path).await.expect(200).text;
    let replay = format!("/api/webhook-events/{event}/replay");
    let answer = stack.send(stack.of(&root, Method::POST, &replay)).await.expect(202);
    assert_eq!(answer.body["webhookEvent"]["state"], "replaying");
    let events = door.events(&format!("reservationId={id}&trigger=BOOKING_CANCELLED")).await;
    assert_eq!((&events[0]["state"], &events[0]["times"]), (&json!("applied"), &json!(1)));
    assert_eq!(stack.get(&max, &path).await.expect(200).text, history);
}

/// Where every delivery of an account goes from now on: a server that answers 503, or never.
async fn redirect(stack: &Stack, answers: bool) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            if answers {
                let _ = stream.read(&mut vec![0; 65_536]);
                let head = "HTTP/1.1 503 Service Unavailable\r\n";
                let _ = write!(stream, "{head}content-length: 0\r\nconnection: close\r\n\r\n");
            } else {
                kept.push(stream);
            }
        }
    });
    let base = stack.look("/__dev/calcom").await["url"].as_str().unwrap().to_owned();
    let accounts = interlock_calcom_sim::demo_accounts();
    let laser = accounts.iter().find(|account| account.key == "laser").unwrap();
    let client = reqwest::Client::builder().build().unwrap();
    let webhooks = format!("{base}/v2/webhooks");
    let list = client.get(&webhooks).bearer_auth(&laser.api_key).send().await.unwrap();
    let list: Value = list.json().await.unwrap();
    let own = list["data"].as_array().unwrap();
    assert!(!own.is_empty(), "{list}");
    for one in own {
        let id = one["id"].as_str().unwrap();
        let change = client.patch(format!("{webhooks}/{id}")).bearer_auth(&laser.api_key);
        let change = change.json(&json!({ "subscriberUrl": url })).send().await.unwrap();
        assert_eq!(change.status(), 200, "{}", change.text().await.unwrap());
    }
}

#[tokio::test]
async fn a_reservation_is_made_while_the_receiver_answers_503() {
    let stack = Stack::start().await;
    redirect(&stack, true).await;
    let max = stack.login("max").await;
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    stack.reserve(&max, &start, "k").await.expect(201);
}

#[tokio::test]
async fn a_reservation_is_made_once_while_the_receiver_hangs() {
    let stack = Stack::start().await;
    redirect(&stack, false).await;
    let max = stack.login("max").await;
    let start = stack.starts(&max, "machines/mch_laser").await[0].clone();
    let placed = stack.reserve(&max, &start, "k").await.expect(202);
    let id = placed.body["reservation"]["id"].as_str().unwrap().to_owned();
    stack.advance(5).await;
    stack.job("outbox-calcom").await;
    stack.until(&max, &id, "confirmed").await;
    stack.reserve(&max, &start, "k").await.expect(201);
    let state = stack.look("/__sim/state").await;
    let standing = state["bookings"].as_array().unwrap().iter().filter(|booking| {
        booking["status"] == "accepted" && booking["metadata"]["interlockReservationId"] == id
    });
    assert_eq!(standing.count(), 1);
}
