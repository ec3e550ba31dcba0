//! `POST /api/auth/factor/recovery-codes`
use auth::recovery_codes;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&recovery_codes::ROUTE, recovery_codes::handle).await
}
