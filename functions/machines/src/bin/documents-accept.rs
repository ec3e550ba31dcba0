//! `POST /api/machines/{machineId}/documents`
use machines::documents_accept;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&documents_accept::ROUTE, documents_accept::handle).await
}
