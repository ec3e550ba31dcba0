//! `POST /api/auth/reset-request`
use auth::reset_request;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&reset_request::ROUTE, reset_request::handle).await
}
