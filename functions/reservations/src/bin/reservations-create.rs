//! `POST /api/machines/{machineId}/reservations`
use reservations::create;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&create::ROUTE, create::handle).await
}
