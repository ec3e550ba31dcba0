//! `GET /api/reservations/{reservationId}`
use reservations::get;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&get::ROUTE, get::handle).await
}
