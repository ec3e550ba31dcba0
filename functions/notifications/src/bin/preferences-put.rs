//! `PUT /api/preferences`
use notifications::preferences_put;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&preferences_put::ROUTE, preferences_put::handle).await
}
