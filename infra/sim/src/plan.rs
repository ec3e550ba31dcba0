//! What happens in a schedule, drawn from its seed before it begins; the rest is chance in its way.

use crate::dice::{Dice, nth};
use crate::faults::{Fault, Mix};
use crate::fixture::{KINDS, RESOURCES, waits};

/// Who does what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Act {
    /// A person reserves: person, kind, start, key.
    Reserve(u64, u64, u64, u64),
    /// A person asks for several machines at once.
    Burst(u64, u64),
    /// A holder cancels: which, key.
    Cancel(u64, u64),
    /// A holder moves: which, start, key.
    Move(u64, u64, u64),
    /// A manager cancels or moves: which, start.
    Staff(u64, u64),
    /// A manager says yes or no: which, key.
    Decide(u64, u64),
    /// A holder looks.
    Read(u64),
    /// The minute's sweep.
    Sweep,
    /// Reconciliation; whether in full.
    Reconcile(bool),
    /// Somebody books inside Cal.com: kind, start, whether on taken time, whose e-mail.
    AdminCreates(u64, u64, bool, u64),
    /// Somebody cancels inside Cal.com.
    AdminCancels(u64),
    /// Somebody moves inside Cal.com; whether onto taken time.
    AdminMoves(u64, u64, bool),
    /// Somebody edits an event type.
    EditType(u64, u64),
    /// Somebody deletes an event type.
    DeleteType(u64),
    /// A person is banned, or let in again.
    Ban(u64, bool),
    /// A person loses a checkout, or gets it again: person, machine.
    Checkout(u64, u64, bool),
    /// A machine is put out of use, or back in use.
    Machine(u64, bool),
    /// Cal.com is down for so many seconds.
    Outage(i64),
    /// An account's key is refused for so many seconds.
    KeySpell(u64, i64),
}

/// An act with its time, in microseconds after the beginning.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) lineage: u64,
    pub(crate) after: i64,
    pub(crate) act: Act,
}

/// A schedule to be played.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) seed: u64,
    pub(crate) acts: Vec<Planned>,
    pub(crate) mix: Mix,
    /// The faults that may happen, by their marks; `None` for all that chance brings.
    pub(crate) only: Option<std::collections::BTreeSet<u64>>,
}

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3600 * SECOND;

impl Plan {
    /// The plan of a seed with at most so many acts.
    pub fn drawn(seed: u64, most: u64) -> Self {
        let mut dice = Dice::new(seed);
        let mix = Mix::drawn(&mut dice);
        let count = 3 + dice.roll(most.saturating_sub(2).max(1));
        let mut acts = Vec::new();
        let mut after = 0;
        for _ in 0..count {
            after += gap(&mut dice);
            let act = act(&mut dice, acts.len());
            let next = sequel(&act, dice.number()).filter(|_| dice.happens(60));
            acts.push(Planned { lineage: dice.number(), after, act });
            if let Some(act) = next {
                after += gap(&mut dice);
                acts.push(Planned { lineage: dice.number(), after, act });
            }
        }
        Self { seed, acts, mix, only: None }
    }

    /// How many acts it has.
    pub fn size(&self) -> usize {
        self.acts.len()
    }

    /// With one kind of fault at least at its usual rate.
    pub(crate) fn with(self, fault: Fault) -> Self {
        Self { mix: self.mix.clone().with(fault), ..self }
    }
}

/// What follows most of the time: a loss is taken back, and who waits for a word gets it.
#[expect(clippy::wildcard_enum_match_arm, reason = "nothing else has a sequel")]
fn sequel(act: &Act, number: u64) -> Option<Act> {
    match act {
        Act::Reserve(_, kind, ..) if nth(&KINDS, *kind).is_some_and(|one| waits(one.resource)) => {
            Some(Act::Decide(number, number / 7))
        }
        Act::Ban(who, true) => Some(Act::Ban(*who, false)),
        Act::Checkout(who, machine, true) => Some(Act::Checkout(*who, *machine, false)),
        Act::Machine(which, true) => Some(Act::Machine(*which, false)),
        _ => None,
    }
}

/// What is made to come close upon every request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Race {
    /// The ban of a person.
    Ban,
    /// The loss of a checkout.
    Checkout,
    /// The end of a machine's use.
    Machine,
    /// A run of reconciliation, so that calls are short.
    Calls,
    /// A cancel, while deliveries come in.
    Cancel,
    /// The end of the machine's use, and then the loss of the checkout on it.
    Losses,
    /// A yes, and right upon it the ban of the one who waits for it.
    Word,
}

impl Plan {
    /// With something close upon every request, most of it within a fifth of a second.
    pub(crate) fn racing(mut self, race: Race) -> Self {
        let mut dice = Dice::new(self.seed ^ 0x7ace);
        let mut acts = Vec::new();
        for mut planned in self.acts {
            if race == Race::Losses {
                let lost = lost_after(&planned, &mut dice);
                acts.push(planned);
                acts.extend(lost);
                continue;
            }
            if race == Race::Word {
                acts.extend(waited_for(&mut planned, &mut dice));
                acts.push(planned);
                continue;
            }
            let close = match (&planned.act, race) {
                (Act::Reserve(who, ..), Race::Ban) => Some(Act::Ban(*who, true)),
                (Act::Move(..), Race::Ban) => Some(Act::Ban(dice.number(), true)),
                (Act::Reserve(who, ..), Race::Checkout) => {
                    Some(Act::Checkout(*who, dice.number(), true))
                }
                (Act::Reserve(..), Race::Machine) => Some(Act::Machine(dice.number(), true)),
                (Act::Reserve(..) | Act::Move(..) | Act::Cancel(..), Race::Calls) => {
                    Some(Act::Reconcile(true))
                }
                (Act::Reserve(..), Race::Cancel) => Some(Act::Cancel(dice.number(), 0)),
                (_, _) => None,
            };
            let most = if dice.happens(50) { 20_000 } else { 200_000 };
            let after = planned.after + i64::try_from(dice.roll(most)).unwrap_or(0);
            let lineage = dice.number();
            acts.push(planned);
            acts.extend(close.map(|act| Planned { lineage, after, act }));
        }
        acts.sort_by_key(|planned| planned.after);
        self.acts = acts;
        self
    }
}

/// Of a wish for a machine: it goes out of use a few seconds later, and the checkout is lost then.
fn lost_after(planned: &Planned, dice: &mut Dice) -> Vec<Planned> {
    let Act::Reserve(who, kind, ..) = &planned.act else { return Vec::new() };
    let Some(resource) = nth(&KINDS, *kind).map(|kind| kind.resource) else { return Vec::new() };
    let machines = RESOURCES.iter().filter(|one| one.starts_with("mch"));
    let place = |found: Option<usize>| found.and_then(|place| u64::try_from(place).ok());
    let among = place(machines.clone().position(|one| *one == resource));
    let of_all = place(RESOURCES.iter().position(|one| *one == resource));
    let (Some(machine), Some(which)) = (among, of_all) else { return Vec::new() };
    let close = planned.after + 3 * SECOND;
    let lost = close + i64::try_from(dice.roll(2_000_000)).unwrap_or(0);
    let acts = [(close, Act::Machine(which, true)), (lost, Act::Checkout(*who, machine, true))];
    acts.map(|(after, act)| Planned { lineage: dice.number(), after, act }).into()
}

/// Makes a wish one that waits for a yes, which comes a second later and the ban right upon it.
fn waited_for(planned: &mut Planned, dice: &mut Dice) -> Vec<Planned> {
    let Act::Reserve(who, kind, ..) = &mut planned.act else { return Vec::new() };
    let place = KINDS.iter().position(|kind| waits(kind.resource));
    *kind = place.and_then(|place| u64::try_from(place).ok()).unwrap_or(*kind);
    let word = planned.after + SECOND;
    let ban = word + i64::try_from(dice.roll(20_000)).unwrap_or(0);
    let acts = [(word, Act::Decide(dice.number(), 1)), (ban, Act::Ban(*who, true))];
    acts.map(|(after, act)| Planned { lineage: dice.number(), after, act }).into()
}

/// Time until the next act: mostly none or little, at times hours.
fn gap(dice: &mut Dice) -> i64 {
    let up_to = |dice: &mut Dice, most: i64| {
        i64::try_from(dice.roll(u64::try_from(most).unwrap_or(1))).unwrap_or(0)
    };
    match dice.roll(20) {
        0..=5 => up_to(dice, SECOND / 10),
        6..=11 => up_to(dice, 5 * SECOND),
        12..=14 => up_to(dice, 60 * SECOND),
        15..=17 => up_to(dice, 400 * SECOND),
        18 => up_to(dice, HOUR),
        _ => up_to(dice, 12 * HOUR),
    }
}

fn act(dice: &mut Dice, before: usize) -> Act {
    let n = dice.number();
    let (a, b, c) = (dice.number(), dice.number(), dice.number());
    // Something must be there before it is worth changing.
    if before < 2 {
        return Act::Reserve(a, b, c, n % 3);
    }
    let even = c.is_multiple_of(2);
    match n % 100 {
        0..=26 => Act::Reserve(a, b, c, (n / 100) % 3),
        27..=29 => Act::Decide(a, b),
        30..=33 => Act::Burst(a, b),
        34..=45 => Act::Cancel(a, (n / 100) % 3),
        46..=56 => Act::Move(a, b, (n / 100) % 3),
        57..=59 => Act::Staff(a, b),
        60..=61 => Act::Read(a),
        62..=66 => Act::Sweep,
        67..=70 => Act::Reconcile(even),
        71..=73 => Act::AdminCreates(a, b, even, c),
        74..=76 => Act::AdminCancels(a),
        77..=80 => Act::AdminMoves(a, b, even),
        81..=82 => Act::EditType(a, b),
        83 => Act::DeleteType(a),
        84..=87 => Act::Ban(a, even),
        88..=90 => Act::Checkout(a, b, even),
        91..=93 => Act::Machine(a, even),
        94..=96 => Act::Outage(i64::try_from(b % 1200).unwrap_or(0) * SECOND),
        _ => Act::KeySpell(a, i64::try_from(b % 300).unwrap_or(0) * SECOND),
    }
}
