//! Values that differ by who asks: by group and by the level of the person's checkout.

use serde::{Deserialize, Serialize};

/// How far a checkout goes; levels are ordered, and a higher one includes every lower one.
///
/// Zero is nobody's checkout: a person without one stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Level(pub u8);

impl Level {
    /// Of a person without a checkout.
    pub const NONE: Self = Self(0);
    /// Of a checkout that names no level.
    pub const PLAIN: Self = Self(1);
}

impl Default for Level {
    fn default() -> Self {
        Self::PLAIN
    }
}

/// For whom a value is looked up.
#[derive(Debug, Clone, Copy)]
pub struct Who<'a> {
    /// Groups the person is in.
    pub groups: &'a [String],
    /// Level of the person's best checkout for the resource.
    pub level: Level,
}

/// One value for everybody, or several of which the strictest that concerns a person counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(inline))]
#[serde(untagged, expecting = "a value, or `base` with `groups` and `levels`")]
pub enum ByWho<T> {
    /// For everybody.
    Plain(T),
    /// By group and level.
    Varied(Varied<T>),
}

/// A value for everybody and what stands in its place for some.
///
/// A group's value stands in place of the base for its people. With levels, exactly one of them
/// concerns a person: that of the highest level reached, or the base below the first. Of all that
/// concern a person the strictest counts, so a level reached never makes anything stricter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Varied_{T}"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Varied<T> {
    /// For whom nothing else is said.
    pub base: T,
    /// By group.
    #[serde(default = "Vec::<GroupValue<T>>::new", skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 16)))]
    pub groups: Vec<GroupValue<T>>,
    /// By level, ascending; none is stricter than the one before.
    #[serde(default = "Vec::<LevelValue<T>>::new", skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 16)))]
    pub levels: Vec<LevelValue<T>>,
}

/// A value for the people of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "GroupValue_{T}"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GroupValue<T> {
    /// Which group.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
    pub group: String,
    /// Its value.
    pub value: T,
}

/// A value from a level on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "LevelValue_{T}"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LevelValue<T> {
    /// The lowest level it is for.
    #[cfg_attr(feature = "schema", schemars(extend("minimum" = 1)))]
    pub from: Level,
    /// Its value.
    pub value: T,
}

impl<T> ByWho<T> {
    /// Every value that concerns a person; never empty.
    pub fn concerning<'a>(&'a self, who: Who<'a>) -> impl Iterator<Item = &'a T> {
        let (base, groups, levels) = self.parts();
        let mine = groups.iter().filter(move |entry| who.groups.contains(&entry.group));
        let reached = levels.iter().rev().find(|entry| entry.from <= who.level);
        let in_a_group = groups.iter().any(|entry| who.groups.contains(&entry.group));
        let fallen_back = reached.is_none() && !(levels.is_empty() && in_a_group);
        let level = reached.map(|entry| &entry.value).or(fallen_back.then_some(base));
        mine.map(|entry| &entry.value).chain(level)
    }

    /// Everything in it, the base first.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        let (base, groups, levels) = self.parts();
        let groups = groups.iter().map(|entry| &entry.value);
        std::iter::once(base).chain(groups).chain(levels.iter().map(|entry| &entry.value))
    }

    /// Whether it is one value for everybody.
    pub fn is_plain(&self) -> bool {
        match self {
            Self::Plain(_) => true,
            Self::Varied(_) => false,
        }
    }

    pub(crate) fn parts(&self) -> (&T, &[GroupValue<T>], &[LevelValue<T>]) {
        match self {
            Self::Plain(base) => (base, &[], &[]),
            Self::Varied(varied) => (&varied.base, &varied.groups, &varied.levels),
        }
    }
}

impl<T: Copy + Ord> ByWho<T> {
    /// The greatest value that concerns a person: for limits from below, such as a notice.
    pub fn greatest(&self, who: Who<'_>) -> T {
        match self {
            Self::Plain(value) => *value,
            Self::Varied(varied) => self.concerning(who).copied().max().unwrap_or(varied.base),
        }
    }

    /// The least value that concerns a person: for limits from above.
    pub fn least(&self, who: Who<'_>) -> T {
        match self {
            Self::Plain(value) => *value,
            Self::Varied(varied) => self.concerning(who).copied().min().unwrap_or(varied.base),
        }
    }
}

impl<T: Copy + Ord> ByWho<Option<T>> {
    /// The least limit that concerns a person; `None` where there is none.
    pub fn least_limit(&self, who: Who<'_>) -> Option<T> {
        match self {
            Self::Plain(limit) => *limit,
            Self::Varied(_) => self.concerning(who).copied().flatten().min(),
        }
    }
}

impl<T> From<T> for ByWho<T> {
    fn from(value: T) -> Self {
        Self::Plain(value)
    }
}

impl<T: Default> Default for ByWho<T> {
    fn default() -> Self {
        Self::Plain(T::default())
    }
}
