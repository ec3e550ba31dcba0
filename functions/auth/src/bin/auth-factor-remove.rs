//! `DELETE /api/auth/factor`
use auth::factor_remove;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&factor_remove::ROUTE, factor_remove::handle).await
}
