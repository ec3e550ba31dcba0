//! What the deployment template says: functions, routes, queues, schedules, the table.
//! The runner adds nothing of its own, so what answers here is what deploys.

mod conditions;
mod events;
mod functions;
mod grants;
mod listeners;
mod queues;
mod value;
mod variables;

use std::path::Path;

pub use events::{HttpRoute, QueueEvent, ScheduleEvent};
pub use functions::Function;
pub use grants::Grant;
pub use listeners::ListenerPath;
pub use queues::QueueResource;
use serde_json::{Map, Value};
pub use value::logical_id;
pub use variables::Variable;

use crate::LocalError;
use conditions::Scope;

/// The parts of `infra/api.yaml` that the local stack serves.
#[derive(Debug, Clone, Default)]
pub struct Template {
    pub functions: Vec<Function>,
    pub queues: Vec<QueueResource>,
    pub listener_paths: Vec<ListenerPath>,
    /// Defaults of the template's parameters, as text.
    pub parameter_defaults: Map<String, Value>,
}

impl Template {
    /// Reads a template file; `parameters` overrule the defaults that decide conditions.
    pub fn read(path: &Path, parameters: &[(&str, &str)]) -> Result<Self, LocalError> {
        let text = std::fs::read_to_string(path).map_err(|error| LocalError::file(path, error))?;
        Self::parse(&text, parameters)
            .map_err(|detail| LocalError::Template { path: path.to_owned(), detail })
    }

    /// Reads template text; the error names the resource at fault.
    pub fn parse(text: &str, parameters: &[(&str, &str)]) -> Result<Self, String> {
        let document = value::document(text)?;
        let scope = Scope::new(&document, parameters);
        let globals = document.pointer("/Globals/Function");
        let globals = globals.and_then(|own| scope.resolve(own)).unwrap_or(Value::Null);
        let resources = scope.resources(&document)?;
        let functions = functions::all(&resources, &globals, &scope)?;
        let listener_paths = listeners::all(&resources, &functions)?;
        let queues = queues::all(&resources)?;
        Ok(Self { functions, queues, listener_paths, parameter_defaults: scope.defaults() })
    }

    /// The function whose binary has this name.
    pub fn function(&self, name: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.name == name)
    }

    /// Properties of the resource `logical_id` of a template file, as API fields.
    pub fn resource_properties(path: &Path, logical_id: &str) -> Result<Value, LocalError> {
        let fail = |detail: String| LocalError::Template { path: path.to_owned(), detail };
        let text = std::fs::read_to_string(path).map_err(|error| LocalError::file(path, error))?;
        let document = value::document(&text).map_err(fail)?;
        document
            .pointer(&format!("/Resources/{logical_id}/Properties"))
            .cloned()
            .ok_or_else(|| fail(format!("resource `{logical_id}` has no properties")))
    }
}
