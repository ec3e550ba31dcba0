//! The API reference page at `/docs/api/`, from the archive inside the binary.
//! The page asks this server only; its looser policy holds for its own path.

use std::io::{Cursor, Read};

use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

/// Inline styles are how the page draws itself; nothing may come from or go to another origin.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; \
    frame-ancestors 'none'";

const PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Interlock API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="swagger-ui.css">
<link rel="icon" type="image/png" href="favicon-32x32.png">
</head>
<body>
<div id="reference"></div>
<script src="swagger-ui-bundle.js"></script>
<script src="start.js"></script>
</body>
</html>
"#;

/// Writes with a cookie need this header (PRODUCT 8), so the page sends it with every call.
const START: &str = r##"window.onload = () => {
  SwaggerUIBundle({
    url: "/api/openapi.json",
    dom_id: "#reference",
    deepLinking: true,
    validatorUrl: null,
    requestInterceptor: (request) => {
      request.headers["X-Requested-With"] = "interlock";
      return request;
    },
  });
};
"##;

/// Routes of the page and its files.
pub fn router() -> Router {
    Router::new()
        .route("/docs/api", get(|| async { Redirect::permanent("/docs/api/") }))
        .route("/docs/api/", get(|| async { answer("text/html; charset=utf-8", PAGE.into()) }))
        .route("/docs/api/{file}", get(file))
}

async fn file(Path(name): Path<String>) -> Response {
    if name == "start.js" {
        return answer("text/javascript", START.into());
    }
    match from_archive(&name) {
        Some(bytes) => answer(content_type(&name), bytes),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(content_type: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    (headers, bytes).into_response()
}

fn from_archive(name: &str) -> Option<Vec<u8>> {
    let mut archive = ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED)).ok()?;
    let suffix = format!("/dist/{name}");
    let names = archive.file_names().filter_map(Result::ok);
    let path = names.into_iter().find(|path| path.ends_with(&suffix))?.into_owned();
    let mut bytes = Vec::new();
    archive.by_name(&path).ok()?.read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("png") => "image/png",
        Some("html") => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    }
}
