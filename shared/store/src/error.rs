//! What the SDK's errors mean for the caller.
//!
//! Only what a later call may cure is unavailable; a request the table calls wrong is a defect.

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use interlock_app::ports::store::{Key, StoreError};

/// Codes that say: too much at present, and nothing was done.
const THROTTLED: [&str; 5] = [
    "ProvisionedThroughputExceededException",
    "ProvisionedThroughputExceeded",
    "RequestLimitExceeded",
    "ThrottlingException",
    "ThrottlingError",
];

/// Codes that say: this request can never be served.
const WRONG: [&str; 4] = [
    "ValidationException",
    "ValidationError",
    "SerializationException",
    "ItemCollectionSizeLimitExceededException",
];

/// What to tell the caller of a call about `key`.
pub(crate) fn store_error<E, R>(key: &Key, error: SdkError<E, R>) -> StoreError
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    let never_sent = matches!(error, SdkError::ConstructionFailure(_));
    if never_sent || error.code().is_some_and(is_wrong) {
        StoreError::corrupt(key, error)
    } else {
        StoreError::Unavailable(error.into())
    }
}

/// Whether the code says that nothing was done for now.
pub(crate) fn is_throttled(code: &str) -> bool {
    THROTTLED.contains(&code)
}

/// Whether the code says that the request is at fault.
pub(crate) fn is_wrong(code: &str) -> bool {
    WRONG.contains(&code)
}

/// Whether a write that failed so may yet have happened: it was sent, and no answer was read.
pub(crate) fn is_doubtful<E, R>(error: &SdkError<E, R>) -> bool {
    !matches!(error, SdkError::ServiceError(_) | SdkError::ConstructionFailure(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn throttling_is_not_a_defect() {
        for code in THROTTLED {
            assert!(is_throttled(code) && !is_wrong(code));
        }
        assert!(is_wrong("ValidationException"));
        assert!(!is_wrong("ResourceNotFoundException"));
    }
}
