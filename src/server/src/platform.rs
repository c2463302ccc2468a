//! The platform's keys and the providers' addresses, as the operator configured them.

use anyhow::{Context, Result};
use marshmallow_core::{ApiKey, Provider};
use marshmallow_service::{PlatformKey, ServiceConfig, default_base_url, normalise_base_url};

use crate::command::Options;

/// The operator's decisions, read from flags and environment.
pub fn config(options: &Options) -> Result<ServiceConfig> {
    let configured = [
        (Provider::OpenAi, &options.openai_url),
        (Provider::Anthropic, &options.anthropic_url),
        (Provider::Google, &options.google_url),
        (Provider::OpenRouter, &options.openrouter_url),
    ];
    let mut base_urls = Vec::new();
    for (provider, configured) in configured {
        let base_url = match configured {
            Some(url) => normalise_base_url(url)
                .with_context(|| format!("the address of {provider} cannot be used"))?,
            None => default_base_url(provider).map(str::to_owned).unwrap_or_default(),
        };
        base_urls.push((provider, base_url));
    }
    let mut platform = Vec::new();
    for (provider, base_url) in &base_urls {
        let variable = format!("MARSHMALLOW_PLATFORM_{}_KEY", provider.slug().to_uppercase());
        if let Some(key) = key_from(&variable)? {
            platform.push(PlatformKey {
                endpoint: (*provider).into(),
                base_url: base_url.clone(),
                key,
            });
        }
    }
    platform.extend(custom()?);
    Ok(ServiceConfig {
        registration: options.registration,
        base_urls,
        platform,
    })
}

fn custom() -> Result<Option<PlatformKey>> {
    const URL: &str = "MARSHMALLOW_PLATFORM_CUSTOM_URL";
    const KEY: &str = "MARSHMALLOW_PLATFORM_CUSTOM_KEY";
    const NAME: &str = "MARSHMALLOW_PLATFORM_CUSTOM_NAME";
    let Ok(url) = std::env::var(URL) else {
        return Ok(None);
    };
    let base_url = normalise_base_url(&url).with_context(|| format!("{URL} cannot be used"))?;
    let key = key_from(KEY)?.with_context(|| format!("{URL} is set, but {KEY} is not"))?;
    let name = std::env::var(NAME).unwrap_or_else(|_| "local".to_owned());
    let endpoint = name.parse().with_context(|| format!("{NAME} cannot be used"))?;
    Ok(Some(PlatformKey {
        endpoint,
        base_url,
        key,
    }))
}

fn key_from(variable: &str) -> Result<Option<ApiKey>> {
    match std::env::var(variable) {
        Ok(text) => Ok(Some(
            ApiKey::parse(text).with_context(|| format!("{variable} cannot be used"))?,
        )),
        Err(_) => Ok(None),
    }
}
