//! Judges an exported chain without the table it came from (docs/adr/0012).

use std::fs;

use clap::Args;
use interlock_audit::{Anchors, check_lines};

/// Which file, and what is known of it from elsewhere.
#[derive(Args)]
pub(crate) struct Options {
    /// Lines of `GET /api/audit?format=chain`, one JSON object each
    file: String,
    /// Root of the last seal, as `audit-verify` or the log of `audit-seal` told it; without it a
    /// cut at the end cannot be seen
    #[arg(long, value_name = "HASH")]
    root: Option<String>,
    /// Root before the first seal, where the file does not begin with the first of all
    #[arg(long, value_name = "HASH")]
    base: Option<String>,
}

/// Prints what the file holds, and every fault.
pub(crate) fn run(options: &Options) -> Result<(), String> {
    let text = fs::read_to_string(&options.file)
        .map_err(|error| format!("{} cannot be read: {error}", options.file))?;
    let anchors = Anchors { base: options.base.as_deref(), root: options.root.as_deref() };
    let summary = check_lines(text.lines(), anchors);
    println!("{} entries under {} seals", summary.entries, summary.seals);
    println!("root {}", summary.root.as_deref().unwrap_or("none"));
    if options.root.is_none() {
        println!("no `--root` was given: whether the end was cut off is not known");
    }
    for fault in &summary.faults {
        println!("fault: {fault}");
    }
    match summary.faults.len() {
        0 => Ok(()),
        count => Err(format!("the chain is not as it was sealed: {count} faults")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn verdict(text: &str, root: Option<&str>) -> Result<(), String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        let file = file.path().display().to_string();
        run(&Options { file, root: root.map(str::to_owned), base: None })
    }

    #[test]
    fn a_file_that_is_not_what_was_noted_fails() {
        assert!(verdict("", None).is_ok());
        assert!(verdict("", Some("a noted root")).is_err());
        assert!(verdict("no line of a chain", None).is_err());
        let nowhere = Options { file: "/nowhere/chain.jsonl".to_owned(), root: None, base: None };
        assert!(run(&nowhere).is_err());
    }
}
