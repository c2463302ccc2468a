//! The diagnosis table: every answer of every provider that is known to come, in the shape in which it comes,
//! and what it means. The table itself is data, in `answers/`; bodies after the providers' own pages on errors
//! and reports of users, November 2026.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{collections::BTreeSet, time::Duration};

use marshmallow_core::{Diagnosis, Provider};
use marshmallow_providers::diagnose;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

/// Each provider's answers, and whose wire format it speaks.
const TABLES: [(&str, Provider, &str); 9] = [
    ("openai", Provider::OpenAi, include_str!("answers/openai.txt")),
    (
        "anthropic",
        Provider::Anthropic,
        include_str!("answers/anthropic.txt"),
    ),
    ("google", Provider::Google, include_str!("answers/google.txt")),
    (
        "openrouter",
        Provider::OpenRouter,
        include_str!("answers/openrouter.txt"),
    ),
    ("groq", Provider::Custom, include_str!("answers/groq.txt")),
    ("xai", Provider::Custom, include_str!("answers/xai.txt")),
    ("deepseek", Provider::Custom, include_str!("answers/deepseek.txt")),
    ("mistral", Provider::Custom, include_str!("answers/mistral.txt")),
    (
        "compatible",
        Provider::Custom,
        include_str!("answers/compatible.txt"),
    ),
];

/// One answer of a table.
struct Row {
    status: u16,
    means: Diagnosis,
    wait: Option<Duration>,
    headers: HeaderMap,
    body: &'static str,
}

fn rows(table: &'static str) -> Vec<Row> {
    table.split("\n== ").skip(1).map(row).collect()
}

fn row(text: &'static str) -> Row {
    let (head, mut body) = text.split_once('\n').unwrap_or((text, ""));
    let mut words = head.split(' ');
    let status = words.next().unwrap().parse().unwrap();
    let means = words.next().unwrap().parse().unwrap();
    let wait = words
        .next()
        .map(|word| word.strip_prefix("wait=").unwrap().parse().unwrap());
    let mut headers = HeaderMap::new();
    while let Some(rest) = body.strip_prefix("> ") {
        let (header, rest) = rest.split_once('\n').unwrap();
        let (name, value) = header.split_once(": ").unwrap();
        let name: HeaderName = name.parse().unwrap();
        headers.insert(name, HeaderValue::from_static(value));
        body = rest;
    }
    Row {
        status,
        means,
        wait: wait.map(Duration::from_millis),
        headers,
        body: body.trim_end(),
    }
}

#[test]
fn every_answer_has_its_meaning() {
    let mut wrong = Vec::new();
    for (name, provider, table) in TABLES {
        for Row {
            status,
            means,
            wait,
            headers,
            body,
        } in rows(table)
        {
            let found = diagnose(provider, status, &headers, body.as_bytes());
            if (found.diagnosis, found.retry_after) != (means, wait) || found.status != Some(status) {
                wrong.push(format!(
                    "{name} {status} {body}: {:?} {:?}",
                    found.diagnosis, found.retry_after
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_holds_every_kind_of_answer_of_every_provider() {
    use Diagnosis::*;
    // What each provider's page on errors tells apart, whatever else its table holds.
    let common = [Valid, Invalid, NoCredit, RateLimited];
    let further: [(&str, &[Diagnosis]); 9] = [
        (
            "openai",
            &[
                Expired,
                Restricted,
                ScopeMissing,
                ProjectMissing,
                ModelUnavailable,
                SpendCap,
                RegionBlocked,
                IpNotAllowed,
            ],
        ),
        (
            "anthropic",
            &[
                Expired,
                Restricted,
                SpendCap,
                RegionBlocked,
                ModelUnavailable,
                ProviderDown,
                BadRequest,
            ],
        ),
        (
            "google",
            &[
                Expired,
                Restricted,
                ScopeMissing,
                ProjectMissing,
                RegionBlocked,
                SpendCap,
                ProviderDown,
            ],
        ),
        (
            "openrouter",
            &[
                Expired,
                AdminKey,
                SpendCap,
                Filtered,
                Restricted,
                ProviderDown,
                ModelUnavailable,
            ],
        ),
        ("groq", &[Restricted, ProviderDown, BadRequest]),
        ("xai", &[Restricted, ScopeMissing, ProjectMissing]),
        ("deepseek", &[ProviderDown, BadRequest]),
        ("mistral", &[Restricted, BadRequest]),
        (
            "compatible",
            &[Expired, Restricted, ProviderDown, ModelUnavailable],
        ),
    ];
    for ((name, _, table), (of, further)) in TABLES.into_iter().zip(further) {
        assert_eq!(name, of);
        let held: BTreeSet<&str> = rows(table).iter().map(|row| row.means.slug()).collect();
        let wanted = common
            .iter()
            .filter(|&&of_all| (name, of_all) != ("groq", NoCredit));
        for wanted in wanted.chain(further) {
            assert!(held.contains(wanted.slug()), "{name} lacks {wanted}");
        }
    }
}

#[test]
fn a_key_is_called_invalid_only_where_the_answer_calls_it_so() {
    // xAI says it with 400, and Google too; everyone else with 401.
    for (name, _, table) in TABLES {
        for row in rows(table).iter().filter(|row| !row.means.may_serve()) {
            let with_400 = matches!(name, "xai" | "google" | "compatible");
            assert!(
                row.status == 401 || (with_400 && row.status == 400),
                "{name} {} {}",
                row.status,
                row.body
            );
        }
    }
}
