//! `GET /api/reservations/{reservationId}/history`
use reservations::history;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&history::ROUTE, history::handle).await
}
