//! Running other programs so that none outlives this one: each gets a process group of its own,
//! which ends with its handle, on Ctrl-C, on an error and on a panic. Knows no program by name.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

static INTERRUPTED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);
const POLL: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(15);

/// From here on Ctrl-C (or SIGTERM, or a closed terminal) ends the programs below first, and then this one.
///
/// # Errors
/// When the signal handlers cannot be installed.
pub fn watch_for_interrupt() -> Result<()> {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(&INTERRUPTED))?;
    }
    Ok(())
}

/// Whether the person has asked to stop.
#[must_use]
pub fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// Runs a program to its end, with its output on ours.
///
/// # Errors
/// When it cannot be started, fails, or is interrupted.
pub fn run(command: &mut Command) -> Result<()> {
    let status = Group::start(command)?.wait()?;
    if !status.success() {
        bail!("{} failed ({status})", name_of(command));
    }
    Ok(())
}

/// Runs a program to its end, with its output on ours; gives back whether it succeeded and what it printed.
///
/// # Errors
/// When it cannot be started, or is interrupted.
pub fn run_and_read(command: &mut Command) -> Result<(bool, String)> {
    let mut group = Group::start(command.stdout(Stdio::piped()))?;
    let pipe = group.child.stdout.take().context("no standard output")?;
    let reader = thread::spawn(move || {
        let mut text = String::new();
        let mut lines = BufReader::new(pipe);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).is_ok_and(|length| length > 0) {
            let read = String::from_utf8_lossy(&line);
            print!("{read}");
            text.push_str(&read);
            line.clear();
        }
        text
    });
    let status = group.wait()?;
    let text = reader
        .join()
        .map_err(|_| anyhow!("the reader of {} failed", name_of(command)))?;
    Ok((status.success(), text))
}

/// Runs a program quietly and gives back its standard output.
///
/// # Errors
/// When it cannot be started or fails; the message holds what it wrote to standard error.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("starting {}", name_of(command)))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{} failed ({}): {}",
            name_of(command),
            output.status,
            error.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// A running program and all that it starts.
pub struct Group {
    name: String,
    child: Child,
    stop_with: Signal,
}

impl Group {
    /// Starts it in a process group of its own. Standard input is empty unless the command says otherwise.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start(command: &mut Command) -> Result<Self> {
        Self::start_with_input(command.stdin(Stdio::null()))
    }

    /// Like [`Group::start`], with standard input as the command has it.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn start_with_input(command: &mut Command) -> Result<Self> {
        let name = name_of(command);
        let child = command
            .process_group(0)
            .spawn()
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound => anyhow!("{name} is not installed, or not on the PATH"),
                _ => anyhow!(error).context(format!("starting {name}")),
            })?;
        Ok(Self {
            name,
            child,
            stop_with: Signal::TERM,
        })
    }

    /// Another signal than SIGTERM asks this program to stop.
    #[must_use]
    pub fn stopped_with(mut self, signal: Signal) -> Self {
        self.stop_with = signal;
        self
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// When the system cannot tell.
    pub fn ended(&mut self) -> Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When the person interrupts; the program is stopped then.
    pub fn wait(&mut self) -> Result<ExitStatus> {
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            if interrupted() {
                self.stop();
                bail!("interrupted");
            }
            thread::sleep(POLL);
        }
    }

    /// Waits until the program has written the line that `pick` knows, and throws its other lines away.
    /// Wants a piped standard output.
    ///
    /// # Errors
    /// When the program ends, `limit` passes, or the person interrupts before that line.
    pub fn wait_for_line(&mut self, limit: Duration, pick: fn(&str) -> Option<String>) -> Result<String> {
        let pipe = self.child.stdout.take().context("no standard output")?;
        let (found, line) = mpsc::channel();
        // Reads on to the end, so that the program never blocks on a full pipe.
        thread::spawn(move || {
            for text in BufReader::new(pipe).lines().map_while(Result::ok) {
                if let Some(picked) = pick(&text) {
                    // Nobody may be listening any more.
                    let _ = found.send(picked);
                }
            }
        });
        let mut picked = None;
        self.wait_until("said where it listens", limit, || {
            picked = line.try_recv().ok();
            picked.is_some()
        })?;
        picked.context("no line")
    }

    /// Waits until `ready` says yes; `what` ends the sentence "the program has not …".
    ///
    /// # Errors
    /// When the program ends, `limit` passes, or the person interrupts before that.
    pub fn wait_until(&mut self, what: &str, limit: Duration, mut ready: impl FnMut() -> bool) -> Result<()> {
        let start = Instant::now();
        loop {
            // In this order: a program that is ready and then ends has not served anybody.
            let is_ready = ready();
            if let Some(status) = self.ended()? {
                bail!("{} ended at once ({status})", self.name);
            }
            if is_ready {
                return Ok(());
            }
            if interrupted() {
                bail!("interrupted");
            }
            if start.elapsed() > limit {
                bail!("{} has not {what} within {} s", self.name, limit.as_secs());
            }
            thread::sleep(POLL);
        }
    }

    /// Asks the group to stop, and kills what has not stopped within 15 seconds.
    pub fn stop(&mut self) {
        if !matches!(self.child.try_wait(), Ok(None)) {
            return;
        }
        let group = Pid::from_child(&self.child);
        // Failing means that it has just ended by itself.
        let _ = kill_process_group(group, self.stop_with);
        let start = Instant::now();
        while start.elapsed() < PATIENCE {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(POLL);
        }
        println!(
            "{} did not stop within {} s and was killed",
            self.name,
            PATIENCE.as_secs()
        );
        let _ = kill_process_group(group, Signal::KILL);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Whether `GET /health` is answered with 200 at this address.
#[must_use]
pub fn is_healthy(address: SocketAddr) -> bool {
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.set_write_timeout(Some(Duration::from_secs(2)))?;
        let request = format!("GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(&status[9..] == b"200")
    };
    ask().unwrap_or(false)
}

fn name_of(command: &Command) -> String {
    let path = std::path::Path::new(command.get_program());
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests;
