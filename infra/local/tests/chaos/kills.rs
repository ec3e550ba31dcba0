//! Functions killed at random moments under a mixed load and a failing Cal.com: one run of the
//! jobs, and everything that was acknowledged stands (promises R1, R4, R7, R9, R16).

mod letters;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::client::accepted;
use crate::crowd::stack_with;
use crate::dice::Dice;
use crate::knobs::{KILL_ROUNDS, KILL_SEED, number, rounds};
use crate::load::{Fact, Member};
use crate::stack::{Person, Stack};
use crate::trouble::{calm, job, kill_one, switch_faults};

const MEMBERS: usize = 6;
/// Few enough that members meet on the same time.
const STARTS: usize = 12;

/// A round's story, told when it fails.
pub(crate) struct Story {
    pub(crate) seed: u64,
    pub(crate) round: u64,
    pub(crate) lines: Vec<String>,
}

impl Story {
    #[track_caller]
    pub(crate) fn check(&self, holds: bool, what: impl FnOnce() -> String) {
        let story = || self.lines.join("\n");
        assert!(holds, "seed {} round {}: {}\n{}", self.seed, self.round, what(), story());
    }
}

#[tokio::test]
async fn functions_killed_at_any_moment_lose_and_double_nothing() {
    let seed = number(KILL_SEED, 1);
    let count = number(KILL_ROUNDS, 20);
    let (stack, mut people) = stack_with(MEMBERS + 1).await;
    let (stack, watcher) = (Arc::new(stack), people.pop().unwrap());
    let mut members: Vec<Member> =
        people.into_iter().enumerate().map(|(name, person)| Member::new(name, person)).collect();
    let mut kills = 0;
    for round in rounds("kills", count) {
        let mut dice = Dice::new(seed.wrapping_mul(1_000_003).wrapping_add(round));
        let mut story = Story { seed, round, lines: Vec::new() };
        kills += storm(&stack, (&watcher, &mut members), &mut dice, &mut story).await;
        calm(&stack).await;
        job(&stack, "webhook-worker", &json!({})).await;
        story.lines.push(format!("sweep {}", job(&stack, "outbox-calcom", &json!({})).await));
        let mode = *dice.pick(&["incremental", "full"]).unwrap();
        let report = job(&stack, "reconcile", &json!({ "mode": mode })).await;
        story.lines.push(format!("reconcile {mode} {report}"));
        whole(&stack, &members, &story).await;
        ask_again(&stack, &mut members, &mut story).await;
        let second = job(&stack, "reconcile", &json!({ "mode": "full" })).await;
        let nothing = second["findings"] == json!([]) && second["repaired"] == 0;
        story.check(nothing, || format!("found after the run: {second}"));
        whole(&stack, &members, &story).await;
    }
    println!("figures: {kills} kills in {count} rounds, each whole after one run; seed {seed}");
    assert!(kills >= count, "every round kills at least once: {kills}");
}

/// The load, the faults and the kills of a round; how many processes were killed.
async fn storm(
    stack: &Arc<Stack>,
    (watcher, members): (&Person, &mut Vec<Member>),
    dice: &mut Dice,
    story: &mut Story,
) -> u64 {
    // Whoever has as many reservations as allowed sees no free time; this one never has any.
    let starts = stack.starts(watcher, "machines/mch_printer").await;
    let starts: Arc<Vec<String>> = Arc::new(starts.into_iter().take(STARTS).collect());
    let faults = switch_faults(stack, dice).await;
    story.lines.extend(faults);
    let mut load = JoinSet::new();
    for mut member in members.drain(..) {
        let (stack, starts, mut own) = (Arc::clone(stack), Arc::clone(&starts), dice.another());
        load.spawn(async move {
            member.act(&stack, &mut own, &starts).await;
            member
        });
    }
    let mut kills = 0;
    let most = 1 + dice.roll(3);
    // A process may end by itself just then, and the first of a fresh stack is yet to come.
    for _ in 0..20 {
        if let Some(killed) = kill_one(stack, dice).await {
            story.lines.push(killed);
            kills += 1;
        }
        if kills >= most || (kills > 0 && load.is_empty()) {
            break;
        }
    }
    *members = load.join_all().await;
    members.sort_by_key(|member| member.name);
    for member in members {
        story.lines.append(&mut member.log);
    }
    kills
}

/// Sends every request that was not answered once more, with its key: the answer is final now.
async fn ask_again(stack: &Stack, members: &mut [Member], story: &mut Story) {
    for member in members {
        for wish in std::mem::take(&mut member.unanswered) {
            let key = wish.key.clone();
            member.create(stack, wish).await;
            story.lines.append(&mut member.log);
            story.check(member.unanswered.is_empty(), || format!("{key} has no final answer"));
        }
    }
}

/// Each reservation ahead has its one booking, each booking its reservation, nothing is under
/// way, and what was acknowledged is so.
pub(crate) async fn whole(stack: &Stack, members: &[Member], story: &Story) {
    let now = stack.now().await;
    let mut bookings = accepted(stack).await;
    bookings.retain(|booking| instant(&booking["end"]) > now);
    for member in members {
        let known = reservations(stack, &member.person, now).await;
        for (id, reservation) in &known {
            let status = reservation["status"].as_str().unwrap();
            let at_rest = matches!(status, "confirmed" | "cancelled" | "failed" | "completed");
            story.check(at_rest, || format!("{id} is {status}"));
            let before = bookings.len();
            bookings.retain(|booking| !belongs(booking, id, reservation));
            let owned = before - bookings.len();
            let wanted = usize::from(status == "confirmed");
            story.check(owned == wanted, || format!("{id} is {status} with {owned} bookings"));
        }
        for (id, fact) in &member.facts {
            if let Some(fault) = broken(known.get(id), fact, now) {
                story.check(false, || format!("{id} was {fact:?}: {fault}"));
            }
        }
    }
    story.check(bookings.is_empty(), || format!("nobody owns {bookings:?}"));
}

/// How a reservation breaks what was said of it; one that lies behind is no longer listed.
fn broken(reservation: Option<&Value>, fact: &Fact, now: Timestamp) -> Option<String> {
    let Some(reservation) = reservation else {
        return match fact {
            Fact::Stands(start) if start.parse::<Timestamp>().unwrap() >= now => {
                Some("it is gone".to_owned())
            }
            Fact::Stands(_) | Fact::Ended | Fact::Open => None,
        };
    };
    let holds = match fact {
        Fact::Stands(start) => {
            reservation["status"] == "confirmed"
                && instant(&reservation["start"]) == start.parse::<Timestamp>().unwrap()
        }
        Fact::Ended => reservation["status"] == "cancelled",
        Fact::Open => true,
    };
    (!holds).then(|| reservation.to_string())
}

fn belongs(booking: &Value, id: &str, reservation: &Value) -> bool {
    booking["metadata"]["interlockReservationId"] == id
        && instant(&booking["start"]) == instant(&reservation["start"])
        && instant(&booking["end"]) == instant(&reservation["end"])
}

fn instant(value: &Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

/// A person's reservations that are not over, by id; the list goes by their starts, and one may
/// have begun.
async fn reservations(stack: &Stack, person: &Person, now: Timestamp) -> BTreeMap<String, Value> {
    let since = now - SignedDuration::from_hours(24);
    let mut found = BTreeMap::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/reservations?from={since:.0}&limit=100{cursor}");
        let page = stack.get(person, &path).await.expect(200).body;
        for item in page["items"].as_array().unwrap() {
            if instant(&item["end"]) > now {
                found.insert(item["id"].as_str().unwrap().to_owned(), item.clone());
            }
        }
        match page["nextCursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}
