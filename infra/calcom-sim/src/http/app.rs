//! The order of one request: read, throttle, authenticate, do, answer, and fail where told to.
//! Work goes on when the client leaves, as it does on a real server.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use serde_json::{Value, json};

use super::dispatch::{Call, dispatch, exists, no_route};
use super::network::Peer;
use super::reply::{Outcome, Reply};
use super::shared::Shared;
use crate::core::api_error::{Answer, ApiError};
use crate::core::faults::{Fault, Injection, Stage};
use crate::core::ident;
use crate::core::request::{ApiRequest, Caller};
use crate::core::route::Route;
use crate::core::throttle::Verdict;

const BODY_LIMIT: usize = 100 * 1024;
/// How long silence lasts before the connection is cut.
const SILENCE: Duration = Duration::from_secs(40);
const INVALID_KEY: &str = "CustomThrottlerGuard - Invalid API Key";
const LICENCE: &str = "ApiAuthStrategy - api key - Invalid or missing CALCOM_LICENSE_KEY \
    environment variable";
const DECOY: &str = "Booking with uid=unknown was not found in the database";

/// A body that ends before its announced length.
pub(crate) struct HalfBody(Option<Bytes>);

impl HalfBody {
    pub(crate) fn new(half: Vec<u8>) -> Self {
        Self(Some(Bytes::from(half)))
    }
}

impl HttpBody for HalfBody {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(Some(match self.0.take() {
            Some(half) => Ok(http_body::Frame::data(half)),
            None => Err(std::io::Error::from(std::io::ErrorKind::BrokenPipe)),
        }))
    }
}
