//! A stack to drive, and the few words a test needs to drive it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) struct Stack {
    /// The runner; the functions are its children.
    pub(crate) child: Child,
    base: String,
    client: Client,
    pub(crate) data: Option<TempDir>,
}

/// An answer with what tests look at.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Value,
    pub(crate) text: String,
    pub(crate) headers: reqwest::header::HeaderMap,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The answer, if it has this status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    /// The answer, if it is a problem of this status and code.
    #[track_caller]
    pub(crate) fn problem(self, status: u16, code: &str) -> Self {
        assert_eq!(
            (self.status, self.body["code"].as_str()),
            (status, Some(code)),
            "{}",
            self.text
        );
        assert_eq!(self.header("content-type"), "application/problem+json");
        self
    }

    pub(crate) fn codes(&self) -> Vec<&str> {
        let reasons = self.body["reasons"].as_array().map(Vec::as_slice).unwrap_or_default();
        reasons.iter().map(|reason| reason["code"].as_str().unwrap()).collect()
    }
}

/// Somebody who is logged in.
#[derive(Clone)]
pub(crate) struct Person {
    pub(crate) cookie: String,
    pub(crate) id: String,
}

impl Stack {
    pub(crate) async fn start() -> Self {
        Self::on(TempDir::new().unwrap(), "0")
    }

    /// A stack on which reservations of this resource wait for a yes.
    pub(crate) async fn that_wants_a_yes(resource: &str) -> Self {
        Self::on_with(TempDir::new().unwrap(), "0", &["--approval", resource])
    }

    /// On what is in the folder `stack` of a folder; port 0 takes a free one.
    pub(crate) fn on(data: TempDir, port: &str) -> Self {
        Self::on_with(data, port, &[])
    }

    /// The same with further options of the runner, such as `--calcom-calls-per-minute`.
    pub(crate) fn on_with(data: TempDir, port: &str, options: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_interlock-local"))
            .args(["--port", port, "--no-schedules", "--no-web", "--data"])
            .arg(data.path().join("stack"))
            .args(options)
            // A lost race is a warning of the table's own; what is wrong for us, tests say.
            .env("RUST_LOG", "error")
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
        let base = lines.find_map(|line| line.strip_prefix("ready ").map(str::to_owned));
        // The stack goes on talking; nobody listening would end it.
        std::thread::spawn(move || lines.for_each(drop));
        let client = Client::builder().timeout(Duration::from_secs(40)).build().unwrap();
        let base = base.expect("the stack must become ready");
        Self { child, base, client, data: Some(data) }
    }

    /// Kills the stack without a word and starts it again on the same folder and port.
    pub(crate) fn killed_and_restarted(self) -> Self {
        let (data, port) = self.killed();
        Self::on(data, &port)
    }

    /// Kills the stack without a word; its folder and port, to go on from.
    pub(crate) fn killed(mut self) -> (TempDir, String) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        let port = self.base.rsplit(':').next().unwrap().to_owned();
        (self.data.take().unwrap(), port)
    }

    /// Presses Ctrl-C; how the stack ended.
    pub(crate) fn interrupted(mut self) -> std::process::ExitStatus {
        let id = self.child.id().to_string();
        Command::new("kill").args(["-INT", &id]).status().unwrap();
        self.child.wait().unwrap()
    }

    pub(crate) async fn send(&self, request: RequestBuilder) -> Answer {
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::Null);
        Answer { status, body, text, headers }
    }

    /// A request without a session.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// A request of a person, with the mark of our own pages.
    pub(crate) fn of(&self, person: &Person, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path)
            .header("cookie", &person.cookie)
            .header("x-requested-with", "interlock")
    }

    pub(crate) async fn get(&self, person: &Person, path: &str) -> Answer {
        self.send(self.of(person, Method::GET, path)).await
    }

    pub(crate) async fn post(&self, person: &Person, path: &str, body: &Value) -> Answer {
        self.send(self.of(person, Method::POST, path).json(body)).await
    }

    pub(crate) async fn login(&self, name: &str) -> Person {
        let body = json!({ "email": format!("{name}@demo.test"), "password": "interlock-demo" });
        let request = self.request(Method::POST, "/api/auth/login").json(&body);
        let answer = self.send(request).await.expect(200);
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        Person { cookie, id: answer.body["user"]["id"].as_str().unwrap().to_owned() }
    }

    /// Something of the runner's or the stand-in's own interface.
    pub(crate) async fn tool(&self, path: &str, body: &Value) -> Value {
        let request = self.request(Method::POST, path).json(body);
        let answer = self.send(request).await;
        assert!(answer.status < 300, "{path}: {} {}", answer.status, answer.text);
        answer.body
    }

    pub(crate) async fn look(&self, path: &str) -> Value {
        self.send(self.request(Method::GET, path)).await.expect(200).body
    }

    pub(crate) async fn advance(&self, seconds: u64) {
        self.tool("/__dev/clock", &json!({ "advanceSeconds": seconds })).await;
    }

    pub(crate) async fn now(&self) -> jiff::Timestamp {
        let body = self.tool("/__dev/clock", &json!({ "advanceSeconds": 0 })).await;
        body["now"].as_str().unwrap().parse().unwrap()
    }

    pub(crate) async fn job(&self, name: &str) -> Value {
        self.tool(&format!("/__dev/jobs/{name}"), &json!({})).await
    }

    pub(crate) async fn inject(&self, route: &str, inject: &str) {
        let fault = json!({ "route": route, "inject": inject, "times": 1 });
        self.tool("/__sim/faults", &fault).await;
    }

    /// Starts that the person may book on a resource, two days from now on.
    pub(crate) async fn starts(&self, person: &Person, resource: &str) -> Vec<String> {
        let from = self.now().await + jiff::SignedDuration::from_hours(48);
        let to = from + jiff::SignedDuration::from_hours(24 * 6);
        let path = format!("/api/{resource}/availability?start={from:.0}&end={to:.0}");
        let answer = self.get(person, &path).await.expect(200);
        let slots = answer.body["slots"].as_array().unwrap();
        let open = slots.iter().filter(|slot| slot["bookable"] == true);
        open.map(|slot| slot["start"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) async fn reserve(&self, person: &Person, start: &str, key: &str) -> Answer {
        let path = "/api/machines/mch_laser/reservations";
        let request = self.of(person, Method::POST, path).header("idempotency-key", key);
        self.send(request.json(&json!({ "start": start }))).await
    }

    /// Waits until a reservation has a status, for as long as a webhook may take.
    pub(crate) async fn until(&self, person: &Person, id: &str, status: &str) -> Value {
        for _ in 0..100 {
            let answer = self.get(person, &format!("/api/reservations/{id}")).await.expect(200);
            if answer.body["reservation"]["status"] == status {
                return answer.body;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("the reservation never became {status}");
    }

    /// The uid of the booking behind a reservation, which only the stand-in tells.
    pub(crate) async fn uid_of(&self, reservation: &str) -> String {
        let state = self.look("/__sim/state").await;
        let bookings = state["bookings"].as_array().unwrap();
        let own = bookings.iter().find(|booking| {
            booking["metadata"]["interlockReservationId"] == reservation
                && booking["status"] == "accepted"
        });
        own.unwrap()["uid"].as_str().unwrap().to_owned()
    }

    /// Watches a module from start to end and completes it.
    pub(crate) async fn train(&self, person: &Person, module: &str, seconds: u64) {
        let path = "/api/training/progress";
        let open = json!({
            "moduleId": module, "sequence": 1, "segments": [], "position": 0, "visible": true
        });
        let watch = self.post(person, path, &open).await.expect(200).body["watchId"].clone();
        let (mut at, mut sequence) = (0, 1);
        while at < seconds {
            let to = (at + 15).min(seconds);
            self.advance(to - at).await;
            sequence += 1;
            let wall = (to - at) * 1000;
            let beat = json!({
                "moduleId": module, "watchId": watch, "sequence": sequence,
                "segments": [{ "from": at, "to": to, "rate": 1, "wallMs": wall }],
                "position": to, "visible": true
            });
            self.post(person, path, &beat).await.expect(200);
            at = to;
        }
        let complete = json!({ "moduleId": module });
        self.post(person, "/api/training/complete", &complete).await.expect(200);
    }
}

impl Drop for Stack {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
