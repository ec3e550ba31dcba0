//! Called by the outbox queue and the minute.
use jobs::outbox_calcom as job;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve_mixed(job::NAME, job::handle_nudge, job::handle_sweep).await
}
