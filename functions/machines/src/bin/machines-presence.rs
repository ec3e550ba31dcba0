//! `PUT /api/machines/{machineId}/presence`
use machines::presence;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&presence::ROUTE, presence::handle).await
}
