//! `POST /api/auth/factor/confirm`
use auth::factor_confirm;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&factor_confirm::ROUTE, factor_confirm::handle).await
}
