//! The functions of the product, as the manifests name them.
//!
//! The bins in `functions/*/Cargo.toml` are the list; every other place is held against it.

use std::collections::BTreeSet;

use cargo_metadata::{Metadata, Package};

/// One function: a binary in a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Function {
    /// The one name, for example `reservations-create`.
    pub(crate) name: String,
    /// The domain package, for example `reservations`.
    pub(crate) package: String,
}

impl Function {
    /// Of a binary in a package.
    pub(crate) fn new(name: &str, package: &str) -> Self {
        Self { name: name.to_owned(), package: package.to_owned() }
    }

    /// Whether it is a job, which has no route.
    pub(crate) fn is_job(&self) -> bool {
        self.package == "jobs"
    }

    /// Module with the handler, for example `create` or `modules_list`.
    pub(crate) fn module(&self) -> String {
        let own = self.name.strip_prefix(&format!("{}-", self.package)).unwrap_or(&self.name);
        own.replace('-', "_")
    }

    /// File of that module.
    pub(crate) fn module_file(&self) -> String {
        format!("functions/{}/src/{}.rs", self.package, self.module())
    }

    /// File of the binary.
    pub(crate) fn bin_file(&self) -> String {
        format!("functions/{}/src/bin/{}.rs", self.package, self.name)
    }

    /// Name of the route and field in the log, for example `training.modules-list`.
    pub(crate) fn route_name(&self) -> String {
        match self.name.split_once('-') {
            Some((domain, rest)) => format!("{domain}.{rest}"),
            None => self.name.clone(),
        }
    }

    /// Resource in the template, for example `ReservationsCreateFunction`.
    pub(crate) fn resource(&self) -> String {
        let words = self.name.split('-').map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
                .unwrap_or_default()
        });
        words.collect::<String>() + "Function"
    }

    /// Sample of what triggers it.
    pub(crate) fn event_file(&self) -> String {
        format!("events/{}.json", self.name)
    }
}

/// All functions, by name.
pub(crate) fn list(metadata: &Metadata) -> BTreeSet<Function> {
    packages(metadata)
        .flat_map(|package| {
            let bins = package.targets.iter().filter(|target| target.is_bin());
            bins.map(|bin| Function::new(&bin.name, package.name.as_str()))
        })
        .collect()
}

/// The packages whose binaries become functions.
pub(crate) fn packages(metadata: &Metadata) -> impl Iterator<Item = &Package> {
    metadata
        .workspace_packages()
        .into_iter()
        .filter(|package| package.manifest_path.as_str().contains("/functions/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_follows_from_the_name() {
        let create = Function::new("reservations-create", "reservations");
        assert_eq!(create.module_file(), "functions/reservations/src/create.rs");
        assert_eq!(create.bin_file(), "functions/reservations/src/bin/reservations-create.rs");
        assert_eq!(create.route_name(), "reservations.create");
        assert_eq!(create.resource(), "ReservationsCreateFunction");
        assert_eq!(create.event_file(), "events/reservations-create.json");
    }

    #[test]
    fn a_name_of_three_words_keeps_its_domain() {
        let list = Function::new("training-modules-list", "training");
        assert_eq!(list.module(), "modules_list");
        assert_eq!(list.route_name(), "training.modules-list");
        assert_eq!(list.resource(), "TrainingModulesListFunction");
    }

    #[test]
    fn a_name_without_its_package_in_front_is_its_own_module() {
        assert_eq!(Function::new("health", "system").module(), "health");
        assert_eq!(Function::new("health", "system").route_name(), "health");
        let worker = Function::new("webhook-worker", "jobs");
        assert_eq!(worker.module(), "webhook_worker");
        assert!(worker.is_job());
    }
}
