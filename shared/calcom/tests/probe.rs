//! What a look sees of a server that is well, and how far it comes with one that is not.

#![expect(clippy::unwrap_used, reason = "a look that nobody took is a failed test")]

#[cfg(test)]
mod support;

use std::sync::Arc;

use interlock_app::ports::probe::{Look, Seen, Unasked};
use interlock_app::ports::scheduler::{CalAccount, CredentialMode};
use interlock_app::ports::{Probe, Scheduler};
use interlock_calcom::{CalcomClient, CalcomConfig, Credential, Credentials, Secret};
use interlock_calcom_sim::{Sim, SimConfig, demo_accounts};
use interlock_policy::EventTypeId;
use jiff::SignedDuration;
use serde_json::json;
use support::{Broken, KEY, Reply, Row, Server, account, at, client, client_at, key, keyed, range};
use tokio::net::TcpListener;

const PATIENCE: SignedDuration = SignedDuration::from_secs(5);

fn probe(client: &CalcomClient) -> &dyn Probe {
    client.probe_port().unwrap()
}

async fn health(client: &CalcomClient) -> Seen {
    probe(client).look(Look::Health, PATIENCE).await.unwrap()
}

#[tokio::test]
async fn every_look_is_one_that_the_strict_stand_in_takes() {
    let folder = tempfile::tempdir().unwrap();
    let now = at("2026-11-23T08:00:00Z");
    let listen = "127.0.0.1:0".parse().unwrap();
    let config = SimConfig::demo(listen, folder.path().to_owned(), Arc::new(move || now));
    let sim = Sim::start(config).await.unwrap();
    let demo = demo_accounts().into_iter().next().unwrap();
    let who = CalAccount { username: demo.username.clone(), ..keyed() };
    let credential = Credential::ApiKey(Secret::new(demo.api_key.as_str()));
    let client = CalcomClient::new(CalcomConfig::new(&sim.url).unwrap(), Row::of(vec![credential]));
    let kind = EventTypeId(demo.event_types[0].id.try_into().unwrap());
    let day = range("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z");
    for look in [
        Look::Health,
        Look::Slots(kind, day),
        Look::Holds,
        Look::Me(&who),
        Look::EventTypes(&who),
        Look::Bookings(&who),
        Look::Schedules(&who),
        Look::Webhooks(&who),
    ] {
        let seen = probe(&client).look(look, PATIENCE).await.unwrap();
        let Seen::Answer { status, body } = seen else { panic!("{look:?}: {seen:?}") };
        assert_eq!(status, 200, "{look:?}: {body}");
        let counted = body.contains("totalItems");
        assert_eq!(counted, matches!(look, Look::Bookings(_)), "{look:?}: {body}");
    }
    let nobody = account(CredentialMode::None);
    let anonymous =
        CalcomClient::new(CalcomConfig::new(&sim.url).unwrap(), Row::of(vec![Credential::None]));
    let who = CalAccount { username: demo.username.clone(), ..nobody };
    let seen = probe(&anonymous).look(Look::EventTypes(&who), PATIENCE).await.unwrap();
    assert!(matches!(seen, Seen::Answer { status: 200, .. }), "{seen:?}");
    sim.shutdown();
}

#[tokio::test]
async fn the_server_is_looked_at_without_a_key_and_each_call_has_its_version() {
    let day = range("2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z");
    let who = keyed();
    for (look, version, keyed) in [
        (Look::Health, "2024-08-13", false),
        (Look::Slots(EventTypeId(1), day), "2024-09-04", false),
        (Look::Holds, "2024-09-04", false),
        (Look::Me(&who), "2024-08-13", true),
        (Look::EventTypes(&who), "2024-06-14", true),
        (Look::Bookings(&who), "2024-08-13", true),
        (Look::Schedules(&who), "2024-06-11", true),
        (Look::Webhooks(&who), "2024-08-13", true),
    ] {
        let server = Server::start(vec![Reply::data(200, &json!({}))]).await;
        probe(&client(&server)).look(look, PATIENCE).await.unwrap();
        let sent = server.only();
        assert_eq!(sent.headers["cal-api-version"], version, "{look:?}");
        assert_eq!(sent.headers.contains_key("authorization"), keyed, "{look:?}");
        assert_eq!(sent.method, "GET", "{look:?}");
    }
}

#[tokio::test]
async fn how_far_a_look_came_tells_name_listener_certificate_and_silence_apart() {
    let nowhere = CalcomConfig::new("http://calcom.invalid").unwrap();
    let nowhere = CalcomClient::new(nowhere, Row::of(vec![key(KEY)]));
    assert_eq!(health(&nowhere).await, Seen::Unnamed);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let silent = client_at(address, Row::of(vec![key(KEY)]));
    let short = SignedDuration::from_millis(200);
    assert_eq!(probe(&silent).look(Look::Health, short).await, Ok(Seen::Silent));
    drop(listener);
    assert_eq!(health(&client_at(address, Row::of(vec![key(KEY)]))).await, Seen::Closed);
    let (plain, _) = support::raw_server("HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let config = CalcomConfig::new(&format!("https://{plain}")).unwrap();
    let tls = CalcomClient::new(config, Row::of(vec![key(KEY)]));
    assert_eq!(health(&tls).await, Seen::Untrusted);
    let (closing, _) = support::raw_server("").await;
    assert_eq!(health(&client_at(closing, Row::of(vec![key(KEY)]))).await, Seen::Silent);
}

#[tokio::test]
async fn a_key_that_was_changed_a_moment_ago_is_not_told_as_refused() {
    let refusal = || Reply::refusal(401, "ApiAuthStrategy - api key - Your api key is not valid");
    let server = Server::start(vec![refusal(), Reply::data(200, &json!({}))]).await;
    let changed = client_at(server.address, Row::of(vec![key("cal_old"), key(KEY)]));
    let seen = probe(&changed).look(Look::Me(&keyed()), PATIENCE).await;
    assert!(matches!(seen, Ok(Seen::Answer { status: 200, .. })), "{seen:?}");
    let server = Server::start(vec![refusal()]).await;
    let seen = probe(&client(&server)).look(Look::Me(&keyed()), PATIENCE).await;
    assert!(matches!(seen, Ok(Seen::Answer { status: 401, .. })), "{seen:?}");
    assert_eq!(server.seen().len(), 1, "the same key is not tried again");
}

#[tokio::test]
async fn without_a_usable_credential_nothing_is_sent() {
    let server = Server::start(vec![]).await;
    for (credentials, expected) in [
        (Row::of(Vec::new()) as Arc<dyn Credentials>, Unasked::NoCredential),
        (Arc::new(Broken), Unasked::NoSecrets),
        (Row::of(vec![Credential::None]), Unasked::NoCredential),
        (Row::of(vec![key("cal_\n")]), Unasked::NoCredential),
    ] {
        let client = client_at(server.address, credentials);
        let seen = probe(&client).look(Look::Me(&keyed()), PATIENCE).await;
        assert_eq!(seen, Err(expected));
    }
    assert!(server.seen().is_empty());
}

#[test]
fn a_look_prints_no_body() {
    let seen = Seen::Answer { status: 401, body: "bearer cal_secret".to_owned() };
    assert_eq!(format!("{seen:?}"), "Answer(401, …)");
}
