//! Bends JSON: a value out of place, a field too many, one too few, the same one twice, lists
//! without end, depth without end.
//!
//! What is bent stays JSON; only [`Bender::bytes`] breaks the text itself.

use serde_json::{Map, Value};

use super::dice::Dice;
use super::odd::{self, NAME};
use super::{below, one_of};

/// Bends values with what it has seen in others: a name that exists says more than a made-up one.
#[derive(Debug, Default)]
pub(crate) struct Bender {
    seen: Vec<Value>,
    names: Vec<String>,
}

impl Bender {
    /// Remembers every value and name within a value.
    pub(crate) fn learn(&mut self, value: &Value) {
        match value {
            Value::Object(fields) => {
                for (name, field) in fields {
                    if !self.names.contains(name) {
                        self.names.push(name.clone());
                    }
                    self.learn(field);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                if !self.seen.contains(value) {
                    self.seen.push(value.clone());
                }
            }
        }
    }

    /// A value that is odd, or that has its place elsewhere.
    pub(crate) fn value(&self, dice: &mut Dice) -> Value {
        if !self.seen.is_empty() && dice.one_in(3) {
            one_of(dice, &self.seen).clone()
        } else {
            odd::value(dice)
        }
    }

    /// Changes a value somewhere.
    pub(crate) fn bend(&self, dice: &mut Dice, value: &mut Value) {
        match value {
            Value::Object(fields) if !fields.is_empty() && !dice.one_in(8) => {
                self.bend_field(dice, fields);
            }
            Value::Array(items) if !items.is_empty() && !dice.one_in(5) => {
                self.bend_item(dice, items);
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_)
            | Value::Object(_) => *value = self.value(dice),
        }
    }

    fn bend_field(&self, dice: &mut Dice, fields: &mut Map<String, Value>) {
        let names: Vec<String> = fields.keys().cloned().collect();
        let name = one_of(dice, &names);
        match dice.between(0, 12) {
            0 => drop(fields.remove(name)),
            1 => drop(fields.insert(format!("{name}{NAME}"), self.value(dice))),
            2 if !self.names.is_empty() => {
                drop(fields.insert(one_of(dice, &self.names).clone(), self.value(dice)));
            }
            3 => {
                let other = one_of(dice, &names);
                let copy = fields[other].clone();
                fields.insert(name.clone(), copy);
            }
            _ => self.bend(dice, &mut fields[name]),
        }
    }

    fn bend_item(&self, dice: &mut Dice, items: &mut Vec<Value>) {
        let at = below(dice, items.len());
        match dice.between(0, 8) {
            0 => drop(items.remove(at)),
            1 => {
                let many = dice.pick(&[1, 2, 16, 101, 400]);
                let copy = items[at].clone();
                items.extend(std::iter::repeat_n(copy, many));
            }
            _ => self.bend(dice, &mut items[at]),
        }
    }

    /// A value as bytes, now and then with mistakes in the text.
    pub(crate) fn bytes(&self, dice: &mut Dice, value: &Value) -> Vec<u8> {
        let mut bytes = value.to_string().into_bytes();
        match dice.between(0, 36) {
            0 => bytes = odd::bytes(dice, 300),
            1 | 2 => odd::mar(dice, &mut bytes),
            3 => {
                let value = self.value(dice);
                twice(dice, &mut bytes, &value);
            }
            4 => deepen(dice, &mut bytes),
            5 => lengthen(dice, &mut bytes),
            6 => drop(bytes.splice(0..0, *one_of(dice, &[*b"\xef\xbb\xbf", *b" \n ", *b"[0,"]))),
            _ => {}
        }
        bytes
    }
}

/// Gives a field of some object a second value.
fn twice(dice: &mut Dice, bytes: &mut Vec<u8>, value: &Value) {
    let opens = |at: &usize| bytes[*at..].starts_with(b"{\"");
    let opened: Vec<usize> = (0..bytes.len()).filter(opens).collect();
    if opened.is_empty() {
        return;
    }
    let at = *one_of(dice, &opened) + 1;
    let mut field: Vec<u8> = vec![b'"'];
    field.extend(bytes[at + 1..].iter().take_while(|byte| **byte != b'"'));
    field.extend(format!("\":{value},").bytes());
    bytes.splice(at..at, field);
}

/// Puts a tower of brackets where a value stood.
fn deepen(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let levels = dice.pick(&[2, 30, 31, 32, 33, 127, 128, 129, 1000, 20_000]);
    let (open, close) = dice.pick(&[("[", "]"), ("{\"a\":", "}")]);
    let closed = if dice.one_in(4) { String::new() } else { close.repeat(levels) };
    let tower = format!("{}0{closed}", open.repeat(levels)).into_bytes();
    let places: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b':').collect();
    if places.is_empty() {
        *bytes = tower;
        return;
    }
    let at = *one_of(dice, &places) + 1;
    let end = (at..bytes.len()).find(|at| b",}".contains(&bytes[*at]));
    bytes.splice(at..end.unwrap_or(bytes.len()), tower);
}

/// Makes a body about as long as one may be, or longer.
fn lengthen(dice: &mut Dice, bytes: &mut Vec<u8>) {
    let length = dice.pick(&[50_000, 99_999, 100_000, 100_001, 255_999, 256_000, 256_001, 300_000]);
    let missing = usize::saturating_sub(length, bytes.len());
    let filling = match dice.between(0, 4) {
        0 => " ".repeat(missing),
        // Names that all differ, so that none of them is refused for coming twice.
        1 => {
            (0..missing / 13).map(|count| format!("\"{count:09}\":0,")).collect::<Vec<_>>().concat()
        }
        2 => format!("\"z\":[{}0],", "0,".repeat(missing / 2)),
        _ => format!("\"z\":\"{}\",", "z".repeat(missing)),
    };
    let at = bytes.len().min(1);
    bytes.splice(at..at, filling.into_bytes());
}
