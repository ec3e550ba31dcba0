//! Called by schedules, one for each of Cal.com's own.
use jobs::calcom_cron as job;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve_chores(job::NAME, job::handle).await
}
