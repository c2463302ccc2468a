//! The parser against the standard's rules, every split, and noise.

use proptest::prelude::*;

use super::*;

fn message(event: &str, data: &str) -> Piece {
    Piece::Message {
        event: event.into(),
        data: data.into(),
    }
}

fn parse(chunks: &[&[u8]]) -> Result<Vec<Piece>, TooLong> {
    let mut parser = Parser::default();
    let mut out = Vec::new();
    for chunk in chunks {
        out.extend(parser.push(chunk)?);
    }
    out.extend(parser.finish()?);
    Ok(out)
}

#[test]
fn the_standards_rules_hold() {
    let cases: &[(&str, &[Piece])] = &[
        ("data: a\n\n", &[message("", "a")]),
        ("data:a\r\n\r\n", &[message("", "a")]),
        ("data: a\r\rdata: b\r\r", &[message("", "a"), message("", "b")]),
        ("data: a\ndata:  b \n\n", &[message("", "a\n b ")]),
        ("event: ping\ndata: {}\n\n", &[message("ping", "{}")]),
        ("event: x\r\ndata: a\r\ndata: b\r\n\r\n", &[message("x", "a\nb")]),
        ("event: lost\n\ndata: x\n\n", &[message("", "x")]),
        (": keep\n\ndata: x\n\n", &[Piece::Comment, message("", "x")]),
        ("\u{feff}data: x\n\n", &[message("", "x")]),
        ("data: \u{feff}\n\n", &[message("", "\u{feff}")]),
        ("data\n\n", &[message("", "")]),
        ("id: 7\nretry: 10\nunknown: 1\ndata: x\n\n", &[message("", "x")]),
        ("data: a:b: c\n\n", &[message("", "a:b: c")]),
        ("\n\n\n", &[]),
        ("no colon here\n\n", &[]),
    ];
    for (text, expected) in cases {
        assert_eq!(parse(&[text.as_bytes()]).as_deref(), Ok(*expected), "{text:?}");
    }
}

#[test]
fn an_event_without_its_blank_line_counts_at_the_end() {
    assert_eq!(parse(&[b"data: a\n"]), Ok(vec![message("", "a")]));
    assert_eq!(parse(&[b"data: a"]), Ok(vec![message("", "a")]));
}

#[test]
fn lines_outside_of_any_event_are_kept_up_to_a_bound() {
    let mut parser = Parser::default();
    parser.push(b"data: a\n\n{\n  \"error\": 1\n}\n").unwrap();
    assert_eq!(parser.stray(), "{\n  \"error\": 1\n}\n");
    parser.push("noise\n".repeat(10_000).as_bytes()).unwrap();
    assert!(parser.stray().len() <= STRAY + 1);
}

#[test]
fn a_character_split_between_chunks_arrives_whole() {
    let text = "data: grün 🦔\n\n".as_bytes();
    for at in 0..=text.len() {
        let (left, right) = text.split_at(at);
        assert_eq!(
            parse(&[left, right]),
            Ok(vec![message("", "grün 🦔")]),
            "split at {at}"
        );
    }
}

#[test]
fn a_line_without_end_is_refused_before_it_fills_the_memory() {
    let mut parser = Parser::default();
    let chunk = [b'x'; 64 * 1024];
    let mut taken = 0;
    while parser.push(&chunk).is_ok() {
        taken += chunk.len();
        assert!(taken <= LIMIT);
    }
    assert_eq!(taken, LIMIT);
}

#[test]
fn an_event_without_end_is_refused_too() {
    let mut parser = Parser::default();
    let line = format!("data: {}\n", "x".repeat(60_000));
    let refused = (0..40).find(|_| parser.push(line.as_bytes()).is_err());
    assert_eq!(refused, Some(LIMIT / 60_000));
}

/// Text in which everything that matters to the parser is frequent.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        Just("data: ".as_bytes().to_vec()),
        Just("event: x".as_bytes().to_vec()),
        Just(b":".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b"\r\n".to_vec()),
        Just(b"\n\n".to_vec()),
        Just(b"\xef\xbb\xbf".to_vec()),
        Just("ä🦔".as_bytes().to_vec()),
        proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(token, 0..60).prop_map(|tokens| tokens.concat())
}

proptest! {
    #[test]
    fn splits_change_nothing_and_noise_never_panics(bytes in stream(), sizes in proptest::collection::vec(1_usize..9, 1..20)) {
        let whole = parse(&[&bytes]);
        let mut chunks: Vec<&[u8]> = Vec::new();
        let mut rest = bytes.as_slice();
        for size in sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (chunk, tail) = rest.split_at((*size).min(rest.len()));
            chunks.push(chunk);
            rest = tail;
        }
        prop_assert_eq!(parse(&chunks), whole);
    }
}
