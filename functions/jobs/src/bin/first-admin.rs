//! Called by hand.
use jobs::first_admin as job;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve_schedule(job::NAME, job::handle).await
}
