//! Many sequences of a client that wants credit it has not earned (R22), each of one kind of attack
//! or of all together.
//!
//! Invariant: over every stretch of time credit is at most the server's time at the permitted rate
//! and one grace; nothing is covered that was not claimed, nor more than was credited; completing
//! takes what is covered at that rate. The number of a sequence is its seed.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use interlock_watch::{Beat, BeatError, Millis, Rate, Segment};
use support::dice::{Dice, count};
use support::{World, beat, ms};

const DURATIONS: [u64; 3] = [20_000, 60_000, 7000];
const TABS: usize = 10;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Attack {
    /// Even beats that each claim more than has passed.
    Scripted,
    /// Old messages again, with more in them.
    Replays,
    /// More tabs than may be open, all playing at once.
    Tabs,
    /// Sixteen times the speed.
    Fast,
    /// A short piece here and there.
    Jumps,
    /// The server's clock turned back and forth, the page's own at random.
    Clock,
    /// Three modules at the same time.
    Modules,
}

const ATTACKS: [Attack; 7] = [
    Attack::Scripted,
    Attack::Replays,
    Attack::Tabs,
    Attack::Fast,
    Attack::Jumps,
    Attack::Clock,
    Attack::Modules,
];

struct Run {
    dice: Dice,
    world: World,
    // Highest sequence by module and tab; none where the tab was never opened.
    sequences: [[Option<u64>; TABS]; 3],
    reached: u64,
    last: Option<(usize, Beat)>,
    furthest: i64,
    // What was credited so far, less what time allows, in thousandths; and the least it ever was.
    ahead: i64,
    least_ahead: i64,
    worst: i64,
    claimed: [Vec<(u64, u64)>; 3],
    credited: u64,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut run = Self {
            dice: Dice::new(seed),
            world: World::new(&DURATIONS),
            sequences: [[None; TABS]; 3],
            reached: 0,
            last: None,
            furthest: i64::MIN,
            ahead: 0,
            least_ahead: i64::MAX,
            worst: i64::MIN,
            claimed: [vec![], vec![], vec![]],
            credited: 0,
        };
        run.open(0, 0);
        run
    }

    fn play(mut self, attacks: &[Attack]) -> Self {
        for _ in 0..self.dice.between(10, 60) {
            let attack = self.dice.pick(attacks);
            self.step(attack);
        }
        self
    }

    fn step(&mut self, attack: Attack) {
        self.world.now += self.wait(attack);
        if attack == Attack::Replays && self.dice.one_in(2) {
            self.replay();
            return;
        }
        let modules = attack == Attack::Modules;
        let module = if modules { usize::try_from(self.dice.between(0, 3)).unwrap() } else { 1 };
        let tabs = if attack == Attack::Tabs { TABS as u64 } else { 2 };
        let tab = self.dice.between(0, tabs);
        if self.sequence(module, tab).is_none() || self.dice.one_in(40) {
            self.open(module, tab);
            return;
        }
        let segments = self.claims(attack);
        let sequence = self.sequence(module, tab).unwrap() + self.dice.between(0, 3);
        let position = segments.last().map_or(0, |last| last.to.get());
        let mut message = beat(&format!("t{tab}"), sequence, segments, position);
        message.visible = self.dice.one_in(2);
        self.send(module, tab, &message);
        self.last = Some((module, message));
    }

    fn wait(&mut self, attack: Attack) -> i64 {
        let clock = attack == Attack::Clock;
        if clock && self.dice.one_in(3) {
            return -i64::try_from(self.dice.between(0, 20_000)).unwrap();
        }
        let wait = if attack == Attack::Scripted {
            5000
        } else if clock && self.dice.one_in(4) {
            self.dice.between(14_000, 4_000_000)
        } else if self.dice.one_in(5) {
            self.dice.between(0, 17_000)
        } else {
            self.dice.between(0, 5000)
        };
        i64::try_from(wait).unwrap()
    }

    fn claims(&mut self, attack: Attack) -> Vec<Segment> {
        let single = matches!(attack, Attack::Scripted | Attack::Fast);
        let count = if single { 1 } else { self.dice.between(1, 4) };
        (0..count).map(|_| self.claim(attack)).collect()
    }

    fn claim(&mut self, attack: Attack) -> Segment {
        let length = if attack == Attack::Jumps {
            self.dice.between(0, 3500)
        } else if attack == Attack::Scripted {
            5000 * self.dice.between(1, 4)
        } else {
            self.dice.between(0, 80_000)
        };
        let anywhere = matches!(attack, Attack::Jumps | Attack::Clock | Attack::Tabs);
        let from = if anywhere { self.dice.between(0, 65_000) } else { self.reached % 60_000 };
        let rate = if attack == Attack::Fast {
            16_000
        } else {
            self.dice.pick(&[1, 250, 1000, 1499, 1500, 1501, 2000, 16_000, 100_000])
        };
        self.reached = from + length;
        let wall = ms(self.dice.between(0, 100_000));
        Segment { from: ms(from), to: ms(from + length), rate: Rate::from_permille(rate), wall }
    }

    fn replay(&mut self) {
        let Some((module, mut message)) = self.last.clone() else { return };
        for segment in &mut message.segments {
            segment.to = segment.to.plus(ms(30_000));
        }
        message.sequence = message.sequence.saturating_sub(self.dice.between(0, 3));
        let tab = message.session_id.trim_start_matches('t').parse().unwrap();
        self.send(module, tab, &message);
    }

    fn sequence(&self, module: usize, tab: u64) -> Option<u64> {
        self.sequences[module][usize::try_from(tab).unwrap()]
    }

    fn send(&mut self, module: usize, tab: u64, message: &Beat) {
        match self.world.beat(module, message) {
            Ok(outcome) if outcome.changed() => {
                let pairs = message.segments.iter().map(|part| (part.from.get(), part.to.get()));
                self.claimed[module].extend(pairs);
                let known = &mut self.sequences[module][usize::try_from(tab).unwrap()];
                *known = Some(known.unwrap_or(0).max(message.sequence));
                self.note(outcome.counted.accepted);
                self.look_at_completion(module, outcome.completed_now());
            }
            Ok(_) => {}
            Err(BeatError::UnknownSession { .. }) => {
                self.sequences[module][usize::try_from(tab).unwrap()] = None;
            }
            Err(error) => panic!("{error}"),
        }
    }

    fn open(&mut self, module: usize, tab: u64) {
        let message = beat(&format!("t{tab}"), 1, vec![], 0);
        let outcome = self.world.open(module, &message).unwrap();
        if outcome.changed() {
            self.sequences[module][usize::try_from(tab).unwrap()] = Some(1);
            self.note(outcome.counted.accepted);
        }
    }

    // Credit over a stretch is what it came to at its end, less the least it was at any start.
    fn note(&mut self, accepted: Millis) {
        let before = self.furthest;
        self.furthest = self.furthest.max(self.world.now);
        if before != i64::MIN {
            self.ahead -= (self.furthest - before) * 1500;
        }
        self.ahead += i64::try_from(accepted.get()).unwrap() * 1000;
        self.credited += accepted.get();
        if self.least_ahead != i64::MAX {
            self.worst = self.worst.max(self.ahead - self.least_ahead);
        }
        self.least_ahead = self.least_ahead.min(self.ahead);
    }

    fn look_at_completion(&self, module: usize, now: bool) {
        if !now {
            return;
        }
        let watch = self.world.watch(module);
        let took = Millis::between(watch.first_opened_at, watch.completed_at.unwrap());
        let covered = watch.coverage.length();
        assert!(took >= Rate::from_permille(1500).time_for(covered), "{took:?} for {covered:?}");
        assert!(covered.times(10) >= ms(DURATIONS[module]).times(9));
    }

    fn look_at_coverage(&mut self) {
        let mut covered = 0;
        for (module, duration) in DURATIONS.into_iter().enumerate() {
            let Some(watch) = &self.world.watches[module] else { continue };
            let claims = joined(&mut self.claimed[module]);
            for part in watch.coverage.intervals() {
                let (from, to) = (part.from().get(), part.to().get());
                let claimed = claims.iter().any(|(start, end)| *start <= from && to <= *end);
                assert!(claimed, "{from}..{to} was never claimed");
                assert!(to <= duration, "{to} lies beyond the module");
            }
            covered += watch.coverage.length().get();
        }
        assert!(covered <= self.credited, "{covered} covered, {} credited", self.credited);
    }
}

fn joined(claims: &mut [(u64, u64)]) -> Vec<(u64, u64)> {
    claims.sort_unstable();
    let mut joined: Vec<(u64, u64)> = vec![];
    for (from, to) in claims.iter().copied() {
        match joined.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => joined.push((from, to)),
        }
    }
    joined
}

// All of 1 000 000 in `cargo xtask nightly`.
#[test]
fn no_hostile_sequence_is_credited_more_than_the_clock_allows() {
    let sequences = count("WATCH_SEQUENCES", 4000);
    let (mut worst, mut completed, mut credited) = ([i64::MIN; 8], 0_u64, 0_u64);
    for seed in 0..sequences {
        let kind = usize::try_from(seed % 8).unwrap();
        let attacks = if kind == 7 { &ATTACKS[..] } else { &ATTACKS[kind..=kind] };
        let mut run = Run::new(seed).play(attacks);
        assert!(run.worst <= 1_000_000, "sequence {seed} of {attacks:?}: {} too much", run.worst);
        run.look_at_coverage();
        worst[kind] = worst[kind].max(run.worst);
        credited += run.credited;
        let done = run.world.watches.iter().flatten();
        completed += done.filter(|watch| watch.completed_at.is_some()).count() as u64;
    }
    println!("{sequences} sequences, {credited} ms credited, {completed} modules completed");
    println!("most above time at the rate, by attack, in microseconds: {worst:?}");
    assert!(worst.iter().all(|most| *most > 900_000), "the bound was never approached: {worst:?}");
}
