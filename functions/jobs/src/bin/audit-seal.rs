//! Called by the schedule.
use jobs::audit_seal as job;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve_schedule(job::NAME, job::handle).await
}
