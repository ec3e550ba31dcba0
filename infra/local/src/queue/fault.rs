//! Refusals of the queue service with the codes that SDKs know.
//! A refusal changes nothing.

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QueueFault {
    #[error("the specified queue does not exist")]
    NoQueue,
    #[error("the resource that you specified for the source arn does not exist")]
    NoResource,
    #[error("the specified message id or receipt handle is not in flight")]
    NotInFlight,
    #[error("the input receipt handle is invalid")]
    BadReceipt,
    #[error("there must be at least one entry in the request")]
    EmptyBatch,
    #[error("maximum number of entries per request is 10")]
    TooManyEntries,
    #[error("two or more batch entries in the request have the same id")]
    RepeatedIds,
    #[error("a batch entry id can only contain alphanumeric characters, hyphens and underscores")]
    BadEntryId,
    #[error("batch requests cannot be longer than 1048576 bytes")]
    BatchTooLong,
    #[error("{0}")]
    BadValue(String),
    #[error("invalid value for the attribute `{0}`")]
    BadAttributeValue(String),
    #[error("the message contains characters outside the allowed set")]
    BadContents,
    #[error("the request misses `{0}`")]
    Missing(&'static str),
    #[error("a queue with this name exists with other attributes")]
    NameTaken,
    #[error("unknown attribute `{0}`")]
    BadAttribute(String),
    #[error("unknown operation `{0}`")]
    UnknownOperation(String),
    #[error("storage failed: {0}")]
    Storage(String),
}

impl QueueFault {
    /// Error type of the JSON protocol.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NoQueue => "QueueDoesNotExist",
            Self::NoResource => "ResourceNotFoundException",
            Self::NotInFlight => "MessageNotInflight",
            Self::BadReceipt => "ReceiptHandleIsInvalid",
            Self::EmptyBatch => "EmptyBatchRequest",
            Self::TooManyEntries => "TooManyEntriesInBatchRequest",
            Self::RepeatedIds => "BatchEntryIdsNotDistinct",
            Self::BadEntryId => "InvalidBatchEntryId",
            Self::BatchTooLong => "BatchRequestTooLong",
            Self::BadValue(_) => "InvalidParameterValue",
            Self::BadAttributeValue(_) => "InvalidAttributeValue",
            Self::BadContents => "InvalidMessageContents",
            Self::Missing(_) => "MissingParameter",
            Self::NameTaken => "QueueNameExists",
            Self::BadAttribute(_) => "InvalidAttributeName",
            Self::UnknownOperation(_) => "UnsupportedOperation",
            Self::Storage(_) => "InternalFailure",
        }
    }

    /// Code of the older query protocol, which SDKs still read from a header.
    pub fn query_code(&self) -> String {
        match self {
            Self::NoQueue => "AWS.SimpleQueueService.NonExistentQueue".to_owned(),
            Self::NameTaken => "QueueAlreadyExists".to_owned(),
            Self::BadReceipt
            | Self::BadValue(_)
            | Self::BadAttributeValue(_)
            | Self::BadContents
            | Self::Missing(_)
            | Self::BadAttribute(_)
            | Self::NoResource
            | Self::Storage(_) => self.kind().to_owned(),
            Self::NotInFlight
            | Self::EmptyBatch
            | Self::TooManyEntries
            | Self::RepeatedIds
            | Self::BadEntryId
            | Self::BatchTooLong
            | Self::UnknownOperation(_) => format!("AWS.SimpleQueueService.{}", self.kind()),
        }
    }

    /// Whether the caller is at fault.
    pub fn is_sender(&self) -> bool {
        !matches!(self, Self::Storage(_))
    }
}

impl From<rusqlite::Error> for QueueFault {
    fn from(error: rusqlite::Error) -> Self {
        Self::Storage(error.to_string())
    }
}
