//! Lists the caller's reservations by start.

use interlock_app::model::ReservationView;
use interlock_app::{App, ReservationQuery, is_staff_on, list_reservations};
use interlock_http::{Call, Problem, Reply, Route};
use interlock_policy::{ResourceId, Role};

/// `GET /api/reservations` (S0-067).
pub const ROUTE: Route = Route::get("reservations.list", "/api/reservations")
    .twin("/api/cal/bookings")
    .allow(Role::Member)
    .query(&["from", "to", "machineId", "sort", "limit", "cursor"]);

/// 200 with a page; `machineId` shows everybody's on a machine and is for staff.
pub async fn handle(app: App, call: Call) -> Result<Reply, Problem> {
    let wanted = wanted(&app, &call).await?;
    let scope = format!("reservations:{:?}:{}", wanted.resource_id, wanted.descending);
    let wanted = ReservationQuery { after: call.cursor(&scope)?, ..wanted };
    let (page, next) = list_reservations(&app, &wanted).await?;
    let items: Vec<ReservationView> = page.iter().map(ReservationView::from).collect();
    Ok(Reply::page(&items, call.next_cursor(&scope, next.as_ref())))
}

async fn wanted(app: &App, call: &Call) -> Result<ReservationQuery, Problem> {
    let resource_id = resource(app, call).await?;
    let descending = match call.query_param("sort") {
        None | Some("start") => false,
        Some("-start") => true,
        Some(_) => {
            return Err(Problem::parameter("sort", "unknown", "`start` or `-start`"));
        }
    };
    Ok(ReservationQuery {
        user_id: call.caller_id()?.clone(),
        from: call.instant("from")?,
        until: call.instant("to")?,
        resource_id,
        descending,
        limit: call.limit()?,
        after: None,
    })
}

/// Whose reservations are wanted beside the caller's own: everybody's on a resource of his scope.
async fn resource(app: &App, call: &Call) -> Result<Option<ResourceId>, Problem> {
    let Some(text) = call.query_param("machineId") else { return Ok(None) };
    let staff_only = || Problem::parameter("machineId", "staff_only", "for staff only");
    let account = &call.caller()?.account.value;
    if account.rank() < Role::Manager.rank() {
        return Err(staff_only());
    }
    let malformed = |_| Problem::parameter("machineId", "malformed", "an id is wanted");
    let id: ResourceId = text.parse().map_err(malformed)?;
    if is_staff_on(app, account, &id).await? { Ok(Some(id)) } else { Err(staff_only()) }
}
