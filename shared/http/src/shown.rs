//! What a request shows of its caller: a session of ours or a token of the issuer outside, never
//! both.

use http::header::{AUTHORIZATION, COOKIE};
use interlock_app::model::ExternalIdentity;
use interlock_app::ports::store::Key;
use interlock_app::ports::{Identity, Issuer, IssuerError};
use interlock_app::{App, AppError, Snapshot};
use interlock_auth::{
    AuthError, Caller, SessionToken, authenticate, bearer_keys, cookie, recognize, session_keys,
};
use interlock_policy::UserId;
use jiff::Timestamp;

use crate::{Problem, RawRequest, Route, problems, same_origin};

/// Longest token that is looked at, in bytes.
const MAX_TOKEN: usize = 8192;

/// What a request shows.
pub(crate) enum Shown {
    /// The cookie of a session.
    Session(SessionToken),
    /// A token that was verified.
    Bearer {
        /// Hash of the name it carries.
        hash: String,
        /// Whom the name stands for.
        user_id: UserId,
        /// What it says.
        said: Identity,
    },
}

impl Shown {
    /// What is shown on a route that asks for it. Errors: 401 without anything that counts, 400
    /// for both at once, 403 for a write with a cookie that a foreign page could have made.
    pub(crate) async fn of(
        route: &Route,
        app: &App,
        request: &RawRequest,
    ) -> Result<Option<Self>, Problem> {
        if !route.access.needs_session() {
            return Ok(None);
        }
        let cookies = request.headers.get_all(COOKIE).iter();
        let cookies = cookies.filter_map(|value| value.to_str().ok());
        // Without an issuer the header says nothing to us.
        if let Some(issuer) = &app.issuer
            && request.headers.contains_key(AUTHORIZATION)
        {
            if cookie::is_shown(cookies) {
                let detail = "a session or a token, not both";
                return Err(Problem::parameter("Authorization", "not_both", detail));
            }
            return bearer(app, issuer.as_ref(), request).await.map(Some);
        }
        let token = cookie::find(cookies).ok_or_else(Problem::unauthenticated)?;
        if !route.method.is_safe() {
            same_origin::check(request, app.settings.front, &app.settings.app_origin)?;
        }
        Ok(Some(Self::Session(token)))
    }

    /// Whose it claims to be.
    pub(crate) fn user_id(&self) -> &UserId {
        match self {
            Self::Session(token) => token.user_id(),
            Self::Bearer { user_id, .. } => user_id,
        }
    }

    /// What must be read to tell.
    pub(crate) fn keys(&self) -> Vec<Key> {
        match self {
            Self::Session(token) => session_keys(token).to_vec(),
            Self::Bearer { user_id, .. } => bearer_keys(user_id).to_vec(),
        }
    }

    /// The caller, from that read.
    pub(crate) fn caller(&self, snapshot: &Snapshot, now: Timestamp) -> Result<Caller, Problem> {
        let caller = match self {
            Self::Session(token) => authenticate(snapshot, token, now),
            Self::Bearer { hash, user_id, said } => recognize(snapshot, (hash, user_id), said),
        };
        caller.map_err(|error| match error {
            AuthError::Store(error) => AppError::from(error).into(),
            AuthError::Unknown | AuthError::Expired | AuthError::Ended | AuthError::Banned => {
                Problem::unauthenticated().with_cause(error.to_string())
            }
        })
    }
}

async fn bearer(app: &App, issuer: &dyn Issuer, request: &RawRequest) -> Result<Shown, Problem> {
    let header = request.single("authorization").ok().flatten();
    let token = header.and_then(token).ok_or_else(Problem::unauthenticated)?;
    let said = issuer.identify(token, app.now()).await.map_err(|error| match error {
        IssuerError::Refused(why) => Problem::unauthenticated().with_cause(why.to_owned()),
        IssuerError::Unavailable(source) => {
            Problem::new(&problems::UPSTREAM_UNAVAILABLE, "the issuer of tokens is unavailable")
                .retry_after(30)
                .with_cause(source.to_string())
        }
    })?;
    let hash = ExternalIdentity::hash_of(&said.issuer, &said.subject);
    let key = ExternalIdentity::key_of(&hash);
    let read = Snapshot::read(app.store.as_ref(), std::slice::from_ref(&key)).await?;
    let linked = read.get::<ExternalIdentity>(&key).map_err(AppError::from)?;
    let unknown =
        || Problem::unauthenticated().with_cause("the token names nobody here".to_owned());
    let user_id = linked.ok_or_else(unknown)?.value.user_id;
    Ok(Shown::Bearer { hash, user_id, said })
}

/// The token of `Bearer <token>`; the word in any case.
fn token(header: &str) -> Option<&str> {
    let (word, token) = header.split_once(' ')?;
    let plain = !token.is_empty() && token.len() <= MAX_TOKEN && !token.contains(' ');
    (plain && word.eq_ignore_ascii_case("bearer")).then_some(token)
}
