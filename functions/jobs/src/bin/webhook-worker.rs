//! Called by the webhook queue.
use jobs::webhook_worker as job;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve_queue(job::NAME, job::handle, job::lost).await
}
