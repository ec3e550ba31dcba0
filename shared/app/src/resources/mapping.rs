//! Mapping a resource to a calendar: only kinds that the protocol can keep its word on
//! (RELIABILITY 3.5, preconditions).

use interlock_policy::{CalAccountId, EventTypeId};

use crate::model::{CalUsernameClaim, EventTypeEntry};
use crate::ports::scheduler::{CalAccount, CredentialMode, EventType, Failure, SchedulerError};
use crate::ports::store::Transaction;
use crate::{App, AppError, InputFault};

/// Most kinds one resource offers.
const MOST_KINDS: usize = 32;

/// Where a calendar is and which kinds are offered.
#[derive(Debug, Clone)]
pub struct MappingRequest {
    /// User name at Cal.com.
    pub username: String,
    /// E-mail at Cal.com.
    pub email: String,
    /// How calls prove who they are.
    pub mode: CredentialMode,
    /// Name of the credential in the secret.
    pub credential_ref: String,
    /// Kinds offered; the first is the default.
    pub event_type_ids: Vec<EventTypeId>,
}

/// A calendar whose kinds were checked.
pub(super) struct Mapped {
    /// Whose calendar.
    pub(super) account: CalAccount,
    /// Kinds offered.
    pub(super) event_types: Vec<EventTypeEntry>,
    /// Version of the user name's claim as it was read; the write names it as its condition.
    pub(super) claim_read: Option<u64>,
}

impl Mapped {
    /// Claims the user name for the account. Of two first mappings of a user name that race, one
    /// loses: two accounts would be two ledgers of one calendar (PRODUCT D16, promise R2).
    pub(super) fn claim(&self, transaction: Transaction) -> Result<Transaction, AppError> {
        let claim = CalUsernameClaim {
            username: self.account.username.clone(),
            cal_account_id: self.account.id.clone(),
        };
        Ok(transaction.save(&claim, self.claim_read)?)
    }
}

/// Reads the kinds at Cal.com and refuses what would break a promise.
pub(super) async fn check(app: &App, mapping: &MappingRequest) -> Result<Mapped, AppError> {
    let (id, claim_read) = account_id(app, &mapping.username).await?;
    let account = CalAccount {
        id,
        username: mapping.username.clone(),
        email: mapping.email.to_lowercase(),
        mode: mapping.mode,
        credential_ref: mapping.credential_ref.clone(),
    };
    if mapping.event_type_ids.is_empty() {
        return Err(AppError::invalid("/mapping/eventTypeIds", "empty", "at least one"));
    }
    if mapping.event_type_ids.len() > MOST_KINDS {
        return Err(AppError::invalid("/mapping/eventTypeIds", "too_many", "32 kinds at most"));
    }
    let known = app.scheduler.event_types(&account).await.map_err(refused)?;
    let mut faults = Vec::new();
    let mut entries = Vec::new();
    for (index, id) in mapping.event_type_ids.iter().enumerate() {
        let pointer = format!("/mapping/eventTypeIds/{index}");
        match known.iter().find(|kind| kind.id == *id) {
            Some(kind) => {
                faults.extend(unfit(kind, &pointer));
                entries.push(entry(kind, index == 0));
            }
            None => faults.push(InputFault::at(
                pointer,
                "event_type_unknown",
                "the account has no such event type",
            )),
        }
    }
    if faults.is_empty() {
        Ok(Mapped { account, event_types: entries, claim_read })
    } else {
        Err(AppError::MappingRefused(faults))
    }
}

/// What Cal.com says of an account that was named wrongly is a fault of the mapping and no outage.
fn refused(error: SchedulerError) -> AppError {
    let fault = match error.failure {
        Failure::Credential => (
            "/mapping/credentialRef",
            "credential_refused",
            "there is no such credential, or cal.com does not take it",
        ),
        Failure::NotFound | Failure::BadRequest | Failure::MappingBroken => {
            ("/mapping/username", "account_unknown", "cal.com knows no such account")
        }
        Failure::NotConnected
        | Failure::RateLimited
        | Failure::SlotTaken
        | Failure::OutOfBounds
        | Failure::BookerLimit
        | Failure::EventLimit
        | Failure::AttendeeRefused
        | Failure::VerificationNeeded
        | Failure::Duplicate
        | Failure::Decoy
        | Failure::AlreadyCancelled
        | Failure::CancelRefused
        | Failure::AlreadyRescheduled
        | Failure::UnknownOutcome
        | Failure::Unreadable => return error.into(),
    };
    let (pointer, code, detail) = fault;
    AppError::MappingRefused(vec![InputFault::at(pointer, code, detail)])
}

/// The account the user name already belongs to, so that resources that share a calendar share
/// its ledger; with the version of the claim that says so.
async fn account_id(app: &App, username: &str) -> Result<(CalAccountId, Option<u64>), AppError> {
    let key = CalUsernameClaim::key_of(username);
    match app.find::<CalUsernameClaim>(&key).await? {
        Some(claim) => Ok((claim.value.cal_account_id, Some(claim.version))),
        None => Ok((app.id()?, None)),
    }
}

pub(crate) fn entry(kind: &EventType, default: bool) -> EventTypeEntry {
    EventTypeEntry {
        id: kind.id,
        title: kind.title.clone(),
        duration_minutes: kind.length_minutes,
        default,
        before_buffer_minutes: kind.before_buffer_minutes,
        after_buffer_minutes: kind.after_buffer_minutes,
    }
}

/// What of a kind would break a promise.
pub(crate) fn unfit(kind: &EventType, pointer: &str) -> Vec<InputFault> {
    let faults = [
        (kind.requires_confirmation, "confirmation_required", "it asks the host for a yes"),
        (kind.has_seats, "has_seats", "several people share a time"),
        (kind.recurring, "recurring", "one booking makes a series"),
        (kind.has_price, "has_price", "it costs money at cal.com"),
        (kind.cancelling_disabled, "cancelling_disabled", "it cannot be cancelled"),
        (kind.requires_email_verification, "email_verification", "it wants the address proven"),
        (kind.minimum_notice_minutes > 0, "minimum_notice", "its notice must be zero, ours counts"),
    ];
    faults
        .into_iter()
        .filter(|(unfit, ..)| *unfit)
        .map(|(_, code, detail)| InputFault::at(pointer, code, detail))
        .collect()
}
