//! How fast a function starts and answers, beside one written in Node, in the same run.
//!
//! Both are processes against the same stub of the Runtime API, in turn, so that what else the
//! machine does meets both. The figures are those of this machine; the ratio travels better.

mod stub;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clap::Args;

use stub::{Step, Stub};

use crate::tree::Tree;

/// The page with what was measured last.
const PAGE: &str = "docs/PERFORMANCE.md";
/// The Node side.
const PEER: &str = "infra/bench/node/peer.mjs";
/// Longest wait for a step of a process.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many times sooner ours must be ready than its peer.
const RATIO: f64 = 15.0;

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
    let table = rows.join("\n") + "\n";
    print!("{table}");
    if options.write {
        written(&tree, &table)?;
    }
    if slow.is_empty() {
        return Ok(());
    }
    Err(format!("ready less than {RATIO} times as soon as its peer: {}", slow.join(", ")))
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
        let mut node = Command::new("node");
        node.arg(tree.root().join(PEER));
        if let Some(folder) = &options.node_sdk {
            node.env("AWS_SDK", tree.root().join(folder));
        }
        peers.push(start(node, event, options.calls)?);
    }
    Ok((median(&ours), median(&peers)))
}

/// One start: until it asks for work, its first call, and then warm ones.
fn start(mut command: Command, event: &str, calls: u32) -> Result<Figures, String> {
    let stub = Stub::start()?;
    command.env("AWS_LAMBDA_RUNTIME_API", &stub.address);
    command.env("AWS_ENDPOINT_URL", format!("http://{}", stub.address));
    for (name, value) in [
        ("AWS_LAMBDA_FUNCTION_NAME", "measured"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "measured"),
        ("AWS_LAMBDA_LOG_STREAM_NAME", "measured"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "measured"),
        ("AWS_SECRET_ACCESS_KEY", "measured"),
        ("INTERLOCK_TABLE", "interlock"),
        ("INTERLOCK_DEPLOYMENT", "measured"),
        ("INTERLOCK_APP_ORIGIN", "https://interlock.example.test"),
    ] {
        command.env(name, value);
    }
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let from = Instant::now();
    let mut child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
    let figures = followed(&stub, &child, event, (from, calls));
    // Whatever became of the run, nothing goes on beside the next one.
    let _ended = child.kill();
    let _waited = child.wait();
    figures
}

fn followed(
    stub: &Stub,
    child: &Child,
    event: &str,
    (from, calls): (Instant, u32),
) -> Result<Figures, String> {
    let asked = asked(stub)?;
    let first = called(stub, event)?;
    let mut warm = (0..calls.max(1)).map(|_| called(stub, event)).collect::<Result<Vec<_>, _>>()?;
    warm.sort_by(f64::total_cmp);
    Ok(Figures {
        init: milliseconds(asked.duration_since(from)),
        first,
        warm: middle(&warm),
        memory: memory(child.id()),
    })
}

/// When the process asks for work.
fn asked(stub: &Stub) -> Result<Instant, String> {
    match stub.steps.recv_timeout(PATIENCE) {
        Ok(Step::Asked(at)) => Ok(at),
        Ok(Step::Answered(_)) => Err("it answered what nobody asked".to_owned()),
        Err(error) => Err(format!("it never asked for work: {error}")),
    }
}

/// How long one call takes, from the hand-over to the answer; then it has asked again.
fn called(stub: &Stub, event: &str) -> Result<f64, String> {
    let from = Instant::now();
    stub.give(event)?;
    let answered = match stub.steps.recv_timeout(PATIENCE) {
        Ok(Step::Answered(at)) => at,
        Ok(Step::Asked(_)) => return Err("it asked again without an answer".to_owned()),
        Err(error) => return Err(format!("it never answered: {error}")),
    };
    asked(stub)?;
    Ok(milliseconds(answered.duration_since(from)))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Most memory a process had, in MiB, as Linux tells it; nothing elsewhere.
fn memory(id: u32) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u32>().ok());
    f64::from(kibibytes.unwrap_or(0)) / 1024.0
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

/// Puts the rows under the head of the table in the page.
fn written(tree: &Tree, rows: &str) -> Result<(), String> {
    let page = tree.read(PAGE).ok_or_else(|| format!("{PAGE} is missing"))?;
    let page = with_rows(&page, rows).ok_or_else(|| format!("{PAGE} has no table"))?;
    std::fs::write(tree.root().join(PAGE), page).map_err(|error| format!("{PAGE}: {error}"))
}

fn with_rows(page: &str, rows: &str) -> Option<String> {
    let (before, rest) = page.split_once("|---|---|---|---|---|\n")?;
    let after: Vec<&str> =
        rest.split_inclusive('\n').skip_while(|line| line.starts_with('|')).collect();
    Some(format!("{before}|---|---|---|---|---|\n{rows}{}", after.concat()))
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
        assert_eq!(with_rows(page, "| new |\n").as_deref(), Some(wanted));
        assert_eq!(with_rows("nothing", ""), None);
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
