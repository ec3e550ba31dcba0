//! Bodies: JSON, read strictly, with a pointer to every fault.
//!
//! An answer never repeats a value of the input; a fault names its place and what was wanted.

use std::collections::HashSet;
use std::fmt;

use interlock_app::InputFault;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor,
};
use serde_path_to_error::{Path, Segment, Track};

use crate::{Problem, RawRequest, problems};

/// Deepest nesting of a body (RELIABILITY W3).
const MAX_DEPTH: usize = 32;
/// Longest pointer told, in characters; names in it may be the caller's own.
const MAX_POINTER: usize = 200;

/// Refuses what does not call itself JSON.
pub(crate) fn check_content_type(request: &RawRequest) -> Result<(), Problem> {
    let kind = request.single("content-type").ok().flatten().unwrap_or_default();
    let mut parts = kind.split(';').map(str::trim);
    let json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    if json && parts.all(|part| part.eq_ignore_ascii_case("charset=utf-8")) {
        return Ok(());
    }
    let detail = "the body must be `application/json`";
    Err(Problem::new(&problems::UNSUPPORTED_MEDIA_TYPE, detail))
}

/// Reads a body.
pub(crate) fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    if bytes.is_empty() {
        return Err(refused(String::new(), "empty", "the body is empty".to_owned()));
    }
    walk(bytes)?;
    // Serde would also fill an object's fields from an array, by their order.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        return Err(refused(String::new(), "wrong_type", "an object is wanted".to_owned()));
    }
    let mut track = Track::new();
    let mut json = serde_json::Deserializer::from_slice(bytes);
    T::deserialize(serde_path_to_error::Deserializer::new(&mut json, &mut track))
        .map_err(|error| explained(&error.to_string(), &track.path()))
}

/// Well-formed, not too deep, no name twice; serde alone would let the last of two names win.
fn walk(bytes: &[u8]) -> Result<(), Problem> {
    let mut track = Track::new();
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    let fault = Walk(0).deserialize(tracked).err().or_else(|| json.end().err());
    let Some(fault) = fault else { return Ok(()) };
    let text = fault.to_string();
    let at = pointer(&track.path());
    if text.starts_with(REPEATED) {
        Err(refused(at, "repeated_field", "the object has a name twice".to_owned()))
    } else if text.starts_with(TOO_DEEP) || text.starts_with("recursion limit") {
        Err(refused(String::new(), "too_deep", "the body is nested too deeply".to_owned()))
    } else {
        let detail = format!("not well-formed at line {} column {}", fault.line(), fault.column());
        Err(refused(at, "malformed", detail))
    }
}

const REPEATED: &str = "a name comes twice";
const TOO_DEEP: &str = "too deep";

struct Walk(usize);

impl<'de> DeserializeSeed<'de> for Walk {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let depth = self.deeper()?;
        while items.next_element_seed(Walk(depth))?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let depth = self.deeper()?;
        let mut names: HashSet<String> = HashSet::new();
        while let Some(name) = entries.next_key::<String>()? {
            if !names.insert(name) {
                return Err(A::Error::custom(REPEATED));
            }
            entries.next_value_seed(Walk(depth))?;
        }
        Ok(())
    }
}

impl Walk {
    fn deeper<E: Error>(&self) -> Result<usize, E> {
        if self.0 >= MAX_DEPTH { Err(E::custom(TOO_DEEP)) } else { Ok(self.0 + 1) }
    }
}

/// What serde says, without the values it repeats: only text of our own types comes through.
fn explained(text: &str, path: &Path) -> Problem {
    let text = text.rsplit_once(" at line ").map_or(text, |(text, _)| text);
    let at = pointer(path);
    if text.starts_with("unknown field") {
        return refused(at, "unknown_field", "no such field is known here".to_owned());
    }
    if let Some(name) = text.strip_prefix("missing field `").and_then(|t| t.strip_suffix('`')) {
        return refused(
            format!("{at}/{name}"),
            "missing_field",
            "the field is required".to_owned(),
        );
    }
    let detail = match text.rsplit_once(", expected ") {
        // Names of our own types say nothing to a caller.
        Some((_, wanted)) if ["struct ", "enum "].iter().any(|word| wanted.contains(word)) => {
            "an object is wanted".to_owned()
        }
        Some((_, wanted)) => format!("{wanted} is wanted"),
        None => "the value is not valid".to_owned(),
    };
    let code = if text.starts_with("invalid type") { "wrong_type" } else { "invalid_value" };
    refused(at, code, detail)
}

fn refused(pointer: String, code: &'static str, detail: String) -> Problem {
    Problem::new(&problems::INVALID_BODY, "the body cannot be used").with_errors(vec![InputFault {
        pointer,
        code,
        detail,
    }])
}

fn pointer(path: &Path) -> String {
    let mut text = String::new();
    for segment in path {
        let name = match segment {
            Segment::Seq { index } => index.to_string(),
            Segment::Map { key } => key.clone(),
            Segment::Enum { variant } => variant.clone(),
            Segment::Unknown => continue,
        };
        text.push('/');
        text.push_str(&name.replace('~', "~0").replace('/', "~1"));
    }
    text.chars().take(MAX_POINTER).collect()
}
