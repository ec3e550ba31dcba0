//! Which mutants there are, as cargo-mutants lists them.

use std::ops::Range;
use std::process::Command;

use serde_json::Value;

use super::PACKAGES;
use crate::tree::Tree;

/// One change of one place.
#[derive(Debug, Clone)]
pub(super) struct Mutant {
    pub(super) name: String,
    pub(super) package: String,
    /// From the root of the repository.
    pub(super) file: String,
    pub(super) genre: Genre,
    /// What the function returns, as it is written.
    pub(super) returns: String,
    /// Lines and columns from one on, the second just beyond the end.
    span: [(usize, usize); 2],
    /// The function around it, likewise; the place itself where there is none.
    function: [(usize, usize); 2],
    pub(super) replacement: String,
}

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Genre {
    /// All that a function does.
    Value,
    /// A binary or unary operator.
    Operator,
    /// The guard of an arm.
    Guard,
    /// A field beside a base.
    Field,
    /// What this tool knows no switch for.
    Other,
}

/// The mutants of both packages, and how many `.cargo/mutants.toml` leaves out.
pub(super) fn all(tree: &Tree) -> Result<(Vec<Mutant>, usize), String> {
    let kept = asked(tree, &[])?;
    let every = asked(tree, &["--no-config"])?;
    let excluded = every.len().saturating_sub(kept.len());
    Ok((kept, excluded))
}

fn asked(tree: &Tree, more: &[&str]) -> Result<Vec<Mutant>, String> {
    let output = Command::new(env!("CARGO"))
        .args(["mutants", "--list", "--json"])
        .args(PACKAGES.iter().flat_map(|(package, _)| ["--package", package]))
        .args(more)
        .current_dir(tree.root())
        .output()
        .map_err(|error| format!("cargo does not start: {error}"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`cargo install cargo-mutants` is needed: {}", said.trim()));
    }
    let listed: Vec<Value> =
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())?;
    listed.iter().map(|value| read(value).ok_or_else(|| format!("not a mutant: {value}"))).collect()
}

fn read(value: &Value) -> Option<Mutant> {
    let text = |at: &str| Some(value.pointer(at)?.as_str()?.to_owned());
    let number = |at: &str| usize::try_from(value.pointer(at)?.as_u64()?).ok();
    let span = |at: &str| {
        let place =
            |at: String| Some((number(&format!("{at}/line"))?, number(&format!("{at}/column"))?));
        Some([place(format!("{at}/start"))?, place(format!("{at}/end"))?])
    };
    Some(Mutant {
        name: text("/name")?,
        package: text("/package")?,
        file: text("/file")?,
        genre: match value.get("genre")?.as_str()? {
            "FnValue" => Genre::Value,
            "BinaryOperator" | "UnaryOperator" => Genre::Operator,
            "MatchArmGuard" => Genre::Guard,
            "StructField" => Genre::Field,
            _ => Genre::Other,
        },
        returns: text("/function/return_type").unwrap_or_default(),
        span: span("/span")?,
        function: span("/function/span").or_else(|| span("/span"))?,
        replacement: text("/replacement")?,
    })
}

impl Mutant {
    /// The bytes of the text that are replaced.
    pub(super) fn place(&self, text: &str) -> Option<Range<usize>> {
        let [start, end] = self.span.map(|place| offset(text, place));
        Some(start?..end?)
    }

    /// The bytes of the function in which they are.
    pub(super) fn function(&self, text: &str) -> Option<Range<usize>> {
        let [start, end] = self.function.map(|place| offset(text, place));
        Some(start?..end?)
    }

    /// Whether both are in one function, or one in a function within the other's.
    pub(super) fn shares_a_function(&self, other: &Self) -> bool {
        let ([start, end], [from, to]) = (self.function, other.function);
        self.file == other.file && start < to && from < end
    }

    #[cfg(test)]
    pub(super) fn of(genre: Genre, span: [(usize, usize); 2], replacement: &str) -> Self {
        Self {
            name: replacement.to_owned(),
            package: String::new(),
            file: String::new(),
            genre,
            returns: String::new(),
            span,
            function: span,
            replacement: replacement.to_owned(),
        }
    }

    #[cfg(test)]
    pub(super) fn within(self, function: [(usize, usize); 2]) -> Self {
        Self { function, ..self }
    }
}

/// The byte at a line and column.
fn offset(text: &str, (line, column): (usize, usize)) -> Option<usize> {
    let before: usize = text.split_inclusive('\n').take(line.checked_sub(1)?).map(str::len).sum();
    let characters = column.checked_sub(1)?;
    let rest = text.get(before..)?;
    Some(before + rest.chars().take(characters).map(char::len_utf8).sum::<usize>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters_and_not_bytes() {
        let text = "a\nné < b\n";
        let mutant = Mutant::of(Genre::Operator, [(2, 4), (2, 5)], ">");
        assert_eq!(mutant.place(text).unwrap(), 6..7);
    }
}
