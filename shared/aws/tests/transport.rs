//! The SDK over our HTTP client, against a server of a few lines.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_secretsmanager::config::timeout::TimeoutConfig;
use aws_sdk_secretsmanager::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_secretsmanager::operation::get_secret_value::GetSecretValueError;
use interlock_aws::{Aws, AwsConfig, Http};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// What the server does with a connection.
#[derive(Clone, Copy)]
enum Act {
    Answer(&'static str),
    BreakOff,
    Hang,
}

struct Server {
    url: String,
    heard: Arc<Mutex<Vec<String>>>,
    _serving: JoinSet<()>,
}

impl Server {
    /// One act for each connection.
    async fn of(acts: Vec<Act>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&heard);
        let mut serving = JoinSet::new();
        serving.spawn(async move {
            let mut open = Vec::new();
            for act in acts {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut bytes = Vec::new();
                while !String::from_utf8_lossy(&bytes).contains("SecretId") {
                    stream.read_buf(&mut bytes).await.unwrap();
                }
                kept.lock().unwrap().push(String::from_utf8(bytes).unwrap());
                match act {
                    Act::Answer(text) => stream.write_all(text.as_bytes()).await.unwrap(),
                    Act::BreakOff => continue,
                    Act::Hang => {}
                }
                open.push(stream);
            }
            std::future::pending::<()>().await;
        });
        Self { url, heard, _serving: serving }
    }

    fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    async fn ask(&self) -> Result<String, SdkError<GetSecretValueError>> {
        ask(&self.url).await
    }
}

async fn ask(url: &str) -> Result<String, SdkError<GetSecretValueError>> {
    let config = AwsConfig {
        region: Some("eu-central-1".to_owned()),
        credentials: Some(Credentials::new("who", "hunter2", None, None, "test")),
        secrets_manager_url: Some(url.to_owned()),
        ..AwsConfig::default()
    };
    let aws = Aws::new(config, Http::default());
    let patience = TimeoutConfig::builder()
        .operation_attempt_timeout(Duration::from_millis(200))
        .operation_timeout(Duration::from_secs(30))
        .build();
    let config = aws.secrets_manager().config().to_builder().timeout_config(patience).build();
    let client = aws_sdk_secretsmanager::Client::from_conf(config);
    let answer = client.get_secret_value().secret_id("key").send().await?;
    Ok(answer.secret_string().unwrap_or_default().to_owned())
}

const FOUND: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/x-amz-json-1.1\r\n\
    content-length: 24\r\nconnection: close\r\n\r\n{\"SecretString\":\"words\"}";
const MISSING: &str = "HTTP/1.1 400 Bad Request\r\nx-amzn-requestid: req-7\r\n\
    content-length: 39\r\nconnection: close\r\n\r\n{\"__type\":\"ResourceNotFoundException\"} ";
const BUSY: &str =
    "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
const ELSEWHERE: &str = "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://127.0.0.1:1/\r\n\
    content-length: 0\r\nconnection: close\r\n\r\n";

#[tokio::test]
async fn a_call_arrives_signed_and_its_answer_is_read() {
    let server = Server::of(vec![Act::Answer(FOUND)]).await;
    assert_eq!(server.ask().await.unwrap(), "words");
    let heard = server.heard().concat();
    assert!(heard.starts_with("POST / HTTP/1.1\r\n"), "{heard}");
    assert!(heard.contains("x-amz-target: secretsmanager.GetSecretValue\r\n"), "{heard}");
    assert!(heard.contains("Credential=who/"), "{heard}");
    assert!(heard.ends_with("{\"SecretId\":\"key\"}"), "{heard}");
    assert!(!heard.contains("hunter2"), "{heard}");
}

#[tokio::test]
async fn roots_are_read_at_the_first_call_and_once_for_everybody() {
    let http = Http::default();
    let config = AwsConfig {
        region: Some("eu-central-1".to_owned()),
        credentials: Some(Credentials::new("who", "hunter2", None, None, "test")),
        secrets_manager_url: Some("http://127.0.0.1:1".to_owned()),
        sqs_url: Some("http://127.0.0.1:1".to_owned()),
        ..AwsConfig::default()
    };
    let aws = Aws::new(config, http.clone());
    let (secrets, queues) = (aws.secrets_manager(), aws.sqs());
    let _table = aws.dynamodb();
    assert!(!http.has_roots(), "making clients reads nothing");
    assert!(secrets.get_secret_value().secret_id("key").send().await.is_err());
    assert!(http.has_roots());
    assert!(queues.list_queues().send().await.is_err());
}

#[tokio::test]
async fn a_refusal_keeps_its_kind_and_the_name_of_the_request() {
    let server = Server::of(vec![Act::Answer(MISSING)]).await;
    let error = server.ask().await.unwrap_err();
    assert_eq!(error.code(), Some("ResourceNotFoundException"), "{}", DisplayErrorContext(&error));
    let raw = error.raw_response().unwrap();
    assert_eq!(raw.headers().get("x-amzn-requestid"), Some("req-7"));
    assert_eq!(server.heard().len(), 1);
}

#[tokio::test]
async fn what_is_broken_off_busy_or_too_slow_is_tried_again() {
    for fault in [Act::BreakOff, Act::Answer(BUSY), Act::Hang] {
        let server = Server::of(vec![fault, Act::Answer(FOUND)]).await;
        assert_eq!(server.ask().await.unwrap(), "words");
        assert_eq!(server.heard().len(), 2);
    }
}

#[tokio::test]
async fn after_three_tries_the_fault_is_told_as_what_it_was() {
    let broken = Server::of(vec![Act::BreakOff; 3]).await.ask().await.unwrap_err();
    assert!(matches!(&broken, SdkError::DispatchFailure(fault) if fault.is_io()));
    let slow = Server::of(vec![Act::Hang; 3]).await.ask().await.unwrap_err();
    assert!(matches!(slow, SdkError::TimeoutError(_)));
    let closed = ask("http://127.0.0.1:1").await.unwrap_err();
    assert!(matches!(&closed, SdkError::DispatchFailure(fault) if fault.is_io()));
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let server = Server::of(vec![Act::Answer(ELSEWHERE)]).await;
    let error = server.ask().await.unwrap_err();
    assert_eq!(error.raw_response().unwrap().status().as_u16(), 307);
}
