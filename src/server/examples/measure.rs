//! Measures a built server from outside: start, memory, and the time to the first token that Marshmallow adds
//! over the provider called directly. The provider is the simulator, answering at once.
//!
//! `cargo run --release -p marshmallow-server --example measure -- target/dist/marshmallow`
#![expect(clippy::print_stdout, reason = "the figures are its result")]
#![expect(clippy::disallowed_methods, reason = "it stands where a browser stands")]

use std::{
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use futures::StreamExt;
use marshmallow_simulator::Simulator;
use reqwest::{Client, Response, header};

/// Calls of each kind. They alternate, so that the machine's moods reach both alike.
const CALLS: usize = 200;
const KEY: &str = "sk-proj-simvalid-measure";
const MODEL: &str = "gpt-4o-mini";
const QUESTION: &str = "Hello #sim words=5 delay=0";

#[tokio::main]
async fn main() -> Result<()> {
    let binary = std::env::args().nth(1).context("name the built `marshmallow`")?;
    // An error means that a provider is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let simulator = Simulator::start().await;
    let folder = tempfile::tempdir()?;
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let address = format!("http://127.0.0.1:{port}");
    let client = Client::builder().no_proxy().build()?;

    let began = Instant::now();
    let server = Server(
        Command::new(&binary)
            .args(["serve", "--addr", &format!("127.0.0.1:{port}"), "--data"])
            .arg(folder.path())
            .env("MARSHMALLOW_OPENAI_URL", format!("{}/openai/v1", simulator.url()))
            .env(
                "MARSHMALLOW_ALLOW_HOSTS",
                simulator.url().trim_start_matches("http://"),
            )
            .env("MARSHMALLOW_LOG", "warn")
            .stderr(Stdio::inherit())
            .spawn()
            .with_context(|| format!("{binary} does not start"))?,
    );
    wait_until_healthy(&client, &address).await?;
    println!(
        "first start (migrations, root secret) to the first answer: {:?}",
        began.elapsed()
    );
    println!("idle memory: {} kB resident", server.resident_kb()?);

    let page = Instant::now();
    client
        .get(format!("{address}/sign-in"))
        .send()
        .await?
        .error_for_status()?
        .bytes()
        .await?;
    println!("first page, rendered: {:?}", page.elapsed());

    let browser = Browser {
        client: client.clone(),
        address: address.clone(),
        cookie: String::new(),
    };
    let browser = browser.register().await?;
    let adding = Instant::now();
    browser
        .post("keys/add", &[("provider", "openai"), ("key", KEY)])
        .await?;
    println!(
        "adding a key (derive, probe, seal, open, store): {:?}",
        adding.elapsed()
    );

    let mut direct = Vec::new();
    let mut through = Vec::new();
    for _ in 0..CALLS {
        direct.push(first_token_of_simulator(&client, &simulator.url()).await?);
        through.push(browser.first_token().await?);
    }
    let (direct, through) = (median(&mut direct), median(&mut through));
    println!("median time to first token over {CALLS} calls each, alternating:");
    println!("  simulator directly: {direct:?}");
    println!("  through Marshmallow: {through:?}");
    println!(
        "  added: {:?}, ratio {:.2}",
        through.saturating_sub(direct),
        through.as_secs_f64() / direct.as_secs_f64()
    );
    println!(
        "memory after {CALLS} answers: {} kB resident",
        server.resident_kb()?
    );
    Ok(())
}

/// The server, ended with this value.
struct Server(Child);

impl Server {
    fn resident_kb(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a browser does.
struct Browser {
    client: Client,
    address: String,
    cookie: String,
}

impl Browser {
    async fn register(mut self) -> Result<Self> {
        let form = [
            ("email", "ana@example.org"),
            ("name", "Ana"),
            ("password", "correct horse battery"),
        ];
        let response = self.post("accounts/register", &form).await?;
        let cookie = response
            .headers()
            .get(header::SET_COOKIE)
            .context("no cookie")?
            .to_str()?;
        self.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        Ok(self)
    }

    async fn post(&self, function: &str, form: &[(&str, &str)]) -> Result<Response> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(form)
            .finish();
        let response = self
            .client
            .post(format!("{}/api/{function}", self.address))
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, &self.cookie)
            .body(body)
            .send()
            .await?;
        if !response.status().is_success() {
            bail!(
                "{function} answered {}: {}",
                response.status(),
                response.text().await?
            );
        }
        Ok(response)
    }

    async fn first_token(&self) -> Result<Duration> {
        let began = Instant::now();
        let model = format!("openai/{MODEL}");
        let response = self
            .post("chat/send", &[("model", &model), ("text", QUESTION)])
            .await?;
        first_match(response, "\"type\":\"delta\"", began).await
    }
}

async fn first_token_of_simulator(client: &Client, url: &str) -> Result<Duration> {
    let began = Instant::now();
    let body = format!(
        r#"{{"model":"{MODEL}","stream":true,"messages":[{{"role":"user","content":"{QUESTION}"}}]}}"#
    );
    let response = client
        .post(format!("{url}/openai/v1/chat/completions"))
        .header(header::AUTHORIZATION, format!("Bearer {KEY}"))
        .header(header::CONTENT_TYPE, "application/json")
        .body(body)
        .send()
        .await?
        .error_for_status()?;
    first_match(response, "\"content\":\"", began).await
}

/// The time until `pattern` has been received; the rest is read too, so that calls do not overlap.
async fn first_match(response: Response, pattern: &str, began: Instant) -> Result<Duration> {
    let mut stream = response.bytes_stream();
    let mut received = String::new();
    let mut found = None;
    while let Some(chunk) = stream.next().await {
        received.push_str(&String::from_utf8_lossy(&chunk?));
        // The first chunk of an OpenAI stream has an empty content; a word is what counts.
        if found.is_none() && received.replace("\"content\":\"\"", "").contains(pattern) {
            found = Some(began.elapsed());
        }
    }
    found.context("no token came")
}

async fn wait_until_healthy(client: &Client, address: &str) -> Result<()> {
    for _ in 0..2_000 {
        if let Ok(response) = client.get(format!("{address}/health")).send().await
            && response.status().is_success()
        {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    bail!("the server does not answer")
}

fn median(times: &mut [Duration]) -> Duration {
    times.sort();
    times[times.len() / 2]
}
