//! The habits of the house, checked.
//!
//! Every fault is collected and printed with its file, so one run shows all there is to do.

mod bins;
mod edges;
mod guard;
mod once;
mod openapi;
mod places;
mod queues;
mod scenarios;
mod sizes;
mod source;
mod stack;
mod supply;
mod template;
mod traceability;
mod words;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{Metadata, MetadataCommand};

use crate::functions;
use crate::tree::Tree;

/// Faults found, each a line that names a file.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<String>);

impl Faults {
    /// One more.
    pub(crate) fn add(&mut self, place: &str, fault: impl AsRef<str>) {
        self.0.push(format!("{place}: {}", fault.as_ref()));
    }

    #[cfg(test)]
    pub(crate) fn lines(&self) -> &[String] {
        &self.0
    }
}

/// The crates and their edges, from the lockfile alone.
pub(crate) fn metadata() -> Result<Metadata, String> {
    MetadataCommand::new()
        .manifest_path(Tree::here().root().join("Cargo.toml"))
        .exec()
        .map_err(|error| error.to_string())
}

/// Rights that the template gives each function, by the name of its resource: an action and what
/// it may be done to.
pub(crate) fn rights(tree: &Tree) -> Result<BTreeMap<String, BTreeSet<String>>, String> {
    let text = tree.read(template::FILE).unwrap_or_default();
    let functions = template::functions(&text)?.into_iter();
    Ok(functions.map(|(name, function)| (name, function.rights.into_iter().collect())).collect())
}

/// Endpoints of each function in the template, by the name of its resource.
pub(crate) fn endpoints(tree: &Tree) -> Result<BTreeMap<String, Vec<String>>, String> {
    let text = tree.read(template::FILE).unwrap_or_default();
    let functions = template::functions(&text)?.into_iter();
    Ok(functions.map(|(name, one)| (name, one.endpoints.into_iter().collect())).collect())
}

/// Checks everything.
pub(crate) fn run() -> Result<(), String> {
    let tree = Tree::here();
    let metadata = metadata()?;
    let functions = functions::list(&metadata);
    let mut faults = Faults::default();
    edges::check(&metadata, &mut faults);
    once::check(&mut faults)?;
    supply::check(&tree, &metadata, &mut faults);
    bins::check(&tree, &metadata, &mut faults);
    sizes::check(&tree, &mut faults);
    places::check(&tree, &functions, &mut faults);
    stack::check(&tree, &mut faults);
    queues::check(&tree, &mut faults);
    guard::check(&tree, &mut faults);
    words::check(&tree, &mut faults);
    traceability::check(&tree, &mut faults);
    let Faults(mut lines) = faults;
    lines.sort();
    if lines.is_empty() {
        println!("tidy: {} functions, no faults", functions.len());
        return Ok(());
    }
    for line in &lines {
        eprintln!("{line}");
    }
    Err(format!("tidy: {} faults", lines.len()))
}
