//! The one door to checks, builds and generated documents (docs/CONTRIBUTING.md).
//!
//! Every command ends non-zero when anything it promises does not hold.

mod advisories;
mod audit;
mod build;
mod common_passwords;
mod cost;
mod deployable;
mod functions;
mod glibc;
mod mutants;
mod new;
mod nightly;
mod pack;
mod performance;
mod replay;
mod reproducible;
mod rights;
mod router;
mod sbom;
mod setup;
mod smoke;
mod steps;
mod tidy;
mod tree;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Checks, builds and generated documents")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Crate edges, sizes, one name in eight places, words, traceability
    Tidy,
    /// Format check, clippy, tidy, and cargo-deny where it is installed
    Lint,
    /// Builds the function binaries, then runs every test of the workspace
    Test,
    /// Builds functions for Lambda and holds each zip to its budget
    Build {
        /// Build these only, for example `reservations-create`
        names: Vec<String>,
        /// Build for arm64 instead of the tested `x86_64`
        #[arg(long)]
        arm64: bool,
    },
    /// Has cargo-lambda do all of a deployment but the deployment, for every function
    Deployable,
    /// Writes the generated documents anew
    Bless,
    /// Prints the places a new function needs, for example `reservations.extend`
    New {
        /// Route name: domain, full stop, verb
        name: String,
    },
    /// Judges an exported audit chain without the table it came from
    AuditVerify(audit::Options),
    /// What a deployment costs a month, part by part (docs/COST.md)
    Cost(cost::Options),
    /// Writes a bill of materials for each function, in the form of `CycloneDX`
    Sbom,
    /// Builds functions twice from clones in other folders and compares the zips
    Reproducible(reproducible::Options),
    /// Makes decisions of the gate anew from their records; fails where one differs
    ReplayDecision {
        /// A file with decisions as `reservations-history` answers them, or `-`
        file: std::path::PathBuf,
    },
    /// Looks every crate up in a local copy of the known weaknesses
    Advisories(advisories::Options),
    /// Makes the set of the most used passwords anew from a list, the most used first
    CommonPasswords {
        /// One password a line, as `docs/CONTRIBUTING.md` says where to find it
        list: std::path::PathBuf,
    },
    /// Deploys every stack in its order and looks whether it answers (docs/DEPLOY.md)
    Setup(setup::Options),
    /// Tells which part of a Cal.com is at fault, if one is (docs/DEPLOY.md)
    CalcomSmoke(smoke::Options),
    /// Measures starts and calls of functions beside a peer in Node (docs/PERFORMANCE.md)
    Performance(performance::Options),
    /// Prints the routes for `cargo lambda watch`, as `CargoLambda.toml` has them
    WatchRouter,
    /// Mutants of gate and watching, each to be caught by a test (docs/PROOFS.md)
    Mutants(mutants::Options),
    /// The longer runs that a change does not wait for
    Nightly(nightly::Options),
}

fn main() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Tidy => tidy::run(),
        Command::Lint => steps::lint(),
        Command::Test => steps::test(),
        Command::Build { arm64, names } => build::run(arm64, &names),
        Command::Deployable => deployable::run(),
        Command::Bless => steps::bless(),
        Command::New { name } => new::run(&name),
        Command::AuditVerify(options) => audit::run(&options),
        Command::Cost(options) => {
            print!("{}", cost::bill(&options));
            Ok(())
        }
        Command::Sbom => sbom::run(),
        Command::Reproducible(options) => reproducible::run(&options),
        Command::ReplayDecision { file } => replay::run(&file),
        Command::Advisories(options) => advisories::run(&options),
        Command::CommonPasswords { list } => common_passwords::run(&list),
        // What is left for a person ends otherwise than what failed.
        Command::Setup(options) => return setup::run(&options),
        Command::CalcomSmoke(options) => smoke::run(&options),
        Command::Performance(options) => performance::run(&options),
        Command::WatchRouter => router::run(),
        Command::Mutants(options) => mutants::run(&options).map(drop),
        Command::Nightly(options) => nightly::run(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}
