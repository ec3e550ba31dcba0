//! The web app before the front: its files, its pages, its headers, and what is not its business.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::fs;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::http::StatusCode;
use interlock_local::net::{self, Served};
use interlock_local::web::{WebApp, is_stale, wrap};
use tempfile::TempDir;

struct Rig {
    served: Served,
    client: reqwest::Client,
    _folder: TempDir,
}

/// An app of three files before a front that says so.
async fn rig() -> Rig {
    let folder = TempDir::new().unwrap();
    let files = folder.path().join("dist");
    fs::create_dir_all(files.join("assets")).unwrap();
    fs::write(files.join("index.html"), "<!doctype html>page").unwrap();
    fs::write(files.join("assets/entry-1a2b.js"), "0123456789").unwrap();
    fs::write(folder.path().join("secret.txt"), "not yours").unwrap();
    let headers = r#"{
        "everywhere": {"content-security-policy": "default-src 'none'", "x-frame-options": "DENY"},
        "under": {"/training/": {"content-security-policy": "frame-src films"}}
    }"#;
    fs::write(folder.path().join("headers.json"), headers).unwrap();
    let app = WebApp::read(folder.path()).unwrap();
    let front = Router::new().fallback(|| async { "the front" });
    let served = net::serve(wrap(app, front)).await.unwrap();
    Rig { served, client: net::client(None).unwrap(), _folder: folder }
}

impl Rig {
    async fn get(&self, path: &str) -> reqwest::Response {
        self.client.get(format!("{}{path}", self.served.url())).send().await.unwrap()
    }
}

#[tokio::test]
async fn a_deep_link_is_a_page_under_the_headers_of_production() {
    let rig = rig().await;
    let answer = rig.get("/machines/mch_laser/reserve?week=2026-11-30").await;
    assert_eq!(answer.headers()["content-security-policy"], "default-src 'none'");
    assert_eq!(answer.headers()["cache-control"], "no-cache");
    assert_eq!(answer.text().await.unwrap(), "<!doctype html>page");
}

#[tokio::test]
async fn a_page_that_needs_more_gets_it_alone() {
    let rig = rig().await;
    for (path, policy) in [
        ("/training/mod_laser", "frame-src films"),
        ("/training", "default-src 'none'"),
        ("/machines/training/", "default-src 'none'"),
    ] {
        let answer = rig.get(path).await;
        assert_eq!(answer.headers()["content-security-policy"], policy, "{path}");
        assert_eq!(answer.headers()["x-frame-options"], "DENY", "{path}");
    }
}

#[tokio::test]
async fn a_file_with_a_digest_is_kept_for_ever() {
    let rig = rig().await;
    let answer = rig.get("/assets/entry-1a2b.js").await;
    assert_eq!(answer.headers()["content-type"], "text/javascript");
    assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
}

#[tokio::test]
async fn a_part_of_a_file_is_sent_where_one_is_asked_for() {
    let rig = rig().await;
    let url = format!("{}/assets/entry-1a2b.js", rig.served.url());
    let answer = rig.client.get(url).header("range", "bytes=2-4").send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(answer.headers()["content-range"], "bytes 2-4/10");
    assert_eq!(answer.text().await.unwrap(), "234");
}

#[tokio::test]
async fn a_missing_file_is_no_page() {
    let rig = rig().await;
    assert_eq!(rig.get("/assets/gone.js").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn no_path_leads_out_of_the_folder() {
    let rig = rig().await;
    // Escaped, because clients resolve plain dots themselves.
    for path in ["/..%2fsecret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt"] {
        assert_ne!(rig.get(path).await.text().await.unwrap(), "not yours", "{path}");
    }
}

#[tokio::test]
async fn the_api_and_every_write_are_the_fronts() {
    let rig = rig().await;
    assert_eq!(rig.get("/api/machines").await.text().await.unwrap(), "the front");
    let url = format!("{}/machines", rig.served.url());
    let answer = rig.client.post(url).send().await.unwrap();
    assert_eq!(answer.text().await.unwrap(), "the front");
}

#[test]
fn the_app_is_stale_until_it_is_built_and_again_once_a_source_changes() {
    let folder = TempDir::new().unwrap();
    let write = |name: &str, seconds: u64| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
        fs::File::create(path).unwrap().set_modified(time).unwrap();
    };
    write("src/main.tsx", 100);
    assert!(is_stale(folder.path()));
    write("dist/index.html", 200);
    write("node_modules/some/file.js", 300);
    assert!(!is_stale(folder.path()));
    write("src/deep/page.tsx", 300);
    assert!(is_stale(folder.path()));
}
