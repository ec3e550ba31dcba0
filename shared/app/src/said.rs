//! What a change says of a value that may be absent.

use serde::{Deserialize, Deserializer};

/// What is said of a value that may be absent; on the wire `null` takes it away, and a field that
/// is not named, which wants `#[serde(default)]`, leaves it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Said<T> {
    /// Nothing; it stays.
    #[default]
    Nothing,
    /// That it is to be absent.
    Absent,
    /// What it is to be.
    Now(T),
}

impl<T> Said<T> {
    /// Whether anything is said.
    pub fn is_said(&self) -> bool {
        match self {
            Self::Nothing => false,
            Self::Absent | Self::Now(_) => true,
        }
    }

    /// The same of another form of the value.
    pub fn map<U>(self, form: impl FnOnce(T) -> U) -> Said<U> {
        match self {
            Self::Nothing => Said::Nothing,
            Self::Absent => Said::Absent,
            Self::Now(value) => Said::Now(form(value)),
        }
    }
}

impl<T: Clone> Said<T> {
    /// What a value becomes by it.
    pub(crate) fn over(&self, before: Option<T>) -> Option<T> {
        match self {
            Self::Nothing => before,
            Self::Absent => None,
            Self::Now(value) => Some(value.clone()),
        }
    }
}

impl<T> From<Said<T>> for Option<T> {
    fn from(said: Said<T>) -> Self {
        match said {
            Said::Nothing | Said::Absent => None,
            Said::Now(value) => Some(value),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Said<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Option::deserialize(from).map(|value| value.map_or(Self::Absent, Self::Now))
    }
}
