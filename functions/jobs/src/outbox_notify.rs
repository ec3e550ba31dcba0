//! Sends the letters that are due, and notes what became of those that were sent.

use interlock_app::{App, AppError, Feedback, Post, send_due, take_feedback};
use serde_json::Value;

/// Name of the function.
pub const NAME: &str = "outbox-notify";

/// What a provider tells of one letter; of one that is not known it tells nothing.
pub async fn handle_feedback(app: App, feedback: Feedback) -> Result<(), AppError> {
    if !take_feedback(&app, &feedback).await? {
        tracing::warn!(letter.id = %feedback.letter_id, "an event tells of no letter");
    }
    Ok(())
}

/// The sweep of every minute: `{due,done,failed}`.
pub async fn handle_sweep(app: App, post: Post) -> Result<Value, AppError> {
    let report = send_due(&app, &post).await?;
    serde_json::to_value(report).map_err(|error| AppError::internal(error.to_string()))
}
