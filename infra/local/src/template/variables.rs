//! Environment variables that the template gives a function.
//! Values keep their references until the stack knows its addresses; an unknown one is an error.

use std::collections::BTreeMap;

use serde_json::Value;

use super::value::{call, logical_id};

/// The value of one variable as the template writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// Text as it is.
    Literal(String),
    /// A parameter or resource by name.
    Reference(String),
    /// Text with `${…}` references inside.
    Pattern(String),
}

impl Variable {
    /// The value with every reference answered by `look_up`; the error is the unknown name.
    pub fn resolve(&self, look_up: impl Fn(&str) -> Option<String>) -> Result<String, String> {
        match self {
            Self::Literal(text) => Ok(text.clone()),
            Self::Reference(name) => look_up(name).ok_or_else(|| name.clone()),
            Self::Pattern(pattern) => fill(pattern, look_up),
        }
    }
}

fn fill(pattern: &str, look_up: impl Fn(&str) -> Option<String>) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, tail) = after.split_once('}').ok_or_else(|| pattern.to_owned())?;
        filled.push_str(before);
        filled.push_str(&look_up(name).ok_or_else(|| name.to_owned())?);
        rest = tail;
    }
    filled.push_str(rest);
    Ok(filled)
}

pub(super) fn variables_of(properties: &Value) -> BTreeMap<String, Variable> {
    let declared = properties.pointer("/Environment/Variables").and_then(Value::as_object);
    declared
        .into_iter()
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), variable(value)?)))
        .collect()
}

fn variable(value: &Value) -> Option<Variable> {
    match value {
        Value::String(text) => Some(Variable::Literal(text.clone())),
        Value::Number(number) => Some(Variable::Literal(number.to_string())),
        Value::Bool(flag) => Some(Variable::Literal(flag.to_string())),
        Value::Object(_) => match call(value)? {
            ("Fn::Sub", pattern) => {
                let pattern = pattern.as_str().or_else(|| pattern.get(0)?.as_str())?;
                Some(Variable::Pattern(pattern.to_owned()))
            }
            _ => logical_id(value).map(|id| Variable::Reference(id.to_owned())),
        },
        Value::Null | Value::Array(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_filled_and_an_unknown_name_is_told() {
        let pattern = Variable::Pattern("http://${Host}/x".into());
        let known = |name: &str| (name == "Host").then(|| "h".to_owned());
        assert_eq!(pattern.resolve(known), Ok("http://h/x".to_owned()));
        assert_eq!(pattern.resolve(|_| None), Err("Host".to_owned()));
    }
}
