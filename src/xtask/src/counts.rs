//! How many tests passed, in the words of the programs that ran them.
//! Knows the output of libtest and Playwright, and nothing of how they are run.

use std::fmt;
use std::ops::AddAssign;

use anyhow::{Context, Result};
use serde_json::Value;

/// Numbers of tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Those that did what they should.
    pub passed: u64,
    /// Those that did not, or could not be run.
    pub failed: u64,
    /// Those that could not be asked here.
    pub skipped: u64,
}

impl Counts {
    /// A check that is one test by itself.
    #[must_use]
    pub fn of_check(passed: bool) -> Self {
        Self {
            passed: u64::from(passed),
            failed: u64::from(!passed),
            skipped: 0,
        }
    }

    /// A check that could not be asked here.
    pub const SKIPPED: Self = Self {
        passed: 0,
        failed: 0,
        skipped: 1,
    };

    /// A suite that could not be built or run.
    pub const BROKEN: Self = Self {
        passed: 0,
        failed: 1,
        skipped: 0,
    };

    /// What `cargo test` printed, over all its programs. One that crashed or did not compile has printed
    /// nothing to count, so a run without success has at least one failure.
    #[must_use]
    pub fn of_cargo_test(output: &str, success: bool) -> Self {
        let mut counts = Self::default();
        for line in output
            .lines()
            .filter_map(|line| line.trim().strip_prefix("test result: "))
        {
            counts += Self {
                passed: number_before(line, " passed"),
                failed: number_before(line, " failed"),
                skipped: number_before(line, " ignored"),
            };
        }
        counts.honest(success)
    }

    /// What Playwright's JSON report holds. A test that passed on a second try has passed.
    ///
    /// # Errors
    /// When it is no such report.
    pub fn of_playwright(report: &str, success: bool) -> Result<Self> {
        let report: Value = serde_json::from_str(report).context("Playwright's report")?;
        let number = |name: &str| {
            report["stats"][name]
                .as_u64()
                .with_context(|| format!("Playwright's report has no \"{name}\""))
        };
        let counts = Self {
            passed: number("expected")? + number("flaky")?,
            failed: number("unexpected")?,
            skipped: number("skipped")?,
        };
        // A suite without a single test says nothing.
        Ok(counts.honest(success && counts != Self::default()))
    }

    fn honest(mut self, success: bool) -> Self {
        if !success && self.failed == 0 {
            self.failed = 1;
        }
        self
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

fn number_before(line: &str, word: &str) -> u64 {
    let before = line.split(word).next().filter(|before| before.len() < line.len());
    before
        .and_then(|before| before.rsplit([' ', ';']).next()?.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "
running 3 tests
test a ... ok
test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 12 filtered out; finished in 0.02s
     Running tests/b.rs
test result: FAILED. 10 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s
a test that prints 7 passed; 7 failed
";

    fn counts(passed: u64, failed: u64, skipped: u64) -> Counts {
        Counts {
            passed,
            failed,
            skipped,
        }
    }

    #[test]
    fn cargo_test_is_summed_over_its_programs() {
        assert_eq!(Counts::of_cargo_test(OUTPUT, false), counts(13, 2, 1));
    }

    #[test]
    fn a_crash_without_a_count_is_a_failure() {
        let passed = "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured";
        assert_eq!(Counts::of_cargo_test(passed, true), counts(3, 0, 0));
        assert_eq!(Counts::of_cargo_test(passed, false), counts(3, 1, 0));
        assert_eq!(Counts::of_cargo_test("", false), Counts::BROKEN);
    }

    #[test]
    fn playwright_is_read_from_its_statistics() {
        let report = r#"{"suites": [], "stats": {"expected": 7, "unexpected": 1, "flaky": 2, "skipped": 3}}"#;
        assert_eq!(Counts::of_playwright(report, false).unwrap(), counts(9, 1, 3));
        assert!(Counts::of_playwright("{}", true).is_err() && Counts::of_playwright("", true).is_err());
    }

    #[test]
    fn playwright_without_tests_has_failed() {
        let report = r#"{"stats": {"expected": 0, "unexpected": 0, "flaky": 0, "skipped": 0}}"#;
        assert_eq!(Counts::of_playwright(report, true).unwrap(), Counts::BROKEN);
    }

    #[test]
    fn the_closing_line_names_the_skipped_only_if_there_are_some() {
        let mut total = counts(5, 0, 0);
        assert_eq!(total.to_string(), "5 passed, 0 failed");
        total += Counts::SKIPPED;
        total += Counts::of_check(false);
        assert_eq!(total.to_string(), "5 passed, 1 failed, 1 skipped");
    }
}
