//! Passphrases: what is refused, what is the same, and what is made for people.

use std::collections::BTreeSet;

use marshmallow_vault::{Passphrase, PassphraseError};

use crate::fixtures::Seeded;

fn choose(text: &str) -> Result<String, PassphraseError> {
    Passphrase::choose(text.to_owned()).map(|passphrase| passphrase.expose_secret().to_owned())
}

#[test]
fn a_new_passphrase_is_long_and_not_plain() {
    assert_eq!(choose(""), Err(PassphraseError::Empty));
    assert_eq!(choose("eleven char"), Err(PassphraseError::TooShort));
    assert_eq!(choose("aaaaaaaaaaaaaaaaaaaa"), Err(PassphraseError::TooPlain));
    assert_eq!(choose("121212121212121212"), Err(PassphraseError::TooPlain));
    assert_eq!(choose(&"abcdefgh".repeat(200)), Err(PassphraseError::TooLong));
    assert_eq!(
        choose(" twelve chars ").unwrap(),
        " twelve chars ",
        "blanks count"
    );
}

#[test]
fn an_old_passphrase_may_be_short_but_not_empty_and_not_endless() {
    assert!(Passphrase::parse("x".to_owned()).is_ok());
    assert_eq!(
        Passphrase::parse(String::new()).unwrap_err(),
        PassphraseError::Empty
    );
    let endless = Passphrase::parse("x".repeat(1_025)).unwrap_err();
    assert_eq!(endless, PassphraseError::TooLong);
}

#[test]
fn what_looks_the_same_is_the_same() {
    let expected = choose("Café five boats").unwrap();
    assert_eq!(choose("Cafe\u{301} \u{fb01}ve boats").unwrap(), expected);
    assert_eq!(choose("Ｃafé five boats").unwrap(), expected);
    assert_ne!(choose("café five boats").unwrap(), expected, "case counts");
}

#[test]
fn what_is_made_can_be_typed_and_never_comes_twice() {
    let random = Seeded::new(4);
    let made: BTreeSet<String> = (0..200)
        .map(|_| Passphrase::make(&random).expose_secret().to_owned())
        .collect();
    assert_eq!(made.len(), 200);
    let mut seen = BTreeSet::new();
    for text in made {
        assert_eq!(choose(&text).as_deref(), Ok(text.as_str()));
        let groups: Vec<_> = text.split('-').collect();
        assert_eq!(groups.len(), 6, "{text}");
        assert!(groups.iter().all(|group| group.len() == 4), "{text}");
        seen.extend(text.chars().filter(|c| *c != '-'));
    }
    assert_eq!(seen.len(), 32, "all letters are used: {seen:?}");
    assert!(!seen.iter().any(|c| "l1o0".contains(*c)));
}
