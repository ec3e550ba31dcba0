//! A scripted server and credentials for the tests of the client.
//!
//! The server answers strictly in the order of its script and keeps what it was asked.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part")]

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use interlock_app::ports::Scheduler;
use interlock_app::ports::scheduler::{
    Attendee, CalAccount, CalUid, CredentialMode, Failure, NewBooking, SchedulerError,
};
use interlock_calcom::{
    CalcomClient, CalcomConfig, Credential, CredentialError, Credentials, Secret, Timeouts,
};
use interlock_policy::{EventTypeId, Interval};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

pub const UID: &str = "3mQvX8rTz5LkWc2YdPhNfJ";
pub const KEY: &str = "cal_0123456789abcdef0123456789abcdef";

/// A request as the server saw it.
#[derive(Debug, Clone)]
pub struct Seen {
    pub method: String,
    pub path: String,
    pub query: BTreeMap<String, String>,
    pub headers: BTreeMap<String, String>,
    pub body: Value,
}

/// An answer of the script.
#[derive(Clone)]
pub struct Reply {
    status: u16,
    body: String,
    content_type: &'static str,
    delay: Duration,
}

impl Reply {
    pub fn json(status: u16, body: &Value) -> Self {
        Self {
            status,
            body: body.to_string(),
            content_type: "application/json; charset=utf-8",
            delay: Duration::ZERO,
        }
    }

    pub fn data(status: u16, data: &Value) -> Self {
        Self::json(status, &json!({"status": "success", "data": data}))
    }

    pub fn refusal(status: u16, message: &str) -> Self {
        let details = json!({"message": message, "statusCode": status});
        let error = json!({"code": "Exception", "message": message, "details": details});
        Self::json(status, &json!({"status": "error", "path": "/v2", "error": error}))
    }

    pub fn plain(status: u16, message: &str) -> Self {
        Self::json(status, &json!({"statusCode": status, "message": message}))
    }

    pub fn html(status: u16) -> Self {
        let body = format!("<html><body>{status}</body></html>");
        Self { status, body, content_type: "text/html", delay: Duration::ZERO }
    }

    pub fn after(mut self, millis: u64) -> Self {
        self.delay = Duration::from_millis(millis);
        self
    }
}

#[derive(Default)]
struct Script {
    replies: Mutex<VecDeque<Reply>>,
    seen: Mutex<Vec<Seen>>,
}

/// A scripted server on a free port of this machine.
pub struct Server {
    pub address: SocketAddr,
    script: Arc<Script>,
}

impl Server {
    pub async fn start(replies: Vec<Reply>) -> Self {
        let script = Arc::new(Script { replies: Mutex::new(replies.into()), ..Script::default() });
        let app = Router::new().fallback(answer).with_state(script.clone());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        background(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, script }
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.script.seen.lock().unwrap().clone()
    }

    /// The only request there was.
    pub fn only(&self) -> Seen {
        let seen = self.seen();
        assert_eq!(seen.len(), 1, "{seen:?}");
        seen.into_iter().next().unwrap()
    }
}

async fn answer(State(script): State<Arc<Script>>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let query = parts.uri.query().unwrap_or_default();
    script.seen.lock().unwrap().push(Seen {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.replace("%3A", ":").replace("%2C", ",")))
            .collect(),
        headers: parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
            .collect(),
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    });
    let reply = script.replies.lock().unwrap().pop_front().unwrap_or_else(|| Reply::html(599));
    tokio::time::sleep(reply.delay).await;
    Response::builder()
        .status(reply.status)
        .header("content-type", reply.content_type)
        .header("location", "/elsewhere")
        .header("x-request-id", "d2f1")
        .body(Body::from(reply.body))
        .unwrap()
}

/// A server that answers every connection with these bytes and hangs up; counts connections.
pub async fn raw_server(bytes: &'static str) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let count = Arc::new(AtomicUsize::new(0));
    let counter = count.clone();
    background(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
            let mut buffer = vec![0_u8; 65536];
            let _ = stream.read(&mut buffer).await;
            let _ = stream.write_all(bytes.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, count)
}

#[expect(clippy::disallowed_methods, reason = "the server lives beside the test")]
pub fn background(task: impl Future<Output = ()> + Send + 'static) {
    tokio::spawn(task);
}

/// A store of secrets that does not serve.
pub struct Broken;

#[async_trait]
impl Credentials for Broken {
    async fn credential(&self, _account: &CalAccount) -> Result<Credential, CredentialError> {
        Err(CredentialError::Unavailable("down".into()))
    }

    async fn refresh(
        &self,
        account: &CalAccount,
        _stale: &Credential,
    ) -> Result<Credential, CredentialError> {
        self.credential(account).await
    }
}

/// Credentials in a row: the first is given, each refresh moves on to the next.
pub struct Row {
    credentials: Mutex<VecDeque<Credential>>,
    pub refreshed: AtomicUsize,
}

impl Row {
    pub fn of(credentials: Vec<Credential>) -> Arc<Self> {
        Arc::new(Self {
            credentials: Mutex::new(credentials.into()),
            refreshed: AtomicUsize::new(0),
        })
    }
}

#[async_trait]
impl Credentials for Row {
    async fn credential(&self, _account: &CalAccount) -> Result<Credential, CredentialError> {
        self.credentials.lock().unwrap().front().cloned().ok_or(CredentialError::Missing)
    }

    async fn refresh(
        &self,
        account: &CalAccount,
        stale: &Credential,
    ) -> Result<Credential, CredentialError> {
        self.refreshed.fetch_add(1, Ordering::SeqCst);
        {
            let mut credentials = self.credentials.lock().unwrap();
            if credentials.len() > 1 && credentials.front() == Some(stale) {
                credentials.pop_front();
            }
        }
        self.credential(account).await
    }
}

pub fn key(text: &str) -> Credential {
    Credential::ApiKey(Secret::new(text))
}

pub fn account(mode: CredentialMode) -> CalAccount {
    CalAccount {
        id: "cal_kiln".parse().unwrap(),
        username: "kiln".to_owned(),
        email: "kiln@studio.test".to_owned(),
        mode,
        credential_ref: "kiln".to_owned(),
    }
}

pub fn keyed() -> CalAccount {
    account(CredentialMode::ApiKey)
}

/// Enough patience for a busy machine.
pub fn patience() -> Timeouts {
    let long = Duration::from_secs(10);
    Timeouts { connect: Duration::from_secs(2), read: long, write: long }
}

/// Short patience, so that answers that never come are tested fast.
pub fn haste() -> Timeouts {
    let short = Duration::from_millis(600);
    Timeouts { connect: Duration::from_millis(300), read: short, write: short }
}

/// A client without patience.
pub fn hasty(scheme: &str, address: SocketAddr) -> CalcomClient {
    let config = CalcomConfig::new(&format!("{scheme}://{address}")).unwrap().waiting(haste());
    CalcomClient::new(config, Row::of(vec![key(KEY)]))
}

pub fn client_at(address: SocketAddr, credentials: Arc<dyn Credentials>) -> CalcomClient {
    let config = CalcomConfig::new(&format!("http://{address}/")).unwrap().waiting(patience());
    CalcomClient::new(config, credentials)
}

pub fn client(server: &Server) -> CalcomClient {
    client_at(server.address, Row::of(vec![key(KEY)]))
}

pub fn uid(text: &str) -> CalUid {
    CalUid(text.to_owned())
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub fn range(start: &str, end: &str) -> Interval {
    Interval::new(at(start), at(end)).unwrap()
}

pub fn new_booking() -> NewBooking {
    NewBooking {
        event_type_id: EventTypeId(77),
        start: at("2026-12-03T13:00:00Z"),
        attendee: Attendee {
            name: "Lin Park".to_owned(),
            email: "lin@member.test".to_owned(),
            time_zone: "Asia/Seoul".parse().unwrap(),
        },
        metadata: [("interlockReservationId".to_owned(), "rsv_1".to_owned())].into(),
    }
}

/// A booking as Cal.com tells it.
pub fn booking() -> Value {
    json!({"id": 5, "uid": UID, "status": "accepted", "title": "Kiln",
        "start": "2026-12-03T13:00:00.000Z", "end": "2026-12-03T14:30:00.000Z", "duration": 90,
        "eventType": {"id": 77, "slug": "kiln"}, "updatedAt": "2026-11-25T04:00:00.000Z",
        "attendees": [{"name": "Lin Park", "email": "lin+client@member.test",
            "displayEmail": "lin@member.test"}],
        "metadata": {"interlockReservationId": "rsv_1", "count": 3},
        "icsUid": "first@Cal.com", "cancellationReason": ""})
}

/// A booking with some fields replaced.
pub fn booking_with(changes: Value) -> Value {
    let mut booking = booking();
    let Value::Object(changes) = changes else { panic!("changes are an object") };
    booking.as_object_mut().unwrap().extend(changes);
    booking
}

/// What an error lets out, in both of its printed forms.
pub fn printed(error: &SchedulerError) -> String {
    format!("{error} {error:?}")
}

/// What a call sends with a credential.
pub async fn headers_in(mode: CredentialMode, credential: Credential) -> Seen {
    let server = Server::start(vec![Reply::data(200, &json!({"username": "kiln"}))]).await;
    let client = client_at(server.address, Row::of(vec![credential]));
    client.me(&account(mode)).await.unwrap();
    server.only()
}

/// How a create fails on an answer, and how often it was sent.
pub async fn create_answered(reply: Reply) -> (Failure, usize) {
    let server = Server::start(vec![reply]).await;
    let error = client(&server).create(&keyed(), &new_booking()).await.unwrap_err();
    (error.failure, server.seen().len())
}
