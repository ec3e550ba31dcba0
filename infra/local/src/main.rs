//! The `cargo local` command.
//! Ends with status 0 only when the stack was asked to end or the tour saw no surprise.

use std::process::ExitCode;

use clap::Parser;
use interlock_local::cli::{Options, say, welcome};
use interlock_local::stack::Stack;
use interlock_local::{LocalError, tour};
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_target(false)
        .with_env_filter(
            EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn")),
        )
        .init();
    let options = Options::parse();
    let outcome = if options.tour { tour::run(&options).await } else { serve(&options).await };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(options: &Options) -> Result<(), LocalError> {
    let mut terminate =
        signal(SignalKind::terminate()).map_err(|error| LocalError::part("signals", error))?;
    let stack = tokio::select! {
        stack = Stack::start(options) => stack?,
        _ = tokio::signal::ctrl_c() => return Ok(()),
        _ = terminate.recv() => return Ok(()),
    };
    say(&welcome(&stack.url));
    if let Some(url) = &stack.webhook_url {
        say(&format!("\n  webhooks of the real server go to {url}"));
    }
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    stack.shut_down().await;
    Ok(())
}
