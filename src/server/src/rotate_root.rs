//! `marshmallow rotate-root`: the operator's side of a change of the root secret. It waits for servers, tells how far
//! it is, and puts the new secret into its place at the end. What happens to keys is the service's part.

use std::{
    fs::{OpenOptions, TryLockError},
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use clap::Args;
use marshmallow_core::Clock;
use marshmallow_service::{Plan, Progress, Rotation, Verdict};
use marshmallow_store::Store;

use crate::{
    ambient::{SystemClock, SystemRandom},
    database,
    root_secret::Source,
};

/// How to replace the root secret.
#[derive(Debug, Args)]
pub struct RotateRoot {
    /// The data folder, as given to the server.
    #[arg(long, env = "MARSHMALLOW_DATA", default_value = "marshmallow-data")]
    data: PathBuf,

    /// Say what there is to do, and change nothing.
    #[arg(long)]
    dry_run: bool,

    /// How long to wait, in seconds, until all running servers can open the new root secret.
    #[arg(long, default_value_t = 30)]
    wait: u64,
}

/// Runs the command to its end. It can be stopped or killed at any moment, and run again.
pub async fn rotate_root(options: RotateRoot) -> Result<()> {
    let source = Arc::new(Source::of(&options.data));
    let url = database::url(&options.data);
    if let Some(path) = url.strip_prefix("sqlite:")
        && !Path::new(path).exists()
    {
        bail!("there is no database at {path}; name the data folder with --data, or set DATABASE_URL");
    }
    let _lock = lock(&options.data)?;
    let store = Store::open(&url).await.context("the database cannot be opened")?;
    let next = match source.next()? {
        Some(next) => next,
        None if options.dry_run => {
            say("There is no next root secret yet; a run without --dry-run makes one.")?;
            let present =
                marshmallow_service::RootSecrets::read(source.as_ref()).map_err(anyhow::Error::from_boxed)?;
            let present = present.first().context("there is no root secret")?;
            return count_all(&store, source, present.kek_id().to_string()).await;
        }
        None => source.make_next(&SystemRandom)?,
    };
    let rotation = start(&store, source.clone(), &next).await?;
    let plan = rotation.plan().await?;
    say(&outlook(&plan, &next))?;
    if options.dry_run {
        return Ok(());
    }
    rotation.announce().await?;
    wait_for_servers(&rotation, options.wait).await?;
    rotation.switch().await?;
    let verdict = rewrap_and_verify(&rotation, plan.to_rewrap).await?;
    if !verdict.is_complete() {
        bail!("{}", incomplete(&verdict));
    }
    rotation.finish(&verdict).await?;
    say(source.promote()?)?;
    store.close().await;
    Ok(())
}

async fn start(store: &Store, source: Arc<Source>, target: &str) -> Result<Rotation> {
    // Half of the machine: people are chatting.
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
    let (clock, random) = (Arc::new(SystemClock), Arc::new(SystemRandom));
    Ok(Rotation::new(store.clone(), source, target, threads, clock, random).await?)
}

/// A dry run without a next secret: how much everything is.
async fn count_all(store: &Store, source: Arc<Source>, present: String) -> Result<()> {
    let plan = start(store, source, &present).await?.plan().await?;
    say(&format!(
        "{} keys would be wrapped anew; running servers: {}.",
        plan.keys, plan.servers
    ))
}

fn outlook(plan: &Plan, next: &str) -> String {
    format!(
        "{} of {} keys, of {} people, are to be wrapped anew under the root secret {next}; running servers: {}, of \
         which {} cannot open it yet.",
        plan.to_rewrap, plan.keys, plan.people, plan.servers, plan.unready
    )
}

async fn wait_for_servers(rotation: &Rotation, seconds: u64) -> Result<()> {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(seconds);
    loop {
        let plan = rotation.plan().await?;
        if plan.unready == 0 {
            return Ok(());
        }
        if tokio::time::Instant::now() >= deadline {
            rotation.withdraw().await?;
            bail!(
                "{} of {} running servers cannot open the new root secret, so nothing was changed. Give it to them: \
                 as `root-secret.next` (mode 600) in their data folders, or as MARSHMALLOW_ROOT_SECRET_NEXT with a \
                 restart. Then run this again.",
                plan.unready,
                plan.servers
            );
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
}

async fn rewrap_and_verify(rotation: &Rotation, total: u64) -> Result<Verdict> {
    let clock = SystemClock;
    let began = clock.now();
    let mut told = began;
    let speed = |done: u64, since: i64| done.saturating_mul(1_000) / since.max(1).unsigned_abs();
    let progress = rotation
        .rewrap(|Progress { rewrapped, .. }| {
            let now = clock.now();
            if now.since(told) >= 1_000 {
                told = now;
                let speed = speed(rewrapped, now.since(began));
                // A closed terminal is no reason to stop half-way.
                let _ = say(&format!("{rewrapped} of {total} keys, {speed} a second"));
            }
        })
        .await?;
    let took = clock.now().since(began);
    let speed = speed(progress.rewrapped, took);
    say(&format!(
        "Wrapped {} keys anew in {}.{} s, {speed} keys a second. Opening all of them …",
        progress.rewrapped,
        took / 1_000,
        took % 1_000 / 100
    ))?;
    let verdict = rotation.verify().await?;
    say(&format!(
        "{} envelopes open under the new root secret, {} under a former one, {} under none.",
        verdict.under_new, verdict.under_old, verdict.unopened
    ))?;
    Ok(verdict)
}

fn incomplete(verdict: &Verdict) -> String {
    let named: Vec<String> = verdict.named.iter().map(ToString::to_string).collect();
    format!(
        "the change is not complete, and both root secrets are still needed. These keys open under neither, because \
         their rows were changed: {}. Their owners have to remove them; then run this again.",
        named.join(", ")
    )
}

fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{line}")?)
}

/// One change at a time in a data folder. The server's own lock stays the server's.
fn lock(data: &Path) -> Result<std::fs::File> {
    let path = data.join("rotate-root.lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path)
        .with_context(|| format!("{} cannot be opened", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!("another rotate-root is running in {}", data.display()),
        Err(TryLockError::Error(error)) => Err(error).context("the data folder cannot be locked"),
    }
}
