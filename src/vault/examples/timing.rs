//! Prints how long deriving, sealing, opening and fingerprinting take: medians in nanoseconds, one core.
//! `cargo run --release -p marshmallow-vault --example timing`

#![expect(clippy::print_stdout, reason = "printing is its purpose")]

use std::error::Error;
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use marshmallow_core::{ApiKey, KeyId, Millis, Provider, Random, UserId};
use marshmallow_vault::{KeyContext, RootSecret};

/// Cheap and predictable, so that the time of the system's random source is not measured.
struct Counter(AtomicU64);

impl Random for Counter {
    fn fill(&self, bytes: &mut [u8]) {
        let step = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::Relaxed);
        bytes
            .iter_mut()
            .zip(step.to_be_bytes().iter().cycle())
            .for_each(|(byte, part)| *byte = *part);
    }
}

/// The median over `samples` of the time of one call, each sample being the mean of `calls`.
fn median_nanos(samples: usize, calls: u32, mut call: impl FnMut()) -> u128 {
    let mut nanos: Vec<u128> = (0..samples)
        .map(|_| {
            let start = Instant::now();
            (0..calls).for_each(|_| call());
            start.elapsed().as_nanos() / u128::from(calls)
        })
        .collect();
    nanos.sort_unstable();
    nanos[samples / 2]
}

fn main() -> Result<(), Box<dyn Error>> {
    let random = Counter(AtomicU64::new(1));
    let root = RootSecret::make(&random);
    let user = UserId::make(Millis(0), &random);
    let origin = "https://api.openai.com/v1";
    let context = KeyContext {
        user,
        key: KeyId::make(Millis(0), &random),
        provider: Provider::OpenAi,
        origin,
    };
    // As long as a project key of OpenAI.
    let key = ApiKey::parse("sk-proj-".to_owned() + &"k".repeat(156))?;
    let kek = root.derive_user_kek(user, &[7; 16]);
    let envelope = kek.seal(&context, &key, &random)?;

    let derive = median_nanos(21, 1, || drop(black_box(root.derive_user_kek(user, &[7; 16]))));
    let seal = median_nanos(201, 200, || drop(black_box(kek.seal(&context, &key, &random))));
    let open = median_nanos(201, 200, || drop(black_box(kek.open(&context, &envelope))));
    let rewrap = median_nanos(201, 200, || {
        drop(black_box(kek.rewrap(&context, &envelope, &kek, &random)))
    });
    let print = median_nanos(201, 200, || {
        black_box(root.fingerprint(user, Provider::OpenAi, origin, &key));
    });
    for (name, nanos) in [
        ("derive", derive),
        ("seal", seal),
        ("open", open),
        ("rewrap", rewrap),
        ("fingerprint", print),
    ] {
        println!("{name:<12}{nanos:>12} ns");
    }
    Ok(())
}
