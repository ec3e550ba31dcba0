//! Documents of the table; key forms and their reasons are in docs/adr/0006.

mod account;
mod attendance;
mod audit;
mod booking_pointer;
mod calendar_feed;
mod call_budget;
mod cascade;
mod checkout;
mod checkout_view;
mod checkpoint;
mod dead_address;
mod decision;
mod delivery;
mod device;
mod erasure;
mod exemption;
mod external_identity;
mod finding;
mod first_admin;
mod flag;
mod follow_up;
mod guide;
mod history;
mod idempotency;
mod keys;
mod ledger_day;
mod legal_hold;
mod letter;
mod letter_kind;
mod letter_state;
mod letter_view;
mod module;
mod open;
mod outage;
mod past;
mod policy_save;
mod preferences;
mod present;
mod projection;
mod refusal_day;
mod reservation;
mod reset_grant;
mod resource;
mod run;
mod second_factor;
mod session;
mod slot_week;
mod standing;
mod state;
mod tab;
mod user_view;
mod view;
mod watch;

pub use account::{
    AcceptedDocument, Account, CalUsernameClaim, Credential, EmailClaim, ManagerScope, Membership,
    Suspension,
};
pub use attendance::{Attendance, Presence};
pub use audit::{Actor, AuditEntry, AuditSeal};
pub use booking_pointer::BookingPointer;
pub use calendar_feed::{CalendarFeed, FeedToken, FeedTokenError};
pub use call_budget::{CallBudget, Spare};
pub use cascade::{Cascade, Subject};
pub use checkout::{
    CheckoutEvent, CheckoutRecord, CheckoutState, CheckoutStep, CheckoutWish, Ended, FirstYes,
    PendingCheckout, WishOrigin,
};
pub use checkout_view::{CheckoutView, WishView};
pub use checkpoint::{Checkpoint, Place};
pub use dead_address::{DeadAddress, Death};
pub use decision::{DecisionInput, DecisionRecord, Question, Replay, Unwritable};
pub use delivery::{Delivery, DeliveryId, DeliveryState, Effect, NoDeliveryId, Try};
pub use device::{Device, Shown};
pub use erasure::{Erasure, ErasureReport};
pub use exemption::{Exemption, ExemptionGrant, ExemptionUse, Revoked};
pub use external_identity::{ExternalIdentity, IdentityLink};
pub use finding::{Finding, FindingClass, FindingState, Resolution, Side};
pub use first_admin::FirstAdmin;
pub use flag::{Flag, FlagCode, OtherFlag};
pub use follow_up::{FollowUp, Lane};
pub use guide::Guide;
pub use history::HistoryEvent;
pub use idempotency::{IdempotencyKey, IdempotencyRecord, PersonRecord, Recorded};
/// The language a person is told in.
pub use interlock_notify::Language;
pub use ledger_day::LedgerDay;
pub use legal_hold::LegalHold;
pub use letter::{About, Addressee, Letter, LetterId};
pub use letter_kind::{Channel, LetterKind, Topic};
pub use letter_state::{Failure, LetterState, Needless};
pub use letter_view::LetterView;
pub use module::{Module, ModuleTerms, Terms};
pub use open::{Hold, OpenReservations};
pub use outage::Outage;
pub use past::{Past, PastHold, PastOutcome, UseTotal};
pub use policy_save::{Planned, PolicySave, PolicyShelf, SaveDecision, SaveState};
pub use preferences::{Preferences, QuietHours};
pub use present::Present;
pub use projection::{
    action_word, booking_word, delivery_word, list_word, session_word, status_markdown,
};
pub use refusal_day::RefusalDay;
pub use reservation::{Attempt, Holder, Origin, Reservation, Target};
pub use reset_grant::ResetGrant;
pub use resource::{Closed, EventTypeEntry, Resource};
pub use run::{Run, RunState};
pub use second_factor::{BegunFactor, Factor, FactorId, PendingLogin, SecondFactor};
pub use session::{Session, SessionHash, SessionId, SessionUse};
pub use slot_week::{FreeStarts, SlotWeek, week_of};
pub use standing::{Alternative, AlternativeKind, Checkout, FIRST_LEVEL, Standing, Training};
pub use state::{Cause, State, Status, WaitingFor};
pub use tab::Tab;
pub use user_view::{Aside, UserBody, UserView};
pub use view::{
    Awaited, ReservationView, ResourceRef, Times, reservation_body, reservation_body_with,
};
pub use watch::{DeclinedWatch, WatchBudget, WatchState};
