//! Cal.com's own schedules: work that it leaves lying until somebody calls for it (CONTRACT 11).

use async_trait::async_trait;

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chore {
    /// Tells webhooks of bookings that began or ended.
    Meetings,
    /// Works through its queue of tasks: queued webhooks, looks after who did not come.
    Tasks,
    /// Clears that queue.
    TasksCleanup,
    /// Moves the hours of hosts who travel.
    TimeZones,
    /// Renews what linked calendars tell it.
    CalendarSubscriptions,
    /// Forgets what it no longer needs of them.
    CalendarCleanup,
    /// Reads the list of linked calendars.
    SelectedCalendars,
    /// Renews what it logs in to linked calendars with.
    Credentials,
}

impl Chore {
    /// All, the most often called first.
    pub const ALL: [Self; 8] = [
        Self::Meetings,
        Self::Tasks,
        Self::CalendarSubscriptions,
        Self::SelectedCalendars,
        Self::Credentials,
        Self::TimeZones,
        Self::TasksCleanup,
        Self::CalendarCleanup,
    ];

    /// Its name in a schedule.
    pub fn name(self) -> &'static str {
        match self {
            Self::Meetings => "meetings",
            Self::Tasks => "tasks",
            Self::TasksCleanup => "tasks-cleanup",
            Self::TimeZones => "time-zones",
            Self::CalendarSubscriptions => "calendar-subscriptions",
            Self::CalendarCleanup => "calendar-cleanup",
            Self::SelectedCalendars => "selected-calendars",
            Self::Credentials => "credentials",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|chore| chore.name() == name)
    }

    /// Whether it is for linked calendars alone, which a sealed network cannot reach.
    pub fn is_for_calendars(self) -> bool {
        match self {
            Self::CalendarSubscriptions
            | Self::CalendarCleanup
            | Self::SelectedCalendars
            | Self::Credentials => true,
            Self::Meetings | Self::Tasks | Self::TasksCleanup | Self::TimeZones => false,
        }
    }
}

/// Why a chore was not done; none of them says what Cal.com answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChoreError {
    /// This deployment knows no address of Cal.com's web app.
    #[error("cal.com's web app has no address here")]
    Unaddressed,
    /// 401 or 403: its secret is not ours.
    #[error("cal.com refuses the secret of its schedules")]
    Refused,
    /// 404 or 405: this version of Cal.com calls it something else.
    #[error("cal.com does not know this call")]
    Unknown,
    /// Another status.
    #[error("cal.com answered {0}")]
    Failed(u16),
    /// No answer in time, or none at all.
    #[error("cal.com's web app did not answer")]
    Silent,
    /// The secret could not be read.
    #[error("the secret of cal.com's schedules could not be read")]
    Secretless,
}

/// Calls for Cal.com's chores.
#[async_trait]
pub trait Chores: Send + Sync {
    /// Has one done; comes back when it is.
    async fn call(&self, chore: Chore) -> Result<(), ChoreError>;
}
