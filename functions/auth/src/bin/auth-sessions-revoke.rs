//! `DELETE /api/auth/sessions/{sessionId}`
use auth::sessions_revoke;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&sessions_revoke::ROUTE, sessions_revoke::handle).await
}
