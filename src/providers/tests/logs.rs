//! What is logged, by whichever crate, holds nothing of a person's. A process of its own: a subscriber for
//! the whole process is the only one that hears everything.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[expect(dead_code, reason = "shared with the tests of the client")]
#[path = "http/support.rs"]
mod support;

use std::{
    io,
    sync::{Arc, Mutex},
};

use marshmallow_core::Provider;
use marshmallow_simulator::Simulator;
use support::{PATIENT, client_for, collect, key, question, target};
use tracing_subscriber::fmt::MakeWriter;

/// The part of each key below that no message holds by chance.
const CANARY: &str = "C4n4ryC4n4ry";

/// Everything that is logged, by whichever crate.
#[derive(Clone, Default)]
struct Logbook(Arc<Mutex<Vec<u8>>>);

impl io::Write for Logbook {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logbook {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn logs_hold_no_key_no_message_and_no_query() {
    const SECRET_MESSAGE: &str = "my-secret-diary";
    let logbook = Logbook::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(logbook.clone())
        .finish();
    // Before anything else in this process, so that no place of logging has been found uninteresting.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    for provider in Provider::ALL {
        for word in ["simvalid", "simecho", "simredirect"] {
            let typed = key(&format!("sk-{word}-{CANARY}"));
            let target = target(&simulator, provider);
            client.probe(&target, &typed).await;
            if let Ok(stream) = client
                .stream(&target, &typed, &question(provider, SECRET_MESSAGE))
                .await
            {
                collect(stream).await;
            }
        }
    }
    let logged = String::from_utf8(logbook.0.lock().unwrap().clone()).unwrap();
    assert!(
        logged.contains("a key was checked"),
        "the log is being listened to"
    );
    for secret in [CANARY, SECRET_MESSAGE, "alt=sse", "pageSize"] {
        assert!(!logged.contains(secret), "{secret} was logged");
    }
}
