//! Setting what a resource tells those who come to it.

use crate::InputFault;
use crate::model::Guide;

/// What is to be told from now on; absent values stay, an empty one takes away.
#[derive(Debug, Clone, Default)]
pub struct GuideChange {
    /// What is good to know.
    pub description: Option<String>,
    /// What to bring along.
    pub bring: Option<String>,
    /// Where it is.
    pub place: Option<String>,
}

impl GuideChange {
    /// Every fault: a text beyond its length, a place of several lines, a character that no line
    /// is written with.
    pub(super) fn faults(&self) -> Vec<InputFault> {
        let texts = [
            ("/description", &self.description, Guide::LONGEST_DESCRIPTION, true),
            ("/bring", &self.bring, Guide::LONGEST_BRING, true),
            ("/place", &self.place, Guide::LONGEST_PLACE, false),
        ];
        let fault = |(pointer, text, most, lines): (&str, &Option<String>, usize, bool)| {
            let text = cleaned(text.as_deref()?);
            if text.chars().count() > most {
                let detail = format!("at most {most} characters");
                return Some(InputFault::at(pointer, "length", detail));
            }
            let odd = |one: char| one.is_control() && !(lines && one == '\n');
            text.chars().any(odd).then(|| {
                let wanted = if lines { "plain text is wanted" } else { "one line is wanted" };
                InputFault::at(pointer, "invalid_value", wanted)
            })
        };
        texts.into_iter().filter_map(fault).collect()
    }

    /// What is told after it.
    pub(super) fn over(&self, before: Guide) -> Guide {
        let Guide { description, bring, place } = before;
        let now = |said: &Option<String>, before| said.as_deref().map_or(before, cleaned);
        Guide {
            description: now(&self.description, description),
            bring: now(&self.bring, bring),
            place: now(&self.place, place),
        }
    }
}

/// Without space at either end, and with one kind of line break.
fn cleaned(text: &str) -> String {
    text.trim().replace("\r\n", "\n")
}
