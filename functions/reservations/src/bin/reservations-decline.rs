//! `POST /api/reservations/{reservationId}/decline`
use reservations::decline;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&decline::ROUTE, decline::handle).await
}
