//! Random scripts: both servers hand out the same messages, in the same order but among the dead,
//! the same number of times, and bury the same ones.
//!
//! No time passes in a script: what is hidden or delayed is so for ten minutes, or not at all.

use std::cell::Cell;

use aws_sdk_sqs::primitives::Blob;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry,
    MessageAttributeValue, MessageSystemAttributeName, MessageSystemAttributeNameForSends,
    MessageSystemAttributeValue, SendMessageBatchRequestEntry,
};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestError, TestRunner};

use crate::sides::{Seen, Servers, Side, depth, seen, told};

/// Other counts for longer runs.
const VARIABLE: &str = "INTERLOCK_FIDELITY_SCRIPTS";
const SCRIPTS: u32 = 25;
const LONG: i32 = 600;
/// Most that one receive hands out.
const MOST: i32 = 10;

#[derive(Debug, Clone)]
struct Letter {
    text: &'static str,
    delayed: bool,
    attributes: u8,
    trace: bool,
}

#[derive(Debug, Clone)]
enum Step {
    Send(Letter),
    SendBatch(Vec<Letter>),
    Receive {
        dead: bool,
        most: i32,
        hide: bool,
        names: u8,
    },
    Delete(usize),
    /// With a receipt that nobody gave out.
    DeleteBatch(Vec<usize>),
    Hide(usize, bool),
    HideBatch(Vec<(usize, bool)>),
    Purge(bool),
}

fn letter() -> impl Strategy<Value = Letter> {
    let text = select(vec!["x", "{\"ü\": \"\\u0001 & <x>\"}\r\n\t", "日本", "", "\u{1}"]);
    (text, prop::bool::weighted(0.1), 0..4_u8, any::<bool>())
        .prop_map(|(text, delayed, attributes, trace)| Letter { text, delayed, attributes, trace })
}

fn step() -> impl Strategy<Value = Step> {
    let some = || prop::collection::vec(0..6_usize, 1..4);
    prop_oneof![
        6 => letter().prop_map(Step::Send),
        3 => prop::collection::vec(letter(), 1..11).prop_map(Step::SendBatch),
        10 => (prop::bool::weighted(0.25), 1..11, any::<bool>(), 0..4_u8)
            .prop_map(|(dead, most, hide, names)| Step::Receive { dead, most, hide, names }),
        3 => (0..6_usize).prop_map(Step::Delete),
        2 => some().prop_map(Step::DeleteBatch),
        3 => (0..6_usize, any::<bool>()).prop_map(|(at, hide)| Step::Hide(at, hide)),
        2 => prop::collection::vec((0..6_usize, any::<bool>()), 1..4).prop_map(Step::HideBatch),
        1 => any::<bool>().prop_map(Step::Purge),
    ]
}

/// A message in somebody's hands, by both its receipts.
#[derive(Clone)]
struct Held {
    dead: bool,
    hidden: bool,
    receipts: [String; 2],
}

struct Play {
    sides: [Side; 2],
    held: Vec<Held>,
    sent: u32,
}

impl Play {
    async fn step(&mut self, step: &Step) {
        match step {
            Step::Send(letter) => self.send(letter).await,
            Step::SendBatch(letters) => self.send_batch(letters).await,
            Step::Receive { dead, most, hide, names } => {
                self.receive(*dead, *most, *hide, *names).await;
            }
            Step::Delete(at) => self.delete(*at).await,
            Step::DeleteBatch(at) => self.delete_batch(at).await,
            Step::Hide(at, hide) => self.hide(*at, *hide).await,
            Step::HideBatch(at) => self.hide_batch(at).await,
            Step::Purge(dead) => self.purge(*dead).await,
        }
        for dead in [false, true] {
            let [ours, theirs] = &self.sides;
            assert_eq!(depth(ours, dead).await, depth(theirs, dead).await, "after {step:?}");
        }
    }

    fn body(&mut self, letter: &Letter) -> String {
        self.sent += 1;
        // An empty body stays empty: it must be refused.
        if letter.text.is_empty() {
            String::new()
        } else {
            format!("{} {}", self.sent, letter.text)
        }
    }

    async fn send(&mut self, letter: &Letter) {
        let body = self.body(letter);
        let mut all = Vec::new();
        for side in &self.sides {
            let mut send = side.client.send_message().queue_url(&side.work).message_body(&body);
            for (name, value) in attributes(letter) {
                send = send.message_attributes(name, value);
            }
            if letter.delayed {
                send = send.delay_seconds(LONG);
            }
            if letter.trace {
                let (name, value) = trace();
                send = send.message_system_attributes(name, value);
            }
            let answer = told(send.send().await).map(|answer| {
                assert_eq!(answer.message_id().unwrap().len(), 36);
                (answer.md5_of_message_body, answer.md5_of_message_attributes)
            });
            all.push(answer);
        }
        assert_eq!(all[0], all[1], "{letter:?}");
    }

    async fn send_batch(&mut self, letters: &[Letter]) {
        let bodies: Vec<String> = letters.iter().map(|letter| self.body(letter)).collect();
        let mut all = Vec::new();
        for side in &self.sides {
            let entries = letters.iter().zip(&bodies).enumerate().map(|(at, (letter, body))| {
                let attributes: Vec<_> = attributes(letter);
                let attributes = (!attributes.is_empty()).then(|| attributes.into_iter().collect());
                SendMessageBatchRequestEntry::builder()
                    .id(format!("e{at}"))
                    .message_body(body)
                    .set_message_attributes(attributes)
                    .set_delay_seconds(letter.delayed.then_some(LONG))
                    .build()
                    .unwrap()
            });
            let send = side.client.send_message_batch().queue_url(&side.work);
            let answer = told(send.set_entries(Some(entries.collect())).send().await).unwrap();
            let done = answer.successful.into_iter().map(|entry| {
                (entry.id, entry.md5_of_message_body, entry.md5_of_message_attributes)
            });
            let failed =
                answer.failed.into_iter().map(|entry| (entry.id, entry.code, entry.sender_fault));
            all.push((done.collect::<Vec<_>>(), failed.collect::<Vec<_>>()));
        }
        assert_eq!(all[0], all[1], "{letters:?}");
    }

    async fn receive(&mut self, dead: bool, most: i32, hide: bool, names: u8) {
        // The dead come in another order, so all of them are taken or none (`differences`).
        if dead && self.dead_to_see().await > MOST {
            return;
        }
        let most = if dead { MOST } else { most };
        // What is visible may be handed to somebody else or buried; its receipt is spent.
        self.held.retain(|held| held.hidden || held.dead != dead);
        let mut all: Vec<Vec<(Seen, String)>> = Vec::new();
        for side in &self.sides {
            let receive = side.client.receive_message().queue_url(side.url(dead));
            let mut receive = receive
                .max_number_of_messages(most)
                .visibility_timeout(if hide { LONG } else { 0 })
                .wait_time_seconds(0);
            if names & 1 == 1 {
                receive = receive.message_system_attribute_names(MessageSystemAttributeName::All);
            }
            if names & 2 == 2 {
                receive = receive.message_attribute_names("All");
            }
            let got = told(receive.send().await).unwrap();
            let got = got.messages.unwrap_or_default();
            let receipt = |at: usize| got[at].receipt_handle().unwrap().to_owned();
            let mut got: Vec<_> = (0..got.len()).map(|at| (seen(&got[at]), receipt(at))).collect();
            if dead {
                got.sort_by(|(one, _), (other, _)| one.body.cmp(&other.body));
            }
            all.push(got);
        }
        let (theirs, ours) = (all.pop().unwrap(), all.pop().unwrap());
        let plain = |side: &[(Seen, String)]| -> Vec<String> {
            side.iter().map(|(seen, _)| told_of(seen, dead)).collect()
        };
        assert_eq!(plain(&ours), plain(&theirs), "of the dead: {dead}");
        let pairs = ours.into_iter().zip(theirs);
        self.held.extend(pairs.map(|((_, ours), (_, theirs))| Held {
            dead,
            hidden: hide,
            receipts: [ours, theirs],
        }));
    }

    async fn delete(&mut self, at: usize) {
        if at >= self.held.len() {
            return;
        }
        let held = self.held.remove(at);
        for (side, receipt) in self.sides.iter().zip(&held.receipts) {
            let delete = side.client.delete_message().queue_url(side.url(held.dead));
            told(delete.receipt_handle(receipt).send().await).unwrap();
        }
    }

    /// Entries of one queue, each held message once, and one with a receipt that is none.
    fn batch(&self, at: &[usize]) -> Vec<usize> {
        let mut at: Vec<usize> = at.to_vec();
        at.sort_unstable();
        at.dedup();
        at.retain(|at| self.held.get(*at).is_some_and(|held| !held.dead));
        at
    }

    async fn delete_batch(&mut self, at: &[usize]) {
        let at = self.batch(at);
        let mut all = Vec::new();
        for (number, side) in self.sides.iter().enumerate() {
            let receipts = at.iter().map(|at| self.held[*at].receipts[number].clone());
            let entries =
                receipts.chain(["nonsense".to_owned()]).enumerate().map(|(at, receipt)| {
                    DeleteMessageBatchRequestEntry::builder()
                        .id(at.to_string())
                        .receipt_handle(receipt)
                        .build()
                        .unwrap()
                });
            let delete = side.client.delete_message_batch().queue_url(&side.work);
            let answer = told(delete.set_entries(Some(entries.collect())).send().await).unwrap();
            let done: Vec<String> = answer.successful.into_iter().map(|entry| entry.id).collect();
            let failed = answer.failed.into_iter();
            let failed = failed.map(|entry| (entry.id, entry.code, entry.sender_fault));
            all.push((done, failed.collect::<Vec<_>>()));
        }
        assert_eq!(all[0], all[1]);
        for at in at.into_iter().rev() {
            self.held.remove(at);
        }
    }

    async fn hide(&mut self, at: usize, hide: bool) {
        let Some(held) = self.held.get_mut(at).filter(|held| held.hidden) else { return };
        held.hidden = hide;
        for (side, receipt) in self.sides.iter().zip(&held.receipts) {
            let change = side.client.change_message_visibility().queue_url(side.url(held.dead));
            let change = change.receipt_handle(receipt);
            told(change.visibility_timeout(if hide { LONG } else { 0 }).send().await).unwrap();
        }
    }

    async fn hide_batch(&mut self, wanted: &[(usize, bool)]) {
        let at = self.batch(&wanted.iter().map(|(at, _)| *at).collect::<Vec<_>>());
        let at: Vec<usize> = at.into_iter().filter(|at| self.held[*at].hidden).collect();
        let Some((_, hide)) = wanted.first().filter(|_| !at.is_empty()) else { return };
        for (number, side) in self.sides.iter().enumerate() {
            let entries = at.iter().map(|at| {
                ChangeMessageVisibilityBatchRequestEntry::builder()
                    .id(at.to_string())
                    .receipt_handle(&self.held[*at].receipts[number])
                    .visibility_timeout(if *hide { LONG } else { 0 })
                    .build()
                    .unwrap()
            });
            let change = side.client.change_message_visibility_batch().queue_url(&side.work);
            let answer = told(change.set_entries(Some(entries.collect())).send().await).unwrap();
            assert_eq!((answer.successful.len(), answer.failed.len()), (at.len(), 0));
        }
        for at in at {
            self.held[at].hidden = *hide;
        }
    }

    /// How many dead ones a receive would find.
    async fn dead_to_see(&self) -> i32 {
        let [ours, _] = &self.sides;
        depth(ours, true).await[0].as_ref().unwrap().parse().unwrap()
    }

    async fn purge(&mut self, dead: bool) {
        for side in &self.sides {
            told(side.client.purge_queue().queue_url(side.url(dead)).send().await).unwrap();
        }
        self.held.retain(|held| held.dead != dead);
    }
}

/// What of a message must be equal; among the dead the count is a known difference.
fn told_of(seen: &Seen, dead: bool) -> String {
    let text = format!("{seen:?}");
    let count = seen.system.get("ApproximateReceiveCount").filter(|_| dead);
    count.map_or(text.clone(), |count| {
        text.replace(&format!("ReceiveCount\": \"{count}\""), "ReceiveCount\": \"\"")
    })
}

fn attributes(letter: &Letter) -> Vec<(String, MessageAttributeValue)> {
    let value = |kind: &str| MessageAttributeValue::builder().data_type(kind);
    let colour = || ("colour".to_owned(), value("String").string_value("rot ü").build().unwrap());
    let count = || ("Count.1".to_owned(), value("Number.int").string_value("17").build().unwrap());
    let raw = || {
        let bytes = Blob::new([0_u8, 255, 10]);
        ("raw".to_owned(), value("Binary").binary_value(bytes).build().unwrap())
    };
    match letter.attributes {
        0 => Vec::new(),
        1 => vec![colour()],
        2 => vec![count(), colour()],
        _ => vec![raw(), colour(), count()],
    }
}

fn trace() -> (MessageSystemAttributeNameForSends, MessageSystemAttributeValue) {
    let value = MessageSystemAttributeValue::builder()
        .data_type("String")
        .string_value("Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1");
    (MessageSystemAttributeNameForSends::AwsTraceHeader, value.build().unwrap())
}

#[expect(clippy::disallowed_methods, reason = "a test has no configuration to read it from")]
fn scripts() -> u32 {
    std::env::var(VARIABLE).map_or(SCRIPTS, |count| count.parse().unwrap())
}

#[test]
fn random_scripts_have_the_same_answers() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let Some(servers) = runtime.block_on(Servers::start()) else { return };
    let case = Cell::new(0);
    let steps = Cell::new(0);
    let config = Config { cases: scripts(), failure_persistence: None, ..Config::default() };
    let script = (1..5_u32, prop::collection::vec(step(), 5..30));
    let outcome = TestRunner::new(config).run(&script, |(receives, script)| {
        let name = format!("q{}", case.replace(case.get() + 1));
        runtime.block_on(async {
            let sides = servers.queues(&name, receives).await;
            let mut play = Play { sides, held: Vec::new(), sent: 0 };
            for step in &script {
                play.step(step).await;
            }
        });
        steps.set(steps.get() + script.len());
        Ok(())
    });
    match outcome {
        Ok(()) => println!("figures: queues: {} scripts, {} steps alike", case.get(), steps.get()),
        Err(TestError::Fail(why, script)) => panic!("{why}\n{script:#?}"),
        Err(TestError::Abort(why)) => panic!("{why}"),
    }
}
