//! `POST /api/machines/{machineId}/outages/{outageId}/end`
use machines::outages_end;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&outages_end::ROUTE, outages_end::handle).await
}
