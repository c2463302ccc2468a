//! A server of its own for every test: a fresh database, the scripted provider, and people with keys.

mod ambient;
mod database;
mod reader;
mod roots;
mod server;
mod words;

use std::{future::Future, sync::Arc, time::Duration};

use marshmallow_core::{
    ApiKey, AuditAction, FallbackPolicy, FallbackRule, Millis, PlatformTerms, Provider, RegistrationPolicy,
};
use marshmallow_service::{
    Client, Deadlines, EgressPolicy, PlatformKey, Service, ServiceConfig, ServiceError,
};
use marshmallow_simulator::{Recorded, Simulator};
use marshmallow_store::{AuditEntry, Store};

pub use self::{
    ambient::{TestClock, TestRandom},
    database::{Database, on_postgres, on_sqlite},
    reader::{Answer, Reader},
    roots::TestRoots,
    server::Server,
    words::{address, key_text, model, place, refusal, said, usage_of},
};

/// Runs each named test on both databases.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::harness::on_sqlite(super::$name).await;
            })+
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::harness::on_postgres(super::$name).await;
            })+
        }
    };
}
pub(crate) use on_both;

/// Runs each named test on SQLite: what it tries does not depend on the database.
macro_rules! on_one {
    ($($name:ident),+ $(,)?) => {
        mod one {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                $crate::harness::on_sqlite(super::$name).await;
            })+
        }
    };
}
pub(crate) use on_one;

/// How long a test waits for what must come, on a machine however busy.
pub const PATIENCE: Duration = Duration::from_secs(90);

/// Long enough for a busy machine: a test that waits for one of these fails anyway.
const PATIENT: Deadlines = Deadlines {
    connect: PATIENCE,
    first_byte: PATIENCE,
    silence: PATIENCE,
    probe: PATIENCE,
};

const ROOT: &str = "8f3ab1c96e5d70427bd9143fe62a58c07714e9d2035cbf864a9e21d8b6f7035c";

/// What surrounds the servers of a test.
pub struct World {
    pub simulator: Simulator,
    pub clock: Arc<TestClock>,
    pub database: Database,
}

/// How a server is set up.
pub struct Setup {
    pub registration: RegistrationPolicy,
    pub platform: Vec<(Provider, String)>,
    pub deadlines: Deadlines,
    /// What happens to people who set no rule of their own.
    pub policy: FallbackPolicy,
    pub root: &'static str,
    /// Root secrets that change while the server runs, instead of `root`.
    pub secrets: Option<Arc<TestRoots>>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            registration: RegistrationPolicy::Open,
            platform: Vec::new(),
            deadlines: PATIENT,
            policy: FallbackPolicy::Automatic,
            root: ROOT,
            secrets: None,
        }
    }
}

impl Setup {
    /// With a working key of `provider` for everyone.
    pub fn lending(provider: Provider) -> Self {
        Self {
            platform: vec![(provider, key_text(provider, "simvalid-platform"))],
            ..Self::default()
        }
    }

    /// The same, where people are asked before it pays.
    pub fn asking(provider: Provider) -> Self {
        Self {
            policy: FallbackPolicy::Ask,
            ..Self::lending(provider)
        }
    }
}

impl World {
    async fn new(database: Database) -> Self {
        Self {
            simulator: Simulator::start().await,
            clock: Arc::default(),
            database,
        }
    }

    /// A server with nothing special.
    pub async fn server(&self) -> Server {
        self.server_with(Setup::default()).await
    }

    pub async fn server_with(&self, setup: Setup) -> Server {
        self.starting(setup).await.unwrap()
    }

    /// The start of a server, to be awaited on any runtime.
    pub fn starting(
        &self,
        setup: Setup,
    ) -> impl Future<Output = Result<Server, ServiceError>> + Send + use<> {
        let config = ServiceConfig {
            registration: setup.registration,
            base_urls: Provider::ALL
                .into_iter()
                .filter(|provider| *provider != Provider::Custom)
                .map(|provider| (provider, address(&self.simulator, provider)))
                .collect(),
            platform: setup
                .platform
                .into_iter()
                .map(|(provider, key)| PlatformKey {
                    endpoint: provider.into(),
                    base_url: address(&self.simulator, provider),
                    key: ApiKey::parse(key).unwrap(),
                })
                .collect(),
        };
        let host = self.simulator.url().trim_start_matches("http://").to_owned();
        let client = Client::new(setup.deadlines, EgressPolicy::new([host])).unwrap();
        let secrets = setup
            .secrets
            .unwrap_or_else(|| Arc::new(TestRoots::new([setup.root])));
        let (clock, url) = (self.clock.clone(), self.database.url().to_owned());
        let custom = address(&self.simulator, Provider::Custom);
        async move {
            let store = Store::open(&url).await.unwrap();
            let terms = PlatformTerms {
                rule: FallbackRule {
                    policy: setup.policy,
                    day: None,
                },
                grant: None,
            };
            let entry = AuditEntry {
                at: Millis(0),
                user: None,
                action: AuditAction::PlatformTermsSet,
                subject: None,
                detail: "{}".to_owned(),
            };
            store.set_platform_terms(terms, &entry).await.unwrap();
            let random = Arc::new(TestRandom);
            let service = Service::start(config, store.clone(), secrets, client, clock, random).await?;
            Ok(Server::new(service, store, custom))
        }
    }

    /// The chat calls that the provider got.
    pub fn chats(&self) -> Vec<Recorded> {
        self.simulator
            .requests()
            .into_iter()
            .filter(|request| request.method == "POST")
            .collect()
    }

    /// Waits until the provider's log fulfils a condition.
    pub async fn provider_saw(&self, condition: impl Fn(&[Recorded]) -> bool) -> Vec<Recorded> {
        tokio::time::timeout(PATIENCE, self.simulator.wait_for(condition))
            .await
            .expect("the provider did not see it in time")
    }
}

/// Asks again and again until there is an answer.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, ask: impl Fn() -> F) -> T {
    let asking = async {
        loop {
            if let Some(found) = ask().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking)
        .await
        .unwrap_or_else(|_| panic!("never: {what}"))
}
