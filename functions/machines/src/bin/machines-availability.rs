//! `GET /api/machines/{machineId}/availability`
use machines::availability;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&availability::ROUTE, availability::handle).await
}
