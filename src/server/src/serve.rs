//! Wiring and running the server, from configuration to a clean stop.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    net::SocketAddr,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result, bail};
use axum::serve::ListenerExt;
use marshmallow_app::api::door::IsHttps;
use marshmallow_service::{Client, Deadlines, EgressPolicy, Service};
use marshmallow_store::Store;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::{
    ambient::{SystemClock, SystemRandom},
    command::Options,
    database,
    files::Site,
    log, platform,
    renderer::Renderer,
    root_secret::Source,
    router::router,
};

/// How long open connections may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until a signal ends it.
pub async fn serve(options: Box<Options>) -> Result<()> {
    let filter =
        EnvFilter::try_from_env("MARSHMALLOW_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    log::begin(filter, options.log_format);

    // Pages spawn their resources; an error means that this was said before.
    let _ = any_spawner::Executor::init_tokio();
    let site = Site::find(options.site.clone())?;
    let config = platform::config(&options)?;
    let is_https = IsHttps(
        options
            .public_url
            .as_ref()
            .is_some_and(|url| url.scheme() == "https"),
    );
    make_private_folder(&options.data)?;
    let _lock = lock(&options.data)?;
    let random = Arc::new(SystemRandom);

    let url = database::url(&options.data);
    let store = Store::open(&url).await.context("the database cannot be opened")?;
    let is_first_start = store.user_count().await.context("the database cannot be read")? == 0;
    let secrets = Source::of(&options.data);
    secrets.prepare(is_first_start, random.as_ref())?;
    let client = Client::new(
        Deadlines::default(),
        EgressPolicy::new(options.allow_hosts.clone()),
    )
    .context("the HTTP client cannot be made")?;

    let service = Service::start(
        config,
        store,
        Arc::new(secrets),
        client,
        Arc::new(SystemClock),
        random,
    )
    .await?;
    service.start_rechecks();
    let service = Arc::new(service);
    let renderer = Renderer::start().context("no threads can be started for rendering")?;
    let app = router(service.clone(), &site, is_https, options.proxies, renderer);

    let listener = tokio::net::TcpListener::bind(options.addr)
        .await
        .with_context(|| format!("cannot listen on {}", options.addr))?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    run(listener, app, &service).await
}

/// Serves until a signal comes; then running answers are stored as interrupted, which ends their streams,
/// and other connections have a moment to end.
async fn run(listener: tokio::net::TcpListener, app: axum::Router, service: &Arc<Service>) -> Result<()> {
    // Before anyone can be answered: a signal that came earlier would end the process without a word.
    let terminate = signal(SignalKind::terminate())?;
    let (stop, mut stopped) = tokio::sync::watch::channel(false);
    let make_service = app.into_make_service_with_connect_info::<SocketAddr>();
    // Frames are small and must not wait for the browser's acknowledgement of the one before (RFC 896).
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection stays with delayed sending");
        }
    });
    let serving = tokio::spawn(
        axum::serve(listener, make_service)
            .with_graceful_shutdown(async move {
                let _ = stopped.wait_for(|stopped| *stopped).await;
            })
            .into_future(),
    );
    wait_for_signal(terminate).await?;
    tracing::info!("stopping");
    stop.send_replace(true);
    service.shut_down().await;
    if tokio::time::timeout(GRACE, serving).await.is_err() {
        tracing::warn!("some connections were still open");
    }
    Ok(())
}

async fn wait_for_signal(mut terminate: Signal) -> Result<()> {
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = tokio::signal::ctrl_c() => interrupted?,
    }
    Ok(())
}

fn make_private_folder(folder: &Path) -> Result<()> {
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(|| format!("the data folder {} cannot be made", folder.display()))
}

/// One server a data folder: SQLite has one writer, and answers left by an earlier process are taken over.
fn lock(data: &Path) -> Result<File> {
    let path = data.join("lock");
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            bail!(
                "another server is using {}; stop it, or choose another folder with --data",
                data.display()
            )
        }
        Err(TryLockError::Error(error)) => Err(error).context("the data folder cannot be locked"),
    }
}
