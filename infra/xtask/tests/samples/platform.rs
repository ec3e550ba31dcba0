//! The Runtime API for one invocation, and the services a function asks, on one port.
//!
//! Every service answers the same to everybody; what a function makes of that is the test.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// The secret the sample of the receiver is signed with.
const WEBHOOK_SECRET: &str = "whsec_sample_0123456789abcdef0123456789abcdef";
/// Longest time a function may take to start and answer.
const PATIENCE: Duration = Duration::from_mins(1);

/// One platform for one invocation.
pub(crate) struct Platform {
    address: String,
    event: Arc<Mutex<Option<String>>>,
    answers: Receiver<Result<Value, String>>,
}

impl Platform {
    /// Listens on a free port.
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let event = Arc::new(Mutex::new(None));
        let (sender, answers) = channel();
        let given = event.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (event, sender) = (given.clone(), sender.clone());
                thread::spawn(move || serve(&stream, &event, &sender));
            }
        });
        Self { address, event, answers }
    }

    /// Starts a function, hands it an event, and takes its answer.
    pub(crate) fn invoke(&self, program: &Path, event: &str) -> Value {
        self.invoke_with(program, event, |_| Vec::new())
    }

    /// The same with more of the environment, which may name the services' address.
    pub(crate) fn invoke_with(
        &self,
        program: &Path,
        event: &str,
        more: impl FnOnce(&str) -> Vec<(&'static str, String)>,
    ) -> Value {
        *self.event.lock().unwrap() = Some(event.to_owned());
        let base = format!("http://{}", self.address);
        let mut child = Command::new(program)
            .env_clear()
            .envs([
                ("AWS_LAMBDA_RUNTIME_API", self.address.as_str()),
                ("AWS_LAMBDA_FUNCTION_NAME", "sample"),
                ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
                ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
                ("AWS_LAMBDA_LOG_GROUP_NAME", "sample"),
                ("AWS_LAMBDA_LOG_STREAM_NAME", "sample"),
                ("AWS_REGION", "eu-west-1"),
                ("AWS_ACCESS_KEY_ID", "sample"),
                ("AWS_SECRET_ACCESS_KEY", "sample"),
                ("AWS_ENDPOINT_URL", base.as_str()),
                ("INTERLOCK_TABLE", "interlock"),
                ("INTERLOCK_DEPLOYMENT", "sample"),
                ("INTERLOCK_APP_ORIGIN", "https://interlock.example.test"),
                ("INTERLOCK_CALCOM_URL", base.as_str()),
                ("INTERLOCK_CALCOM_SECRET", "calcom"),
                ("INTERLOCK_WEBHOOK_SECRET", "webhook"),
                ("INTERLOCK_MAIL_FROM", "workshop@interlock.example.test"),
                ("INTERLOCK_WEBHOOK_QUEUE_URL", &format!("{base}/000000000000/webhook")),
                ("INTERLOCK_OUTBOX_QUEUE_URL", &format!("{base}/000000000000/outbox")),
            ])
            .envs(more(&base))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let answer = self.answers.recv_timeout(PATIENCE);
        let _ = child.kill();
        let _ = child.wait();
        match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => panic!("{}: {error}", program.display()),
            Err(error) => panic!("{} did not answer: {error}", program.display()),
        }
    }
}

/// A request, as far as it is looked at.
struct Request {
    path: String,
    target: String,
    body: Vec<u8>,
}

fn read(stream: &TcpStream) -> Option<Request> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let (mut length, mut target) = (0, String::new());
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            "x-amz-target" => value.trim().clone_into(&mut target),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { path, target, body })
}

fn serve(
    stream: &TcpStream,
    event: &Mutex<Option<String>>,
    answers: &Sender<Result<Value, String>>,
) {
    let Some(request) = read(stream) else { return };
    let text = || String::from_utf8_lossy(&request.body).into_owned();
    if request.path.ends_with("/invocation/next") {
        let Some(event) = event.lock().unwrap().take() else {
            // There is one event only; the function waits until it is ended.
            thread::sleep(PATIENCE);
            return;
        };
        reply(stream, "200 OK", &event);
    } else if request.path.ends_with("/response") {
        reply(stream, "202 Accepted", "");
        let _ = answers.send(serde_json::from_str(&text()).map_err(|error| error.to_string()));
    } else if request.path.ends_with("/error") {
        reply(stream, "202 Accepted", "");
        let _ = answers.send(Err(text()));
    } else {
        reply(stream, "200 OK", &service(&request).to_string());
    }
}

/// What each service says, by the operation asked for.
fn service(request: &Request) -> Value {
    let operation = request.target.rsplit('.').next().unwrap_or_default();
    match operation {
        "BatchGetItem" => json!({"Responses": {"interlock": []}, "UnprocessedKeys": {}}),
        "Query" => json!({"Items": [], "Count": 0, "ScannedCount": 0}),
        "GetSecretValue" => {
            let secret = json!({"secrets": [WEBHOOK_SECRET], "accounts": {}, "secret": "sample"})
                .to_string();
            json!({"Name": "sample", "SecretString": secret})
        }
        "SendMessage" => {
            let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
            assert!(body["MessageBody"].is_string());
            json!({"MessageId": "00000000-0000-4000-8000-000000000000"})
        }
        _ => json!({}),
    }
}

fn reply(mut stream: &TcpStream, status: &str, body: &str) {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\nLambda-Runtime-Aws-Request-Id: sample\r\n\
         Lambda-Runtime-Deadline-Ms: 4102444800000\r\n\
         Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-west-1:000000000000:function:a\r\n\
         Lambda-Runtime-Trace-Id: Root=1-00000000-000000000000000000000000\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body.as_bytes()));
}
