//! The sweep of letters, killed without a word while it sends: no message is lost, and one that
//! goes out twice goes out as itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::crowd::stack_with;
use crate::dice::Dice;
use crate::knobs::{KILL_ROUNDS, KILL_SEED, number, rounds};
use crate::stack::{Person, Stack};
use crate::trouble::{is_running, job, kill_named};

const MEMBERS: usize = 6;
/// A letter is given up after eight tries, so no more than these of a round are cut short.
const KILLS: u64 = 4;
const SWEEP: &str = "outbox-notify";

#[tokio::test]
async fn a_sweep_of_letters_that_is_killed_loses_none_and_repeats_one_only_as_itself() {
    let seed = number(KILL_SEED, 1);
    let count = number(KILL_ROUNDS, 3);
    let (stack, mut people) = stack_with(MEMBERS + 1).await;
    let (stack, watcher) = (Arc::new(stack), people.pop().unwrap());
    let (mut kills, mut told) = (0, BTreeSet::new());
    for round in rounds("kills of the sweep", count) {
        let mut dice = Dice::new(seed.wrapping_mul(1_000_033).wrapping_add(round));
        let held = reserved(&stack, &watcher, &people, round).await;
        for _ in 0..KILLS {
            kills += cut_short(&stack, &mut dice).await;
        }
        told.extend(held.iter().map(|id| ("invite.ics", id.clone())));
        all_told(&stack, &told).await;
        for (person, id) in people.iter().zip(&held) {
            let path = format!("/api/reservations/{id}/cancel");
            stack.post(person, &path, &json!({ "reason": "plans changed" })).await;
        }
        kills += cut_short(&stack, &mut dice).await;
        told.extend(held.into_iter().map(|id| ("cancel.ics", id)));
        all_told(&stack, &told).await;
    }
    println!("figures: {kills} kills of the sweep of letters in {count} rounds; seed {seed}");
    assert!(kills >= count, "every round kills at least once: {kills}");
}

/// One reservation for each member.
async fn reserved(stack: &Stack, watcher: &Person, people: &[Person], round: u64) -> Vec<String> {
    let starts = stack.starts(watcher, "machines/mch_laser").await;
    let mut ids = Vec::with_capacity(people.len());
    // Every other start, because an hour takes two.
    for (person, start) in people.iter().zip(starts.iter().step_by(2)) {
        let made = stack.reserve(person, start, &format!("letters-{round}")).await.expect(201);
        ids.push(made.body["reservation"]["id"].as_str().unwrap().to_owned());
    }
    ids
}

/// A sweep whose process is killed at a random moment, and the time after which what it had begun
/// is due again; how many processes were killed.
async fn cut_short(stack: &Arc<Stack>, dice: &mut Dice) -> u64 {
    let mut sweep = JoinSet::new();
    let own = Arc::clone(stack);
    sweep.spawn(async move {
        // It may end well or badly.
        drop(
            own.send(own.request(Method::POST, &format!("/__dev/jobs/{SWEEP}")).json(&json!({})))
                .await,
        );
    });
    // A process that has not begun is none to kill.
    while !is_running(stack, SWEEP) && !sweep.is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
        while sweep.try_join_next().is_some() {}
    }
    tokio::time::sleep(Duration::from_millis(dice.roll(250))).await;
    let killed = kill_named(stack, SWEEP);
    sweep.join_all().await;
    // One that had done its work and idled is given the next until it is known to be dead.
    for _ in 0..200 {
        if !is_running(stack, SWEEP) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stack.advance(1000).await;
    killed
}

/// Everything of these has reached the mailbox, and what is there twice has one name.
async fn all_told(stack: &Stack, wanted: &BTreeSet<(&str, String)>) {
    for _ in 0..2 {
        job(stack, SWEEP, &json!({})).await;
        stack.advance(1000).await;
    }
    let mailbox = stack.look("/__dev/mailbox").await;
    let mut names: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for mail in mailbox["items"].as_array().unwrap() {
        let Some(calendar) = calendar_of(mail) else { continue };
        names.entry(calendar).or_default().insert(mail["messageId"].as_str().unwrap().to_owned());
    }
    for (kind, id) in wanted {
        let found = names.get(&((*kind).to_owned(), id.clone()));
        let found = found.unwrap_or_else(|| panic!("{kind} of {id} is lost"));
        assert_eq!(found.len(), 1, "{kind} of {id} is several messages: {found:?}");
    }
}

/// The file for calendars that a mail carries, and the reservation it is of.
fn calendar_of(mail: &Value) -> Option<(String, String)> {
    let files = mail["attachments"].as_array()?.iter();
    let mut files = files.filter(|file| file["name"].as_str().is_some_and(|name| !name.is_empty()));
    let file =
        files.find(|file| file["text"].as_str().is_some_and(|text| text.contains("UID:")))?;
    let (_, rest) = file["text"].as_str()?.split_once("UID:")?;
    let (id, _) = rest.split_once('@')?;
    Some((file["name"].as_str()?.to_owned(), id.to_owned()))
}
