//! Every kind of problem: code, status, title, and what to do about it.
//!
//! A code is a public contract: it never changes meaning and is never reused. `docs/PROBLEMS.md`
//! is made from this table.

use std::fmt::Write;

/// A kind of problem.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Stable code; clients switch on it.
    pub code: &'static str,
    /// HTTP status.
    pub status: u16,
    /// The same sentence for every problem of the kind.
    pub title: &'static str,
    /// What to do about it.
    pub advice: &'static str,
}

macro_rules! kinds {
    ($($name:ident: $status:literal $code:literal, $title:literal, $advice:literal;)*) => {
        $(
            #[doc = $title]
            pub const $name: Kind =
                Kind { code: $code, status: $status, title: $title, advice: $advice };
        )*

        /// All kinds, by status.
        pub const ALL: &[Kind] = &[$($name),*];
    };
}

kinds! {
    INVALID_BODY: 400 "invalid_body", "The body cannot be used",
        "Look at `errors`: each entry points at a value and says what is wanted.";
    INVALID_PARAMETER: 400 "invalid_parameter", "A parameter or header cannot be used",
        "Look at `errors`: each entry names a parameter or header.";
    INVALID_CURSOR: 400 "invalid_cursor", "The cursor is not one of ours",
        "Start again without a cursor; take `nextCursor` as it was given.";
    IDEMPOTENCY_KEY_REQUIRED: 400 "idempotency_key_required", "An idempotency key is required",
        "Send `Idempotency-Key` with a value made for this act, and the same one with every retry.";
    UNAUTHENTICATED: 401 "unauthenticated", "Nobody is logged in",
        "Log in; the session is missing, has expired or was ended.";
    INVALID_CREDENTIALS: 401 "invalid_credentials", "E-mail or password is wrong",
        "Try again or have the password reset; both halves are told alike.";
    INVALID_CODE: 401 "invalid_code", "The code does not count",
        "Take the code that is shown now, or a recovery code not used before; each counts once. \
         After five minutes begin with the password again.";
    SIGNATURE_INVALID: 401 "signature_invalid", "The signature is missing or wrong",
        "Compare the secret set in Cal.com with ours; sign the raw bytes.";
    NOT_ELIGIBLE: 403 "not_eligible", "Something is still missing",
        "Follow the next steps in `reasons`; all of them are listed at once.";
    ROLE_REQUIRED: 403 "role_required", "The role does not suffice",
        "Ask somebody whose role suffices.";
    FACTOR_REQUIRED: 403 "factor_required", "The role needs a second factor",
        "Begin and confirm one; until then nothing else is open.";
    STEP_UP_REQUIRED: 403 "step_up_required", "The second factor must be shown again",
        "Send a code to `auth-step-up` and call again; it suffices for ten minutes.";
    SELF_APPROVAL: 403 "self_approval", "Nobody approves himself",
        "Ask another manager.";
    CSRF_HEADER_REQUIRED: 403 "csrf_header_required", "The mark of our own pages is missing",
        "Send `X-Requested-With: interlock` with every write.";
    CROSS_ORIGIN: 403 "cross_origin", "The call comes from a foreign page",
        "Write from the application's own origin; operators compare `INTERLOCK_APP_ORIGIN`.";
    FRONT_REQUIRED: 403 "front_required", "The call went past the distribution",
        "Call the application's own address; operators see `docs/runbooks/rotate-secrets.md`.";
    NOT_FOUND: 404 "not_found", "There is no such thing",
        "Check the id; what is not yours is told as absent.";
    SLOT_TAKEN: 409 "slot_taken", "The time is taken",
        "Ask for free times again and choose another.";
    RESERVATION_PARALLEL: 409 "reservation_parallel", "You hold another reservation at that time",
        "Move or cancel the other one, or choose another time.";
    STATE_CONFLICT: 409 "state_conflict", "Not in its present state",
        "Read it again; its state forbids this.";
    TRAINING_INCOMPLETE: 409 "training_incomplete", "The module is not watched enough",
        "Watch what `gaps` lists, in seconds, and complete what `prerequisites` lists.";
    CHECKOUT_NOT_NEEDED: 409 "checkout_not_needed", "There is no checkout to ask for",
        "Look at `errors`: what is asked for is held already, or nothing is asked for here.";
    BATCH_REFUSED: 409 "batch_refused", "Nobody was answered, because not all can be",
        "Look at `errors`: each entry points at a person; leave them out or send them one by one.";
    IDEMPOTENCY_IN_PROGRESS: 409 "idempotency_in_progress",
        "The first call with this key still runs",
        "Retry with the same key after `Retry-After`.";
    PRECONDITION_FAILED: 412 "precondition_failed", "It has changed since it was read",
        "Read it again and decide anew.";
    BODY_TOO_LARGE: 413 "body_too_large", "The body is too large",
        "Send less; 100 kB is the most, 256 kB for a webhook.";
    UNSUPPORTED_MEDIA_TYPE: 415 "unsupported_media_type", "The body is not JSON",
        "Send `Content-Type: application/json`.";
    IDEMPOTENCY_MISMATCH: 422 "idempotency_mismatch", "The key was used with another body",
        "Use a new key for another act.";
    EVENT_TYPE_UNKNOWN: 422 "event_type_unknown", "The event type is not offered",
        "Take one of the resource's `eventTypes`.";
    DURATION_NOT_OFFERED: 422 "duration_not_offered", "The length is not offered",
        "Take one of `offeredMinutes` or of the resource's `eventTypes`.";
    DURATION_TOO_SHORT: 422 "duration_too_short", "The reservation is too short",
        "Follow the parameters in `reasons`.";
    DURATION_TOO_LONG: 422 "duration_too_long", "The reservation is too long",
        "Follow the parameters in `reasons`.";
    DURATION_OFF_STEP: 422 "duration_off_step", "The length is not a multiple of the step",
        "Follow the parameters in `reasons`.";
    HOURS_CLOSED: 422 "hours_closed", "The time lies outside the opening hours",
        "Take a time from the availability of the resource.";
    HOURS_CLOSURE: 422 "hours_closure", "The resource is closed at that time",
        "Take a time from the availability of the resource.";
    GRID_OFF: 422 "grid_off", "The start is not on the grid",
        "Take a time from the availability of the resource.";
    START_IN_PAST: 422 "start_in_past", "The start lies in the past",
        "Take a later time.";
    NOTICE_CREATE: 422 "notice_create", "Too close to the start to reserve",
        "Take a later time.";
    NOTICE_CHANGE: 422 "notice_change", "Too close to the start to move",
        "Ask a manager.";
    NOTICE_CANCEL: 422 "notice_cancel", "Too close to the start to cancel",
        "Ask a manager.";
    HORIZON_EXCEEDED: 422 "horizon_exceeded", "Too far ahead",
        "Take an earlier time, or come back later.";
    QUOTA_OPEN_RESERVATIONS: 422 "quota_open_reservations", "As many open reservations as allowed",
        "Cancel one, or wait until one has ended.";
    QUOTA_EXCEEDED: 422 "quota_exceeded", "More than is allowed in a stretch of time",
        "Take a time in another stretch, or cancel something in this one.";
    STRIKES_LIMIT: 422 "strikes_limit", "Missed or late-cancelled reservations limit what is left",
        "Keep within the limit in `reasons`, or wait until the points are forgotten.";
    RESERVATION_GAP_SHORT: 422 "reservation_gap_short", "Too close to another reservation of yours",
        "Leave the gap that `reasons` names.";
    RESERVATION_CHAINED: 422 "reservation_chained", "It touches another reservation of yours",
        "Leave time between both.";
    RESERVATION_MISSING: 422 "reservation_missing", "There is no reservation for now",
        "Reserve the time first.";
    RESERVATION_UNCOVERED: 422 "reservation_uncovered", "What it is used in is not reserved",
        "Reserve what it is used in for that time first.";
    RESERVATION_NEEDED: 422 "reservation_needed", "Another reservation of yours needs this one",
        "Move or cancel the reservation that `reasons` names first.";
    PRESENCE_MISSING: 422 "presence_missing", "Too few people are present",
        "Begin when somebody else is there.";
    APPROVAL_NEEDED: 422 "approval_needed", "Another time needs another yes",
        "Ask staff to move it, or cancel it and reserve the new time.";
    MACHINE_INACTIVE: 422 "machine_inactive", "The resource takes no reservations",
        "Choose another resource, or ask a manager.";
    MACHINE_OUTAGE: 422 "machine_outage", "The resource is out of order at that time",
        "Take a time after the outage, or choose another resource.";
    MACHINE_MAPPING_BROKEN: 422 "machine_mapping_broken", "The event types at Cal.com have changed",
        "An admin sets them right in Cal.com or saves the mapping again.";
    MAPPING_REFUSED: 422 "mapping_refused", "The event type at Cal.com is not usable",
        "Change the event type in Cal.com as `errors` says, then save the mapping again.";
    PRECONDITION_REQUIRED: 428 "precondition_required", "A precondition is required",
        "Send `If-Match` with the entity tag that was read.";
    RATE_LIMITED: 429 "rate_limited", "Too many calls",
        "Wait for `Retry-After`.";
    INTERNAL: 500 "internal", "An inner fault",
        "Report the `instance`; operators find it in the log under that name.";
    OVERLOADED: 503 "overloaded", "There is too little time left to do it",
        "Retry after `Retry-After`; nothing was begun.";
    UPSTREAM_UNAVAILABLE: 503 "upstream_unavailable", "Another system does not serve at present",
        "Retry after `Retry-After`; nothing was changed.";
}

/// The page about problems, as `docs/PROBLEMS.md` has it.
pub fn page() -> String {
    let mut page = String::from(HEAD);
    for kind in ALL {
        // Writing to a string cannot fail.
        let _ = writeln!(
            page,
            "| `{}` | {} | {} | {} |",
            kind.code, kind.status, kind.title, kind.advice
        );
    }
    page
}

const HEAD: &str = "\
# Problems

Errors are `application/problem+json` (RFC 9457).
`type` is `urn:interlock:problem:<code>`; `instance` is `urn:interlock:request:<request id>`, \
which the log carries too.
Clients switch on `code`; it never changes meaning.
This table is made from `shared/http/src/problems.rs`.

| code | status | title | what to do |
|---|---|---|---|
";
