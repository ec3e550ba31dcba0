//! An issuer on this machine, with keys of its own, and everything a token may lack.

use std::sync::Mutex as Lock;
use std::sync::atomic::{AtomicU32, Ordering};

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use rcgen::{KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_RSA_SHA256};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

const ISSUER: &str = "https://id.test/realms/shop";
const NOW: i64 = 1_800_000_000;

/// A key that signs, under a name.
struct Signer {
    name: &'static str,
    algorithm: Algorithm,
    key: EncodingKey,
}

impl Signer {
    fn new(name: &'static str, algorithm: Algorithm) -> Self {
        let key = if algorithm == Algorithm::ES256 {
            let pair = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
            EncodingKey::from_ec_der(pair.serialized_der())
        } else {
            let pair = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
            // The key of RFC 8017 lies behind the 26 bytes that say that it is one of RSA.
            EncodingKey::from_rsa_der(&pair.serialized_der()[26..])
        };
        Self { name, algorithm, key }
    }

    fn jwk(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key, self.algorithm).unwrap();
        jwk.common.key_id = Some(self.name.to_owned());
        serde_json::to_value(jwk).unwrap()
    }

    fn header(&self) -> Header {
        Header { kid: Some(self.name.to_owned()), ..Header::new(self.algorithm) }
    }

    fn sign(&self, claims: &Value) -> String {
        encode(&self.header(), claims, &self.key).unwrap()
    }
}

/// A server that gives out keys, and how often it was asked.
struct Server {
    url: String,
    keys: Arc<Lock<(u16, Value)>>,
    asked: Arc<AtomicU32>,
}

impl Server {
    #[expect(clippy::disallowed_methods, reason = "it answers as long as its test runs")]
    async fn start(keys: &[&Signer]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        let keys = Arc::new(Lock::new((200, document(keys))));
        let asked = Arc::new(AtomicU32::new(0));
        let (shown, count) = (keys.clone(), asked.clone());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 2048];
                let _ = stream.read(&mut request).await;
                count.fetch_add(1, Ordering::Relaxed);
                let (status, body) = shown.lock().unwrap().clone();
                let body = body.to_string();
                let head = format!(
                    "HTTP/1.1 {status} X\r\nlocation: /keys\r\ncontent-length: {}\r\n\
                     connection: close\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
            }
        });
        Self { url, keys, asked }
    }

    fn gives(&self, status: u16, document: Value) {
        *self.keys.lock().unwrap() = (status, document);
    }

    fn asked(&self) -> u32 {
        self.asked.load(Ordering::Relaxed)
    }

    fn issuer(&self) -> KnownIssuer<KeyAddress> {
        let rule = BearerRule { issuer: ISSUER.into(), audience: "interlock".into() };
        let mut issuer = KnownIssuer::new(rule, address(&self.url));
        issuer.time = || Instant::now() + AHEAD.get();
        issuer
    }
}

/// An address that is waited for until nobody on this machine could be that busy.
fn address(url: &str) -> KeyAddress {
    KeyAddress { url: url.to_owned(), patience: Duration::from_mins(1), http: Http::default() }
}

fn document(keys: &[&Signer]) -> Value {
    json!({ "keys": keys.iter().map(|key| key.jwk()).collect::<Vec<_>>() })
}

thread_local! {
    static AHEAD: std::cell::Cell<Duration> = const { std::cell::Cell::new(Duration::ZERO) };
}

fn advance(seconds: u64) {
    AHEAD.set(AHEAD.get() + Duration::from_secs(seconds));
}

fn now() -> Timestamp {
    Timestamp::from_second(NOW).unwrap()
}

fn claims() -> Value {
    json!({ "iss": ISSUER, "aud": "interlock", "sub": "ada", "iat": NOW, "exp": NOW + 300 })
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

async fn refused(issuer: &KnownIssuer<KeyAddress>, token: &str) -> &'static str {
    let error = issuer.identify(token, now()).await.unwrap_err();
    let IssuerError::Refused(why) = error else { panic!("{token}: {error:?}") };
    why
}

#[tokio::test]
async fn a_token_of_either_kind_of_key_names_its_person() {
    let (ec, rsa) = (Signer::new("e", Algorithm::ES256), Signer::new("r", Algorithm::RS256));
    let server = Server::start(&[&ec, &rsa]).await;
    let issuer = server.issuer();
    for signer in [&ec, &rsa] {
        let said = issuer.identify(&signer.sign(&claims()), now()).await.unwrap();
        assert_eq!((said.issuer.as_str(), said.subject.as_str()), (ISSUER, "ada"));
        assert_eq!(said.factor_at, None);
        let many = signer.sign(&with("aud", json!(["other", "interlock"])));
        assert!(issuer.identify(&many, now()).await.is_ok());
    }
    assert_eq!(server.asked(), 1, "keys are remembered");
}

#[tokio::test]
async fn another_issuer_audience_or_form_is_refused() {
    let signer = Signer::new("e", Algorithm::ES256);
    let server = Server::start(&[&signer]).await;
    let issuer = server.issuer();
    let mut tokens: Vec<String> = [
        with("iss", json!("https://evil.test")),
        with("iss", json!(format!("{ISSUER}/"))),
        with("aud", json!("other")),
        with("aud", json!(["other"])),
        with("aud", json!([])),
        with("sub", json!("")),
        with("sub", json!(7)),
        with("exp", json!("soon")),
        with("nbf", json!("soon")),
        with("iat", json!(i64::MIN)),
        with("amr", json!("mfa")),
    ]
    .iter()
    .map(|claims| signer.sign(claims))
    .collect();
    for lacking in ["iss", "aud", "sub", "exp", "iat"] {
        let mut claims = claims();
        claims.as_object_mut().unwrap().remove(lacking);
        tokens.push(signer.sign(&claims));
    }
    let good = signer.sign(&claims());
    let parts: Vec<_> = good.split('.').collect();
    let other = signer.sign(&with("sub", json!("root")));
    let swapped = other.split('.').nth(1).unwrap();
    tokens.push(format!("{}.{swapped}.{}", parts[0], parts[2]));
    tokens.push(format!("{}.{}.", parts[0], parts[1]));
    tokens.push(format!("{}.{}", parts[0], parts[1]));
    tokens.extend([String::new(), "a.b.c".into(), "..".into(), format!("{good}.x")]);
    for token in tokens {
        refused(&issuer, &token).await;
    }
    assert!(issuer.identify(&good, now()).await.is_ok());
}

#[tokio::test]
async fn times_are_held_to_our_clock_with_a_minute_to_either_side() {
    let signer = Signer::new("e", Algorithm::ES256);
    let server = Server::start(&[&signer]).await;
    let issuer = server.issuer();
    for (claim, at, counts) in [
        ("exp", NOW - 59, true),
        ("exp", NOW - 60, false),
        ("exp", 0, false),
        ("nbf", NOW + 60, true),
        ("nbf", NOW + 61, false),
        ("iat", NOW + 60, true),
        ("iat", NOW + 61, false),
        ("auth_time", NOW + 61, false),
    ] {
        let token = signer.sign(&with(claim, json!(at)));
        let said = issuer.identify(&token, now()).await;
        assert_eq!(said.is_ok(), counts, "{claim} {}", at - NOW);
    }
}

#[tokio::test]
async fn the_algorithm_is_the_keys_and_never_the_tokens() {
    let (ec, rsa) = (Signer::new("e", Algorithm::ES256), Signer::new("r", Algorithm::RS256));
    let server = Server::start(&[&ec, &rsa]).await;
    let issuer = server.issuer();
    let body = ec.sign(&claims());
    let body = body.split('.').nth(1).unwrap();
    let plain = |text: &str| {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(text)
    };
    for algorithm in ["none", "NONE", "None", ""] {
        let header = plain(&format!(r#"{{"alg":"{algorithm}","kid":"e"}}"#));
        refused(&issuer, &format!("{header}.{body}.")).await;
    }
    // The public key of the issuer, which everybody knows, taken for a shared secret.
    let public = rsa.jwk().to_string();
    for secret in [public.as_bytes(), rsa.jwk()["n"].as_str().unwrap().as_bytes(), b""] {
        let key = EncodingKey::from_secret(secret);
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let header = Header { kid: Some("r".into()), ..Header::new(algorithm) };
            let token = encode(&header, &claims(), &key).unwrap();
            assert_eq!(refused(&issuer, &token).await, "its algorithm is not that of its key");
        }
    }
    // Right keys under each other's name, and an algorithm of the same kind that is not taken.
    for (signer, name) in [(&ec, "r"), (&rsa, "e")] {
        let header = Header { kid: Some(name.into()), ..signer.header() };
        refused(&issuer, &encode(&header, &claims(), &signer.key).unwrap()).await;
    }
    let header = Header { kid: Some("r".into()), ..Header::new(Algorithm::RS512) };
    refused(&issuer, &encode(&header, &claims(), &rsa.key).unwrap()).await;
}

#[tokio::test]
async fn a_header_that_brings_its_own_key_or_asks_for_more_changes_nothing() {
    let (ours, evil) = (Signer::new("e", Algorithm::ES256), Signer::new("e", Algorithm::ES256));
    let server = Server::start(&[&ours]).await;
    let issuer = server.issuer();
    let own = Jwk::from_encoding_key(&evil.key, Algorithm::ES256).unwrap();
    let header = Header { jwk: Some(own), jku: Some(server.url.clone()), ..evil.header() };
    refused(&issuer, &encode(&header, &claims(), &evil.key).unwrap()).await;
    let critical = Header { crit: Some(vec!["b64".into()]), ..ours.header() };
    refused(&issuer, &encode(&critical, &claims(), &ours.key).unwrap()).await;
    let nameless = Header { kid: None, ..ours.header() };
    let token = encode(&nameless, &claims(), &ours.key).unwrap();
    assert_eq!(refused(&issuer, &token).await, "it names no key");
}

#[tokio::test]
async fn a_key_that_was_rotated_in_is_found_and_one_rotated_out_counts_no_more() {
    let (old, new) = (Signer::new("1", Algorithm::ES256), Signer::new("2", Algorithm::ES256));
    let server = Server::start(&[&old]).await;
    let issuer = server.issuer();
    assert!(issuer.identify(&old.sign(&claims()), now()).await.is_ok());
    server.gives(200, document(&[&new]));
    assert_eq!(refused(&issuer, &new.sign(&claims())).await, "its key is not known");
    advance(30);
    assert!(issuer.identify(&new.sign(&claims()), now()).await.is_ok());
    assert_eq!(refused(&issuer, &old.sign(&claims())).await, "its key is not known");
    assert_eq!(server.asked(), 2);
    advance(600);
    assert!(issuer.identify(&new.sign(&claims()), now()).await.is_ok());
    assert_eq!(server.asked(), 3, "keys are read again when they are old");
}

#[tokio::test]
async fn a_flood_of_unknown_keys_reads_them_at_most_twice_a_minute() {
    let signer = Signer::new("e", Algorithm::ES256);
    let server = Server::start(&[&signer]).await;
    let issuer = server.issuer();
    for number in 0..120 {
        let header = Header { kid: Some(format!("x{number}")), ..signer.header() };
        let token = encode(&header, &claims(), &signer.key).unwrap();
        refused(&issuer, &token).await;
        advance(1);
    }
    assert!(server.asked() <= 5, "{}", server.asked());
}

#[tokio::test]
async fn out_of_reach_the_last_keys_serve_for_an_hour_and_then_nobody_is_believed() {
    let signer = Signer::new("e", Algorithm::ES256);
    let server = Server::start(&[&signer]).await;
    let issuer = server.issuer();
    let token = signer.sign(&claims());
    assert!(issuer.identify(&token, now()).await.is_ok());
    for (status, body) in [(503, json!({})), (200, json!("no keys")), (302, document(&[&signer]))] {
        server.gives(status, body);
        advance(700);
        assert!(issuer.identify(&token, now()).await.is_ok(), "{status}");
    }
    advance(2000);
    let gone = issuer.identify(&token, now()).await;
    assert!(matches!(gone, Err(IssuerError::Unavailable(_))), "{gone:?}");
    server.gives(200, document(&[&signer]));
    advance(30);
    assert!(issuer.identify(&token, now()).await.is_ok());
}

#[tokio::test]
async fn keys_that_do_not_end_or_do_not_come_are_given_up() {
    let signer = Signer::new("e", Algorithm::ES256);
    let server = Server::start(&[&signer]).await;
    let token = signer.sign(&claims());
    let mut long = document(&[&signer]);
    long["more"] = json!("x".repeat(MAX_KEYS));
    server.gives(200, long);
    let gone = server.issuer().identify(&token, now()).await;
    assert!(matches!(gone, Err(IssuerError::Unavailable(_))), "{gone:?}");
    // Nobody takes this call up, so it is answered when the time is over and not before.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/keys", silent.local_addr().unwrap());
    let patience = Duration::from_millis(50);
    let rule = BearerRule { issuer: ISSUER.into(), audience: "interlock".into() };
    let issuer = KnownIssuer::new(rule, KeyAddress { url, patience, http: Http::default() });
    let gone = issuer.identify(&token, now()).await;
    assert!(matches!(gone, Err(IssuerError::Unavailable(_))), "{gone:?}");
}

#[tokio::test]
async fn keys_for_other_ends_are_left_out() {
    let signer = Signer::new("e", Algorithm::ES256);
    let token = signer.sign(&claims());
    for (field, value) in [
        ("use", json!("enc")),
        ("alg", json!("ES384")),
        ("kid", Value::Null),
        ("crv", json!("P-384")),
    ] {
        let mut jwk = signer.jwk();
        jwk[field] = value;
        let server = Server::start(&[]).await;
        server.gives(200, json!({ "keys": [{ "kty": "?" }, 7, jwk] }));
        assert_eq!(refused(&server.issuer(), &token).await, "its key is not known", "{field}");
    }
}

#[tokio::test]
async fn a_factor_is_shown_where_the_issuer_says_so_and_when() {
    let signer = Signer::new("e", Algorithm::ES256);
    let server = Server::start(&[&signer]).await;
    let issuer = server.issuer();
    for (amr, auth_time, shown) in [
        (json!(["pwd", "mfa"]), json!(NOW - 9), Some(NOW - 9)),
        (json!(["mfa"]), json!(NOW + 60), Some(NOW)),
        (json!(["pwd"]), json!(NOW), None),
        (json!(["otp", "hwk", "MFA"]), json!(NOW), None),
        (json!(["mfa"]), Value::Null, None),
        (json!([]), json!(NOW), None),
    ] {
        let mut claims = with("amr", amr.clone());
        claims["auth_time"] = auth_time;
        let said = issuer.identify(&signer.sign(&claims), now()).await.unwrap();
        assert_eq!(said.factor_at.map(Timestamp::as_second), shown, "{amr}");
    }
}
