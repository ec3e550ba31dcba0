//! `POST /api/auth/factor`
use auth::factor_begin;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&factor_begin::ROUTE, factor_begin::handle).await
}
