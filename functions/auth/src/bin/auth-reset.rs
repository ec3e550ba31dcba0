//! `POST /api/auth/reset`
use auth::reset;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&reset::ROUTE, reset::handle).await
}
