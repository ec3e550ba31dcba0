//! The session cookie: written for this host, every path and TLS alone, read strictly.
//!
//! `__Host-` needs `Secure`; browsers count `127.0.0.1` and `localhost` as trustworthy enough for
//! it, so the same cookie serves the local stack (RELIABILITY A1).
//!
//! How far other sites reach with it depends on where our own pages are
//! (docs/adr/0020-two-front-doors.md).

use std::fmt;

use interlock_app::Front;
use jiff::SignedDuration;

use crate::SessionToken;

/// Name of the cookie (PRODUCT 8).
pub const NAME: &str = "__Host-session";
/// Name of the cookie of a browser from which somebody has logged in before; it opens nothing
/// (RELIABILITY P4).
pub const DEVICE: &str = "__Host-device";
/// Name of the cookie of a login that waits for the second factor; it opens nothing
/// (RELIABILITY P6).
pub const PENDING: &str = "__Host-pending";

/// Longest header that is looked at, in bytes.
const MAX_HEADER: usize = 8192;

/// A cookie that is set; it holds a secret, so it shows nothing of itself.
pub struct Cookie {
    name: &'static str,
    value: String,
    seconds: i64,
}

impl Cookie {
    fn of(name: &'static str, token: &SessionToken, life: SignedDuration) -> Self {
        Self { name, value: token.expose(), seconds: life.as_secs().max(0) }
    }

    fn ended(name: &'static str) -> Self {
        Self { name, value: String::new(), seconds: 0 }
    }

    /// Value of `Set-Cookie`.
    ///
    /// Pages of another site send only what is `SameSite=None`. `Partitioned` keeps that to pages
    /// under the site of ours, so that no other site has a browser send it (CHIPS); a browser that
    /// does not know the word ignores it.
    pub fn written(&self, front: Front) -> String {
        let Self { name, value, seconds } = self;
        let reach = match front {
            Front::Cloudfront => "SameSite=Lax",
            Front::Gateway => "SameSite=None; Partitioned",
        };
        format!("{name}={value}; Path=/; Secure; HttpOnly; {reach}; Max-Age={seconds}")
    }
}

impl fmt::Debug for Cookie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookie").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Logs a browser in for so long.
pub fn issue(token: &SessionToken, life: SignedDuration) -> Cookie {
    Cookie::of(NAME, token, life)
}

/// Makes a browser known for so long.
pub fn know(token: &SessionToken, life: SignedDuration) -> Cookie {
    Cookie::of(DEVICE, token, life)
}

/// Keeps a login waiting for so long.
pub fn wait(token: &SessionToken, life: SignedDuration) -> Cookie {
    Cookie::of(PENDING, token, life)
}

/// Ends the waiting.
pub fn waited() -> Cookie {
    Cookie::ended(PENDING)
}

/// Logs a browser out.
pub fn clear() -> Cookie {
    Cookie::ended(NAME)
}

/// The session token among the values of `Cookie`.
///
/// `None` if there is none, if it is malformed, or if there are two: a second cookie of that name
/// was not set by us.
pub fn find<'a>(headers: impl IntoIterator<Item = &'a str>) -> Option<SessionToken> {
    named(NAME, headers)
}

/// Whether there is one, or what passes for one: nothing else may be shown beside it.
pub fn is_shown<'a>(headers: impl IntoIterator<Item = &'a str>) -> bool {
    headers.into_iter().any(|header| header.contains(NAME))
}

/// The token of a known browser among the values of `Cookie`; in doubt `None`, as with sessions.
pub fn find_device<'a>(headers: impl IntoIterator<Item = &'a str>) -> Option<SessionToken> {
    named(DEVICE, headers)
}

/// The token of a login that waits among the values of `Cookie`; in doubt `None`.
pub fn find_pending<'a>(headers: impl IntoIterator<Item = &'a str>) -> Option<SessionToken> {
    named(PENDING, headers)
}

fn named<'a>(wanted: &str, headers: impl IntoIterator<Item = &'a str>) -> Option<SessionToken> {
    let mut found = headers
        .into_iter()
        .filter(|header| header.len() <= MAX_HEADER)
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| *name == wanted)
        .map(|(_, value)| value);
    let first = found.next()?;
    if found.next().is_some() {
        return None;
    }
    first.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> SessionToken {
        format!("usr_ada.{}", "ab".repeat(32)).parse().unwrap()
    }

    #[test]
    fn the_cookie_is_bound_to_the_host_and_hidden_from_scripts() {
        let set = issue(&token(), SignedDuration::from_hours(12)).written(Front::Cloudfront);
        let expected = format!(
            "__Host-session=usr_ada.{}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=43200",
            "ab".repeat(32)
        );
        assert_eq!(set, expected);
    }

    #[test]
    fn logging_out_empties_the_cookie_at_once() {
        let expected = "__Host-session=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";
        assert_eq!(clear().written(Front::Cloudfront), expected);
    }

    #[test]
    fn for_pages_of_another_site_every_cookie_is_none_and_kept_to_our_site() {
        let (token, life) = (token(), SignedDuration::from_hours(1));
        let waiting = [wait(&token, life), waited()];
        for cookie in [issue(&token, life), know(&token, life), clear()].iter().chain(&waiting) {
            let set = cookie.written(Front::Gateway);
            assert!(set.starts_with("__Host-"), "{set}");
            assert!(!set.contains("Domain"), "{set}");
            let (_, rest) = set.split_once("; ").unwrap();
            let wanted = "Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=";
            assert!(rest.starts_with(wanted), "{set}");
        }
    }

    #[test]
    fn a_cookie_shows_no_secret_in_a_log() {
        let shown = format!("{:?}", issue(&token(), SignedDuration::from_hours(1)));
        assert!(shown.contains(NAME) && !shown.contains("abab"), "{shown}");
    }

    #[test]
    fn a_known_browser_and_a_session_are_never_taken_for_each_other() {
        let known = know(&token(), SignedDuration::from_hours(1)).written(Front::Cloudfront);
        let (_, value) = known.split(';').next().unwrap().split_once('=').unwrap();
        let header = format!("{DEVICE}={value}");
        assert_eq!(find_device([header.as_str()]), Some(token()));
        assert_eq!(find([header.as_str()]), None);
        assert_eq!(find_device([format!("{NAME}={value}").as_str()]), None);
        let waiting = wait(&token(), SignedDuration::from_mins(5)).written(Front::Cloudfront);
        let header = waiting.split(';').next().unwrap();
        assert_eq!(find_pending([header]), Some(token()));
        assert_eq!((find([header]), find_device([header])), (None, None));
        assert!(known.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600"));
    }

    #[test]
    fn the_token_is_found_among_other_cookies_and_headers() {
        let ours = format!("{NAME}={}", token().expose());
        for headers in [
            vec![ours.clone()],
            vec![format!("theme=dark; {ours}; x=y")],
            vec!["theme=dark".into(), ours.clone()],
            vec![format!("broken;{ours};=;")],
            vec![format!("session=other; {ours}")],
        ] {
            let found = find(headers.iter().map(String::as_str));
            assert_eq!(found, Some(token()), "{headers:?}");
        }
    }

    #[test]
    fn doubt_counts_as_no_session() {
        let ours = format!("{NAME}={}", token().expose());
        for headers in [
            vec![],
            vec![String::new()],
            vec![format!("{ours}; {ours}")],
            vec![ours.clone(), ours.clone()],
            vec![format!("{NAME}=")],
            vec![format!("{NAME}=usr_ada.0")],
            vec![format!("__host-session={}", token().expose())],
            vec![format!("{NAME}=\"{}\"", token().expose())],
            vec![format!("{ours}; pad={}", "x".repeat(MAX_HEADER))],
        ] {
            let found = find(headers.iter().map(String::as_str));
            assert_eq!(found, None, "{headers:?}");
        }
    }
}
