//! A member under load: makes, moves and cancels, repeats with the same key, and remembers what
//! was acknowledged.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};

use crate::client::asks_to_retry;
use crate::dice::Dice;
use crate::stack::{Answer, Person, Stack};

/// How often an act is sent with its key before the member gives up for now.
const TRIES: u32 = 3;
/// With so many reservations a member gives one back before asking for more.
const FULL: usize = 6;

/// What a member was told last of a reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fact {
    /// It stands from this start.
    Stands(String),
    /// It is cancelled.
    Ended,
    /// Nothing that binds.
    Open,
}

/// A request to reserve.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    pub(crate) machine: &'static str,
    pub(crate) start: String,
    pub(crate) key: String,
}

/// A member with what he knows.
#[derive(Clone)]
pub(crate) struct Member {
    pub(crate) person: Person,
    pub(crate) name: usize,
    pub(crate) facts: BTreeMap<String, Fact>,
    /// Requests whose last answer was no answer.
    pub(crate) unanswered: Vec<Wish>,
    pub(crate) log: Vec<String>,
}

impl Member {
    pub(crate) fn new(name: usize, person: Person) -> Self {
        let (facts, unanswered, log) = Default::default();
        Self { person, name, facts, unanswered, log }
    }

    /// Some acts in a row, chosen by the dice.
    pub(crate) async fn act(&mut self, stack: &Stack, dice: &mut Dice, starts: &[String]) {
        for number in 0..=dice.roll(2) {
            let key = format!("{}-{}-{number}", self.name, dice.roll(u64::MAX));
            let start = dice.pick(starts).unwrap().clone();
            let standing: Vec<String> = self.standing();
            match (dice.roll(10), dice.pick(&standing).cloned()) {
                (_, Some(id)) if standing.len() >= FULL => self.cancel(stack, &id, &key).await,
                (0..=2, Some(id)) if standing.len() > 1 => self.cancel(stack, &id, &key).await,
                (3..=5, Some(id)) => self.reschedule(stack, &id, &start, &key).await,
                _ => {
                    let machine = *dice.pick(&["mch_laser", "mch_printer"]).unwrap();
                    self.create(stack, Wish { machine, start, key }).await;
                }
            }
        }
    }

    fn standing(&self) -> Vec<String> {
        let stands = |(id, fact): (&String, &Fact)| match fact {
            Fact::Stands(_) => Some(id.clone()),
            Fact::Ended | Fact::Open => None,
        };
        self.facts.iter().filter_map(stands).collect()
    }

    async fn send(
        &mut self,
        stack: &Stack,
        (path, key): (&str, &str),
        body: &Value,
    ) -> (Answer, bool) {
        let mut tries = 0;
        loop {
            let request = stack.of(&self.person, Method::POST, path);
            let answer = stack.send(request.header("idempotency-key", key).json(body)).await;
            self.log.push(format!("{path} {body} {key}: {} {}", answer.status, answer.text));
            tries += 1;
            let again = asks_to_retry(&answer) || answer.status == 500;
            if !again || tries == TRIES {
                return (answer, tries > 1);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// Asks for time; an answer that is none is kept for later.
    pub(crate) async fn create(&mut self, stack: &Stack, wish: Wish) {
        let path = format!("/api/machines/{}/reservations", wish.machine);
        let body = json!({ "start": wish.start, "durationMinutes": 30 });
        let (answer, _) = self.send(stack, (&path, &wish.key), &body).await;
        match answer.status {
            201 => self.learn(&answer, Fact::Stands),
            200 | 202 => self.learn(&answer, |_| Fact::Open),
            403 | 422 => {}
            409 if answer.body["code"] != "idempotency_in_progress" => {}
            409 | 429 | 500.. => self.unanswered.push(wish),
            other => panic!("nothing documents {other}: {}", answer.text),
        }
    }

    fn learn(&mut self, answer: &Answer, fact: impl FnOnce(String) -> Fact) {
        let reservation = &answer.body["reservation"];
        let id = reservation["id"].as_str().expect("a reservation").to_owned();
        self.facts.insert(id, fact(reservation["start"].as_str().unwrap().to_owned()));
    }

    async fn cancel(&mut self, stack: &Stack, id: &str, key: &str) {
        let path = format!("/api/reservations/{id}/cancel");
        let (answer, _) = self.send(stack, (&path, key), &json!({ "reason": "chaos" })).await;
        let fact = if matches!(answer.status, 200 | 202) { Fact::Ended } else { Fact::Open };
        self.facts.insert(id.to_owned(), fact);
    }

    async fn reschedule(&mut self, stack: &Stack, id: &str, start: &str, key: &str) {
        let path = format!("/api/reservations/{id}/reschedule");
        let (answer, repeated) = self.send(stack, (&path, key), &json!({ "start": start })).await;
        match answer.status {
            200 => self.learn(&answer, Fact::Stands),
            // Refused before anything was done, and no earlier try may have done it.
            400 | 403 | 409 | 422 if !repeated => {}
            _ => {
                self.facts.insert(id.to_owned(), Fact::Open);
            }
        }
    }
}
