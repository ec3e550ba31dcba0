//! Names of time zones that are known to exist.

use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::wall::Span;

/// An IANA zone with its rules; equality is by name.
#[derive(Clone)]
pub struct ZoneName {
    name: Arc<str>,
    zone: TimeZone,
    /// The span first asked about; most of what is asked lies in the same one.
    span: OnceLock<Span>,
}

/// The name is no IANA zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not the name of an IANA time zone")]
pub struct ZoneError;

impl ZoneName {
    /// The IANA name.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// The same name, shared.
    pub(crate) fn text(&self) -> Arc<str> {
        Arc::clone(&self.name)
    }

    /// The rules behind the name.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The stretch between two changes of clocks in which an instant lies.
    pub(crate) fn span_around(&self, at: Timestamp) -> Span {
        let known = *self.span.get_or_init(|| Span::around(&self.zone, at));
        if known.is_steady(at) { known } else { Span::around(&self.zone, at) }
    }
}

impl FromStr for ZoneName {
    type Err = ZoneError;

    fn from_str(name: &str) -> Result<Self, ZoneError> {
        let zone = TimeZone::get(name).map_err(|_| ZoneError)?;
        let name = zone.iana_name().ok_or(ZoneError)?.into();
        Ok(Self { name, zone, span: OnceLock::new() })
    }
}

impl PartialEq for ZoneName {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for ZoneName {}

impl fmt::Display for ZoneName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)
    }
}

impl fmt::Debug for ZoneName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.name)
    }
}

impl Serialize for ZoneName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.name)
    }
}

impl<'de> Deserialize<'de> for ZoneName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}
