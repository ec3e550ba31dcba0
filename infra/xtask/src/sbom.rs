//! What is in each function: a bill of materials in the form of `CycloneDX` 1.5, one for each zip.
//!
//! Made from lockfile and manifests alone, without a time or a random number, so that two of the
//! same source are the same bytes.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use serde_json::{Value, json};

use crate::functions;
use crate::tree::Tree;

/// Where they are written.
const FOLDER: &str = "target/sbom";
/// What the zips are built for; crates of other systems are in none.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// Writes them all.
pub(crate) fn run() -> Result<(), String> {
    let tree = Tree::here();
    let metadata = MetadataCommand::new()
        .manifest_path(tree.root().join("Cargo.toml"))
        .other_options(["--filter-platform".to_owned(), TARGET.to_owned(), "--locked".to_owned()])
        .exec()
        .map_err(|error| error.to_string())?;
    let sums = checksums(&tree.read("Cargo.lock").unwrap_or_default());
    let folder = tree.root().join(FOLDER);
    fs::create_dir_all(&folder).map_err(|error| format!("{FOLDER}: {error}"))?;
    let mut crates = BTreeSet::new();
    let functions = functions::list(&metadata);
    for function in &functions {
        let linked = linked(&metadata, &function.package)?;
        let bill = bill(&function.name, &linked, &sums);
        let text = serde_json::to_string_pretty(&bill).map_err(|error| error.to_string())?;
        let file = folder.join(format!("{}.cdx.json", function.name));
        fs::write(&file, text + "\n").map_err(|error| format!("{}: {error}", file.display()))?;
        crates.extend(linked.iter().map(|package| package.id.clone()));
    }
    println!("figures: {} bills of materials, {} crates in all", functions.len(), crates.len());
    Ok(())
}

/// Every crate that is linked into the programs of a package, itself left out.
fn linked<'m>(metadata: &'m Metadata, package: &str) -> Result<Vec<&'m Package>, String> {
    let resolve = metadata.resolve.as_ref().ok_or("the manifests are not resolved")?;
    let nodes: BTreeMap<&PackageId, _> =
        resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let root = metadata.packages.iter().find(|own| own.name.as_str() == package);
    let root = &root.ok_or_else(|| format!("there is no package `{package}`"))?.id;
    let (mut seen, mut left) = (BTreeSet::from([root]), vec![root]);
    while let Some(id) = left.pop() {
        let dependencies = nodes.get(id).into_iter().flat_map(|node| &node.deps);
        let normal = dependencies.filter(|dependency| {
            dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
        });
        left.extend(normal.map(|dependency| &dependency.pkg).filter(|id| seen.insert(*id)));
    }
    let within = |package: &&Package| seen.contains(&package.id) && package.id != *root;
    let mut found: Vec<&Package> = metadata.packages.iter().filter(within).collect();
    found.sort_by_key(|package| (package.name.to_string(), package.version.clone()));
    Ok(found)
}

fn bill(function: &str, linked: &[&Package], sums: &BTreeMap<(String, String), String>) -> Value {
    let components: Vec<Value> = linked.iter().map(|package| component(package, sums)).collect();
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": { "type": "application", "name": function, "bom-ref": function },
        },
        "components": components,
    })
}

fn component(package: &Package, sums: &BTreeMap<(String, String), String>) -> Value {
    let (name, version) = (package.name.to_string(), package.version.to_string());
    let identifier = format!("pkg:cargo/{name}@{version}");
    let mut component = json!({
        "type": "library",
        "bom-ref": identifier,
        "name": name,
        "version": version,
        "purl": identifier,
    });
    if let Value::Object(fields) = &mut component {
        if let Some(licence) = &package.license {
            // An old form of a choice.
            let expression = licence.replace('/', " OR ");
            fields.insert("licenses".to_owned(), json!([{ "expression": expression }]));
        }
        if let Some(sum) = sums.get(&(name, version)) {
            fields.insert("hashes".to_owned(), json!([{ "alg": "SHA-256", "content": sum }]));
        }
    }
    component
}

/// Checksums of the lockfile by name and version; our own crates have none.
fn checksums(lock: &str) -> BTreeMap<(String, String), String> {
    let value = |line: &str| line.split('"').nth(1).map(str::to_owned);
    let of =
        |block: &str, name: &str| block.lines().find(|line| line.starts_with(name)).and_then(value);
    let sums = lock.split("[[package]]").filter_map(|block| {
        let key = (of(block, "name = ")?, of(block, "version = ")?);
        Some((key, of(block, "checksum = ")?))
    });
    sums.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metadata() -> Metadata {
        crate::tidy::metadata().unwrap()
    }

    #[test]
    fn a_bill_names_what_is_linked_and_nothing_that_only_tests_need() {
        let metadata = metadata();
        let linked = linked(&metadata, "webhooks").unwrap();
        let names: Vec<&str> = linked.iter().map(|package| package.name.as_str()).collect();
        for wanted in ["interlock-app", "interlock-lambda", "hmac", "aws-sdk-sqs", "serde"] {
            assert!(names.contains(&wanted), "{wanted}");
        }
        for other in ["webhooks", "interlock-testkit", "proptest", "dynoxide-rs"] {
            assert!(!names.contains(&other), "{other}");
        }
    }

    #[test]
    fn every_foreign_crate_has_licence_and_checksum_and_two_bills_are_the_same() {
        let metadata = metadata();
        let sums = checksums(&Tree::here().read("Cargo.lock").unwrap());
        let linked = linked(&metadata, "auth").unwrap();
        let made = || bill("auth-login", &linked, &sums);
        for component in made()["components"].as_array().unwrap() {
            let name = component["name"].as_str().unwrap();
            assert!(component["licenses"][0]["expression"].is_string(), "{name}");
            let ours = name.starts_with("interlock-");
            let sum = component["hashes"][0]["content"].as_str();
            assert_eq!(sum.map_or(0, str::len), if ours { 0 } else { 64 }, "{name}");
        }
        assert_eq!(made().to_string(), made().to_string());
    }

    #[test]
    fn checksums_belong_to_name_and_version() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\n\n[[package]]\n\
                    name = \"b\"\nversion = \"2.0.0\"\nchecksum = \"abc\"\n";
        let sums = checksums(lock);
        assert_eq!(sums.len(), 1);
        assert_eq!(sums[&("b".to_owned(), "2.0.0".to_owned())], "abc");
    }
}
