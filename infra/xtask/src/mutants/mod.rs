//! Mutants of the gate and of watching, each of which must make a test fail.
//!
//! cargo-mutants says which mutants there are, so that nobody chose them; it would build them one
//! after another for days. Here all that can be are compiled into one copy of the sources, each
//! behind a switch, and the tests run once for each. What cannot be switched is built alone.

mod alone;
mod compile;
mod copy;
mod ledger;
mod list;
mod places;
mod switch;
mod trial;

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use clap::Args;

use crate::tree::Tree;
use ledger::{Ledger, Outcome};
use list::Mutant;
use trial::Suites;

/// The packages whose code is changed, and where they lie.
const PACKAGES: [(&str, &str); 2] =
    [("interlock-policy", "shared/policy"), ("interlock-watch", "shared/watch")];
/// Everything that is made here.
const FOLDER: &str = "target/mutants";

/// Which mutants.
#[derive(Args)]
pub(crate) struct Options {
    /// Only those whose name contains this; may be given more than once
    #[arg(long, value_name = "TEXT")]
    matching: Vec<String>,
    /// Trials at once
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Try all again, also what the last run found out about the same sources
    #[arg(long)]
    again: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { matching: Vec::new(), jobs: 2, again: false }
    }
}

/// One run.
struct Run<'a> {
    tree: &'a Tree,
    mutants: &'a [Mutant],
    ledger: Ledger,
    jobs: usize,
}

/// Tries every mutant that is not yet decided. Errors: survivors, by name.
pub(crate) fn run(options: &Options) -> Result<Vec<String>, String> {
    let tree = Tree::here();
    let (mut mutants, excluded) = list::all(&tree)?;
    let wanted = |mutant: &Mutant| options.matching.iter().any(|part| mutant.name.contains(part));
    mutants.retain(|mutant| options.matching.is_empty() || wanted(mutant));
    let ledger = Ledger::open(&tree, options.again)?;
    let run = Run { tree: &tree, mutants: &mutants, ledger, jobs: options.jobs.max(1) };
    run.try_all()?;
    run.told(excluded)
}

impl Run<'_> {
    fn try_all(&self) -> Result<(), String> {
        let pending = self.pending();
        println!("mutants: {} listed, {} to be tried", self.mutants.len(), pending.len());
        if pending.is_empty() {
            return Ok(());
        }
        let switched = switch::Switched::written(self.tree, self.mutants)?;
        let (behind, apart): (Vec<usize>, Vec<usize>) =
            pending.into_iter().partition(|number| !switched.aside.contains(number));
        thread::scope(|scope| {
            let alone = scope.spawn(|| self.try_alone(&apart));
            let together = if behind.is_empty() {
                Ok(())
            } else {
                switched.suites().and_then(|suites| self.try_switched(&suites, &behind))
            };
            together.and(alone.join().unwrap_or_else(|_| Err("a trial broke".to_owned())))
        })
    }

    fn try_alone(&self, numbers: &[usize]) -> Result<(), String> {
        if numbers.is_empty() {
            return Ok(());
        }
        println!("mutants: {} cannot be switched", numbers.len());
        let workshop = alone::Workshop::new(self.tree)?;
        let mutants: Vec<_> = numbers
            .iter()
            .filter_map(|number| self.mutants.get(*number).map(|mutant| (*number, mutant)))
            .collect();
        let unviable = workshop.unviable(&mutants)?;
        let (unviable, viable): (Vec<_>, Vec<_>) =
            mutants.into_iter().partition(|(number, _)| unviable.contains(number));
        for (_, mutant) in unviable {
            self.ledger.note(mutant, Outcome::Unviable)?;
        }
        println!("mutants: {} are built alone", viable.len());
        for (count, (_, mutant)) in viable.iter().enumerate() {
            self.noted(mutant, workshop.try_one(mutant)?, (count, viable.len()))?;
        }
        Ok(())
    }

    fn pending(&self) -> Vec<usize> {
        let undecided = |(_, mutant): &(usize, &Mutant)| self.ledger.outcome(mutant).is_none();
        self.mutants.iter().enumerate().filter(undecided).map(|(number, _)| number).collect()
    }

    fn try_switched(&self, suites: &Suites, numbers: &[usize]) -> Result<(), String> {
        let next = AtomicUsize::new(0);
        let work = || -> Result<(), String> {
            loop {
                let count = next.fetch_add(1, Ordering::Relaxed);
                let Some(number) = numbers.get(count) else { return Ok(()) };
                let Some(mutant) = self.mutants.get(*number) else { return Ok(()) };
                let outcome = suites.try_one(mutant, Some(*number))?;
                self.noted(mutant, outcome, (count, numbers.len()))?;
            }
        };
        thread::scope(|scope| {
            let workers: Vec<_> = (0..self.jobs).map(|_| scope.spawn(work)).collect();
            let mut ended = workers.into_iter().map(thread::ScopedJoinHandle::join);
            ended.try_for_each(|end| end.unwrap_or_else(|_| Err("a trial broke".to_owned())))
        })
    }

    fn noted(
        &self,
        mutant: &Mutant,
        outcome: Outcome,
        (count, all): (usize, usize),
    ) -> Result<(), String> {
        if outcome == Outcome::Survived {
            println!("survived: {}", mutant.name);
        }
        if count % 50 == 49 {
            println!("mutants: {} of {all} tried", count + 1);
        }
        self.ledger.note(mutant, outcome)
    }

    fn told(&self, excluded: usize) -> Result<Vec<String>, String> {
        let count = |wanted: Outcome| {
            let of = |mutant: &&Mutant| self.ledger.outcome(mutant) == Some(wanted);
            self.mutants.iter().filter(of).count()
        };
        let [caught, late, unviable] =
            [Outcome::Caught, Outcome::Late, Outcome::Unviable].map(count);
        let survived = count(Outcome::Survived);
        let figures = format!(
            "figures: {} mutants and {excluded} excluded; {unviable} do not compile; of {} viable \
             {} caught, {late} of them by their time, {survived} survived",
            self.mutants.len(),
            caught + late + survived,
            caught + late,
        );
        println!("{figures}");
        if survived == 0 {
            return Ok(vec![figures]);
        }
        let living = |mutant: &&Mutant| self.ledger.outcome(mutant) == Some(Outcome::Survived);
        let names = self.mutants.iter().filter(living).map(|mutant| mutant.name.clone());
        Err(format!("{figures}\n{}", names.collect::<Vec<_>>().join("\n")))
    }
}

/// A folder of ours.
fn folder(tree: &Tree, name: &str) -> PathBuf {
    tree.root().join(FOLDER).join(name)
}
