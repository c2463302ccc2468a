//! Dollar amounts of providers as whole nano-dollars. Rounds once, refuses what is no amount.

/// Nano-dollars of an amount in dollars; none for a negative, endless or absurd one.
pub(crate) fn nano_dollars(dollars: f64) -> Option<i64> {
    const MOST: f64 = 9e9;
    if !(0.0..=MOST).contains(&dollars) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "at most 9e18, checked above")]
    Some((dollars * 1e9).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_round_to_whole_nano_dollars_and_nonsense_is_none() {
        let cases = [
            (0.0, Some(0)),
            (0.000_123_456_789_4, Some(123_457)),
            (0.1, Some(100_000_000)),
            (12.5, Some(12_500_000_000)),
            (-1.0, None),
            (f64::NAN, None),
            (f64::INFINITY, None),
            (1e300, None),
        ];
        for (dollars, nano) in cases {
            assert_eq!(nano_dollars(dollars), nano, "{dollars}");
        }
    }
}
