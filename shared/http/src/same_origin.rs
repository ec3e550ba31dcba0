//! Writes with a cookie come from our own pages (RELIABILITY A4).
//!
//! What a foreign page cannot send is asked for, and what a browser says of the page is believed.
//! Where our pages are on another origin than the API, a browser must say so
//! (docs/adr/0020-two-front-doors.md).

use interlock_app::Front;

use crate::{Problem, RawRequest, problems};

/// Refuses a write that a foreign page could have made.
pub(crate) fn check(request: &RawRequest, front: Front, app_origin: &str) -> Result<(), Problem> {
    let marked = request.single("x-requested-with") == Ok(Some("interlock"));
    if !marked {
        let detail = "writes need the header `X-Requested-With: interlock`";
        return Err(Problem::new(&problems::CSRF_HEADER_REQUIRED, detail));
    }
    let (origin, site) = (request.single("origin"), request.single("sec-fetch-site"));
    let own_origin = origin == Ok(Some(app_origin));
    let own = match front {
        Front::Cloudfront => {
            (own_origin || origin == Ok(None))
                && matches!(site, Ok(None | Some("same-origin" | "none")))
        }
        // Which site that is depends on the names of both, so only the origin tells.
        Front::Gateway => {
            own_origin
                && matches!(site, Ok(None | Some("same-origin" | "same-site" | "cross-site")))
        }
    };
    if own {
        Ok(())
    } else {
        Err(Problem::new(&problems::CROSS_ORIGIN, "writes are taken from our own pages alone"))
    }
}
