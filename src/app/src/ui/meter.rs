//! A bar that shows how much of a bound is used. Its width is an SVG attribute: the page allows no inline
//! style. It refuses to know what is measured.

use leptos::prelude::*;

use super::Tone;

/// The share in whole percent, within 0 and 100.
fn percent(share: f64) -> u32 {
    // Clamped to 0..=100, so the cast loses only the fraction.
    (share.clamp(0.0, 1.0) * 100.0).round() as u32
}

/// A bar.
#[component]
pub fn Meter(
    /// The used share: 0 is nothing, 1 is all.
    #[prop(into)]
    share: Signal<f64>,
    /// What is measured, in words with the numbers.
    #[prop(into)]
    label: Signal<String>,
    /// The tone of the bar.
    #[prop(optional)]
    tone: Tone,
) -> impl IntoView {
    let class = match tone {
        Tone::Good => "fill-good",
        Tone::Warning => "fill-warning",
        Tone::Bad => "fill-bad",
        Tone::Info => "fill-info",
        Tone::Neutral => "fill-accent",
    };
    view! {
        <svg
            class="h-1.5 w-full rounded-full bg-sunken"
            role="meter"
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || percent(share.get())
            aria-label=move || label.get()
        >
            <rect class=class height="100%" rx="3" width=move || format!("{}%", percent(share.get()))></rect>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::percent;

    #[test]
    fn a_share_stays_within_the_bar() {
        for (share, shown) in [
            (-1.0, 0),
            (0.0, 0),
            (0.645, 65),
            (1.0, 100),
            (7.0, 100),
            (f64::NAN, 0),
        ] {
            assert_eq!(percent(share), shown, "{share}");
        }
    }
}
