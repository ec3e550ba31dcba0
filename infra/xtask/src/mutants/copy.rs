//! A copy of the two packages in a workspace of their own; all else of the repository lies beside
//! it by links, so that tests find what they read.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use super::PACKAGES;
use crate::tree::Tree;

/// Where the copy lies.
pub(super) struct Copy {
    root: PathBuf,
}

impl Copy {
    /// Makes it, or brings it up to date; a file that is the same is not written, so that nothing
    /// is built for it. `change` may give a file another text.
    pub(super) fn make(
        tree: &Tree,
        root: PathBuf,
        change: &dyn Fn(&str, String) -> String,
    ) -> Result<Self, String> {
        let copy = Self { root };
        fs::create_dir_all(copy.root.join("shared")).map_err(|error| error.to_string())?;
        let kept = ["shared", "target", ".git", ".cargo", "Cargo.toml", "Cargo.lock"];
        linked(tree.root(), &copy.root, &kept)?;
        linked(&tree.root().join("shared"), &copy.root.join("shared"), &["policy", "watch"])?;
        let manifest = tree.read("Cargo.toml").unwrap_or_default();
        copy.write("Cargo.toml", &alone(&manifest)?)?;
        if !copy.root.join("Cargo.lock").exists() {
            copy.write("Cargo.lock", &tree.read("Cargo.lock").unwrap_or_default())?;
        }
        for (_, folder) in PACKAGES {
            copy.brought(tree, folder, change)?;
        }
        Ok(copy)
    }

    /// Where it is.
    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    /// Writes a file unless it says that already.
    pub(super) fn write(&self, file: &str, text: &str) -> Result<(), String> {
        let path = self.root.join(file);
        if fs::read_to_string(&path).is_ok_and(|known| known == text) {
            return Ok(());
        }
        let folder = path.parent().unwrap_or(&self.root);
        let made = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
        made.map_err(|error| format!("{}: {error}", path.display()))
    }

    fn brought(
        &self,
        tree: &Tree,
        folder: &str,
        change: &dyn Fn(&str, String) -> String,
    ) -> Result<(), String> {
        let files = tree.files(folder);
        for gone in Tree::at(&self.root).files(folder) {
            if !files.contains(&gone) {
                fs::remove_file(self.root.join(&gone)).map_err(|error| error.to_string())?;
            }
        }
        for file in files {
            let text = tree.read(&file).ok_or_else(|| format!("{file} cannot be read"))?;
            let text = change(&file, text);
            self.write(&file, &text)?;
        }
        Ok(())
    }
}

/// Links everything of a folder but what is kept apart.
fn linked(from: &Path, to: &Path, kept: &[&str]) -> Result<(), String> {
    let entries = fs::read_dir(from).map_err(|error| error.to_string())?;
    for entry in entries.flatten() {
        let link = to.join(entry.file_name());
        if kept.iter().any(|name| entry.file_name() == *name) || link.is_symlink() {
            continue;
        }
        symlink(entry.path(), &link).map_err(|error| format!("{}: {error}", link.display()))?;
    }
    Ok(())
}

/// The manifest of the workspace with no members but the two.
fn alone(manifest: &str) -> Result<String, String> {
    let members = manifest.split_once("members = [").and_then(|(before, rest)| {
        let (_, after) = rest.split_once(']')?;
        let folders = PACKAGES.map(|(_, folder)| format!("\"{folder}\"")).join(", ");
        Some(format!("{before}members = [{folders}]{after}"))
    });
    members.ok_or_else(|| "Cargo.toml: no members".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_has_the_two_as_its_members() {
        let manifest = "[workspace]\nmembers = [\n    \"shared/app\",\n]\nexclude = []\n";
        let expected =
            "[workspace]\nmembers = [\"shared/policy\", \"shared/watch\"]\nexclude = []\n";
        assert_eq!(alone(manifest).unwrap(), expected);
        assert!(alone("[package]").is_err());
    }
}
