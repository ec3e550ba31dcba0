//! What the types that write themselves look like in a JSON Schema.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{Id, IdKind, ResourceId, Weekday, ZoneName};

/// What a body of an identifier may be, as `well_formed` reads it.
const BODY: &str = "[a-z0-9_]{1,64}";

impl<K: IdKind> JsonSchema for Id<K> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("Id_{}", K::PREFIX).into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": format!("^{}_{BODY}$", K::PREFIX) })
    }
}

impl JsonSchema for ResourceId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ResourceId".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": format!("^(mch|hst)_{BODY}$") })
    }
}

impl JsonSchema for ZoneName {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "ZoneName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "examples": ["Europe/Berlin"] })
    }
}

/// Only days of the week are names of days, each with at most 24 ranges.
pub(crate) fn days_of_the_week(schema: &mut Schema) {
    schema.insert("propertyNames".to_owned(), json_schema!({ "enum": Weekday::ALL }).into());
    let ranges = schema.get_mut("additionalProperties");
    if let Some(ranges) = ranges.and_then(|ranges| ranges.as_object_mut()) {
        ranges.insert("maxItems".to_owned(), 24.into());
    }
}
