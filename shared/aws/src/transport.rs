//! Carries the SDK's requests over the HTTP client that everything else uses, so that a function
//! links one HTTP stack.
//!
//! Requests and answers are whole: no service that is called here streams.

use std::error::Error;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use reqwest::Method;

use crate::Http;

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
