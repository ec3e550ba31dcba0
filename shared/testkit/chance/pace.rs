//! How many rounds are played, and what the dearest of them took.
//!
//! Time is that of this thread on a processor and never a clock's, so that a busy machine fails
//! nobody; where the system does not tell it, the least number of rounds is played unmeasured.

use std::time::Duration;

use super::dice::count;

/// Most one input may take on a processor, in what is deployed; code that was not optimised takes
/// several times as long.
const LIMIT: Duration = Duration::from_millis(if cfg!(debug_assertions) { 500 } else { 100 });
/// How often an input that took longer is played before it counts: what else the system did in
/// the name of this thread does not come back.
const TRIES: u32 = 3;
/// Seconds on a processor for each target.
const SECONDS: &str = "INTERLOCK_FUZZ_SECONDS";
/// The same with a change.
const USUAL: u64 = 20;
/// The first round, so that one night need not repeat another.
const FIRST: &str = "INTERLOCK_FUZZ_FIRST";
/// The only round.
const ONLY: &str = "INTERLOCK_FUZZ_ROUND";
/// Stands for every round.
const ALL: u64 = u64::MAX;

/// Time of this thread on a processor so far.
pub(crate) fn spent() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = text.split(' ').next().and_then(|word| word.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

/// Plays rounds of a target, at least so many; a round answers what handling its input took.
pub(crate) async fn play(target: &str, least: u64, mut round: impl AsyncFnMut(u64) -> Duration) {
    let (first, only) = (count(FIRST, 0), count(ONLY, ALL));
    let first = if only == ALL { first } else { only };
    let began = spent();
    let seconds = if began.is_zero() { 0 } else { count(SECONDS, USUAL) };
    let (mut number, mut slowest) = (first, (Duration::ZERO, first));
    loop {
        let told = Told { target, number };
        let mut took = round(number).await;
        for _ in 1..TRIES {
            took = if took > LIMIT { took.min(round(number).await) } else { took };
        }
        assert!(took <= LIMIT, "an input took {took:?}");
        std::mem::forget(told);
        slowest = slowest.max((took, number));
        number += 1;
        let enough = number - first >= least
            && spent().saturating_sub(began) >= Duration::from_secs(seconds);
        if only != ALL || enough {
            break;
        }
    }
    let (played, time) = (number - first, spent().saturating_sub(began).as_millis());
    let rate = u128::from(played) * 1000 / time.max(1);
    let (most, of) = (slowest.0.as_secs_f64() * 1000.0, slowest.1);
    println!(
        "figures: {target}: {played} inputs, {rate} a second of a processor, \
         the slowest {most:.1} ms (round {of})"
    );
}

/// Says how to play a round again if it fails.
struct Told<'a> {
    target: &'a str,
    number: u64,
}

impl Drop for Told<'_> {
    fn drop(&mut self) {
        let Self { target, number } = self;
        println!("{target}: {ONLY}={number} plays this input alone");
    }
}
