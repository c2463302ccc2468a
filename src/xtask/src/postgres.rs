//! A real PostgreSQL for the tests: in a temporary folder, on loopback, gone with its handle.
//! Knows nothing of what is stored in it.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::processes::{self, Group};
use crate::programs;

/// A running server. Whoever can reach it on this machine may do everything with it.
pub struct Postgres {
    /// Where it is, as a superuser.
    pub url: String,
    // In this order: the server ends before its folder goes.
    _server: Group,
    _folder: TempDir,
}

impl Postgres {
    /// Makes a new, empty server; installs PostgreSQL first where that is possible and needed.
    ///
    /// # Errors
    /// When there is no PostgreSQL (the message says what to install), or it does not start.
    pub fn start() -> Result<Self> {
        let programs = find_or_install()?;
        let user = server_user()?;
        let folder = tempfile::Builder::new()
            .prefix("marshmallow-postgres-")
            .tempdir()?;
        if let Some((uid, gid)) = user {
            chown(folder.path(), Some(uid), Some(gid))?;
        }
        let data = folder.path().join("data");
        let program = |name: &str| {
            let mut command = Command::new(programs.join(name));
            command.current_dir(folder.path()).arg("-D").arg(&data);
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command
        };
        let mut initdb = program("initdb");
        initdb.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--no-sync",
        ]);
        processes::output(&mut initdb)?;

        let port = free_port()?;
        let mut postgres = program("postgres");
        postgres
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k"])
            .arg(folder.path());
        // Nothing here is worth a slow test: the folder goes with the server.
        for setting in [
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=300",
        ] {
            postgres.args(["-c", setting]);
        }
        let log = folder.path().join("log");
        postgres.stdout(Stdio::null()).stderr(fs::File::create(&log)?);
        // SIGQUIT: at once, without waiting for clients or writing anything back.
        let mut server = Group::start(&mut postgres)?.stopped_with(Signal::QUIT);
        let ready = server.wait_until("become ready", Duration::from_secs(60), || is_ready(&data));
        ready.with_context(|| fs::read_to_string(&log).unwrap_or_default())?;
        println!("  ✓ PostgreSQL on 127.0.0.1:{port}");
        Ok(Self {
            url: format!("postgres://postgres@127.0.0.1:{port}/postgres"),
            _server: server,
            _folder: folder,
        })
    }
}

/// The server says so itself, in the eighth line of its own file.
fn is_ready(data: &Path) -> bool {
    fs::read_to_string(data.join("postmaster.pid"))
        .is_ok_and(|text| text.lines().nth(7).is_some_and(|status| status.trim() == "ready"))
}

fn find_or_install() -> Result<PathBuf> {
    if let Some(folder) = find() {
        return Ok(folder);
    }
    programs::install_from_debian("postgresql", "PostgreSQL (its server, for the tests)")?;
    find().context("the package postgresql is installed, but its programs are nowhere to be found")
}

/// The folder with PostgreSQL's programs. What is on the PATH may be a link into it.
fn find() -> Option<PathBuf> {
    let complete = |folder: &Path| {
        ["initdb", "postgres"]
            .iter()
            .all(|name| folder.join(name).is_file())
    };
    let on_path = programs::find(&["initdb"]).and_then(|path| fs::canonicalize(path).ok());
    if let Some(folder) = on_path
        .as_deref()
        .and_then(Path::parent)
        .filter(|folder| complete(folder))
    {
        return Some(folder.to_owned());
    }
    let debian = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let mut folders: Vec<_> = debian
        .map(|entry| entry.path().join("bin"))
        .filter(|path| complete(path))
        .collect();
    folders.sort();
    folders.pop()
}

/// PostgreSQL refuses to run as root: the user and group to run it as instead.
fn server_user() -> Result<Option<(u32, u32)>> {
    if !programs::is_root() {
        return Ok(None);
    }
    for name in ["postgres", "nobody"] {
        let id = |what: &str| -> Result<u32> {
            Ok(processes::output(Command::new("id").args([what, name]))?
                .trim()
                .parse()?)
        };
        if let (Ok(uid), Ok(gid)) = (id("-u"), id("-g")) {
            return Ok(Some((uid, gid)));
        }
    }
    bail!("PostgreSQL does not run as root, and there is neither a user \"postgres\" nor \"nobody\"")
}

/// A port that nobody listens on at the moment.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
