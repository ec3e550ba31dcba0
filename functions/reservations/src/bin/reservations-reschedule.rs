//! `POST /api/reservations/{reservationId}/reschedule`
use reservations::reschedule;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&reschedule::ROUTE, reschedule::handle).await
}
