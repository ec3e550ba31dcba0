//! What is logged, line by line; included by path, each time alone in its binary, because
//! subscribers are process-wide.

#![allow(dead_code, reason = "each test binary uses its own part")]
#![expect(clippy::unwrap_used, reason = "what is logged is text of JSON, or the test fails")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tracing::subscriber::DefaultGuard;

/// Lines since they were taken last.
#[derive(Clone, Default)]
pub(crate) struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Lines {
    /// Hears what is logged from now on, until the guard is dropped.
    pub(crate) fn listen(&self) -> DefaultGuard {
        let sink = self.clone();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .flatten_event(true)
            .with_writer(move || sink.clone())
            .finish();
        tracing::subscriber::set_default(subscriber)
    }

    /// As text, and begins anew.
    pub(crate) fn text(&self) -> String {
        String::from_utf8(std::mem::take(&mut *self.0.lock().unwrap())).unwrap()
    }

    /// As values, and begins anew.
    pub(crate) fn taken(&self) -> Vec<Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// Figures, each as often as it was told, and begins anew.
    pub(crate) fn figures<const N: usize>(&self, names: [&str; N]) -> [Vec<u64>; N] {
        let told = self.taken();
        names.map(|name| told.iter().filter_map(|line| line[name].as_u64()).collect())
    }
}
