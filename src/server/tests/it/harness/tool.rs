//! The real program as a command that ends by itself, or is killed before.

use std::{process::Stdio, time::Duration};

use tokio::{
    process::{Child, Command},
    time::timeout,
};

/// Long enough for a busy machine: whatever takes this long has failed.
const PATIENCE: Duration = Duration::from_secs(240);

/// A command under way. Dropping it kills it.
pub struct Tool(Child);

/// How a command ended.
pub struct Ended {
    pub is_success: bool,
    /// All that it wrote.
    pub said: String,
}

impl Tool {
    pub(super) fn start(settings: &[(&'static str, String)], arguments: &[&str]) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_marshmallow"))
            .args(arguments)
            .env_clear()
            .envs(settings.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        Self(child)
    }

    /// Waits until it has ended.
    pub async fn ended(self) -> Ended {
        let output = timeout(PATIENCE, self.0.wait_with_output())
            .await
            .expect("the command ends")
            .unwrap();
        Ended {
            is_success: output.status.success(),
            said: String::from_utf8([output.stdout, output.stderr].concat()).unwrap(),
        }
    }

    /// `kill -9` after a while. False if it had ended by then.
    pub async fn killed_after(mut self, moment: Duration) -> bool {
        if timeout(moment, self.0.wait()).await.is_ok() {
            return false;
        }
        self.0.kill().await.unwrap();
        true
    }
}
