//! Starting the process of a function.
//! The child gets exactly the environment given and its own process group, so that it never sees
//! the terminal's interrupt before the runner has ended it in order.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use std::process::Stdio;

use tokio::process::Command;
use tokio::sync::oneshot;

/// A started instance.
pub struct Launched {
    pub process_id: Option<u32>,
    /// Resolves with a description when the instance has ended.
    pub exited: Pin<Box<dyn Future<Output = String> + Send>>,
    /// Ends the instance.
    pub kill: Box<dyn FnOnce() + Send>,
}

/// How instances come to life; tests put tasks in place of processes.
pub trait Launcher: Send + Sync + 'static {
    /// Starts one instance of `function` that asks `runtime_api` for work.
    fn launch(&self, function: &str, runtime_api: &str) -> std::io::Result<Launched>;
}

/// Starts the built binaries.
#[derive(Debug, Default)]
pub struct ProcessLauncher {
    /// Function name to executable.
    pub executables: BTreeMap<String, PathBuf>,
    /// Function name to its environment.
    pub environments: BTreeMap<String, Vec<(String, String)>>,
    /// Folder that collects one log per function.
    pub logs: PathBuf,
}

impl Launcher for ProcessLauncher {
    fn launch(&self, function: &str, runtime_api: &str) -> std::io::Result<Launched> {
        let executable = self
            .executables
            .get(function)
            .ok_or_else(|| std::io::Error::other("its binary was not built"))?;
        let log = OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.logs.join(format!("{function}.log")))?;
        let mut child = Command::new(executable)
            .env_clear()
            .envs(self.environments.get(function).into_iter().flatten().cloned())
            // Only a full address may carry a path, and the path tells the instances apart.
            .env("AWS_LAMBDA_RUNTIME_API", runtime_api)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()?;
        let process_id = child.id();
        let (kill, killed) = oneshot::channel::<()>();
        let exited = async move {
            tokio::select! {
                status = child.wait() => {
                    status.map_or_else(|error| error.to_string(), |status| status.to_string())
                }
                Ok(()) = killed => {
                    let _already_gone = child.kill().await;
                    "stopped".to_owned()
                }
            }
        };
        let kill = Box::new(move || {
            let _already_gone = kill.send(());
        });
        Ok(Launched { process_id, exited: Box::pin(exited), kill })
    }
}
