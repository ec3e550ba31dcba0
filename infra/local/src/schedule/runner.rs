//! Runs scheduled functions when they are due.
//! A run that is still going lets the next ones pass, as one run at a time is what jobs expect.

use std::time::Duration;

use serde_json::json;

use super::expression::Expression;
use crate::jobs::Jobs;
use crate::tasks::Guarded;
use crate::template::{Function, ScheduleEvent};
use crate::{LocalError, random, wall};

/// Starts one task for each schedule; they stop when the answer is dropped.
pub fn start(functions: &[Function], jobs: &Jobs) -> Result<Vec<Guarded>, LocalError> {
    let mut tasks = Vec::new();
    for function in functions {
        for schedule in &function.schedules {
            let expression = Expression::parse(&schedule.expression, &schedule.time_zone)
                .map_err(|detail| LocalError::part("schedule", detail))?;
            tasks.push(run(function.name.clone(), schedule.clone(), expression, jobs.clone()));
        }
    }
    Ok(tasks)
}

fn run(function: String, schedule: ScheduleEvent, expression: Expression, jobs: Jobs) -> Guarded {
    Guarded::spawn(async move {
        let mut last = wall::now();
        while let Some(due) = expression.next(last) {
            let wait = due.as_millisecond().saturating_sub(wall::now_milliseconds()).max(0);
            tokio::time::sleep(Duration::from_millis(wait.unsigned_abs())).await;
            if let Err(error) = jobs.run_scheduled(&function, payload(&function, &schedule)).await {
                tracing::warn!(function, %error, "a scheduled run failed");
            }
            last = due.max(wall::now());
        }
    })
}

/// What the scheduler hands to the function: its input, or its own event without one.
pub fn payload(function: &str, schedule: &ScheduleEvent) -> Vec<u8> {
    if let Some(input) = &schedule.input {
        return input.clone().into_bytes();
    }
    let arn = format!("arn:aws:scheduler:eu-central-1:000000000000:schedule/default/{function}");
    json!({
        "version": "0",
        "id": random::uuid(),
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "account": "000000000000",
        "time": wall::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "region": "eu-central-1",
        "resources": [arn],
        "detail": "{}",
    })
    .to_string()
    .into_bytes()
}
