//! The error bodies of Cal.com, three shapes of them (CONTRACT 2.4).
//! The shape is part of the answer: clients classify by it, so no handler builds a body by hand.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::time::millis;

/// What stands under `error.details` of the first shape.
#[derive(Debug, Clone)]
enum Details {
    Standard,
    Tree(Vec<Value>),
    Text,
}

#[derive(Debug, Clone)]
enum Shape {
    /// Framework exception: envelope with a class name and details.
    Framework { code: &'static str, details: Details },
    /// Database, Zod and tRPC filters: envelope without details.
    Envelope { code: &'static str },
    /// Errors of the booking core that nobody translated.
    Plain,
}

/// An answer that is not a success: status, text and one of the three shapes.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    pub(crate) status: u16,
    pub(crate) message: String,
    shape: Shape,
}

pub(crate) type Answer<T> = Result<T, ApiError>;

fn class_name(status: u16) -> &'static str {
    match status {
        400 => "BadRequestException",
        401 => "UnauthorizedException",
        403 => "ForbiddenException",
        404 => "NotFoundException",
        409 => "ConflictException",
        422 => "UnprocessableEntityException",
        _ => "InternalServerErrorException",
    }
}

fn phrase(status: u16) -> &'static str {
    match status {
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        422 => "Unprocessable Entity",
        _ => "Internal Server Error",
    }
}

impl ApiError {
    /// First shape: a framework exception of that status.
    pub(crate) fn framework(status: u16, message: impl Into<String>) -> Self {
        let shape = Shape::Framework { code: class_name(status), details: Details::Standard };
        Self { status, message: message.into(), shape }
    }

    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::framework(400, message)
    }

    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::framework(404, message)
    }

    /// First shape with a validator tree, which echoes the body of the request.
    pub(crate) fn tree(errors: Vec<Value>) -> Self {
        let shape = Shape::Framework { code: class_name(400), details: Details::Tree(errors) };
        Self { status: 400, message: "Bad Request Exception".to_owned(), shape }
    }

    /// 429: `details` is a plain string here and an object everywhere else.
    pub(crate) fn throttled() -> Self {
        let shape = Shape::Framework { code: "ThrottlerException", details: Details::Text };
        let message = "CustomThrottlerGuard - Too many requests. Please try again later.";
        Self { status: 429, message: message.to_owned(), shape }
    }

    /// Second shape: envelope, code word, no details.
    pub(crate) fn envelope(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), shape: Shape::Envelope { code } }
    }

    /// Third shape: status and message alone.
    pub(crate) fn plain(status: u16, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), shape: Shape::Plain }
    }

    /// The body as sent, for the path as requested.
    pub(crate) fn body(&self, path: &str, now: Timestamp) -> Value {
        let (status, message) = (self.status, self.message.as_str());
        let error = match &self.shape {
            Shape::Plain => return json!({ "statusCode": status, "message": message }),
            Shape::Envelope { code } => json!({ "code": code, "message": message }),
            Shape::Framework { code, details } => {
                let details = match details {
                    Details::Standard => json!({
                        "message": message, "error": phrase(status), "statusCode": status
                    }),
                    Details::Tree(errors) => json!({ "errors": errors }),
                    Details::Text => json!(message),
                };
                json!({ "code": code, "message": message, "details": details })
            }
        };
        json!({ "status": "error", "timestamp": millis(now), "path": path, "error": error })
    }
}

/// One node of a validator tree, as class-validator prints it.
pub(crate) fn tree_node(target: &Value, property: &str, constraints: Value) -> Value {
    let mut node = serde_json::Map::new();
    node.insert("target".to_owned(), target.clone());
    if let Some(value) = target.get(property) {
        node.insert("value".to_owned(), value.clone());
    }
    node.insert("property".to_owned(), json!(property));
    node.insert("children".to_owned(), json!([]));
    node.insert("constraints".to_owned(), constraints);
    Value::Object(node)
}
