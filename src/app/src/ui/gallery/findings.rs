//! Every diagnosis as it looks: as a badge, as the words on a key's card, and as an error.

use marshmallow_core::Finding;

use super::*;

/// One key's or turn's trouble in both forms.
fn panel(finding: Finding) -> impl IntoView {
    view! {
        <Card title=finding.diagnosis.slug()>
            <StatusBadge status=KeyStatus::Checked(finding.diagnosis)/>
            <div class="my-3 space-y-1 rounded-md bg-sunken px-3 py-2 text-sm">
                <FindingNote finding=finding/>
            </div>
            <Trouble error=PublicError::found(finding)/>
        </Card>
    }
}

fn findings(provider: Provider) -> impl IntoView {
    let panels = Diagnosis::ALL.map(|diagnosis| {
        let until = (diagnosis == Diagnosis::RateLimited).then_some(Millis(1_795_442_709_000));
        panel(Finding::new(provider, diagnosis).until(until))
    });
    view! {
        <main class="mx-auto grid max-w-6xl gap-6 p-6 md:grid-cols-2">
            <h1 class="text-2xl font-semibold md:col-span-2">{provider.name()}</h1>
            {panels.collect_view()}
        </main>
    }
}

#[test]
fn every_diagnosis_has_its_words_its_link_and_sound_markup() {
    for provider in Provider::ALL {
        let html = render(move || findings(provider));
        show(&format!("findings-{}", provider.slug()), &html);
        assert_eq!(markup::faults(&html), Vec::<String>::new(), "{provider}");
        for diagnosis in Diagnosis::ALL {
            let finding = Finding::new(provider, diagnosis);
            for words in [finding.meaning(), finding.next_step()] {
                let told = html
                    .matches(&words.replace('\'', "&#x27;"))
                    .count()
                    .max(html.matches(&words).count());
                assert!(told >= 2, "{provider} {diagnosis:?}: {words}");
            }
            if let Some(page) = finding.page() {
                assert!(
                    html.contains(page.href) && html.contains(page.label),
                    "{}",
                    page.href
                );
            }
        }
        assert!(html.contains("It serves again: "), "{provider}");
    }
}
