//! `POST /api/reservations/{reservationId}/attendance`
use reservations::attendance;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&attendance::ROUTE, attendance::handle).await
}
