//! The rig of the suite: a stand-in or a real server, a client, and a receiver of deliveries.
//! Time of a stand-in stands still unless a case moves it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use interlock_calcom_sim::{RateLimit, RunningSim, Sim, SimConfig, demo_accounts};
use jiff::Timestamp;
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const BOOKINGS: &str = "2024-08-13";
pub(crate) const SLOTS: &str = "2024-09-04";
pub(crate) const EVENT_TYPES: &str = "2024-06-14";
pub(crate) const SCHEDULES: &str = "2024-06-11";
/// A Friday, 11:00 in Berlin.
pub(crate) const START: &str = "2026-11-20T10:00:00Z";

/// One answer as the client saw it.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) fn uid(&self) -> String {
        self.body["data"]["uid"].as_str().expect("a booking uid").to_owned()
    }

    pub(crate) fn message(&self) -> String {
        let message = self.body.pointer("/error/message").or_else(|| self.body.get("message"));
        message.and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

/// One delivery as it was received.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) raw: String,
    pub(crate) body: Value,
    /// Status of the booking when read back before the receiver answered.
    pub(crate) status_meanwhile: Option<String>,
}

impl Received {
    pub(crate) fn trigger(&self) -> &str {
        self.body["triggerEvent"].as_str().unwrap_or_default()
    }
}

#[derive(Default)]
pub(crate) struct Inbox {
    received: Mutex<Vec<Received>>,
    api: Mutex<Option<String>>,
    delay_milliseconds: AtomicI64,
    answer: AtomicI64,
}

impl Inbox {
    pub(crate) fn all(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub(crate) fn triggers(&self) -> Vec<String> {
        self.all().iter().map(|one| one.trigger().to_owned()).collect()
    }

    pub(crate) fn last(&self, trigger: &str) -> Received {
        let all = self.all();
        all.into_iter().rev().find(|one| one.trigger() == trigger).expect("a delivery")
    }

    pub(crate) fn delay(&self, milliseconds: i64) {
        self.delay_milliseconds.store(milliseconds, Ordering::SeqCst);
    }

    pub(crate) fn answer_with(&self, status: u16) {
        self.answer.store(i64::from(status), Ordering::SeqCst);
    }
}

async fn receive(State(inbox): State<Arc<Inbox>>, headers: HeaderMap, bytes: Bytes) -> StatusCode {
    let raw = String::from_utf8(bytes.to_vec()).expect("text");
    let body: Value = serde_json::from_str(&raw).unwrap_or_default();
    let api = inbox.api.lock().unwrap().clone();
    let uid = body.pointer("/payload/uid").and_then(Value::as_str);
    let mut status_meanwhile = None;
    if let (Some(api), Some(uid)) = (api, uid) {
        let read = client()
            .get(format!("{api}/v2/bookings/{uid}"))
            .header("cal-api-version", BOOKINGS)
            .send()
            .await
            .expect("a read-back");
        let read: Value = read.json().await.expect("a booking");
        status_meanwhile = read["data"]["status"].as_str().map(str::to_owned);
    }
    inbox.received.lock().unwrap().push(Received { headers, raw, body, status_meanwhile });
    let delay = inbox.delay_milliseconds.load(Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(delay.unsigned_abs())).await;
    let status = u16::try_from(inbox.answer.load(Ordering::SeqCst)).unwrap_or_default();
    StatusCode::from_u16(status).unwrap_or(StatusCode::OK)
}

pub(crate) fn client() -> reqwest::Client {
    reqwest::Client::builder().timeout(Duration::from_secs(30)).build().expect("a client")
}

#[expect(clippy::disallowed_methods, reason = "the receiver runs beside the case")]
async fn open_inbox() -> (Arc<Inbox>, String) {
    let inbox = Arc::new(Inbox::default());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/hook", listener.local_addr().expect("an address"));
    let app = axum::Router::new()
        .route("/hook", axum::routing::post(receive))
        .with_state(Arc::clone(&inbox));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (inbox, url)
}

#[expect(clippy::disallowed_methods, reason = "a real server is named by the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What a case runs against.
pub(crate) struct Rig {
    pub(crate) url: String,
    pub(crate) key: String,
    pub(crate) event_type_id: i64,
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) sim: Option<RunningSim>,
    pub(crate) data: TempDir,
    clock: Arc<AtomicI64>,
    client: reqwest::Client,
}

/// Settings a case may differ in.
pub(crate) struct Options {
    pub(crate) calls: i64,
    pub(crate) race_window_milliseconds: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { calls: 10_000, race_window_milliseconds: 0 }
    }
}

pub(crate) fn seconds(text: &str) -> i64 {
    text.parse::<Timestamp>().expect("an instant").as_second()
}

pub(crate) async fn start_sim(
    data: &Path,
    clock: &Arc<AtomicI64>,
    webhook_url: Option<String>,
    options: &Options,
) -> RunningSim {
    let clock = Arc::clone(clock);
    let read =
        move || Timestamp::from_second(clock.load(Ordering::SeqCst)).expect("an instant in range");
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let mut config = SimConfig::demo(listen, data.to_owned(), Arc::new(read));
    config.webhook_url = webhook_url;
    config.rate_limit = RateLimit { calls: options.calls, ..RateLimit::default() };
    config.race_window_milliseconds = options.race_window_milliseconds;
    Sim::start(config).await.expect("a stand-in")
}

impl Rig {
    pub(crate) async fn sim() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let (inbox, hook) = open_inbox().await;
        let data = TempDir::new().expect("a folder");
        let clock = Arc::new(AtomicI64::new(seconds(START)));
        let sim = start_sim(data.path(), &clock, Some(hook), &options).await;
        let laser = demo_accounts().remove(0);
        Self {
            url: sim.url.clone(),
            key: laser.api_key,
            event_type_id: 101,
            inbox,
            sim: Some(sim),
            data,
            clock,
            client: client(),
        }
    }

    /// The server named by `CALCOM_REAL_URL`, `CALCOM_REAL_KEY` and
    /// `CALCOM_REAL_EVENT_TYPE_ID` (a 60-minute type without confirmation, owned by the key).
    pub(crate) async fn real() -> Option<Self> {
        let url = variable("CALCOM_REAL_URL")?;
        let (inbox, _) = open_inbox().await;
        Some(Self {
            url: url.trim_end_matches('/').to_owned(),
            key: variable("CALCOM_REAL_KEY")?,
            event_type_id: variable("CALCOM_REAL_EVENT_TYPE_ID")?.parse().ok()?,
            inbox,
            sim: None,
            data: TempDir::new().expect("a folder"),
            clock: Arc::new(AtomicI64::new(0)),
            client: client(),
        })
    }

    pub(crate) fn captures() -> Option<String> {
        variable("CALCOM_CAPTURES")
    }

    /// Lets the receiver read the booking back before it answers.
    pub(crate) fn read_back(&self) {
        *self.inbox.api.lock().unwrap() = Some(self.url.clone());
    }

    pub(crate) fn advance(&self, by: i64) {
        self.clock.fetch_add(by, Ordering::SeqCst);
    }

    pub(crate) fn clock(&self) -> Arc<AtomicI64> {
        Arc::clone(&self.clock)
    }

    /// Sends with a version and a key, each of which may be left out.
    pub(crate) async fn try_send(
        &self,
        method: Method,
        path: &str,
        (version, key): (Option<&str>, Option<&str>),
        body: Option<Value>,
    ) -> Result<Answer, reqwest::Error> {
        let mut request = self.client.request(method, format!("{}{path}", self.url));
        if let Some(version) = version {
            request = request.header("cal-api-version", version);
        }
        if let Some(key) = key {
            request = request.header("authorization", format!("Bearer {key}"));
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        let response = request.send().await?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or_default();
        Ok(Answer { status, headers, text, body })
    }

    pub(crate) async fn get(&self, version: &str, path: &str) -> Answer {
        let key = self.key.clone();
        self.try_send(Method::GET, path, (Some(version), Some(&key)), None)
            .await
            .expect("an answer")
    }

    pub(crate) async fn post(&self, version: &str, path: &str, body: Value) -> Answer {
        self.send(Method::POST, version, path, body).await
    }

    pub(crate) async fn send(
        &self,
        method: Method,
        version: &str,
        path: &str,
        body: Value,
    ) -> Answer {
        let key = self.key.clone();
        self.try_send(method, path, (Some(version), Some(&key)), Some(body))
            .await
            .expect("an answer")
    }

    pub(crate) async fn control(&self, path: &str, body: Value) -> Answer {
        let path = format!("/__sim{path}");
        self.try_send(Method::POST, &path, (None, None), Some(body)).await.expect("an answer")
    }

    pub(crate) async fn control_get(&self, path: &str) -> Value {
        let path = format!("/__sim{path}");
        self.try_send(Method::GET, &path, (None, None), None).await.expect("an answer").body
    }

    pub(crate) async fn fault(&self, route: &str, inject: &str, times: Value) {
        let body = json!({ "route": route, "inject": inject, "times": times });
        let answer = self.control("/faults", body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// The body of an ordinary booking.
    pub(crate) fn wish(&self, start: &str) -> Value {
        json!({
            "start": start, "eventTypeId": self.event_type_id,
            "attendee": {
                "name": "Ada Brown", "email": "ada@demo.test", "timeZone": "Europe/Berlin",
                "language": "en"
            },
            "metadata": { "gateReservationId": "res_01" }
        })
    }

    pub(crate) async fn book(&self, start: &str) -> Answer {
        self.post(BOOKINGS, "/v2/bookings", self.wish(start)).await
    }

    pub(crate) async fn booked(&self, start: &str) -> String {
        let answer = self.book(start).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.uid()
    }

    pub(crate) async fn cancel(&self, uid: &str) -> Answer {
        let path = format!("/v2/bookings/{uid}/cancel");
        self.post(BOOKINGS, &path, json!({ "cancellationReason": "case is over" })).await
    }

    pub(crate) async fn reschedule(&self, uid: &str, start: &str) -> Answer {
        let path = format!("/v2/bookings/{uid}/reschedule");
        self.post(BOOKINGS, &path, json!({ "start": start })).await
    }

    pub(crate) async fn read(&self, uid: &str) -> Value {
        self.get(BOOKINGS, &format!("/v2/bookings/{uid}")).await.body["data"].clone()
    }

    /// Free starts of the event type, two weeks ahead, at least an hour apart from each other.
    pub(crate) async fn free(&self) -> Vec<String> {
        let now = if self.sim.is_some() { seconds(START) } else { real_now() };
        let day = |ahead: i64| {
            let at = Timestamp::from_second(now + ahead * 86_400).expect("an instant");
            at.strftime("%Y-%m-%d").to_string()
        };
        let path = format!(
            "/v2/slots?eventTypeId={}&start={}&end={}",
            self.event_type_id,
            day(10),
            day(17)
        );
        let answer = self.get(SLOTS, &path).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let days = answer.body["data"].as_object().expect("days").clone();
        let mut last = 0;
        let mut found = Vec::new();
        for slot in days.values().flat_map(|day| day.as_array().expect("slots").clone()) {
            let start = slot["start"].as_str().expect("a start").to_owned();
            if seconds(&start) >= last + 7200 {
                last = seconds(&start);
                found.push(start);
            }
        }
        found
    }
}

#[expect(clippy::disallowed_methods, reason = "a real server lives in real time")]
pub(crate) fn real_now() -> i64 {
    Timestamp::now().as_second()
}

/// Declares the cases of a behaviour row: each runs on a stand-in, and a `real` one also on the
/// server named by the environment.
macro_rules! cases {
    ($($row:literal $kind:ident $name:ident;)*) => {
        /// Row, mark and name of each case.
        pub(crate) const CASES: &[(&str, &str, &str)] =
            &[$(($row, stringify!($kind), stringify!($name))),*];
        mod stand_in {
            $(
                #[tokio::test]
                async fn $name() {
                    super::$name($crate::support::Rig::sim().await).await;
                }
            )*
        }
        mod real_server {
            $($crate::support::on_real!($kind $name);)*
        }
    };
}
pub(crate) use cases;

macro_rules! on_real {
    (real $name:ident) => {
        #[tokio::test]
        async fn $name() {
            match $crate::support::Rig::real().await {
                Some(rig) => super::$name(rig).await,
                None => println!("not run: CALCOM_REAL_URL names no server"),
            }
        }
    };
    (sim_only $name:ident) => {};
}
pub(crate) use on_real;
