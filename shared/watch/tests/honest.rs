//! Honest viewers complete, whatever their player, network and laptop do to them.
//!
//! Invariant: nothing here claims more than was played; losses are those measured with a sampling
//! page, up to one and a half ticks at a seek or a change of rate.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod support;

use interlock_watch::{Millis, Segment};
use proptest::prelude::*;
use support::{World, beat, ms, segment};

/// A page that samples and reports every five seconds over a slow network.
struct Page {
    world: World,
    sequence: u64,
    position: u64,
    permille: u32,
    pending: Vec<Segment>,
    delays: Vec<i64>,
    // The page's own clock; the server's is later by the delay of each message.
    clock: i64,
    since_flush: i64,
}

impl Page {
    fn new(duration: u64, permille: u32, delays: &[i64]) -> Self {
        Self {
            world: World::opened(&[duration]),
            sequence: 1,
            position: 0,
            permille,
            pending: vec![],
            delays: delays.to_vec(),
            clock: 0,
            since_flush: 0,
        }
    }

    fn play_to(&mut self, end: u64) {
        while self.position < end {
            let step = i64::from(1000_u16).min(5000 - self.since_flush);
            let advance = u64::try_from(step).unwrap() * u64::from(self.permille) / 1000;
            let to = (self.position + advance).min(end);
            self.pending.push(segment(self.position, to, self.permille));
            self.position = to;
            self.clock += step;
            self.since_flush += step;
            if self.since_flush >= 5000 {
                self.flush();
            }
        }
        self.flush();
    }

    fn lose(&mut self, wall: u64) {
        self.position += wall * u64::from(self.permille) / 1000;
        self.clock += i64::try_from(wall).unwrap();
    }

    fn flush(&mut self) {
        self.sequence += 1;
        self.since_flush = 0;
        let index = usize::try_from(self.sequence).unwrap() % self.delays.len();
        self.world.now = self.world.now.max(self.clock + self.delays[index]);
        let segments = std::mem::take(&mut self.pending);
        self.world.beat(0, &beat("w", self.sequence, segments, self.position)).unwrap();
    }

    fn cut(&self) -> Millis {
        self.world.watch(0).tallies.cut
    }

    fn complete(&mut self) -> bool {
        let (watch, _) = interlock_watch::settle(self.world.watch(0).clone(), self.world.ground(0));
        watch.completed_at.is_some()
    }
}

const STEADY: [i64; 1] = [0];
const SHAKY: [i64; 7] = [40, 320, 90, 0, 250, 400, 15];

#[test]
fn every_permitted_speed_completes_without_a_cut() {
    for permille in [250, 500, 750, 1000, 1250, 1500] {
        let mut page = Page::new(600_000, permille, &STEADY);
        page.play_to(600_000);
        assert_eq!(page.cut(), ms(0), "{permille}");
        assert_eq!(page.world.watch(0).coverage.length(), ms(600_000), "{permille}");
        assert!(page.complete(), "{permille}");
    }
}

#[test]
fn a_shaky_network_costs_nothing() {
    for permille in [500, 1000, 1250, 1500] {
        let mut page = Page::new(600_000, permille, &SHAKY);
        page.play_to(600_000);
        assert_eq!(page.cut(), ms(0), "{permille}");
        page.world.now += 1000;
        assert!(page.complete(), "{permille}");
    }
}

#[test]
fn a_seek_back_and_a_change_of_rate_lose_no_more_than_a_sample_each() {
    for permille in [500, 1000, 1250, 1500] {
        let mut page = Page::new(600_000, permille, &SHAKY);
        page.play_to(200_000);
        page.permille = 1000;
        page.lose(1600);
        page.play_to(300_000);
        page.position = 450_000;
        page.lose(1600);
        page.play_to(600_000);
        assert!(!page.complete(), "half of it was skipped");
        page.position = 299_000;
        page.play_to(452_000);
        page.world.now += 1000;
        assert!(page.complete(), "{permille}");
        let missing = ms(600_000).minus(page.world.watch(0).coverage.length());
        assert!(missing <= ms(2400), "{permille} {missing:?}");
        assert_eq!(page.world.watch(0).tallies.seeks, 2);
    }
}

#[test]
fn a_sleeping_laptop_earns_nothing_and_loses_nothing() {
    let mut page = Page::new(600_000, 1000, &STEADY);
    page.play_to(303_000);
    page.clock += 3_600_000;
    page.play_to(600_000);
    assert_eq!(page.cut(), ms(0));
    assert!(page.complete());
}

#[test]
fn a_page_that_could_not_send_for_two_cadences_sends_it_all_later() {
    let mut page = Page::new(600_000, 1500, &STEADY);
    page.play_to(300_000);
    for tick in 0..15 {
        let from = 300_000 + tick * 1500;
        page.pending.push(segment(from, from + 1500, 1500));
    }
    page.position = 322_500;
    page.clock += 15_000;
    page.flush();
    assert_eq!(page.cut(), ms(0));
}

#[test]
fn twice_the_speed_is_credited_at_the_permitted_rate() {
    let mut page = Page::new(600_000, 2000, &STEADY);
    page.play_to(600_000);
    assert!(!page.complete());
    let covered = page.world.watch(0).coverage.length();
    assert!(covered >= ms(450_000) && covered <= ms(451_000), "{covered:?}");
}

proptest! {
    #![proptest_config(support::at_least(200))]

    #[test]
    fn an_honest_viewer_completes_in_one_pass(
        permille in prop::sample::select(vec![250_u32, 500, 750, 1000, 1250, 1500]),
        delays in prop::collection::vec(0..600_i64, 1..9),
        stops in prop::collection::vec((1..58_u64, 0..1600_u64, 0..60_000_i64), 0..8),
    ) {
        let mut page = Page::new(600_000, permille, &delays);
        let mut stops = stops;
        stops.sort_unstable();
        let events = u64::try_from(stops.len()).unwrap();
        for (at, lost, pause) in stops {
            page.play_to((at * 10_000).max(page.position));
            page.lose(lost);
            page.clock += pause;
        }
        page.play_to(600_000);
        page.world.now += 1000;
        let missing = ms(600_000).minus(page.world.watch(0).coverage.length());
        prop_assert!(missing <= ms(2400 * events), "{missing:?} over {events}");
        prop_assert!(page.complete());
    }
}
