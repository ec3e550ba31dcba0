//! Opening a module: the base point of a session (FEATURES 5.4 rule 2).
//!
//! Invariant: opening earns nothing, takes nothing away that was earned, and starts the clock.

use crate::beat::{Beat, BeatError};
use crate::budget::PersonBudget;
use crate::completion::settle;
use crate::heartbeat::repeated;
use crate::units::Millis;
use crate::version::carry_over;
use crate::viewing::{Counted, Ground, Outcome, Viewing};
use crate::watch::{Reply, Session, Watch};

/// What is known of the person from before, each half absent on its first time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    /// What this person watched of this module, of whatever version.
    pub watch: Option<Watch>,
    /// The person's clock.
    pub budget: Option<PersonBudget>,
}

/// Opens a session under the beat's id, which the caller has drawn at random.
///
/// Earlier coverage is kept, and carried over where the module has a new version. Segments in the
/// beat are counted as rejected. A session that is open already is answered as a repeated message.
pub fn open(earlier: Earlier, ground: Ground<'_>, beat: &Beat) -> Result<Outcome, BeatError> {
    beat.check()?;
    let Ground { module, rules, now } = ground;
    let budget = earlier.budget.unwrap_or_else(|| PersonBudget::new(now, rules));
    let watch = match earlier.watch {
        Some(watch) => carry_over(watch, module),
        None => Watch::new(module.version, now),
    };
    if let Some(known) = watch.session(&beat.session_id) {
        let known = known.clone();
        return Ok(repeated(Viewing { watch, budget }, &known, beat.sequence));
    }
    let counted = Counted { accepted: Millis::ZERO, rejected: beat.claimed() };
    let mut watch = watch;
    watch.tallies.cut = watch.tallies.cut.plus(counted.rejected);
    watch.keep(Session {
        id: beat.session_id.clone(),
        sequence: beat.sequence,
        position: beat.position.min(module.duration),
        last_counted_at: now,
        last_interval: Millis::ZERO,
        replies: vec![Reply {
            sequence: beat.sequence,
            accepted: counted.accepted,
            rejected: counted.rejected,
        }],
    });
    let purse = budget.purse(now, rules, now);
    let budget = budget.settled(&purse, rules, now);
    let (watch, notes) = settle(watch, ground);
    Ok(Outcome { viewing: Viewing { watch, budget }, counted, notes })
}
