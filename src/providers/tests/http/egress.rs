//! Where the client refuses to go: private addresses in every spelling, redirects, other hosts.

use marshmallow_core::{Diagnosis, Provider};
use marshmallow_providers::{Client, EgressPolicy, Target};
use marshmallow_simulator::Simulator;

use crate::support::{PATIENT, client_for, collect, key, question, target, text_of};

fn custom(base_url: String) -> Target {
    Target {
        provider: Provider::Custom,
        base_url,
    }
}

#[tokio::test]
async fn private_addresses_are_not_reached_in_any_spelling() {
    let simulator = Simulator::start().await;
    let port = simulator.url().rsplit_once(':').unwrap().1.to_owned();
    let client = Client::new(PATIENT, EgressPolicy::default()).unwrap();
    let hosts = [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "169.254.169.254",
        "10.0.0.1",
    ];
    for host in hosts {
        for provider in [Provider::Custom, Provider::OpenAi] {
            let target = Target {
                provider,
                base_url: format!("http://{host}:{port}/open/v1"),
            };
            let report = client.probe(&target, &key("sk-simvalid-0123")).await;
            assert_eq!(report.diagnosis, Diagnosis::AddressBlocked, "{host}");
            let outcome = client
                .stream(&target, &key("sk-simvalid-0123"), &question(provider, "hi"))
                .await;
            let diagnosis = outcome.err().map(|error| error.diagnosis);
            assert_eq!(diagnosis, Some(Diagnosis::AddressBlocked), "{host}");
        }
    }
    assert_eq!(simulator.requests(), [], "nothing may have arrived");
}

#[tokio::test]
async fn an_allowed_host_is_reached_at_its_port_only() {
    let allowed = Simulator::start().await;
    let other = Simulator::start().await;
    let port = allowed.url().rsplit_once(':').unwrap().1.to_owned();
    let other_port = other.url().rsplit_once(':').unwrap().1.to_owned();
    let client = Client::new(PATIENT, EgressPolicy::new([format!("localhost:{port}")])).unwrap();

    let report = client
        .probe(
            &custom(format!("http://localhost:{port}/open/v1")),
            &key("sk-simvalid-0123"),
        )
        .await;
    assert_eq!(report.diagnosis, Diagnosis::Unverifiable, "{report:?}");

    // The same machine under another name or port was not named.
    for base_url in [
        format!("http://localhost:{other_port}/open/v1"),
        format!("http://127.0.0.1:{port}/open/v1"),
    ] {
        let report = client
            .probe(&custom(base_url.clone()), &key("sk-simvalid-0123"))
            .await;
        assert_eq!(report.diagnosis, Diagnosis::AddressBlocked, "{base_url}");
    }
    assert_eq!(other.requests(), []);
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_the_key_goes_nowhere_else() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT);
    for provider in Provider::ALL {
        simulator.clear();
        let target = target(&simulator, provider);
        let outcome = client
            .stream(&target, &key("sk-simredirect-0123"), &question(provider, "hi"))
            .await;
        let error = outcome.err().unwrap();
        assert_eq!(
            (error.diagnosis, error.status),
            (Diagnosis::Garbled, Some(302)),
            "{provider}"
        );
        assert!(error.detail.contains("redirect"));
        let report = client.probe(&target, &key("sk-simredirect-0123")).await;
        assert_eq!(report.diagnosis, Diagnosis::Garbled, "{provider}");
        let requests = simulator.requests();
        assert!(requests.len() >= 2);
        assert!(
            requests
                .iter()
                .all(|request| !request.path.contains("redirected")),
            "{provider}"
        );
    }
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_unreachable_and_not_blocked() {
    let client = Client::new(PATIENT, EgressPolicy::default()).unwrap();
    let report = client
        .probe(
            &custom("http://no-such-host.invalid/v1".into()),
            &key("sk-simvalid-0123"),
        )
        .await;
    assert_eq!(report.diagnosis, Diagnosis::Unreachable, "{report:?}");
}

#[tokio::test]
async fn connections_are_used_again() {
    let simulator = Simulator::start().await;
    let client = client_for(&simulator.url(), PATIENT).clone();
    for _ in 0..3 {
        let stream = client
            .stream(
                &target(&simulator, Provider::OpenAi),
                &key("sk-simvalid-0123"),
                &question(Provider::OpenAi, "#sim delay=0 text=x"),
            )
            .await
            .unwrap();
        assert_eq!(text_of(&collect(stream).await), "x");
    }
    let done = |request: &marshmallow_simulator::Recorded| {
        request.outcome == marshmallow_simulator::Outcome::Completed
    };
    assert!(
        simulator.requests().iter().all(done),
        "a complete answer counts as completed"
    );
}

/// Runs itself in a process whose certificate store is empty, as in a bare container.
#[test]
fn without_system_certificates_the_built_in_ones_serve() {
    const MARK: &str = "MARSHMALLOW_TEST_BARE";
    if std::env::var_os(MARK).is_some() {
        assert!(Client::new(PATIENT, EgressPolicy::default()).is_ok());
        return;
    }
    let name = "egress::without_system_certificates_the_built_in_ones_serve";
    let status = std::process::Command::new(std::env::current_exe().unwrap())
        .args([name, "--exact", "--nocapture"])
        .env(MARK, "1")
        .env("SSL_CERT_FILE", "/nonexistent/roots.pem")
        .env("SSL_CERT_DIR", "/nonexistent")
        .output()
        .unwrap();
    assert!(
        status.status.success(),
        "{}",
        String::from_utf8_lossy(&status.stderr)
    );
    assert!(String::from_utf8_lossy(&status.stdout).contains("1 passed"));
}
