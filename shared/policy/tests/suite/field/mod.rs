//! The rules of other products, each written as a policy that passes one case and refuses another.
//!
//! A check without a policy names the test of another part that shows it, or says what is missing.
#![allow(clippy::wildcard_enum_match_arm, reason = "a value of JSON is none of our enums")]

use std::collections::BTreeSet;
use std::fmt::Write;

use interlock_policy::ledger::{LedgerDay, LedgerEntry, days_of};
use interlock_policy::{
    Decision, Facts, Interval, MemberFacts, Policy, Purpose, Request, ResourceFacts, Verdict,
    evaluate,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::codes::{compare, page};
use crate::support::{at, id, minutes};

const FILES: [&str; 3] = [
    include_str!("nemo.json"),
    include_str!("librebooking.json"),
    include_str!("commonsbooking.json"),
];

fn tables() -> impl Iterator<Item = Value> {
    FILES.iter().map(|text| serde_json::from_str(text).unwrap())
}

/// Every check with the product it is of.
fn checks() -> Vec<(String, Value)> {
    let of = |table: &Value| {
        let product = table["product"].as_str().unwrap().to_owned();
        let lists = [&table["checks"], &table["defects"]];
        let all = lists.into_iter().filter_map(Value::as_array).flatten();
        all.map(|check| (product.clone(), check.clone())).collect::<Vec<_>>()
    };
    tables().flat_map(|table| of(&table)).collect()
}

/// One value laid over another: objects field by field, all else in place of what was there.
fn over(base: &mut Value, more: &Value) {
    match (base, more) {
        (Value::Object(base), Value::Object(more)) => {
            for (name, value) in more {
                over(base.entry(name.clone()).or_insert(Value::Null), value);
            }
        }
        (base, more) => *base = more.clone(),
    }
}

fn policy(check: &Value) -> Policy {
    // Only what a check is about is strict.
    let mut policy = json!({
        "timeZone": "Europe/Berlin", "requirements": [], "rules": { "allowParallel": true },
    });
    over(&mut policy, &check["policy"]);
    let policy: Policy = serde_json::from_value(policy).unwrap();
    assert_eq!(policy.validate(), Ok(()));
    policy
}

fn situation(case: &Value) -> Value {
    let kinds = [15, 30, 60, 90, 120, 180, 240, 1440, 2880].map(|length| [length, length]);
    let mut whole = json!({
        "now": "2026-03-02T07:00:00Z",
        "start": "2026-03-03T12:00:00Z",
        "minutes": 60,
        "purpose": "create",
        "member": {
            "status": "active", "groups": [], "documents": [], "trainings": [], "progress": [],
            "checkouts": [], "openReservations": [], "pastUses": [], "completed": [],
            "strikes": [], "exemptions": [],
        },
        "resource": {
            "id": "mch_laser", "kind": "machine", "category": "lasers", "active": true,
            "mappingBroken": false, "outages": [],
            "eventTypes": kinds,
        },
        "codes": [], "taken": [], "places": 1,
    });
    over(&mut whole, case);
    whole
}

/// What is said to a case, and the verdict where one was made.
fn said(policy: &Policy, case: &Value) -> (Vec<String>, Option<Verdict>) {
    let whole = situation(case);
    let start: Timestamp = at(whole["start"].as_str().unwrap());
    let length = minutes(whole["minutes"].as_i64().unwrap());
    let Ok(interval) = Interval::lasting(start, length) else {
        return (vec!["no_interval".to_owned()], None);
    };
    if !is_free(&whole, interval) {
        return (vec!["taken".to_owned()], None);
    }
    let read = |name: &str| whole[name].clone();
    let member: MemberFacts = serde_json::from_value(read("member")).unwrap();
    let resource: ResourceFacts = serde_json::from_value(read("resource")).unwrap();
    let purpose: Purpose = serde_json::from_value(read("purpose")).unwrap();
    let now = at(whole["now"].as_str().unwrap());
    let request = Request { interval: Some(interval), event_type_id: None };
    let facts = Facts { now, member: &member, resource: &resource };
    let verdict = evaluate(&facts, policy, &request, &purpose);
    let codes = verdict.reasons.iter().map(|reason| reason.code.as_str().to_owned());
    (codes.collect(), Some(verdict))
}

/// Whether some place's calendar takes the interval after all others took what they could.
fn is_free(whole: &Value, interval: Interval) -> bool {
    let places = usize::try_from(whole["places"].as_u64().unwrap()).unwrap();
    let mut calendars = vec![LedgerDay::empty(days_of(&interval)[0]); places];
    let mut takes = |number: usize, held: Interval| {
        let entry = LedgerEntry { reservation_id: id(&format!("rsv_{number}")), held };
        calendars.iter_mut().any(|day| day.insert(entry.clone()).is_ok())
    };
    for (number, taken) in whole["taken"].as_array().unwrap().iter().enumerate() {
        let length = minutes(taken[1].as_i64().unwrap());
        let held = Interval::lasting(at(taken[0].as_str().unwrap()), length).unwrap();
        assert!(takes(number, held), "the others have room");
    }
    takes(usize::MAX, interval)
}

fn expected(case: &Value) -> Vec<String> {
    let codes = case["codes"].as_array().into_iter().flatten();
    codes.map(|code| code.as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_check_passes_one_case_and_refuses_another() {
    let mut shown = 0;
    for (product, check) in checks() {
        if check.get("policy").is_none() {
            continue;
        }
        let name = format!("{product}: {}", check["number"]);
        let policy = policy(&check);
        let (codes, verdict) = said(&policy, &check["pass"]);
        assert_eq!(codes, expected(&check["pass"]), "{name} passes");
        assert!(verdict.is_some_and(|verdict| verdict.permits()), "{name} passes");
        let (codes, verdict) = said(&policy, &check["fail"]);
        assert_eq!(codes, expected(&check["fail"]), "{name} fails");
        let refused = |verdict: &Verdict| match verdict.decision {
            Decision::Refuse | Decision::NeedsApproval => true,
            Decision::Permit | Decision::PermitWithConditions => false,
        };
        assert!(verdict.as_ref().is_none_or(refused), "{name} fails");
        if let Some(evidence) = check["fail"]["evidence"].as_str() {
            let told = format!("{:?}", verdict.unwrap().reasons);
            assert!(told.contains(evidence), "{name}: {told}");
        }
        shown += 1;
    }
    assert!(shown > 60, "{shown}");
}

#[test]
fn a_test_that_a_check_names_elsewhere_is_there() {
    for (product, check) in checks() {
        let Some(named) = check.get("elsewhere") else { continue };
        let [file, name] = [0, 1].map(|index| named[index].as_str().unwrap());
        let text = std::fs::read_to_string(page("..").join(file)).unwrap();
        assert!(text.contains(&format!("fn {name}(")), "{product}: {file}::{name}");
    }
}

#[test]
fn all_twenty_five_checks_of_nemo_are_listed() {
    let nemo = tables().next().unwrap();
    let numbers = nemo["checks"].as_array().unwrap().iter();
    let numbers: BTreeSet<u64> =
        numbers.filter_map(|check| check["number"].as_str().unwrap().parse().ok()).collect();
    assert_eq!(numbers, (1..=25).collect());
}

const HEAD: &str = "# Rules of other products

Made from `shared/policy/tests/suite/field`; a test compares, and `cargo xtask bless` writes it \
anew.
Each rule of the products we looked at, how it is written as a policy, and what shows it.
Where nothing else is named, \
`shared/policy/tests/suite/field/mod.rs::every_check_passes_one_case_and_refuses_another` judges \
a case that passes and one that fails with exactly the reasons in the last column.
What cannot be expressed is said.
";

#[test]
fn the_page_of_other_products_is_up_to_date() {
    let mut text = HEAD.to_owned();
    for table in tables() {
        let _ = write!(text, "\n## {}\n", table["product"].as_str().unwrap());
        rows(&table["checks"], "Check", &mut text);
        if table.get("defects").is_some() {
            text.push_str("\nIts listed defects, each impossible here:\n");
            rows(&table["defects"], "Defect", &mut text);
        }
    }
    compare("RULES-OF-OTHERS.md", &text);
}

fn rows(checks: &Value, what: &str, text: &mut String) {
    let _ = write!(text, "\n| {what} | Here it holds that | Written as | Refused with |\n");
    text.push_str("|---|---|---|---|\n");
    for check in checks.as_array().unwrap() {
        let word = |name: &str| check[name].as_str().unwrap_or_default();
        let how = match check["missing"].as_str() {
            Some(missing) => format!("not expressed: {missing}"),
            None => word("how").to_owned(),
        };
        let with = match &check["elsewhere"] {
            Value::Array(named) => {
                format!("`{}::{}`", named[0].as_str().unwrap(), named[1].as_str().unwrap())
            }
            _ => expected(&check["fail"])
                .iter()
                .map(|code| format!("`{code}`"))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let _ = writeln!(text, "| {} | {} | {how} | {with} |", word("number"), word("check"));
    }
}
