//! Gives out the calendar behind a secret address.

use interlock_app::model::{Account, CalendarFeed, FeedToken};
use interlock_app::{App, read_feed};
use interlock_http::{Call, Problem, Reply, Route};

/// `GET /api/calendar/{token}`, where the last part ends in `.ics` (FEATURES F107).
///
/// The address is the key: no cookie is looked at, and none is set.
pub const ROUTE: Route =
    Route::get("calendar.feed", "/api/calendar/{token}").public().reads(|call| {
        let token = call.path_id::<FeedToken>("token");
        let keys = token
            .map(|token| [CalendarFeed::key_of(token.user_id()), Account::key_of(token.user_id())]);
        keys.into_iter().flatten().collect()
    });

/// 200 with the calendar; 304 if the reader has it already; 404 whatever the address lacks.
pub async fn handle(app: App, mut call: Call) -> Result<Reply, Problem> {
    let token: FeedToken = call.path_id("token")?;
    let feed = read_feed(&app, call.take_snapshot(), &token).await?;
    let known = call.header_values("if-none-match");
    if known.iter().any(|tags| names(tags, &feed.tag)) {
        return Ok(Reply::not_modified(&feed.tag));
    }
    Ok(Reply::document("text/calendar; charset=utf-8", &feed.tag, feed.document))
}

/// Whether a list of entity tags names one, weakly or strongly (RFC 9110, 13.1.2).
fn names(tags: &str, tag: &str) -> bool {
    tags.split(',').map(str::trim).any(|one| {
        let own = one.strip_prefix("W/").unwrap_or(one).trim_matches('"');
        own == tag || one == "*"
    })
}
