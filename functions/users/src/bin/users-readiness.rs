//! `GET /api/users/{userId}/readiness`
use users::readiness;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&readiness::ROUTE, readiness::handle).await
}
