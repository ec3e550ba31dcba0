//! Honest viewers by the number: a page that samples once a second and is honest, and a viewer who
//! jumps, changes the speed and lets the laptop sleep at any instant between two samples.
//!
//! Invariant: of what was really played no more than two seconds are lost for each of these events.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use interlock_watch::{Coverage, Interval, Segment};
use support::dice::{Dice, count};
use support::{World, beat, ms, segment};

const DURATION: u64 = 240_000;
/// How far a sample may be from what its speed allows before the page calls it a jump.
const JUMP: u64 = 1500;

/// What happens at an instant.
#[derive(Clone, Copy, Debug)]
enum Event {
    Jump(u64),
    Speed(u64),
    Sleep(u64),
}

struct Page {
    world: World,
    dice: Dice,
    // The page's clock; the player stands still while the laptop sleeps.
    clock: u64,
    position: u64,
    permille: u64,
    played: Coverage,
    // Where and when the last sample was taken.
    sampled: (u64, u64),
    flushed: u64,
    pending: Vec<Segment>,
    sequence: u64,
    arrived: u64,
}

impl Page {
    fn new(seed: u64) -> Self {
        Self {
            world: World::opened(&[DURATION]),
            dice: Dice::new(seed),
            clock: 0,
            position: 0,
            permille: 1000,
            played: Coverage::new(),
            sampled: (0, 0),
            flushed: 0,
            pending: vec![],
            sequence: 1,
            arrived: 0,
        }
    }

    // Plays up to an instant, sampling each second on the way.
    fn play_until(&mut self, instant: u64) {
        while self.clock < instant && self.position < DURATION {
            let next = (self.sampled.1 + 1000).max(self.clock).min(instant);
            let advance = (next - self.clock) * self.permille / 1000;
            let to = (self.position + advance).min(DURATION);
            self.played.insert(Interval::new(ms(self.position), ms(to)));
            (self.position, self.clock) = (to, next);
            if self.clock >= self.sampled.1 + 1000 || self.position == DURATION {
                self.sample();
            }
        }
    }

    fn sample(&mut self) {
        let (position, clock) = self.sampled;
        self.sampled = (self.position, self.clock);
        let expected = (self.clock - clock) * self.permille / 1000;
        let forward = self.position.saturating_sub(position);
        if self.position < position || forward.abs_diff(expected) > JUMP {
            return;
        }
        let speed = u32::try_from(self.permille).unwrap();
        self.pending.push(segment(position, self.position, speed));
        if self.clock >= self.flushed + 5000 {
            self.flush();
        }
    }

    // A message takes up to 400 ms and never overtakes the one before.
    fn flush(&mut self) {
        self.flushed = self.clock;
        self.sequence += 1;
        self.arrived = self.arrived.max(self.clock + self.dice.between(0, 400));
        self.world.now = i64::try_from(self.arrived).unwrap();
        let segments = std::mem::take(&mut self.pending);
        self.world.beat(0, &beat("w", self.sequence, segments, self.position)).unwrap();
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Jump(to) => self.position = to,
            Event::Speed(permille) => self.permille = permille,
            Event::Sleep(time) => self.clock += time,
        }
    }

    fn event(&mut self) -> Event {
        match self.dice.between(0, 3) {
            0 => Event::Jump(self.dice.between(0, DURATION)),
            1 => Event::Speed(self.dice.pick(&[250, 500, 750, 1000, 1250, 1500])),
            _ => Event::Sleep(self.dice.between(2000, 7_200_000)),
        }
    }

    fn lost(&self) -> u64 {
        self.played.without(&self.world.watch(0).coverage).length().get()
    }
}

// All of 100 000 in `cargo xtask nightly`; the number of a viewer is its seed.
#[test]
fn an_honest_viewer_loses_no_more_than_two_seconds_at_each_event() {
    let viewers = count("WATCH_VIEWERS", 1000);
    let mut worst = 0;
    for seed in 0..viewers {
        let mut page = Page::new(seed);
        let events = page.dice.between(0, 8);
        for _ in 0..events {
            let until = page.clock + page.dice.between(3000, 40_000);
            page.play_until(until);
            let event = page.event();
            page.happen(event);
        }
        page.play_until(u64::MAX / 4);
        page.flush();
        let lost = page.lost();
        assert!(lost <= 2000 * events, "viewer {seed} lost {lost} ms over {events} events");
        worst = worst.max(lost.checked_div(events).unwrap_or(0));
    }
    println!("{viewers} viewers, at most {worst} ms lost at an event on average");
}
