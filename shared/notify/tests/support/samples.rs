//! One message of every kind, and of every form that reads otherwise.

use interlock_notify::{
    AccountNews, CancelledBy, Checkout, CheckoutNews, Choice, Line, Message, ReservationNews,
    Reserved, Side, Text, Token,
};
use interlock_policy::{ReasonCode, Role};
use jiff::Timestamp;

use super::{interval, reserved};

/// The secret of the link in the samples.
pub(crate) const TOKEN: &str = "5ec4e70f5ec4e70f5ec4e70f5ec4e70f5ec4e70f5ec4e70f5ec4e70f5ec4e70f";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn mine(news: ReservationNews) -> Message {
    Message::Reservation { reserved: reserved(), news }
}

fn to_who_decides(news: ReservationNews) -> Message {
    let holder = Line::of("Ada Lovelace");
    Message::Reservation { reserved: Reserved { side: Side::Decider, holder, ..reserved() }, news }
}

fn theirs(news: ReservationNews) -> Message {
    let hosted = Reserved {
        side: Side::Host,
        resource_id: "hst_coach".parse().unwrap(),
        resource: Line::of("Cora Coach"),
        resource_zone: "America/Sao_Paulo".parse().unwrap(),
        title: Line::of("Training, 60 minutes"),
        holder: Line::of("Ada Lovelace"),
        description: Text::default(),
        place: Line::default(),
        ..reserved()
    };
    Message::Reservation { reserved: hosted, news }
}

fn cancelled(by: CancelledBy) -> ReservationNews {
    let reason = match by {
        CancelledBy::Holder | CancelledBy::Calendar => Text::default(),
        CancelledBy::Staff => Text::of("The lens has to be replaced.\nWe are sorry."),
    };
    ReservationNews::Cancelled { by, reason }
}

fn lost(choice: Choice) -> ReservationNews {
    let reasons = vec![ReasonCode::TrainingExpired, ReasonCode::CheckoutExpired];
    ReservationNews::EligibilityLost { reasons, choice }
}

fn checkout(news: CheckoutNews) -> Message {
    let checkout = Checkout {
        id: "chk_1".parse().unwrap(),
        version: 2,
        scope: Line::of("Laser cutter"),
        machine: Some("mch_laser".parse().unwrap()),
        level: 1,
    };
    Message::Checkout { checkout, news }
}

fn account(news: AccountNews) -> Message {
    Message::Account { letter: Line::of("ltr_1"), news }
}

fn reservations() -> Vec<(&'static str, Message)> {
    let moved = || ReservationNews::Changed {
        before: interval("2026-07-02T13:00:00Z", "2026-07-02T14:00:00Z"),
    };
    let until = at("2026-07-01T13:00:00Z");
    let awaiting = || ReservationNews::AwaitingApproval { until };
    let declined =
        ReservationNews::Declined { reason: Text::of("That day belongs to the beginners.") };
    vec![
        ("confirmed", mine(ReservationNews::Confirmed)),
        ("confirmed-to-the-host", theirs(ReservationNews::Confirmed)),
        ("changed", mine(moved())),
        ("changed-to-the-host", theirs(moved())),
        ("cancelled-by-the-holder", mine(cancelled(CancelledBy::Holder))),
        ("cancelled-by-staff", mine(cancelled(CancelledBy::Staff))),
        ("cancelled-in-the-calendar", mine(cancelled(CancelledBy::Calendar))),
        ("cancelled-to-the-host", theirs(cancelled(CancelledBy::Holder))),
        ("reminder_24h", mine(ReservationNews::ReminderDay)),
        ("reminder_1h", mine(ReservationNews::ReminderHour)),
        ("awaiting_approval", mine(awaiting())),
        ("awaiting_approval-to-who-decides", to_who_decides(awaiting())),
        ("approved", mine(ReservationNews::Approved)),
        ("approved-to-the-host", theirs(ReservationNews::Approved)),
        ("declined", mine(declined)),
        ("unanswered", mine(ReservationNews::Unanswered)),
        ("not_made", mine(ReservationNews::NotMade)),
        ("eligibility_lost-flag", mine(lost(Choice::Flag))),
        ("eligibility_lost-renew_by", mine(lost(Choice::RenewBy(until)))),
        ("eligibility_lost-cancel", mine(lost(Choice::Cancel))),
    ]
}

fn others() -> Vec<(&'static str, Message)> {
    let (soon, token) = (at("2026-07-31T22:00:00Z"), || Token::new(TOKEN).unwrap());
    let until = at("2026-07-03T09:30:00Z");
    let requested = CheckoutNews::Requested {
        member: Line::of("Ada Lovelace"),
        note: Text::of("I am there each Friday."),
    };
    let revoked = CheckoutNews::Revoked { reason: Text::of("The lid was left open twice.") };
    let declined = CheckoutNews::Declined { reason: Text::of("Let us practise once more.") };
    let roles = vec![Role::Member, Role::Manager];
    vec![
        ("checkout_requested", checkout(requested)),
        ("checkout_granted", checkout(CheckoutNews::Granted { expires_at: Some(soon) })),
        ("checkout_granted-for-good", checkout(CheckoutNews::Granted { expires_at: None })),
        ("checkout_revoked", checkout(revoked)),
        ("checkout_declined", checkout(declined)),
        ("checkout_expiring", checkout(CheckoutNews::Expiring { expires_at: soon })),
        ("invitation", account(AccountNews::Invitation { token: token(), until })),
        ("password_reset", account(AccountNews::PasswordReset { token: token(), until })),
        ("password_changed", account(AccountNews::PasswordChanged { at: until })),
        ("roles_changed", account(AccountNews::RolesChanged { roles })),
        ("factor_changed", account(AccountNews::FactorChanged { at: until })),
        ("recovery_code_used", account(AccountNews::RecoveryCodeUsed { at: until })),
    ]
}

/// Every sample under the name of its preview.
pub(crate) fn samples() -> Vec<(&'static str, Message)> {
    reservations().into_iter().chain(others()).collect()
}
