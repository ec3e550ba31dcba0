//! Runs jobs by hand and for schedules.
//! One run of a job at a time: a second call waits and then runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use crate::pump::Pump;
use crate::runtime::{InvokeError, Manager};
use crate::schedule;
use crate::template::{Function, Template};

/// Prefix shared by the lanes of the outbox; `outbox` alone runs them all.
const OUTBOX: &str = "outbox";

/// Why a job has no report.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    #[error("no job `{0}`")]
    Unknown(String),
    #[error(transparent)]
    Invoke(#[from] InvokeError),
    #[error("queue of the job: {0}")]
    Queue(#[from] crate::queue::QueueFault),
}

/// The functions of the template that no request reaches.
#[derive(Clone)]
pub struct Jobs {
    inner: Arc<Inner>,
}

struct Inner {
    manager: Manager,
    jobs: BTreeMap<String, Job>,
}

struct Job {
    function: Function,
    pumps: Vec<Pump>,
    running: Mutex<()>,
}

impl Jobs {
    /// The jobs of `template`, with the pumps that feed them.
    pub fn new(template: &Template, manager: Manager, pumps: &[Pump]) -> Self {
        let is_job = |function: &&Function| function.routes.is_empty();
        let job = |function: &Function| Job {
            function: function.clone(),
            pumps: pumps.iter().filter(|pump| pump.function() == function.name).cloned().collect(),
            running: Mutex::new(()),
        };
        let jobs = template
            .functions
            .iter()
            .filter(is_job)
            .map(|function| (function.name.clone(), job(function)))
            .collect();
        Self { inner: Arc::new(Inner { manager, jobs }) }
    }

    /// Runs a job, or every lane of the outbox, and answers its report. `input` replaces the input
    /// of its schedule when it is not empty.
    pub async fn run(&self, name: &str, input: &Map<String, Value>) -> Result<Value, JobError> {
        if name != OUTBOX {
            return self.run_one(name, input).await;
        }
        let mut reports = Vec::new();
        for lane in self.inner.jobs.keys().filter(|lane| lane.starts_with("outbox-")) {
            reports.push(self.run_one(lane, input).await?);
        }
        Ok(add_up(&reports))
    }

    async fn run_one(&self, name: &str, input: &Map<String, Value>) -> Result<Value, JobError> {
        let unknown = || JobError::Unknown(name.to_owned());
        let job = self.inner.jobs.get(name).ok_or_else(unknown)?;
        let _turn = job.running.lock().await;
        let mut drained = Value::Null;
        for pump in &job.pumps {
            drained = json!(pump.drain().await?);
        }
        let payload = match job.function.schedules.first() {
            Some(schedule) if input.is_empty() => schedule::payload(name, schedule),
            None if !job.pumps.is_empty() => return Ok(drained),
            // What nothing starts by itself is called by hand, with what it is given.
            Some(_) | None => Value::Object(input.clone()).to_string().into_bytes(),
        };
        let answer = self.inner.manager.invoke(name, payload).await?;
        Ok(serde_json::from_slice(&answer).unwrap_or(Value::Null))
    }

    /// One run for a schedule; waits for its turn like any other.
    pub async fn run_scheduled(&self, name: &str, payload: Vec<u8>) -> Result<(), JobError> {
        let job = self.inner.jobs.get(name).ok_or_else(|| JobError::Unknown(name.to_owned()))?;
        let _turn = job.running.lock().await;
        self.inner.manager.invoke(name, payload).await?;
        Ok(())
    }
}

/// Sums the numbers of reports of the same shape.
fn add_up(reports: &[Value]) -> Value {
    let mut total: Map<String, Value> = Map::new();
    for (name, value) in reports.iter().filter_map(Value::as_object).flatten() {
        let sum = match (total.get(name).and_then(Value::as_u64), value.as_u64()) {
            (Some(left), Some(right)) => json!(left + right),
            _ => value.clone(),
        };
        total.insert(name.clone(), sum);
    }
    Value::Object(total)
}
