//! How times, amounts and counts are written. Pure: the present moment comes in, nothing asks a clock or a locale.

use marshmallow_core::{Calendar, Millis, NanoDollars, Price};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

fn month_name(on: &Calendar) -> &'static str {
    MONTHS.get(on.month - 1).copied().unwrap_or_default()
}

/// `23 Nov 2026, 14:05 UTC`.
pub fn exact_time(at: Millis) -> String {
    let on = Calendar::of(at);
    format!(
        "{} {} {}, {:02}:{:02} UTC",
        on.day,
        month_name(&on),
        on.year,
        on.hour,
        on.minute
    )
}

/// `2026-11-23T14:05:09Z`, for machines (RFC 3339, section 5.6).
pub fn iso_time(at: Millis) -> String {
    Calendar::of(at).iso()
}

/// How long ago, or in how long: "just now", "4 min ago", "in 6 days". From four weeks on the date.
pub fn relative_time(at: Millis, now: Millis) -> String {
    let ago = now.since(at);
    let distance = ago.saturating_abs();
    let amount = match distance {
        _ if distance < MINUTE => return "just now".to_owned(),
        _ if distance < HOUR => format!("{} min", distance / MINUTE),
        _ if distance < DAY => format!("{} h", distance / HOUR),
        _ if distance < 2 * DAY => "1 day".to_owned(),
        _ if distance < 28 * DAY => format!("{} days", distance / DAY),
        _ => {
            let on = Calendar::of(at);
            return format!("{} {} {}", on.day, month_name(&on), on.year);
        }
    };
    if ago > 0 {
        format!("{amount} ago")
    } else {
        format!("in {amount}")
    }
}

/// A price for a million tokens, or that it is unknown: never 0 for unknown.
pub fn price_line(price: Option<&Price>) -> String {
    price.map_or_else(
        || "price unknown".to_owned(),
        |price| {
            format!(
                "{} in · {} out",
                NanoDollars(price.input),
                NanoDollars(price.output)
            )
        },
    )
}

/// A count of tokens in short: `950`, `8.2k`, `128k`, `1M`.
pub fn tokens(count: u64) -> String {
    /// One digit behind the point below ten, none from ten on; a digit that is 0 is left out.
    fn scaled(count: u64, unit: u64, letter: char) -> String {
        let tenths = (count + unit / 20) / (unit / 10);
        match (tenths / 10, tenths % 10) {
            (whole @ 0..10, rest @ 1..) => format!("{whole}.{rest}{letter}"),
            _ => format!("{}{letter}", (count + unit / 2) / unit),
        }
    }
    match count {
        0..1_000 => count.to_string(),
        1_000..999_500 => scaled(count, 1_000, 'k'),
        _ => scaled(count, 1_000_000, 'M'),
    }
}

/// A count with its word: `1 model`, `2 models`.
pub fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// A limit as it can be typed: dollars without needless zeros, or nothing for none.
pub fn typed_dollars(limit: Option<NanoDollars>) -> String {
    limit.map_or_else(String::new, |limit| {
        let fraction = format!("{:09}", limit.0 % 1_000_000_000);
        let fraction = fraction.trim_end_matches('0');
        format!("{}.{fraction:0<2}", limit.0 / 1_000_000_000)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_comes_back_as_it_can_be_typed_dollars() {
        for (nano, text) in [
            (5_000_000_000, "5.00"),
            (2_500_000_000, "2.50"),
            (1, "0.000000001"),
            (0, "0.00"),
        ] {
            assert_eq!(typed_dollars(Some(NanoDollars(nano))), text);
            assert_eq!(text.parse(), Ok(NanoDollars(nano)));
        }
        assert_eq!(typed_dollars(None), "");
    }

    #[test]
    fn calendar_days_are_right_around_leap_days_and_years() {
        for (millis, exact, iso) in [
            (0, "1 Jan 1970, 00:00 UTC", "1970-01-01T00:00:00Z"),
            (951_782_399_000, "28 Feb 2000, 23:59 UTC", "2000-02-28T23:59:59Z"),
            (951_782_400_000, "29 Feb 2000, 00:00 UTC", "2000-02-29T00:00:00Z"),
            (
                1_795_442_709_000,
                "23 Nov 2026, 14:05 UTC",
                "2026-11-23T14:05:09Z",
            ),
            (-1_000, "31 Dec 1969, 23:59 UTC", "1969-12-31T23:59:59Z"),
        ] {
            assert_eq!(exact_time(Millis(millis)), exact);
            assert_eq!(iso_time(Millis(millis)), iso);
        }
    }

    #[test]
    fn times_are_told_from_now() {
        let now = Millis(1_795_442_709_000);
        for (distance, told) in [
            (0, "just now"),
            (59_999, "just now"),
            (4 * MINUTE, "4 min ago"),
            (HOUR, "1 h ago"),
            (DAY - 1, "23 h ago"),
            (DAY, "1 day ago"),
            (6 * DAY, "6 days ago"),
            (40 * DAY, "14 Oct 2026"),
            (-6 * DAY, "in 6 days"),
        ] {
            assert_eq!(relative_time(now.plus(-distance), now), told, "{distance}");
        }
    }

    #[test]
    fn token_counts_are_short_and_rounded() {
        for (count, told) in [
            (0, "0"),
            (950, "950"),
            (1_000, "1k"),
            (8_192, "8.2k"),
            (9_990, "10k"),
            (128_000, "128k"),
            (131_072, "131k"),
            (999_499, "999k"),
            (999_999, "1M"),
            (1_048_576, "1M"),
            (2_500_000, "2.5M"),
        ] {
            assert_eq!(tokens(count), told, "{count}");
        }
    }

    #[test]
    fn an_unknown_price_is_never_shown_as_free() {
        assert_eq!(price_line(None), "price unknown");
        let price = Price {
            input: 2_500_000_000,
            cached_input: None,
            cache_write: None,
            output: 10_000_000_000,
        };
        assert_eq!(price_line(Some(&price)), "$2.50 in · $10.00 out");
    }

    #[test]
    fn one_is_one() {
        assert_eq!(counted(1, "model", "models"), "1 model");
        assert_eq!(counted(0, "model", "models"), "0 models");
    }
}
