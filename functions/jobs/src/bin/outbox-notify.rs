//! Called by the minute, and by what providers tell of letters.
use jobs::outbox_notify as job;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve_letters(job::NAME, job::handle_feedback, job::handle_sweep).await
}
