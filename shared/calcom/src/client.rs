//! A call from the credential to the reading.
//!
//! A write is attempted once; only a 401 that came before anything was done lets it try again,
//! once, with a newer credential.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use interlock_app::ports::Probe;
use interlock_app::ports::scheduler::{CalAccount, Failure, SchedulerError};
use jiff::SignedDuration;

use crate::scheduler::CalcomScheduler;
use crate::transport::{Answer, Transport};
use crate::{
    CalcomConfig, Call, Calls, Credential, CredentialError, Credentials, ErrorBody, Operation,
    Reading, Shape, read,
};

/// Cal.com's block after too many requests (CONTRACT 2.5); there is no `Retry-After`.
const BLOCK: SignedDuration = SignedDuration::from_secs(60);
/// Shortest pause before the second attempt of a read.
const PAUSE_MILLIS: u64 = 40;
/// Spread of that pause.
const JITTER_MILLIS: u64 = 80;

/// Cal.com over HTTP. Cheap to share, made once per process.
pub type CalcomClient = CalcomScheduler<HttpCalls>;

/// Calls over HTTP.
pub struct HttpCalls {
    transport: Transport,
    credentials: Arc<dyn Credentials>,
}

impl fmt::Debug for HttpCalls {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("HttpCalls")
            .field("base", &self.transport.config().base)
            .finish_non_exhaustive()
    }
}

/// An answer, or the failure that stands for it, with what may be logged.
struct Attempt {
    outcome: Result<Reading, Failure>,
    status: Option<u16>,
    request_id: Option<String>,
    stale_credential: bool,
}

impl CalcomScheduler<HttpCalls> {
    /// A client that opens no connection before its first call.
    pub fn new(config: CalcomConfig, credentials: Arc<dyn Credentials>) -> Self {
        Self::over(HttpCalls { transport: Transport::new(config), credentials })
    }

    /// Whether the server answers at all. Sent without a credential and to be asked seldom,
    /// because it is throttled like any call (CONTRACT 2.5).
    pub async fn health(&self) -> Result<(), SchedulerError> {
        let call = Call {
            operation: Operation::Health,
            path: "/health".to_owned(),
            query: Vec::new(),
            body: None,
        };
        let patience = self.calls().transport.config().timeouts.read;
        finish(self.calls().attempt(&call, &Credential::None, patience).await).map(|_| ())
    }
}

#[async_trait]
impl Calls for HttpCalls {
    async fn call(&self, account: &CalAccount, call: Call) -> Result<Reading, SchedulerError> {
        let credential = self.credentials.credential(account).await;
        let credential = usable(account, credential)?;
        let started = Instant::now();
        let attempt = self.attempts(account, &call, credential).await;
        log(account, call.operation, &attempt, started.elapsed());
        finish(attempt)
    }

    fn probe(&self) -> Option<&dyn Probe> {
        Some(self)
    }
}

impl HttpCalls {
    pub(crate) fn transport(&self) -> &Transport {
        &self.transport
    }

    pub(crate) fn credentials(&self) -> &dyn Credentials {
        self.credentials.as_ref()
    }

    /// At most one renewal of the credential and, for reads, one repetition, all within one
    /// budget of time.
    async fn attempts(&self, account: &CalAccount, call: &Call, first: Credential) -> Attempt {
        let timeouts = self.transport.config().timeouts;
        let budget = if call.operation.writes() { timeouts.write } else { timeouts.read };
        let deadline = Instant::now() + budget;
        let mut credential = first;
        let mut renewable = credential != Credential::None;
        let mut repeatable = !call.operation.writes();
        let mut attempt = self.attempt(call, &credential, budget).await;
        loop {
            if attempt.stale_credential && renewable {
                renewable = false;
                let newer = self.credentials.refresh(account, &credential).await;
                match usable(account, newer) {
                    Ok(newer) if newer != credential => credential = newer,
                    Ok(_) | Err(_) => return attempt,
                }
            } else if repeatable && worth_repeating(&attempt.outcome) {
                repeatable = false;
                tokio::time::sleep(pause()).await;
            } else {
                return attempt;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return attempt;
            }
            attempt = self.attempt(call, &credential, left).await;
        }
    }

    async fn attempt(&self, call: &Call, credential: &Credential, patience: Duration) -> Attempt {
        match self.transport.send(call, credential, patience).await {
            Ok(answer) => {
                let outcome = read(call.operation, answer.status, &answer.body);
                let stale_credential = stale(&answer, &outcome, credential);
                Attempt {
                    outcome,
                    status: Some(answer.status),
                    request_id: answer.request_id,
                    stale_credential,
                }
            }
            Err(failure) => Attempt {
                outcome: Err(failure),
                status: None,
                request_id: None,
                stale_credential: false,
            },
        }
    }
}

/// Says of a call what may be said: never an address, for it holds the uid, and never a body.
fn log(account: &CalAccount, operation: Operation, attempt: &Attempt, elapsed: Duration) {
    let account = account.id.as_str();
    let status = attempt.status;
    let calcom_request_id = attempt.request_id.as_deref();
    let elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX);
    let failed = u64::from(attempt.outcome.as_ref().is_err_and(|failure| is_its_own(*failure)));
    tracing::info!(
        target: "metric",
        CalcomCalls = 1,
        CalcomCallsFailed = failed,
        CalcomMilliseconds = elapsed_ms,
        "a call is over"
    );
    let Err(failure) = &attempt.outcome else { return };
    if *failure == Failure::Credential {
        tracing::info!(target: "metric", CalcomCredentialRefused = 1, "refused");
    }
    tracing::info!(
        ?operation,
        account,
        status,
        calcom_request_id,
        elapsed_ms,
        ?failure,
        "cal.com did not do it"
    );
}

/// Whether Cal.com, or the way to it, failed, and did not answer no.
fn is_its_own(failure: Failure) -> bool {
    matches!(failure, Failure::NotConnected | Failure::UnknownOutcome | Failure::Unreadable)
}

fn finish(attempt: Attempt) -> Result<Reading, SchedulerError> {
    attempt.outcome.map_err(|failure| SchedulerError {
        failure,
        status: attempt.status,
        request_id: attempt.request_id,
        retry_after: (failure == Failure::RateLimited).then_some(BLOCK),
    })
}

/// A refusal of the credential itself, in the envelope; a plain 401 is a limit of the event type
/// and must not be taken for it (CONTRACT 15.8). Lists refuse an unknown token with 403
/// (CONTRACT 3.1).
fn stale(answer: &Answer, outcome: &Result<Reading, Failure>, credential: &Credential) -> bool {
    let refused = *outcome == Err(Failure::Credential)
        && ErrorBody::parse(&answer.body).shape == Shape::Envelope;
    let bearer = matches!(credential, Credential::Bearer(_));
    refused && (answer.status == 401 || (answer.status == 403 && bearer))
}

fn worth_repeating(outcome: &Result<Reading, Failure>) -> bool {
    matches!(outcome, Err(Failure::NotConnected | Failure::UnknownOutcome))
}

fn usable(
    account: &CalAccount,
    credential: Result<Credential, CredentialError>,
) -> Result<Credential, SchedulerError> {
    match credential {
        Ok(credential) if credential.mode() == account.mode => Ok(credential),
        Ok(_) | Err(CredentialError::Missing) => Err(SchedulerError::of(Failure::Credential)),
        Err(CredentialError::Unavailable(_)) => Err(SchedulerError::of(Failure::NotConnected)),
    }
}

/// A pause that differs between instances, so that they do not come back together.
fn pause() -> Duration {
    let random = RandomState::new().build_hasher().finish();
    Duration::from_millis(PAUSE_MILLIS + random % JITTER_MILLIS)
}
