//! What a person chose, on the wire; hours as `HH:MM`.

use std::collections::BTreeSet;

use interlock_app::ChosenPreferences;
use interlock_app::model::{Channel, Language, QuietHours, Topic};
use interlock_http::Problem;
use interlock_policy::ZoneName;
use jiff::civil::Time;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Choices {
    pub(crate) language: Language,
    pub(crate) time_zone: ZoneName,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) quiet_hours: Option<Hours>,
    #[serde(deserialize_with = "distinct")]
    pub(crate) channels: BTreeSet<Channel>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<String>,
    #[serde(deserialize_with = "distinct")]
    pub(crate) muted: BTreeSet<Topic>,
}

/// A set as the contract has it: a list in which nothing comes twice.
fn distinct<'de, D, T>(deserializer: D) -> Result<BTreeSet<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Ord,
{
    let items = Vec::<T>::deserialize(deserializer)?;
    let count = items.len();
    let set: BTreeSet<T> = items.into_iter().collect();
    if set.len() == count { Ok(set) } else { Err(D::Error::custom("a value comes twice")) }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hours {
    from: String,
    to: String,
}

#[derive(Serialize)]
pub(crate) struct Body {
    preferences: Choices,
}

impl Hours {
    pub(crate) fn quiet(&self) -> Result<QuietHours, Problem> {
        let (from, to) =
            (minute("/quietHours/from", &self.from)?, minute("/quietHours/to", &self.to)?);
        Ok(QuietHours { from, to })
    }
}

fn minute(pointer: &str, text: &str) -> Result<Time, Problem> {
    let refused = || {
        let detail = "a time of the day such as `22:00` is wanted";
        Problem::from(interlock_app::AppError::invalid(pointer, "invalid_value", detail))
    };
    let plain = text.len() == 5 && text.is_char_boundary(2);
    let time = plain.then(|| Time::strptime("%H:%M", text).ok()).flatten();
    time.ok_or_else(refused)
}

impl From<ChosenPreferences> for Body {
    fn from(chosen: ChosenPreferences) -> Self {
        let ChosenPreferences { preferences, time_zone } = chosen;
        let hours = |quiet: QuietHours| Hours {
            from: quiet.from.strftime("%H:%M").to_string(),
            to: quiet.to.strftime("%H:%M").to_string(),
        };
        Self {
            preferences: Choices {
                language: preferences.language,
                time_zone,
                quiet_hours: preferences.quiet.map(hours),
                channels: preferences.channels,
                phone: preferences.phone,
                muted: preferences.muted,
            },
        }
    }
}
