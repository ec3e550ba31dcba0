//! What Cal.com says of a reservation: every booking that belongs to it.

use interlock_policy::ReservationId;
use jiff::{SignedDuration, Timestamp};

use crate::model::{Reservation, State};
use crate::ports::Scheduler;
use crate::ports::scheduler::{
    Booking, BookingFilter, BookingStatus, CalAccount, CalUid, CredentialMode,
    METADATA_RESERVATION, SchedulerError,
};

/// Longest chain of moves followed; each is one call, and who moves a booking more often between
/// two looks leaves it to a person.
const LONGEST_CHAIN: usize = 100;
/// Bookings of one start window; more than this in one window is not a calendar of one account.
const WINDOW_PAGE: u32 = 100;

/// Everything seen in one look.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Bookings of this reservation, as they were read.
    pub(crate) bookings: Vec<Booking>,
    /// Whether absence was looked for where the booking would have to be: only then may "none"
    /// count once the time for doubt has passed (promise R17).
    pub(crate) window_searched: bool,
    /// Whether the chain of moves went on past the last one read: what stands may then lie beyond,
    /// so that none counts for nothing (promise R17).
    pub(crate) cut_short: bool,
}

impl Seen {
    /// A booking that Cal.com's own answer told of.
    pub(crate) fn told(booking: Booking) -> Self {
        Self { bookings: vec![booking], ..Self::default() }
    }

    /// Bookings that stand.
    pub(crate) fn live(&self) -> impl Iterator<Item = &Booking> {
        self.bookings.iter().filter(|booking| is_live(booking))
    }
}

/// Whether a booking stands. An unknown word is never taken for an end (CONTRACT 15 item 2).
pub(crate) fn is_live(booking: &Booking) -> bool {
    match booking.status {
        BookingStatus::Accepted | BookingStatus::Pending | BookingStatus::Other(_) => true,
        BookingStatus::Cancelled | BookingStatus::Rejected => false,
    }
}

/// Looks at Cal.com for all bookings of a reservation; must be called after the reservation was
/// read (RELIABILITY 3.6 L2). `hints` are uids a webhook or a list named.
pub(crate) async fn look(
    scheduler: &dyn Scheduler,
    account: &CalAccount,
    reservation: &Reservation,
    hints: &[CalUid],
) -> Result<Seen, SchedulerError> {
    let mut seen = Seen::default();
    let mut queue: Vec<CalUid> = hints.to_vec();
    queue.extend(reservation.cal_uids.last().cloned());
    queue.extend(reservation.state.cal_uid().cloned());
    if must_search(reservation) && account.mode != CredentialMode::None {
        seen.window_searched = true;
        for booking in search(scheduler, account, reservation).await? {
            note(&mut seen, &mut queue, booking);
        }
    }
    let mut asked: Vec<CalUid> = Vec::new();
    while let Some(uid) = queue.pop() {
        let known = seen.bookings.iter().any(|booking| booking.uid == uid);
        if known || asked.contains(&uid) {
            continue;
        }
        if asked.len() >= LONGEST_CHAIN {
            seen.cut_short = true;
            break;
        }
        asked.push(uid.clone());
        if let Some(booking) = scheduler.booking(account, &uid).await?
            && belongs(&booking, reservation)
        {
            note(&mut seen, &mut queue, booking);
        }
    }
    Ok(seen)
}

fn note(seen: &mut Seen, queue: &mut Vec<CalUid>, booking: Booking) {
    queue.extend(booking.rescheduled_to.clone());
    if !seen.bookings.iter().any(|known| known.uid == booking.uid) {
        seen.bookings.push(booking);
    }
}

/// A booking carries our mark, or Cal.com dropped the marks and we know its uid or where it was
/// moved from.
fn belongs(booking: &Booking, reservation: &Reservation) -> bool {
    match marked(booking) {
        Some(id) => id == reservation.id,
        None => {
            reservation.cal_uids.contains(&booking.uid)
                || booking
                    .rescheduled_from
                    .as_ref()
                    .is_some_and(|from| reservation.cal_uids.contains(from))
        }
    }
}

/// The reservation a booking says it belongs to.
pub(crate) fn marked(booking: &Booking) -> Option<ReservationId> {
    booking.metadata.get(METADATA_RESERVATION).and_then(|id| id.parse().ok())
}

/// Only a state with a call behind it whose uid is unknown needs the window.
fn must_search(reservation: &Reservation) -> bool {
    match &reservation.state {
        State::Pending { .. } => true,
        State::Cancelling { cal_uid, .. } => cal_uid.is_none(),
        State::Awaiting { .. }
        | State::Confirmed { .. }
        | State::Moving { .. }
        | State::Cancelled { .. }
        | State::Failed { .. }
        | State::Completed => false,
    }
}

/// Bookings of the exact start with our mark, ended ones included: somebody inside Cal.com may
/// have moved it already, and then the old half shows the way.
///
/// The window has no end, because a kind that was made longer inside Cal.com makes bookings that
/// end later than was reserved; the list is in the order of starts, so those of this start are on
/// its first page.
async fn search(
    scheduler: &dyn Scheduler,
    account: &CalAccount,
    reservation: &Reservation,
) -> Result<Vec<Booking>, SchedulerError> {
    let start = reservation.interval.start();
    let from = start.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(Timestamp::MIN);
    let filter = BookingFilter {
        event_type_ids: vec![reservation.event_type_id],
        after_start: Some(from),
        take: WINDOW_PAGE,
        ..BookingFilter::default()
    };
    let found = scheduler.bookings(account, &filter).await?;
    Ok(found
        .into_iter()
        .filter(|booking| marked(booking).as_ref() == Some(&reservation.id))
        .collect())
}
