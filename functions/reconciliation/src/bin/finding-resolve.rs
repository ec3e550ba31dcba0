//! `POST /api/reconciliation/findings/{findingId}/resolve`
use reconciliation::finding_resolve;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&finding_resolve::ROUTE, finding_resolve::handle).await
}
