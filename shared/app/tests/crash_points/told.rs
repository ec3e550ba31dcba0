//! What the member is told wherever a saga was cut short: a table, made by dying at every point and
//! reading what is left.
//!
//! A state left behind that has no sentence fails, so that nobody is ever told nothing.

use crate::fuse::{Came, die_at};
use crate::saga::{Saga, Wish, end};

const HEAD: &str = "# Crash points

Where a saga can be cut short, what is then left behind, and what the member is told.
The table is made by cutting the sagas short at every point (`shared/app/tests/crash_points`), \
and `cargo xtask bless` writes it anew.
There are two points for each call to the table, to Cal.com or to the queue: \
before its effect, and after the effect and before the answer.
Neighbouring points that leave the same behind share a row; \
writes to the table are counted within the saga.
Whatever is left, the next run of a job brings it to rest (promise R7); \
the sentence is what holds until then.

| Saga | Cut short | Left behind | The member is told |
|---|---|---|---|
";

/// The whole page.
pub(crate) fn page(sagas: &[Saga]) -> String {
    let mut page = HEAD.to_owned();
    for row in sagas.iter().flat_map(rows) {
        page.push_str(&row);
    }
    page
}

struct Stretch {
    /// The call after whose effect it begins; none for the first.
    after: Option<String>,
    left: String,
}

fn rows(saga: &Saga) -> Vec<String> {
    let start = (saga.scene)();
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut commits = 0;
    for point in 1.. {
        let scene = start.fork();
        let came = die_at(&scene.world.app, Some(point), |app, _| (saga.act)(&scene, app));
        let Came::Died(place) = came else { break };
        commits += usize::from(place == "after a commit");
        let left = end(saga, &scene);
        if stretches.last().is_none_or(|last| last.left != left) {
            let after = (point > 1).then(|| place.replace("after a commit", &nth(commits)));
            stretches.push(Stretch { after, left });
        }
    }
    let ends = stretches.iter().skip(1).map(|next| next.after.as_deref()).chain([None]);
    stretches.iter().zip(ends).map(|(stretch, end)| row(saga, stretch, end)).collect()
}

fn nth(commit: usize) -> String {
    format!("write {commit}")
}

fn row(saga: &Saga, stretch: &Stretch, end: Option<&str>) -> String {
    let Stretch { after, left } = stretch;
    let place = match (after, end) {
        (None, None) => "anywhere".to_owned(),
        (None, Some(end)) => format!("before {end}"),
        (Some(after), None) => format!("after {after}"),
        (Some(after), Some(end)) => format!("after {after}, before {end}"),
    };
    let sentence = sentence(saga.wish, left)
        .unwrap_or_else(|| panic!("{}: nothing to say of {left}", saga.name));
    format!("| {} | {place} | {left} | {sentence} |\n", saga.name)
}

/// The sentence for a wish and what its saga left.
fn sentence(wish: Wish, left: &str) -> Option<&'static str> {
    common(left).or_else(|| match wish {
        Wish::Create => create(left),
        Wish::Cancel => cancel(left),
        Wish::Move => reschedule(left),
        Wish::Approval => approval(left),
        Wish::Nothing => nothing(left),
    })
}

/// What ended is told in the same words whoever asks.
fn common(left: &str) -> Option<&'static str> {
    Some(match left {
        "cancelled: holder" => "Your reservation is cancelled and the time is free again.",
        "cancelled: staff" => "The workshop has cancelled your reservation.",
        "cancelled: external" => "Your reservation was cancelled in the calendar itself.",
        "cancelled: eligibility" => {
            "Your reservation has ended because you may not use this machine at present."
        }
        "cancelled: conflict" => {
            "Your reservation has ended because it was moved onto time that somebody else holds."
        }
        "cancelled: declined" => {
            "Somebody in charge said no; nothing is reserved and the time is free again."
        }
        "cancelled: expired" => {
            "Nobody said yes in time; nothing is reserved and the time is free again."
        }
        "failed: slot_taken" => "The time was taken; nothing is reserved for you.",
        "failed: refused" => "The calendar refused the reservation; nothing is reserved for you.",
        "failed: unreachable" => {
            "The calendar could not be reached; nothing is reserved, so please try again."
        }
        "failed: never_made" => {
            "The calendar never made your booking; nothing is reserved and the time is free again."
        }
        _ => return None,
    })
}

fn create(left: &str) -> Option<&'static str> {
    Some(match left {
        "none" => "Your request did not get through; nothing is reserved, so please send it again.",
        "pending" => {
            "The time is held for you and is being confirmed; you hear within four minutes."
        }
        "confirmed" => "Your reservation is confirmed, even if the answer did not reach you.",
        _ => return None,
    })
}

fn cancel(left: &str) -> Option<&'static str> {
    Some(match left {
        "confirmed" | "confirmed, moved" => {
            "Your wish to cancel did not get through; your reservation stands, so please try again."
        }
        "pending" => {
            "Your wish to cancel did not get through; your reservation is being confirmed."
        }
        "moving" => {
            "Your wish to cancel did not get through; the move of your reservation goes on."
        }
        "cancelling" => {
            "Your reservation is cancelled; the time is free as soon as the calendar has followed."
        }
        _ => return None,
    })
}

fn reschedule(left: &str) -> Option<&'static str> {
    Some(match left {
        "confirmed" => "Your reservation was not moved and stands at its old time.",
        "moving" => {
            "Your reservation is being moved; both times are held and you hear within four minutes."
        }
        "confirmed, moved" => {
            "Your reservation stands at its new time, even if the answer did not reach you."
        }
        _ => return None,
    })
}

/// What a person reads of his approval on the machine's page.
fn approval(left: &str) -> Option<&'static str> {
    Some(match left {
        "not approved" => "You are not checked out on this machine; you may ask for it.",
        "waits" => "You have asked to be checked out and wait for an answer.",
        "half approved" => "One of two has approved you; a second yes is needed.",
        "approved" => "You are checked out on this machine.",
        _ => return None,
    })
}

/// Nobody waits for an answer; this is what a member's list shows meanwhile.
fn nothing(left: &str) -> Option<&'static str> {
    Some(match left {
        "none" => "Nothing of yours is concerned; what was made in the calendar shows shortly.",
        "awaiting" => "Your request waits for a yes; the time is held for you meanwhile.",
        "pending" => "Your reservation is being confirmed; you hear within four minutes.",
        "moving" => "Your reservation is being moved; both times are held for you.",
        "confirmed" => {
            "Your reservation is confirmed; a change made in the calendar itself shows shortly."
        }
        "confirmed, moved" => "Your reservation stands at its new time.",
        "confirmed, moved in Cal.com" => {
            "Your reservation was moved in the calendar itself and stands at its new time."
        }
        "cancelling" => {
            "Your reservation is cancelled; the time is free as soon as the calendar has followed."
        }
        _ => return None,
    })
}
