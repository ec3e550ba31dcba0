//! The variables by which the longer runs ask for more; the only place that reads them.

/// Rounds of each race.
pub(crate) const RACE_ROUNDS: &str = "INTERLOCK_RACE_ROUNDS";

/// The number in a variable, or what a change waits for.
pub(crate) fn number(name: &str, otherwise: u64) -> u64 {
    #[expect(clippy::disallowed_methods, reason = "a test's own knob")]
    let text = std::env::var(name);
    text.ok().map_or(otherwise, |text| text.parse().expect("a knob must be a number"))
}
