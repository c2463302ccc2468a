//! Reads the three ways in which providers write times in headers. Absolute times become a wait relative
//! to the answer's own `Date`, so that no clock is read here and a wrong one does not matter.

use std::time::Duration;

/// `6s`, `12ms`, `1m30.5s`, `2h`: Go's notation, used by OpenAI and Groq; also Google's `7.5s`.
pub(crate) fn parse_span(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut total = Duration::ZERO;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let unit_end = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let seconds = match &rest[..unit_end] {
            "ms" => number / 1_000.0,
            "s" => number,
            "m" => number * 60.0,
            "h" => number * 3_600.0,
            "d" => number * 86_400.0,
            _ => return None,
        };
        total = total.checked_add(Duration::try_from_secs_f64(seconds).ok()?)?;
        rest = &rest[unit_end..];
    }
    Some(total)
}

/// Plain seconds, whole or not (RFC 9110, section 10.2.3 allows whole ones; some send fractions).
pub(crate) fn parse_seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.trim().parse().ok()?).ok()
}

/// The wait until an HTTP date or an RFC 3339 time, seen from `date`, the answer's own `Date` header.
/// A moment that has passed is no wait at all.
pub(crate) fn wait_until(moment: &str, date: &str) -> Option<Duration> {
    let now = http_date_seconds(date)?;
    let then = http_date_seconds(moment).or_else(|| rfc3339_seconds(moment))?;
    Some(Duration::from_secs(then.saturating_sub(now)))
}

fn http_date_seconds(text: &str) -> Option<u64> {
    let moment = httpdate::parse_http_date(text.trim()).ok()?;
    let since = moment.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
    Some(since.as_secs())
}

/// Seconds since 1970 of `2026-11-02T17:04:05Z`, with or without fraction and offset (RFC 3339).
fn rfc3339_seconds(text: &str) -> Option<u64> {
    let text = text.trim();
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let separators = [(4, b'-'), (7, b'-'), (13, b':'), (16, b':')];
    let bytes = text.as_bytes();
    if separators.iter().any(|&(at, c)| bytes.get(at) != Some(&c)) {
        return None;
    }
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let zone = text
        .get(19..)?
        .trim_start_matches(|c: char| c == '.' || c.is_ascii_digit());
    let offset = match zone {
        "Z" | "z" => 0,
        _ => {
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let hours: i64 = zone.get(1..3)?.parse().ok()?;
            let minutes: i64 = zone.get(4..6)?.parse().ok()?;
            sign * (hours * 3_600 + minutes * 60)
        }
    };
    // Days since 1970 in the proleptic Gregorian calendar, counting years from March so that the leap day
    // comes last.
    let (y, m) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day - 1 - 719_468;
    u64::try_from(days * 86_400 + hour * 3_600 + minute * 60 + second - offset).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_in_gos_notation() {
        let cases = [
            ("6s", Some(6_000)),
            ("12ms", Some(12)),
            ("1m30.5s", Some(90_500)),
            ("2h", Some(7_200_000)),
            ("1d", Some(86_400_000)),
            ("7", None),
            ("", None),
            ("s", None),
            ("6 s", None),
            ("-6s", None),
            ("1e9999s", None),
        ];
        for (text, millis) in cases {
            assert_eq!(parse_span(text), millis.map(Duration::from_millis), "{text}");
        }
    }

    #[test]
    fn seconds_may_have_a_fraction_and_nothing_else() {
        assert_eq!(parse_seconds(" 7 "), Some(Duration::from_secs(7)));
        assert_eq!(parse_seconds("0.5"), Some(Duration::from_millis(500)));
        for wrong in ["-1", "soon", "NaN", "inf", "1e300", ""] {
            assert_eq!(parse_seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn moments_become_waits_seen_from_the_answers_own_date() {
        const DATE: &str = "Mon, 02 Nov 2026 17:04:05 GMT";
        let cases = [
            ("Mon, 02 Nov 2026 17:05:05 GMT", Some(60)),
            ("Mon, 02 Nov 2026 17:00:00 GMT", Some(0)),
            ("2026-11-02T17:04:35Z", Some(30)),
            ("2026-11-02T17:04:35.999Z", Some(30)),
            ("2026-11-02T18:04:35+01:00", Some(30)),
            ("2026-11-02T12:04:35-05:00", Some(30)),
            ("2028-03-01T00:00:00Z", Some(41_842_555)),
            ("2026-13-02T17:04:35Z", None),
            ("2026-11-02", None),
            ("tomorrow", None),
        ];
        for (moment, seconds) in cases {
            assert_eq!(
                wait_until(moment, DATE),
                seconds.map(Duration::from_secs),
                "{moment}"
            );
        }
        assert_eq!(wait_until("2026-11-02T17:04:35Z", "no date"), None);
    }
}
