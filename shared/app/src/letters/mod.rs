//! Telling people: which letters a change calls for, and sending those that are due.

mod ahead;
mod facts;
mod fan_out;
mod feedback;
mod list;
mod of_change;
mod of_checkout;
mod send;
mod stale;
mod told;

use std::sync::Arc;

use crate::ports::{Composer, Mailer, Texter};

pub use feedback::{Fate, Feedback, take_feedback};
pub use interlock_notify::Side;
pub use list::{LetterList, LetterQuery, letters_about, list_letters, resend_letter};
pub(crate) use of_change::Occasion;
pub use send::send_due;
pub use told::{Reader, Told, ToldCheckout, ToldOf, ToldReservation};

/// Whoever makes the words, and whoever carries them.
#[derive(Clone)]
pub struct Post {
    /// Makes the words.
    pub composer: Arc<dyn Composer>,
    /// Carries mail.
    pub mailer: Arc<dyn Mailer>,
    /// Carries short messages.
    pub texter: Arc<dyn Texter>,
}
