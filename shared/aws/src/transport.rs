//! Carries the SDK's requests over the HTTP client that everything else uses, so that a function
//! links one HTTP stack and reads one store of roots.
//!
//! Requests and answers are whole: no service that is called here streams.

use std::error::Error;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use reqwest::{Method, redirect, retry};

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(1);

/// The client for everything but Cal.com, which has roots of its own and keeps no connections.
///
/// Whoever holds a clone holds the same client. It is made at the first exchange and reads the
/// store of roots then, so that a process asks for work without having waited for that.
#[derive(Debug, Clone, Default)]
pub struct Http(Arc<OnceLock<reqwest::Client>>);

impl Http {
    /// The client, and the same one each time. Errors: no root is trusted.
    pub fn client(&self) -> Result<reqwest::Client, reqwest::Error> {
        if let Some(client) = self.0.get() {
            return Ok(client.clone());
        }
        let made = made()?;
        Ok(self.0.get_or_init(|| made).clone())
    }

    /// Whether the store of roots was read.
    pub fn is_made(&self) -> bool {
        self.0.get().is_some()
    }
}

fn made() -> Result<reqwest::Client, reqwest::Error> {
    reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        // The SDK tries again by its own rules, and writes of the table are never sent twice.
        .retry(retry::never())
        .no_proxy()
        .connect_timeout(CONNECT)
        .build()
}

/// The client as the SDK knows clients. It keeps the bounds of attempts and calls itself.
#[derive(Debug, Clone)]
pub struct Transport(Http);

impl Transport {
    /// Over this client.
    pub fn new(http: Http) -> Self {
        Self(http)
    }
}

impl HttpClient for Transport {
    fn http_connector(
        &self,
        _: &HttpConnectorSettings,
        _: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Transport {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let http = self.0.clone();
        HttpConnectorFuture::new(async move { exchange(&http, request).await })
    }
}

async fn exchange(http: &Http, request: HttpRequest) -> Result<HttpResponse, ConnectorError> {
    let user = |error: Box<dyn Error + Send + Sync>| ConnectorError::user(error);
    let client = http.client().map_err(|error| user(error.into()))?;
    let method = Method::from_bytes(request.method().as_bytes()).map_err(|e| user(e.into()))?;
    let body = request.body().bytes().ok_or_else(|| user("a body that streams".into()))?.to_vec();
    let mut asked = client.request(method, request.uri()).body(body);
    for (name, value) in request.headers() {
        asked = asked.header(name, value);
    }
    let answer = asked.send().await.map_err(fault)?;
    let status = answer.status().as_u16();
    let headers = answer.headers().clone();
    let body = answer.bytes().await.map_err(fault)?;
    let foreign = |error: Box<dyn Error + Send + Sync>| ConnectorError::other(error, None);
    let status = status.try_into().map_err(|e| foreign(Box::new(e)))?;
    let mut response = HttpResponse::new(status, SdkBody::from(body));
    for (name, value) in &headers {
        let value = value.to_str().map_err(|e| foreign(e.into()))?.to_owned();
        let added = response.headers_mut().try_append(name.as_str().to_owned(), value);
        added.map_err(|e| foreign(e.into()))?;
    }
    Ok(response)
}

/// As the SDK's rules for trying again tell faults apart.
fn fault(error: reqwest::Error) -> ConnectorError {
    if error.is_timeout() {
        ConnectorError::timeout(error.into())
    } else if error.is_connect() {
        ConnectorError::io(error.into()).never_connected()
    } else if error.is_builder() {
        ConnectorError::user(error.into())
    } else {
        ConnectorError::io(error.into())
    }
}
