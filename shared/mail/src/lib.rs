//! Telling people, outwards: the words of a letter, its form as a mail, and who carries it.
//!
//! SES and SMTP stand behind one port, and so does the second channel. Nothing here decides
//! whether a letter is due or still true.

mod catalogue;
mod facts;
mod feedback;
mod log_texter;
mod mime;
mod relay;
mod ses;
mod smtp;

pub use catalogue::{Catalogue, Sender, SenderError};
pub use feedback::{NoFeedback, feedback};
pub use log_texter::LogTexter;
pub use mime::{LETTER_HEADER, Unwritable, raw};
pub use relay::SmtpError;
pub use ses::{Line, SesConfig, SesMailer, WallClock};
pub use smtp::{SmtpConfig, SmtpMailer};
