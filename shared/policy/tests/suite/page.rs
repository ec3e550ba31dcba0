//! docs/POLICY.md, written from the types: every field with its meaning, bounds and reasons.
#![allow(clippy::wildcard_enum_match_arm, reason = "a value of JSON is none of our enums")]

use std::collections::BTreeSet;
use std::fmt::Write;

use interlock_policy::{Policy, ReasonCode};
use serde_json::{Map, Value};

use crate::codes::compare;
use crate::schema::{defs, object, schema};

/// What the resource, the account or its event types say; no field of a policy gives them.
const OF_NO_FIELD: [(&str, &str); 6] = [
    ("account_banned", "the account's standing; refuses whatever is asked"),
    ("account_suspended", "the account's standing; giving time back is still allowed"),
    ("machine_inactive", "the resource takes no reservations"),
    ("machine_mapping_broken", "an event type at Cal.com is no longer what it was when mapped"),
    ("machine_outage", "an outage of the resource"),
    ("duration_not_offered", "no event type of the resource has that length"),
];

const EXAMPLES: [(&str, &str); 4] = [
    (
        "A laser with two trainings and a checkout that lapses",
        include_str!("../examples/laser.json"),
    ),
    ("A trial beside ordinary sessions", include_str!("../examples/trial.json")),
    (
        "A dangerous machine: company, levels, and alternatives of proof",
        include_str!("../examples/lathe.json"),
    ),
    ("Fair use: quotas, quiet time and strikes", include_str!("../examples/fair-use.json")),
];

const HEAD: &str = "# Policies

Made from the types of `shared/policy`; a test compares, and `cargo xtask bless` writes it anew.
A policy is JSON; its schema is the component `Policy` of [openapi.json](openapi.json), which \
`GET /api/openapi.json` serves, and stands alone in [policy.schema.json](policy.schema.json).
What the schema cannot say, such as that no level is stricter than a lower one, saving checks: \
every fault at once, each with the place where it is.

- All requirements are wanted and all rules apply; none hides another, and the strictest wins.
- Intervals are half-open: touching is not overlapping, and a proof that lapses at the end of \
the interval still holds for it.
- Proofs must hold at every instant of the interval.
- Days, weeks, months and the clock are those of the resource's zone; where a field says days of \
24 hours it counts hours.
- An unknown field is refused, and an absent one means what the column says.
- Reasons are the codes of [REASONS.md](REASONS.md); how other products' rules are written is in \
[RULES-OF-OTHERS.md](RULES-OF-OTHERS.md).

## What is asked for what

| Purpose | Asked |
|---|---|
| view, create, change | everything; without a time, standing, proofs, novelty and resource |
| use | standing, proofs, resource, hours, closures, a reservation for now, people present |
| keep what is held | standing, proofs, resource |
| cancel | a ban, and the notice to cancel |

A change is judged as a new time without the old one, and its old time as a cancellation.
";

#[test]
fn the_page_of_policies_is_up_to_date() {
    compare("POLICY.md", &page());
}

fn page() -> String {
    let root = schema();
    let mut page = Page { text: HEAD.to_owned(), defs: defs(&root).clone() };
    page.section("Policy", &Value::Object(object(&root).clone()));
    for (name, def) in page.defs.clone() {
        if !derived(&name) {
            page.section(&name, &def);
        }
    }
    page.varied();
    page.text.push_str("\n## Reasons that no field gives\n\n| Reason | From |\n|---|---|\n");
    for (code, from) in OF_NO_FIELD {
        let _ = writeln!(page.text, "| `{code}` | {from} |");
    }
    page.text.push_str("\n## Examples\n");
    for (title, text) in EXAMPLES {
        let _ = write!(page.text, "\n{title}:\n\n```json\n{}\n```\n", text.trim_end());
    }
    let mut text = page.text;
    while text.contains("\n\n\n") {
        text = text.replace("\n\n\n", "\n\n");
    }
    text
}

/// Made by type for each kind of value; told once.
fn derived(name: &str) -> bool {
    ["Varied_", "GroupValue_", "LevelValue_"].iter().any(|begin| name.starts_with(begin))
}

struct Page {
    text: String,
    defs: Map<String, Value>,
}

impl Page {
    fn section(&mut self, name: &str, schema: &Value) {
        let _ = writeln!(self.text, "\n## {name}\n\n{}\n", prose(schema));
        let choices = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
        match choices {
            Some(choices) => {
                for choice in choices.clone() {
                    self.choice(&choice);
                }
            }
            None => self.fields(schema),
        }
    }

    fn choice(&mut self, choice: &Value) {
        let meaning = prose(choice);
        if let Some(word) = choice["const"].as_str() {
            let _ = writeln!(self.text, "- `\"{word}\"`: {meaning}");
        } else if let Some(kind) = choice["properties"]["kind"]["const"].as_str() {
            let _ = writeln!(self.text, "\n### `\"kind\": \"{kind}\"`\n\n{meaning}");
            self.note(choice);
            self.fields(choice);
        } else if choice["required"].as_array().is_some_and(|names| names.len() == 1) {
            for (name, inner) in object(&choice["properties"]) {
                let _ = writeln!(self.text, "- `{{ \"{name}\": … }}`: {meaning}");
                self.fields(inner);
                let bounds = bounds(inner);
                if !bounds.is_empty() {
                    let _ = writeln!(self.text, "  {}: {bounds}.", self.value(inner));
                }
            }
        } else {
            let _ = writeln!(self.text, "\n{meaning}");
            self.fields(choice);
        }
    }

    fn note(&mut self, schema: &Value) {
        let reasons = reasons(schema);
        if !reasons.is_empty() {
            let _ = writeln!(self.text, "\nGives {reasons} too.");
        }
    }

    fn fields(&mut self, schema: &Value) {
        let Some(fields) = schema["properties"].as_object() else { return };
        let head = "\n| Field | Value | If absent | Limits | Reasons | Meaning |\n\
            |---|---|---|---|---|---|";
        let _ = writeln!(self.text, "{head}");
        for (name, field) in fields.iter().filter(|(name, _)| *name != "kind") {
            let absent = absent(name, field, schema);
            let (value, bounds, reasons) = (self.value(field), bounds(field), reasons(field));
            let meaning = prose(field);
            let _ = writeln!(
                self.text,
                "| `{name}` | {value} | {absent} | {bounds} | {reasons} | {meaning} |"
            );
        }
    }

    /// The value's type; where it may differ by who asks, that is said.
    fn value(&self, schema: &Value) -> String {
        if let Some(name) = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next()) {
            let number = self.defs[name]["type"] == "integer";
            return if number { "whole number".to_owned() } else { link(name) };
        }
        if let Some(choices) = schema["anyOf"].as_array() {
            let first = self.value(&choices[0]);
            let by_who = choices[1]["$ref"].as_str().is_some_and(|at| at.contains("/Varied_"));
            return if by_who { format!("{first}, [by who](#by-who)") } else { first };
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds[0].as_str(),
            kind => kind.as_str(),
        };
        match kind {
            Some("integer") => "whole number".to_owned(),
            Some("boolean") => "`true` or `false`".to_owned(),
            Some("array") => format!("list of {}", self.value(&schema["items"])),
            Some("string") => match schema["format"].as_str() {
                Some("date") => "day, `2026-12-24`".to_owned(),
                Some("date-time") => "instant, `2026-12-24T13:00:00Z`".to_owned(),
                Some("partial-time") => "time of day, `09:00:00`".to_owned(),
                Some(_) | None => match schema["pattern"].as_str() {
                    Some(pattern) => format!("text, `{}`", pattern.replace('|', "\\|")),
                    None => "text".to_owned(),
                },
            },
            Some("object") => {
                format!("object of days to {}", self.value(&schema["additionalProperties"]))
            }
            Some(_) | None => panic!("a value of no kind: {schema}"),
        }
    }

    fn varied(&mut self) {
        let (_, varied) =
            self.defs.iter().find(|(name, _)| name.starts_with("Varied_")).expect("one");
        let meaning = prose(varied);
        let _ = writeln!(
            self.text,
            "\n## By who\n\n{meaning}\n\nWritten \
             `{{\"base\": 60, \"groups\": [{{\"group\": \"staff\", \"value\": 0}}], \
             \"levels\": [{{\"from\": 2, \"value\": 30}}]}}` in place of the value.\n\
             At most 16 groups with names of 1 to 64 characters, each once, and at most 16 \
             levels, ascending from 1, none stricter than the one before."
        );
    }
}

fn link(name: &str) -> String {
    format!("[{name}](#{})", name.to_lowercase())
}

/// The docstring on one line, so that it stands in a table.
fn prose(schema: &Value) -> String {
    let text = schema["description"].as_str().unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}

fn absent(name: &str, field: &Value, schema: &Value) -> String {
    let wanted = schema["required"].as_array().into_iter().flatten();
    if wanted.clone().any(|wanted| wanted == name) {
        return "required".to_owned();
    }
    match field.get("default") {
        Some(Value::Null) => "none".to_owned(),
        Some(Value::Object(_)) => "as each says".to_owned(),
        Some(value) => format!("`{value}`"),
        None => match (&field["type"], field.get("$ref").or(field.get("anyOf"))) {
            (Value::String(kind), _) if kind == "boolean" => "`false`".to_owned(),
            (Value::String(kind), _) if kind == "integer" => "`0`".to_owned(),
            (Value::String(kind), _) if kind == "array" => "`[]`".to_owned(),
            (_, Some(Value::String(_))) => "as each says".to_owned(),
            (_, Some(_)) if field["anyOf"][0]["type"] == "integer" => "`0`".to_owned(),
            (_, _) => "none".to_owned(),
        },
    }
}

fn bounds(field: &Value) -> String {
    let of = |name: &str| field[name].as_u64().filter(|bound| *bound > 0);
    let unit = |what: &str, least: Option<u64>, most: Option<u64>| match (least, most) {
        (Some(least), Some(most)) => format!("{least} to {most}{what}"),
        (Some(least), None) => format!("at least {least}{what}"),
        (None, Some(most)) => format!("at most {most}{what}"),
        (None, None) => String::new(),
    };
    let number = unit("", of("minimum"), of("maximum"));
    let text = unit(" characters", of("minLength"), of("maxLength"));
    let list = unit(" entries", of("minItems"), of("maxItems"));
    [number, text, list].concat()
}

fn reasons(field: &Value) -> String {
    let codes = field["x-reasons"].as_array().into_iter().flatten();
    codes.map(|code| format!("`{}`", code.as_str().unwrap())).collect::<Vec<_>>().join(", ")
}

/// Every code under `x-reasons`, wherever it stands.
fn told(value: &Value, codes: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                if name == "x-reasons" {
                    let listed = inner.as_array().unwrap().iter();
                    codes.extend(listed.map(|code| code.as_str().unwrap().to_owned()));
                } else {
                    told(inner, codes);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|inner| told(inner, codes)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn every_reason_is_given_by_a_field_or_by_something_named() {
    let mut codes = BTreeSet::new();
    told(&schema(), &mut codes);
    for (code, _) in OF_NO_FIELD {
        assert!(codes.insert(code.to_owned()), "`{code}` is given by a field");
    }
    let all: BTreeSet<String> =
        ReasonCode::ALL.iter().map(|code| code.as_str().to_owned()).collect();
    assert_eq!(codes, all);
}

#[test]
fn every_field_says_what_it_means() {
    fn look(at: &str, value: &Value) {
        let Some(fields) = value.as_object() else { return };
        for (name, field) in
            fields.get("properties").and_then(Value::as_object).into_iter().flatten()
        {
            let plain = name == "kind" || at.ends_with("oneOf");
            let at = format!("{at}/{name}");
            assert!(plain || !prose(field).is_empty(), "{at} has no docstring");
            look(&at, field);
        }
        for (name, inner) in fields {
            for inner in inner.as_array().into_iter().flatten() {
                look(&format!("{at}/{name}"), inner);
            }
        }
    }
    let root = schema();
    look("", &root);
    for (name, def) in defs(&root) {
        look(name, def);
    }
}

#[test]
fn every_example_may_be_saved() {
    for (title, text) in EXAMPLES {
        let policy: Policy = serde_json::from_str(text).unwrap_or_else(|e| panic!("{title}: {e}"));
        assert_eq!(policy.validate(), Ok(()), "{title}");
    }
}
