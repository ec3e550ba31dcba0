//! How a person wants to be told.

use std::collections::BTreeSet;

use interlock_notify::Language;
use interlock_policy::{UserId, ZoneName};
use jiff::civil::Time;
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use super::{Channel, Topic, keys};
use crate::ports::store::{Document, Key};

/// How a person wants to be told; the zone is the account's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Preferences {
    /// Whose.
    pub user_id: UserId,
    /// In which language.
    pub language: Language,
    /// When not to be disturbed, in the account's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quiet: Option<QuietHours>,
    /// By which ways.
    pub channels: BTreeSet<Channel>,
    /// Number for short messages, in the form of E.164.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// What is not wanted.
    pub muted: BTreeSet<Topic>,
}

/// From one time of the day to another, over midnight if need be; the end is no longer quiet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// First quiet minute.
    pub from: Time,
    /// First minute after.
    pub to: Time,
}

impl QuietHours {
    /// When quiet that reigns at an instant ends; `None` if it does not reign. A time of the day
    /// that a clock change leaves out ends when the clock has passed it.
    pub fn over_at(&self, now: Timestamp, zone: &ZoneName) -> Option<Timestamp> {
        let local = zone.zone().to_datetime(now);
        let time = local.time();
        let (after_from, before_to) = (time >= self.from, time < self.to);
        let quiet =
            if self.from <= self.to { after_from && before_to } else { after_from || before_to };
        if !quiet {
            return None;
        }
        let date = if before_to { local.date() } else { local.date().saturating_add(1.day()) };
        let end = zone.zone().to_ambiguous_zoned(date.to_datetime(self.to)).compatible().ok()?;
        Some(end.timestamp()).filter(|end| *end > now)
    }
}

impl Preferences {
    /// What holds until somebody chooses: English, mail at any hour, everything.
    pub fn usual(user_id: UserId) -> Self {
        Self {
            user_id,
            language: Language::default(),
            quiet: None,
            channels: [Channel::Email].into(),
            phone: None,
            muted: BTreeSet::new(),
        }
    }

    /// Address of a person's choices.
    pub fn key_of(id: &UserId) -> Key {
        keys::single(keys::user(id), "PREFERENCES")
    }

    /// Whether something is wanted by this way. What belongs to no topic goes by mail, always.
    pub fn wants(&self, topic: Option<Topic>, channel: Channel) -> bool {
        match (topic, channel) {
            (None, Channel::Email) => true,
            (None, Channel::Sms) => self.texts(),
            (Some(topic), Channel::Email) => {
                !self.muted.contains(&topic) && self.channels.contains(&channel)
            }
            (Some(topic), Channel::Sms) => !self.muted.contains(&topic) && self.texts(),
        }
    }

    fn texts(&self) -> bool {
        self.channels.contains(&Channel::Sms) && self.phone.is_some()
    }
}

impl Document for Preferences {
    const KIND: &'static str = "preferences";

    fn key(&self) -> Key {
        Self::key_of(&self.user_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(from: &str, to: &str, zone: &str, now: &str) -> Option<String> {
        let quiet = QuietHours { from: from.parse().unwrap(), to: to.parse().unwrap() };
        let end = quiet.over_at(now.parse().unwrap(), &zone.parse().unwrap());
        end.map(|end| end.to_string())
    }

    #[test]
    fn quiet_reigns_from_its_begin_to_its_end_also_over_midnight() {
        let berlin = |now| over("22:00", "07:00", "Europe/Berlin", now);
        assert_eq!(berlin("2026-06-01T19:59:59Z"), None);
        assert_eq!(berlin("2026-06-01T20:00:00Z").as_deref(), Some("2026-06-02T05:00:00Z"));
        assert_eq!(berlin("2026-06-02T04:59:59Z").as_deref(), Some("2026-06-02T05:00:00Z"));
        assert_eq!(berlin("2026-06-02T05:00:00Z"), None);
        let noon = |now| over("12:00", "13:00", "America/Sao_Paulo", now);
        assert_eq!(noon("2026-06-01T15:30:00Z").as_deref(), Some("2026-06-01T16:00:00Z"));
        assert_eq!(noon("2026-06-01T16:00:00Z"), None);
    }

    #[test]
    fn quiet_ends_in_nights_whose_clocks_change() {
        let spring = over("01:00", "02:30", "Europe/Berlin", "2026-03-29T00:30:00Z");
        assert_eq!(spring.as_deref(), Some("2026-03-29T01:30:00Z"), "half past two is left out");
        let autumn = over("01:00", "02:30", "Europe/Berlin", "2026-10-24T23:30:00Z");
        assert_eq!(autumn.as_deref(), Some("2026-10-25T00:30:00Z"), "the first of two");
        // The second half hour before half past two: the end that is ahead has gone by already.
        assert_eq!(over("01:00", "02:30", "Europe/Berlin", "2026-10-25T01:10:00Z"), None);
    }
}
