//! The door: verify, put in the queue, answer; nothing else, because Cal.com waits.

use interlock_policy::RequestId;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::DeliveryId;
use crate::ports::QueueName;
use crate::{App, AppError};

/// A delivery on its way through the queue.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QueuedDelivery {
    /// Its name, by the bytes as they came.
    pub hash: DeliveryId,
    /// The raw body as text, as Cal.com sends UTF-8; in a replay the body as it was kept.
    pub body: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// How often it was looked at and came back.
    #[serde(default)]
    pub looks: u8,
    /// Whether somebody asked for another try.
    #[serde(default)]
    pub replay: bool,
}

impl QueuedDelivery {
    /// Puts it in the queue, visible after so many seconds.
    pub(super) async fn send(&self, app: &App, seconds: i64) -> Result<(), AppError> {
        let message =
            serde_json::to_string(self).map_err(|error| AppError::internal(error.to_string()))?;
        let delay = SignedDuration::from_secs(seconds);
        app.queue.send(QueueName::Webhook, &message, delay).await?;
        Ok(())
    }
}

/// Bytes that one of the active secrets signed; only [`verify_delivery`] makes one.
#[derive(Debug, Clone, Copy)]
pub struct Signed<'a>(&'a [u8]);

/// Checks a signature over the raw bytes, before anything is read of them (RELIABILITY W1).
///
/// Errors: `SignatureInvalid`; `Unavailable` if the secrets cannot be read.
pub async fn verify_delivery<'a>(
    app: &App,
    body: &'a [u8],
    signatures: &[String],
) -> Result<Signed<'a>, AppError> {
    app.deliveries.verify(body, signatures).await?;
    Ok(Signed(body))
}

/// Puts signed bytes in the queue: 2xx may be answered only after this returned `Ok` (promise
/// R11). Gives the request that made the booking it speaks of, where the booking's mark says so.
///
/// Errors: `Invalid` for what is no text; `Unavailable` for the queue.
pub async fn receive_signed(
    app: &App,
    Signed(body): Signed<'_>,
) -> Result<Option<RequestId>, AppError> {
    let text = std::str::from_utf8(body)
        .map_err(|_| AppError::invalid("", "not_utf8", "the body is not utf-8"))?;
    let queued = QueuedDelivery {
        hash: DeliveryId::of(body),
        body: text.to_owned(),
        received_at: app.now(),
        looks: 0,
        replay: false,
    };
    queued.send(app, 0).await?;
    Ok(app.deliveries.read(body).ok().and_then(|hint| hint.correlation_id))
}

/// Both in one: takes a delivery if it is signed.
pub async fn receive_delivery(
    app: &App,
    body: &[u8],
    signatures: &[String],
) -> Result<(), AppError> {
    receive_signed(app, verify_delivery(app, body, signatures).await?).await.map(|_| ())
}
