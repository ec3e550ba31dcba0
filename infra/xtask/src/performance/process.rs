//! One process against a stub of its own.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::stub::{Step, Stub};

/// Longest wait for a step of a process.
const PATIENCE: Duration = Duration::from_secs(30);
/// What every function is told. Secrets that a first call would look for are left out: the stub has
/// none, and a call that fails is no measure.
const VARIABLES: [(&str, &str); 21] = [
    ("AWS_ACCESS_KEY_ID", "measured"),
    ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
    ("AWS_LAMBDA_FUNCTION_NAME", "measured"),
    ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
    ("AWS_LAMBDA_LOG_GROUP_NAME", "measured"),
    ("AWS_LAMBDA_LOG_STREAM_NAME", "measured"),
    ("AWS_REGION", "eu-west-1"),
    ("AWS_SECRET_ACCESS_KEY", "measured"),
    ("INTERLOCK_APP_ORIGIN", "https://interlock.example.test"),
    ("INTERLOCK_CALCOM_CRON_SECRET", "measured/cron"),
    ("INTERLOCK_CALCOM_SECRET", "measured/calcom"),
    ("INTERLOCK_CALCOM_URL", "http://calcom.example.test"),
    ("INTERLOCK_CALCOM_WEB_URL", "http://calcom.example.test"),
    ("INTERLOCK_DEPLOYMENT", "measured"),
    ("INTERLOCK_MAIL_FROM", "interlock@example.test"),
    ("INTERLOCK_MAIL_NAME", "Measured"),
    ("INTERLOCK_OUTBOX_QUEUE_URL", "https://sqs.example.test/outbox"),
    ("INTERLOCK_SES_CONFIGURATION_SET", "measured"),
    ("INTERLOCK_TABLE", "interlock"),
    ("INTERLOCK_WEBHOOK_QUEUE_URL", "https://sqs.example.test/webhook"),
    ("INTERLOCK_WEBHOOK_SECRET", "measured/webhook"),
];

/// A process that was started; it ends with this value.
pub(super) struct Process {
    stub: Stub,
    child: Child,
    from: Instant,
}

impl Process {
    /// Starts it with what functions are told and nothing else.
    pub(super) fn start(mut command: Command) -> Result<Self, String> {
        let stub = Stub::start()?;
        command.env("AWS_LAMBDA_RUNTIME_API", &stub.address);
        command.env("AWS_ENDPOINT_URL", format!("http://{}", stub.address));
        command.envs(VARIABLES).stdout(Stdio::null()).stderr(Stdio::null());
        let from = Instant::now();
        let child = command.spawn().map_err(|error| format!("{command:?}: {error}"))?;
        Ok(Self { stub, child, from })
    }

    /// Milliseconds from its start until it asks for work.
    pub(super) fn asked(&self) -> Result<f64, String> {
        Ok(milliseconds(self.next_request()?.duration_since(self.from)))
    }

    fn next_request(&self) -> Result<Instant, String> {
        match self.stub.steps.recv_timeout(PATIENCE) {
            Ok(Step::Asked(at)) => Ok(at),
            Ok(Step::Answered(_)) => Err("it answered what nobody asked".to_owned()),
            Err(error) => Err(format!("it never asked for work: {error}")),
        }
    }

    /// Milliseconds of one call, from the hand-over to the answer; then it has asked again.
    pub(super) fn called(&self, event: &str) -> Result<f64, String> {
        let from = Instant::now();
        self.stub.give(event)?;
        let answered = match self.stub.steps.recv_timeout(PATIENCE) {
            Ok(Step::Answered(at)) => at,
            Ok(Step::Asked(_)) => return Err("it asked again without an answer".to_owned()),
            Err(error) => return Err(format!("it never answered: {error}")),
        };
        self.next_request()?;
        Ok(milliseconds(answered.duration_since(from)))
    }

    /// Most memory it had, in MiB, as Linux tells it; nothing elsewhere.
    pub(super) fn memory(&self) -> f64 {
        let file = format!("/proc/{}/status", self.child.id());
        let text = std::fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let size = line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<u32>().ok());
        f64::from(size.unwrap_or(0)) / 1024.0
    }
}

impl Drop for Process {
    /// Whatever became of the run, nothing goes on beside the next one.
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _waited = self.child.wait();
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
