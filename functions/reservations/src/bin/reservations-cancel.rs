//! `POST /api/reservations/{reservationId}/cancel`
use reservations::cancel;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&cancel::ROUTE, cancel::handle).await
}
