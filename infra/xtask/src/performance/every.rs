//! Every function that is built: how soon it asks for work, beside the peer.

use std::path::Path;
use std::process::Command;

use super::process::Process;
use super::{Options, RATIO, middle, peer};
use crate::tree::Tree;
use crate::{functions, tidy};

/// What its table begins with.
pub(super) const TABLE: &str = "|---|---|---|---|\n";

/// How soon one function is ready, and its peer beside it, in milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Start {
    name: String,
    ours: f64,
    peer: f64,
}

impl Start {
    fn ratio(&self) -> f64 {
        self.peer / self.ours
    }
}

/// The medians of each function, the least ratio first. Errors: one that does not start.
pub(super) fn measured(tree: &Tree, options: &Options) -> Result<Vec<Start>, String> {
    let folder = tree.root().join(&options.programs);
    let mut starts = Vec::new();
    for function in functions::list(&tidy::metadata()?) {
        let program = folder.join(&function.name).join("bootstrap");
        if program.is_file() {
            let start = one(tree, options, &program);
            let (ours, peer) = start.map_err(|error| format!("{}: {error}", function.name))?;
            starts.push(Start { name: function.name, ours, peer });
        }
    }
    starts.sort_by(|one, other| one.ratio().total_cmp(&other.ratio()));
    Ok(starts)
}

fn one(tree: &Tree, options: &Options, program: &Path) -> Result<(f64, f64), String> {
    let (mut ours, mut peers) = (Vec::new(), Vec::new());
    for _ in 0..options.starts.max(1) {
        ours.push(Process::start(Command::new(program))?.asked()?);
        peers.push(Process::start(peer(tree, options))?.asked()?);
    }
    ours.sort_by(f64::total_cmp);
    peers.sort_by(f64::total_cmp);
    Ok((middle(&ours), middle(&peers)))
}

/// Rows of the page: the one that gains least, the middle one and the one that gains most.
pub(super) fn rows(starts: &[Start]) -> Vec<String> {
    let told = |which: &str, start: &Start| {
        let Start { name, ours, peer } = start;
        let ratio = start.ratio();
        format!("| {which} of {}: {name} | {ours:.1} | {peer:.1} | {ratio:.1} |", starts.len())
    };
    let (least, most) = (starts.first(), starts.last());
    let middle = starts.get(starts.len() / 2);
    let all = [("least", least), ("middle", middle), ("most", most)];
    all.into_iter().filter_map(|(which, start)| Some(told(which, start?))).collect()
}

/// Those that are ready too late, each with its ratio.
pub(super) fn slow(starts: &[Start]) -> impl Iterator<Item = String> {
    let slow = starts.iter().filter(|start| start.ratio() < RATIO);
    slow.map(|start| format!("{}: {:.1}", start.name, start.ratio()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(name: &str, ours: f64) -> Start {
        Start { name: name.to_owned(), ours, peer: 60.0 }
    }

    #[test]
    fn the_page_tells_the_ends_and_the_middle_and_each_that_is_late_is_named() {
        let starts = [start("late", 5.0), start("b", 3.0), start("c", 2.0)];
        let expected = [
            "| least of 3: late | 5.0 | 60.0 | 12.0 |",
            "| middle of 3: b | 3.0 | 60.0 | 20.0 |",
            "| most of 3: c | 2.0 | 60.0 | 30.0 |",
        ];
        assert_eq!(rows(&starts), expected);
        assert_eq!(slow(&starts).collect::<Vec<_>>(), ["late: 12.0"]);
        assert!(rows(&[]).is_empty());
    }
}
