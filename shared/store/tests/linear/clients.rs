//! Eight clients on one laser, through the production use cases, and the history they make.
//!
//! Each has at most one reservation, and what it asks for next is drawn from its seed.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use interlock_app::model::{IdempotencyKey, Reservation, Status};
use interlock_app::{
    App, AppError, CancelRequest, IdempotencyUse, RescheduleRequest, Snapshot, cancel, reschedule,
    reserve,
};
use interlock_policy::{ReservationId, UserId};
use interlock_testkit::World;
use jiff::Timestamp;

use crate::dice::Dice;
use crate::history::{History, Operation, SLOTS, Step};

/// Names of the clients.
pub(crate) const NAMES: [&str; 8] = ["ada", "bob", "cy", "dot", "eve", "fay", "gil", "hal"];

/// What is recorded while clients are at work.
#[derive(Default)]
pub(crate) struct Recorder {
    time: AtomicU64,
    history: Mutex<History>,
}

impl Recorder {
    /// The next instant of logical time.
    fn tick(&self) -> u64 {
        self.time.fetch_add(1, Ordering::SeqCst)
    }

    fn note(&self, operations: Vec<Operation>) {
        self.history.lock().unwrap().clients.push(operations);
    }

    /// What was recorded.
    pub(crate) fn history(self) -> History {
        self.history.into_inner().unwrap()
    }
}

/// One client.
pub(crate) struct Client {
    /// Over which ports.
    pub(crate) app: App,
    /// Who.
    pub(crate) user: UserId,
    /// The starts of the slots.
    pub(crate) starts: Vec<Timestamp>,
    /// What it draws from.
    pub(crate) dice: Dice,
}

/// What came of an operation.
enum Came {
    Done,
    Taken,
    Unknown,
    /// The gate or a lost race refused it before the ledger was asked; nothing is recorded.
    Nothing,
}

impl Client {
    /// A client of a world over other ports.
    pub(crate) fn of(world: &World, app: App, user: UserId, seed: u64) -> Self {
        let starts = (0..i64::from(SLOTS)).map(|slot| world.after(600 + 30 * slot)).collect();
        Self { app, user, starts, dice: Dice::new(seed) }
    }

    /// So many operations, one after the other.
    pub(crate) async fn work(mut self, recorder: &Recorder, count: usize) {
        let (mut known, mut held): (Vec<Operation>, Option<(ReservationId, u8)>) = (vec![], None);
        for number in 0..count {
            let slot = u8::try_from(self.dice.roll(u64::from(SLOTS))).unwrap();
            let invoked = recorder.tick();
            let (came, steps, then) = match held.take() {
                None => self.take(slot, number).await,
                Some((id, own)) if slot == own || self.dice.happens(50) => self.give(id, own).await,
                Some((id, own)) => self.change(id, own, slot).await,
            };
            let returned = recorder.tick();
            held = then;
            match came {
                Came::Done | Came::Taken => {
                    known.push(Operation { invoked, returned: Some(returned), steps });
                }
                Came::Unknown => recorder.note(vec![Operation { invoked, returned: None, steps }]),
                Came::Nothing => {}
            }
        }
        recorder.note(known);
    }

    async fn take(&self, slot: u8, number: usize) -> Done {
        let wish = interlock_app::ReserveRequest {
            resource_id: "mch_laser".parse().unwrap(),
            start: self.starts[usize::from(slot)],
            event_type_id: None,
            duration_minutes: None,
            idempotency: keyed(format!("{}-{number}", self.user)),
            act: self.act(),
        };
        let asked = reserve(&self.app, Snapshot::default(), &self.user, &wish).await;
        let took = vec![Step::Took(slot, None)];
        match asked {
            Ok(placed) => (Came::Done, took, Some((placed.reservation.id, slot))),
            Err(error) => match came(&error) {
                Came::Taken => (Came::Taken, vec![Step::Refused(slot, None)], None),
                other @ (Came::Done | Came::Unknown | Came::Nothing) => (other, took, None),
            },
        }
    }

    async fn give(&self, id: ReservationId, own: u8) -> Done {
        let request = CancelRequest {
            reservation_id: id.clone(),
            reason: "plans changed".to_owned(),
            staff: false,
            idempotency: None,
            act: self.act(),
        };
        let gave = vec![Step::Gave(own)];
        match cancel(&self.app, &self.user, &request).await {
            Ok(placed) if placed.reservation.status() == Status::Cancelled => {
                (Came::Done, gave, None)
            }
            Ok(_) => (Came::Unknown, gave, None),
            Err(error) => match came(&error) {
                Came::Nothing => (Came::Nothing, gave, Some((id, own))),
                Came::Done | Came::Taken | Came::Unknown => (Came::Unknown, gave, None),
            },
        }
    }

    async fn change(&self, id: ReservationId, own: u8, slot: u8) -> Done {
        let start = self.starts[usize::from(slot)];
        let request = RescheduleRequest {
            reservation_id: id.clone(),
            start,
            reason: None,
            staff: false,
            idempotency: None,
            act: self.act(),
        };
        let moved = vec![Step::Took(slot, Some(own)), Step::Gave(own)];
        match reschedule(&self.app, &self.user, &request).await {
            Ok(placed) if stands(&placed.reservation, start) => {
                (Came::Done, moved, Some((id, slot)))
            }
            Ok(_) => (Came::Unknown, moved, None),
            Err(error) => match came(&error) {
                Came::Taken => (Came::Taken, vec![Step::Refused(slot, Some(own))], Some((id, own))),
                Came::Nothing => (Came::Nothing, moved, Some((id, own))),
                Came::Done | Came::Unknown => (Came::Unknown, moved, None),
            },
        }
    }

    fn act(&self) -> interlock_app::Act {
        let actor = interlock_app::model::Actor::User { user_id: self.user.clone() };
        interlock_app::Act { actor, request_id: "req_linear".parse().unwrap() }
    }
}

/// What came of it, the steps it took or may have taken, and what the client has then.
type Done = (Came, Vec<Step>, Option<(ReservationId, u8)>);

fn stands(reservation: &Reservation, start: Timestamp) -> bool {
    reservation.status() == Status::Confirmed && reservation.interval.start() == start
}

fn came(error: &AppError) -> Came {
    if let AppError::SlotTaken { .. } = error {
        return Came::Taken;
    }
    let before = matches!(error, AppError::NotEligible(_) | AppError::StateConflict { .. });
    if before { Came::Nothing } else { Came::Unknown }
}

fn keyed(key: String) -> IdempotencyUse {
    IdempotencyUse { key: IdempotencyKey(key), body_hash: "same".to_owned() }
}
