//! `cargo sim`: plays schedules, or shows that the defect bank is caught.

use std::process::ExitCode;

fn main() -> ExitCode {
    interlock_sim::cli::run()
}
