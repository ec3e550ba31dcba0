//! SES, by its one call that sends (API v2, `SendEmail` with raw content).

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use interlock_app::ports::{Mail, Mailer, PostError};
use reqwest::StatusCode;
use reqwest::header::{CONTENT_TYPE, USER_AGENT};
use serde::Deserialize;
use serde_json::json;

use crate::{Sender, mime};

/// Longest wait for an answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// The clock that requests are signed by; never the product's.
pub type WallClock = fn() -> SystemTime;

/// The HTTP client of the process, made when it is first asked for; it follows no redirects and
/// sends nothing twice.
pub type Line = Arc<dyn Fn() -> Result<reqwest::Client, Source> + Send + Sync>;

/// Where SES is and in whose name it sends.
#[derive(Debug, Clone)]
pub struct SesConfig {
    /// Address of the service, without a slash at its end.
    pub endpoint: String,
    /// Region that requests are signed for.
    pub region: String,
    /// Set whose events tell what became of a mail.
    pub configuration_set: Option<String>,
}

/// Sends through SES.
pub struct SesMailer {
    config: SesConfig,
    sender: Sender,
    credentials: SharedCredentialsProvider,
    clock: WallClock,
    line: Line,
}

type Source = Box<dyn std::error::Error + Send + Sync>;

impl SesMailer {
    /// With the credentials of the function.
    pub fn new(
        config: SesConfig,
        sender: Sender,
        credentials: SharedCredentialsProvider,
        clock: WallClock,
        line: Line,
    ) -> Self {
        Self { config, sender, credentials, clock, line }
    }

    /// The body of the call. The letter's name goes along as a tag, so that an event names it.
    fn body(&self, mail: &Mail, raw: &[u8]) -> String {
        let body = json!({
            "FromEmailAddress": self.sender.address,
            "Destination": { "ToAddresses": [mail.to] },
            "Content": { "Raw": { "Data": STANDARD.encode(raw) } },
            "EmailTags": [{ "Name": "letter", "Value": mail.letter_id.as_str() }],
            "ConfigurationSetName": self.config.configuration_set,
        });
        body.to_string()
    }

    async fn signed(&self, url: &str, body: &str) -> Result<Vec<(String, String)>, Source> {
        let identity = self.credentials.provide_credentials().await?.into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(&self.config.region)
            .name("ses")
            .time((self.clock)())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let content = [("content-type", "application/json")];
        let signable = SignableBody::Bytes(body.as_bytes());
        let request = SignableRequest::new("POST", url, content.into_iter(), signable)?;
        let (instructions, _) = sign(request, &params)?.into_parts();
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Ok(instructions.headers().map(owned).collect())
    }

    async fn call(&self, body: String) -> Result<reqwest::Response, Source> {
        let url = format!("{}/v2/email/outbound-emails", self.config.endpoint);
        let mut request = (self.line)()?
            .post(&url)
            .timeout(PATIENCE)
            .header(USER_AGENT, "interlock")
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in self.signed(&url, &body).await? {
            request = request.header(name, value);
        }
        Ok(request.body(body).send().await?)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Taken {
    message_id: Option<String>,
}

#[async_trait]
impl Mailer for SesMailer {
    async fn send(&self, mail: &Mail) -> Result<Option<String>, PostError> {
        let raw = mime::raw(mail, &self.sender);
        let raw = raw.map_err(|error| PostError::Refused(Box::new(error)))?;
        let answer = self.call(self.body(mail, &raw)).await.map_err(PostError::Unavailable)?;
        let status = answer.status();
        if status.is_success() {
            // It was taken, whatever it says of it.
            return Ok(answer.json::<Taken>().await.ok().and_then(|taken| taken.message_id));
        }
        let kind = answer.headers().get("x-amzn-errortype");
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let error = format!("SES answered {status} {kind}").into();
        Err(if is_final(status, kind) {
            PostError::Refused(error)
        } else {
            PostError::Unavailable(error)
        })
    }
}

/// Whether the same mail would be refused again. What an operator sets right, such as an account
/// that is paused, is tried again. `MessageRejected` is too: it says that the mail is not liked,
/// but just as well that the sender is not verified or the account is in the sandbox, and only its
/// words for people tell which.
fn is_final(status: StatusCode, kind: &str) -> bool {
    let named = kind.split(':').next().unwrap_or(kind);
    status == StatusCode::BAD_REQUEST && named == "BadRequestException"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_operator_can_set_right_is_tried_again() {
        let bad = StatusCode::BAD_REQUEST;
        assert!(is_final(bad, "BadRequestException"));
        assert!(is_final(bad, "BadRequestException:http://internal.amazon.com/"));
        for later in [
            "MessageRejected",
            "MailFromDomainNotVerifiedException",
            "AccountSuspendedException",
            "SendingPausedException",
            "",
        ] {
            assert!(!is_final(bad, later), "{later}");
        }
        assert!(!is_final(StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsException"));
        assert!(!is_final(StatusCode::FORBIDDEN, "BadRequestException"));
    }
}
