//! The command line.

use std::process::ExitCode;

use clap::Parser;

use crate::defects::Defect;
use crate::report::Batch;
use crate::shrink::shrunk;

/// Plays the production use cases in simulated schedules and checks every promise.
#[derive(Debug, Parser)]
#[command(name = "cargo sim")]
struct Arguments {
    /// How many schedules; with `--defects`, at most so many for each.
    #[arg(long, default_value_t = 20_000)]
    schedules: u64,
    /// First seed; the others follow it.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Threads; all cores if not said.
    #[arg(long)]
    threads: Option<usize>,
    /// Most acts of a schedule.
    #[arg(long, default_value_t = 9)]
    steps: u64,
    /// Fails if a kind of fault is hit fewer than once in a hundred schedules.
    #[arg(long)]
    coverage: bool,
    /// Shows that each seeded defect is caught.
    #[arg(long)]
    defects: bool,
    /// With `--defects`: faults as usual instead of those by which a defect is found.
    #[arg(long)]
    unbiased: bool,
    /// Only this defect; without `--defects` its first failure is shown in full.
    #[arg(long)]
    defect: Option<String>,
}

/// Runs the command.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let named = arguments.defect.as_deref().map(|name| (name, Defect::named(name)));
    if let Some((name, None)) = named {
        eprintln!("no defect is called `{name}`");
        return ExitCode::FAILURE;
    }
    let defect = named.and_then(|(_, defect)| defect);
    if arguments.defects { bank(&arguments, defect) } else { schedules(&arguments, defect) }
}

fn batch(arguments: &Arguments, defect: Option<Defect>) -> Batch {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    Batch {
        seed: arguments.seed,
        schedules: arguments.schedules,
        acts: arguments.steps,
        threads: arguments.threads.unwrap_or(cores),
        defect,
        biased: !arguments.unbiased,
    }
}

fn schedules(arguments: &Arguments, defect: Option<Defect>) -> ExitCode {
    let batch = batch(arguments, defect);
    let tally = batch.run();
    tally.coverage();
    let rare = if arguments.coverage { tally.rare(arguments.schedules) } else { Vec::new() };
    for word in &rare {
        println!("too rare: {word}");
    }
    if let Some((seed, _)) = tally.failures.first_key_value() {
        tell(&batch, *seed);
        let promises: Vec<String> = tally
            .failures
            .iter()
            .take(40)
            .map(|(seed, promise)| format!("{seed}:{promise}"))
            .collect();
        println!("failed seeds: {}", promises.join(" "));
    }
    let (schedules, violations) = (arguments.schedules, tally.failures.len());
    // Equal digests: the same seeds played the same.
    println!("digest={:016x}", tally.digest);
    println!("sim: schedules={schedules} steps={} violations={violations}", tally.steps);
    if violations == 0 && rare.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Shows a failure: as it was found, and made small.
fn tell(batch: &Batch, seed: u64) {
    let (plan, outcome) = shrunk(&batch.plan(seed), batch.defect);
    let broken = outcome.violation.map(|broken| format!("{}: {}", broken.promise, broken.detail));
    println!("seed {seed} breaks {}", broken.unwrap_or_default());
    println!("again with: cargo sim --seed {seed} --schedules 1 --steps {}", batch.acts);
    println!("shrunk to {} acts:", plan.acts.len());
    for line in outcome.story {
        println!("  {line}");
    }
}

fn bank(arguments: &Arguments, only: Option<Defect>) -> ExitCode {
    let defects = Defect::ALL.iter().filter(|one| only.is_none_or(|only| only == **one));
    let (mut caught, mut all) = (0, 0);
    for defect in defects {
        all += 1;
        let tally = batch(arguments, Some(*defect)).run();
        match tally.failures.first_key_value() {
            Some((seed, promise)) => {
                caught += 1;
                let count = seed - arguments.seed + 1;
                println!("defect {} promise={promise} caught_after={count}", defect.name());
            }
            None => println!("defect {} ESCAPED after {}", defect.name(), arguments.schedules),
        }
    }
    println!("defects: caught={caught} of {all}");
    if caught == all { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
