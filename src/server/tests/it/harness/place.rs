//! What a server is started with: its folders, its settings and the simulated providers. It outlives the server,
//! so that another one can be started on the same data.

use std::{
    fs,
    path::{Path, PathBuf},
};

use marshmallow_core::Provider;
use marshmallow_simulator::Simulator;
use tempfile::TempDir;

use super::{
    server::{Refusal, Server},
    tool::Tool,
};

/// The bundle of a built site, in a folder named by its content, and the style sheet.
const BUNDLE: &str = "/pkg/0123456789abcdef";
const CSS: &str = "/pkg/marshmallow.fedcba9876543210.css";

/// A place to serve from.
pub struct Place {
    folder: TempDir,
    pub simulator: Simulator,
    settings: Vec<(&'static str, String)>,
}

impl Place {
    /// An empty data folder, a site of dummies, and simulated providers; everyone may register.
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        write_site(&folder.path().join("site"));
        let simulator = Simulator::start().await;
        let url = simulator.url();
        let host = url.trim_start_matches("http://").to_owned();
        let inside = |name: &str| folder.path().join(name).display().to_string();
        let settings = vec![
            ("MARSHMALLOW_ADDR", "127.0.0.1:0".to_owned()),
            ("MARSHMALLOW_DATA", inside("data")),
            ("MARSHMALLOW_SITE", inside("site")),
            ("MARSHMALLOW_REGISTRATION", "open".to_owned()),
            ("MARSHMALLOW_ALLOW_HOSTS", host),
            ("MARSHMALLOW_OPENAI_URL", address(&url, Provider::OpenAi)),
            ("MARSHMALLOW_ANTHROPIC_URL", address(&url, Provider::Anthropic)),
            ("MARSHMALLOW_GOOGLE_URL", address(&url, Provider::Google)),
            ("MARSHMALLOW_OPENROUTER_URL", address(&url, Provider::OpenRouter)),
        ];
        Self {
            folder,
            simulator,
            settings,
        }
    }

    /// The same with another setting.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.settings.retain(|(known, _)| *known != name);
        self.settings.push((name, value.into()));
        self
    }

    /// Starts the server and waits until it serves.
    pub async fn start(&self) -> Server {
        Server::start(&self.settings, &self.log()).await
    }

    /// Starts a server that is expected to refuse.
    pub async fn refusal(&self) -> Refusal {
        Refusal::of(&["serve"], &self.settings).await
    }

    /// Runs another command of the program, and gives its code and all that it wrote.
    pub async fn run(&self, arguments: &[&str]) -> Refusal {
        Refusal::of(arguments, &self.settings).await
    }

    /// Starts one of the program's other commands.
    pub fn tool(&self, arguments: &[&str]) -> Tool {
        Tool::start(&self.settings, arguments)
    }

    /// The address at which the simulator stands in for a provider.
    pub fn provider_url(&self, provider: Provider) -> String {
        address(&self.simulator.url(), provider)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// The file that holds what all servers of this place wrote.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// Everything: data, log and site.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

impl Drop for Place {
    /// Whatever a test looks at: no server may have panicked.
    fn drop(&mut self) {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let Some(at) = log.find("panicked at") else { return };
        let from = log[..at].rfind('\n').unwrap_or_default();
        let said: String = log[from..].chars().take(3_000).collect();
        if std::thread::panicking() {
            eprintln!("a server panicked:{said}");
        } else {
            panic!("a server panicked:{said}");
        }
    }
}

fn address(simulator: &str, provider: Provider) -> String {
    let path = match provider {
        Provider::OpenAi => "/openai/v1",
        Provider::Anthropic => "/anthropic/v1",
        Provider::Google => "/google/v1beta",
        Provider::OpenRouter => "/openrouter/api/v1",
        Provider::Custom => "/custom/v1",
    };
    format!("{simulator}{path}")
}

fn write_site(site: &Path) {
    let manifest = serde_json::json!({
        "folder": BUNDLE,
        "js": "marshmallow.js",
        "wasm": "marshmallow_bg.wasm",
        "link": "parts.js",
        "parts": { "entrance_1": ["chunk_1"] },
        "css": CSS,
    });
    fs::create_dir_all(site.join(BUNDLE.trim_start_matches('/'))).unwrap();
    fs::write(site.join("manifest.json"), manifest.to_string()).unwrap();
    let bundle = [
        "marshmallow.js",
        "marshmallow_bg.wasm",
        "parts.js",
        "chunk_1.wasm",
    ]
    .map(|name| format!("{BUNDLE}/{name}"));
    let others = [CSS, "/favicon.svg", "/robots.txt", "/manifest.webmanifest"].map(str::to_owned);
    for file in bundle.iter().chain(&others) {
        for form in ["", ".br", ".gz"] {
            let path = site.join(format!("{}{form}", file.trim_start_matches('/')));
            fs::write(path, format!("{file}{form}")).unwrap();
        }
    }
}
