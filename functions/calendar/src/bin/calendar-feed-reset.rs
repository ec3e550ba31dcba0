//! `POST /api/calendar/reset`
use calendar::feed_reset;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&feed_reset::ROUTE, feed_reset::handle).await
}
