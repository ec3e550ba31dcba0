//! Two clean builds give the same zips (RELIABILITY S3).
//!
//! Each is made from a clone of the present commit in a folder of another name and length, with a
//! target folder of its own, so that no path, time or order of this machine may show.

use std::fs;
use std::path::Path;
use std::process::Command;

use clap::Args;

use crate::pack::pack;
use crate::tree::Tree;
use crate::{build, functions, tidy};

/// Where both builds are made; removed before and after.
const FOLDER: &str = "target/reproducible";
/// Names of unlike length: a path that shows, shows.
const SIDES: [&str; 2] = ["one", "another-one-with-a-longer-name"];
/// Built when nothing else is asked for: one that signs, one that draws on most of the code.
const SAMPLE: [&str; 2] = ["auth-login", "reservations-create"];

/// Which functions.
#[derive(Args, Default)]
pub(crate) struct Options {
    /// Functions to build twice; may be given more than once
    #[arg(long = "function", value_name = "NAME")]
    functions: Vec<String>,
}

/// Builds twice and compares every zip.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let tree = Tree::here();
    let functions = match options.functions.as_slice() {
        [] => SAMPLE.map(str::to_owned).to_vec(),
        asked => asked.to_vec(),
    };
    let folder = tree.root().join(FOLDER);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).map_err(|error| format!("{FOLDER}: {error}"))?;
    let mut sides = Vec::new();
    for side in SIDES {
        let clone = folder.join(side);
        cloned(tree.root(), &clone)?;
        sides.push(zips(&clone, &functions)?);
        // The first result is kept in memory; its two gigabytes are not.
        fs::remove_dir_all(&clone).map_err(|error| error.to_string())?;
    }
    let different = different(&functions, &sides);
    for (name, zip) in functions.iter().zip(sides.first().into_iter().flatten()) {
        println!("{name:<26} zip {:>8} bytes, sha256 {}", zip.len(), build::sum(zip));
    }
    if different.is_empty() {
        println!("figures: {} zips built twice, each the same", functions.len());
        return Ok(());
    }
    Err(format!("two clean builds differ: {}", different.join(", ")))
}

/// The functions whose zips are not the same on both sides.
fn different<'a>(functions: &'a [String], sides: &[Vec<Vec<u8>>]) -> Vec<&'a str> {
    let [one, other] = sides else { return functions.iter().map(String::as_str).collect() };
    let pairs = functions.iter().zip(one.iter().zip(other));
    pairs.filter(|(_, (one, other))| one != other).map(|(name, _)| name.as_str()).collect()
}

/// A clone of what is committed, and nothing else.
fn cloned(root: &Path, clone: &Path) -> Result<(), String> {
    let status = Command::new("git")
        .args(["clone", "--quiet", "--local", "--no-hardlinks"])
        .arg(root)
        .arg(clone)
        .status()
        .map_err(|error| format!("git does not start: {error}"))?;
    if status.success() { Ok(()) } else { Err("the commit was not cloned".to_owned()) }
}

/// Builds in a folder; the zips in the order of the names.
fn zips(clone: &Path, names: &[String]) -> Result<Vec<Vec<u8>>, String> {
    let metadata = tidy::metadata()?;
    let mut command = Command::new(env!("CARGO"));
    command.args(["lambda", "build", "--release", "--locked"]).current_dir(clone);
    for function in build::chosen(functions::list(&metadata), names)? {
        command.args(["--package", &function.package, "--bin", &function.name]);
    }
    command.env("CARGO_TARGET_DIR", clone.join("target")).env("CARGO_INCREMENTAL", "0");
    command.env("RUSTFLAGS", build::flags(clone, &metadata));
    let status = command.status().map_err(|error| error.to_string())?;
    if !status.success() {
        return Err(format!("{} was not built", clone.display()));
    }
    let zip = |name: &String| -> Result<Vec<u8>, String> {
        let folder = clone.join(build::FOLDER).join(name);
        let archive = folder.with_extension("zip");
        pack(&folder.join("bootstrap"), &archive)?;
        fs::read(&archive).map_err(|error| format!("{}: {error}", archive.display()))
    };
    names.iter().map(zip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_makes_a_function_different() {
        let names = ["a".to_owned(), "b".to_owned()];
        let side = |last: u8| vec![vec![1, 2], vec![3, last]];
        assert!(different(&names, &[side(4), side(4)]).is_empty());
        assert_eq!(different(&names, &[side(4), side(5)]), ["b"]);
        assert_eq!(different(&names, &[side(4)]), ["a", "b"], "one build proves nothing");
    }
}
