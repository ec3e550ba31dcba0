//! Watch coverage: how much of a training a person has really watched, bounded by server time.
//!
//! Invariant: credit given between any two counted messages of one person is at most the server
//! time between them times the permitted rate plus one grace bucket (R22), whatever a client
//! claims; everything here is a pure function of its arguments.
//!
//! What is absent: clocks, storage, random ids, the decision who may watch, and floating-point
//! numbers outside [`wire`].
//!
//! # The credit rule
//!
//! A person owns one [`PersonBudget`]; a person and a module own one [`Watch`], and each open tab
//! is a [`Session`] inside it. A beat may credit the time since the person's last counted message
//! or since this session's, whichever is shorter, and at most three cadences of it. A segment
//! played at rate `q` turns that time into `min(q, max_rate)` times as much position. What is
//! missing may come from the grace bucket, which only time left unclaimed fills again. So
//! parallel tabs share one clock, a sleeping laptop earns nothing, and a new tab starts from zero.
//! Every counted message moves the person's clock, also one without segments and an opening.
//!
//! # The two kinds of gap
//!
//! A gap of at most [`Rules::sampling_tolerance`] comes from sampling, not from skipping: it is
//! neither listed nor held against the longest gap. It is never counted as covered either, so
//! skipping in small steps does not shorten the time completion takes.
//!
//! ```
//! use interlock_watch::{Beat, Earlier, Ground, Millis, Module, Rate, Rules, Segment};
//! use interlock_watch::{heartbeat, open, progress};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let module = Module::new(1, Millis::from_seconds(60))?;
//! let rules = Rules::default();
//! let ground = Ground { module: &module, rules: &rules, now: "2026-11-20T10:00:00Z".parse()? };
//! let mut beat = Beat {
//!     session_id: "wch_1".to_owned(),
//!     sequence: 1,
//!     segments: vec![],
//!     position: Millis::ZERO,
//!     visible: true,
//! };
//! let opened = open(Earlier::default(), ground, &beat)?;
//!
//! let ten_seconds = Millis::from_seconds(10);
//! let (from, rate, wall) = (Millis::ZERO, Rate::NORMAL, ten_seconds);
//! beat.sequence = 2;
//! beat.position = ten_seconds;
//! beat.segments.push(Segment { from, to: ten_seconds, rate, wall });
//! let ground = Ground { now: "2026-11-20T10:00:05Z".parse()?, ..ground };
//! let counted = heartbeat(opened.viewing, ground, &beat)?;
//!
//! // Five seconds passed, one came out of the grace, four were claimed in vain.
//! assert_eq!(counted.counted.accepted, Millis::from_seconds(6));
//! assert_eq!(counted.counted.rejected, Millis::from_seconds(4));
//! let shown = progress(&counted.viewing.watch, &module, &rules);
//! assert_eq!(shown.covered, Millis::from_seconds(6));
//! # Ok(())
//! # }
//! ```
#![deny(clippy::arithmetic_side_effects, clippy::float_arithmetic)]
#![cfg_attr(
    test,
    allow(
        clippy::arithmetic_side_effects,
        clippy::float_arithmetic,
        reason = "a test may compute plainly"
    )
)]

mod beat;
mod budget;
mod completion;
mod coverage;
mod heartbeat;
mod integrity;
mod interval;
mod module;
mod opening;
mod progress;
mod rules;
mod units;
mod version;
mod viewing;
mod watch;
pub mod wire;

pub use beat::{Beat, BeatError, MAX_SEGMENTS, MAX_SESSION_ID_LENGTH, Segment};
pub use budget::PersonBudget;
pub use completion::{Completion, Shortfall, completion, settle};
pub use coverage::{Coverage, MAX_INTERVALS};
pub use heartbeat::heartbeat;
pub use integrity::{Integrity, Signal, integrity};
pub use interval::Interval;
pub use module::{Change, MAX_REPLACED, Module, ModuleError, Replaced, lapse_of};
pub use opening::{Earlier, open};
pub use progress::{Progress, progress};
pub use rules::{Rules, RulesError};
pub use units::{BasisPoints, MAX_POSITION, Millis, Rate};
pub use version::{Proof, Standing, carry_over, standing};
pub use viewing::{Counted, Ground, Note, Outcome, Viewing};
pub use watch::{MAX_SESSIONS, Reply, Session, Tallies, Watch};
