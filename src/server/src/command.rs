//! The command line and the environment, in one place; `marshmallow --help` prints it.
//! Secrets come from the environment only: a process list shows flags to everyone.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser};
use marshmallow_core::RegistrationPolicy;

use crate::{audit::AuditCommand, log::Format};

/// Self-hosted AI chat in which every person brings their own provider keys.
#[derive(Debug, Parser)]
#[command(name = "marshmallow", version, after_long_help = SECRETS)]
pub enum Command {
    /// Serve the application.
    #[command(after_long_help = SECRETS)]
    Serve(Box<Options>),
    /// Replace the root secret while servers run. Can be killed at any moment and run again.
    #[command(after_long_help = SECRETS)]
    RotateRoot(crate::rotate_root::RotateRoot),
    /// Look after the audit trail.
    #[command(subcommand)]
    Audit(AuditCommand),
}

const SECRETS: &str = "\
Secrets, from the environment only:
  MARSHMALLOW_ROOT_SECRET              32 random bytes as 64 hex digits or base64; without it, the file
                                       `root-secret` in the data folder is used, and made on the first start
  MARSHMALLOW_ROOT_SECRET_NEXT         the one that is to replace it, while it is being replaced
  DATABASE_URL                         postgres://user:password@host/database; without it, SQLite in the
                                       data folder
  MARSHMALLOW_PLATFORM_OPENAI_KEY      keys that serve everyone who has none of their own;
  MARSHMALLOW_PLATFORM_ANTHROPIC_KEY   also _GOOGLE_KEY and _OPENROUTER_KEY
  MARSHMALLOW_PLATFORM_CUSTOM_URL      an OpenAI-compatible server for everyone, with
  MARSHMALLOW_PLATFORM_CUSTOM_KEY      its key and
  MARSHMALLOW_PLATFORM_CUSTOM_NAME     the word before the slash of its models' names (default: local)";

/// How to serve.
#[derive(Debug, Args)]
pub struct Options {
    /// The address to listen on.
    #[arg(long, env = "MARSHMALLOW_ADDR", default_value = "127.0.0.1:3000")]
    pub addr: SocketAddr,

    /// The folder for the database and the root secret.
    #[arg(long, env = "MARSHMALLOW_DATA", default_value = "marshmallow-data")]
    pub data: PathBuf,

    /// The folder of the built site [default: `site` beside this program].
    #[arg(long, env = "MARSHMALLOW_SITE")]
    pub site: Option<PathBuf>,

    /// The address at which browsers reach this server, such as https://chat.example.org.
    /// With https, cookies are marked secure.
    #[arg(long, env = "MARSHMALLOW_PUBLIC_URL")]
    pub public_url: Option<url::Url>,

    /// Who may register after the first account: open, invitation or closed.
    #[arg(long, env = "MARSHMALLOW_REGISTRATION", default_value = "invitation")]
    pub registration: RegistrationPolicy,

    /// Private hosts that custom endpoints may be on, as host:port, separated by commas.
    #[arg(long, env = "MARSHMALLOW_ALLOW_HOSTS", value_delimiter = ',')]
    pub allow_hosts: Vec<String>,

    /// The number of trusted proxies in front, each of which adds to X-Forwarded-For.
    #[arg(long, env = "MARSHMALLOW_PROXIES", default_value_t = 0)]
    pub proxies: usize,

    /// How lines of the log are written: text for people, json for collectors.
    #[arg(long, env = "MARSHMALLOW_LOG_FORMAT", value_enum, default_value_t = Format::Text)]
    pub log_format: Format,

    /// The address of OpenAI's API, for a gateway or a stand-in.
    #[arg(long, env = "MARSHMALLOW_OPENAI_URL")]
    pub openai_url: Option<String>,

    /// The address of Anthropic's API.
    #[arg(long, env = "MARSHMALLOW_ANTHROPIC_URL")]
    pub anthropic_url: Option<String>,

    /// The address of Google AI's API.
    #[arg(long, env = "MARSHMALLOW_GOOGLE_URL")]
    pub google_url: Option<String>,

    /// The address of OpenRouter's API.
    #[arg(long, env = "MARSHMALLOW_OPENROUTER_URL")]
    pub openrouter_url: Option<String>,
}
