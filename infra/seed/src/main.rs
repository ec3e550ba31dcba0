//! Fills an empty table with the demo data: five people, two modules, four machines, one host.
//!
//! The same on every run but for the salts of the password hashes. Writes only what is absent, so
//! a second run changes nothing.

mod accounts;
mod people;
mod resources;
mod training;
mod write;

use std::error::Error;

use interlock_store::DynamoStore;

/// Password of everyone in the demo.
const PASSWORD: &str = "interlock-demo";
/// When everything in the demo was made.
const MADE_AT: &str = "2026-01-01T00:00:00Z";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
    let client = aws_sdk_dynamodb::Client::new(&config);
    let store = DynamoStore::new(client, variable("INTERLOCK_TABLE")?);
    let accounts = accounts::parse(&variable("INTERLOCK_SEED_ACCOUNTS")?)?;
    people::plant(&store).await?;
    training::plant(&store).await?;
    let approval = variable("INTERLOCK_SEED_APPROVAL").unwrap_or_default();
    resources::plant(&store, &accounts, &approval).await?;
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "a tool's own configuration, read once")]
fn variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("the variable `{name}` is not set"))
}
