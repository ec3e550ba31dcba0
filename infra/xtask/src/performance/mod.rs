//! How fast a function starts and answers, beside one written in Node, in the same run.
//!
//! Both are processes against the same stub of the Runtime API, in turn, so that what else the
//! machine does meets both. The figures are those of this machine; the ratio travels better.

mod every;
mod process;
mod stub;

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;

use process::Process;

use crate::tree::Tree;

/// The page with what was measured last.
const PAGE: &str = "docs/PERFORMANCE.md";
/// The Node side.
const PEER: &str = "infra/bench/node/peer.mjs";
/// How many times sooner ours must be ready than its peer.
const RATIO: f64 = 15.0;
/// What the table of calls begins with.
const CALLS: &str = "|---|---|---|---|---|\n";

#[derive(Debug, Clone, Args)]
pub(crate) struct Options {
    /// Folder with the built functions
    #[arg(long, default_value = "target/lambda")]
    programs: PathBuf,
    /// Folder that holds `node_modules` with the SDK for the peer; without it the peer has none
    #[arg(long, value_name = "FOLDER")]
    node_sdk: Option<PathBuf>,
    /// Starts of each side
    #[arg(long, default_value_t = 20)]
    starts: u32,
    /// Warm calls after each start
    #[arg(long, default_value_t = 50)]
    calls: u32,
    /// Start every function that is built, and hold each to the ratio
    #[arg(long)]
    every: bool,
    /// Put the figures into the page
    #[arg(long)]
    write: bool,
}

/// Times of one start, in milliseconds, and the most memory it took, in MiB.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
struct Figures {
    init: f64,
    first: f64,
    warm: f64,
    memory: f64,
}

/// Measures and tells. Errors: a side that does not start, or a ratio below the promise.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let tree = Tree::here();
    let mut rows = Vec::new();
    let mut slow = Vec::new();
    for name in ["health", "auth-me"] {
        let program = tree.root().join(&options.programs).join(name).join("bootstrap");
        if !program.is_file() {
            let hint = "cargo xtask build health auth-me";
            return Err(format!("{} is not there: {hint}", program.display()));
        }
        let event = tree.read(&format!("events/{name}.json")).unwrap_or_default();
        let (ours, peer) = both(&tree, options, &program, &event)?;
        let ratio = peer.init / ours.init;
        if ratio < RATIO {
            slow.push(format!("{name}: {ratio:.1}"));
        }
        rows.push(row(name, &ours));
        rows.push(row(&format!("{name}, Node"), &peer));
        rows.push(format!("| ratio of starts | {ratio:.1} | | | |"));
    }
    told(&tree, options, CALLS, &rows)?;
    if options.every {
        let starts = every::measured(&tree, options)?;
        told(&tree, options, every::TABLE, &every::rows(&starts))?;
        slow.extend(every::slow(&starts));
    }
    if slow.is_empty() {
        return Ok(());
    }
    Err(format!("ready less than {RATIO} times as soon as its peer: {}", slow.join(", ")))
}

/// Prints rows and puts them into the page, if that is wanted.
fn told(tree: &Tree, options: &Options, table: &str, rows: &[String]) -> Result<(), String> {
    let rows = rows.join("\n") + "\n";
    print!("{rows}");
    if options.write { written(tree, table, &rows) } else { Ok(()) }
}

fn row(name: &str, of: &Figures) -> String {
    let Figures { init, first, warm, memory } = of;
    format!("| {name} | {init:.1} | {first:.2} | {warm:.2} | {memory:.0} |")
}

/// The medians of both sides, started in turn.
fn both(
    tree: &Tree,
    options: &Options,
    program: &Path,
    event: &str,
) -> Result<(Figures, Figures), String> {
    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    for _ in 0..options.starts.max(1) {
        ours.push(start(Command::new(program), event, options.calls)?);
        peers.push(start(peer(tree, options), event, options.calls)?);
    }
    Ok((median(&ours), median(&peers)))
}

/// The Node side.
fn peer(tree: &Tree, options: &Options) -> Command {
    let mut node = Command::new("node");
    node.arg(tree.root().join(PEER));
    if let Some(folder) = &options.node_sdk {
        node.env("AWS_SDK", tree.root().join(folder));
    }
    node
}

/// One start: until it asks for work, its first call, and then warm ones.
fn start(command: Command, event: &str, calls: u32) -> Result<Figures, String> {
    let process = Process::start(command)?;
    let asked = process.asked()?;
    let first = process.called(event)?;
    let warm = (0..calls.max(1)).map(|_| process.called(event));
    let mut warm = warm.collect::<Result<Vec<_>, _>>()?;
    warm.sort_by(f64::total_cmp);
    Ok(Figures { init: asked, first, warm: middle(&warm), memory: process.memory() })
}

fn median(all: &[Figures]) -> Figures {
    let of = |part: fn(&Figures) -> f64| {
        let mut values: Vec<f64> = all.iter().map(part).collect();
        values.sort_by(f64::total_cmp);
        middle(&values)
    };
    Figures {
        init: of(|one| one.init),
        first: of(|one| one.first),
        warm: of(|one| one.warm),
        memory: of(|one| one.memory),
    }
}

/// The middle one of sorted values; the upper of two.
fn middle(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// Puts the rows under the head of a table in the page.
fn written(tree: &Tree, table: &str, rows: &str) -> Result<(), String> {
    let page = tree.read(PAGE).ok_or_else(|| format!("{PAGE} is missing"))?;
    let page = with_rows(&page, table, rows).ok_or_else(|| format!("{PAGE} has no table"))?;
    std::fs::write(tree.root().join(PAGE), page).map_err(|error| format!("{PAGE}: {error}"))
}

fn with_rows(page: &str, table: &str, rows: &str) -> Option<String> {
    let (before, rest) = page.split_once(&format!("\n{table}"))?;
    let after: Vec<&str> =
        rest.split_inclusive('\n').skip_while(|line| line.starts_with('|')).collect();
    Some(format!("{before}\n{table}{rows}{}", after.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_taken_of_each_figure_by_itself() {
        let one = |init, first| Figures { init, first, warm: 1.0, memory: 2.0 };
        let found = median(&[one(3.0, 1.0), one(1.0, 9.0), one(2.0, 5.0)]);
        assert_eq!(found, one(2.0, 5.0));
        assert_eq!(median(&[]), Figures::default());
    }

    #[test]
    fn new_rows_take_the_place_of_the_old_ones_and_of_nothing_else() {
        let page = "a\n| x |\n|---|---|---|---|---|\n| old |\n| older |\n\nb\n";
        let wanted = "a\n| x |\n|---|---|---|---|---|\n| new |\n\nb\n";
        assert_eq!(with_rows(page, CALLS, "| new |\n").as_deref(), Some(wanted));
        assert_eq!(with_rows("nothing", CALLS, ""), None);
        assert_eq!(with_rows(page, every::TABLE, ""), None, "it is another table");
    }

    #[test]
    fn a_process_that_asks_and_answers_is_timed_and_one_that_ends_is_told() {
        let script = r#"
            host=${AWS_LAMBDA_RUNTIME_API}
            for _ in 1 2 3; do
                curl --silent "http://$host/2018-06-01/runtime/invocation/next" >/dev/null
                curl --silent --data '{}' "http://$host/1/response" >/dev/null
            done
            curl --silent "http://$host/2018-06-01/runtime/invocation/next" >/dev/null
        "#;
        let mut shell = Command::new("sh");
        shell.args(["-c", script]);
        let figures = start(shell, "{}", 2).unwrap();
        assert!(figures.init > 0.0 && figures.first > 0.0 && figures.warm > 0.0, "{figures:?}");
    }
}
