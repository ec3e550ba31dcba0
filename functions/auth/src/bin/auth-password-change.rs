//! `POST /api/auth/password`
use auth::password_change;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&password_change::ROUTE, password_change::handle).await
}
