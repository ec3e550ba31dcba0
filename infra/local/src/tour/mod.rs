//! placeholder
use crate::{LocalError, cli::Options};
/// x
pub async fn run(_options: &Options) -> Result<(), LocalError> { Ok(()) }
