//! Makes the table that the data template describes.
//! The template's properties are the API's fields; what the engine lacks is left out by name.

use serde_json::{Map, Value, json};

use super::TABLE;
use crate::{LocalError, net};

/// Properties that the create call knows.
const CREATE_FIELDS: [&str; 5] = [
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "BillingMode",
];
const SIGNATURE: &str = "AWS4-HMAC-SHA256 Credential=runner/20260101/eu-central-1/dynamodb/\
     aws4_request, SignedHeaders=host;x-amz-date, Signature=0000";

/// Creates the table unless it is there; answers whether it was created.
pub(super) async fn ensure(url: &str, properties: &Value) -> Result<bool, LocalError> {
    let tables = call(url, "ListTables", &json!({})).await?;
    let names = tables.get("TableNames").and_then(Value::as_array);
    if names.is_some_and(|names| names.iter().any(|name| name == TABLE)) {
        return Ok(false);
    }
    let mut request = Map::new();
    request.insert("TableName".to_owned(), json!(TABLE));
    for field in CREATE_FIELDS {
        if let Some(value) = properties.get(field) {
            request.insert(field.to_owned(), value.clone());
        }
    }
    call(url, "CreateTable", &Value::Object(request)).await?;
    if let Some(expiry) = properties.get("TimeToLiveSpecification") {
        let request = json!({"TableName": TABLE, "TimeToLiveSpecification": expiry});
        call(url, "UpdateTimeToLive", &request).await?;
    }
    Ok(true)
}

async fn call(url: &str, operation: &str, body: &Value) -> Result<Value, LocalError> {
    let fail = |detail: String| LocalError::part("table", format!("{operation}: {detail}"));
    let response = net::client(None)?
        .post(format!("{url}/"))
        .header("content-type", "application/x-amz-json-1.0")
        .header("x-amz-target", format!("DynamoDB_20120810.{operation}"))
        .header("x-amz-date", "20260101T000000Z")
        .header("authorization", SIGNATURE)
        .body(body.to_string())
        .send()
        .await
        .map_err(|error| fail(error.to_string()))?;
    let is_success = response.status().is_success();
    let text = response.text().await.map_err(|error| fail(error.to_string()))?;
    if is_success {
        serde_json::from_str(&text).map_err(|error| fail(error.to_string()))
    } else {
        Err(fail(text))
    }
}
