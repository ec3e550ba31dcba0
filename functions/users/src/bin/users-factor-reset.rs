//! `DELETE /api/users/{userId}/factor`
use users::factor_reset;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&factor_reset::ROUTE, factor_reset::handle).await
}
