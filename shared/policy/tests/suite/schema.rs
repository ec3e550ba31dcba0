//! The JSON Schema of a policy: written out, in the description of the interface, and held to what
//! is read and checked.
#![allow(clippy::wildcard_enum_match_arm, reason = "a value of JSON is none of our enums")]

use std::collections::BTreeSet;

use interlock_policy::Policy;
use serde_json::{Map, Value, json};

use crate::codes::{compare, page};

/// Components of the description that begin like ours and are written by hand.
const BY_HAND: [&str; 3] = ["PolicySave", "PolicyOverview", "PolicyPreview"];

pub(crate) fn schema() -> Value {
    serde_json::to_value(schemars::schema_for!(Policy)).unwrap()
}

pub(crate) fn defs(root: &Value) -> &Map<String, Value> {
    object(&root["$defs"])
}

pub(crate) fn object(value: &Value) -> &Map<String, Value> {
    value.as_object().unwrap()
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

#[test]
fn the_document_of_the_schema_is_up_to_date() {
    compare("policy.schema.json", &pretty(&schema()));
}

/// The schema and its parts under the names they have in the description of the interface.
fn components() -> Vec<(String, Value)> {
    let mut root = schema();
    let fields = root.as_object_mut().unwrap();
    let parts = fields.remove("$defs").unwrap();
    fields.remove("$schema");
    fields.remove("title");
    let text = "Everything that is asked of a person and a reservation on one resource; \
        `docs/POLICY.md` says what each field means. `version` is the number of the save and is \
        not looked at when saving.";
    root["description"] = text.into();
    let parts = object(&parts).clone().into_iter();
    let mut all = vec![("Policy".to_owned(), root)];
    all.extend(parts.map(|(name, part)| (format!("Policy{name}"), part)));
    for (_, part) in &mut all {
        refer(part);
    }
    all
}

fn refer(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(at)) = fields.get_mut("$ref") {
                *at = at.replace("#/$defs/", "#/components/schemas/Policy");
            }
            fields.values_mut().for_each(refer);
        }
        Value::Array(values) => values.iter_mut().for_each(refer),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn the_document_of_the_interface_has_the_schema() {
    let text = std::fs::read_to_string(page("openapi.json")).unwrap();
    let mut document: Value = serde_json::from_str(&text).unwrap();
    let schemas = document["components"]["schemas"].as_object_mut().unwrap();
    let ours = components();
    let mut wanted = Map::new();
    for (name, schema) in std::mem::take(schemas) {
        if name == "Policy" {
            wanted.extend(ours.iter().cloned());
        } else if !name.starts_with("Policy") || BY_HAND.contains(&name.as_str()) {
            wanted.insert(name, schema);
        }
    }
    *schemas = wanted;
    compare("openapi.json", &pretty(&document));
}

#[test]
fn saving_a_policy_is_described_by_the_schema() {
    let text = std::fs::read_to_string(page("openapi.json")).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    let schemas = &document["components"]["schemas"];
    for name in ["PutPolicyRequest", "PreviewPolicyRequest"] {
        let policy = &schemas[name]["properties"]["policy"];
        // Beside null, where a save of before may be named instead.
        let policy = policy.pointer("/anyOf/0").unwrap_or(policy);
        assert_eq!(policy["$ref"], "#/components/schemas/Policy", "{name}");
    }
}

/// Whether a value is as a schema says, for the words that ours uses.
pub(crate) fn fits(root: &Value, schema: &Value, value: &Value) -> bool {
    let Some(schema) = schema.as_object() else { return schema != &Value::Bool(false) };
    schema.iter().all(|(word, says)| match word.as_str() {
        "$ref" => fits(root, target(root, says), value),
        "type" => match says {
            Value::Array(kinds) => kinds.iter().any(|kind| is_a(kind, value)),
            kind => is_a(kind, value),
        },
        "const" => says == value,
        "anyOf" => says.as_array().unwrap().iter().any(|one| fits(root, one, value)),
        "oneOf" => {
            says.as_array().unwrap().iter().filter(|one| fits(root, one, value)).count() == 1
        }
        "items" => value.as_array().into_iter().flatten().all(|item| fits(root, says, item)),
        "required" => {
            let mut names = says.as_array().unwrap().iter();
            value
                .as_object()
                .is_none_or(|fields| names.all(|name| fields.contains_key(name.as_str().unwrap())))
        }
        "properties" => value
            .as_object()
            .into_iter()
            .flatten()
            .all(|(name, inner)| says.get(name).is_none_or(|schema| fits(root, schema, inner))),
        "additionalProperties" => {
            let known = schema.get("properties").and_then(Value::as_object);
            let mut fields = value.as_object().into_iter().flatten();
            fields.all(|(name, inner)| {
                known.is_some_and(|known| known.contains_key(name)) || fits(root, says, inner)
            })
        }
        "propertyNames" => value
            .as_object()
            .into_iter()
            .flatten()
            .all(|(name, _)| says["enum"].as_array().unwrap().iter().any(|word| word == name)),
        "minimum" => value.as_f64().is_none_or(|found| found >= says.as_f64().unwrap()),
        "maximum" => value.as_f64().is_none_or(|found| found <= says.as_f64().unwrap()),
        "minItems" => value.as_array().is_none_or(|list| list.len() >= size(says)),
        "maxItems" => value.as_array().is_none_or(|list| list.len() <= size(says)),
        "minLength" => value.as_str().is_none_or(|text| text.chars().count() >= size(says)),
        "maxLength" => value.as_str().is_none_or(|text| text.chars().count() <= size(says)),
        // What a text means is looked at when it is read.
        "pattern" | "format" | "description" | "title" | "default" | "examples" | "$defs"
        | "$schema" | "x-reasons" => true,
        other => panic!("the schema uses `{other}`, which this does not know"),
    })
}

fn target<'a>(root: &'a Value, at: &Value) -> &'a Value {
    &root["$defs"][at.as_str().unwrap().rsplit('/').next().unwrap()]
}

fn size(says: &Value) -> usize {
    usize::try_from(says.as_u64().unwrap()).unwrap()
}

fn is_a(kind: &Value, value: &Value) -> bool {
    match kind.as_str().unwrap() {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("no kind of value: {other}"),
    }
}

const EXAMPLES: [&str; 4] = [
    include_str!("../examples/laser.json"),
    include_str!("../examples/trial.json"),
    include_str!("../examples/lathe.json"),
    include_str!("../examples/fair-use.json"),
];

#[test]
fn what_fits_is_read_and_what_does_not_is_refused() {
    let root = schema();
    for text in EXAMPLES {
        let example: Value = serde_json::from_str(text).unwrap();
        assert!(fits(&root, &root, &example), "{text}");
        let written: Policy = serde_json::from_value(example).unwrap();
        assert!(fits(&root, &root, &serde_json::to_value(&written).unwrap()), "{text}");
    }
    let wrong = [
        ("/timeZone", json!(3)),
        ("/rules/unknown", json!(1)),
        ("/rules/openingHours/funday", json!([])),
        ("/rules/horizonDays", json!("many")),
        ("/rules/noChaining", json!(0)),
        ("/requirements/0/kind", json!("wish")),
        ("/requirements/0/validForDays", json!(-1)),
    ];
    for (at, value) in wrong {
        let mut broken: Value = serde_json::from_str(EXAMPLES[0]).unwrap();
        set(&mut broken, at, value);
        assert!(!fits(&root, &root, &broken), "{at}");
        assert!(serde_json::from_value::<Policy>(broken).is_err(), "{at}");
    }
}

fn set(document: &mut Value, at: &str, value: Value) {
    let (parent, name) = at.rsplit_once('/').unwrap();
    match document.pointer_mut(parent).unwrap() {
        Value::Object(fields) => {
            fields.insert(name.to_owned(), value);
        }
        Value::Array(values) => values[name.parse::<usize>().unwrap()] = value,
        other => panic!("{at} is in {other}"),
    }
}

/// A value at a bound and one beyond it.
struct Bound {
    at: String,
    inside: Value,
    beyond: Value,
}

/// Every bound the schema sets on something in a document.
fn bounds(root: &Value, schema: &Value, (at, value): (&str, &Value), found: &mut Vec<Bound>) {
    let mut add = |inside: Value, beyond: Value| {
        found.push(Bound { at: at.to_owned(), inside, beyond });
    };
    let of = |word: &str| schema[word].as_u64();
    if value.is_number() {
        if let Some(l) = of("minimum").filter(|least| *least > 0) {
            add(l.into(), (l - 1).into());
        }
        if let Some(most) = of("maximum") {
            add(most.into(), (most + 1).into());
        }
    }
    if value.is_string() {
        let text = |length: u64| Value::from("x".repeat(usize::try_from(length).unwrap()));
        if let Some(least) = of("minLength") {
            add(text(least), text(least - 1));
        }
        if let Some(most) = of("maxLength") {
            add(text(most), text(most + 1));
        }
    }
    if let Some(first) = value.as_array().and_then(|list| list.first()) {
        let list = |length: u64| Value::from(vec![first.clone(); usize::try_from(length).unwrap()]);
        if let Some(least) = of("minItems") {
            add(list(least), list(least - 1));
        }
        if let Some(most) = of("maxItems") {
            add(list(most), list(most + 1));
        }
    }
    if let Some(to) = schema.get("$ref") {
        bounds(root, target(root, to), (at, value), found);
    }
    for choices in ["anyOf", "oneOf"].iter().filter_map(|word| schema[word].as_array()) {
        for choice in choices.iter().filter(|choice| fits(root, choice, value)) {
            bounds(root, choice, (at, value), found);
        }
    }
    for (name, inner) in value.as_object().into_iter().flatten() {
        let known = schema["properties"].get(name);
        let inner_schema = known.or_else(|| schema.get("additionalProperties"));
        if let Some(inner_schema) = inner_schema {
            bounds(root, inner_schema, (&format!("{at}/{name}"), inner), found);
        }
    }
    for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
        if let Some(items) = schema.get("items") {
            bounds(root, items, (&format!("{at}/{index}"), inner), found);
        }
    }
}

/// Whether a document is read and nothing is wrong at the pointer itself.
fn may_be_saved(document: &Value, at: &str) -> bool {
    match serde_json::from_value::<Policy>(document.clone()) {
        Ok(policy) => {
            let faults = policy.validate().err().unwrap_or_default();
            !faults.iter().any(|fault| fault.pointer == at || fault.pointer == format!("{at}/base"))
        }
        Err(_) => false,
    }
}

#[test]
fn every_bound_of_the_schema_is_the_bound_that_is_checked() {
    let root = schema();
    let mut seen = BTreeSet::new();
    for text in EXAMPLES {
        let example: Value = serde_json::from_str(text).unwrap();
        let mut found = Vec::new();
        bounds(&root, &root, ("", &example), &mut found);
        for bound in found {
            for (value, good) in [(&bound.inside, true), (&bound.beyond, false)] {
                let mut document = example.clone();
                set(&mut document, &bound.at, value.clone());
                assert_eq!(may_be_saved(&document, &bound.at), good, "{} {value}", bound.at);
            }
            seen.insert(bound.at);
        }
    }
    assert!(seen.len() >= 30, "{seen:?}");
}
