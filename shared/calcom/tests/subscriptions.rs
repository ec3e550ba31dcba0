//! Webhook subscriptions: what is sent, what is read, and that no secret comes back.

#[cfg(test)]
mod support;

use std::sync::Arc;

use async_trait::async_trait;
use interlock_app::ports::Subscriptions;
use interlock_app::ports::scheduler::Failure;
use interlock_app::ports::subscriptions::{NEEDED, NewSubscription, SubscriptionChange};
use interlock_calcom::webhook::{SigningSecrets, WebhookSecrets};
use interlock_calcom::{CalcomClient, CalcomConfig, Credential, CredentialError, Secret};
use interlock_calcom_sim::{Sim, SimConfig, demo_accounts};
use serde_json::{Value, json};
use support::*;

const ID: &str = "3f1c2b7e-0c54-4a5e-9a47-2d1f5f1f0a11";

struct Rotating;

#[async_trait]
impl WebhookSecrets for Rotating {
    async fn active(&self) -> Result<SigningSecrets, CredentialError> {
        SigningSecrets::new(vec![Secret::new("the-newest"), Secret::new("the-oldest")])
            .map_err(|_| CredentialError::Missing)
    }
}

fn hook() -> Value {
    json!({
        "id": ID, "userId": 4, "payloadTemplate": null, "triggers": ["BOOKING_CREATED", "NEW_WORD"],
        "subscriberUrl": "https://a.test/hook", "active": true, "secret": "told-in-clear"
    })
}

fn wanted(url: &str) -> NewSubscription {
    let triggers = NEEDED.map(str::to_owned).to_vec();
    NewSubscription { url: url.to_owned(), active: true, triggers }
}

#[tokio::test]
async fn what_is_made_or_changed_is_signed_with_the_newest_secret() {
    let server = Server::start(vec![
        Reply::data(201, &hook()),
        Reply::data(200, &hook()),
        Reply::data(200, &hook()),
        Reply::data(200, &json!([hook()])),
    ])
    .await;
    let (client, account) = (client(&server).signing_with(Arc::new(Rotating)), keyed());
    let id = ID.parse().unwrap();
    client.subscribe(&account, &wanted("https://a.test/hook")).await.unwrap();
    let change = SubscriptionChange { active: Some(false), ..Default::default() };
    client.resubscribe(&account, &id, &change).await.unwrap();
    client.unsubscribe(&account, &id).await.unwrap();
    let page = client.subscriptions(&account, 250).await.unwrap();
    assert!(!format!("{page:?}").contains("told-in-clear"));
    assert_eq!(page[0].triggers, ["BOOKING_CREATED", "NEW_WORD"]);
    let seen = server.seen();
    let calls: Vec<String> =
        seen.iter().map(|seen| format!("{} {}", seen.method, seen.path)).collect();
    let one = format!("/v2/webhooks/{ID}");
    let expected = [
        "POST /v2/webhooks".to_owned(),
        format!("PATCH {one}"),
        format!("DELETE {one}"),
        "GET /v2/webhooks".to_owned(),
    ];
    assert_eq!(calls, expected);
    let made = json!({
        "subscriberUrl": "https://a.test/hook", "active": true, "triggers": NEEDED,
        "secret": "the-newest"
    });
    assert_eq!(seen[0].body, made);
    assert_eq!(seen[1].body, json!({ "active": false, "secret": "the-newest" }));
    assert_eq!((&seen[2].body, seen[3].query["skip"].as_str()), (&Value::Null, "250"));
}

#[tokio::test]
async fn without_a_secret_nothing_is_made_or_changed() {
    let server = Server::start(vec![]).await;
    let (client, account) = (client(&server), keyed());
    let made = client.subscribe(&account, &wanted("https://a.test/hook")).await.unwrap_err();
    let change = SubscriptionChange::default();
    let changed = client.resubscribe(&account, &ID.parse().unwrap(), &change).await.unwrap_err();
    assert_eq!([made.failure, changed.failure], [Failure::Credential; 2]);
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn a_change_is_tried_once_and_an_answer_that_cannot_be_read_is_none() {
    let other =
        json!({ "id": "../bookings", "subscriberUrl": "x", "active": true, "triggers": [] });
    for reply in [Reply::html(200), Reply::data(201, &other), Reply::data(201, &json!([hook()]))] {
        let server = Server::start(vec![reply]).await;
        let client = client(&server).signing_with(Arc::new(Rotating));
        let error = client.subscribe(&keyed(), &wanted("https://a.test/hook")).await.unwrap_err();
        assert_eq!(error.failure, Failure::Unreadable);
    }
    let server = Server::start(vec![Reply::refusal(500, "x")]).await;
    let client = client(&server).signing_with(Arc::new(Rotating));
    let error = client.unsubscribe(&keyed(), &ID.parse().unwrap()).await.unwrap_err();
    assert_eq!((error.failure, server.seen().len()), (Failure::UnknownOutcome, 1));
}

#[tokio::test]
async fn subscriptions_live_their_whole_life_at_the_stand_in() {
    let folder = tempfile::tempdir().unwrap();
    let now = "2026-11-23T08:00:00Z".parse().unwrap();
    let listen = "127.0.0.1:0".parse().unwrap();
    let config = SimConfig::demo(listen, folder.path().to_owned(), Arc::new(move || now));
    let sim = Sim::start(config).await.unwrap();
    let of = |demo: &interlock_calcom_sim::DemoAccount| {
        let key = Credential::ApiKey(Secret::new(demo.api_key.as_str()));
        let config = CalcomConfig::new(&sim.url).unwrap();
        CalcomClient::new(config, Row::of(vec![key])).signing_with(Arc::new(Rotating))
    };
    let demo = demo_accounts();
    let (own, foreign, account) = (of(&demo[0]), of(&demo[1]), keyed());
    let before = own.subscriptions(&account, 0).await.unwrap().len();
    let made = own.subscribe(&account, &wanted("https://a.test/hook")).await.unwrap();
    assert_eq!((made.url.as_str(), made.active), ("https://a.test/hook", true));
    let twice = own.subscribe(&account, &wanted("https://a.test/hook")).await.unwrap_err();
    assert_eq!(twice.failure, Failure::Duplicate);
    let change = SubscriptionChange { active: Some(false), ..Default::default() };
    let theirs = foreign.resubscribe(&account, &made.id, &change).await.unwrap_err();
    assert_eq!((theirs.failure, theirs.status), (Failure::NotFound, Some(403)));
    let changed = own.resubscribe(&account, &made.id, &change).await.unwrap();
    assert_eq!((changed.active, &changed.triggers), (false, &made.triggers));
    assert_eq!(own.subscriptions(&account, 0).await.unwrap().len(), before + 1);
    assert_eq!(own.subscriptions(&account, before).await.unwrap(), [changed]);
    own.unsubscribe(&account, &made.id).await.unwrap();
    let gone = own.unsubscribe(&account, &made.id).await.unwrap_err();
    assert_eq!((gone.failure, gone.status), (Failure::NotFound, Some(404)));
    assert_eq!(own.subscriptions(&account, 0).await.unwrap().len(), before);
    sim.shutdown();
}
