//! Functions of the template: binary, limits, variables and events.
//! The last segment of `CodeUri` is the binary's name, with or without `.zip`; a function without
//! one is an error.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::conditions::Scope;
use super::events::{HttpRoute, QueueEvent, ScheduleEvent, events_of};
use super::grants::{Grant, denials_of, grants_of};
use super::value::{text, whole_number};
use super::variables::{Variable, variables_of};

/// One deployed function.
#[derive(Debug, Clone)]
pub struct Function {
    /// Name of the binary, of the function and of its counters.
    pub name: String,
    /// Logical id in the template.
    pub logical_id: String,
    pub timeout_seconds: u64,
    pub memory_megabytes: u64,
    /// Most instances at once, where the template reserves a number.
    pub reserved_instances: Option<u64>,
    pub variables: BTreeMap<String, Variable>,
    pub routes: Vec<HttpRoute>,
    pub queue_events: Vec<QueueEvent>,
    pub schedules: Vec<ScheduleEvent>,
    /// What its role lets it do.
    pub grants: Vec<Grant>,
    /// What policies beside its role deny it all the same.
    pub denials: Vec<Grant>,
}

pub(super) fn all(
    resources: &Map<String, Value>,
    globals: &Value,
    scope: &Scope,
) -> Result<Vec<Function>, String> {
    resources
        .iter()
        .filter(|(_, resource)| resource["Type"] == "AWS::Serverless::Function")
        .map(|(id, resource)| {
            let mut function = function(id, &resource["Properties"], globals, scope)?;
            function.denials = denials_of(id, resources);
            Ok(function)
        })
        .collect()
}

fn function(
    id: &str,
    properties: &Value,
    globals: &Value,
    scope: &Scope,
) -> Result<Function, String> {
    let setting = |name: &str, fallback: u64| {
        properties
            .get(name)
            .or_else(|| globals.get(name))
            .and_then(whole_number)
            .unwrap_or(fallback)
    };
    let name = properties
        .get("CodeUri")
        .and_then(text)
        .and_then(|path| path.trim_end_matches('/').rsplit('/').next())
        .map(|name| name.strip_suffix(".zip").unwrap_or(name))
        .filter(|name| !name.is_empty())
        .ok_or_else(|| format!("function `{id}` has no `CodeUri`"))?;
    let mut variables = variables_of(globals);
    variables.extend(variables_of(properties));
    let events = events_of(id, properties, scope)?;
    Ok(Function {
        name: name.to_owned(),
        logical_id: id.to_owned(),
        // Defaults of the platform when the template is silent.
        timeout_seconds: setting("Timeout", 3),
        memory_megabytes: setting("MemorySize", 128),
        reserved_instances: properties.get("ReservedConcurrentExecutions").and_then(whole_number),
        variables,
        routes: events.routes,
        queue_events: events.queues,
        schedules: events.schedules,
        grants: grants_of(properties),
        denials: Vec::new(),
    })
}
