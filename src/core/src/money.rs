//! Money in integer nano-dollars, prices and costs. An unknown price is unknown, never 0.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::Usage;

/// Billionths of a US dollar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NanoDollars(pub i64);

impl fmt::Display for NanoDollars {
    /// Dollars with as many digits as carry meaning: cents from one dollar on, else two leading digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let nano = self.0.unsigned_abs();
        if nano == 0 {
            return f.write_str("$0.00");
        }
        let digits: u32 = if nano >= 1_000_000_000 {
            2
        } else {
            (10 - nano.ilog10()).clamp(2, 9)
        };
        let step = 10_u64.pow(9 - digits);
        let rounded = (nano + step / 2) / step * step;
        let whole = rounded / 1_000_000_000;
        let fraction = rounded % 1_000_000_000 / step;
        write!(f, "{sign}${whole}.{fraction:0width$}", width = digits as usize)
    }
}

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an amount is written in dollars, as in 2.50")]
pub struct NanoDollarsError;

impl FromStr for NanoDollars {
    type Err = NanoDollarsError;

    /// Dollars as people type them: digits, perhaps behind a dollar sign, with at most nine behind the point, and
    /// less than a million.
    fn from_str(text: &str) -> Result<Self, NanoDollarsError> {
        let text = text.trim();
        let text = text.strip_prefix('$').unwrap_or(text).trim_start();
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_number =
            |part: &str, most: usize| part.len() <= most && part.bytes().all(|b| b.is_ascii_digit());
        if !is_number(whole, 6) || !is_number(fraction, 9) || whole.len() + fraction.len() == 0 {
            return Err(NanoDollarsError);
        }
        let nano = format!("{whole}{fraction:0<9}");
        nano.parse().map(NanoDollars).map_err(|_| NanoDollarsError)
    }
}

/// Prices of a model in nano-dollars for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    /// For input that no cache served.
    pub input: i64,
    /// For input read from the cache; the full input price where the list names none.
    pub cached_input: Option<i64>,
    /// For input written to the cache; the full input price where the list names none.
    pub cache_write: Option<i64>,
    /// For output, reasoning included.
    pub output: i64,
}

impl Price {
    /// What `usage` costs. Rounds half up to whole nano-dollars and saturates.
    pub fn cost(&self, usage: &Usage) -> NanoDollars {
        let plain = usage
            .input
            .saturating_sub(usage.cached_input)
            .saturating_sub(usage.cache_write);
        let parts = [
            (plain, self.input),
            (usage.cached_input, self.cached_input.unwrap_or(self.input)),
            (usage.cache_write, self.cache_write.unwrap_or(self.input)),
            (usage.output, self.output),
        ];
        let total: i128 = parts
            .iter()
            .map(|&(tokens, price)| i128::from(tokens) * i128::from(price))
            .sum();
        NanoDollars(i64::try_from((total + 500_000) / 1_000_000).unwrap_or(i64::MAX))
    }
}

/// What a call cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// The amount; none where the price is unknown.
    pub amount: Option<NanoDollars>,
    /// Whether token counts were estimated because the provider sent none.
    pub is_estimated: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_show_the_digits_that_carry_meaning() {
        let cases = [
            (0, "$0.00"),
            (4_100_000, "$0.0041"),
            (41, "$0.000000041"),
            (1_234_567_890, "$1.23"),
            (999_999_999, "$1.00"),
            (120_000_000, "$0.12"),
            (-4_100_000, "-$0.0041"),
            (2_500_000_000, "$2.50"),
        ];
        for (nano, shown) in cases {
            assert_eq!(NanoDollars(nano).to_string(), shown);
        }
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (typed, nano) in [
            ("2.50", 2_500_000_000),
            (" $ 3 ", 3_000_000_000),
            (".5", 500_000_000),
            ("0.000000001", 1),
            ("999999", 999_999_000_000_000),
            ("0", 0),
        ] {
            assert_eq!(typed.parse(), Ok(NanoDollars(nano)), "{typed}");
        }
        for wrong in [
            "",
            ".",
            "$",
            "-1",
            "1,5",
            "1e3",
            "1000000",
            "0.0000000001",
            "1.2.3",
            "\u{661}",
        ] {
            assert_eq!(wrong.parse::<NanoDollars>(), Err(NanoDollarsError), "{wrong}");
        }
    }

    #[test]
    fn cached_tokens_are_a_part_of_the_input_and_have_their_own_price() {
        let price = Price {
            input: 2_000_000_000,
            cached_input: Some(500_000_000),
            cache_write: None,
            output: 10_000_000_000,
        };
        let usage = Usage {
            input: 1_000,
            cached_input: 400,
            cache_write: 100,
            output: 200,
            reasoning: 50,
        };
        // 500 × 2000 + 400 × 500 + 100 × 2000 + 200 × 10000 nano-dollars
        assert_eq!(price.cost(&usage), NanoDollars(3_400_000));
    }

    #[test]
    fn absurd_counts_saturate() {
        let price = Price {
            input: i64::MAX,
            cached_input: None,
            cache_write: None,
            output: i64::MAX,
        };
        let usage = Usage {
            input: u64::MAX / 4,
            output: u64::MAX / 4,
            ..Usage::default()
        };
        assert_eq!(price.cost(&usage), NanoDollars(i64::MAX));
    }
}
