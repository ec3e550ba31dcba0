//! Mad inputs at every door (RELIABILITY T11): none makes a handler panic, none is answered as an
//! inner fault, no refusal says a thing of what was sent, and none is dear.
//!
//! Each target plays numbered rounds, each in a workshop of its own (`shared/testkit/chance`).
//! Passwords are hashed by a fake here: the real work of one evaluation is meant to be dear.

mod answers;
mod bodies;
mod cursors;
mod headers;
mod oracle;
mod webhook;

use interlock_app::ports::scheduler::Booking;
use interlock_http::{Handler, RawRequest, Route};
use serde_json::Value;

use crate::browser;
use crate::cast::Cast;
use crate::chance::bend::Bender;
use crate::chance::dice::Dice;
use crate::samples::Sample;
use crate::workshop::Names;

/// Who sends; nobody and whoever may not call are another target's.
const SENDERS: [&str; 4] = ["owner", "manager of lasers", "admin", "host of the laser"];

/// A route with what it is usually sent.
struct Door {
    route: &'static Route,
    handler: Handler,
    /// A request nobody has signed.
    raw: RawRequest,
    /// Bodies that are meant well.
    bodies: Vec<Value>,
    /// Whoever of the senders may call it.
    welcome: Vec<&'static str>,
}

impl Door {
    /// Who knocks: seldom somebody who may not.
    fn sender(&self, dice: &mut Dice) -> &'static str {
        let any = self.welcome.is_empty() || dice.one_in(12);
        dice.pick(if any { &SENDERS } else { &self.welcome })
    }
}

/// Every route but those without a request of their own.
async fn doors(cast: &Cast) -> Vec<Door> {
    let examples: Value = {
        let text = include_str!("../../../../../docs/openapi.json");
        serde_json::from_str(&renamed(text, &cast.names)).unwrap()
    };
    let of = |(route, handler): &(&'static Route, Handler)| {
        let raw = cast.request(route, &Sample::of(route, &cast.names), None);
        let mut bodies: Vec<Value> = serde_json::from_slice(&raw.body).into_iter().collect();
        let method = route.method.as_str().to_ascii_lowercase();
        for path in route.paths() {
            let body = &examples["paths"][path][&method]["requestBody"]["content"];
            let example = &body["application/json"]["example"];
            if !example.is_null() && !bodies.contains(example) {
                bodies.push(example.clone());
            }
        }
        Door { route, handler: *handler, raw, bodies, welcome: Vec::new() }
    };
    let mut doors: Vec<Door> = crate::routes().into_iter().map(of).collect();
    for door in &mut doors {
        for sender in SENDERS {
            let raw = door.raw.clone().header("cookie", cast.cookie(sender).unwrap());
            let world = cast.world().fork();
            let answer = browser::ask(&world, (door.route, door.handler), raw).await;
            if ![401, 403].contains(&answer.status) {
                door.welcome.push(sender);
            }
        }
    }
    doors
}

/// Samples speak of what is there.
fn renamed(text: &str, names: &Names) -> String {
    names.iter().fold(text.to_owned(), |text, (sample, ours)| text.replace(sample, ours))
}

/// What was recorded of Cal.com, in the order of names.
fn samples() -> Vec<Value> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared/calcom/tests/samples");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut paths: Vec<_> = files.collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| serde_json::from_slice(&std::fs::read(path).unwrap());
    paths.iter().map(|path| read(path).unwrap()).collect()
}

/// The same about the laser of the workshop and the booking of its reservation.
fn ours(cast: &Cast, recorded: &Value) -> Value {
    let reservation = cast.names.iter().find(|(name, _)| name.starts_with("rsv_")).unwrap();
    let bookings = cast.world().scheduler.live(&cast.world().account());
    let ours = |booking: &Booking| booking.metadata.values().any(|id| *id == reservation.1);
    let uid = bookings.into_iter().find(ours).unwrap().uid.0;
    let text = renamed(&recorded.to_string(), &cast.names)
        .replace("rsv_01kiln", &reservation.1)
        .replace("3mQvX8rTz5LkWc2YdPhNfJ", &uid)
        .replace("sampleUid00000000000001", &uid)
        .replace(r#"Deployment":"studio""#, r#"Deployment":"test""#)
        .replace(r#"Deployment":"sample""#, r#"Deployment":"test""#)
        .replace(r#""id":77"#, r#""id":101"#)
        .replace(r#"TypeId":77"#, r#"TypeId":101"#)
        .replace(r#"TypeId":601"#, r#"TypeId":101"#)
        .replace("2026-12-03T", "2026-06-04T")
        .replace("2026-12-04T", "2026-06-05T");
    serde_json::from_str(&text).unwrap()
}

/// Knows every value of every body.
fn bender(doors: &[Door]) -> Bender {
    let mut bender = Bender::default();
    for body in doors.iter().flat_map(|door| &door.bodies) {
        bender.learn(body);
    }
    bender
}

/// How often each status came.
#[derive(Default)]
struct Tally(std::collections::BTreeMap<u16, u64>);

impl Tally {
    fn count(&mut self, status: u16) {
        *self.0.entry(status).or_default() += 1;
    }

    /// Prints the figures; fails where nothing was taken or nothing refused, because then little
    /// was tried.
    fn tell(&self, target: &str) {
        println!("figures: {target}: {:?}", self.0);
        let all: u64 = self.0.values().sum();
        let taken: u64 = self.0.range(200..400).map(|(_, count)| count).sum();
        let rare = |count: u64| all >= 100 && count * 50 < all;
        assert!(!rare(taken) && !rare(all - taken), "{target} says little: {:?}", self.0);
    }
}
