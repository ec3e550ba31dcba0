//! The tests run with one mutant on, until one fails.

use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::compile::Program;
use super::ledger::Outcome;
use super::list::Mutant;
use crate::steps;

/// Says which mutant is on.
pub(super) const SWITCH: &str = "INTERLOCK_MUTANT";
/// Few cases of everything random, the same for each mutant.
const COUNTS: [(&str, &str); 8] = [
    ("POLICY_CASES", "3000"),
    ("POLICY_PROPERTIES", "24"),
    ("POLICY_DOCUMENTS", "4000"),
    ("PROPTEST_CASES", "64"),
    ("PROPTEST_RNG_SEED", steps::SEED),
    // A failure that is kept would be played to the mutants after it.
    ("PROPTEST_DISABLE_FAILURE_PERSISTENCE", "1"),
    ("WATCH_CASES", "10000"),
    ("WATCH_SEQUENCES", "4000"),
];
/// What a trial may take beside many times its usual time.
const LEAST: Duration = Duration::from_secs(20);
/// What a trial may have of memory, in kilobytes; an endless loop often fills a list.
const MEMORY: &str = "ulimit -v 4194304; exec \"$0\" --quiet";
/// What a program is taken to need of which nothing is known.
const UNKNOWN: Duration = Duration::from_secs(6);
const PAUSE: Duration = Duration::from_millis(2);

/// The test programs, the fastest first, with the time each takes with nothing on.
pub(super) struct Suites(Vec<(Program, Duration)>);

impl Suites {
    /// Runs all once. Errors: a test that fails with no mutant on.
    pub(super) fn measured(programs: Vec<Program>) -> Result<Self, String> {
        let mut measured = Vec::new();
        for program in programs {
            let started = Instant::now();
            match ended(&program, None, Duration::from_mins(10))? {
                Some(true) => measured.push((program, started.elapsed())),
                Some(false) | None => {
                    return Err(format!("{} fails with no mutant on", program.path.display()));
                }
            }
        }
        measured.sort_by_key(|(_, time)| *time);
        Ok(Self(measured))
    }

    /// Programs of which nothing is known.
    pub(super) fn unmeasured(programs: Vec<Program>) -> Self {
        Self(programs.into_iter().map(|program| (program, UNKNOWN)).collect())
    }

    /// Runs those of the package of a mutant.
    pub(super) fn try_one(
        &self,
        mutant: &Mutant,
        number: Option<usize>,
    ) -> Result<Outcome, String> {
        for (program, usual) in self.0.iter().filter(|(one, _)| one.package == mutant.package) {
            let patience = LEAST.max(usual.saturating_mul(20));
            match ended(program, number, patience)? {
                Some(true) => {}
                Some(false) => return Ok(Outcome::Caught),
                None => return Ok(Outcome::Late),
            }
        }
        Ok(Outcome::Survived)
    }
}

/// Whether it passed; nothing if it did not end in time.
fn ended(
    program: &Program,
    number: Option<usize>,
    patience: Duration,
) -> Result<Option<bool>, String> {
    let mut command = Command::new("sh");
    command.args(["-c", MEMORY]).arg(&program.path).current_dir(&program.folder);
    command.envs(COUNTS).stdout(Stdio::null()).stderr(Stdio::null());
    if let Some(number) = number {
        command.env(SWITCH, number.to_string());
    }
    let mut child = command.spawn().map_err(|error| format!("sh does not start: {error}"))?;
    awaited(&mut child, patience).map_err(|error| error.to_string())
}

fn awaited(child: &mut Child, patience: Duration) -> std::io::Result<Option<bool>> {
    let started = Instant::now();
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status.success()));
        }
        if started.elapsed() > patience {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        sleep(PAUSE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_end_in_time_is_ended() {
        let started = |word| Command::new("sh").args(["-c", word]).spawn().unwrap();
        let wait = |word| awaited(&mut started(word), Duration::from_millis(500)).unwrap();
        assert_eq!(wait("exit 0"), Some(true));
        assert_eq!(wait("exit 3"), Some(false));
        assert_eq!(wait("exec sleep 30"), None);
    }
}
