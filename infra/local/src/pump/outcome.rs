//! Reads which messages of a batch failed.
//! An answer that cannot be trusted to name them fails the whole batch.

use std::collections::BTreeSet;

use serde_json::Value;

/// Which messages stay in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failures {
    /// Every message of the batch.
    All,
    /// These ids and no others.
    Some(BTreeSet<String>),
}

/// Reads a function's answer to a batch with these message ids (RELIABILITY Q2).
pub fn failures(answer: &[u8], ids: &[&str]) -> Failures {
    let text = answer.trim_ascii();
    if text.is_empty() {
        return Failures::Some(BTreeSet::new());
    }
    let Ok(answer) = serde_json::from_slice::<Value>(text) else { return Failures::All };
    let listed = match answer.get("batchItemFailures") {
        None | Some(Value::Null) => return Failures::Some(BTreeSet::new()),
        Some(Value::Array(listed)) => listed,
        Some(_) => return Failures::All,
    };
    let mut failed = BTreeSet::new();
    for item in listed {
        match item.get("itemIdentifier").and_then(Value::as_str) {
            Some(id) if ids.contains(&id) => {
                failed.insert(id.to_owned());
            }
            _ => return Failures::All,
        }
    }
    Failures::Some(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(ids: &[&str]) -> Failures {
        Failures::Some(ids.iter().map(|id| (*id).to_owned()).collect())
    }

    #[test]
    fn an_empty_or_null_answer_means_that_all_went_well() {
        for answer in ["", "null", "{}", "\"ok\"", r#"{"batchItemFailures":[]}"#] {
            assert_eq!(failures(answer.as_bytes(), &["a"]), named(&[]), "{answer}");
        }
    }

    #[test]
    fn named_messages_fail_alone() {
        let answer = br#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#;
        assert_eq!(failures(answer, &["a", "b"]), named(&["b"]));
    }

    #[test]
    fn an_answer_that_names_no_message_of_the_batch_fails_all() {
        for item in [r#"{"itemIdentifier":""}"#, r#"{"itemIdentifier":"x"}"#, "{}", "null"] {
            let answer = format!(r#"{{"batchItemFailures":[{item}]}}"#);
            assert_eq!(failures(answer.as_bytes(), &["a"]), Failures::All, "{item}");
        }
        assert_eq!(failures(b"not json", &["a"]), Failures::All);
        assert_eq!(failures(br#"{"batchItemFailures":7}"#, &["a"]), Failures::All);
    }
}
