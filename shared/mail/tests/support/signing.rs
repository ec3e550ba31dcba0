//! What SES is asked, by a listener that checks the signature with its own arithmetic.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use interlock_app::ports::{Mailer, PostError};
use interlock_mail::{SesConfig, SesMailer};
use mail_parser::MessageParser;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::letter::{mail, sender};

const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

/// A request as it came over the wire.
struct Asked {
    line: String,
    headers: BTreeMap<String, String>,
    body: String,
}

impl Asked {
    fn of(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let line = lines.next()?.to_owned();
        let pairs = lines.filter_map(|line| line.split_once(": "));
        let headers: BTreeMap<_, _> =
            pairs.map(|(name, value)| (name.to_lowercase(), value.to_owned())).collect();
        let length: usize = headers.get("content-length")?.parse().ok()?;
        (body.len() == length).then(|| Self { line, headers, body: body.to_owned() })
    }
}

/// Answers one request, and tells what it was.
async fn ses(answer: String) -> (String, tokio::task::JoinHandle<Asked>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://127.0.0.1:{}", listener.local_addr().unwrap().port());
    #[expect(clippy::disallowed_methods, reason = "a provider of the test's own")]
    let task = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        loop {
            let mut part = [0; 4096];
            let count = stream.read(&mut part).await.unwrap();
            heard.extend_from_slice(&part[..count]);
            if let Some(asked) = Asked::of(std::str::from_utf8(&heard).unwrap()) {
                stream.write_all(answer.as_bytes()).await.unwrap();
                return asked;
            }
            assert_ne!(count, 0, "the request is whole");
        }
    });
    (endpoint, task)
}

fn answer(head: &str, body: &str) -> String {
    format!("HTTP/1.1 {head}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

fn mailer(endpoint: String) -> SesMailer {
    let credentials =
        Credentials::new("AKIDEXAMPLE", SECRET, Some("a-token".to_owned()), None, "test");
    let config = SesConfig {
        endpoint,
        region: "eu-west-1".to_owned(),
        configuration_set: Some("letters".to_owned()),
    };
    // 30 August 2015, 12:36:00.
    let clock = || SystemTime::UNIX_EPOCH + Duration::from_mins(24_015_636);
    let line = Arc::new(|| Ok(reqwest::Client::builder().build()?));
    SesMailer::new(config, sender(), SharedCredentialsProvider::new(credentials), clock, line)
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// The key of a day, a region and a service.
fn key(day: &str, region: &str, service: &str) -> Vec<u8> {
    let first = mac(format!("AWS4{SECRET}").as_bytes(), day);
    [region, service, "aws4_request"].iter().fold(first, |key, part| mac(&key, part))
}

#[test]
fn the_arithmetic_of_this_test_gives_the_key_that_amazon_publishes() {
    assert_eq!(
        hex::encode(key("20150830", "us-east-1", "iam")),
        "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9"
    );
}

#[tokio::test]
async fn ses_is_asked_with_a_signature_that_another_arithmetic_agrees_to() {
    let (endpoint, task) = ses(answer("200 OK", r#"{"MessageId":"0100"}"#)).await;
    assert_eq!(mailer(endpoint).send(&mail()).await.unwrap().as_deref(), Some("0100"));
    let asked = task.await.unwrap();
    assert_eq!(asked.line, "POST /v2/email/outbound-emails HTTP/1.1");

    let (credential, rest) = asked.headers["authorization"].split_once(", SignedHeaders=").unwrap();
    let (signed, signature) = rest.split_once(", Signature=").unwrap();
    let scope = "20150830/eu-west-1/ses/aws4_request";
    assert_eq!(credential, format!("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{scope}"));
    for name in ["content-type", "host", "x-amz-date", "x-amz-security-token"] {
        assert!(signed.split(';').any(|one| one == name), "{name} is not signed: {signed}");
    }
    let lines: Vec<String> =
        signed.split(';').map(|name| format!("{name}:{}\n", asked.headers[name])).collect();
    let lines = lines.concat();
    let request =
        format!("POST\n/v2/email/outbound-emails\n\n{lines}\n{signed}\n{}", hash(&asked.body));
    let text = format!("AWS4-HMAC-SHA256\n20150830T123600Z\n{scope}\n{}", hash(&request));
    assert_eq!(signature, hex::encode(mac(&key("20150830", "eu-west-1", "ses"), &text)));

    let told: Value = serde_json::from_str(&asked.body).unwrap();
    assert_eq!(told["FromEmailAddress"], "workshop@interlock.test");
    assert_eq!(told["Destination"]["ToAddresses"][0], "ada@test.example");
    assert_eq!(told["EmailTags"][0]["Value"], "ltr_one");
    assert_eq!(told["ConfigurationSetName"], "letters");
    let raw = STANDARD.decode(told["Content"]["Raw"]["Data"].as_str().unwrap()).unwrap();
    let read = MessageParser::default().parse(&raw).unwrap();
    assert_eq!(read.message_id(), Some("0123@interlock.test"), "the mail itself goes along");
}

/// A sender that is not verified yet, or a sandbox, is answered so; the letter must wait for it.
#[tokio::test]
async fn what_ses_rejects_is_tried_again_and_what_it_cannot_read_is_not() {
    let answers = [
        ("400 Bad\r\nx-amzn-errortype: MessageRejected", false),
        ("400 Bad\r\nx-amzn-errortype: BadRequestException", true),
        ("503 Busy", false),
    ];
    for (head, is_final) in answers {
        let (endpoint, task) = ses(answer(head, "")).await;
        let sent = mailer(endpoint).send(&mail()).await;
        task.await.unwrap();
        match (is_final, &sent) {
            (true, Err(PostError::Refused(_))) | (false, Err(PostError::Unavailable(_))) => {}
            other => panic!("{head}: {other:?}"),
        }
    }
}
