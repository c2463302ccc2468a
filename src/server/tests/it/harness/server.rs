//! The real program as a child process: started, stopped, killed, or refusing to start.

use std::{
    fs::{self, OpenOptions},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    time::{Instant, sleep, timeout},
};

use super::actor::{Actor, http};

/// Long enough for a busy machine: whatever takes this long has failed.
const PATIENCE: Duration = Duration::from_secs(60);

/// A running server. Dropping it kills it.
pub struct Server {
    child: Child,
    pub url: String,
}

impl Server {
    /// Starts the program and waits until `/health` answers.
    pub(super) async fn start(settings: &[(&'static str, String)], log: &Path) -> Self {
        let output = OpenOptions::new().create(true).append(true).open(log).unwrap();
        let before = fs::read(log).unwrap().len();
        let mut child = program(&["serve"], settings)
            .stdout(output.try_clone().unwrap())
            .stderr(output)
            .spawn()
            .unwrap();
        let deadline = Instant::now() + PATIENCE;
        let url = loop {
            let written = fs::read(log).unwrap();
            let written = String::from_utf8_lossy(&written[before..]).into_owned();
            if let Some(url) = serving_at(&written) {
                break url;
            }
            if let Some(status) = child.try_wait().unwrap() {
                panic!("the server ended with {status}:\n{written}");
            }
            assert!(Instant::now() < deadline, "the server does not serve:\n{written}");
            sleep(Duration::from_millis(5)).await;
        };
        let health = http().get(format!("{url}/health")).send().await.unwrap();
        assert_eq!(health.status(), 200);
        Self { child, url }
    }

    /// Somebody who is not signed in.
    pub fn anonymous(&self) -> Actor {
        Actor::new(&self.url)
    }

    /// Asks it to stop, and waits until it has.
    pub async fn stop(self) -> ExitStatus {
        self.ask_to_stop();
        self.stopped().await
    }

    /// Waits until a server that was asked to stop has done so.
    pub async fn stopped(mut self) -> ExitStatus {
        timeout(PATIENCE, self.child.wait())
            .await
            .expect("the server stops")
            .unwrap()
    }

    /// Sends SIGTERM and does not wait.
    pub fn ask_to_stop(&self) {
        let id = self.child.id().expect("the server is running").to_string();
        assert!(
            std::process::Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .unwrap()
                .success()
        );
    }

    /// `kill -9`.
    pub async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }
}

/// How a program ended that refused to serve, or had something else to do.
pub struct Refusal {
    pub code: Option<i32>,
    /// All that it wrote.
    pub said: String,
}

impl Refusal {
    /// Runs the program with these arguments and waits until it ends.
    pub(super) async fn of(arguments: &[&str], settings: &[(&'static str, String)]) -> Self {
        let child = program(arguments, settings)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = timeout(PATIENCE, child.wait_with_output())
            .await
            .expect("the program ends")
            .unwrap();
        let said = [output.stdout, output.stderr].concat();
        Self {
            code: output.status.code(),
            said: String::from_utf8(said).unwrap(),
        }
    }
}

/// The program with these settings and nothing of the surrounding environment.
fn program(arguments: &[&str], settings: &[(&'static str, String)]) -> Command {
    let mut command = Command::new(PathBuf::from(env!("CARGO_BIN_EXE_marshmallow")));
    command
        .args(arguments)
        .env_clear()
        .envs(settings.iter().map(|(name, value)| (name, value)));
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// The address that the server announced, once the line is whole.
fn serving_at(log: &str) -> Option<String> {
    let whole_lines = &log[..log.rfind('\n')?];
    let line = whole_lines.lines().find(|line| line.contains("serving"))?;
    let (_, address) = line.split_once("address")?;
    let address = address.trim_matches(|mark: char| !mark.is_ascii_digit());
    Some(format!("http://{address}"))
}
