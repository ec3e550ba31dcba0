//! An application over fakes, people in it, and calls the way a browser makes them.
#![allow(dead_code, reason = "each test file uses its part")]
#![allow(clippy::unwrap_used, reason = "a fixture that fails ends its test")]

use std::sync::Arc;

use http::{HeaderMap, Response};
use interlock_app::model::{Account, Session};
use interlock_app::ports::Clock;
use interlock_app::ports::store::{Record, Transaction};
use interlock_app::{App, ExternalPolicy, FactorPolicy, Front, Hints, Settings, Timing};
use interlock_auth::SessionToken;
use interlock_http::{Call, Problem, RawRequest, Reply, Route, respond};
use interlock_policy::{AccountStatus, Role};
use interlock_testkit::{
    FakeDeliveries, FakePasswords, FakeScheduler, ManualClock, MemoryStore, RecordingQueue,
    SeededIds,
};
use jiff::SignedDuration;
use serde_json::Value;

pub(crate) const ORIGIN: &str = "https://app.test";

pub(crate) struct World {
    pub(crate) app: App,
    pub(crate) store: Arc<MemoryStore>,
    pub(crate) clock: Arc<ManualClock>,
}

impl World {
    pub(crate) fn new() -> Self {
        let (store, clock) = (Arc::new(MemoryStore::default()), Arc::new(ManualClock::default()));
        let app = App {
            store: store.clone(),
            tally: store.clone(),
            scheduler: Arc::new(FakeScheduler::default()),
            clock: clock.clone(),
            ids: Arc::new(SeededIds::default()),
            queue: Arc::new(RecordingQueue::default()),
            deliveries: Arc::new(FakeDeliveries),
            passwords: Arc::new(FakePasswords::default()),
            settings: Arc::new(Settings {
                deployment: "test".into(),
                app_origin: ORIGIN.into(),
                front: Front::default(),
                cursor_key: [7; 32],
                factor_key: Some([8; 32]),
                external_on_machines: ExternalPolicy::Flag,
                external_on_hosts: ExternalPolicy::Accept,
                second_factor: FactorPolicy::Nobody,
                limit_factor: 1,
                timing: Timing::default(),
            }),
            issuer: None,
            hints: Hints::default(),
        };
        Self { app, store, clock }
    }

    pub(crate) fn account(name: &str, roles: &[Role]) -> Account {
        Account {
            id: format!("usr_{name}").parse().unwrap(),
            email: format!("{name}@demo.test"),
            name: name.to_owned(),
            roles: roles.to_vec(),
            status: AccountStatus::Active,
            suspension: None,
            time_zone: "Europe/Berlin".parse().unwrap(),
            scope: None,
            membership: interlock_app::model::Membership::default(),
            identity: None,
            session_epoch: 0,
            created_at: ManualClock::default().now(),
        }
    }

    /// A person with a session of twelve hours.
    pub(crate) async fn login(&self, account: &Account) -> SessionToken {
        let (token, hash) = SessionToken::issue(self.app.ids.as_ref(), account.id.clone());
        let session = Session {
            user_id: account.id.clone(),
            hash,
            epoch: account.session_epoch,
            created_at: self.app.now(),
            expires_at: self.app.now() + SignedDuration::from_hours(12),
            device: None,
            factor_at: None,
        };
        let transaction = Transaction::new().put(account).unwrap().put(&session).unwrap();
        self.app.store.commit(&transaction).await.unwrap();
        self.store.reset_counts();
        token
    }

    pub(crate) async fn member(&self) -> SessionToken {
        self.login(&Self::account("ada", &[Role::Member])).await
    }

    /// Writes an account over what is there, whatever that is.
    pub(crate) fn plant(&self, account: &Account) {
        self.store.plant(Record::of(account, 9).unwrap());
    }

    pub(crate) async fn send<F, R>(
        &self,
        route: &'static Route,
        handler: F,
        raw: RawRequest,
    ) -> Answer
    where
        F: FnOnce(App, Call) -> R,
        R: Future<Output = Result<Reply, Problem>>,
    {
        Answer::of(respond(route, handler, self.app.clone(), raw).await)
    }
}

pub(crate) fn request(method: &str, target: &str) -> RawRequest {
    RawRequest::new(method, target, "req_1".parse().unwrap())
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) body: Value,
}

impl Answer {
    fn of(response: Response<Vec<u8>>) -> Self {
        let (parts, body) = response.into_parts();
        let text = String::from_utf8(body).unwrap();
        Self {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: serde_json::from_str(&text).unwrap_or(Value::Null),
            text,
        }
    }

    pub(crate) fn code(&self) -> &str {
        self.body.get("code").and_then(Value::as_str).unwrap_or("")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status and code, for one-line assertions.
    pub(crate) fn told(&self) -> (u16, &str) {
        (self.status, self.code())
    }
}
