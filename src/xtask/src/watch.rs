//! `cargo xtask dev`: build again and restart on every change, and keep the old server up while that fails.

use std::path::{Component, Path};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::Result;
use notify::{Event, EventKind, RecursiveMode, Watcher};

use crate::build::{self, Mode};
use crate::processes;
use crate::project::Project;
use crate::serve::{Options, Stage};

const WATCHED: [&str; 4] = ["src", "style", "public", "migrations"];
/// An editor writes a file in several steps: wait for this much silence.
const SILENCE: Duration = Duration::from_millis(300);

/// Builds, serves, and does both again until somebody stops it.
///
/// # Errors
/// When the first build fails, the stage cannot be set, or the folders cannot be watched.
pub fn run(project: &Project, options: &Options) -> Result<()> {
    let (report, changes) = channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| matters(&event)) {
            // Nobody listens any more only when we are about to end.
            let _ = report.send(());
        }
    })?;
    for folder in WATCHED
        .map(|folder| project.path(folder))
        .iter()
        .filter(|folder| folder.exists())
    {
        watcher.watch(folder, RecursiveMode::Recursive)?;
    }

    let product = build::build(project, Mode::Debug)?;
    let stage = Stage::set(project, Mode::Debug, options)?;
    let mut server = Some(stage.start_server(&product)?);
    loop {
        println!("Watching {}. Ctrl-C stops it.", WATCHED.join(", "));
        if !wait_for_change(&changes) {
            println!("Stopped.");
            return Ok(());
        }
        match build::build(project, Mode::Debug) {
            Ok(product) => {
                // The old one first: both want the same port.
                drop(server.take());
                match stage.start_server(&product) {
                    Ok(started) => server = Some(started),
                    Err(error) => println!("! the new server does not start: {error:#}"),
                }
            }
            Err(_) if processes::interrupted() => {}
            Err(error) => println!("! the build failed, the old server goes on: {error:#}"),
        }
    }
}

/// Waits for changes and for the silence after them; `false` when the person interrupts.
fn wait_for_change(changes: &Receiver<()>) -> bool {
    let mut changed = false;
    loop {
        match changes.recv_timeout(SILENCE) {
            Ok(()) => changed = true,
            Err(RecvTimeoutError::Timeout) if !changed => {}
            Err(_) => return changed && !processes::interrupted(),
        }
        if processes::interrupted() {
            return false;
        }
    }
}

/// Reading is no change, and neither is what the build itself writes.
fn matters(event: &Event) -> bool {
    let content = matches!(
        event.kind,
        EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_)
    );
    let metadata = matches!(
        event.kind,
        EventKind::Modify(notify::event::ModifyKind::Metadata(_))
    );
    content && !metadata && event.paths.iter().any(|path| is_source(path))
}

fn is_source(path: &Path) -> bool {
    let ours = |name: &str| name == "node_modules" || name.starts_with('.') || name.ends_with('~');
    !path
        .components()
        .any(|part| matches!(part, Component::Normal(name) if ours(&name.to_string_lossy())))
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use notify::event::{AccessKind, CreateKind, DataChange, MetadataKind, ModifyKind};

    use super::*;

    fn event(kind: EventKind, path: &str) -> Event {
        Event::new(kind).add_path(path.into())
    }

    #[test]
    fn only_changes_of_sources_matter() {
        let write = EventKind::Modify(ModifyKind::Data(DataChange::Any));
        assert!(matters(&event(write, "/p/src/app/src/lib.rs")));
        assert!(matters(&event(
            EventKind::Create(CreateKind::File),
            "/p/public/a.svg"
        )));
        assert!(!matters(&event(write, "/p/style/node_modules/x/index.js")));
        assert!(!matters(&event(write, "/p/src/app/src/.lib.rs.swp")));
        assert!(!matters(&event(
            EventKind::Access(AccessKind::Read),
            "/p/src/lib.rs"
        )));
        assert!(!matters(&event(
            EventKind::Modify(ModifyKind::Metadata(MetadataKind::Any)),
            "/p/src/lib.rs"
        )));
    }

    #[test]
    fn a_burst_of_changes_is_one() {
        let (report, changes) = channel();
        for _ in 0..50 {
            report.send(()).unwrap();
        }
        assert!(wait_for_change(&changes));
        assert!(changes.try_recv().is_err(), "all taken");
    }
}
