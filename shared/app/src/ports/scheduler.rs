//! Cal.com as the use cases see it: slots and bookings of an account, and what can go wrong.
//!
//! A call never retries a write; what happened is said by the error, not guessed by the caller.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use interlock_policy::{CalAccountId, EventTypeId, Interval, ZoneName};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Probe, Subscriptions};

/// Metadata key under which a booking carries our reservation's id (PRODUCT D4).
pub const METADATA_RESERVATION: &str = "interlockReservationId";
/// Metadata key under which a booking carries this deployment's name (PRODUCT D4).
pub const METADATA_DEPLOYMENT: &str = "interlockDeployment";
/// Metadata key under which a booking carries the id of the request that made it, so that what
/// Cal.com tells later is found in the logs beside that request (S3-073).
pub const METADATA_REQUEST: &str = "interlockRequestId";

/// Name of a booking at Cal.com. Whoever holds it may cancel the booking, so it prints masked
/// and never leaves the server.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CalUid(pub String);

impl fmt::Debug for CalUid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("CalUid(…)")
    }
}

/// An account at Cal.com and where its credential is kept (PRODUCT D16).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CalAccount {
    /// Our id.
    pub id: CalAccountId,
    /// User name at Cal.com.
    pub username: String,
    /// E-mail at Cal.com.
    pub email: String,
    /// How calls prove who they are; must agree with the credential.
    pub mode: CredentialMode,
    /// Name of the credential in the secret.
    pub credential_ref: String,
}

/// How calls prove who they are (CONTRACT 1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CredentialMode {
    /// Nothing is sent; no list, so external bookings go unseen.
    None,
    /// One API key per account.
    ApiKey,
    /// Client id and secret of a licensed platform.
    PlatformClient,
    /// Token of a managed user or an OAuth client.
    Bearer,
}

/// State of a booking at Cal.com.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BookingStatus {
    /// Stands.
    Accepted,
    /// Waits for the host's yes.
    Pending,
    /// Ended, or moved away.
    Cancelled,
    /// Refused by the host.
    Rejected,
    /// A word this version does not know; never taken for an ended booking.
    Other(String),
}

/// A booking as Cal.com tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booking {
    /// Name; another one after each move.
    pub uid: CalUid,
    /// State.
    pub status: BookingStatus,
    /// Time.
    pub interval: Interval,
    /// Kind; absent once the kind was deleted.
    pub event_type_id: Option<EventTypeId>,
    /// Where it was moved to.
    pub rescheduled_to: Option<CalUid>,
    /// Where it was moved from.
    pub rescheduled_from: Option<CalUid>,
    /// Title.
    pub title: String,
    /// First attendee's e-mail as given.
    pub attendee_email: Option<String>,
    /// First attendee's name.
    pub attendee_name: Option<String>,
    /// Text values only.
    pub metadata: BTreeMap<String, String>,
    /// Stays the same over moves.
    pub ics_uid: Option<String>,
    /// Why it was cancelled, where said.
    pub cancellation_reason: Option<String>,
    /// Last change, where known.
    pub updated_at: Option<Timestamp>,
}

/// What to book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBooking {
    /// Kind.
    pub event_type_id: EventTypeId,
    /// Start, in UTC.
    pub start: Timestamp,
    /// Who comes.
    pub attendee: Attendee,
    /// Our marks.
    pub metadata: BTreeMap<String, String>,
}

/// Who comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// Shown name.
    pub name: String,
    /// Lower-case e-mail, because Cal.com compares letter by letter.
    pub email: String,
    /// For presentation only.
    pub time_zone: ZoneName,
}

/// Which bookings to list; everything given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BookingFilter {
    /// Kinds; empty means all.
    pub event_type_ids: Vec<EventTypeId>,
    /// Start at or after.
    pub after_start: Option<Timestamp>,
    /// End at or before.
    pub before_end: Option<Timestamp>,
    /// Changed after.
    pub after_updated: Option<Timestamp>,
    /// Order by last change instead of start.
    pub by_update: bool,
    /// Records to leave out at the front.
    pub skip: u32,
    /// Most records, 1 to 250.
    pub take: u32,
}

/// A kind of booking at Cal.com with what the preconditions need (RELIABILITY 3.5).
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of Cal.com's, not a state")]
pub struct EventType {
    /// Cal.com's number.
    pub id: EventTypeId,
    /// Title.
    pub title: String,
    /// Default length.
    pub length_minutes: u32,
    /// Whether the host must say yes.
    pub requires_confirmation: bool,
    /// Whether several people share a time.
    pub has_seats: bool,
    /// Whether one booking makes a series.
    pub recurring: bool,
    /// Whether it costs money at Cal.com.
    pub has_price: bool,
    /// Whether cancelling is forbidden, so that compensation would fail.
    pub cancelling_disabled: bool,
    /// Whether the attendee must prove the address to Cal.com.
    pub requires_email_verification: bool,
    /// Shortest notice Cal.com demands.
    pub minimum_notice_minutes: u32,
    /// Time kept free before.
    pub before_buffer_minutes: u32,
    /// Time kept free after.
    pub after_buffer_minutes: u32,
}

/// Why a call did not give what was asked (CONTRACT 5.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// No connection: nothing was sent, so nothing was made.
    NotConnected,
    /// 429: nothing was made.
    RateLimited,
    /// The time is taken, by us or by another.
    SlotTaken,
    /// Outside Cal.com's notice, window or hours.
    OutOfBounds,
    /// The attendee has as many as Cal.com allows.
    BookerLimit,
    /// The kind has as many as Cal.com allows; a 401 that is not about credentials.
    EventLimit,
    /// Cal.com does not take this attendee.
    AttendeeRefused,
    /// The kind wants the attendee's address proven.
    VerificationNeeded,
    /// Our request or a changed kind.
    BadRequest,
    /// Key, token or licence.
    Credential,
    /// The kind is gone or has no host.
    MappingBroken,
    /// The same person on the same seat.
    Duplicate,
    /// Cal.com took the booker for spam and stored nothing.
    Decoy,
    /// No such booking or object.
    NotFound,
    /// It was ended before.
    AlreadyCancelled,
    /// Cal.com refuses to end it.
    CancelRefused,
    /// It was moved before.
    AlreadyRescheduled,
    /// Sent, and no usable answer: 5xx, reset, time-out.
    UnknownOutcome,
    /// Answered with success that cannot be read; for a write the outcome is unknown.
    Unreadable,
}

/// What a failure says of the write that was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Surely nothing was made and the call may be repeated later.
    NothingMade,
    /// Cal.com answered no.
    Refused,
    /// It may or may not have happened.
    Unknown,
}

impl Failure {
    /// What the failure says of a write.
    pub fn outcome(self) -> Outcome {
        match self {
            Self::NotConnected | Self::RateLimited => Outcome::NothingMade,
            Self::UnknownOutcome | Self::Unreadable => Outcome::Unknown,
            Self::SlotTaken
            | Self::OutOfBounds
            | Self::BookerLimit
            | Self::EventLimit
            | Self::AttendeeRefused
            | Self::VerificationNeeded
            | Self::BadRequest
            | Self::Credential
            | Self::MappingBroken
            | Self::Duplicate
            | Self::Decoy
            | Self::NotFound
            | Self::AlreadyCancelled
            | Self::CancelRefused
            | Self::AlreadyRescheduled => Outcome::Refused,
        }
    }

    /// Whether the same call may succeed later without anybody's help.
    pub fn retryable(self) -> bool {
        match self.outcome() {
            Outcome::NothingMade | Outcome::Unknown => true,
            Outcome::Refused => false,
        }
    }
}

/// A failed call, with what may be logged of it and nothing more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("cal.com: {failure:?} (status {status:?}, request {request_id:?})")]
pub struct SchedulerError {
    /// Class.
    pub failure: Failure,
    /// HTTP status, where one came.
    pub status: Option<u16>,
    /// Cal.com's own id of the request.
    pub request_id: Option<String>,
    /// How long to stay silent, where known.
    pub retry_after: Option<SignedDuration>,
}

impl SchedulerError {
    /// A failure without an answer behind it.
    pub fn of(failure: Failure) -> Self {
        Self { failure, status: None, request_id: None, retry_after: None }
    }
}

/// How urgent the work is that calls; where calls are short, the less urgent waits first
/// (promise R18). Not the lane of the outbox, which says which job works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// A person waits for the answer.
    User,
    /// Something must end at Cal.com.
    Cancel,
    /// A webhook hinted at a change.
    Sync,
    /// Nobody waits.
    Reconcile,
}

/// Cal.com.
#[async_trait]
pub trait Scheduler: Send + Sync {
    /// The same Cal.com for work of this urgency; `None` where calls are not counted.
    fn paced(&self, _urgency: Urgency) -> Option<Arc<dyn Scheduler>> {
        None
    }

    /// Its webhook subscriptions; `None` where they cannot be changed, as in a dry run.
    fn subscriptions_port(&self) -> Option<&dyn Subscriptions> {
        None
    }

    /// Where it is looked at when something is wrong; `None` where there is no address of one.
    fn probe_port(&self) -> Option<&dyn Probe> {
        None
    }

    /// Starts that are free for a kind, in UTC; `range` is half-open.
    async fn slots(
        &self,
        account: &CalAccount,
        event_type: EventTypeId,
        range: Interval,
    ) -> Result<Vec<Timestamp>, SchedulerError>;

    /// Books. One attempt, never retried.
    async fn create(
        &self,
        account: &CalAccount,
        booking: &NewBooking,
    ) -> Result<Booking, SchedulerError>;

    /// Reads one; `None` if there is none.
    async fn booking(
        &self,
        account: &CalAccount,
        uid: &CalUid,
    ) -> Result<Option<Booking>, SchedulerError>;

    /// One page; a page shorter than `take` is the last.
    async fn bookings(
        &self,
        account: &CalAccount,
        filter: &BookingFilter,
    ) -> Result<Vec<Booking>, SchedulerError>;

    /// Ends one. `AlreadyCancelled` is an error of its own: read back what happened.
    async fn cancel(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        reason: &str,
    ) -> Result<Booking, SchedulerError>;

    /// Moves one to another start; answers the new booking with its new uid.
    async fn reschedule(
        &self,
        account: &CalAccount,
        uid: &CalUid,
        start: Timestamp,
        reason: &str,
    ) -> Result<Booking, SchedulerError>;

    /// The kinds of an account.
    async fn event_types(&self, account: &CalAccount) -> Result<Vec<EventType>, SchedulerError>;

    /// Whether the account's credential is accepted; the user name it belongs to.
    async fn me(&self, account: &CalAccount) -> Result<String, SchedulerError>;
}
