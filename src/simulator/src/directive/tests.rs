//! Every setting, where a directive may stand, and what must not be mistaken for one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{num::NonZeroUsize, time::Duration};

use super::*;

fn parse(message: &str) -> Directive {
    Directive::parse(message).unwrap()
}

#[test]
fn a_message_without_a_directive_asks_for_the_default() {
    for message in [
        "Hello",
        "",
        "see #simulator",
        "x#sim words=3",
        "#simulate words=3",
    ] {
        assert_eq!(parse(message), Directive::default(), "{message}");
    }
}

#[test]
fn every_setting_is_read() {
    let read = parse(
        "Hi #sim words=200 delay=20 first=2000 headers=1500 reasoning=30 cached=7 size=1 emoji crlf stop=length \
         nousage fail=cut@12 status=429 retry-after=7 kind=insufficient_quota text=last  words ",
    );
    let expected = Directive {
        words: Some(200),
        delay: Duration::from_millis(20),
        first: Duration::from_millis(2000),
        headers: Duration::from_millis(1500),
        reasoning: 30,
        cached: 7,
        size: NonZeroUsize::new(1),
        passage: Passage::Emoji,
        crlf: true,
        text: Some("last  words ".to_owned()),
        stop: Stop::Length,
        usage: false,
        fail: Some(Fail {
            kind: FailKind::Cut,
            after: 12,
        }),
        status: Some(429),
        retry_after: Some(7),
        kind: Some(Kind::InsufficientQuota),
    };
    assert_eq!(read, expected);
}

#[test]
fn each_named_value_has_its_meaning() {
    for (value, expected) in [
        ("length", Stop::Length),
        ("content_filter", Stop::ContentFilter),
        ("none", Stop::Silent),
    ] {
        assert_eq!(parse(&format!("#sim stop={value}")).stop, expected);
    }
    for (value, kind) in [
        ("stall", FailKind::Stall),
        ("cut", FailKind::Cut),
        ("malformed", FailKind::Malformed),
        ("error", FailKind::Error),
    ] {
        assert_eq!(
            parse(&format!("#sim fail={value}@3")).fail,
            Some(Fail { kind, after: 3 })
        );
    }
    assert_eq!(parse("#sim html").passage, Passage::Html);
    assert_eq!(parse("#sim kind=framed").kind, Some(Kind::Framed));
}

#[test]
fn prose_after_the_settings_and_on_other_lines_is_left_alone() {
    let (directive, prose) = read("Dear server,\n#sim words=5 please be words=9 quick\nemoji").unwrap();
    assert_eq!(
        directive,
        Directive {
            words: Some(5),
            ..Directive::default()
        }
    );
    assert_eq!(prose, "Dear server,\nplease be words=9 quick\nemoji");
}

#[test]
fn exact_text_keeps_everything_to_the_end_of_its_line() {
    let (directive, prose) = read("#sim text=  a = #sim b\r\nnext").unwrap();
    assert_eq!(directive.text.as_deref(), Some("  a = #sim b"));
    assert_eq!(prose, "next");
    assert_eq!(parse("#sim text=").text.as_deref(), Some(""));
}

#[test]
fn a_setting_that_is_not_understood_is_an_error() {
    for word in [
        "wrods=3",
        "words=",
        "words=-1",
        "words=many",
        "size=0",
        "stop=soon",
        "fail=cut",
        "fail=burn@1",
        "fail=cut@x",
        "status=200",
        "status=999",
        "kind=odd",
        "delay=1s",
    ] {
        assert_eq!(
            Directive::parse(&format!("#sim {word}")),
            Err(BadDirective(word.to_owned()))
        );
    }
}
