//! The scripted provider beside the server. Knows its addresses, and nothing of what it says.

use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Result;

use crate::build::Mode;
use crate::native;
use crate::processes::Group;
use crate::project::Project;

/// Which variable of the server points to which part of the simulator.
const ADDRESSES: [(&str, &str); 4] = [
    ("MARSHMALLOW_OPENAI_URL", "/openai/v1"),
    ("MARSHMALLOW_ANTHROPIC_URL", "/anthropic/v1"),
    ("MARSHMALLOW_GOOGLE_URL", "/google/v1beta"),
    ("MARSHMALLOW_OPENROUTER_URL", "/openrouter/api/v1"),
];

/// A running simulator.
pub struct Simulator {
    /// `host:port`, as the server's list of allowed hosts wants it.
    pub host: String,
    _server: Group,
}

impl Simulator {
    /// Builds and starts it on a free loopback port.
    ///
    /// # Errors
    /// When it cannot be built or does not start.
    pub fn start(project: &Project, mode: Mode) -> Result<Self> {
        let mut command = Command::new(native::simulator(project, mode)?);
        command.args(["--addr", "127.0.0.1:0"]).stdout(Stdio::piped());
        let mut server = Group::start(&mut command)?;
        let host = server.wait_for_line(Duration::from_secs(30), |line| {
            line.strip_prefix("listening on http://")
                .map(|host| host.trim_end_matches('/').to_owned())
        })?;
        println!("  ✓ simulator at http://{host}");
        Ok(Self {
            host,
            _server: server,
        })
    }

    /// The server's variables that make it take the simulator for every provider.
    pub fn variables(&self) -> impl Iterator<Item = (String, String)> {
        ADDRESSES
            .iter()
            .map(|(name, path)| ((*name).to_owned(), format!("http://{}{path}", self.host)))
    }
}
