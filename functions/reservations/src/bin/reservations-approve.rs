//! `POST /api/reservations/{reservationId}/approve`
use reservations::approve;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&approve::ROUTE, approve::handle).await
}
