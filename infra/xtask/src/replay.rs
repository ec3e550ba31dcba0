//! Makes a decision of the gate anew from its record and compares it bit for bit.
//!
//! Reads what `GET /api/reservations/{reservationId}/history?decisions=true` answers, a single
//! decision of it, or a list of them; whatever differs makes the command fail.

use std::io::Read;
use std::path::Path;

use interlock_app::model::DecisionRecord;
use serde_json::Value;

/// Replays every decision of a file, or of the input where the name is `-`.
pub(crate) fn run(file: &Path) -> Result<(), String> {
    let text = if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(|error| error.to_string())?;
        text
    } else {
        std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?
    };
    for line in replay(&text)? {
        println!("{line}");
    }
    Ok(())
}

/// A line for each decision, or what is wrong with the first that differs.
fn replay(text: &str) -> Result<Vec<String>, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let decisions = decisions(value);
    if decisions.is_empty() {
        return Err("there is no decision in it".to_owned());
    }
    decisions.into_iter().map(one).collect()
}

fn decisions(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        Value::Object(mut fields) => match fields.remove("decisions") {
            Some(Value::Array(items)) => items,
            Some(other) => vec![other],
            None => vec![Value::Object(fields)],
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn one(value: Value) -> Result<String, String> {
    let record: DecisionRecord =
        serde_json::from_value(value).map_err(|error| format!("no decision: {error}"))?;
    let name = format!("{} version {}", record.reservation_id, record.version);
    let replay = record.replay().map_err(|error| error.to_string())?;
    match (replay.same_input, replay.same_verdicts) {
        (true, true) => {
            let (version, digest) = (record.policy_version.0, record.digest);
            Ok(format!("{name}: the same, by policy {version} on input {digest}"))
        }
        (false, _) => Err(format!("{name}: the input is not the one the digest was taken of")),
        (true, false) => Err(format!("{name}: the gate answers otherwise now")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use interlock_app::model::{DecisionInput, Question};
    use interlock_policy::{
        AccountStatus, MemberFacts, Policy, PolicyVersion, Purpose, Request, ResourceFacts,
        ResourceKind, Rules,
    };
    use serde_json::json;

    fn decision() -> Value {
        let member = MemberFacts::of(AccountStatus::Suspended);
        let resource = ResourceFacts {
            id: "mch_laser".parse().unwrap(),
            kind: ResourceKind::Machine,
            category: "lasers".to_owned(),
            active: true,
            mapping_broken: false,
            event_types: Vec::new(),
            outages: Vec::new(),
            people_present: None,
        };
        let policy = Policy {
            version: PolicyVersion(3),
            time_zone: "Europe/Berlin".parse().unwrap(),
            requirements: Vec::new(),
            rules: Rules::default(),
            overlays: Vec::new(),
        };
        let request = Request { interval: None, event_type_id: None };
        let questions = vec![Question { purpose: Purpose::Keep, request }];
        let now = "2026-06-01T10:00:00Z".parse().unwrap();
        let input = DecisionInput { now, member, resource, policy, questions };
        let id = "rsv_one".parse().unwrap();
        serde_json::to_value(DecisionRecord::of(id, 2, input).unwrap()).unwrap()
    }

    #[test]
    fn one_a_list_and_a_whole_history_are_read() {
        let one = decision();
        let list = json!([one, one]);
        let history = json!({ "items": [], "decisions": [one] });
        for (value, count) in [(&one, 1), (&list, 2), (&history, 1)] {
            let lines = replay(&value.to_string()).unwrap();
            assert_eq!(lines.len(), count);
            assert!(lines[0].starts_with("rsv_one version 2: the same, by policy 3"), "{lines:?}");
        }
    }

    #[test]
    fn whatever_differs_fails() {
        let mut other = decision();
        other["input"]["member"]["status"] = json!("active");
        assert!(replay(&other.to_string()).unwrap_err().contains("the input is not"));
        let mut other = decision();
        other["verdicts"][0]["verdict"] = json!("permit");
        assert!(replay(&other.to_string()).unwrap_err().contains("answers otherwise"));
        for text in ["{}", "[]", "null", r#"{"decisions":[]}"#, "no json"] {
            assert!(replay(text).is_err(), "{text}");
        }
    }
}
