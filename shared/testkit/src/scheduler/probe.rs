//! Looks at the fake: all is well unless a test says otherwise.

use async_trait::async_trait;
use interlock_app::ports::Probe;
use interlock_app::ports::probe::{Look, Seen, Unasked};
use jiff::SignedDuration;

use super::{Call, FakeScheduler};

/// Kind of a look, for scripts and counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sight {
    /// Whether it is up.
    Health,
    /// Free starts.
    Slots,
    /// Holds.
    Holds,
    /// The credential's owner.
    Me,
    /// Kinds.
    EventTypes,
    /// Bookings.
    Bookings,
    /// Schedules.
    Schedules,
    /// Webhooks.
    Webhooks,
}

impl Sight {
    /// The kind of a look.
    pub fn of(look: Look<'_>) -> Self {
        match look {
            Look::Health => Self::Health,
            Look::Slots(..) => Self::Slots,
            Look::Holds => Self::Holds,
            Look::Me(_) => Self::Me,
            Look::EventTypes(_) => Self::EventTypes,
            Look::Bookings(_) => Self::Bookings,
            Look::Schedules(_) => Self::Schedules,
            Look::Webhooks(_) => Self::Webhooks,
        }
    }

    fn usual(self) -> Seen {
        let body = match self {
            Self::Health => "OK",
            Self::Bookings => r#"{"data":[],"pagination":{"totalItems":0}}"#,
            Self::Slots
            | Self::Holds
            | Self::Me
            | Self::EventTypes
            | Self::Schedules
            | Self::Webhooks => "{}",
        };
        Seen::Answer { status: 200, body: body.to_owned() }
    }
}

impl FakeScheduler {
    /// The next look of this kind sees this.
    pub fn show(&self, sight: Sight, seen: Result<Seen, Unasked>) {
        self.sights.push(sight, seen);
    }

    /// The next look of this kind sees an answer.
    pub fn show_answer(&self, sight: Sight, status: u16, body: &str) {
        self.show(sight, Ok(Seen::Answer { status, body: body.to_owned() }));
    }
}

#[async_trait]
impl Probe for FakeScheduler {
    async fn look(&self, look: Look<'_>, _patience: SignedDuration) -> Result<Seen, Unasked> {
        let sight = Sight::of(look);
        self.enter(Call::Look(sight)).await;
        self.sights.take(&sight).unwrap_or_else(|| Ok(sight.usual()))
    }
}
