//! The sweep of letters, dying at each of its points and once more at each point of the next one:
//! every message goes out, and a second time only as itself.

use std::collections::BTreeMap;
use std::sync::Arc;

use interlock_app::model::{HistoryEvent, Letter, LetterId, LetterKind, LetterState, Status};
use interlock_app::ports::Mail;
use interlock_app::send_due;
use interlock_testkit::RecordingPost;

use crate::dice::run;
use crate::fuse::{Came, die_at, fused_post};
use crate::scene::Scene;
use crate::support::all;

/// What a death leaves, and what was handed over before it.
struct Office {
    scene: Scene,
    post: Arc<RecordingPost>,
}

impl Office {
    /// Bob's and Ada's confirmations are due, and a cancellation.
    fn new() -> Self {
        let scene = Scene::with_one();
        run(scene.cancel(scene.world.app.clone()));
        Self { scene, post: Arc::default() }
    }

    fn fork(&self) -> Self {
        Self { scene: self.scene.fork(), post: Arc::new(self.post.fork()) }
    }

    /// Whether the sweep dies at the point.
    fn dies(&self, point: usize) -> bool {
        let post = self.post.post();
        let came = die_at(&self.scene.world.app, Some(point), |app, fuse| {
            let post = fused_post(&post, fuse);
            Box::pin(async move { send_due(&app, &post).await.map(|_| ()) })
        });
        matches!(came, Came::Died(_))
    }

    /// Sweeps until nothing that is due now is left.
    fn ends(&self) {
        for _ in 0..2 {
            self.scene.world.advance(600);
            run(send_due(&self.scene.world.app, &self.post.post())).unwrap();
        }
    }

    fn fault(&self) -> Option<String> {
        let mut handed: BTreeMap<LetterId, Vec<Mail>> = BTreeMap::new();
        for one in self.post.handed() {
            handed.entry(one.told.letter.id.clone()).or_default().extend(one.mail);
        }
        for letter in all::<Letter>(&self.scene.world) {
            let mails = handed.remove(&letter.id).unwrap_or_default();
            let ahead = letter.due_at > self.scene.world.clock_now();
            let fine = match letter.state {
                LetterState::Due => ahead && mails.is_empty(),
                LetterState::Sent { .. } => !mails.is_empty(),
                LetterState::Dropped { .. } => mails.is_empty(),
                LetterState::Delivered { .. }
                | LetterState::Bounced { .. }
                | LetterState::Complained { .. }
                | LetterState::Failed { .. } => false,
            };
            if !fine || mails.windows(2).any(|two| two[0] != two[1]) {
                return Some(format!(
                    "{} is {:?} after {} mails",
                    letter.id,
                    letter.state,
                    mails.len()
                ));
            }
        }
        None
    }
}

#[test]
fn wherever_the_sweep_of_letters_dies_once_or_twice_each_message_goes_out_as_itself() {
    let start = Office::new();
    let (mut single, mut double) = (0, 0);
    for first in 1.. {
        let died = start.fork();
        if !died.dies(first) {
            break;
        }
        single += 1;
        died.scene.world.advance(600);
        for second in 1.. {
            let again = died.fork();
            let through = !again.dies(second);
            again.ends();
            assert_eq!(again.fault(), None, "dead at {first} and {second}");
            if through {
                break;
            }
            double += 1;
        }
    }
    println!("crash points: saga=\"letters\" single={single} double={double} repaired=ALL");
    assert!(single >= 20 && double >= 200, "{single} {double}");
}

/// Whatever was confirmed has its letter, and so has its end, wherever what made it was cut short.
pub(crate) fn fault(scene: &Scene) -> Option<String> {
    let letters = all::<Letter>(&scene.world);
    let told = |event: &HistoryEvent, kinds: &[LetterKind]| {
        let body = event.reservation_id.body();
        let name = format!("ltr_{body}_{}_", event.version);
        let own = letters.iter().filter(|one| one.id.as_str().starts_with(&name));
        own.map(|one| one.kind).any(|kind| kinds.contains(&kind))
    };
    all::<HistoryEvent>(&scene.world).into_iter().find_map(|event| {
        event.user_id.as_ref()?;
        let moved = event.interval_before.is_some_and(|before| before != event.interval);
        let due = match (event.from, event.to) {
            (Some(Status::Pending) | None, Status::Confirmed) => &[LetterKind::Confirmed][..],
            (Some(Status::Moving | Status::Confirmed), Status::Confirmed) if moved => {
                &[LetterKind::Changed]
            }
            (Some(Status::Confirmed | Status::Moving), Status::Cancelling | Status::Cancelled) => {
                &[LetterKind::Cancelled, LetterKind::EligibilityLost]
            }
            _ => return None,
        };
        (!told(&event, due)).then(|| format!("nobody is to be told of {event:?}"))
    })
}
