//! Two people, their keys' contexts, and randomness that repeats from run to run.

use std::collections::VecDeque;
use std::sync::{LazyLock, Mutex};

use marshmallow_core::{ApiKey, Provider, Random, UserId};
use marshmallow_vault::{Envelope, KeyContext, RootSecret, UserKek};

/// Different bytes at every call, the same in every run (SplitMix64).
pub struct Seeded(Mutex<u64>);

impl Seeded {
    pub fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap();
        for byte in bytes {
            *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            *byte = mixed.to_be_bytes()[0];
        }
    }
}

/// Exactly these bytes, in this order; panics when asked for more.
pub struct Script(Mutex<VecDeque<u8>>);

impl Script {
    pub fn new(parts: &[&[u8]]) -> Self {
        Self(Mutex::new(parts.concat().into()))
    }

    pub fn is_used_up(&self) -> bool {
        self.0.lock().unwrap().is_empty()
    }
}

impl Random for Script {
    fn fill(&self, bytes: &mut [u8]) {
        let mut rest = self.0.lock().unwrap();
        bytes
            .iter_mut()
            .for_each(|byte| *byte = rest.pop_front().unwrap());
    }
}

pub const SALT: [u8; 16] = *b"salt of the user";
pub const OTHER_SALT: [u8; 16] = *b"salt of no user.";
pub const ORIGIN: &str = "https://api.openai.com/v1";
pub const KEY_TEXT: &str = "sk-proj-Canary0123456789abcdefghijklmnop";

pub static ROOT: LazyLock<RootSecret> = LazyLock::new(|| RootSecret::make(&Seeded::new(1)));
pub static OTHER_ROOT: LazyLock<RootSecret> = LazyLock::new(|| RootSecret::make(&Seeded::new(2)));

/// Alice's KEK; derived once, since that is slow.
pub static ALICE_KEK: LazyLock<UserKek> = LazyLock::new(|| ROOT.derive_user_kek(alice(), &SALT));
/// Bob's, with Alice's salt: the same 32 bytes, so that only the context keeps the two apart.
pub static BOB_KEK: LazyLock<UserKek> = LazyLock::new(|| ROOT.derive_user_kek(bob(), &SALT));
pub static OTHER_SALT_KEK: LazyLock<UserKek> = LazyLock::new(|| ROOT.derive_user_kek(alice(), &OTHER_SALT));
pub static OTHER_ROOT_KEK: LazyLock<UserKek> = LazyLock::new(|| OTHER_ROOT.derive_user_kek(alice(), &SALT));

pub fn alice() -> UserId {
    "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap()
}

pub fn bob() -> UserId {
    "01890a5d-ac96-774b-bcce-b302099a8056".parse().unwrap()
}

/// Where Alice's first key stands.
pub fn context() -> KeyContext<'static> {
    KeyContext {
        user: alice(),
        key: "01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap(),
        provider: Provider::OpenAi,
        origin: ORIGIN,
    }
}

/// Where her second key stands: same provider, same origin, another row.
pub fn second_row() -> KeyContext<'static> {
    KeyContext {
        key: "01890a5d-ac96-774b-bcce-b302099a8059".parse().unwrap(),
        ..context()
    }
}

pub fn key(text: &str) -> ApiKey {
    ApiKey::parse(text.to_owned()).unwrap()
}

/// `KEY_TEXT`, sealed for [`context`].
pub fn envelope() -> Envelope {
    ALICE_KEK
        .seal(&context(), &key(KEY_TEXT), &Seeded::new(3))
        .unwrap()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn unhex(digits: &str) -> Vec<u8> {
    let byte = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    (0..digits.len()).step_by(2).map(byte).collect()
}
