//! Files of the web app over HTTP; a path without a file is a page of the app.
//! Every file goes out under the headers that production sends.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};

use super::{WebApp, range};

/// Names with a digest in them never change what they mean.
const FOREVER: &str = "public, max-age=31536000, immutable";
const ASK_FIRST: &str = "no-cache";

/// Puts the app before `front`, which keeps what is under `/api` and every write.
pub fn wrap(app: WebApp, front: Router) -> Router {
    front.layer(from_fn_with_state(Arc::new(app), answer))
}

async fn answer(State(app): State<Arc<WebApp>>, request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads || path == "/api" || path.starts_with("/api/") {
        return next.run(request).await;
    }
    let wanted = request.headers().get(header::RANGE).and_then(|value| value.to_str().ok());
    let mut response = file(&app.files, &path, wanted).await;
    for (name, value) in app.headers.of(&path) {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

async fn file(files: &Path, path: &str, wanted: Option<&str>) -> Response {
    let Some(name) = inside(path) else { return StatusCode::NOT_FOUND.into_response() };
    // A name with an ending is a file or nothing; all else is a page, as a deep link means it.
    let name = if name.extension().is_some() { name } else { PathBuf::from("index.html") };
    let Ok(bytes) = tokio::fs::read(files.join(&name)).await else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let cache = if name.starts_with("assets") { FOREVER } else { ASK_FIRST };
    let headers = [
        (header::CONTENT_TYPE, content_type(&name)),
        (header::CACHE_CONTROL, cache),
        (header::ACCEPT_RANGES, "bytes"),
    ];
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    match wanted.and_then(|wanted| range::parse(wanted, length)) {
        Some((from, to)) => {
            let part = slice(&bytes, from, to);
            let place = format!("bytes {from}-{}/{length}", to.saturating_sub(1));
            let place = [(header::CONTENT_RANGE, place)];
            (StatusCode::PARTIAL_CONTENT, headers, place, Body::from(part)).into_response()
        }
        None => (headers, bytes).into_response(),
    }
}

fn slice(bytes: &[u8], from: u64, to: u64) -> Vec<u8> {
    let at = |place| usize::try_from(place).unwrap_or(usize::MAX);
    bytes.get(at(from)..at(to)).unwrap_or_default().to_vec()
}

/// The path relative to the app's folder; nothing when it would lead out of it.
fn inside(path: &str) -> Option<PathBuf> {
    let path = Path::new(path.trim_start_matches('/'));
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    path.components().all(plain).then(|| path.to_owned())
}

fn content_type(path: &Path) -> &'static str {
    match path.extension().and_then(|ending| ending.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("webm") => "video/webm",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
