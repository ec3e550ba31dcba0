//! What a record says: shared between its copies, and read into its type once.

use std::any::Any;
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};

use serde::{Serialize, Serializer};
use serde_json::Value;

/// The content of a record. A copy costs nothing, and nobody can change what others hold.
#[derive(Clone)]
pub struct Body(Arc<Content>);

struct Content {
    value: Value,
    /// The document it was last read as, for records that somebody else holds as well.
    read: OnceLock<Box<dyn Any + Send + Sync>>,
}

impl Body {
    /// The document in it. A body that is held elsewhere too, as by a table in memory, is read
    /// by `read` once and copied after that.
    pub(super) fn document<T, E>(&self, read: impl FnOnce(&Value) -> Result<T, E>) -> Result<T, E>
    where
        T: Clone + Send + Sync + 'static,
    {
        let known = self.0.read.get().and_then(|known| known.downcast_ref::<T>());
        if let Some(known) = known {
            return Ok(known.clone());
        }
        let document = read(&self.0.value)?;
        if Arc::strong_count(&self.0) > 1 {
            // Whoever was first keeps his place; both read the same.
            let _ = self.0.read.set(Box::new(document.clone()));
        }
        Ok(document)
    }

    /// The same with the names of every object in order, as a table gives it back.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        if is_sorted(&self.0.value) {
            return self;
        }
        Arc::make_mut(&mut self.0).value.sort_all_objects();
        self
    }
}

fn is_sorted(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.keys().is_sorted() && members.values().all(is_sorted),
        Value::Array(items) => items.iter().all(is_sorted),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

impl From<Value> for Body {
    fn from(value: Value) -> Self {
        Self(Arc::new(Content { value, read: OnceLock::new() }))
    }
}

impl Deref for Body {
    type Target = Value;

    fn deref(&self) -> &Value {
        &self.0.value
    }
}

impl DerefMut for Body {
    /// For writing: from here on it is nobody else's, and what was read of it is forgotten.
    fn deref_mut(&mut self) -> &mut Value {
        let own = Arc::make_mut(&mut self.0);
        own.read = OnceLock::new();
        &mut own.value
    }
}

impl Clone for Content {
    fn clone(&self) -> Self {
        Self { value: self.value.clone(), read: OnceLock::new() }
    }
}

impl PartialEq for Body {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.value == other.0.value
    }
}

impl PartialEq<Value> for Body {
    fn eq(&self, other: &Value) -> bool {
        self.0.value == *other
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.value.fmt(out)
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.value.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    #[test]
    fn what_two_hold_is_read_once() {
        let body = Body::from(json!(7));
        let _held = body.clone();
        let read = |value: &Value| value.as_u64().ok_or(());
        assert_eq!(body.document(read), Ok(7));
        assert_eq!(body.document(|_| Err::<u64, ()>(())), Ok(7));
    }

    #[test]
    fn another_type_is_read_anew() {
        let body = Body::from(json!(7));
        let _held = body.clone();
        body.document(|value| value.as_u64().ok_or(())).unwrap();
        assert_eq!(body.document(|value| Ok::<_, ()>(value.to_string())), Ok("7".to_owned()));
    }

    #[test]
    fn what_cannot_be_read_is_not_remembered() {
        let body = Body::from(json!("seven"));
        let _held = body.clone();
        let read = |value: &Value| value.as_u64().ok_or(());
        assert_eq!(body.document(read), Err(()));
        assert_eq!(body.document(|_| Ok::<u64, ()>(7)), Ok(7));
    }

    #[test]
    fn a_change_is_read_again_and_not_seen_by_others() {
        let read = |value: &Value| value.as_u64().ok_or(());
        let held = Body::from(json!(7));
        let mut body = held.clone();
        assert_eq!(body.document(read), Ok(7));
        *body = json!(8);
        assert_eq!((body.document(read), held.document(read)), (Ok(8), Ok(7)));
    }

    #[test]
    fn names_are_brought_in_order_at_every_depth() {
        let mixed = Body::from(json!({ "b": [{ "d": 1, "c": 2 }], "a": 3 }));
        assert_eq!(mixed.sorted().to_string(), r#"{"a":3,"b":[{"c":2,"d":1}]}"#);
    }
}
