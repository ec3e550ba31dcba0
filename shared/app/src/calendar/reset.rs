//! A new secret address for a person's feed, or none any more.

use interlock_policy::UserId;

use crate::model::{CalendarFeed, FeedToken};
use crate::ports::store::Transaction;
use crate::{Act, App, AppError, Front};

/// A feed's address, shown once: only the hash of its token is kept.
pub struct NewFeed {
    /// The whole address.
    pub url: String,
}

/// Gives the feed of a person a new address; the old one is dead from now on.
///
/// `api_host` is where the API was called: where pages come from elsewhere, it is there, too.
pub async fn reset_feed(
    app: &App,
    user_id: &UserId,
    api_host: Option<&str>,
    act: &Act,
) -> Result<NewFeed, AppError> {
    let token = FeedToken::new(user_id.clone(), app.ids.random());
    let feed = CalendarFeed { user_id: user_id.clone(), hash: token.hash(), made_at: app.now() };
    let audit = act.audit(app.now(), "calendar.reset", user_id, serde_json::json!({}));
    app.store.commit(&Transaction::new().put(&feed)?.put(&audit)?).await?;
    let origin = match (app.settings.front, api_host) {
        (Front::Gateway, Some(host)) => format!("https://{host}"),
        (Front::Cloudfront | Front::Gateway, _) => app.settings.app_origin.clone(),
    };
    Ok(NewFeed { url: format!("{origin}/api/calendar/{}", token.file_name()) })
}

/// Ends the feed of a person; one there is not is no error.
pub async fn stop_feed(app: &App, user_id: &UserId, act: &Act) -> Result<(), AppError> {
    let audit = act.audit(app.now(), "calendar.stop", user_id, serde_json::json!({}));
    let transaction = Transaction::new().remove(CalendarFeed::key_of(user_id)).put(&audit)?;
    Ok(app.store.commit(&transaction).await?)
}
