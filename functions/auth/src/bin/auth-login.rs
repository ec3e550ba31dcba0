//! `POST /api/auth/login`
use auth::login;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&login::ROUTE, login::handle).await
}
