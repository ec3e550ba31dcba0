//! What Interlock does, as use cases over ports.
//!
//! No crate of AWS or HTTP is in this tree; what a use case needs of the world it asks of a port.

mod accounts;
mod audit;
mod availability;
mod budget;
mod calendar;
mod cascade;
mod change;
mod checkout;
mod chores;
pub mod common_passwords;
mod context;
pub mod diagnosis;
mod eligibility;
mod error;
mod exemptions;
mod external;
mod factors;
mod first_admin;
mod forgotten;
mod gcra;
mod letters;
mod limits;
mod login;
pub mod model;
mod newcomers;
mod outages;
mod password;
mod password_rules;
mod people;
mod policies;
pub mod ports;
mod preferences;
mod presence;
mod privacy;
mod reconcile;
mod refusals;
mod reservations;
mod reserve;
mod reset;
mod resources;
mod said;
mod sessions;
mod snapshot;
mod staff;
mod subscriptions;
mod sync;
mod terms;
mod training;
mod webhook;

pub use accounts::{
    AcceptDocument, SetIdentity, SetLegalHold, SetMembership, SetProfile, SetRoles, SetScope,
    UpdateUser, accept_document, set_identity, set_legal_hold, set_membership, set_profile,
    set_roles, set_scope, update_user,
};
pub use audit::{
    AuditExport, AuditQuery, AuditView, SealReport, Verification, VerifyRequest, export_audit,
    list_audit, seal_audit, verify_audit, watch_audit,
};
pub use availability::{Availability, AvailabilityRequest, Slot, availability};
pub use budget::{Budget, Budgeted, CallLimit};
pub use calendar::{Feed, NewFeed, calendar_links_of, read_feed, reset_feed, stop_feed};
pub use cascade::{Affected, Becomes, Impact};
pub use checkout::{
    Answered, AskCheckout, Asked, CheckoutAnswer, CheckoutItem, CheckoutList, CheckoutQuery,
    Decision, RevokeCheckout, Terms, Waiting, Wanted, answer_all, answer_each, ask_checkout,
    check_out, list_checkouts, own_wish, revoke_checkout,
};
pub use chores::{ChoreReport, run_chores};
pub use context::{Act, App, ExternalPolicy, Front, Hints, Settings, Timing};
pub use eligibility::{eligibility, eligibility_keys};
pub use error::{AppError, Gap, InputFault};
pub use exemptions::{
    CountedGrant, GrantExemption, grant_exemption, list_exemptions, own_exemptions,
    revoke_exemption,
};
pub use factors::{
    BeginFactor, BegunTotp, CodeAttempt, CompletedLogin, ConfirmFactor, FACTOR_FRESH, FactorPolicy,
    Showing, ask_for_factor, begin_factor, complete_login, confirm_factor, remove_factor,
    renew_codes, reset_factor, step_up,
};
pub use first_admin::{FirstLink, MakeFirstAdmin, make_first_admin};
pub use letters::{
    Fate, Feedback, LetterList, LetterQuery, Post, Reader, Side, Told, ToldCheckout, ToldOf,
    ToldReservation, letters_about, list_letters, resend_letter, send_due, take_feedback,
};
pub use limits::{Claim, Quota, Rate, Uncounted, take};
pub use login::{Attempt, Entered, NewSession, log_in, open_session};
pub use newcomers::{CreateUser, MadeUser, create_user};
pub use outages::{CreateOutage, EndOutage, OutageEffect, create_outage, end_outage};
pub use password::{ChangePassword, change_password};
pub use people::{Listed, aside_of, list_users, read_user};
pub use policies::{
    FieldChange, MemberChange, MembersPreview, PastPreview, PastRefusal, PolicyOverview,
    PolicyPreview, PolicyWish, PreviewPolicy, PutPolicy, changes, policy_diff, policy_history,
    preview_policy, put_policy, read_policy, read_save,
};
pub use preferences::{
    Chosen as ChosenPreferences, SetPreferences, read_preferences, set_preferences,
};
pub use presence::{CountPresent, begin_keys, count_present, may_begin};
pub use privacy::{EraseRequest, PersonalData, erase_user, export_user};
pub use reconcile::{
    FindingQuery, Pass, Report, ReportFinding, list_findings, list_runs, reconcile, reconcile_on,
    reconcile_until, resolve_finding, slice_end, start_run,
};
pub use refusals::{MOST_REFUSAL_DAYS, RefusalCount, RefusalQuery, Refusals, list_refusals};
pub use reservations::{
    ReservationQuery, list_reservations, read_decisions, read_history, read_reservation,
    read_stored_reservation,
};
pub use reserve::{
    AttendanceRequest, CancelRequest, DecisionRequest, IdempotencyUse, Placed, RescheduleRequest,
    ReserveRequest, approve, cancel, decline, record_attendance, reschedule, reserve, reserve_keys,
};
pub use reset::{Chosen, choose_password, request_reset, token_of};
pub use resources::{
    CreateResource, GuideChange, MappingRequest, ResourceSummary, UpdateResource, create_resource,
    list_resources, read_resource, show_resource, update_resource,
};
pub use said::Said;
pub use sessions::{SessionView, end_session, list_sessions, log_out};
pub use snapshot::Snapshot;
pub use staff::{is_staff_for, is_staff_on};
pub use subscriptions::{
    SubscribeRequest, change_subscription, list_subscriptions, subscribe, unsubscribe,
};
pub use sync::{Settled, SweepReport, settle_due, settle_one, sync};
pub use terms::holder_terms;
pub use training::{
    Awaiting, BeatRequest, Changed, Completed, CreateModule, Evidence, ModuleEdit, ModuleStatus,
    Proof, RulesEdit, UpdateModule, complete_training, create_module, decline_watch, list_awaiting,
    list_modules, record_alternative, record_progress, training_evidence, training_status,
    update_module,
};
pub use webhook::{
    Applied, Batch, DeliveryQuery, EventView, Lost, MOST_RECEIVES, Planned, QueuedDelivery,
    Received, Signed, Simulation, apply_delivery, apply_received, give_up_delivery,
    list_deliveries, read_delivery, receive_delivery, receive_signed, replay_delivery,
    simulate_delivery, simulate_kept, verify_delivery,
};
