//! Calls for Cal.com's own schedules, to its web app and not to its API (CONTRACT 11).
//!
//! Two guards, and one secret that a deployment gives both: some calls want it bare, some as a
//! bearer's. Nothing of an answer but its status is looked at.

use std::time::Duration;

use interlock_app::ports::{Chore, ChoreError};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, HeaderValue};

use crate::transport::Line;
use crate::{CalcomConfig, Secret};

/// How long a call may take: most answer when the work is done. Below the 30 s of the function.
const PATIENCE: Duration = Duration::from_secs(20);

/// How a call proves itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// `CRON_API_KEY`, as it is.
    Bare,
    /// `CRON_SECRET`, after `Bearer`.
    Bearer,
}

/// Method, path and guard.
fn call_of(chore: Chore) -> (Method, &'static str, Guard) {
    match chore {
        Chore::Meetings => (Method::POST, "/api/cron/webhookTriggers", Guard::Bare),
        Chore::Tasks => (Method::GET, "/api/tasks/cron", Guard::Bearer),
        Chore::TasksCleanup => (Method::GET, "/api/tasks/cleanup", Guard::Bearer),
        Chore::TimeZones => (Method::POST, "/api/cron/changeTimeZone", Guard::Bare),
        Chore::CalendarSubscriptions => {
            (Method::GET, "/api/cron/calendar-subscriptions", Guard::Bare)
        }
        Chore::CalendarCleanup => {
            (Method::GET, "/api/cron/calendar-subscriptions-cleanup", Guard::Bare)
        }
        Chore::SelectedCalendars => (Method::GET, "/api/cron/selected-calendars", Guard::Bare),
        Chore::Credentials => (Method::GET, "/api/cron/credentials", Guard::Bare),
    }
}

/// Cal.com's web app, as its schedules call it.
pub struct CalcomWeb {
    line: Line,
}

impl CalcomWeb {
    /// From where the web app is; asks nothing of anybody and reads no roots.
    pub fn new(config: CalcomConfig) -> Self {
        Self { line: Line::new(config) }
    }

    /// Has one chore done.
    pub async fn call(&self, chore: Chore, secret: &Secret) -> Result<(), ChoreError> {
        let (method, path, guard) = call_of(chore);
        let proof = match guard {
            Guard::Bare => secret.expose().to_owned(),
            Guard::Bearer => format!("Bearer {}", secret.expose()),
        };
        let mut proof = HeaderValue::from_str(&proof).map_err(|_| ChoreError::Secretless)?;
        proof.set_sensitive(true);
        let client = self.line.client().map_err(|_| ChoreError::Silent)?;
        let request = client.request(method, format!("{}{path}", self.line.config().base));
        let sent = request.header(AUTHORIZATION, proof).timeout(PATIENCE).send().await;
        let answer = sent.map_err(|_| ChoreError::Silent)?;
        match answer.status().as_u16() {
            200..=299 => Ok(()),
            401 | 403 => Err(ChoreError::Refused),
            404 | 405 => Err(ChoreError::Unknown),
            other => Err(ChoreError::Failed(other)),
        }
    }
}
