//! A fingerprint finds the same key of the same person at the same place, and nothing else.

use std::collections::HashSet;

use marshmallow_core::Provider;

use crate::fixtures::{KEY_TEXT, ORIGIN, OTHER_ROOT, ROOT, alice, bob, key};

#[test]
fn the_same_key_has_the_same_fingerprint() {
    let print = |text: &str| ROOT.fingerprint(alice(), Provider::OpenAi, ORIGIN, &key(text));
    assert_eq!(print(KEY_TEXT), print(&format!("  {KEY_TEXT}\n")));
}

#[test]
fn whatever_differs_makes_another_fingerprint() {
    let openai = Provider::OpenAi;
    let prints = [
        ROOT.fingerprint(alice(), openai, ORIGIN, &key(KEY_TEXT)),
        OTHER_ROOT.fingerprint(alice(), openai, ORIGIN, &key(KEY_TEXT)),
        ROOT.fingerprint(bob(), openai, ORIGIN, &key(KEY_TEXT)),
        ROOT.fingerprint(alice(), Provider::Custom, ORIGIN, &key(KEY_TEXT)),
        ROOT.fingerprint(alice(), openai, "", &key(KEY_TEXT)),
        ROOT.fingerprint(alice(), openai, ORIGIN, &key(&KEY_TEXT[1..])),
        // The same characters, cut elsewhere between origin and key.
        ROOT.fingerprint(
            alice(),
            openai,
            "https://api.openai.com/v",
            &key(&format!("1{KEY_TEXT}")),
        ),
    ];
    assert_eq!(prints.iter().collect::<HashSet<_>>().len(), prints.len());
}
