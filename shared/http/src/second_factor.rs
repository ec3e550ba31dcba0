//! Sessions that lack what a route asks beside the password (RELIABILITY P6).

use interlock_app::App;
use interlock_auth::{Caller, Lacking};

use crate::{Problem, Route, problems};

/// Refuses a session that lacks it.
pub(crate) fn check(route: &Route, app: &App, caller: &Caller) -> Result<(), Problem> {
    let (kind, detail) = match route.factor.lacking(app.settings.second_factor, caller, app.now()) {
        None => return Ok(()),
        Some(Lacking::Factor) => (&problems::FACTOR_REQUIRED, "your role needs a second factor"),
        Some(Lacking::Fresh) => {
            (&problems::STEP_UP_REQUIRED, "show a code of your second factor again")
        }
    };
    Err(Problem::new(kind, detail))
}
