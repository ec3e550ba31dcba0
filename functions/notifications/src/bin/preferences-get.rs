//! `GET /api/preferences`
use notifications::preferences_get;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&preferences_get::ROUTE, preferences_get::handle).await
}
