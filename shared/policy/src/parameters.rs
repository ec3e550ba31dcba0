//! Values a reason carries, kept as they are until somebody reads them.
//!
//! Most reasons are judged and never told, as those of a slot that is hidden: so nothing is written
//! out while judging.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use smallvec::SmallVec;

use crate::{Id, IdKind, ResourceId, ZoneName};

/// A value of a reason; it reads as text and is equal to what reads the same.
#[derive(Clone)]
pub enum Value {
    /// A word of ours.
    Word(&'static str),
    /// An id, or what somebody wrote.
    Text(Arc<str>),
    /// A number.
    Number(u64),
    /// An instant, UTC.
    Instant(Timestamp),
}

impl Value {
    /// The number, if it is one.
    pub fn number(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            // What was read is text, whatever it was when it was written.
            Self::Text(text) => text.parse().ok(),
            Self::Word(_) | Self::Instant(_) => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => out.write_str(word),
            Self::Text(text) => out.write_str(text),
            Self::Number(number) => number.fmt(out),
            Self::Instant(at) => at.fmt(out),
        }
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), out)
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Value {}

impl From<&'static str> for Value {
    fn from(word: &'static str) -> Self {
        Self::Word(word)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Arc<str>> for Value {
    fn from(text: Arc<str>) -> Self {
        Self::Text(text)
    }
}

impl<K: IdKind> From<&Id<K>> for Value {
    fn from(id: &Id<K>) -> Self {
        Self::Text(id.text())
    }
}

impl From<&ResourceId> for Value {
    fn from(id: &ResourceId) -> Self {
        Self::Text(id.text())
    }
}

impl From<&ZoneName> for Value {
    fn from(zone: &ZoneName) -> Self {
        Self::Text(zone.text())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Number(number.into())
    }
}

impl From<u64> for Value {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<Timestamp> for Value {
    fn from(at: Timestamp) -> Self {
        Self::Instant(at)
    }
}

/// Values by name, in the order of the names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parameters(SmallVec<[(Cow<'static, str>, Value); 2]>);

impl Parameters {
    /// Of no value.
    pub const NONE: Self = Self(SmallVec::new_const());

    /// Adds a value, in place of another of its name.
    pub fn insert(&mut self, name: &'static str, value: impl Into<Value>) {
        match self.0.binary_search_by(|(known, _)| (**known).cmp(name)) {
            Ok(at) => {
                if let Some((_, known)) = self.0.get_mut(at) {
                    *known = value.into();
                }
            }
            Err(at) => self.0.insert(at, (Cow::Borrowed(name), value.into())),
        }
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_ref(), value))
    }
}

impl<V: Into<Value>, const N: usize> From<[(&'static str, V); N]> for Parameters {
    fn from(values: [(&'static str, V); N]) -> Self {
        let mut parameters = Self::NONE;
        for (name, value) in values {
            parameters.insert(name, value);
        }
        parameters
    }
}

impl<'de> Deserialize<'de> for Parameters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let texts = BTreeMap::<String, String>::deserialize(deserializer)?;
        Ok(Self(texts.into_iter().map(|(name, text)| (name.into(), text.into())).collect()))
    }
}

impl Serialize for Parameters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Word(word) => serializer.serialize_str(word),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Number(number) => serializer.collect_str(number),
            Self::Instant(at) => serializer.collect_str(at),
        }
    }
}

/// A path on our origin.
#[derive(Clone)]
pub struct Href {
    page: Cow<'static, str>,
    of: Option<Arc<str>>,
}

impl Href {
    /// The page of one thing; `page` ends with a slash.
    pub(crate) fn of(page: &'static str, of: Arc<str>) -> Self {
        Self { page: page.into(), of: Some(of) }
    }
}

impl From<&'static str> for Href {
    fn from(page: &'static str) -> Self {
        Self { page: page.into(), of: None }
    }
}

impl PartialEq for Href {
    fn eq(&self, other: &Self) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Href {}

impl<'de> Deserialize<'de> for Href {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { page: String::deserialize(deserializer)?.into(), of: None })
    }
}

impl fmt::Display for Href {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.page)?;
        out.write_str(self.of.as_deref().unwrap_or_default())
    }
}

impl fmt::Debug for Href {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.to_string(), out)
    }
}

impl Serialize for Href {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_one_again_when_it_is_read_back() {
        let written = serde_json::to_string(&Parameters::from([("holdHours", 12_u64)])).unwrap();
        let read: Parameters = serde_json::from_str(&written).unwrap();
        assert_eq!(read.get("holdHours").and_then(Value::number), Some(12), "{written}");
    }
}
