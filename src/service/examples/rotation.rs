//! How fast the root secret is changed: `cargo run --release -p marshmallow-service --example rotation -- 10000 100`
//! stores 10 000 keys of 100 people, moves them to another root secret, and prints keys per second.
//! On SQLite in a folder of its own; with `DATABASE_URL`, in that (empty) database.

#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a measurement that cannot go on has failed; it takes the real time, and printing is its purpose"
)]

use std::{
    sync::Arc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use marshmallow_core::{ApiKey, AuditAction, Clock, KeyId, KeyStatus, Millis, Provider, Random, UserId};
use marshmallow_service::{RootSecret, RootSecrets, RootSecretsError, Rotation};
use marshmallow_store::{Admission, AuditEntry, NewKey, NewUser, SealedKey, Store};
use marshmallow_vault::KeyContext;
use sha2::{Digest, Sha256};

const SECRETS: [&str; 2] = [
    "8f3ab1c96e5d70427bd9143fe62a58c07714e9d2035cbf864a9e21d8b6f7035c",
    "327cabed27d0d82e011b58ab096b7d7620adb9a530f57518da1a7af21ff23a88",
];
const ADDRESS: &str = "https://api.openai.com/v1";

struct Both;

impl RootSecrets for Both {
    fn read(&self) -> Result<Vec<RootSecret>, RootSecretsError> {
        SECRETS.iter().map(|text| Ok(RootSecret::parse(text)?)).collect()
    }
}

struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> Millis {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        Millis(i64::try_from(since.as_millis()).unwrap())
    }
}

/// Distinct bytes, which is all that a measurement needs.
struct Counted(std::sync::atomic::AtomicU64);

impl Random for Counted {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let number = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            chunk.copy_from_slice(&Sha256::digest(number.to_le_bytes())[..chunk.len()]);
        }
    }
}

#[tokio::main]
async fn main() {
    let mut arguments = std::env::args()
        .skip(1)
        .map(|text| text.parse::<usize>().unwrap());
    let keys = arguments.next().unwrap_or(10_000);
    let people = arguments.next().unwrap_or(100);
    let folder = tempfile::tempdir().unwrap();
    let url = std::env::var("DATABASE_URL")
        .unwrap_or_else(|_| format!("sqlite:{}", folder.path().join("rotation.db").display()));
    let store = Store::open(&url).await.unwrap();
    let random: Arc<dyn Random> = Arc::new(Counted(1.into()));
    seed(&store, random.as_ref(), keys, people).await;

    let target = RootSecret::parse(SECRETS[1]).unwrap().kek_id().to_string();
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get().div_ceil(2));
    let rotation = Rotation::new(
        store,
        Arc::new(Both),
        &target,
        threads,
        Arc::new(RealClock),
        random,
    )
    .await
    .unwrap();
    rotation.announce().await.unwrap();
    rotation.switch().await.unwrap();
    let began = Instant::now();
    let progress = rotation.rewrap(|_| ()).await.unwrap();
    let took = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let verdict = rotation.verify().await.unwrap();
    let looked = began.elapsed().as_secs_f64();
    println!(
        "{} keys of {people} people on {threads} threads: rewrapped in {took:.1} s, {:.0} keys a second; all opened \
         once more in {looked:.1} s. {} open under the new root secret, {} under the former one.",
        progress.rewrapped,
        progress.rewrapped as f64 / took,
        verdict.under_new,
        verdict.under_old
    );
    assert!(verdict.is_complete() && verdict.under_new == keys as u64);
}

async fn seed(store: &Store, random: &dyn Random, keys: usize, people: usize) {
    let root = RootSecret::parse(SECRETS[0]).unwrap();
    let now = Millis(1_800_000_000_000);
    for person in 0..people {
        let user = UserId::make(now, random);
        let mut kek_salt = [0; 16];
        random.fill(&mut kek_salt);
        let new = NewUser {
            id: user,
            email: format!("{user}@example.org"),
            name: "Somebody".to_owned(),
            password_hash: "$argon2id$none".to_owned(),
            kek_salt,
            created_at: now,
        };
        store.create_user(new, Admission::Open).await.unwrap();
        let kek = root.derive_user_kek(user, &kek_salt);
        for _ in 0..keys / people + usize::from(person < keys % people) {
            let id = KeyId::make(now, random);
            let key = ApiKey::parse(format!("sk-proj-measured-{id}")).unwrap();
            let context = KeyContext {
                user,
                key: id,
                provider: Provider::OpenAi,
                origin: ADDRESS,
            };
            let envelope = kek.seal(&context, &key, random).unwrap();
            let new = NewKey {
                id,
                user,
                provider: Provider::OpenAi,
                endpoint: Provider::OpenAi.into(),
                base_url: ADDRESS.to_owned(),
                label: String::new(),
                last_four: key.last_four(),
                key_hash: root.fingerprint(user, Provider::OpenAi, ADDRESS, &key),
                sealed: SealedKey {
                    format: u32::from(envelope.format),
                    key_cipher: envelope.key_cipher,
                    iv: envelope.iv,
                    wrapped_dek: envelope.wrapped_dek,
                    dek_iv: envelope.dek_iv,
                    kek_id: envelope.kek_id.to_string(),
                },
                status: KeyStatus::Unchecked,
                models: None,
                created_at: now,
                last_validated: None,
                expires_at: None,
                next_check: now,
                check_failures: 0,
                credit_left: None,
            };
            let entry = AuditEntry {
                at: now,
                user: Some(user),
                action: AuditAction::KeyAdded,
                subject: Some(id.to_string()),
                detail: "{}".to_owned(),
            };
            store.add_key(&new, usize::MAX, &entry).await.unwrap();
        }
    }
}
