//! Whom a call may concern: oneself, or anybody for an admin.

use interlock_http::{Call, Problem};
use interlock_policy::{Role, UserId};

/// The person of the path, if the caller is that person or an admin; what is foreign to a caller
/// answers 404 like what does not exist (RELIABILITY Z2).
pub(crate) fn person(call: &Call) -> Result<UserId, Problem> {
    let wanted = call.user_id()?;
    let caller = call.caller()?;
    let admin = caller.account.value.rank() >= Role::Admin.rank();
    if admin || caller.user_id == wanted {
        return Ok(wanted);
    }
    Err(interlock_app::AppError::NotFound { what: "person" }.into())
}
