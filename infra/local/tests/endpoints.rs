//! Secrets, mail and the table, as SDK clients see them.
//! The table is the one that the data template describes.

#[cfg(test)]
mod support;

use std::path::Path;
use std::sync::Arc;

use aws_sdk_dynamodb::types::AttributeValue;
use interlock_local::counters::Counters;
use interlock_local::mail::{self, Mailbox};
use interlock_local::secrets::{self, Secrets};
use interlock_local::template::Template;
use interlock_local::{net, table};
use serde_json::{Value, json};
use support::sdk_config;

#[tokio::test]
async fn a_secret_is_read_with_the_sdk_and_an_unknown_one_refused() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secrets.json");
    let accounts = json!({"laser": {"mode": "api_key", "apiKey": "cal_x"}});
    let values = Secrets::open(&file, &accounts, "shh").unwrap();
    let served = net::serve(secrets::router(values)).await.unwrap();
    let client = aws_sdk_secretsmanager::Client::new(&sdk_config("x", &served.url()));
    let answer = client.get_secret_value().secret_id(secrets::CALCOM).send().await.unwrap();
    let value: Value = serde_json::from_str(answer.secret_string().unwrap()).unwrap();
    assert_eq!(value["accounts"], accounts);
    let missing = client.get_secret_value().secret_id("none").send().await.unwrap_err();
    assert!(missing.into_service_error().is_resource_not_found_exception());
}

#[tokio::test]
async fn a_simple_mail_lands_in_the_mailbox_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let mailbox = Mailbox::open(&folder.path().join("mail.db")).unwrap();
    let served = net::serve(mail::router(mailbox.clone())).await.unwrap();
    let url = format!("{}/v2/email/outbound-emails", served.url());
    for subject in ["first", "second"] {
        let body = json!({
            "FromEmailAddress": "no-reply@x.test",
            "Destination": {"ToAddresses": ["ada@demo.test"]},
            "Content": {"Simple": {
                "Subject": {"Data": subject},
                "Body": {"Text": {"Data": "hi"}, "Html": {"Data": "<p>hi</p>"}},
                "Attachments": [{
                    "FileName": "invite.ics",
                    "ContentType": "text/calendar",
                    "RawContent": "QkVHSU4=",
                }],
            }},
        });
        let client = net::client(None).unwrap();
        let sent = client.post(&url).body(body.to_string()).send().await.unwrap();
        assert!(sent.status().is_success());
    }
    let all = serde_json::to_value(mailbox.all().unwrap()).unwrap();
    assert_eq!(all[0]["subject"], "second");
    let attachment = json!({"name": "invite.ics", "contentType": "text/calendar", "text": "BEGIN"});
    assert_eq!(all[1]["attachments"][0], attachment);
}

#[tokio::test]
async fn a_raw_mail_is_read_as_its_receiver_would() {
    let folder = tempfile::tempdir().unwrap();
    let mailbox = Mailbox::open(&folder.path().join("mail.db")).unwrap();
    let served = net::serve(mail::router(mailbox.clone())).await.unwrap();
    let raw = "From: a@x.test\r\nTo: Ada <ada@demo.test>\r\nSubject: =?utf-8?B?w7xiZXI=?=\r\n\
        MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
        --b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nhello\r\n\
        --b\r\nContent-Type: text/calendar; name=invite.ics\r\n\
        Content-Disposition: attachment; filename=invite.ics\r\n\
        Content-Transfer-Encoding: base64\r\n\r\nQkVHSU4=\r\n--b--\r\n";
    let body = json!({"Content": {"Raw": {"Data": data_encoding::BASE64.encode(raw.as_bytes())}}});
    let url = format!("{}/v2/email/outbound-emails", served.url());
    let sent = net::client(None).unwrap().post(url).body(body.to_string()).send().await.unwrap();
    assert!(sent.status().is_success());
    let letter = mailbox.all().unwrap().remove(0);
    assert_eq!((letter.to[0].as_str(), letter.subject.as_str()), ("ada@demo.test", "über"));
    assert_eq!((letter.text.trim(), letter.html.as_str()), ("hello", ""));
    assert_eq!(
        (letter.attachments[0].name.as_str(), letter.attachments[0].text.as_str()),
        ("invite.ics", "BEGIN")
    );
}

#[tokio::test]
async fn the_table_of_the_template_is_made_once_kept_and_counted() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("table.db");
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data.yaml");
    let properties = Template::resource_properties(&template, "Table").unwrap();
    let text = |text: &str| AttributeValue::S(text.to_owned());
    for is_first in [true, false] {
        let counters = Arc::new(Counters::default());
        let running = table::start(&file, &properties, Arc::clone(&counters)).await.unwrap();
        assert_eq!(running.is_new, is_first);
        let client = aws_sdk_dynamodb::Client::new(&sdk_config("machines-get", &running.url()));
        if is_first {
            let put = client.put_item().table_name(table::TABLE).item("pk", text("a"));
            let put = put.item("sk", text("b")).item("gsi1pk", text("c")).item("gsi1sk", text("d"));
            put.send().await.unwrap();
        }
        let query = client.query().table_name(table::TABLE).index_name("gsi1");
        let query = query.key_condition_expression("gsi1pk = :c");
        let found = query.expression_attribute_values(":c", text("c")).send().await.unwrap();
        assert_eq!(found.count(), 1);
        let calls = counters.read(false)["machines-get"];
        assert_eq!(calls.dynamodb, 1 + u64::from(is_first));
    }
}
