//! Every part of the design system on one page, rendered as the server does it, and checked.
//! With `MARSHMALLOW_GALLERY=<folder>` each checked page is written there, to be looked at in a browser.

mod findings;
pub(crate) mod markup;

use leptos::prelude::*;
use marshmallow_core::{CredentialKind, Diagnosis, KeyStatus, Millis, Provider, PublicError};

use super::*;

/// Renders a view as the server does.
pub(crate) fn render<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new();
    owner.with(|| view().into_view().to_html())
}

/// Writes a page for looking at, where the environment asks for it.
pub(crate) fn show(name: &str, html: &str) {
    let Ok(folder) = std::env::var("MARSHMALLOW_GALLERY") else {
        return;
    };
    for theme in ["light", "dark"] {
        let page = format!(
            "<!DOCTYPE html><html lang=\"en\" data-theme=\"{theme}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{name}</title>\
             <link rel=\"stylesheet\" href=\"out.css\"></head><body>{html}</body></html>"
        );
        std::fs::write(format!("{folder}/{name}-{theme}.html"), page).unwrap();
    }
}

fn gallery() -> impl IntoView {
    let text = RwSignal::new("Work".to_owned());
    let closed = RwSignal::new(false);
    view! {
        <main class="mx-auto max-w-4xl space-y-6 p-6">
            <h1 class="flex items-center gap-3 text-2xl font-semibold">
                <Mark size=MarkSize::Large/>
                "Marshmallow"
            </h1>
            <Card title="Buttons" aside=|| view! { <Badge tone=Tone::Good>"2 keys"</Badge> }>
                <div class="flex flex-wrap items-center gap-3">
                    <Button variant=ButtonVariant::Primary>
                        <Icon name=IconName::Send/>
                        "Send"
                    </Button>
                    <Button>"Secondary"</Button>
                    <Button variant=ButtonVariant::Quiet>"Quiet"</Button>
                    <Button variant=ButtonVariant::Danger>"Remove key"</Button>
                    <Button disabled=true>"Disabled"</Button>
                    <Button loading=true>"Checking"</Button>
                    <Button size=ButtonSize::Small>"Small"</Button>
                    <IconButton icon=IconName::Copy label="Copy"/>
                    <LinkButton href="https://example.org" external=true>
                        "Elsewhere"
                    </LinkButton>
                    <Switch checked=true label="Use this key" on_change=|_| ()/>
                    <Switch checked=false label="Use that key" on_change=|_| ()/>
                    <Menu label="More">
                        <MenuItem icon=IconName::Trash danger=true>
                            "Delete"
                        </MenuItem>
                    </Menu>
                </div>
            </Card>
            <Card title="Whose key">
                <div class="flex flex-wrap items-center gap-3">
                    <CredentialBadge kind=Some(CredentialKind::Own) label="Work" last_four="x3Fa"/>
                    <CredentialBadge kind=Some(CredentialKind::OpenRouter) last_four="9Kd2"/>
                    <CredentialBadge kind=Some(CredentialKind::Platform)/>
                    <CredentialBadge kind=None/>
                    <CredentialBadge kind=Some(CredentialKind::Own) label="Quiet" last_four="x3Fa" plain=true/>
                </div>
                <div class="mt-4 flex flex-wrap items-center gap-3">
                    <StatusBadge status=KeyStatus::Unchecked/>
                    {Diagnosis::ALL
                        .map(|diagnosis| view! { <StatusBadge status=KeyStatus::Checked(diagnosis)/> })
                        .collect_view()}
                </div>
            </Card>
            <Card title="Fields">
                <div class="grid gap-4 sm:grid-cols-2">
                    <TextField label="Label" name="label" value=text hint="Your name for it."/>
                    <TextField
                        label="Key"
                        name="key"
                        kind=FieldKind::Password
                        placeholder="sk-proj-…"
                        mono=true
                        error=Signal::stored(Some("The key has a space inside.".to_owned()))
                    />
                    <SelectField
                        label="Provider"
                        name="provider"
                        value=RwSignal::new("openai".to_owned())
                        options=vec![SelectOption { value: "openai".into(), label: "OpenAI".into() }]
                    />
                    <TextArea label="Prompt" name="prompt" value=RwSignal::new(String::new()) placeholder="Ask anything"/>
                </div>
            </Card>
            <Notice tone=Tone::Good title="Done">
                <p>"Your key is sealed."</p>
            </Notice>
            <Notice tone=Tone::Warning title="Almost">
                <p>"You are near your limit."</p>
            </Notice>
            <Notice tone=Tone::Info>
                <p>"Prices are of today."</p>
            </Notice>
            <ErrorNotice
                error=PublicError::provider(Provider::OpenAi, Diagnosis::NoCredit)
                action=ErrorAction::link("Open billing", "https://example.org")
            />
            <Card>
                <Tabs
                    label="Settings"
                    current=Signal::stored("/settings/keys".to_owned())
                    tabs=vec![
                        TabLink { href: "/settings/models", label: "Models", icon: IconName::Layers },
                        TabLink { href: "/settings/keys", label: "API keys", icon: IconName::Key },
                    ]
                />
                <div class="space-y-4 pt-4">
                    <Meter share=0.64 label="$3.20 of $5.00 used"/>
                    <p class="text-sm">"Used " <Moment at=Millis(1_795_442_709_000)/></p>
                    <Disclosure summary=|| "How your keys are protected" open=true>
                        <p>"Sealed."</p>
                    </Disclosure>
                    <Skeleton count=3/>
                </div>
            </Card>
            <EmptyState icon=IconName::Message title="No conversations yet" text="Ask something to begin.">
                <Button variant=ButtonVariant::Primary>"New chat"</Button>
            </EmptyState>
            <Confirm open=closed title="Remove Work?" confirm_label="Remove key" on_confirm=|()| ()>
                <p>"Its sealed copy is deleted."</p>
            </Confirm>
            <Toasts/>
        </main>
    }
}

#[test]
fn every_part_is_sound_markup() {
    let html = render(gallery);
    show("gallery", &html);
    assert_eq!(markup::faults(&html), Vec::<String>::new());
    assert!(
        html.contains("Your key · Work") && html.contains("Cannot be verified"),
        "{html}"
    );
}

#[test]
fn every_icon_draws_something() {
    let html = render(|| view! { <Icon name=IconName::Key/> });
    assert!(html.contains("<path"), "{html}");
}
