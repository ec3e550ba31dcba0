//! What a route may look at to say which keys it will need, before anybody is known to be let in.
//!
//! Everything here is unchecked and forgiving: a wrong guess costs one more read, never an answer.

use std::str::FromStr;

use interlock_app::App;
use interlock_app::model::IdempotencyKey;
use interlock_policy::{ReservationId, ResourceId, UserId};
use jiff::Timestamp;
use serde::de::DeserializeOwned;

use crate::{PathParameters, RawRequest, Route, idempotency, query};

/// A request about to be admitted.
pub struct Prefetch<'a> {
    pub(crate) app: &'a App,
    pub(crate) route: &'a Route,
    pub(crate) request: &'a RawRequest,
    pub(crate) path: &'a PathParameters,
    pub(crate) user_id: Option<&'a UserId>,
}

impl Prefetch<'_> {
    /// Hints and settings.
    pub fn app(&self) -> &App {
        self.app
    }

    /// Who the session claims to be of.
    pub fn user_id(&self) -> Option<&UserId> {
        self.user_id
    }

    /// The machine or host of the path.
    pub fn resource_id(&self) -> Option<ResourceId> {
        self.path.resource_id().ok()
    }

    /// The reservation of the path.
    pub fn reservation_id(&self) -> Option<ReservationId> {
        self.path.id("reservationId").ok()
    }

    /// Any id of the path.
    pub fn path_id<T: FromStr>(&self, name: &str) -> Option<T> {
        self.path.id(name).ok()
    }

    /// A query parameter.
    pub fn query(&self, name: &str) -> Option<&str> {
        query::find(&self.request.query, name)
    }

    /// A query parameter as an instant.
    pub fn instant(&self, name: &str) -> Option<Timestamp> {
        query::parse_instant(self.query(name)?)
    }

    /// The raw body.
    pub fn body(&self) -> &[u8] {
        &self.request.body
    }

    /// The body as a value, if it is one.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.request.body).ok()
    }

    /// The name under which this request would be recorded.
    pub fn idempotency_key(&self) -> Option<IdempotencyKey> {
        let user_id = self.user_id?;
        idempotency::key(self.route, self.request, user_id).ok().flatten()
    }
}
