//! `GET /api/calendar/{token}`
use calendar::feed;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&feed::ROUTE, feed::handle).await
}
