//! `GET /api/reconciliation/findings`
use reconciliation::findings_list;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), interlock_lambda::Error> {
    interlock_lambda::serve(&findings_list::ROUTE, findings_list::handle).await
}
