//! Fills a fresh table with the demo data, through the product's own seed program.
//! The mark is written only after the seed succeeded, so a broken start is seeded again.

use std::path::Path;
use std::process::Stdio;

use tokio::process::Command;

use crate::LocalError;
use crate::data_folder::DataFolder;

/// Name of the seed's binary.
pub const SEED: &str = "interlock-seed";
/// People of the demo data and what they are, in the order they are shown.
pub const PEOPLE: [(&str, &str); 5] = [
    ("ada@demo.test", "member, nothing done yet"),
    ("max@demo.test", "member, trained and checked out on the laser"),
    ("mia@demo.test", "manager"),
    ("root@demo.test", "admin"),
    ("cora@demo.test", "host, the coach"),
];
/// Password of everyone.
pub const PASSWORD: &str = "interlock-demo";

/// Runs the seed unless this folder has been seeded.
pub async fn plant(
    data: &DataFolder,
    executable: &Path,
    variables: Vec<(String, String)>,
) -> Result<(), LocalError> {
    let mark = data.file("seeded");
    if mark.exists() {
        return Ok(());
    }
    let output = Command::new(executable)
        .env_clear()
        .envs(variables)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| LocalError::file(executable, error))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        return Err(LocalError::part("demo data", format!("{}: {words}", output.status)));
    }
    std::fs::write(&mark, "").map_err(|error| LocalError::file(mark, error))
}
