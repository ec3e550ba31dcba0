//! A request as it came, whatever brought it.
//!
//! The source address is the gateway's word and never a header's (RELIABILITY A6).

use std::time::Instant;

use http::{HeaderMap, HeaderName, HeaderValue};
use interlock_policy::RequestId;

/// By which way a request came, where only the distribution may bring one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Through the distribution, or in where nothing is asked of the way.
    Allowed,
    /// Past the distribution.
    Past,
    /// Nobody can tell, because what proves it could not be read.
    Unproven,
}

/// A request as it came.
#[derive(Debug, Clone)]
pub struct RawRequest {
    /// Method on the wire.
    pub method: String,
    /// Path without the query.
    pub path: String,
    /// Path parameters by name, where the gateway found them; otherwise the route's paths are
    /// matched against `path`.
    pub path_parameters: Vec<(String, String)>,
    /// Query parameters, decoded, in order.
    pub query: Vec<(String, String)>,
    /// Headers.
    pub headers: HeaderMap,
    /// The raw body, base64 of the gateway undone.
    pub body: Vec<u8>,
    /// Address of the client, as the gateway saw it.
    pub source_ip: Option<String>,
    /// Our name for this request.
    pub request_id: RequestId,
    /// The platform's name for the trace that it belongs to.
    pub trace_id: Option<String>,
    /// When whoever runs us stops waiting, where that is known.
    pub ends_at: Option<Instant>,
    /// By which way it came.
    pub way: Way,
}

impl RawRequest {
    /// A request without headers and body; a query in `target` is split off, not decoded.
    pub fn new(method: &str, target: &str, request_id: RequestId) -> Self {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        let query = pairs.map(|pair| pair.split_once('=').unwrap_or((pair, "")));
        Self {
            method: method.to_owned(),
            path: path.to_owned(),
            path_parameters: Vec::new(),
            query: query.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            headers: HeaderMap::new(),
            body: Vec::new(),
            source_ip: None,
            request_id,
            trace_id: None,
            ends_at: None,
            way: Way::Allowed,
        }
    }

    /// That came by this way.
    #[must_use]
    pub fn by(mut self, way: Way) -> Self {
        self.way = way;
        self
    }

    /// That must be answered by then.
    #[must_use]
    pub fn ending(mut self, at: Instant) -> Self {
        self.ends_at = Some(at);
        self
    }

    /// With one more header; a value that is none is left out.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.append(HeaderName::from_static(name), value);
        }
        self
    }

    /// With a JSON body.
    #[must_use]
    pub fn json(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", "application/json")
    }

    /// With a session, as a browser on our own page sends it.
    #[must_use]
    pub fn session(self, token: &interlock_auth::SessionToken) -> Self {
        let cookie = format!("{}={}", interlock_auth::cookie::NAME, token.expose());
        self.header("cookie", &cookie).header("x-requested-with", "interlock")
    }

    /// The only value of a header, if it is text; `Err` if there are several or it is not.
    pub(crate) fn single(&self, name: &str) -> Result<Option<&str>, ()> {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
            (Some(_), Some(_)) => Err(()),
        }
    }
}
