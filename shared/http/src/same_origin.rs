//! Writes with a cookie come from our own pages (RELIABILITY A4).
//!
//! What a foreign page cannot send is asked for, and what a browser says of the page is believed.

use crate::{Problem, RawRequest, problems};

/// Refuses a write that a foreign page could have made.
pub(crate) fn check(request: &RawRequest, app_origin: &str) -> Result<(), Problem> {
    let marked = request.single("x-requested-with") == Ok(Some("interlock"));
    if !marked {
        let detail = "writes need the header `X-Requested-With: interlock`";
        return Err(Problem::new(&problems::CSRF_HEADER_REQUIRED, detail));
    }
    let own_origin = match request.single("origin") {
        Ok(None) => true,
        Ok(Some(origin)) => origin == app_origin,
        Err(()) => false,
    };
    let own_site =
        matches!(request.single("sec-fetch-site"), Ok(None | Some("same-origin" | "none")));
    if own_origin && own_site {
        Ok(())
    } else {
        Err(Problem::new(&problems::CROSS_ORIGIN, "writes are taken from our own pages alone"))
    }
}
