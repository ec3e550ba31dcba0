//! `POST /api/reservations/{reservationId}/attendance`
use reservations::session_attendance;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&session_attendance::ROUTE, session_attendance::handle).await
}
