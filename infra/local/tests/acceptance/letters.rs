//! Word gets out: what people are told of their reservations and accounts, as the mailbox shows it.

use reqwest::Method;
use serde_json::{Value, json};

use crate::stack::{Person, Stack};

async fn swept(stack: &Stack) -> Value {
    stack.job("outbox-notify").await
}

/// Mails to a person, newest first.
async fn mails(stack: &Stack, to: &str) -> Vec<Value> {
    let mailbox = stack.look("/__dev/mailbox").await;
    let own = |mail: &&Value| mail["to"] == json!([format!("{to}@demo.test")]);
    mailbox["items"].as_array().unwrap().iter().filter(own).cloned().collect()
}

async fn reserved(stack: &Stack, max: &Person) -> String {
    let starts = stack.starts(max, "machines/mch_laser").await;
    let booked = stack.reserve(max, starts.last().unwrap(), "letters").await.expect(201);
    booked.body["reservation"]["id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_confirmation_an_end_and_their_fate_are_told_in_mailbox_history_and_list() {
    let stack = Stack::start().await;
    let (max, mia) = (stack.login("max").await, stack.login("mia").await);
    let id = reserved(&stack, &max).await;
    let report = swept(&stack).await;
    assert_eq!(report["failed"], 0, "{report}");
    let confirmed = mails(&stack, "max").await;
    assert_eq!(confirmed.len(), 1, "{confirmed:?}");
    let invites = confirmed[0]["attachments"].to_string();
    assert!(invites.contains("METHOD:REQUEST"), "{invites}");
    assert!(confirmed[0]["html"].as_str().unwrap().contains(&id));
    assert!(invites.contains("LOCATION:Workshop"), "what the machine tells goes along: {invites}");
    assert!(confirmed[0]["text"].as_str().unwrap().contains("Safety glasses"));

    let cancel = json!({ "reason": "plans changed" });
    let path = format!("/api/reservations/{id}/cancel");
    stack.post(&max, &path, &cancel).await;
    swept(&stack).await;
    let told = mails(&stack, "max").await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0]["attachments"].to_string().contains("METHOD:CANCEL"));

    let history = stack.get(&max, &format!("/api/reservations/{id}/history")).await.expect(200);
    let letters = history.body["notifications"].as_array().unwrap();
    let kinds: Vec<_> = letters
        .iter()
        .filter(|letter| letter["state"] == "sent")
        .map(|letter| letter["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["confirmed", "cancelled"], "{}", history.text);
    let fields: Vec<_> = history.body["items"][1]["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| (change["field"].as_str().unwrap(), change["old"].clone()))
        .collect();
    assert_eq!(fields, [("status", json!("pending"))], "{}", history.text);

    stack.get(&max, "/api/notifications").await.problem(403, "role_required");
    let sent = stack.get(&mia, "/api/notifications?state=sent").await.expect(200);
    let items = sent.body["items"].as_array().unwrap();
    assert!(items.iter().any(|item| item["kind"] == "cancelled"), "{}", sent.text);
    assert!(!sent.text.contains("@demo.test"), "no address is shown");
    let again = items.iter().find(|item| item["kind"] == "cancelled").unwrap();
    let path = format!("/api/notifications/{}/resend", again["id"].as_str().unwrap());
    stack.post(&mia, &path, &json!({})).await.expect(200);
    swept(&stack).await;
    let told = mails(&stack, "max").await;
    assert_eq!(told.len(), 3);
    assert_eq!(told[0]["messageId"], told[1]["messageId"], "the same message");
    stack
        .post(&mia, "/api/notifications/ltr_none/resend", &json!({}))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn letters_are_written_as_their_reader_wants_them() {
    let stack = Stack::start().await;
    let max = stack.login("max").await;
    let usual = stack.get(&max, "/api/preferences").await.expect(200);
    assert_eq!(usual.body["preferences"]["channels"], json!(["email"]), "{}", usual.text);
    let wish = json!({
        "language": "de", "timeZone": "America/Sao_Paulo", "channels": ["email", "sms"],
        "phone": "+4930123456", "muted": ["reminder_24h"],
        "quietHours": { "from": "22:00", "to": "07:00" },
    });
    let put = |body: &Value| {
        let request = stack.of(&max, Method::PUT, "/api/preferences").json(body);
        stack.send(request)
    };
    let chosen = put(&wish).await.expect(200);
    assert_eq!(chosen.body["preferences"], wish, "{}", chosen.text);
    let mut bad = wish.clone();
    bad["phone"] = json!("030 123");
    bad["quietHours"]["to"] = json!("22:00");
    let refused = put(&bad).await.problem(400, "invalid_body");
    assert_eq!(refused.body["errors"].as_array().unwrap().len(), 2, "{}", refused.text);

    let mut awake = wish;
    awake.as_object_mut().unwrap().remove("quietHours");
    put(&awake).await.expect(200);
    reserved(&stack, &max).await;
    swept(&stack).await;
    let told = mails(&stack, "max").await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0]["html"].as_str().unwrap().contains("lang=\"de\""), "{}", told[0]["html"]);
}

/// A link in a letter opens what it says it opens.
#[tokio::test]
async fn a_forgotten_password_is_chosen_anew_with_the_link_of_the_letter() {
    let stack = Stack::start().await;
    let ask = stack
        .request(Method::POST, "/api/auth/reset-request")
        .json(&json!({ "email": "max@demo.test" }));
    stack.send(ask).await.expect(204);
    swept(&stack).await;
    let told = mails(&stack, "max").await;
    let text = told[0]["text"].as_str().unwrap();
    let token = text
        .split(|letter: char| !letter.is_ascii_hexdigit())
        .find(|word| word.len() == 64)
        .unwrap();
    let chosen = json!({ "token": token, "newPassword": "seventeen wet otters" });
    let reset = stack.request(Method::POST, "/api/auth/reset").json(&chosen);
    stack.send(reset).await.expect(204);
    swept(&stack).await;
    assert_eq!(mails(&stack, "max").await.len(), 2, "that it was changed is told too");
}
