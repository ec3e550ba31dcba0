//! Sixty-four clients at once on the same time: one gets it, nobody else loses anything (promises
//! R2, R4, R28).

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use tokio::task::JoinSet;

use crate::client::{accepted, cancel, id_of, reserve};
use crate::crowd::stack_with;
use crate::knobs::{RACE_ROUNDS, number, rounds};
use crate::stack::{Answer, Person, Stack};

const CLIENTS: usize = 64;
/// Open reservations a person may have by the rules of the demo.
const CAP: usize = 8;

/// What one client asks for.
#[derive(Clone)]
struct Wish {
    person: usize,
    machine: &'static str,
    start: String,
    minutes: u32,
    key: String,
}

/// Sends all wishes at once; every final answer with its wish.
async fn all_at_once(
    stack: &Arc<Stack>,
    people: &Arc<Vec<Person>>,
    wishes: Vec<Wish>,
) -> Vec<(Wish, Answer)> {
    let mut racers = JoinSet::new();
    for wish in wishes {
        let (stack, people) = (Arc::clone(stack), Arc::clone(people));
        racers.spawn(async move {
            let (where_to, how) =
                ((wish.machine, wish.start.as_str()), (wish.minutes, wish.key.as_str()));
            let answer = reserve(&stack, &people[wish.person], where_to, how).await;
            (wish.clone(), answer)
        });
    }
    racers.join_all().await
}

/// Those who got the time, all others having been told documented reasons.
fn winners(round: u64, answers: Vec<(Wish, Answer)>, no: &[&str]) -> Vec<(Wish, Answer)> {
    let (won, lost): (Vec<_>, Vec<_>) =
        answers.into_iter().partition(|(_, answer)| matches!(answer.status, 200..=202));
    for (wish, answer) in &lost {
        let code = answer.body["code"].as_str().unwrap_or_default();
        assert!(
            no.contains(&code),
            "round {round}: {} {} {}",
            wish.key,
            answer.status,
            answer.text
        );
    }
    won
}

/// The starts a person sees as free on the laser, as instants.
async fn free(stack: &Stack, person: &Person) -> Vec<Timestamp> {
    let starts = stack.starts(person, "machines/mch_laser").await;
    starts.iter().map(|start| start.parse().unwrap()).collect()
}

fn later(start: Timestamp, minutes: i64) -> Timestamp {
    start + SignedDuration::from_mins(minutes)
}

/// Starts with the next two half hours free as well.
fn with_room(free: &[Timestamp]) -> Vec<Timestamp> {
    let open = |at: &Timestamp, minutes| free.contains(&later(*at, minutes));
    free.iter().filter(|at| open(at, 30) && open(at, 60)).copied().collect()
}

/// One race on overlapping time: exactly one wins, Cal.com has exactly that booking, and when it
/// is given back everything is free again.
async fn overlapping_race(
    (stack, people): (&Arc<Stack>, &Arc<Vec<Person>>),
    round: u64,
    wishes: Vec<Wish>,
) {
    let watcher = &people[CLIENTS];
    let before = free(stack, watcher).await;
    let answers = all_at_once(stack, people, wishes).await;
    let won = winners(round, answers, &["slot_taken"]);
    assert_eq!(won.len(), 1, "round {round}: winners {:?}", keys(&won));
    let (wish, answer) = &won[0];
    let (winner, id) = (&people[wish.person], id_of(answer));
    stack.until(winner, &id, "confirmed").await;
    let standing = accepted(stack).await;
    assert_eq!(standing.len(), 1, "round {round}: {standing:?}");
    assert_eq!(standing[0]["metadata"]["interlockReservationId"], id.as_str());
    assert_eq!(instant(&standing[0]["start"]), wish.start.parse::<Timestamp>().unwrap());
    assert!(!free(stack, watcher).await.contains(&wish.start.parse().unwrap()));
    cancel(stack, winner, &id).await;
    assert!(accepted(stack).await.is_empty(), "round {round}: a booking was left behind");
    assert_eq!(free(stack, watcher).await, before, "round {round}: a hold was left behind");
}

fn instant(value: &serde_json::Value) -> Timestamp {
    value.as_str().unwrap().parse().unwrap()
}

fn keys(won: &[(Wish, Answer)]) -> Vec<&str> {
    won.iter().map(|(wish, _)| wish.key.as_str()).collect()
}

#[tokio::test]
async fn a_slot_that_sixty_four_ask_for_at_once_is_sold_once() {
    let (stack, people) = stack_with(CLIENTS + 1).await;
    let (stack, people) = (Arc::new(stack), Arc::new(people));
    let slots = free(&stack, &people[CLIENTS]).await;
    let count = number(RACE_ROUNDS, 20);
    for round in rounds("races on one slot", count) {
        // Every slot is raced for twice in a row: once new, once just given back.
        let slot = slots[usize::try_from(round / 2).unwrap() % slots.len()];
        let wish = |person| Wish {
            person,
            machine: "mch_laser",
            start: slot.to_string(),
            minutes: 60,
            key: format!("slot-{round}-{person}"),
        };
        overlapping_race((&stack, &people), round, (0..CLIENTS).map(wish).collect()).await;
    }
    println!("figures: {count} races of {CLIENTS} clients on one slot");
}

#[tokio::test]
async fn of_times_that_overlap_by_part_sixty_four_clients_get_one() {
    let (stack, people) = stack_with(CLIENTS + 1).await;
    let (stack, people) = (Arc::new(stack), Arc::new(people));
    let slots = with_room(&free(&stack, &people[CLIENTS]).await);
    let count = number(RACE_ROUNDS, 20);
    for round in rounds("races on parts", count) {
        let slot = slots[usize::try_from(round).unwrap() % slots.len()];
        // Any two of these share the second half hour and no two are equal.
        let shapes = [(0, 60), (30, 60), (30, 30)];
        let wish = |person: usize| {
            let (offset, minutes) = shapes[person % shapes.len()];
            let start = later(slot, offset).to_string();
            let key = format!("part-{round}-{person}");
            Wish { person, machine: "mch_laser", start, minutes, key }
        };
        overlapping_race((&stack, &people), round, (0..CLIENTS).map(wish).collect()).await;
    }
    println!("figures: {count} races of {CLIENTS} clients on times that overlap by part");
}

#[tokio::test]
async fn sixty_four_requests_of_one_person_exceed_no_limit() {
    let (stack, people) = stack_with(1).await;
    let (stack, people) = (Arc::new(stack), Arc::new(people));
    let slots = free(&stack, &people[0]).await;
    let machines = [("mch_laser", 30), ("mch_printer", 30), ("mch_bandsaw", 60)];
    let count = number(RACE_ROUNDS, 10);
    for round in rounds("races of one person", count) {
        let shift = usize::try_from(round).unwrap();
        let wish = |number: usize| {
            let (machine, minutes) = machines[number % machines.len()];
            let start = slots[(number / machines.len() + shift) % slots.len()].to_string();
            Wish { person: 0, machine, start, minutes, key: format!("one-{round}-{number}") }
        };
        let wishes = (0..CLIENTS).map(wish).collect();
        let answers = all_at_once(&stack, &people, wishes).await;
        let no = ["quota_open_reservations", "reservation_parallel", "slot_taken"];
        let won = winners(round, answers, &no);
        // There is more free time than the cap allows, so the cap is reached and not exceeded.
        assert_eq!(won.len(), CAP, "round {round}: {:?}", keys(&won));
        for (_, answer) in &won {
            stack.until(&people[0], &id_of(answer), "confirmed").await;
        }
        no_two_at_once(round, &accepted(&stack).await);
        for (_, answer) in &won {
            cancel(&stack, &people[0], &id_of(answer)).await;
        }
        assert!(accepted(&stack).await.is_empty(), "round {round}: a booking was left behind");
    }
    println!("figures: {count} races of {CLIENTS} requests of one person");
}

/// As many bookings as the cap, no two of which overlap.
fn no_two_at_once(round: u64, standing: &[serde_json::Value]) {
    let mut times: Vec<_> =
        standing.iter().map(|one| (instant(&one["start"]), instant(&one["end"]))).collect();
    times.sort_unstable();
    assert_eq!(times.len(), CAP, "round {round}: {times:?}");
    for pair in times.windows(2) {
        assert!(pair[0].1 <= pair[1].0, "round {round}: {pair:?} are at once");
    }
}
