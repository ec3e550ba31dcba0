//! Whether a request came through the distribution, which adds a mark that nobody else knows.
//!
//! Two marks are good at once, so that nothing is refused while one is replaced; a mark that does
//! not fit has both read again once before it is refused (docs/runbooks/rotate-secrets.md).

use std::sync::Arc;

use interlock_http::Way;
use lambda_http::request::RequestContext;
use lambda_http::{Request, RequestExt};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use crate::secrets::{SecretError, Secrets};

/// Header with the mark; the distribution replaces whatever a caller sends under this name.
const HEADER: &str = "x-interlock-origin";
/// Fewest characters of a mark; what is shorter, as an empty place, is none.
const LEAST: usize = 32;

/// The way in, as far as this deployment asks for one.
#[derive(Clone)]
pub(crate) struct Front {
    secrets: Arc<Secrets>,
    reference: Option<String>,
}

/// Two places, of which the distribution uses one.
#[derive(Deserialize)]
struct Marks {
    #[serde(default)]
    a: String,
    #[serde(default)]
    b: String,
}

impl Front {
    /// Without a reference every way is allowed, as on one's own machine.
    pub(crate) fn new(secrets: Arc<Secrets>, reference: Option<String>) -> Self {
        Self { secrets, reference }
    }

    /// By which way a request came. The internal load balancer is no way past the distribution:
    /// only the private network reaches it.
    pub(crate) async fn way(&self, request: &Request) -> Way {
        let Some(reference) = &self.reference else { return Way::Allowed };
        if request.request_context_ref().is_some_and(is_balancer) {
            return Way::Allowed;
        }
        let mut values = request.headers().get_all(HEADER).iter();
        let (Some(shown), None) = (values.next(), values.next()) else { return Way::Past };
        match self.knows(reference, shown.as_bytes()).await {
            Ok(true) => Way::Allowed,
            Ok(false) => Way::Past,
            Err(error) => {
                tracing::error!(%error, "the marks of the distribution could not be read");
                Way::Unproven
            }
        }
    }

    async fn knows(&self, reference: &str, shown: &[u8]) -> Result<bool, SecretError> {
        if fits(self.secrets.get(reference).await?.expose(), shown)? {
            return Ok(true);
        }
        fits(self.secrets.renewed(reference).await?.expose(), shown)
    }
}

fn is_balancer(context: &RequestContext) -> bool {
    matches!(context, RequestContext::Alb(_))
}

/// Errors: there is no mark at all.
fn fits(kept: &str, shown: &[u8]) -> Result<bool, SecretError> {
    let unusable = "the secret with the marks must hold `a` or `b` with 32 characters or more";
    let Marks { a, b } = serde_json::from_str(kept).map_err(|_| unusable)?;
    let marks: Vec<&String> = [&a, &b].into_iter().filter(|mark| mark.len() >= LEAST).collect();
    if marks.is_empty() {
        return Err(unusable.into());
    }
    // No early exit: the time taken tells neither which mark fitted nor how far.
    let equal = |mark: &&String| bool::from(mark.as_bytes().ct_eq(shown));
    Ok(marks.iter().map(equal).fold(false, |found, one| found | one))
}

#[cfg(test)]
mod tests {
    use lambda_http::request::from_str;
    use serde_json::json;

    use super::*;
    use crate::secrets::tests::{FakeVault, advance, timed};

    const OLD: &str = "0123456789abcdef0123456789abcdef";
    const NEW: &str = "fedcba9876543210fedcba9876543210";

    fn front(vault: &FakeVault) -> Front {
        Front::new(Arc::new(timed(vault)), Some("arn".into()))
    }

    fn by_api(mark: Option<&str>) -> Request {
        let mut event = json!({
            "version": "2.0", "routeKey": "GET /api/health", "rawPath": "/api/health",
            "rawQueryString": "", "headers": {"host": "a1.execute-api.test"},
            "requestContext": {
                "accountId": "1", "apiId": "a", "domainName": "a1", "domainPrefix": "a1",
                "http": {
                    "method": "GET", "path": "/api/health", "protocol": "HTTP/1.1",
                    "sourceIp": "192.0.2.7", "userAgent": "x"
                },
                "requestId": "r", "routeKey": "$default", "stage": "$default",
                "time": "01/Jun/2026:08:00:00 +0000", "timeEpoch": 1
            },
            "isBase64Encoded": false
        });
        if let Some(mark) = mark {
            event["headers"][HEADER] = json!(mark);
        }
        from_str(&event.to_string()).unwrap()
    }

    fn by_balancer() -> Request {
        let event = json!({
            "requestContext": {"elb": {"targetGroupArn": "arn:aws:elasticloadbalancing:x"}},
            "httpMethod": "POST", "path": "/api/webhooks/calcom",
            "multiValueQueryStringParameters": {}, "multiValueHeaders": {"host": ["hooks"]},
            "body": "{}", "isBase64Encoded": false
        });
        from_str(&event.to_string()).unwrap()
    }

    fn marks(a: &str, b: &str) -> String {
        json!({ "a": a, "b": b }).to_string()
    }

    #[tokio::test]
    async fn where_no_mark_is_asked_for_every_way_is_allowed() {
        let front = Front::new(Arc::new(timed(&FakeVault::default())), None);
        assert_eq!(front.way(&by_api(None)).await, Way::Allowed);
    }

    #[tokio::test]
    async fn only_the_whole_mark_proves_the_way_and_it_must_come_once() {
        let vault = FakeVault::holding(&marks(OLD, ""));
        let front = front(&vault);
        assert_eq!(front.way(&by_api(Some(OLD))).await, Way::Allowed);
        let (longer, shorter) = (format!("{OLD}0"), OLD.split_at(31).0);
        let twice = format!("{OLD},{OLD}");
        for wrong in [None, Some(""), Some(NEW), Some(&longer), Some(shorter), Some(&twice)] {
            assert_eq!(front.way(&by_api(wrong)).await, Way::Past, "{wrong:?}");
        }
    }

    #[tokio::test]
    async fn what_comes_without_a_mark_costs_no_look_at_the_secret() {
        let vault = FakeVault::holding(&marks(OLD, ""));
        assert_eq!(front(&vault).way(&by_api(None)).await, Way::Past);
        assert_eq!(vault.asked(), 0);
    }

    #[tokio::test]
    async fn the_private_load_balancer_needs_no_mark() {
        let vault = FakeVault::holding(&marks(OLD, ""));
        assert_eq!(front(&vault).way(&by_balancer()).await, Way::Allowed);
    }

    #[tokio::test]
    async fn no_call_is_refused_at_any_step_of_a_rotation() {
        let vault = FakeVault::holding(&marks(OLD, ""));
        let front = front(&vault);
        let way = |mark| {
            let (front, request) = (front.clone(), by_api(Some(mark)));
            async move { front.way(&request).await }
        };
        assert_eq!(way(OLD).await, Way::Allowed);
        vault.set(Some(&marks(OLD, NEW)));
        advance(31);
        assert_eq!(way(NEW).await, Way::Allowed, "read again on the first that does not fit");
        assert_eq!(way(OLD).await, Way::Allowed);
        vault.set(Some(&marks("", NEW)));
        advance(300);
        assert_eq!(way(NEW).await, Way::Allowed);
        assert_eq!(way(OLD).await, Way::Past);
    }

    #[tokio::test]
    async fn a_flood_of_wrong_marks_reads_the_secret_at_most_twice_a_minute() {
        let vault = FakeVault::holding(&marks(OLD, ""));
        let front = front(&vault);
        for _ in 0..60 {
            assert_eq!(front.way(&by_api(Some(NEW))).await, Way::Past);
            advance(1);
        }
        assert!(vault.asked() <= 3, "{}", vault.asked());
    }

    #[tokio::test]
    async fn without_a_usable_mark_nothing_is_let_in_and_an_empty_place_fits_nothing() {
        for kept in [None, Some("{}"), Some(r#"{"a":"","b":""}"#), Some(r#"{"a":"short"}"#)] {
            let vault = FakeVault::default();
            vault.set(kept);
            for shown in ["", "short", OLD] {
                assert_eq!(front(&vault).way(&by_api(Some(shown))).await, Way::Unproven);
            }
        }
    }
}
