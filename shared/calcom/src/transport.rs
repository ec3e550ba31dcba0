//! One HTTP exchange.
//!
//! Nothing is repeated, redirected, proxied or taken from a pool here: an exchange that failed
//! says whether anything can have been sent.

use std::sync::OnceLock;
use std::time::Duration;

use interlock_app::ports::scheduler::Failure;
use reqwest::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Certificate, Method, Response, redirect, retry};

use crate::{CalcomConfig, Call, Credential, Family, VERSION_HEADER};

/// Largest answer taken; a full page of bookings stays well below.
const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;
/// Longest request id of Cal.com's that is kept.
const MAX_REQUEST_ID: usize = 64;

const CLIENT_ID: HeaderName = HeaderName::from_static("x-cal-client-id");
const CLIENT_SECRET: HeaderName = HeaderName::from_static("x-cal-secret-key");

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) body: Vec<u8>,
}

/// The HTTP client, made at the first call, so that a cold start does not pay for it.
pub(crate) struct Line {
    config: CalcomConfig,
    client: OnceLock<reqwest::Client>,
}

impl Line {
    pub(crate) fn new(config: CalcomConfig) -> Self {
        Self { config, client: OnceLock::new() }
    }

    pub(crate) fn config(&self) -> &CalcomConfig {
        &self.config
    }

    pub(crate) fn client(&self) -> Result<reqwest::Client, reqwest::Error> {
        if let Some(client) = self.client.get() {
            return Ok(client.clone());
        }
        let built = build(&self.config)?;
        Ok(self.client.get_or_init(|| built).clone())
    }
}

/// Why there is no answer.
pub(crate) enum Lost {
    /// The credential cannot stand in a header; nothing was sent.
    Unfit,
    /// There is no client or no request to send; nothing was sent.
    Unbuilt,
    /// The exchange broke off.
    Broken(reqwest::Error),
    /// The answer is longer than any that is expected.
    Endless,
}

impl Lost {
    /// What it means for what was asked.
    fn failure(&self) -> Failure {
        match self {
            Self::Unfit => Failure::Credential,
            Self::Unbuilt => Failure::NotConnected,
            Self::Broken(error) => doubt(error),
            Self::Endless => Failure::Unreadable,
        }
    }
}

/// Sends calls.
pub(crate) struct Transport(Line);

impl Transport {
    pub(crate) fn new(config: CalcomConfig) -> Self {
        Self(Line::new(config))
    }

    pub(crate) fn config(&self) -> &CalcomConfig {
        self.0.config()
    }

    /// One exchange within `patience`; the error is `NotConnected` or `UnknownOutcome`.
    pub(crate) async fn send(
        &self,
        call: &Call,
        credential: &Credential,
        patience: Duration,
    ) -> Result<Answer, Failure> {
        let asked = (call, call.operation.family());
        self.exchange(asked, credential, patience).await.map_err(|lost| lost.failure())
    }

    /// The same in the version of a family; the error says how far the call came.
    pub(crate) async fn exchange(
        &self,
        (call, family): (&Call, Family),
        credential: &Credential,
        patience: Duration,
    ) -> Result<Answer, Lost> {
        let headers = headers(family, credential)?;
        let method =
            Method::from_bytes(call.operation.method().as_bytes()).map_err(|_| Lost::Unbuilt)?;
        let url = format!("{}{}", self.config().base, call.path);
        let client = self.0.client().map_err(|_| Lost::Unbuilt)?;
        let mut request =
            client.request(method, url).headers(headers).query(&call.query).timeout(patience);
        if let Some(body) = &call.body {
            request = request.json(body);
        }
        let response = request.send().await.map_err(Lost::Broken)?;
        collect(response).await
    }
}

fn build(config: &CalcomConfig) -> Result<reqwest::Client, reqwest::Error> {
    let mut builder = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .connect_timeout(config.timeouts.connect)
        // A kept connection that was closed while the function slept would make the outcome of
        // the next write unknown; a new one costs a millisecond inside the network.
        .pool_max_idle_per_host(0)
        .user_agent("interlock");
    if let Some(pem) = &config.ca_pem {
        builder = builder.tls_certs_only(Certificate::from_pem_bundle(pem)?);
    }
    builder.build()
}

fn headers(family: Family, credential: &Credential) -> Result<HeaderMap, Lost> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(VERSION_HEADER, HeaderValue::from_static(family.version()));
    match credential {
        Credential::None => {}
        // Only this spelling works: lower case is refused (CONTRACT 10).
        Credential::ApiKey(secret) | Credential::Bearer(secret) => {
            let text = format!("Bearer {}", secret.expose());
            headers.insert(AUTHORIZATION, sensitive(&text)?);
        }
        Credential::PlatformClient { client_id, secret } => {
            headers.insert(CLIENT_ID, sensitive(client_id)?);
            headers.insert(CLIENT_SECRET, sensitive(secret.expose())?);
        }
    }
    Ok(headers)
}

fn sensitive(text: &str) -> Result<HeaderValue, Lost> {
    let mut value = HeaderValue::from_str(text).map_err(|_| Lost::Unfit)?;
    value.set_sensitive(true);
    Ok(value)
}

/// Whether anything can have been sent.
fn doubt(error: &reqwest::Error) -> Failure {
    if error.is_connect() || error.is_builder() {
        Failure::NotConnected
    } else {
        Failure::UnknownOutcome
    }
}

async fn collect(mut response: Response) -> Result<Answer, Lost> {
    let status = response.status().as_u16();
    let request_id = response
        .headers()
        .get("x-request-id")
        .and_then(|value| value.to_str().ok())
        .filter(|text| text.len() <= MAX_REQUEST_ID)
        .map(ToOwned::to_owned);
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Lost::Broken)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(Lost::Endless);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, request_id, body })
}
