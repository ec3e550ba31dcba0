//! `GET /api/auth/me`
use auth::me;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&me::ROUTE, me::handle).await
}
