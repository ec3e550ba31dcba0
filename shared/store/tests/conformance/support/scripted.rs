//! A server of a few lines that answers each request with the next line of a script.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use interlock_store::DynamoStore;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::client_at;

const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Clone)]
pub(crate) enum Answer {
    Reply(u16, Value),
    /// The connection breaks off.
    Silence,
    /// The connection stays, and nothing comes.
    Hang,
}

/// A table whose answers are written down.
pub(crate) struct Scripted {
    pub(crate) store: DynamoStore,
    asked: Arc<Mutex<Vec<Value>>>,
    _servers: JoinSet<()>,
}

impl Scripted {
    pub(crate) async fn answering(answers: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        let mut servers = JoinSet::new();
        servers.spawn(async move {
            let mut hanging = Vec::new();
            for answer in answers {
                let (mut stream, _) = listener.accept().await.unwrap();
                let body = request(&mut stream).await;
                heard.lock().unwrap().push(body);
                match answer {
                    Answer::Reply(status, body) => reply(&mut stream, status, &body).await,
                    Answer::Silence => {}
                    Answer::Hang => hanging.push(stream),
                }
            }
            std::future::pending::<()>().await;
        });
        // Long enough for any answer that comes.
        let patience = TimeoutConfig::builder().operation_attempt_timeout(PATIENCE).build();
        let config = client_at(&url).config().to_builder().timeout_config(patience).build();
        let store = DynamoStore::new(Client::from_conf(config), "interlock");
        Self { store, asked, _servers: servers }
    }

    pub(crate) fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap().clone()
    }
}

async fn request(stream: &mut TcpStream) -> Value {
    let mut bytes = Vec::new();
    loop {
        stream.read_buf(&mut bytes).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>())
        });
        if body.len() >= length.unwrap().unwrap() {
            return serde_json::from_str(body).unwrap();
        }
    }
}

async fn reply(stream: &mut TcpStream, status: u16, body: &Value) {
    let body = body.to_string();
    let text = format!(
        "HTTP/1.1 {status} Scripted\r\ncontent-type: application/x-amz-json-1.0\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(text.as_bytes()).await.unwrap();
    stream.shutdown().await.unwrap();
}

pub(crate) fn refusal(code: &str) -> Answer {
    let kind = format!("com.amazonaws.dynamodb.v20120810#{code}");
    Answer::Reply(400, json!({"__type": kind, "message": "scripted"}))
}

pub(crate) fn broken() -> Answer {
    Answer::Reply(500, json!({"__type": "com.amazonaws.dynamodb.v20120810#InternalServerError"}))
}

pub(crate) fn cancelled(codes: &[&str]) -> Answer {
    let reasons: Vec<Value> = codes.iter().map(|code| json!({"Code": code})).collect();
    let kind = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
    Answer::Reply(
        400,
        json!({"__type": kind, "Message": "scripted", "CancellationReasons": reasons}),
    )
}

pub(crate) fn done() -> Answer {
    Answer::Reply(200, json!({}))
}
