//! The request of a route's sample, with the names of what is there in place of its own.

use interlock_http::{RawRequest, Route};
use serde_json::Value;

use crate::browser::request;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../events");

/// A request without a person.
#[derive(Clone)]
pub(crate) struct Sample {
    method: &'static str,
    path: String,
    query: Vec<(String, String)>,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
}

/// What a route's sample is called.
pub(crate) fn name_of(route: &Route) -> String {
    route.name.replace('.', "-")
}

/// Names of all samples that are requests.
pub(crate) fn all() -> Vec<String> {
    let files = std::fs::read_dir(FOLDER).unwrap().map(|entry| entry.unwrap().path());
    let requests = files.filter(|path| {
        let event: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        event["rawPath"].is_string() || event["httpMethod"].is_string()
    });
    requests.map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned()).collect()
}

impl Sample {
    /// Of a route; of each pair of names the first is replaced by the second.
    pub(crate) fn of(route: &Route, names: &[(&str, String)]) -> Self {
        let file = format!("{FOLDER}/{}.json", name_of(route));
        let mut text = std::fs::read_to_string(&file).expect(&file);
        for (sample, ours) in names {
            text = text.replace(sample, ours);
        }
        let event: Value = serde_json::from_str(&text).expect(&file);
        let path = event["rawPath"].as_str().or(event["path"].as_str()).unwrap().to_owned();
        let query = event["rawQueryString"].as_str().unwrap_or_default();
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let kept = ["idempotency-key", "if-match"].into_iter();
        let header = |name| Some((name, event["headers"][name].as_str()?.to_owned()));
        Self {
            method: route.method.as_str(),
            path,
            query: pairs.map(|(name, value)| (name.to_owned(), decoded(value))).collect(),
            headers: kept.filter_map(header).collect(),
            body: event["body"].as_str().map(str::to_owned),
        }
    }

    /// The same about things that are not there.
    pub(crate) fn of_nothing(&self, route: &Route) -> Self {
        let mut other = self.clone();
        for (part, value) in route.path.split('/').zip(self.path.split('/')) {
            if part.starts_with('{') {
                other.path = other.path.replace(value, &nowhere(value));
                // Where a body says the name once more.
                other.body = other.body.map(|body| body.replace(value, &nowhere(value)));
            }
        }
        other
    }

    /// As somebody sends it; nobody has no cookie.
    pub(crate) fn by(&self, cookie: Option<&str>) -> RawRequest {
        let mut raw = request(self.method, &self.path).header("x-requested-with", "interlock");
        raw.query.clone_from(&self.query);
        for (name, value) in &self.headers {
            raw = raw.header(name, value);
        }
        if let Some(cookie) = cookie {
            raw = raw.header("cookie", cookie);
        }
        match &self.body {
            Some(body) => raw.json(body.clone()),
            None => raw,
        }
    }
}

/// The two marks that samples write in percent.
fn decoded(value: &str) -> String {
    value.replace("%3A", ":").replace("%2F", "/")
}

/// A name of the same form that nothing has.
fn nowhere(value: &str) -> String {
    match value.split_once('_') {
        Some((prefix, _)) => format!("{prefix}_nowhere"),
        None if value.len() == 64 => "f".repeat(64),
        None => "00000000-0000-4000-8000-000000000000".to_owned(),
    }
}
