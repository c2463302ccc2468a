//! The product, running, with whatever it may lean on beside it. Knows the server's variables.

use std::env;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::build::{self, Mode};
use crate::local_model::LocalModel;
use crate::processes::{self, Group};
use crate::project::Project;
use crate::simulator::Simulator;

const PLATFORM: &str = "MARSHMALLOW_PLATFORM_";
const ALLOW_HOSTS: &str = "MARSHMALLOW_ALLOW_HOSTS";

/// How to run it.
#[derive(clap::Args)]
pub struct Options {
    /// Take a scripted simulator for every provider, to try everything without a key
    #[arg(long)]
    simulator: bool,
    /// Do without the small language model that is started where no platform key is configured
    #[arg(long)]
    no_local_model: bool,
    /// Where to listen
    #[arg(long, env = "MARSHMALLOW_ADDR", default_value = "127.0.0.1:3000")]
    addr: String,
    /// Where the database and the root secret are kept [default: `run` in Cargo's target folder]
    #[arg(long, env = "MARSHMALLOW_DATA")]
    data: Option<PathBuf>,
}

/// What runs beside the server, and what the server is told about it.
pub struct Stage {
    address: SocketAddr,
    variables: Vec<(String, String)>,
    _simulator: Option<Simulator>,
    _model: Option<LocalModel>,
}

impl Stage {
    /// Starts what the options ask for.
    ///
    /// # Errors
    /// When the address cannot be used, or the simulator does not start. A missing model is none.
    pub fn set(project: &Project, mode: Mode, options: &Options) -> Result<Self> {
        let addresses = options.addr.to_socket_addrs();
        let address = addresses
            .with_context(|| format!("the address {}", options.addr))?
            .next()
            .with_context(|| format!("{} is no address of this machine", options.addr))?;
        // Somebody else's answer to our question must not be taken for the server's.
        TcpListener::bind(address).with_context(|| format!("listening on {address}"))?;

        let data = options.data.clone().unwrap_or_else(|| project.target.join("run"));
        println!("Data: {}", data.display());
        let mut variables = vec![
            ("MARSHMALLOW_ADDR".to_owned(), options.addr.clone()),
            ("MARSHMALLOW_DATA".to_owned(), data.to_string_lossy().into_owned()),
        ];
        let mut hosts: Vec<String> = env::var(ALLOW_HOSTS)
            .ok()
            .filter(|hosts| !hosts.is_empty())
            .into_iter()
            .collect();

        let simulator = options
            .simulator
            .then(|| Simulator::start(project, mode))
            .transpose()?;
        if let Some(simulator) = &simulator {
            variables.extend(simulator.variables());
            hosts.push(simulator.host.clone());
        }
        let wanted = !options.no_local_model && !has_platform_key(env::vars().map(|(name, _)| name));
        let model = wanted.then(|| LocalModel::start_if_possible(project)).flatten();
        if let Some(model) = &model {
            for (name, value) in [
                ("URL", model.url.as_str()),
                ("KEY", &model.key),
                ("NAME", "local"),
            ] {
                variables.push((format!("{PLATFORM}CUSTOM_{name}"), value.to_owned()));
            }
            hosts.push(model.host.clone());
        }
        if !hosts.is_empty() {
            variables.push((ALLOW_HOSTS.to_owned(), hosts.join(",")));
        }
        Ok(Self {
            address: reachable(address),
            variables,
            _simulator: simulator,
            _model: model,
        })
    }

    /// Starts the server and waits until it answers.
    ///
    /// # Errors
    /// When it ends, or does not answer within a minute.
    pub fn start_server(&self, product: &build::Product) -> Result<Group> {
        let mut command = Command::new(&product.binary);
        command.arg("serve").envs(self.variables.iter().cloned());
        let mut server = Group::start(&mut command)?;
        server.wait_until("answered at /health", Duration::from_secs(60), || {
            processes::is_healthy(self.address)
        })?;
        println!("Marshmallow is ready: http://{}", self.address);
        Ok(server)
    }
}

/// Builds the product and runs it until somebody stops it.
///
/// # Errors
/// When it cannot be built or started, or ends by itself.
pub fn run(project: &Project, options: &Options) -> Result<()> {
    let product = build::build(project, Mode::Release)?;
    let stage = Stage::set(project, Mode::Release, options)?;
    let mut server = stage.start_server(&product)?;
    println!("Ctrl-C stops it.");
    match server.wait() {
        Ok(status) => bail!("the server ended by itself ({status})"),
        Err(_) if processes::interrupted() => {
            println!("Stopped.");
            Ok(())
        }
        Err(error) => Err(error),
    }
}

fn has_platform_key(mut names: impl Iterator<Item = String>) -> bool {
    names.any(|name| name.starts_with(PLATFORM))
}

/// Listening everywhere is reached at the loopback address.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = if address.ip().is_unspecified() {
        IpAddr::V4(Ipv4Addr::LOCALHOST)
    } else {
        address.ip()
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_platform_variable_means_that_a_platform_key_is_configured() {
        let names = |list: &[&str]| has_platform_key(list.iter().map(ToString::to_string));
        assert!(names(&["PATH", "MARSHMALLOW_PLATFORM_OPENAI_KEY"]));
        assert!(!names(&["PATH", "MARSHMALLOW_ADDR"]));
    }

    #[test]
    fn the_printed_address_can_be_opened() {
        let shown = |address: &str| reachable(address.parse().unwrap()).to_string();
        assert_eq!(shown("0.0.0.0:3000"), "127.0.0.1:3000");
        assert_eq!(shown("[::]:3000"), "127.0.0.1:3000");
        assert_eq!(shown("127.0.0.2:80"), "127.0.0.2:80");
    }
}
