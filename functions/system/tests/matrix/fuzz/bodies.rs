//! Bodies of every operation that takes one.

use super::oracle::{Promised, sent};
use super::{Tally, bender, doors};
use crate::cast::Cast;
use crate::chance::dice::Dice;
use crate::chance::{one_of, pace};

#[tokio::test]
async fn no_body_of_a_call_makes_it_fail() {
    let cast = Cast::new().await;
    let (promised, mut tally) = (Promised::read(), Tally::default());
    let mut doors = doors(&cast).await;
    doors.retain(|door| !door.bodies.is_empty());
    assert!(doors.len() >= 40, "{}", doors.len());
    let bender = bender(&doors);
    pace::play("API bodies", 500, async |round| {
        let mut dice = Dice::new(round);
        let door = one_of(&mut dice, &doors);
        let cookie = cast.cookie(door.sender(&mut dice)).unwrap();
        let mut body = one_of(&mut dice, &door.bodies).clone();
        for _ in 0..dice.between(0, 3) {
            bender.bend(&mut dice, &mut body);
        }
        let bytes = bender.bytes(&mut dice, &body);
        let mut raw = door.raw.clone().header("cookie", cookie);
        if raw.headers.get("content-type").is_none() {
            raw = raw.json("");
        }
        raw.body = bytes;
        let (answer, took) = sent(&cast.world().fork(), door, raw, &promised).await;
        tally.count(answer.status);
        took
    })
    .await;
    tally.tell("API bodies");
}
