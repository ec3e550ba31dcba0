//! Which function answers a method and path.
//! The most specific route wins: fixed segments before parameters, a method before `ANY`.

use crate::template::{ListenerPath, Template};

/// The routes of a template.
#[derive(Debug, Clone, Default)]
pub struct RouteTable {
    routes: Vec<Route>,
    listeners: Vec<ListenerPath>,
}

#[derive(Debug, Clone)]
struct Route {
    function: String,
    method: String,
    path: String,
    segments: Vec<Segment>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Fixed(String),
    Parameter(String),
    Rest(String),
}

/// What a request leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Match {
    /// A route of the HTTP API, with decoded path parameters.
    Http { function: String, route_key: String, parameters: Vec<(String, String)> },
    /// A rule of the load balancer.
    Balancer { function: String },
    /// Nothing.
    None,
}

impl RouteTable {
    /// Reads the routes of all functions.
    pub fn new(template: &Template) -> Self {
        let mut routes = Vec::new();
        for function in &template.functions {
            for route in &function.routes {
                routes.push(Route {
                    function: function.name.clone(),
                    method: route.method.clone(),
                    path: route.path.clone(),
                    segments: route.path.split('/').skip(1).map(segment).collect(),
                });
            }
        }
        routes.sort_by_key(|route| {
            let kinds: Vec<u8> = route.segments.iter().map(rank).collect();
            (kinds, route.method == "ANY")
        });
        Self { routes, listeners: template.listener_paths.clone() }
    }

    /// The function for a request; `path` is as sent, without the query.
    pub fn find(&self, method: &str, path: &str) -> Match {
        let listener = self.listeners.iter().find(|listener| {
            let method_fits = listener.methods.is_empty()
                || listener.methods.iter().any(|admitted| admitted == method);
            method_fits && glob(listener.pattern.as_bytes(), path.as_bytes())
        });
        if let Some(listener) = listener {
            return Match::Balancer { function: listener.function.clone() };
        }
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        for route in &self.routes {
            if route.method != "ANY" && route.method != method {
                continue;
            }
            if let Some(parameters) = bind(&route.segments, &parts) {
                return Match::Http {
                    function: route.function.clone(),
                    route_key: format!("{} {}", route.method, route.path),
                    parameters,
                };
            }
        }
        Match::None
    }
}

fn segment(text: &str) -> Segment {
    match text.strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) {
        Some(name) => match name.strip_suffix('+') {
            Some(name) => Segment::Rest(name.to_owned()),
            None => Segment::Parameter(name.to_owned()),
        },
        None => Segment::Fixed(text.to_owned()),
    }
}

fn rank(segment: &Segment) -> u8 {
    match segment {
        Segment::Fixed(_) => 0,
        Segment::Parameter(_) => 1,
        Segment::Rest(_) => 2,
    }
}

fn bind(segments: &[Segment], parts: &[&str]) -> Option<Vec<(String, String)>> {
    let mut parameters = Vec::new();
    let mut parts = parts.iter();
    for segment in segments {
        match segment {
            Segment::Fixed(text) => {
                parts.next().filter(|part| **part == text)?;
            }
            Segment::Parameter(name) => {
                let part = parts.next().filter(|part| !part.is_empty())?;
                parameters.push((name.clone(), percent_decoded(part)));
            }
            Segment::Rest(name) => {
                let rest: Vec<&str> = parts.by_ref().copied().collect();
                parameters.push((name.clone(), percent_decoded(&rest.join("/"))));
            }
        }
    }
    parts.next().is_none().then_some(parameters)
}

/// Text with `%XX` escapes decoded; broken escapes stay as they are.
pub(super) fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escaped = (*first == b'%').then(|| tail.split_at_checked(2)).flatten();
        let decoded = escaped.and_then(|(digits, after)| {
            let digits = std::str::from_utf8(digits).ok()?;
            Some((u8::from_str_radix(digits, 16).ok()?, after))
        });
        let (byte, after) = decoded.unwrap_or((*first, tail));
        bytes.push(byte);
        rest = after;
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Matches `*` (any text) and `?` (any character), as listener rules do.
fn glob(pattern: &[u8], text: &[u8]) -> bool {
    match pattern.split_first() {
        None => text.is_empty(),
        Some((b'*', rest)) => {
            (0..=text.len()).any(|skip| glob(rest, text.get(skip..).unwrap_or_default()))
        }
        Some((wanted, rest)) => match text.split_first() {
            Some((byte, tail)) => (wanted == byte || *wanted == b'?') && glob(rest, tail),
            None => false,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_broken_ones_kept() {
        assert_eq!(percent_decoded("a%20b%2Fc"), "a b/c");
        assert_eq!(percent_decoded("100%"), "100%");
        assert_eq!(percent_decoded("%zz"), "%zz");
    }

    #[test]
    fn listener_patterns_match_like_the_balancer() {
        assert!(glob(b"/api/*/x?", b"/api/any/thing/x1"));
        assert!(!glob(b"/api/webhooks/calcom", b"/api/webhooks/calcom/"));
    }
}
