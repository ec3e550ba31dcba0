//! `POST /api/auth/logout`
use auth::logout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&logout::ROUTE, logout::handle).await
}
