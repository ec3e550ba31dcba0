//! Which crate may see which (docs/adr/0001).
//!
//! The rules speak of what a crate links; what only its tests need is its own business, except
//! for the fakes, which nothing that ships may link.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, Package};

use super::Faults;
use crate::functions;

/// Crates that decide and compute, and reach nothing.
const PURE: [&str; 4] =
    ["interlock-policy", "interlock-watch", "interlock-audit", "interlock-notify"];
/// Crates that each speak to one outside system.
const ADAPTERS: [&str; 4] =
    ["interlock-aws", "interlock-store", "interlock-calcom", "interlock-mail"];
/// What puts the parts together, the tool that fills a table for a demo, and the simulation.
const COMPOSE: [&str; 3] = ["interlock-lambda", "interlock-seed", "interlock-sim"];
/// What the library of a domain may see.
const OF_A_FUNCTION: [&str; 8] = [
    "interlock-app",
    "interlock-http",
    "interlock-policy",
    "interlock-watch",
    "jiff",
    "serde",
    "serde_json",
    "tracing",
];

/// Checks all edges.
pub(super) fn check(metadata: &Metadata, faults: &mut Faults) {
    let graph = Graph::of(metadata);
    pure(&graph, faults);
    application(&graph, faults);
    adapters(&graph, faults);
    fakes_and_runner(&graph, faults);
    for package in functions::packages(metadata) {
        function(package, faults);
    }
}

/// Names of packages and what each links directly.
struct Graph {
    edges: BTreeMap<String, BTreeSet<String>>,
    ours: BTreeSet<String>,
    domains: BTreeSet<String>,
}

impl Graph {
    fn of(metadata: &Metadata) -> Self {
        let name = |package: &Package| package.name.as_str().to_owned();
        let edges = metadata.packages.iter().map(|package| (name(package), linked(package)));
        Self {
            edges: edges.fold(BTreeMap::new(), |mut all, (name, linked)| {
                all.entry(name).or_insert_with(BTreeSet::new).extend(linked);
                all
            }),
            ours: metadata.workspace_packages().into_iter().map(name).collect(),
            domains: functions::packages(metadata).map(name).collect(),
        }
    }

    fn direct(&self, package: &str) -> BTreeSet<&str> {
        self.edges.get(package).into_iter().flatten().map(String::as_str).collect()
    }

    /// Our crates that it links directly.
    fn direct_ours(&self, package: &str) -> BTreeSet<&str> {
        self.direct(package).into_iter().filter(|name| self.ours.contains(*name)).collect()
    }
}

/// What a package links, optional parts included.
fn linked(package: &Package) -> BTreeSet<String> {
    let normal = package.dependencies.iter().filter(|edge| edge.kind == DependencyKind::Normal);
    normal.map(|edge| edge.name.clone()).collect()
}

fn outside(name: &str) -> bool {
    let whole = ["tokio", "reqwest", "hyper", "rand", "getrandom", "tracing", "axum"];
    let begins = ["aws-", "aws_", "lambda_"];
    whole.contains(&name) || begins.iter().any(|begin| name.starts_with(begin))
}

/// Rule 1: the pure crates see no crate of ours and nothing that reaches out; only what people are
/// told is told in the words of the rules.
fn pure(graph: &Graph, faults: &mut Faults) {
    for name in PURE {
        for edge in graph.direct(name) {
            let words = name == "interlock-notify" && edge == "interlock-policy";
            if (graph.ours.contains(edge) && !words) || outside(edge) {
                faults.add(name, format!("a pure crate may not depend on `{edge}`"));
            }
        }
    }
}

/// Rule 2: use cases see ports only.
fn application(graph: &Graph, faults: &mut Faults) {
    for edge in graph.direct("interlock-app") {
        let ours = graph.ours.contains(edge) && !PURE.contains(&edge);
        let http = ["http", "reqwest", "hyper", "axum", "tokio"].contains(&edge);
        if ours || http || edge.starts_with("aws") || edge.starts_with("lambda_") {
            faults.add("interlock-app", format!("use cases may not depend on `{edge}`"));
        }
    }
}

/// Rules 3 and 4: adapters do not see each other, and only the composition root names them.
fn adapters(graph: &Graph, faults: &mut Faults) {
    for package in &graph.ours {
        let seen = graph.direct_ours(package);
        for adapter in ADAPTERS.into_iter().filter(|adapter| seen.contains(adapter)) {
            if !COMPOSE.contains(&package.as_str()) {
                faults.add(package, format!("only `interlock-lambda` may depend on `{adapter}`"));
            }
        }
        let transport = |edge: &&str| edge.starts_with("aws") || edge.starts_with("lambda_");
        if package == "interlock-http" || package == "interlock-auth" {
            for edge in graph.direct(package).into_iter().filter(transport) {
                faults.add(package, format!("knows no Lambda and no AWS, yet needs `{edge}`"));
            }
        }
    }
}

/// Rule 7: nothing that ships links the fakes, and the runner knows no handler.
fn fakes_and_runner(graph: &Graph, faults: &mut Faults) {
    for package in &graph.ours {
        let seen = graph.direct_ours(package);
        if seen.contains("interlock-testkit") && package != "interlock-sim" {
            faults.add(package, "may use `interlock-testkit` in tests only");
        }
        if package == "interlock-local" || package == "interlock-calcom-sim" {
            for edge in seen.into_iter().filter(|edge| *edge != "interlock-calcom-sim") {
                faults.add(package, format!("knows only the built binaries, yet needs `{edge}`"));
            }
        } else if package != "interlock-sim" {
            for edge in seen.into_iter().filter(|edge| graph.domains.contains(*edge)) {
                faults.add(package, format!("may not depend on the functions of `{edge}`"));
            }
        }
    }
}

/// Rules 5 and 6: what a domain's library sees, and what its binaries need on top.
fn function(package: &Package, faults: &mut Faults) {
    let name = package.name.as_str();
    let normal = package.dependencies.iter().filter(|edge| edge.kind == DependencyKind::Normal);
    for edge in normal {
        let of_bins = ["interlock-lambda", "tokio"].contains(&edge.name.as_str());
        if of_bins && !edge.optional {
            faults.add(name, format!("`{}` is for the binaries and must be optional", edge.name));
        }
        if !of_bins && !OF_A_FUNCTION.contains(&edge.name.as_str()) {
            faults.add(name, format!("a function library may not depend on `{}`", edge.name));
        }
    }
    let default = package.features.get("default");
    if default.is_none_or(|default| !default.contains(&"lambda".to_owned())) {
        faults.add(name, "its default features must hold `lambda`");
    }
    for bin in package.targets.iter().filter(|target| target.is_bin()) {
        if bin.required_features != ["lambda"] {
            faults.add(name, format!("bin `{}` must require the feature `lambda`", bin.name));
        }
        if bin.test {
            faults.add(name, format!("bin `{}` must say `test = false`", bin.name));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(edges: &[(&str, &[&str])]) -> Graph {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Graph {
            edges: edges.iter().map(|(name, linked)| ((*name).to_owned(), set(linked))).collect(),
            ours: edges.iter().map(|(name, _)| (*name).to_owned()).collect(),
            domains: set(&["reservations"]),
        }
    }

    fn faults(rule: fn(&Graph, &mut Faults), edges: &[(&str, &[&str])]) -> usize {
        let mut faults = Faults::default();
        rule(&graph(edges), &mut faults);
        faults.lines().len()
    }

    #[test]
    fn a_pure_crate_reaches_nothing() {
        assert_eq!(faults(pure, &[("interlock-policy", &["serde", "jiff"])]), 0);
        assert_eq!(faults(pure, &[("interlock-policy", &["tokio", "aws-config"])]), 2);
        let both: &[(&str, &[&str])] =
            &[("interlock-policy", &["interlock-watch"]), ("interlock-watch", &[])];
        assert_eq!(faults(pure, both), 1);
    }

    #[test]
    fn use_cases_see_ports_only() {
        assert_eq!(faults(application, &[("interlock-app", &["serde", "tracing"])]), 0);
        assert_eq!(faults(application, &[("interlock-app", &["aws-sdk-sqs", "http"])]), 2);
        let adapter: &[(&str, &[&str])] =
            &[("interlock-app", &["interlock-store"]), ("interlock-store", &[])];
        assert_eq!(faults(application, adapter), 1);
    }

    #[test]
    fn only_the_composition_root_names_adapters() {
        let root: &[(&str, &[&str])] =
            &[("interlock-lambda", &["interlock-store"]), ("interlock-store", &[])];
        assert_eq!(faults(adapters, root), 0);
        let sibling: &[(&str, &[&str])] =
            &[("interlock-calcom", &["interlock-store"]), ("interlock-store", &[])];
        assert_eq!(faults(adapters, sibling), 1);
        assert_eq!(faults(adapters, &[("interlock-http", &["lambda_http"])]), 1);
    }

    #[test]
    fn the_runner_knows_no_handler_and_nobody_ships_fakes() {
        let runner: &[(&str, &[&str])] =
            &[("interlock-local", &["interlock-calcom-sim"]), ("interlock-calcom-sim", &[])];
        assert_eq!(faults(fakes_and_runner, runner), 0);
        let handler: &[(&str, &[&str])] =
            &[("interlock-local", &["reservations"]), ("reservations", &[])];
        assert_eq!(faults(fakes_and_runner, handler), 1);
        let fakes: &[(&str, &[&str])] =
            &[("interlock-app", &["interlock-testkit"]), ("interlock-testkit", &[])];
        assert_eq!(faults(fakes_and_runner, fakes), 1);
    }
}
