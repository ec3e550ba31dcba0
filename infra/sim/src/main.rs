//! `cargo sim`: plays schedules, or shows that the defect bank is caught.

use std::process::ExitCode;

/// A third of a schedule's time goes into small allocations, and this one halves it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    interlock_sim::cli::run()
}
