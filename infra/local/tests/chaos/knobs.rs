//! The variables by which the longer runs ask for more; the only place that reads them.

/// Rounds of each race.
pub(crate) const RACE_ROUNDS: &str = "INTERLOCK_RACE_ROUNDS";

/// Rounds of kills.
pub(crate) const KILL_ROUNDS: &str = "INTERLOCK_KILL_ROUNDS";
/// What decides the choices of the rounds of kills.
pub(crate) const KILL_SEED: &str = "INTERLOCK_KILL_SEED";
/// Restores of the running table.
pub(crate) const STACK_RESTORES: &str = "INTERLOCK_STACK_RESTORES";

/// The number in a variable, or what a change waits for.
pub(crate) fn number(name: &str, otherwise: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a test's own knob")]
    let text = std::env::var(name);
    text.ok().map_or(otherwise, |text| text.parse().expect("a knob must be a number"))
}

/// The rounds of a run; of many, each tenth part is told to whoever waits.
pub(crate) fn rounds(what: &'static str, count: u64) -> impl Iterator<Item = u64> {
    let part = (count / 10).max(10);
    (0..count).inspect(move |round| {
        if *round > 0 && round.is_multiple_of(part) {
            eprintln!("{what}: {round} of {count}");
        }
    })
}
