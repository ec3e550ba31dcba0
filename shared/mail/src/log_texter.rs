//! Short messages, told to the log alone: the second channel until a provider is chosen.

use async_trait::async_trait;
use interlock_app::model::LetterId;
use interlock_app::ports::{PostError, Texter};

/// Notes that a short message would have gone out; neither its number nor its text (promise R25).
#[derive(Debug, Clone, Copy, Default)]
pub struct LogTexter;

#[async_trait]
impl Texter for LogTexter {
    async fn send(&self, letter: &LetterId, _phone: &str, text: &str) -> Result<(), PostError> {
        let characters = text.chars().count();
        tracing::info!(letter.id = %letter, characters, "a short message is due");
        Ok(())
    }
}
