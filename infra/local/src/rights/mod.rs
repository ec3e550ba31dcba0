//! Holds functions to what the template lets them do: a call that its role would not allow is
//! refused here too, in the words of the service, and every call that it allows is noted.

mod needs;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub use needs::{Need, Service};

use crate::counters::access_key_id;
use crate::random;
use crate::template::{Grant, Template};

/// Largest body that is looked into; the services take less.
const LARGEST: usize = 40 * 1024 * 1024;

/// What each function may do, and what each was seen to do.
#[derive(Debug, Default)]
pub struct Rights {
    functions: BTreeMap<String, Held>,
    seen: Mutex<BTreeSet<String>>,
    record: Option<PathBuf>,
}

/// What one function is held to.
#[derive(Debug, Clone)]
struct Held {
    grants: Vec<Grant>,
    denials: Vec<Grant>,
}

impl Held {
    /// A denial counts whatever is granted.
    fn allows(&self, need: &Need) -> bool {
        let denied = self.denials.iter().any(|denial| need.is_met_by(denial));
        !denied && self.place_of(need).is_some()
    }

    /// What the template names where it grants a need.
    fn place_of(&self, need: &Need) -> Option<&str> {
        self.grants.iter().find_map(|grant| need.place_in(grant))
    }
}

impl Rights {
    /// Of a template; calls are noted in a file of their own in the folder `record`, if any.
    pub fn of(template: &Template, record: Option<PathBuf>) -> Arc<Self> {
        let held = template.functions.iter().map(|one| {
            let (grants, denials) = (one.grants.clone(), one.denials.clone());
            (one.name.clone(), Held { grants, denials })
        });
        let functions = held.collect();
        let file = record.map(|folder| folder.join(format!("{}.txt", random::uuid())));
        Arc::new(Self { functions, seen: Mutex::default(), record: file })
    }

    /// A service whose callers are held to their rights.
    pub fn guard(self: &Arc<Self>, service: Service, router: Router) -> Router {
        router.layer(from_fn_with_state((Arc::clone(self), service), judge))
    }

    /// The first need of a function that none of its grants covers, or that is denied. Who is no
    /// function of the template is an operator or a test, and may do everything.
    pub fn missing<'a>(&self, function: &str, needs: &'a [Need]) -> Option<&'a Need> {
        let held = self.functions.get(function)?;
        let missing = needs.iter().find(|need| !held.allows(need));
        if missing.is_none() {
            self.note(function, held, needs);
        }
        missing
    }

    fn note(&self, function: &str, held: &Held, needs: &[Need]) {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        for need in needs {
            let place = held.place_of(need).unwrap_or_default();
            let line = format!("{function} {} {place}", need.action);
            if seen.insert(line.clone())
                && let Some(file) = &self.record
            {
                append(file, &line);
            }
        }
    }
}

/// A note that cannot be written makes a comparison fail later, and no call now.
fn append(file: &Path, line: &str) {
    let write = || {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(file)?;
        writeln!(file, "{line}")
    };
    if let Err(error) = write() {
        tracing::warn!(%error, "a call could not be noted");
    }
}

async fn judge(
    State((rights, service)): State<(Arc<Rights>, Service)>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let function = header(header::AUTHORIZATION.as_str()).and_then(access_key_id);
    let function = function.unwrap_or_default().to_owned();
    let target = header("x-amz-target").unwrap_or_default().to_owned();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let value: Value = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let needs = service.needs(&target, &value);
    if let Some(need) = rights.missing(&function, &needs) {
        tracing::error!(function, action = need.action, resource = need.resource, "not allowed");
        return refused(&function, need);
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

fn refused(function: &str, need: &Need) -> Response {
    let Need { action, resource, .. } = need;
    let message =
        format!("{function} is not authorized to perform: {action} on resource: {resource}");
    let body = json!({ "__type": "AccessDeniedException", "message": message, "Message": message });
    let kind = [("x-amzn-errortype", "AccessDeniedException")];
    (StatusCode::BAD_REQUEST, kind, body.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"
Resources:
  WorkerFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: worker.zip
      Policies:
        - Statement:
            - {Effect: Allow, Action: "dynamodb:DeleteItem", Resource: !Ref TableArn}
  Guard:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      Roles: [!Ref WorkerFunctionRole]
      PolicyDocument:
        Statement:
          - Effect: Deny
            Action: ["dynamodb:DeleteItem"]
            Resource: !Ref TableArn
            Condition: {ForAnyValue:StringLike: {dynamodb:LeadingKeys: ["AUDIT*"]}}
"#;

    #[test]
    fn what_is_denied_is_refused_whatever_is_allowed() {
        let keys = ["AUDIT#2026-11-27#3", "AUDITSEAL"];
        let refused = |template: &str, key: &str| {
            let rights = Rights::of(&Template::parse(template, &[]).unwrap(), None);
            let body = json!({"Key": {"pk": {"S": key}}});
            let needs = Service::DynamoDb.needs("DynamoDB_20120810.DeleteItem", &body);
            rights.missing("worker", &needs).is_some()
        };
        for key in keys {
            assert!(refused(TEMPLATE, key), "{key}");
            let other = TEMPLATE.replace("[!Ref WorkerFunctionRole]", "[!Ref OtherFunctionRole]");
            assert!(!refused(&other, key), "{key}");
        }
        assert!(!refused(TEMPLATE, "USER#usr_ada"));
    }
}
