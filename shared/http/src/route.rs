//! A route as a constant: name, method, paths, who may call it and what one read fetches for it.
//!
//! Only a draft with a declared access becomes a [`Route`]; one without does not compile as one
//! (RELIABILITY Z1).

use std::time::Duration;

use interlock_app::ports::store::Key;
use interlock_app::{Rate, Uncounted};
use interlock_auth::{Access, FactorRule};
use interlock_policy::Role;

use crate::Prefetch;

/// Longest body of an ordinary call, in bytes.
const MAX_BODY: usize = 100_000;
/// Longest delivery of a webhook, in bytes (RELIABILITY W3).
const MAX_SIGNED_BODY: usize = 256_000;

/// Least time in which a read is begun: one more request to the table.
const READ: Duration = Duration::from_secs(2);
/// Least time in which a write is begun: a read and a commit.
const WRITE: Duration = Duration::from_secs(4);
/// Least time in which what changes something at Cal.com is begun: its answer is waited for for
/// eight seconds, and a commit goes before it and after it (RELIABILITY 3.5).
const CALCOM: Duration = Duration::from_secs(11);

/// Methods we route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates or acts.
    Post,
    /// Changes in part.
    Patch,
    /// Replaces.
    Put,
    /// Removes.
    Delete,
}

impl Method {
    /// Whether it only reads.
    pub const fn is_safe(self) -> bool {
        match self {
            Self::Get => true,
            Self::Post | Self::Patch | Self::Put | Self::Delete => false,
        }
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// What a route makes of `Idempotency-Key` (PRODUCT 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Idempotency {
    /// Nothing.
    Ignored,
    /// Honours one if it comes.
    Optional,
    /// Refuses calls without one.
    Required,
}

/// How often one person may call a route (RELIABILITY L2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// How often.
    pub rate: Rate,
    /// What becomes of a call that cannot be counted.
    pub uncounted: Uncounted,
}

/// One operation: one Lambda, under one path or two.
#[derive(Debug, Clone, Copy)]
pub struct Route {
    /// Name, operation id and log field, such as `reservations.create`.
    pub name: &'static str,
    /// Method.
    pub method: Method,
    /// Path with its parameters in braces.
    pub path: &'static str,
    /// The same operation on hosts (PRODUCT D8).
    pub twin: Option<&'static str>,
    /// Who may call it.
    pub access: Access,
    /// Whether a manager may call it on what lies within his scope only (S0-051).
    pub confined: bool,
    /// What it asks of a session beside the password.
    pub factor: FactorRule,
    /// What it makes of `Idempotency-Key`.
    pub idempotency: Idempotency,
    /// Query parameters it knows; others are refused.
    pub query: &'static [&'static str],
    /// Longest body, in bytes.
    pub max_body: usize,
    /// How often one person may call it.
    pub limit: Option<Limit>,
    /// What to read together with the session.
    pub reads: Option<fn(&Prefetch<'_>) -> Vec<Key>>,
    /// Least time in which it is begun; with less it is refused before it changes anything
    /// (RELIABILITY L3).
    pub needs: Duration,
}

/// A route nobody may call yet, because nobody has said who may.
///
/// ```compile_fail
/// use interlock_http::Route;
/// const ROUTE: Route = Route::get("things.list", "/api/things");
/// ```
///
/// ```
/// use interlock_http::Route;
/// const ROUTE: Route = Route::get("things.list", "/api/things").any_caller();
/// ```
#[derive(Debug, Clone, Copy)]
pub struct RouteDraft(Route);

impl Route {
    /// A read.
    pub const fn get(name: &'static str, path: &'static str) -> RouteDraft {
        RouteDraft::new(Method::Get, name, path)
    }

    /// A creation or an act.
    pub const fn post(name: &'static str, path: &'static str) -> RouteDraft {
        RouteDraft::new(Method::Post, name, path)
    }

    /// A change in part.
    pub const fn patch(name: &'static str, path: &'static str) -> RouteDraft {
        RouteDraft::new(Method::Patch, name, path)
    }

    /// A replacement.
    pub const fn put(name: &'static str, path: &'static str) -> RouteDraft {
        RouteDraft::new(Method::Put, name, path)
    }

    /// A removal.
    pub const fn delete(name: &'static str, path: &'static str) -> RouteDraft {
        RouteDraft::new(Method::Delete, name, path)
    }

    /// Also routed here.
    #[must_use]
    pub const fn twin(mut self, path: &'static str) -> Self {
        self.twin = Some(path);
        self
    }

    /// Honours `Idempotency-Key`, or refuses calls without one.
    #[must_use]
    pub const fn idempotent(mut self, required: bool) -> Self {
        self.idempotency = if required { Idempotency::Required } else { Idempotency::Optional };
        self
    }

    /// Knows these query parameters; any other is refused.
    #[must_use]
    pub const fn query(mut self, names: &'static [&'static str]) -> Self {
        self.query = names;
        self
    }

    /// Asks this of a session beside the password.
    #[must_use]
    pub const fn factor(mut self, rule: FactorRule) -> Self {
        self.factor = rule;
        self
    }

    /// Lets one person call it so often.
    #[must_use]
    pub const fn limited(mut self, rate: Rate, uncounted: Uncounted) -> Self {
        self.limit = Some(Limit { rate, uncounted });
        self
    }

    /// Waits for Cal.com to change something, so it is begun only with time for that.
    #[must_use]
    pub const fn changes_calcom(mut self) -> Self {
        self.needs = CALCOM;
        self
    }

    /// Fetches these keys in the read that also fetches the session.
    #[must_use]
    pub const fn reads(mut self, keys: fn(&Prefetch<'_>) -> Vec<Key>) -> Self {
        self.reads = Some(keys);
        self
    }

    /// Every path it is routed under.
    pub fn paths(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.path).chain(self.twin)
    }
}

impl RouteDraft {
    const fn new(method: Method, name: &'static str, path: &'static str) -> Self {
        Self(Route {
            name,
            method,
            path,
            twin: None,
            access: Access::LoggedIn,
            confined: false,
            factor: FactorRule::AsDeployed,
            idempotency: Idempotency::Ignored,
            query: &[],
            max_body: MAX_BODY,
            limit: None,
            reads: None,
            needs: if method.is_safe() { READ } else { WRITE },
        })
    }

    /// Also routed here.
    #[must_use]
    pub const fn twin(self, path: &'static str) -> Self {
        Self(self.0.twin(path))
    }

    /// For callers whose highest role ranks at least like this one.
    pub const fn allow(self, role: Role) -> Route {
        self.with(Access::AtLeast(role))
    }

    /// For admins, and for managers within whose scope the resource of the path lies.
    pub const fn manages(self) -> Route {
        let mut route = self.with(Access::AtLeast(Role::Manager));
        route.confined = true;
        route
    }

    /// For callers who rank at least like this one, and for those with the other role as far as
    /// it is their own affair.
    pub const fn allow_or(self, least: Role, role: Role) -> Route {
        self.with(Access::AtLeastOr(least, role))
    }

    /// For everybody who is logged in.
    pub const fn any_caller(self) -> Route {
        self.with(Access::LoggedIn)
    }

    /// For everybody.
    pub const fn public(self) -> Route {
        self.with(Access::Anyone)
    }

    /// For whoever can sign; the handler checks the signature.
    pub const fn signed(self) -> Route {
        let mut route = self.with(Access::Signature);
        route.max_body = MAX_SIGNED_BODY;
        route
    }

    const fn with(self, access: Access) -> Route {
        let mut route = self.0;
        route.access = access;
        route
    }
}
