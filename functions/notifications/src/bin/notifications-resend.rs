//! `POST /api/notifications/{letterId}/resend`
use notifications::resend;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&resend::ROUTE, resend::handle).await
}
